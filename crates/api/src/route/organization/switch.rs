//! `PUT /api/Organization/Switch`: a key works in one organization only, so that this succeeds for that one.

use crate::answer::Answer;
use crate::auth::authenticate;
use crate::body;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::flat::{Reader, get};

/// 200, empty, for the organization of the key; 404 for any other.
#[utoipa::path(
    put, path = "/api/Organization/Switch", operation_id = "switchOrganization", tag = "Organization",
    summary = "Work in an organization",
    request_body = ref("#/components/schemas/OrganizationSwitch"),
    responses((status = 200, description = "The key works there; no body."), NotFound),
    security(("key" = [])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authenticate(&api, &request).await?;
    Query::none(&request)?;
    let value = body::json(&api, payload, body::SINGLE).await?;
    let map = body::object(&value)?;
    let mut reader = Reader::new("");
    let wanted = get(map, "organizationUserId").and_then(|id| reader.integer("organizationUserId", id, 0..=i64::MAX));
    if wanted.is_none() {
        reader.require("organizationUserId", "Says which organization.");
    }
    reader.finish().map_err(ApiError::invalid)?;
    if wanted == Some(caller.organization.0) {
        Ok(HttpResponse::Ok().finish())
    } else {
        Err(ApiError::new(Problem::NotFound))
    }
}
