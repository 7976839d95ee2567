//! `GET /api/Contact/{contactId}/Consent?skip=&take=`: who said when that a person may be written to, or may not.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::{Query, Window};
use crate::route::path;
use crate::wire::consent::ConsentJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with a part of the changes, 404, 409 for a contact that is merged away.
#[utoipa::path(
    get, path = "/api/Contact/{contactId}/Consent", operation_id = "getContactConsent", tag = "Privacy",
    summary = "Every change of consent of a contact, latest first",
    params(("contactId" = i64, Path, minimum = 0, description = "Contact id."), Window),
    responses((status = 200, description = "A part of the changes.", body = ConsentJson), NotFound, Conflict),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    let mut query = Query::read(&request, &["skip", "take"]);
    let Window { skip, take } = query.window();
    query.finish()?;
    let (organization, id) = (caller.organization, path::contact(&id)?);
    let rows = |count: i64| usize::try_from(count).unwrap_or(usize::MAX);
    let consent = blocking(&api, move |engine| engine.consent(organization, id, rows(skip), rows(take))).await?;
    Ok(HttpResponse::Ok().json(ConsentJson::from(consent)))
}
