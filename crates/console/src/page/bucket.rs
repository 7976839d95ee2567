//! `GET /console/bucket`: the rows that wait for a person.

use super::Answer;
use super::asked::{Asked, Band, ORDERS, Whose};
use super::bulk;
use crate::Console;
use crate::form::QueryPairs;
use crate::format;
use crate::view::compare::sent_name;
use crate::view::{layout, part};
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_contact::state::Reason;
use tributary_engine::{BucketCounts, Page, TransactionView, User};
use tributary_store::Role;

/// Rows of a page.
const SIZE: usize = 50;
/// Rows that are counted from where the page begins.
const MOST: i64 = 1_000;
/// Ages to choose from, in days.
const AGES: [(i64, &str); 3] = [(1, "over a day"), (7, "over a week"), (30, "over a month")];
/// Sources that are offered.
const SOURCES: usize = 100;

/// What the page is made of.
struct Shown {
    asked: Asked,
    /// The page, and how many rows are selected from where it begins, up to [`MOST`].
    page: Page<TransactionView>,
    counts: BucketCounts,
    reviewers: Vec<User>,
}

/// The page.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, query: QueryPairs) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let asked = Asked::of(&query, visit.user.id);
    let (org, filter) = (visit.org(), asked.filter(visit.now));
    let (page, counts, reviewers) = blocking(&console, move |engine| {
        let counts = engine.bucket_choices(org, &filter)?;
        Ok((engine.bucket_rows(org, &filter, SIZE, MOST)?, counts, part::reviewers(engine, org)?))
    })
    .await?;
    Ok(layout::page(&visit, "Bucket", &content(&visit, &Shown { asked, page, counts, reviewers })))
}

fn content(visit: &Visit, shown: &Shown) -> Markup {
    let (asked, rows) = (&shown.asked, &shown.page.list);
    // What was counted whole is right; otherwise as many as were seen from here on.
    let exact = shown.counts.among.is_none();
    let total = if exact { shown.counts.total } else { shown.page.total };
    let told = if exact { format::count(total) } else { format::at_least(total, MOST) };
    html! {
        (part::lead("Bucket", &html! {
            p { (told) @if total == 1 { " row waits" } @else { " rows wait" } " for a person" @if !exact && asked.after.is_some() { " from here on" } }
            @if let Some(row) = rows.first() { a.button href=(asked.review(row.id)) data-key="Enter" { "Review the first " kbd { "Enter" } } }
        }))
        (filters(visit, shown))
        (parts(asked, &shown.counts))
        @if rows.is_empty() {
            (part::empty("Nothing waits here", "When a run finds a row that it must not decide alone, it shows up in this list."))
        } @else {
            div.panel { table.stack {
                thead { tr { @for head in ["Who", "Reason", "Source", "Reference", "Best candidate", "Whose", "Waits for"] { th scope="col" { (head) } } } }
                tbody { @for row in rows { (line(visit, asked, row)) } }
            } }
            (pages(asked, rows))
            @if visit.may(Role::Reviewer) { (bulk::choice(asked, &told, &shown.reviewers)) }
        }
    }
}

fn line(visit: &Visit, asked: &Asked, row: &TransactionView) -> Markup {
    let reference = row.submission.reference.as_ref();
    let score = row.decisions.iter().rev().find_map(|decision| decision.score);
    html! { tr {
        th scope="row" { a data-row href=(asked.review(row.id)) { (sent_name(&row.submission)) } }
        td data-name="Reason" { @if let Some(reason) = row.reason { span.tag.needs { (format::reason(reason)) } } }
        td data-name="Source" { @if let Some(reference) = reference { (reference.source) } }
        td data-name="Reference" { @if let Some(reference) = reference { span.id { (reference.id) } } }
        td data-name="Best candidate" { @if let Some(bits) = score { (format::share(format::probability(bits))) } @else { "none" } }
        td data-name="Whose" { (whose(row)) }
        td data-name="Waits for" { (format::age(row.received_at, visit.now)) }
    } }
}

fn whose(row: &TransactionView) -> Markup {
    html! {
        @if let Some(assignee) = &row.review.assignee { (assignee.name) }
        @if let Some(question) = &row.review.question {
            " " span.tag { @if question.answered_by.is_some() { "answered" } @else { "asked" } }
        }
    }
}

/// The next page begins after the last row of this one, so what is decided meanwhile moves nothing.
fn pages(asked: &Asked, rows: &[TransactionView]) -> Markup {
    let last = rows.last().filter(|_| rows.len() == SIZE);
    html! {
        @if asked.after.is_some() || last.is_some() {
            nav.row aria-label="Pages" {
                @if asked.after.is_some() { a.button href={ "/console/bucket?" (asked.query()) } { "First page" } }
                @if let Some(row) = last { a.button rel="next" href={ "/console/bucket?" (asked.query()) "after=" (row.id) } { "Next page" } }
            }
        }
    }
}

fn filters(visit: &Visit, shown: &Shown) -> Markup {
    let asked = &shown.asked;
    html! {
        form.filters action="/console/bucket" {
            div { label for="reason" { "Reason" } select #reason name="reason" {
                option value="" { "All" }
                @for reason in Reason::ALL.iter().filter(|reason| may_wait(**reason)) { option value=(reason) selected[asked.reason == Some(*reason)] { (format::reason(*reason)) } }
            } }
            @if let Some(source) = &asked.source { input type="hidden" name="source" value=(source); }
            div { label for="whose" { "Whose" } select #whose name="whose" {
                option value="" { "Everybody’s" }
                option value="me" selected[asked.whose == Some(Whose::Mine)] { "Mine" }
                option value="none" selected[asked.whose == Some(Whose::Nobodys)] { "Nobody’s" }
                @for user in shown.reviewers.iter().filter(|user| user.id != visit.user.id) {
                    option value=(user.id) selected[asked.whose == Some(Whose::Of(user.id))] { (user.name) }
                }
            } }
            div { label for="score" { "Best candidate" } select #score name="score" {
                option value="" { "Any" }
                @for (band, code, name) in Band::ALL { option value=(code) selected[asked.band == Some(band)] { (name) } }
            } }
            div { label for="days" { "Waits for" } select #days name="days" {
                option value="" { "Any time" }
                @for (days, name) in AGES { option value=(days) selected[asked.days == Some(days)] { (name) } }
            } }
            div { label for="sort" { "Order" } select #sort name="sort" {
                @for (order, code, name) in ORDERS { option value=(code) selected[asked.order == order] { (name) } }
            } }
            button { "Filter" }
            @if !asked.query().is_empty() { a.button href="/console/bucket" { "Clear" } }
        }
    }
}

/// Whether rows wait for this; the others are reasons of a refusal.
const fn may_wait(reason: Reason) -> bool {
    !matches!(reason, Reason::RejectedByStaff | Reason::RejectedByRule)
}

/// How many rows there are of each reason and source, each a link that selects them or, when it does, lets go of them.
fn parts(asked: &Asked, counts: &BucketCounts) -> Markup {
    let link = |name, code: &str, chosen: bool| asked.with(name, (!chosen).then(|| code.to_owned()));
    html! {
        div.parts {
            @if let Some(most) = counts.among { p.soft { "Counted among the oldest " (format::count(most)) "; there are more." } }
            div role="group" aria-label="By reason" { span.soft { "Reason" }
                @for own in &counts.reasons {
                    @let chosen = asked.reason == Some(own.reason);
                    (chip(&link("reason", own.reason.as_str(), chosen), &format::reason(own.reason), own.count, chosen))
                }
            }
            div role="group" aria-label="By source" { span.soft { "Source" }
                @for own in counts.sources.iter().take(SOURCES) {
                    @match &own.name {
                        Some(name) => {
                            @let chosen = asked.source.as_ref() == Some(name);
                            (chip(&link("source", name, chosen), name, own.count, chosen))
                        }
                        None => { span.chip { "without a reference " b { (format::count(own.count)) } } }
                    }
                }
            }
        }
    }
}

fn chip(query: &str, name: &str, count: i64, chosen: bool) -> Markup {
    html! {
        a.chip href={ "/console/bucket?" (query) } aria-current=[chosen.then_some("true")] {
            (name) " " b { (format::count(count)) } @if chosen { " " span aria-hidden="true" { "×" } span.hidden { "selected" } }
        }
    }
}
