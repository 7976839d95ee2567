//! `GET /api/Policy/{number}`: one version; 0 is the shipped one.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::policy::PolicyJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the version, 404.
#[utoipa::path(
    get, path = "/api/Policy/{number}", operation_id = "getPolicy", tag = "Policy",
    summary = "A version of the policy",
    params(("number" = i64, Path, description = "Number of the version; 0 is the shipped one.")),
    responses((status = 200, description = "The version.", body = PolicyJson), NotFound),
    security(("key" = ["policy"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, number: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Policy).await?;
    Query::none(&request)?;
    let (organization, number) = (caller.organization, path::number(&number)?);
    let version = blocking(&api, move |engine| engine.policy_version(organization, number)).await?;
    Ok(HttpResponse::Ok().json(PolicyJson::from(version)))
}
