//! `GET /api/Gift/{giftId}`.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::auth::sees_contact;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::gift;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the gift, 404 also while its contact is not decided.
#[utoipa::path(
    get, path = "/api/Gift/{giftId}", operation_id = "getGift", tag = "Gift",
    summary = "A gift",
    params(("giftId" = i64, Path, description = "The gift."),),
    responses((status = 200, description = "The gift.", body = ref("#/components/schemas/Gift")), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::number(&id)?);
    let found = blocking(&api, move |engine| engine.gift(organization, id)).await?;
    let found = found.filter(|view| sees_contact(&caller, &view.contact));
    let view = found.ok_or_else(|| ApiError::new(Problem::NotFound))?;
    Ok(HttpResponse::Ok().json(gift::show(&view)))
}
