//! `POST /api/v2/Gift/Transactions`: many gifts, all of them or none.

use super::check;
use crate::answer::Answer;
use crate::auth::{authorize, check_reference};
use crate::catalogue::catalogue;
use crate::once::once;
use crate::openapi::IdempotencyKey;
use crate::query::Query;
use crate::route::transaction::submit;
use crate::{ApiError, ApiState, Problem, body};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use tributary_contact::flat::{FlatContext, GiftContext, Reader, date, get, limits, parse_gift};
use tributary_contact::issue::IssueCode;
use tributary_contact::{OrganizationId, Submission};
use tributary_engine::{Activation, Catalogue, Scope};

/// 200, empty.
#[utoipa::path(
    post, path = "/api/v2/Gift/Transactions", operation_id = "submitGifts", tag = "Gift",
    summary = "Submit many gifts with their contacts",
    params(IdempotencyKey),
    request_body = ref("#/components/schemas/GiftTransactions"),
    responses((status = 200, description = "All held durably; no body.")),
    security(("key" = ["transactions:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::Submit).await?;
    Query::none(&request)?;
    let value = body::json(&api, payload, body::BATCH).await?;
    let catalogue = catalogue(&api, caller.organization).await?;
    let Gifts { submissions, at_once } = parse(&value, &catalogue, api.settings.sizes.items)?;
    submissions.iter().try_for_each(|gift| check_reference(&caller, gift.reference.as_ref()))?;
    check(&api, &caller, &submissions).await?;
    let organization = caller.organization;
    let hold = async |ticket| {
        submit(&api, &caller, submissions, ticket).await?;
        if at_once {
            run_now(&api, organization);
        }
        Ok(HttpResponse::Ok().finish())
    };
    once(&api, &caller, &request, &value, hold).await
}

struct Gifts {
    submissions: Vec<Submission>,
    /// Whether they are not to wait for the night (`createImport`).
    at_once: bool,
}

fn parse(value: &Value, catalogue: &Catalogue, most: usize) -> Result<Gifts, ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let mut text = |name: &str| reader.text(name, get(map, name)?, limits::REFERENCE);
    let (source, kind, day) = (text("transactionSource"), text("defaultGiftType"), text("defaultGiftDate"));
    // They name an import of the vendor's, which there is none of here; only what cannot be a name is refused.
    let _ = (text("importName"), text("batch"));
    let mut date = day.as_deref().and_then(date);
    if day.is_some() && date.is_none() {
        reader.issue("defaultGiftDate", IssueCode::InvalidFormat, "Not a date.");
        // One is given: the gifts do not lack it too.
        date = Some(chrono::NaiveDate::default());
    }
    let at_once = get(map, "createImport").and_then(|flag| reader.boolean("createImport", flag)).unwrap_or(false);
    let items = items(get(map, "transactions"), most, &mut reader)?;
    let mut issues = reader.finish().err().unwrap_or_default();
    let mut submissions = Vec::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        let prefix = format!("transactions[{place}].");
        let flat = FlatContext { source: source.as_deref(), prefix: &prefix, ..catalogue.flat() };
        match parse_gift(item, &GiftContext { flat, date, kind: kind.as_deref() }) {
            Ok(parsed) => submissions.push(parsed.submission),
            Err(found) => issues.extend(found),
        }
    }
    if issues.is_empty() { Ok(Gifts { submissions, at_once }) } else { Err(ApiError::invalid(issues)) }
}

/// The items; none, and a problem noted, where there is no list.
fn items<'v>(transactions: Option<&'v Value>, most: usize, reader: &mut Reader<'_>) -> Result<&'v [Value], ApiError> {
    match transactions {
        Some(Value::Array(list)) if list.len() > most => {
            let message = format!("The batch has more than {most} gifts.");
            return Err(ApiError::new(Problem::TooLarge).say(message));
        }
        Some(Value::Array(list)) => return Ok(list),
        None | Some(Value::Null) => reader.require("transactions", "A list of gifts is needed; it may be empty."),
        Some(_) => reader.issue("transactions", IssueCode::InvalidType, "Must be a list of objects."),
    }
    Ok(&[])
}

/// Starts the organization's batch without waiting for it. While one is running, its lease is taken, and the gifts
/// wait for the next.
fn run_now(api: &ApiState, organization: OrganizationId) {
    let engine = std::sync::Arc::clone(&api.engine);
    drop(tokio::task::spawn_blocking(move || {
        if let Err(error) = engine.run_batch(organization, Activation::Manual) {
            tracing::error!(%organization, %error, "batch run failed");
        }
    }));
}
