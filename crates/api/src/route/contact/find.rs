//! `GET /api/Contact/Find`: by e-mail, or by reference, which decides when both are given.

use super::absent;
use crate::answer::Answer;
use crate::auth::{authorize, check_source, sees_contact};
use crate::blocking::blocking;
use crate::openapi::Absent;
use crate::query::Query;
use crate::wire::full_contact::full_contact;
use crate::{ApiError, ApiState};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::Reference;
use tributary_contact::issue::IssueCode;
use tributary_engine::FullContact;
use tributary_engine::{Engine, EngineError, Principal, Scope};
use tributary_store::ContactRow;

/// What to look for.
enum Sought {
    Reference(Reference),
    Email(String),
}

/// 200 with the contact, 404 without a body, 400 when neither is given.
#[utoipa::path(
    get, path = "/api/Contact/Find", operation_id = "findContact", tag = "Contact",
    summary = "The contact of a reference, or else of an e-mail address",
    params(
        ("email" = Option<String>, Query, description = "An e-mail address."),
        ("referenceSource" = Option<String>, Query, description = "With `referenceId`: decides when both are given."),
        ("referenceId" = Option<String>, Query, description = "With `referenceSource`."),
    ),
    responses((status = 200, description = "The contact.", body = FullContact), Absent),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    let sought = sought(&request)?;
    if let Sought::Reference(reference) = &sought {
        check_source(&caller, &reference.source)?;
    }
    let found = look_up(&api, &caller, sought).await?;
    match found.filter(|contact| sees_contact(&caller, contact)) {
        Some(contact) => Ok(HttpResponse::Ok().json(full_contact(&contact))),
        None => Ok(absent(&api)),
    }
}

/// Half a reference beside an e-mail is passed over; half a reference alone is a problem.
fn sought(request: &HttpRequest) -> Result<Sought, ApiError> {
    let mut query = Query::read(request, &["email", "referenceSource", "referenceId"]);
    let (source, id) = (query.text("referenceSource"), query.text("referenceId"));
    let sought = match (source, id, query.text("email")) {
        (Some(source), Some(id), _) => Some(Sought::Reference(Reference { source, id })),
        (_, _, Some(email)) => Some(Sought::Email(email)),
        (source, id, None) => {
            let missing = match (source, id) {
                (Some(_), _) => "referenceId",
                (_, Some(_)) => "referenceSource",
                _ => "email",
            };
            query.issue(missing, IssueCode::Required, "Needs an e-mail, or a reference source and id.");
            None
        }
    };
    query.finish()?;
    sought.ok_or_else(|| ApiError::bad_request("Needs an e-mail, or a reference source and id."))
}

async fn look_up(api: &ApiState, caller: &Principal, sought: Sought) -> Result<Option<ContactRow>, ApiError> {
    let organization = caller.organization;
    let look = move |engine: &Engine| -> Result<Option<ContactRow>, EngineError> {
        match &sought {
            Sought::Reference(reference) => engine.contact_by_reference(organization, reference),
            Sought::Email(email) => engine.contact_by_email(organization, email),
        }
    };
    blocking(api, look).await
}
