//! `GET /api/NotDuplicate?contactId=&skip=&take=`: what people said is not one, in the order in which they said it.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::{Query, Window};
use crate::wire::not_duplicate::NotDuplicateJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::ContactId;
use tributary_engine::Scope;

/// 200 with a page, also of what was taken back.
#[utoipa::path(
    get, path = "/api/NotDuplicate", operation_id = "listNotDuplicates", tag = "NeedsUpdate",
    summary = "What people said is not one",
    params(("contactId" = Option<i64>, Query, minimum = 0, description = "Only what is about this contact."), Window),
    responses((status = 200, description = "A page.", body = PageJson<NotDuplicateJson>)),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    let mut query = Query::read(&request, &["contactId", "skip", "take"]);
    let contact = Some(query.number("contactId", i64::MAX, 0)).filter(|id| *id > 0).map(ContactId);
    let window = query.window();
    query.finish()?;
    let organization = caller.organization;
    let page =
        blocking(&api, move |engine| engine.not_duplicates(organization, contact, window.skip, window.take)).await?;
    let list = page.list.into_iter().map(NotDuplicateJson::from).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
