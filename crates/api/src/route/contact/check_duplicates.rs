//! `POST /api/Contact/CheckDuplicates`: who on file may be meant, by the matcher of the batch. The body is a submission,
//! or `{contactId}` for a contact that is on file already. Nothing is stored.

use crate::answer::Answer;
use crate::auth::{authorize, check_unbound};
use crate::blocking::blocking;
use crate::catalogue::{catalogue, shown};
use crate::openapi::NotFound;
use crate::query::Query;
use crate::wire::duplicates::{Asked, DuplicatesJson, parse};
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the candidates, none when there are none.
#[utoipa::path(
    post, path = "/api/Contact/CheckDuplicates", operation_id = "checkDuplicates", tag = "Contact",
    summary = "Ask who on file may be meant",
    request_body = ref("#/components/schemas/CheckDuplicates"),
    responses((status = 200, description = "Candidates, best first, and what a batch would do.", body = DuplicatesJson), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    check_unbound(&caller)?;
    Query::none(&request)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let organization = caller.organization;
    let catalogue = catalogue(&api, organization).await?;
    let asked = parse(&body, &catalogue).map_err(ApiError::invalid)?;
    let found = blocking(&api, move |engine| match asked {
        Asked::Submission(submission) => engine.check_duplicates(organization, &submission),
        Asked::Contact(contact) => engine.duplicates_of(organization, contact),
    });
    Ok(HttpResponse::Ok().json(DuplicatesJson::of(&found.await?, &shown(&api, organization).await?)))
}
