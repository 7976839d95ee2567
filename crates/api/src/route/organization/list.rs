//! `GET /api/Organization`: the organizations that the key can work in, which is one (virtuous-contract.md 1.11).

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authenticate;
use crate::blocking::blocking;
use crate::query::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use tributary_engine::Scope;
use utoipa::ToSchema;

/// An organization as its members see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OrganizationJson {
    organization_user_id: i64,
    organization_name: String,
    organization_time_zone: String,
    organization_culture: String,
    is_administrator: bool,
    is_enabled: bool,
}

/// 200 with the list.
#[utoipa::path(
    get, path = "/api/Organization", operation_id = "listOrganizations", tag = "Organization",
    summary = "The organizations that the key can work in, which is one",
    responses((status = 200, description = "The one organization.", body = Vec<OrganizationJson>)),
    security(("key" = [])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authenticate(&api, &request).await?;
    Query::none(&request)?;
    let id = caller.organization;
    let organization = blocking(&api, move |engine| engine.organization(id)).await?;
    Ok(HttpResponse::Ok().json([OrganizationJson {
        organization_user_id: organization.id.0,
        organization_culture: format!("en-{}", organization.country),
        organization_name: organization.name,
        organization_time_zone: organization.time_zone,
        is_administrator: Scope::ALL.iter().all(|scope| caller.allows(*scope)),
        is_enabled: true,
    }]))
}
