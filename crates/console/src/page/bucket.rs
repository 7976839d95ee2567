//! `GET /console/bucket`: the rows that wait for a person.

use super::Answer;
use super::asked::Asked;
use crate::Console;
use crate::form::QueryPairs;
use crate::format;
use crate::view::compare::sent_name;
use crate::view::{layout, part};
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_engine::{BucketReason, Page, TransactionView};
use tributary_store::Role;

/// Rows of a page.
const SIZE: i64 = 50;
/// Ages to choose from, in days.
const AGES: [(i64, &str); 3] = [(1, "over a day"), (7, "over a week"), (30, "over a month")];

/// The page.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, query: QueryPairs) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let asked = Asked::of(&query);
    let (org, filter, skip) = (visit.org(), asked.filter(visit.now), asked.page * SIZE);
    let (rows, reasons) = blocking(&console, move |engine| {
        Ok((engine.needs_update(org, &filter, skip, SIZE)?, engine.bucket_reasons(org)?))
    })
    .await?;
    Ok(layout::page(&visit, "Bucket", &content(&visit, &asked, &rows, &reasons)))
}

fn content(visit: &Visit, asked: &Asked, rows: &Page<TransactionView>, reasons: &[BucketReason]) -> Markup {
    let first = rows.list.first();
    html! {
        (part::lead("Bucket", &html! {
            p { (format::counted(rows.total, "row waits", "rows wait")) " for a person" }
            @if let Some(row) = first { a.button href=(asked.review(row.id)) data-key="Enter" { "Review the first " kbd { "Enter" } } }
        }))
        (filters(asked, reasons))
        @if rows.list.is_empty() {
            (part::empty("Nothing waits here", "When a run finds a row that it must not decide alone, it shows up in this list."))
        } @else {
            div.panel { table.stack {
                thead { tr { th scope="col" { "Who" } th scope="col" { "Reason" } th scope="col" { "Source" } th scope="col" { "Reference" } th scope="col" { "Waits for" } } }
                tbody { @for row in &rows.list { (line(visit, asked, row)) } }
            } }
            (part::pages("/console/bucket", &asked.query(), asked.page, SIZE, rows.total))
        }
    }
}

fn line(visit: &Visit, asked: &Asked, row: &TransactionView) -> Markup {
    let reference = row.submission.reference.as_ref();
    html! { tr {
        th scope="row" { a data-row href=(asked.review(row.id)) { (sent_name(&row.submission)) } }
        td data-name="Reason" { @if let Some(reason) = row.reason { span.tag.needs { (format::reason(reason)) } } }
        td data-name="Source" { @if let Some(reference) = reference { (reference.source) } }
        td data-name="Reference" { @if let Some(reference) = reference { span.id { (reference.id) } } }
        td data-name="Waits for" { (format::age(row.received_at, visit.now)) }
    } }
}

fn filters(asked: &Asked, reasons: &[BucketReason]) -> Markup {
    html! {
        form.filters action="/console/bucket" {
            div { label for="reason" { "Reason" } select #reason name="reason" {
                option value="" { "All" }
                @for row in reasons { option value=(row.reason) selected[asked.reason == Some(row.reason)] { (format::reason(row.reason)) " (" (format::count(row.count)) ")" } }
            } }
            div { label for="source" { "Source" } input #source name="source" value=[asked.source.as_deref()] maxlength="200"; }
            div { label for="days" { "Waits for" } select #days name="days" {
                option value="" { "Any time" }
                @for (days, name) in AGES { option value=(days) selected[asked.days == Some(days)] { (name) } }
            } }
            div { label for="sort" { "Order" } select #sort name="sort" {
                option value="" { "Oldest first" } option value="newest" selected[asked.newest_first] { "Newest first" }
            } }
            button { "Filter" }
            @if !asked.query().is_empty() { a.button href="/console/bucket" { "Clear" } }
        }
    }
}
