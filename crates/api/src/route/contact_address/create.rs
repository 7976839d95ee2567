//! `POST /api/ContactAddress`.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::transaction::count_unknown;
use crate::wire::item_change;
use crate::{ApiError, ApiState, Problem, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{ContactAddress, Scope, address};

/// 200 with the address, 404 for an unknown contact.
#[utoipa::path(
    post, path = "/api/ContactAddress", operation_id = "createContactAddress", tag = "ContactAddress",
    summary = "Add an address to a contact",
    request_body = ref("#/components/schemas/ContactAddressCreate"),
    responses((status = 200, description = "It.", body = ContactAddress), NotFound, Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let (new, unknown) = item_change::new_address(body::object(&body)?).map_err(ApiError::invalid)?;
    count_unknown(unknown);
    let (organization, actor) = (caller.organization, caller.actor());
    let made =
        blocking(&api, move |engine| engine.add_address(organization, &actor, new.contact, &new.address)).await?;
    let shown = address(&made.contact, made.item).ok_or_else(|| ApiError::new(Problem::NotFound))?;
    Ok(HttpResponse::Ok().json(shown))
}
