//! `POST /api/v2/Gift/Transaction`: a gift and the contact that gave it. Held like a contact transaction.

use super::check;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::auth::check_reference;
use crate::body;
use crate::catalogue::catalogue;
use crate::once::once;
use crate::openapi::IdempotencyKey;
use crate::query::Query;
use crate::route::transaction::{count_unknown, submit};
use crate::{ApiError, ApiState};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::flat::{GiftContext, parse_gift};
use tributary_engine::Scope;

/// 200, empty.
#[utoipa::path(
    post, path = "/api/v2/Gift/Transaction", operation_id = "submitGift", tag = "Gift",
    summary = "Submit a gift with its contact",
    params(IdempotencyKey),
    request_body = ref("#/components/schemas/GiftTransaction"),
    responses((status = 200, description = "Held durably; no body.")),
    security(("key" = ["transactions:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::Submit).await?;
    Query::none(&request)?;
    let value = body::json(&api, payload, body::SINGLE).await?;
    let catalogue = catalogue(&api, caller.organization).await?;
    let context = GiftContext { flat: catalogue.flat(), ..GiftContext::default() };
    let parsed = parse_gift(&value, &context).map_err(ApiError::invalid)?;
    let gifts = vec![parsed.submission];
    gifts.iter().try_for_each(|gift| check_reference(&caller, gift.reference.as_ref()))?;
    check(&api, &caller, &gifts).await?;
    count_unknown(parsed.unknown_fields.len());
    let hold = async |ticket| {
        submit(&api, &caller, gifts, ticket).await?;
        Ok(HttpResponse::Ok().finish())
    };
    once(&api, &caller, &request, &value, hold).await
}
