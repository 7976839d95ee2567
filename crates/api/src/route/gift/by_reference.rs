//! `GET /api/Gift/{transactionSource}/{transactionId}`: the gift that a platform calls so.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::auth::{check_source, sees_contact};
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::wire::gift;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the gift, 404 also while its contact is not decided.
#[utoipa::path(
    get, path = "/api/Gift/{transactionSource}/{transactionId}", operation_id = "getGiftByReference", tag = "Gift",
    summary = "The gift that a platform calls so",
    params(("transactionSource" = String, Path, description = "The platform."), ("transactionId" = String, Path, description = "Its id of the gift."),),
    responses((status = 200, description = "The gift.", body = ref("#/components/schemas/Gift")), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, ids: web::Path<(String, String)>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let (source, id) = ids.into_inner();
    check_source(&caller, &source)?;
    let organization = caller.organization;
    let found = blocking(&api, move |engine| engine.gift_by_reference(organization, &source, &id)).await?;
    let found = found.filter(|view| sees_contact(&caller, &view.contact));
    let view = found.ok_or_else(|| ApiError::new(Problem::NotFound))?;
    Ok(HttpResponse::Ok().json(gift::show(&view)))
}
