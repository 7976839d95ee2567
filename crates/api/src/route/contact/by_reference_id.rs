//! `GET /api/Contact/ByReference/{referenceId}`: the source follows from the credential. Here that is a key bound to
//! exactly one reference source; the vendor's HMAC scheme is not published (virtuous-contract.md 8).

use super::absent;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::catalogue::shown;
use crate::openapi::Absent;
use crate::query::Query;
use crate::wire::full_contact::full_contact;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::Reference;
use tributary_engine::{LookupContact, Scope};

/// 200 with the contact, 404 without a body, 403 for a key that is not bound to one source.
#[utoipa::path(
    get, path = "/api/Contact/ByReference/{referenceId}", operation_id = "lookUpContact", tag = "Contact",
    summary = "The contact that the caller's own platform calls so; for keys bound to one reference source",
    params(("referenceId" = String, Path, description = "The id on the caller's platform.")),
    responses((status = 200, description = "The contact.", body = LookupContact), Absent),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let [source] = caller.sources.as_slice() else {
        return Err(ApiError::new(Problem::Forbidden).say("The key is not bound to one reference source."));
    };
    let reference = Reference { source: source.clone(), id: id.into_inner() };
    let organization = caller.organization;
    let found = blocking(&api, move |engine| engine.contact_by_reference(organization, &reference)).await?;
    match found.filter(|contact| !contact.archived) {
        Some(contact) => {
            Ok(HttpResponse::Ok().json(LookupContact::from(full_contact(&contact, &shown(&api, organization).await?))))
        }
        None => Ok(absent(&api)),
    }
}
