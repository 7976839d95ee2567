//! `GET /api/ContactNote/ByContact/{contactId}`.

use super::wanted;
use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::auth::check_unbound;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::query::Window;
use crate::route::path;
use crate::wire::note::NoteJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with a part of the list, 404 without the contact.
#[utoipa::path(
    get, path = "/api/ContactNote/ByContact/{contactId}", operation_id = "listNotes", tag = "ContactNote",
    summary = "The notes of a contact",
    params(("contactId" = i64, Path, description = "The contact."), ("sortBy" = Option<String>, Query, pattern = "^(Id|NoteDate|CreatedDateTime|ModifiedDateTime)?$", description = "`Id`, `NoteDate`, `CreatedDateTime` or `ModifiedDateTime`."), ("descending" = Option<bool>, Query, description = "Turns the order round."), Window,),
    responses((status = 200, description = "A part of the list.", body = PageJson<NoteJson>), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    check_unbound(&caller)?;
    let mut query = Query::read(&request, &["sortBy", "descending", "skip", "take"]);
    let (wanted, window) = (wanted(path::contact(&id)?, false, &mut query), query.window());
    query.finish()?;
    let organization = caller.organization;
    let page = blocking(&api, move |engine| engine.notes_of(organization, wanted, window.skip, window.take)).await?;
    let list = page.list.into_iter().map(NoteJson::from).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
