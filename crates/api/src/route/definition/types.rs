//! `GET /api/Contact/Types`: the base types and the organization's own, each under its base type.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::catalogue::catalogue;
use crate::query::Query;
use crate::wire::definition::ContactTypeJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::BaseType;
use tributary_engine::Scope;

/// 200 with the list.
#[utoipa::path(
    get, path = "/api/Contact/Types", operation_id = "listContactTypes", tag = "Definition",
    summary = "The types that contacts can have",
    responses((status = 200, description = "The types.", body = Vec<ContactTypeJson>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let catalogue = catalogue(&api, caller.organization).await?;
    let base = BaseType::ALL.iter().map(|base| (*base, base.as_str().to_owned()));
    let types = base.chain(catalogue.types().iter().cloned());
    let list = types.map(|(base, name)| ContactTypeJson { parent_type: base.as_str(), name });
    Ok(HttpResponse::Ok().json(list.collect::<Vec<_>>()))
}
