//! `POST /api/Key/{id}/Rotate?overlapHours=`: a key in the place of another one, which goes on working for
//! the overlap.

use super::check_handed_out;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::key::{KeyJson, NewKeyJson, OVERLAP_HOURS, overlap};
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the new key and its text.
#[utoipa::path(
    post, path = "/api/Key/{id}/Rotate", operation_id = "rotateKey", tag = "Key",
    summary = "Make a key in the place of another one; its text is shown this once",
    params(
        ("id" = i64, Path, description = "Number of the old key."),
        (
            "overlapHours" = Option<i64>, Query, minimum = 0, maximum = 8_760,
            description = "How long the old key goes on working, in hours; 24 when not given.",
        ),
    ),
    responses((status = 200, description = "The new key with its text.", body = NewKeyJson), NotFound),
    security(("key" = ["keys"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Keys).await?;
    let mut query = Query::read(&request, &[OVERLAP_HOURS]);
    let overlap = overlap(&mut query);
    query.finish()?;
    let (organization, id) = (caller.organization, path::key(&id)?);
    let keys = blocking(&api, move |engine| engine.api_keys(organization)).await?;
    let old = keys.into_iter().find(|key| key.id == id).ok_or_else(|| ApiError::new(Problem::NotFound))?;
    let scopes = blocking(&api, move |engine| engine.scopes_of_key(organization, &old)).await?;
    check_handed_out(&caller, scopes.into_iter())?;
    let (key, text) = blocking(&api, move |engine| engine.rotate_key(organization, id, overlap)).await?;
    Ok(HttpResponse::Ok().json(NewKeyJson { shown: KeyJson::of(key), key: text }))
}
