//! `PUT /api/ContactAddress/{id}`: omitted values stay, `null` takes away.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use crate::route::transaction::count_unknown;
use crate::wire::item_change;
use crate::{ApiError, ApiState, Problem, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{ContactAddress, Scope, address};

/// 200 with the address, 404.
#[utoipa::path(
    put, path = "/api/ContactAddress/{id}", operation_id = "updateContactAddress", tag = "ContactAddress",
    summary = "Change values of an address",
    params(("id" = i64, Path, description = "Its number.")),
    request_body = ref("#/components/schemas/ContactAddressUpdate"),
    responses((status = 200, description = "It.", body = ContactAddress), NotFound, Conflict),
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
        item_change::address(body::object(&body)?, api.settings.put_replaces).map_err(ApiError::invalid)?;
    count_unknown(unknown);
    let (organization, actor) = (caller.organization, caller.actor());
    let changed = blocking(&api, move |engine| engine.update_address(organization, &actor, id, &said)).await?;
    let shown = address(&changed.contact, changed.item).ok_or_else(|| ApiError::new(Problem::NotFound))?;
    Ok(HttpResponse::Ok().json(shown))
}
