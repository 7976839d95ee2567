//! Gift transactions, as far as their contacts are concerned (virtuous-contract.md 1.10).

pub(super) mod by_contact;
pub(super) mod by_reference;
pub(super) mod get;
pub(super) mod nothing;
pub(super) mod passthrough;
pub(super) mod planned;
pub(super) mod recurring;
pub(super) mod submit;
pub(super) mod submit_batch;

use crate::auth::check_source;
use crate::blocking::blocking;
use crate::{ApiError, ApiState, Problem};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{ContactId, Submission};
use tributary_engine::Principal;

/// Whether the key may send these gifts, and whether the contacts that they name by number are there.
///
/// # Errors
/// 403 for a source of others, or for a number from a key that is bound to sources; 422 for an unknown number.
pub(super) async fn check(api: &ApiState, caller: &Principal, gifts: &[Submission]) -> Result<(), ApiError> {
    for gift in gifts.iter().filter_map(|submission| submission.gift.as_deref()) {
        check_source(caller, &gift.source)?;
    }
    let pinned: Vec<Option<ContactId>> = gifts.iter().map(|submission| submission.pinned).collect();
    if pinned.iter().all(Option::is_none) {
        return Ok(());
    }
    if !caller.sources.is_empty() {
        let message = "A key that is restricted to reference sources names contacts by their references.";
        return Err(ApiError::new(Problem::Forbidden).say(message));
    }
    let organization = caller.organization;
    let known = blocking(api, move |engine| engine.known_contacts(organization, &pinned)).await?;
    let unknown = known.iter().enumerate().filter(|(_, known)| !**known).map(|(place, _)| place);
    let path = |place: usize| if gifts.len() == 1 { String::new() } else { format!("transactions[{place}].") };
    let issue =
        |place| Issue::new(format!("{}contact.id", path(place)), IssueCode::InvalidValue, "There is no such contact.");
    let issues: Vec<Issue> = unknown.map(issue).collect();
    if issues.is_empty() { Ok(()) } else { Err(ApiError::invalid(issues)) }
}
