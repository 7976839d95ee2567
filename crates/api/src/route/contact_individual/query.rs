//! `POST /api/ContactIndividual/Query`.

use crate::ApiState;
use crate::answer::Answer;
use crate::blocking::blocking;
use crate::catalogue::shown;
use crate::query::Window;
use crate::route::asked::{Asking, asked};
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::query::Subject;
use tributary_engine::{ContactIndividual, individual};

/// 200 with a part of the list. What is asked of a person is asked of their contact too.
#[utoipa::path(
    post, path = "/api/ContactIndividual/Query", operation_id = "queryIndividuals", tag = "ContactIndividual",
    summary = "The individuals that fit a query",
    params(Window),
    request_body = ref("#/components/schemas/ContactQuery"),
    responses((status = 200, description = "A part of the list.", body = PageJson<ContactIndividual>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let Asking { caller, query, window } = asked(&api, &request, payload, Subject::Individual).await?;
    let organization = caller.organization;
    let page =
        blocking(&api, move |engine| engine.query_individuals(organization, &query, window.skip, window.take)).await?;
    let shown = shown(&api, organization).await?;
    let list: Vec<_> = page.list.iter().filter_map(|found| individual(&found.contact, found.item, &shown)).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
