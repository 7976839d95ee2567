//! `POST /api/Contact/Transaction`: 200 and nothing else once the submission is durable
//! (virtuous-contract.md 1.2), with its id in two headers, or as a receipt when asked for one.

use super::{APPLIED, count_unknown, submit, wants_receipt};
use crate::answer::Answer;
use crate::auth::{authorize, check_reference};
use crate::once::once;
use crate::openapi::IdempotencyKey;
use crate::query::Query;
use crate::wire::transaction::{ReceiptJson, location};
use crate::{ApiError, ApiState, Problem, body};
use actix_web::http::header::{HeaderName, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::Submission;
use tributary_contact::flat::{FlatContext, parse_flat};
use tributary_engine::{Principal, Scope, Ticket};

const TRANSACTION_ID: HeaderName = HeaderName::from_static("tributary-transaction-id");

/// 200, empty unless a receipt was asked for.
#[utoipa::path(
    post, path = "/api/Contact/Transaction", operation_id = "submitContact", tag = "Transaction",
    summary = "Submit a contact for the next batch",
    request_body = ref("#/components/schemas/ContactTransaction"),
    params(
        ("Prefer" = Option<String>, Header, description = "`return=representation` asks for a receipt."),
        IdempotencyKey,
    ),
    responses((
        status = 200,
        description = "It is held durably. Without a body, or with a receipt when one was asked for.",
        headers(
            ("Location" = String, description = "Where its status can be read."),
            ("Tributary-Transaction-Id" = String, description = "Its id."),
        ),
    )),
    extensions(("x-receipt" = json!({ "$ref": "#/components/schemas/Receipt" }))),
    security(("key" = ["transactions:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::Submit).await?;
    Query::none(&request)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let parsed = parse_flat(&body, &FlatContext::default()).map_err(ApiError::invalid)?;
    check_reference(&caller, parsed.submission.reference.as_ref())?;
    count_unknown(parsed.unknown_fields.len());
    let submission = parsed.submission;
    once(&api, &caller, &request, &body, async |ticket| hold(&api, &caller, &request, submission, ticket).await).await
}

async fn hold(
    api: &ApiState,
    caller: &Principal,
    request: &HttpRequest,
    submission: Submission,
    ticket: Option<Ticket>,
) -> Answer {
    let wanted = wants_receipt(request);
    let reference = submission.reference.clone().filter(|_| wanted);
    let receipts = submit(api, caller, vec![submission], ticket).await?;
    let [receipt] = receipts.as_slice() else { return Err(ApiError::new(Problem::Internal)) };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((LOCATION, location(receipt.id)));
    answer.insert_header((TRANSACTION_ID, receipt.id.to_string()));
    if !wanted {
        return Ok(answer.finish());
    }
    answer.insert_header(APPLIED);
    Ok(answer.json(ReceiptJson::of(receipt, reference)))
}
