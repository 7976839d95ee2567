//! `PUT /api/ContactMethod/{id}`: omitted values stay, `null` takes away.

use super::found;
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
use tributary_contact::{GoldenMethod, ItemId, Method};
use tributary_engine::{ContactMethod, Scope, method};
use tributary_store::ContactRow;

/// 200 with the method, 404.
#[utoipa::path(
    put, path = "/api/ContactMethod/{id}", operation_id = "updateContactMethod", tag = "ContactMethod",
    summary = "Change values of a contact method",
    params(("id" = i64, Path, description = "Its number.")),
    request_body = ref("#/components/schemas/ContactMethodUpdate"),
    responses((status = 200, description = "It.", body = ContactMethod), NotFound, Conflict),
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
    let present = found(&api, &caller, id).await?.and_then(|contact| plain(&contact, id));
    let present = present.ok_or_else(|| ApiError::new(Problem::NotFound))?;
    let (said, unknown) = item_change::method(body::object(&body)?, &present).map_err(ApiError::invalid)?;
    count_unknown(unknown);
    let (organization, actor) = (caller.organization, caller.actor());
    let changed = blocking(&api, move |engine| engine.update_method(organization, &actor, id, &said)).await?;
    let shown = method(&changed.contact, changed.item).ok_or_else(|| ApiError::new(Problem::NotFound))?;
    Ok(HttpResponse::Ok().json(shown))
}

/// The method as it is, which a new type or value has to fit.
fn plain(contact: &ContactRow, id: ItemId) -> Option<Method> {
    let mut all = contact.golden.individuals.iter().flat_map(|person| &person.methods);
    all.find(|own| own.id == id).map(GoldenMethod::plain)
}
