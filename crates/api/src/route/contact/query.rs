//! `POST /api/Contact/Query`.

use crate::ApiState;
use crate::answer::Answer;
use crate::blocking::blocking;
use crate::query::Window;
use crate::route::asked::{Asking, asked};
use crate::wire::contact_list_item::ContactListItem;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::query::Subject;

/// 200 with a part of the list, in the order asked for and by number; 400 with every problem of the query.
#[utoipa::path(
    post, path = "/api/Contact/Query", operation_id = "queryContacts", tag = "Contact",
    summary = "The contacts that fit a query",
    params(Window),
    request_body = ref("#/components/schemas/ContactQuery"),
    responses((status = 200, description = "A part of the list.", body = PageJson<ContactListItem>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let Asking { caller, query, window } = asked(&api, &request, payload, Subject::Contact).await?;
    let organization = caller.organization;
    let page =
        blocking(&api, move |engine| engine.query_contacts(organization, &query, window.skip, window.take)).await?;
    let list = page.list.iter().map(ContactListItem::from).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
