//! `GET /api/Organization/Current` (virtuous-contract.md 1.11): the call by which clients test a key.
//! Any valid key may.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authenticate;
use crate::blocking::blocking;
use crate::query::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use tributary_engine::{Principal, Scope};
use tributary_store::Organization;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Current<'a> {
    organization_user_id: i64,
    organization_name: &'a str,
    organization_time_zone: &'a str,
    organization_culture: String,
    is_administrator: bool,
    is_enabled: bool,
    current_user_time_zone: &'a str,
    // ours, beside the documented keys
    key_name: &'a str,
    scopes: Vec<&'static str>,
    sources: &'a [String],
}

impl<'a> Current<'a> {
    /// A key has no user; the organization's id stands for both, so that it outlives a change of keys.
    fn of(organization: &'a Organization, principal: &'a Principal) -> Self {
        Self {
            organization_user_id: organization.id.0,
            organization_name: &organization.name,
            organization_time_zone: &organization.time_zone,
            organization_culture: format!("en-{}", organization.country),
            is_administrator: Scope::ALL.iter().all(|scope| principal.allows(*scope)),
            is_enabled: true,
            current_user_time_zone: &organization.time_zone,
            key_name: &principal.name,
            scopes: Scope::ALL.iter().filter(|scope| principal.allows(**scope)).map(|scope| scope.as_str()).collect(),
            sources: &principal.sources,
        }
    }
}

/// 200 with the organization of the key.
#[utoipa::path(
    get, path = "/api/Organization/Current", operation_id = "getCurrentOrganization", tag = "Organization",
    summary = "The organization of the key, and what the key may do",
    responses((status = 200, description = "The organization.", body = Current)),
    security(("key" = [])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authenticate(&api, &request).await?;
    Query::none(&request)?;
    let id = caller.organization;
    let organization = blocking(&api, move |engine| engine.organization(id)).await?;
    Ok(HttpResponse::Ok().json(Current::of(&organization, &caller)))
}
