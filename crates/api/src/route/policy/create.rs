//! `POST /api/Policy`: a new version. It does not hold before it is put in force.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::wire::policy::PolicyJson;
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::policy::PolicyDocument;
use tributary_engine::Scope;

/// 200 with the version.
#[utoipa::path(
    post, path = "/api/Policy", operation_id = "createPolicy", tag = "Policy",
    summary = "Store a new version of the policy; it holds once it is put in force",
    request_body = ref("#/components/schemas/PolicyInput"),
    responses((status = 200, description = "The version.", body = PolicyJson)),
    security(("key" = ["policy"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::Policy).await?;
    Query::none(&request)?;
    let document = PolicyDocument::read(&body::json(&api, payload, body::SINGLE).await?).map_err(ApiError::invalid)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let version = blocking(&api, move |engine| engine.put_policy(organization, &document, &actor)).await?;
    Ok(HttpResponse::Ok().json(PolicyJson::from(version)))
}
