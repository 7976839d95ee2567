//! `POST /console/bucket/{id}`: a person decides a row, and sees the next one at once.

use super::asked::Asked;
use super::{Answer, record, to};
use crate::Console;
use crate::failure::Failure;
use crate::form::{self, FormPairs, QueryPairs};
use crate::view::beside::choices;
use crate::visit::{action, blocking};
use actix_web::{HttpRequest, web};
use tributary_contact::{ContactId, ItemId};
use tributary_engine::Resolution;
use tributary_store::Role;

/// 303 to the next row with a word about this one, or to the bucket when it was the last.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<String>,
    query: QueryPairs,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, id, actor) = (visit.org(), record(&id)?, visit.actor());
    let asked = Asked::of(&query, visit.user.id);
    let resolution = resolution(&pairs).ok_or(Failure::NotFound)?;
    let next = blocking(&console, move |engine| {
        engine.resolve(org, id, resolution, &actor)?;
        let next = asked.next(engine, org, id)?;
        Ok(asked.onward(next, id))
    })
    .await?;
    Ok(to(&next))
}

fn resolution(pairs: &[(String, String)]) -> Option<Resolution> {
    let contact = || form::number(pairs, "contact").map(ContactId);
    match form::value(pairs, "action")? {
        "merge" => {
            let individual = form::number(pairs, "individual").map(ItemId);
            let keep = choices(pairs).into_iter().collect();
            Some(Resolution::Merge { contact: contact()?, individual, keep })
        }
        "add_individual" => Some(Resolution::AddIndividual { contact: contact()? }),
        "create" => Some(Resolution::Create),
        "retry" => Some(Resolution::Retry { submission: None }),
        "reject" => Some(Resolution::Reject),
        _ => None,
    }
}
