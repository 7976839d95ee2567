//! `GET /api/Policy`: all versions, newest first, the shipped one last.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::wire::page::PageJson;
use crate::wire::policy::PolicyJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the list.
#[utoipa::path(
    get, path = "/api/Policy", operation_id = "listPolicies", tag = "Policy",
    summary = "All versions of the survivorship policy, newest first, the shipped one last",
    responses((status = 200, description = "The list.", body = PageJson<PolicyJson>)),
    security(("key" = ["policy"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Policy).await?;
    Query::none(&request)?;
    let organization = caller.organization;
    let versions = blocking(&api, move |engine| engine.policy_versions(organization)).await?;
    Ok(HttpResponse::Ok().json(PageJson::whole(versions.into_iter().map(PolicyJson::from).collect())))
}
