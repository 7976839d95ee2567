//! `GET /console/bucket/{id}`: one row, why it waits, and each candidate beside it.

use super::asked::Asked;
use super::candidate::Card;
use super::{Answer, care, record};
use crate::Console;
use crate::failure::Failure;
use crate::form::{self, QueryPairs};
use crate::format;
use crate::view::compare::{Side, compare, sent_name};
use crate::view::layout::{self, token};
use crate::view::part;
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use std::collections::BTreeMap;
use tributary_contact::{ContactId, OrganizationId, RecordId, SourceRecord, Submission};
use tributary_engine::{BucketItem, Engine, EngineError, TransactionView, User};
use tributary_store::Role;

/// What the page is made of.
pub(super) struct Shown {
    pub(super) item: BucketItem,
    /// Which rows they work on.
    pub(super) asked: Asked,
    /// The row after this one.
    next: Option<RecordId>,
    /// The row that was decided just before.
    done: Option<TransactionView>,
    /// The records of the candidates.
    records: BTreeMap<ContactId, Vec<SourceRecord>>,
    /// Whom it can be given to.
    pub(super) reviewers: Vec<User>,
}

/// The page; a row that waits no more leads to its transaction.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<String>,
    query: QueryPairs,
) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let (org, id) = (visit.org(), record(&id)?);
    let done = form::value(&query, "done").and_then(|text| record(text).ok());
    let asked = Asked::of(&query, visit.user.id);
    let shown = blocking(&console, move |engine| read(engine, org, (id, done), asked)).await?;
    match shown {
        Some(shown) => Ok(layout::page(&visit, "Review", &content(&visit, &shown))),
        None => gone(&console, &visit, id).await,
    }
}

fn read(
    engine: &Engine,
    org: OrganizationId,
    (id, done): (RecordId, Option<RecordId>),
    asked: Asked,
) -> Result<Option<Shown>, EngineError> {
    let Some(mut item) = engine.needs_update_item(org, id)? else { return Ok(None) };
    // Whom somebody ruled out comes last, so that the keys are for those who may be meant.
    item.candidates.sort_by_key(|candidate| candidate.is_not.is_some());
    let contacts: Vec<ContactId> = item.candidates.iter().map(|candidate| candidate.contact.id).collect();
    let next = asked.next(engine, org, id)?;
    let done = match done {
        Some(done) => engine.transaction(org, done)?,
        None => None,
    };
    let records = engine.records_of_contacts(org, &contacts)?;
    let reviewers = part::reviewers(engine, org)?;
    Ok(Some(Shown { item, asked, next, done, records, reviewers }))
}

async fn gone(console: &Console, visit: &Visit, id: RecordId) -> Answer {
    let org = visit.org();
    let found = blocking(console, move |engine| engine.transaction(org, id)).await?;
    found.map(|row| super::to(&part::transaction_path(row.id))).ok_or(Failure::NotFound)
}

fn content(visit: &Visit, shown: &Shown) -> Markup {
    let row = &shown.item.transaction;
    let sent = &row.submission;
    let candidates = &shown.item.candidates;
    html! {
        @if let Some(done) = &shown.done { (part::toast(visit, done)) }
        (part::lead(&sent_name(sent), &html! { p.soft {
            @if let Some(reference) = &sent.reference { (reference.source) " / " span.id { (reference.id) } ", " }
            "received " (format::time(row.received_at, visit.zone))
            @if let Some(assignee) = &row.review.assignee { ", given to " (assignee.name) }
        } }))
        div.note.needs { p {
            @if let Some(reason) = row.reason { b { (format::reason(reason)) ". " } }
            (shown.item.sentence)
        } }
        (care::question(row))
        (whole_row(visit, shown))
        @if candidates.is_empty() { (alone(visit, sent)) }
        @for (place, candidate) in candidates.iter().enumerate() {
            @let records = shown.records.get(&candidate.contact.id).map_or(&[][..], Vec::as_slice);
            (Card { candidate, records, place }.markup(visit, shown))
        }
        (care::panel(visit, shown))
    }
}

/// What can be done with the row, whatever the candidates are.
fn whole_row(visit: &Visit, shown: &Shown) -> Markup {
    let (id, asked) = (shown.item.transaction.id, &shown.asked);
    html! {
        div.row.panel {
            @if visit.may(Role::Reviewer) {
                form method="post" action=(asked.review(id)) {
                    (token(visit))
                    button name="action" value="create" data-key="c" { "New contact " kbd { "c" } }
                    button name="action" value="reject" data-key="x" { "Reject " kbd { "x" } }
                    button name="action" value="retry" { "Send back to the next run" }
                }
                a.button href={ (part::review_path(id)) "/edit?" (asked.query()) } data-key="e" { "Edit and retry " kbd { "e" } }
                (care::mine(visit, shown))
            }
            @match shown.next {
                Some(next) => { a.button href=(asked.review(next)) data-key="s" { "Skip " kbd { "s" } } }
                None => { a.button href="/console/bucket" data-key="s" { "Back to the bucket " kbd { "s" } } }
            }
        }
    }
}

/// The submission when there is nobody to hold it against.
fn alone(visit: &Visit, sent: &Submission) -> Markup {
    let lines = compare(&Side::sent(sent), &Side::default(), &visit.organization.country);
    html! {
        section.panel {
            h2 { "What was sent" }
            p.soft { "No contact on file comes near it." }
            dl.pairs { @for line in &lines { dt { (line.name) } dd { @for (place, held) in line.first.iter().enumerate() { @if place > 0 { "; " } (held.text) } } } }
        }
    }
}
