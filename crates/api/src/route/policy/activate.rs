//! `POST /api/Policy/{number}/Activate`: puts a version in force for decisions to come.

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
    post, path = "/api/Policy/{number}/Activate", operation_id = "activatePolicy", tag = "Policy",
    summary = "Put a version in force for decisions to come; contacts stay as they are",
    params(("number" = i64, Path, description = "Number of the version; 0 is the shipped one.")),
    responses((status = 200, description = "The version, which holds now.", body = PolicyJson), NotFound),
    security(("key" = ["policy"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, number: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Policy).await?;
    Query::none(&request)?;
    let (organization, actor, number) = (caller.organization, caller.actor(), path::number(&number)?);
    let version = blocking(&api, move |engine| engine.activate_policy(organization, number, &actor)).await?;
    Ok(HttpResponse::Ok().json(PolicyJson::from(version)))
}
