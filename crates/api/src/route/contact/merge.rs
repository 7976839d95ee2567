//! `POST /api/Contact/{contactId}/Merge`: two contacts are one, and the one in the path stays. With `dryRun` what it
//! would make is answered and nothing is changed.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::catalogue::shown;
use crate::openapi::{Conflict, NotFound, OtherMethods};
use crate::query::Query;
use crate::route::path;
use crate::wire::merge::{self, MergeJson};
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the survivor and what changed, 404, 409 for a contact that is merged away already.
#[utoipa::path(
    post, path = "/api/Contact/{contactId}/Merge", operation_id = "mergeContact", tag = "Contact",
    summary = "Merge another contact into this one, or see what that would make",
    params(("contactId" = i64, Path, minimum = 0, description = "The contact that stays.")),
    request_body = ref("#/components/schemas/Merge"),
    responses((status = 200, description = "The survivor, and what the merge changes.", body = MergeJson), NotFound, Conflict, OtherMethods),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    Query::none(&request)?;
    let id = path::contact(&id)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let (wanted, dry_run) = merge::parse(id, body::object(&body)?).map_err(ApiError::invalid)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let made = blocking(&api, move |engine| {
        if dry_run {
            engine.preview_merge(organization, &wanted)
        } else {
            engine.merge_contacts(organization, &actor, &wanted)
        }
    });
    Ok(HttpResponse::Ok().json(MergeJson::of(&made.await?, dry_run, &shown(&api, organization).await?)))
}
