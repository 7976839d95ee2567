//! `POST /api/ContactReference`: how a partner attaches its id to a contact that it found by e-mail.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::wire::contact_change;
use crate::wire::schema;
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};
use tributary_contact::flat::{Reader, get, limits};
use tributary_contact::issue::Issue;
use tributary_contact::{ContactId, Reference};
use tributary_engine::Scope;

/// 200 without a body, also when the contact carries it already; 409 when another one does.
#[utoipa::path(
    post, path = "/api/ContactReference", operation_id = "createContactReference", tag = "ContactReference",
    summary = "Attach a reference to a contact",
    request_body = ref("#/components/schemas/ContactReferenceCreate"),
    responses((status = 200, description = "Done; no body."), NotFound, Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let (contact, reference) = parse(body::object(&body)?).map_err(ApiError::invalid)?;
    let (organization, actor) = (caller.organization, caller.actor());
    blocking(&api, move |engine| engine.add_reference(organization, &actor, contact, &reference)).await?;
    Ok(HttpResponse::Ok().finish())
}

fn parse(body: &Map<String, Value>) -> Result<(ContactId, Reference), Vec<Issue>> {
    let mut reader = Reader::new("");
    let contact = contact_change::contact_id(body, &mut reader);
    let mut text = |name: &str| {
        let text = get(body, name).and_then(|value| reader.text(name, value, limits::REFERENCE));
        if text.is_none() {
            reader.require(name, "A reference is a source and an id.");
        }
        text.unwrap_or_default()
    };
    let reference = Reference { source: text("referenceSource"), id: text("referenceId") };
    reader.finish()?;
    Ok((contact.unwrap_or(ContactId(0)), reference))
}

/// The body as a JSON Schema.
pub(crate) fn body_schema() -> Value {
    json!({
        "type": "object",
        "required": ["contactId", "referenceSource", "referenceId"],
        "properties": {
            "contactId": schema::id(),
            "referenceSource": schema::filled_text(limits::REFERENCE),
            "referenceId": schema::filled_text(limits::REFERENCE),
        },
        "example": { "contactId": 70114, "referenceSource": "Harbor Giving", "referenceId": "hg-50022" },
    })
}
