//! `POST /api/Policy/Revert`: puts the version in force that held before the present one.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::Conflict;
use crate::query::Query;
use crate::wire::policy::PolicyJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the version, 409 when nothing was put in force yet.
#[utoipa::path(
    post, path = "/api/Policy/Revert", operation_id = "revertPolicy", tag = "Policy",
    summary = "Put the version in force that held before the present one",
    responses((status = 200, description = "The version, which holds now.", body = PolicyJson), Conflict),
    security(("key" = ["policy"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Policy).await?;
    Query::none(&request)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let version = blocking(&api, move |engine| engine.revert_policy(organization, &actor)).await?;
    Ok(HttpResponse::Ok().json(PolicyJson::from(version)))
}
