//! `POST /api/Contact/Query/FullContact`.

use crate::ApiState;
use crate::answer::Answer;
use crate::blocking::blocking;
use crate::catalogue::shown;
use crate::query::Window;
use crate::route::asked::{Asking, asked};
use crate::wire::full_contact::full_contact;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::query::Subject;
use tributary_engine::FullContact;

/// As `POST /api/Contact/Query`, with whole contacts.
#[utoipa::path(
    post, path = "/api/Contact/Query/FullContact", operation_id = "queryFullContacts", tag = "Contact",
    summary = "The contacts that fit a query, whole",
    params(Window),
    request_body = ref("#/components/schemas/ContactQuery"),
    responses((status = 200, description = "A part of the list.", body = PageJson<FullContact>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let Asking { caller, query, window } = asked(&api, &request, payload, Subject::Contact).await?;
    let organization = caller.organization;
    let page =
        blocking(&api, move |engine| engine.query_contacts(organization, &query, window.skip, window.take)).await?;
    let shown = shown(&api, organization).await?;
    let list: Vec<FullContact> = page.list.iter().map(|contact| full_contact(contact, &shown)).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
