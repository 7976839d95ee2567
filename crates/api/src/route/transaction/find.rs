//! `GET /api/Contact/Transaction?referenceSource=&referenceId=`: every submission under a reference,
//! newest first. None is an empty list.

use super::sees;
use crate::ApiState;
use crate::answer::Answer;
use crate::auth::{authorize, check_source};
use crate::blocking::blocking;
use crate::query::Query;
use crate::wire::page::PageJson;
use crate::wire::transaction::{Sight, TransactionJson};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::Reference;
use tributary_engine::Scope;

/// 200 with the list.
#[utoipa::path(
    get, path = "/api/Contact/Transaction", operation_id = "findTransactions", tag = "Transaction",
    summary = "Every submission under a reference, newest first",
    params(
        ("referenceSource" = String, Query, description = "The platform."),
        ("referenceId" = String, Query, description = "Its id of the contact."),
    ),
    responses((status = 200, description = "The submissions; none is an empty list.", body = PageJson<TransactionJson>)),
    security(("key" = ["transactions:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadTransactions).await?;
    let mut query = Query::read(&request, &["referenceSource", "referenceId"]);
    let reference = Reference { source: query.required("referenceSource"), id: query.required("referenceId") };
    query.finish()?;
    check_source(&caller, &reference.source)?;
    let organization = caller.organization;
    let views = blocking(&api, move |engine| engine.transactions_by_reference(organization, &reference)).await?;
    let seen = views.iter().filter(|view| sees(&caller, view));
    let list = seen.map(|view| TransactionJson::of(view, Sight::of(&caller))).collect();
    Ok(HttpResponse::Ok().json(PageJson::whole(list)))
}
