//! `POST /api/ContactNote/Query`.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::check_unbound;
use crate::blocking::blocking;
use crate::query::Window;
use crate::route::asked::{Asking, asked};
use crate::wire::note::NoteJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::query::Subject;

/// 200 with a part of the list.
#[utoipa::path(
    post, path = "/api/ContactNote/Query", operation_id = "queryNotes", tag = "ContactNote",
    summary = "The notes that fit a query",
    params(Window),
    request_body = ref("#/components/schemas/NoteQuery"),
    responses((status = 200, description = "A part of the list.", body = PageJson<NoteJson>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let Asking { caller, query, window } = asked(&api, &request, payload, Subject::Note).await?;
    check_unbound(&caller)?;
    let organization = caller.organization;
    let page = blocking(&api, move |engine| engine.query_notes(organization, &query, window.skip, window.take)).await?;
    let list = page.list.into_iter().map(NoteJson::from).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
