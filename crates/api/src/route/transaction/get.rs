//! `GET /api/Contact/Transaction/{id}`: what became of a submission, and why.

use super::sees;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::transaction::{Sight, TransactionJson};
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the status, 404 also for what the key may not see.
#[utoipa::path(
    get, path = "/api/Contact/Transaction/{id}", operation_id = "getTransaction", tag = "Transaction",
    summary = "What became of a submission, and why",
    params(("id" = Uuid, Path, description = "Transaction id.")),
    responses((status = 200, description = "The status.", body = TransactionJson), NotFound),
    security(("key" = ["transactions:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadTransactions).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::transaction(&id)?);
    let view = blocking(&api, move |engine| engine.transaction(organization, id)).await?;
    let view = view.filter(|view| sees(&caller, view)).ok_or_else(|| ApiError::new(Problem::NotFound))?;
    Ok(HttpResponse::Ok().json(TransactionJson::of(&view, Sight::of(&caller))))
}
