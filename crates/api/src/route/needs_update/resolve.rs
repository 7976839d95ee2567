//! `POST /api/NeedsUpdate/{id}/Resolve`: a person decides, with
//! `{action: merge|addIndividual|create|retry|reject, contactId?, individualId?, keep?, contact?}`.
//! `keep` says of single fields whose value a merge keeps, and locks it like any direct change; `contact` is the corrected submission of a retry, in the flat shape it came in.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::catalogue::catalogue;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use crate::wire::transaction::{Sight, TransactionJson};
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use tributary_contact::flat::{FlatContext, Reader, get, limits, parse_flat};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::merge::Side;
use tributary_contact::{ContactId, ItemId, Submission};
use tributary_engine::{Catalogue, Resolution, Scope};

/// 200 with the status after it, 409 when the row no longer waits.
#[utoipa::path(
    post, path = "/api/NeedsUpdate/{id}/Resolve", operation_id = "resolveNeedsUpdate", tag = "NeedsUpdate",
    summary = "Decide a waiting submission",
    params(("id" = Uuid, Path, description = "Transaction id.")),
    request_body = ref("#/components/schemas/Resolution"),
    responses((status = 200, description = "The status after it.", body = TransactionJson), NotFound, Conflict),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    Query::none(&request)?;
    let id = path::transaction(&id)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let catalogue = catalogue(&api, caller.organization).await?;
    let resolution = parse(body::object(&body)?, &catalogue).map_err(ApiError::invalid)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let view = blocking(&api, move |engine| engine.resolve(organization, id, resolution, &actor)).await?;
    Ok(HttpResponse::Ok().json(TransactionJson::of(&view, Sight::of(&caller))))
}

fn parse(map: &Map<String, Value>, catalogue: &Catalogue) -> Result<Resolution, Vec<Issue>> {
    let mut reader = Reader::new("");
    let resolution = resolution(map, &mut reader);
    let mut issues = reader.finish().err().unwrap_or_default();
    let resolution = match resolution {
        Some(Resolution::Retry { .. }) => match corrected(map, catalogue) {
            Ok(submission) => Some(Resolution::Retry { submission }),
            Err(found) => {
                issues.extend(found);
                None
            }
        },
        other => other,
    };
    resolution.filter(|_| issues.is_empty()).ok_or(issues)
}

fn resolution(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<Resolution> {
    let Some(action) = get(map, "action").and_then(|value| reader.text("action", value, limits::SHORT)) else {
        reader.require("action", "One of merge, addIndividual, create, retry, reject.");
        return None;
    };
    match action.to_ascii_lowercase().as_str() {
        "merge" => {
            let individual = number(map, "individualId", reader).map(ItemId);
            let keep = keep(map, reader);
            Some(Resolution::Merge { contact: contact(map, reader)?, individual, keep })
        }
        "addindividual" => Some(Resolution::AddIndividual { contact: contact(map, reader)? }),
        "create" => Some(Resolution::Create),
        "retry" => Some(Resolution::Retry { submission: None }),
        "reject" => Some(Resolution::Reject),
        _ => {
            let message = "One of merge, addIndividual, create, retry, reject.";
            reader.issue("action", IssueCode::InvalidValue, message);
            None
        }
    }
}

fn contact(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<ContactId> {
    let id = number(map, "contactId", reader).map(ContactId);
    if id.is_none() {
        reader.require("contactId", "Says which contact is meant.");
    }
    id
}

/// Whose value to keep, by the field of the differences.
fn keep(map: &Map<String, Value>, reader: &mut Reader<'_>) -> BTreeMap<String, Side> {
    let asked = match get(map, "keep") {
        None | Some(Value::Null) => return BTreeMap::new(),
        Some(Value::Object(asked)) => asked,
        Some(_) => {
            reader.issue("keep", IssueCode::InvalidType, "An object of fields is needed.");
            return BTreeMap::new();
        }
    };
    let side = |value: &Value| match value.as_str() {
        Some("incoming") => Some(Side::Merged),
        Some("onFile") => Some(Side::Survivor),
        _ => None,
    };
    if asked.values().any(|value| side(value).is_none()) {
        reader.issue("keep", IssueCode::InvalidValue, "Each is incoming or onFile.");
    }
    asked.iter().filter_map(|(field, value)| Some((field.clone(), side(value)?))).collect()
}

fn number(map: &Map<String, Value>, name: &str, reader: &mut Reader<'_>) -> Option<i64> {
    reader.integer(name, get(map, name)?, 1..=i64::MAX)
}

/// The corrected submission, when one is given.
fn corrected(map: &Map<String, Value>, catalogue: &Catalogue) -> Result<Option<Box<Submission>>, Vec<Issue>> {
    match get(map, "contact") {
        None | Some(Value::Null) => Ok(None),
        Some(body) => {
            let parsed = parse_flat(body, &FlatContext { prefix: "contact.", ..catalogue.flat() })?;
            Ok(Some(Box::new(parsed.submission)))
        }
    }
}
