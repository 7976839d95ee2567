//! `POST /api/Contact/{contactId}/Unmerge`: takes a merge back. The path names the contact that was merged away, or its
//! survivor with the merged one as `contactId` in the body.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::catalogue::shown;
use crate::openapi::{Conflict, NotFound, OtherMethods};
use crate::query::Query;
use crate::route::path;
use crate::wire::merge::{self, UnmergeJson};
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with both contacts and what is not as it was, 404, 409 for a contact that is not merged away.
#[utoipa::path(
    post, path = "/api/Contact/{contactId}/Unmerge", operation_id = "unmergeContact", tag = "Contact",
    summary = "Take a merge of two contacts back",
    params(("contactId" = i64, Path, minimum = 0, description = "The contact that was merged away, or its survivor.")),
    request_body = ref("#/components/schemas/Unmerge"),
    responses((status = 200, description = "Both contacts, and what is not as it was before the merge.", body = UnmergeJson),
        NotFound, Conflict, OtherMethods),
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
    let body = body::json_if_any(&api, payload).await?;
    let named = merge::parse_unmerge(body::object(&body)?).map_err(ApiError::invalid)?;
    let (merged, survivor) = named.map_or((id, None), |merged| (merged, Some(id)));
    let (organization, actor) = (caller.organization, caller.actor());
    let made = blocking(&api, move |engine| engine.unmerge_contacts(organization, &actor, merged, survivor)).await?;
    Ok(HttpResponse::Ok().json(UnmergeJson::of(&made, &shown(&api, organization).await?)))
}
