//! `PUT /api/ContactIndividual/{id}`: omitted values stay, `null` takes away.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use crate::route::transaction::count_unknown;
use crate::wire::contact_change;
use crate::{ApiError, ApiState, Problem, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{ContactIndividual, Scope, individual};

/// 200 with the individual, 404.
#[utoipa::path(
    put, path = "/api/ContactIndividual/{id}", operation_id = "updateContactIndividual", tag = "ContactIndividual",
    summary = "Change values of an individual",
    params(("id" = i64, Path, description = "Its number.")),
    request_body = ref("#/components/schemas/ContactIndividualUpdate"),
    responses((status = 200, description = "It.", body = ContactIndividual), NotFound, Conflict),
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
    let id = path::item(&id)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let (said, unknown) =
        contact_change::individual(body::object(&body)?, api.settings.put_replaces).map_err(ApiError::invalid)?;
    count_unknown(unknown);
    let (organization, actor) = (caller.organization, caller.actor());
    let changed = blocking(&api, move |engine| engine.update_individual(organization, &actor, id, &said)).await?;
    let shown = individual(&changed.contact, changed.item).ok_or_else(|| ApiError::new(Problem::NotFound))?;
    Ok(HttpResponse::Ok().json(shown))
}
