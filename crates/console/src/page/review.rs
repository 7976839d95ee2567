//! `GET /console/bucket/{id}`: one row, why it waits, and each candidate beside it.

use super::asked::Asked;
use super::{Answer, record};
use crate::Console;
use crate::failure::Failure;
use crate::form::{self, QueryPairs};
use crate::format;
use crate::view::compare::{Line, compare, person_name, sent_name};
use crate::view::layout::{self, token};
use crate::view::{part, waterfall};
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_contact::{ItemId, RecordId, Submission};
use tributary_engine::{BucketCandidate, BucketItem, TransactionView};
use tributary_store::Role;

/// What the page is made of.
struct Shown {
    item: BucketItem,
    /// Which rows they work on.
    asked: Asked,
    /// The row after this one.
    next: Option<RecordId>,
    /// The row that was decided just before.
    done: Option<TransactionView>,
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
    let asked = Asked::of(&query);
    let shown = blocking(&console, move |engine| {
        let Some(item) = engine.needs_update_item(org, id)? else { return Ok(None) };
        let next = asked.next(engine, org, id)?;
        let done = match done {
            Some(done) => engine.transaction(org, done)?,
            None => None,
        };
        Ok(Some(Shown { item, asked, next, done }))
    })
    .await?;
    match shown {
        Some(shown) => Ok(layout::page(&visit, "Review", &content(&visit, &shown))),
        None => gone(&console, &visit, id).await,
    }
}

async fn gone(console: &Console, visit: &Visit, id: RecordId) -> Answer {
    let org = visit.org();
    let found = blocking(console, move |engine| engine.transaction(org, id)).await?;
    found.map(|row| super::to(&part::transaction_path(row.id))).ok_or(Failure::NotFound)
}

fn content(visit: &Visit, shown: &Shown) -> Markup {
    let row = &shown.item.transaction;
    let sent = &row.submission;
    html! {
        @if let Some(done) = &shown.done { (part::toast(visit, done)) }
        (part::lead(&sent_name(sent), &html! { p.soft {
            @if let Some(reference) = &sent.reference { (reference.source) " / " span.id { (reference.id) } ", " }
            "received " (format::time(row.received_at, visit.zone))
        } }))
        div.note.needs { p {
            @if let Some(reason) = row.reason { b { (format::reason(reason)) ". " } }
            (shown.item.sentence)
        } }
        (whole_row(visit, shown))
        @if shown.item.candidates.is_empty() { (alone(visit, sent)) }
        @for (place, candidate) in shown.item.candidates.iter().enumerate() {
            (card(visit, shown, candidate, place))
        }
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
    let lines = compare(sent, &tributary_contact::Golden::default(), None, &visit.organization.country);
    html! {
        section.panel {
            h2 { "What was sent" }
            p.soft { "No contact on file comes near it." }
            dl.pairs { @for line in &lines { dt { (line.name) } dd { (line.sent.join("; ")) } } }
        }
    }
}

fn card(visit: &Visit, shown: &Shown, candidate: &BucketCandidate, place: usize) -> Markup {
    let contact = &candidate.contact;
    let golden = &contact.golden;
    let chosen = candidate.individual.and_then(|id| golden.individual(id)).or_else(|| golden.individuals.first());
    let lines = compare(&shown.item.transaction.submission, golden, chosen, &visit.organization.country);
    let number = place + 1;
    html! {
        section.panel.candidate aria-labelledby={ "candidate-" (number) } {
            h2 #{ "candidate-" (number) } {
                span { (number) ". " a href=(part::contact_path(contact.id)) { (part::name(contact)) } " " span.soft { "contact " (contact.id) } }
                span.tag { (format::share(candidate.account.probability)) " the same person" }
            }
            div.two {
                div { (comparison(&lines)) }
                div {
                    h3 { "Why it may be the same" }
                    (waterfall::waterfall(&candidate.account))
                    p.soft { (candidate.sentence) ". Of this household at all: " (format::share(candidate.account.household_probability)) "." }
                }
            }
            @if visit.may(Role::Reviewer) { (decide(visit, shown, candidate, chosen.map(|person| person.id), place)) }
        }
    }
}

fn comparison(lines: &[Line]) -> Markup {
    html! {
        table.stack {
            thead { tr { th scope="col" { "Field" } th scope="col" { "Sent" } th scope="col" { "On file" } th scope="col" { "Difference" } } }
            tbody { @for line in lines { tr.differs[line.mark.class() == "differs"] {
                th scope="row" { (line.name) }
                td data-name="Sent" { (line.sent.join("; ")) }
                td data-name="On file" { (line.on_file.join("; ")) }
                td { span class={ "mark " (line.mark.class()) } { (line.mark.word()) } }
            } } }
        }
    }
}

/// Merge into one of the people, or add as a new one.
fn decide(visit: &Visit, shown: &Shown, candidate: &BucketCandidate, chosen: Option<ItemId>, place: usize) -> Markup {
    let people = &candidate.contact.golden.individuals;
    let first = place == 0;
    let number = place + 1;
    html! {
        form method="post" action=(shown.asked.review(shown.item.transaction.id)) {
            (token(visit))
            input type="hidden" name="contact" value=(candidate.contact.id);
            @if people.len() > 1 {
                fieldset { legend { "Which person of the household" }
                    @for person in people { label {
                        input type="radio" name="individual" value=(person.id) checked[Some(person.id) == chosen];
                        " " (person_name(person))
                    } }
                }
            }
            div.row {
                @if first { button.main name="action" value="merge" data-key="m" { "Merge into contact " (candidate.contact.id) " " kbd { "m" } } }
                @else { button.main name="action" value="merge" data-key=[(number < 10).then_some(number)] data-press="focus" { "Merge into contact " (candidate.contact.id) " " kbd { (number) } } }
                button name="action" value="add_individual" data-key=[first.then_some("a")] { "Add as a new person" @if first { " " kbd { "a" } } }
            }
        }
    }
}
