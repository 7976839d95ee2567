//! `GET /api/Contact/Transaction/{id}/Explanation`: the account of the decision, field by field, as JSON,
//! text or a chart; for another contact with `contactId`.

use super::sees;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use tributary_contact::issue::IssueCode;
use tributary_contact::{ContactId, RecordId};
use tributary_engine::{AsOf, Explanation, PairExplanation, Principal, Scope};
use utoipa::ToSchema;

/// The account of a submission and a contact.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExplanationJson {
    #[schema(value_type = Uuid)]
    transaction_id: RecordId,
    /// `decision`: as it was decided. `now`: against what is on file now.
    #[schema(value_type = String)]
    as_of: AsOf,
    /// Prior, bits per field, total, probabilities, guard, and what stood against a merge. No values.
    #[schema(value_type = Object)]
    explanation: Explanation,
}

#[utoipa::path(
    get, path = "/api/Contact/Transaction/{id}/Explanation", operation_id = "explainTransaction", tag = "Transaction",
    summary = "Why a submission was matched as it was, or not with a certain contact",
    params(
        ("id" = Uuid, Path, description = "Transaction id."),
        ("contactId" = Option<i64>, Query, minimum = 0, description = "Compare with this contact; for keys that are bound to no source."),
        ("format" = Option<String>, Query, pattern = "^(json|text|svg)?$", description = "`json` (the default), `text`, or `svg` for a waterfall chart."),
    ),
    responses(
        (status = 200, description = "The account.", content(
            (ExplanationJson = "application/json"), (String = "text/plain"), (String = "image/svg+xml"),
        )),
        NotFound, Conflict,
    ),
    security(("key" = ["transactions:read"])),
)]
/// 200 with the account; 404 also for what the key may not see; 409 when nobody is on file to compare with.
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadTransactions).await?;
    let mut query = Query::read(&request, &["contactId", "format"]);
    let contact = contact(&mut query);
    let format = format(&mut query);
    query.finish()?;
    if contact.is_some() && !may_choose(&caller) {
        return Err(ApiError::new(Problem::Forbidden));
    }
    let (organization, id) = (caller.organization, path::transaction(&id)?);
    let view = blocking(&api, move |engine| engine.transaction(organization, id)).await?;
    view.filter(|view| sees(&caller, view)).ok_or_else(|| ApiError::new(Problem::NotFound))?;
    let pair = blocking(&api, move |engine| engine.explain(organization, id, contact)).await?;
    Ok(answer(pair, &caller, &format))
}

/// A key that is bound to sources sees how its own submissions fared, but may not try them on contacts of
/// its choice: that would tell it what other partners sent. Nor does it learn which contacts were weighed.
fn may_choose(caller: &Principal) -> bool {
    caller.sources.is_empty() && caller.allows(Scope::ReadContacts)
}

fn contact(query: &mut Query) -> Option<ContactId> {
    Some(query.number("contactId", i64::MAX, 0)).filter(|id| *id > 0).map(ContactId)
}

fn format(query: &mut Query) -> String {
    let format = query.text("format").unwrap_or_else(|| "json".to_owned()).to_ascii_lowercase();
    if !["json", "text", "svg"].contains(&format.as_str()) {
        query.issue("format", IssueCode::InvalidValue, "Must be json, text or svg.");
    }
    format
}

fn answer(pair: PairExplanation, caller: &Principal, format: &str) -> HttpResponse {
    let PairExplanation { transaction, as_of, explanation } = pair;
    let shown = if may_choose(caller) { explanation } else { explanation.without_ids() };
    match format {
        "text" => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(shown.to_string()),
        "svg" => HttpResponse::Ok().content_type("image/svg+xml").body(shown.svg()),
        _ => HttpResponse::Ok().json(ExplanationJson { transaction_id: transaction, as_of, explanation: shown }),
    }
}
