//! `POST /api/Contact`: a contact at once, without any look for duplicates (virtuous-contract.md 1.1.1).

use crate::answer::Answer;
use crate::auth::{authorize, check_source};
use crate::blocking::blocking;
use crate::catalogue::{catalogue, shown};
use crate::once::once;
use crate::openapi::{Conflict, IdempotencyKey};
use crate::query::Query;
use crate::route::transaction::count_unknown;
use crate::wire::contact_create;
use crate::wire::full_contact::full_contact;
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::FullContact;
use tributary_engine::{Creation, Principal, Scope, Ticket};

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
    let catalogue = catalogue(&api, caller.organization).await?;
    let parsed = contact_create::parse(body::object(&body)?, &catalogue).map_err(ApiError::invalid)?;
    let new = parsed.new;
    let references = new.parts.iter().filter_map(|part| part.reference.as_ref()).chain(&new.references);
    references.into_iter().try_for_each(|reference| check_source(&caller, &reference.source))?;
    count_unknown(parsed.unknown_fields);
    once(&api, &caller, &request, &body, async |ticket| make(&api, &caller, new, ticket).await).await
}

async fn make(api: &ApiState, caller: &Principal, new: Creation, ticket: Option<Ticket>) -> Answer {
    let (organization, actor) = (caller.organization, caller.actor());
    let contact =
        blocking(api, move |engine| engine.create_contact(organization, &actor, &new, ticket.as_ref())).await?;
    Ok(HttpResponse::Ok().json(full_contact(&contact, &shown(api, organization).await?)))
}
