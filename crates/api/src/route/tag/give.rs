//! `POST /api/ContactTag`: gives a tag to a contact.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::body;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::wire::label;
use crate::wire::label::ContactTagJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;
use tributary_store::LabelKind;

/// 200 with the tag of the contact, also when it had it; 404 without the tag or the contact, 409 for one that is merged away.
#[utoipa::path(
    post, path = "/api/ContactTag", operation_id = "createContactTag", tag = "Tag",
    summary = "Give a tag to a contact",
    request_body = ref("#/components/schemas/ContactTagInput"),
    responses((status = 200, description = "The tag of the contact.", body = ContactTagJson), NotFound, Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let given = label::parse_given(&body::json(&api, payload, body::SINGLE).await?)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let own = blocking(&api, move |engine| engine.give_label(organization, LabelKind::Tag, given, &actor)).await?;
    Ok(HttpResponse::Ok().json(ContactTagJson::from(own)))
}
