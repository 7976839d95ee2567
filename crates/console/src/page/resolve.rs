//! `POST /console/bucket/{id}`: a person decides a row, and sees the next one at once.

use super::{Answer, record, to};
use crate::Console;
use crate::failure::Failure;
use crate::form::{self, FormPairs};
use crate::view::part;
use crate::visit::{action, blocking};
use actix_web::{HttpRequest, web};
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId};
use tributary_engine::{Engine, EngineError, Resolution};
use tributary_store::{NeedsUpdateFilter, Role};

/// 303 to the next row with a word about this one, or to the bucket when it was the last.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<String>,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, id, actor) = (visit.org(), record(&id)?, visit.actor());
    let resolution = resolution(&pairs).ok_or(Failure::NotFound)?;
    let next = blocking(&console, move |engine| {
        engine.resolve(org, id, resolution, &actor)?;
        next_row(engine, org, id)
    })
    .await?;
    Ok(to(&after(next, id)))
}

fn resolution(pairs: &[(String, String)]) -> Option<Resolution> {
    let contact = || form::number(pairs, "contact").map(ContactId);
    match form::value(pairs, "action")? {
        "merge" => {
            let individual = form::number(pairs, "individual").map(ItemId);
            Some(Resolution::Merge { contact: contact()?, individual })
        }
        "add_individual" => Some(Resolution::AddIndividual { contact: contact()? }),
        "create" => Some(Resolution::Create),
        "retry" => Some(Resolution::Retry { submission: None }),
        "reject" => Some(Resolution::Reject),
        _ => None,
    }
}

/// The row to look at after this one: the next in order of receipt, or the oldest when it was the last.
pub(crate) fn next_row(engine: &Engine, org: OrganizationId, id: RecordId) -> Result<Option<RecordId>, EngineError> {
    let after = NeedsUpdateFilter { after: Some(id), ..NeedsUpdateFilter::default() };
    for filter in [after, NeedsUpdateFilter::default()] {
        if let Some(row) = engine.needs_update(org, &filter, 0, 1)?.list.first() {
            return Ok(Some(row.id));
        }
    }
    Ok(None)
}

/// Where a decision leads: the next row, with the decided one named so that it can be undone.
pub(crate) fn after(next: Option<RecordId>, done: RecordId) -> String {
    match next {
        Some(next) => format!("{}?done={done}", part::review_path(next)),
        None => format!("{}?done=1", part::transaction_path(done)),
    }
}
