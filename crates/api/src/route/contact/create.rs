//! `POST /api/Contact`: a contact at once, without any look for duplicates (virtuous-contract.md 1.1.1).

use crate::answer::Answer;
use crate::auth::{authorize, check_reference};
use crate::blocking::blocking;
use crate::once::once;
use crate::openapi::{Conflict, IdempotencyKey};
use crate::query::Query;
use crate::route::transaction::count_unknown;
use crate::wire::contact_create;
use crate::wire::full_contact::full_contact;
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::Submission;
use tributary_engine::FullContact;
use tributary_engine::{Principal, Scope, Ticket};

/// 200 with the contact, 409 when a reference is another contact's.
#[utoipa::path(
    post, path = "/api/Contact", operation_id = "createContact", tag = "Contact",
    summary = "Create a contact at once, without a look for duplicates",
    params(IdempotencyKey),
    request_body = ref("#/components/schemas/ContactCreate"),
    responses((status = 200, description = "The contact.", body = FullContact), Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let parsed = contact_create::parse(body::object(&body)?).map_err(ApiError::invalid)?;
    parsed.parts.iter().try_for_each(|part| check_reference(&caller, part.reference.as_ref()))?;
    count_unknown(parsed.unknown_fields);
    let parts = parsed.parts;
    once(&api, &caller, &request, &body, async |ticket| make(&api, &caller, parts, ticket).await).await
}

async fn make(api: &ApiState, caller: &Principal, parts: Vec<Submission>, ticket: Option<Ticket>) -> Answer {
    let (organization, actor) = (caller.organization, caller.actor());
    let contact =
        blocking(api, move |engine| engine.create_contact(organization, &actor, parts, ticket.as_ref())).await?;
    Ok(HttpResponse::Ok().json(full_contact(&contact)))
}
