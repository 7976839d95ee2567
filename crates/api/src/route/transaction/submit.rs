//! `POST /api/Contact/Transaction`: 200 and nothing else once the submission is durable
//! (virtuous-contract.md 1.2), with its id in two headers, or as a receipt when asked for one.

use super::{APPLIED, count_unknown, submit, wants_receipt};
use crate::answer::Answer;
use crate::auth::{authorize, check_reference};
use crate::blocking::blocking;
use crate::catalogue::catalogue;
use crate::once::{self, once};
use crate::openapi::IdempotencyKey;
use crate::query::Query;
use crate::wire::dry_run::DryDecisionJson;
use crate::wire::transaction::{ReceiptJson, Sight, location};
use crate::{ApiError, ApiState, Problem, body};
use actix_web::http::header::{HeaderName, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::Submission;
use tributary_contact::flat::{Parsed, parse_flat};
use tributary_engine::{Principal, Scope, Ticket};

const TRANSACTION_ID: HeaderName = HeaderName::from_static("tributary-transaction-id");

/// 200, empty unless a receipt was asked for.
#[utoipa::path(
    post, path = "/api/Contact/Transaction", operation_id = "submitContact", tag = "Transaction",
    summary = "Submit a contact for the next batch",
    request_body = ref("#/components/schemas/ContactTransaction"),
    params(
        ("dryRun" = Option<bool>, Query, description = "`true` answers what the next batch would decide about it, as things are now, and stores nothing."),
        ("Prefer" = Option<String>, Header, description = "`return=representation` asks for a receipt."),
        IdempotencyKey,
    ),
    responses((
        status = 200,
        description = "It is held durably. Without a body, or with a receipt when one was asked for, or the decision of a dry run.",
        headers(
            ("Location" = String, description = "Where its status can be read."),
            ("Tributary-Transaction-Id" = String, description = "Its id."),
        ),
    )),
    extensions(
        ("x-receipt" = json!({ "$ref": "#/components/schemas/Receipt" })),
        ("x-dry-run" = json!({ "$ref": "#/components/schemas/DryDecision" })),
    ),
    security(("key" = ["transactions:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::Submit).await?;
    let mut query = Query::read(&request, &["dryRun"]);
    let dry = query.flag("dryRun").unwrap_or(false);
    query.finish()?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let catalogue = catalogue(&api, caller.organization).await?;
    let parsed = parse_flat(&body, &catalogue.flat()).map_err(ApiError::invalid)?;
    check_reference(&caller, parsed.submission.reference.as_ref())?;
    if dry {
        once::check(&request)?;
        return try_out(&api, &caller, parsed.submission).await;
    }
    count_unknown(parsed.unknown_fields.len());
    once(&api, &caller, &request, &body, async |ticket| hold(&api, &caller, &request, parsed, ticket).await).await
}

/// What the next batch would decide, for those who may see what became of a submission that they sent in earnest.
async fn try_out(api: &ApiState, caller: &Principal, submission: Submission) -> Answer {
    if !caller.allows(Scope::ReadTransactions) {
        return Err(ApiError::new(Problem::Forbidden));
    }
    let (organization, key) = (caller.organization, Some(caller.key_id));
    let view = blocking(api, move |engine| engine.dry_submit(organization, key, submission)).await?;
    let shown = DryDecisionJson::of(&view, Sight::of(caller)).ok_or_else(|| ApiError::new(Problem::Internal))?;
    Ok(HttpResponse::Ok().json(shown))
}

async fn hold(
    api: &ApiState,
    caller: &Principal,
    request: &HttpRequest,
    parsed: Parsed,
    ticket: Option<Ticket>,
) -> Answer {
    let wanted = wants_receipt(request);
    let Parsed { submission, unknown_fields } = parsed;
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
    Ok(answer.json(ReceiptJson::of(receipt, reference, &unknown_fields)))
}
