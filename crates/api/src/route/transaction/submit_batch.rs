//! `POST /api/Contact/Batch`: many submissions under one source, all of them or none.

use super::{APPLIED, count_unknown, submit, wants_receipt};
use crate::answer::Answer;
use crate::auth::{authorize, check_reference, check_source};
use crate::catalogue::catalogue;
use crate::once::once;
use crate::openapi::IdempotencyKey;
use crate::query::Query;
use crate::wire::page::PageJson;
use crate::wire::transaction::ReceiptJson;
use crate::{ApiError, ApiState, Problem, body};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use tributary_contact::flat::{FlatContext, Parsed, Reader, get, limits, parse_flat};
use tributary_contact::issue::IssueCode;
use tributary_engine::{Catalogue, Principal, Scope, Ticket};

/// What legacy clients know the body as (virtuous-contract.md 1.2).
const MODEL: &str = "unmatchedContactsBindingModel";

/// 200, empty unless receipts were asked for.
#[utoipa::path(
    post, path = "/api/Contact/Batch", operation_id = "submitContactBatch", tag = "Transaction",
    summary = "Submit many contacts of one source, all or none",
    request_body = ref("#/components/schemas/ContactBatch"),
    params(
        ("Prefer" = Option<String>, Header, description = "`return=representation` asks for receipts."),
        IdempotencyKey,
    ),
    responses((
        status = 200,
        description = "All are held durably. Without a body, or with receipts when they were asked for.",
    )),
    extensions(("x-receipt" = json!({ "$ref": "#/components/schemas/Receipt" }))),
    security(("key" = ["transactions:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::Submit).await?;
    Query::none(&request)?;
    let body = body::json(&api, payload, body::BATCH).await?;
    let catalogue = catalogue(&api, caller.organization).await?;
    let batch = parse(&body, &catalogue, api.settings.sizes.items).map_err(|error| error.of_model(MODEL))?;
    batch.source.as_deref().map_or(Ok(()), |source| check_source(&caller, source))?;
    let mut references = batch.rows.iter().map(|row| row.submission.reference.as_ref());
    references.try_for_each(|reference| check_reference(&caller, reference))?;
    let of_rows = batch.rows.iter().map(|row| row.unknown_fields.len());
    count_unknown(of_rows.sum::<usize>() + batch.unknown_fields);
    let rows = batch.rows;
    once(&api, &caller, &request, &body, async |ticket| hold(&api, &caller, &request, rows, ticket).await).await
}

async fn hold(
    api: &ApiState,
    caller: &Principal,
    request: &HttpRequest,
    rows: Vec<Parsed>,
    ticket: Option<Ticket>,
) -> Answer {
    let apart = |row: Parsed| ((row.submission.reference.clone(), row.unknown_fields), row.submission);
    let (told, submissions): (Vec<_>, Vec<_>) = rows.into_iter().map(apart).unzip();
    let receipts = submit(api, caller, submissions, ticket).await?;
    if !wants_receipt(request) {
        return Ok(HttpResponse::Ok().finish());
    }
    let list =
        receipts.iter().zip(told).map(|(receipt, (reference, unknown))| ReceiptJson::of(receipt, reference, &unknown));
    let mut answer = HttpResponse::Ok();
    answer.insert_header(APPLIED);
    Ok(answer.json(PageJson::whole(list.collect())))
}

struct Batch {
    source: Option<String>,
    rows: Vec<Parsed>,
    /// Of the batch itself.
    unknown_fields: usize,
}

fn parse(body: &Value, catalogue: &Catalogue, most: usize) -> Result<Batch, ApiError> {
    let map = body::object(body)?;
    let mut reader = Reader::new("");
    let source = get(map, "referenceSource").and_then(|value| reader.text("referenceSource", value, limits::REFERENCE));
    let items = items(get(map, "contacts"), most, &mut reader)?;
    let unknown = map.keys().filter(|name| !["referencesource", "contacts"].contains(&name.to_lowercase().as_str()));
    let unknown_fields = unknown.count();
    let mut issues = reader.finish().err().unwrap_or_default();
    let mut rows = Vec::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        let prefix = format!("contacts[{place}].");
        match parse_flat(item, &FlatContext { source: source.as_deref(), prefix: &prefix, ..catalogue.flat() }) {
            Ok(parsed) => rows.push(parsed),
            Err(found) => issues.extend(found),
        }
    }
    if issues.is_empty() { Ok(Batch { source, rows, unknown_fields }) } else { Err(ApiError::invalid(issues)) }
}

/// The items; none, and a problem noted, where there is no list.
fn items<'v>(contacts: Option<&'v Value>, most: usize, reader: &mut Reader<'_>) -> Result<&'v [Value], ApiError> {
    match contacts {
        Some(Value::Array(list)) if list.len() > most => {
            let message = format!("The batch has more than {most} contacts.");
            return Err(ApiError::new(Problem::TooLarge).say(message));
        }
        Some(Value::Array(list)) => return Ok(list),
        None | Some(Value::Null) => reader.require("contacts", "A list of contacts is needed; it may be empty."),
        Some(_) => reader.issue("contacts", IssueCode::InvalidType, "Must be a list of objects."),
    }
    Ok(&[])
}
