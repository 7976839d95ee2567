//! `PUT /api/Contact/{contactId}` (virtuous-contract.md 1.1.2): omitted values stay, `null` takes away.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use crate::route::transaction::count_unknown;
use crate::wire::contact_change;
use crate::wire::full_contact::sight;
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{EngineError, FullContact, Scope};

/// 200 with the contact, 404 for an unknown or archived one, 409 for one merged away.
#[utoipa::path(
    put, path = "/api/Contact/{contactId}", operation_id = "updateContact", tag = "Contact",
    summary = "Change values of a contact",
    params(("contactId" = i64, Path, description = "Contact id.")),
    request_body = ref("#/components/schemas/ContactUpdate"),
    responses((status = 200, description = "The contact.", body = FullContact), NotFound, Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let id = path::contact(&id)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let (said, unknown) =
        contact_change::contact(body::object(&body)?, api.settings.put_replaces).map_err(ApiError::invalid)?;
    count_unknown(unknown);
    let (organization, actor) = (caller.organization, caller.actor());
    let seen = blocking(&api, move |engine| {
        engine.update_contact(organization, &actor, id, &said)?;
        engine.contact_seen_by(organization, &actor, id)?.ok_or(EngineError::NotFound)
    });
    Ok(HttpResponse::Ok().json(sight(&seen.await?)))
}
