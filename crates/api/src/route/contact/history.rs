//! `GET /api/Contact/{contactId}/History?skip=&take=`: who supplied each value and when, and every change, latest first.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NoContact;
use crate::query::{Query, Window};
use crate::route::path;
use crate::wire::history::HistoryJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the values and a part of the changes, 404.
#[utoipa::path(
    get, path = "/api/Contact/{contactId}/History", operation_id = "getContactHistory", tag = "Contact",
    summary = "Where the values of a contact come from, and its changes",
    params(("contactId" = i64, Path, minimum = 0, description = "Contact id."), Window),
    responses((status = 200, description = "The values, and a part of the changes.", body = HistoryJson), NoContact),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    let mut query = Query::read(&request, &["skip", "take"]);
    let Window { skip, take } = query.window();
    query.finish()?;
    let (organization, id) = (caller.organization, path::contact(&id)?);
    let rows = |count: i64| usize::try_from(count).unwrap_or(usize::MAX);
    let history = blocking(&api, move |engine| engine.history(organization, id, rows(skip), rows(take))).await?;
    Ok(HttpResponse::Ok().json(HistoryJson::from(history)))
}
