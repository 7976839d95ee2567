//! `/api/Contact/Transaction` and `/api/Contact/Batch`: the partner path.

pub(super) mod explanation;
pub(super) mod find;
pub(super) mod get;
pub(super) mod submit;
pub(super) mod submit_batch;
pub(super) mod undo;

use crate::blocking::blocking;
use crate::{ApiError, ApiState};
use actix_web::HttpRequest;
use tributary_contact::Submission;
use tributary_engine::{Principal, Receipt, Ticket, TransactionView};

/// The answer's side of [`wants_receipt`].
pub(super) const APPLIED: (&str, &str) = ("Preference-Applied", "return=representation");

/// Whether a key may see a transaction: one restricted to sources sees what it sent itself, and what was
/// sent under one of its sources, for example with the key before it.
pub(super) fn sees(principal: &Principal, view: &TransactionView) -> bool {
    let own = view.key_id == Some(principal.key_id);
    let reference = view.as_sent().reference.as_ref();
    let of_its_source = || reference.is_some_and(|reference| principal.allows_source(&reference.source));
    principal.sources.is_empty() || own || of_its_source()
}

/// Holds submissions; with a ticket those that an earlier try held are not held again.
pub(super) async fn submit(
    api: &ApiState,
    caller: &Principal,
    submissions: Vec<Submission>,
    ticket: Option<Ticket>,
) -> Result<Vec<Receipt>, ApiError> {
    let (organization, key) = (caller.organization, Some(caller.key_id));
    let Some(ticket) = ticket else { return Ok(api.engine.submit(organization, key, submissions).await?) };
    let (asked, count) = (ticket.clone(), submissions.len());
    match blocking(api, move |engine| engine.held_before(&asked, count)).await? {
        Some(receipts) => Ok(receipts),
        None => Ok(api.engine.submit_once(&ticket, key, submissions).await?),
    }
}

/// Whether the caller asks for a receipt (RFC 7240, `Prefer: return=representation`).
pub(super) fn wants_receipt(request: &HttpRequest) -> bool {
    let values = request.headers().get_all("prefer").filter_map(|value| value.to_str().ok());
    let mut preferences = values.flat_map(|value| value.split([',', ';'])).map(str::trim);
    preferences.any(|preference| preference.eq_ignore_ascii_case("return=representation"))
}

/// Counts the fields that meant nothing here. Never their names: senders choose them.
pub(super) fn count_unknown(fields: usize) {
    if fields > 0 {
        metrics::counter!("tributary_unknown_fields_total").increment(fields as u64);
    }
}
