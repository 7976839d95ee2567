//! `POST /console/runs/dry-run`: what the next run would do, with every value that it would change. Nothing is stored.

use super::Answer;
use super::contact::history;
use super::run::reasons;
use crate::Console;
use crate::form::FormPairs;
use crate::format;
use crate::view::compare::sent_name;
use crate::view::{chart, layout, part};
use crate::visit::{action, blocking};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_engine::{ContactChange, DryRun, TransactionView};
use tributary_store::Role;

/// Contacts and rows that are listed.
const LISTED: usize = 200;

/// The page.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, pairs: FormPairs) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let org = visit.org();
    let dry = blocking(&console, move |engine| engine.dry_run(org)).await?;
    Ok(layout::page(&visit, "Dry run", &content(&dry)))
}

fn content(dry: &DryRun) -> Markup {
    html! {
        (part::lead("Dry run", &html! { p.soft { "What the next run would do as things stand. Nothing was stored." } }))
        @if dry.transactions.is_empty() { (part::empty("Nothing is held", "The next run has nothing to decide.")) }
        @else {
            div.two {
                section.panel { h2 { "Outcomes" } p { (format::counted(dry.counts.received, "row", "rows")) } (chart::bar(&dry.counts)) }
                section.panel { h2 { "Why rows would wait or be rejected" } (reasons(&dry.reasons)) }
            }
            section.panel { h2 { (counted(dry.contacts.len(), "contact", "contacts")) " would be made or changed" } (contacts(&dry.contacts)) }
            section.panel { h2 { "Row by row" } (rows(&dry.transactions)) }
        }
    }
}

fn contacts(contacts: &[ContactChange]) -> Markup {
    html! {
        (rest(contacts.len()))
        @for own in contacts.iter().take(LISTED) { div.diff {
            h3 { @if own.is_new { "New contact " (own.contact) } @else { a href=(part::contact_path(own.contact)) { "Contact " (own.contact) } } }
            (history::changed(&own.changes))
        } }
    }
}

fn rows(rows: &[TransactionView]) -> Markup {
    html! {
        (rest(rows.len()))
        table.stack {
            thead { tr { @for head in ["Who", "Would be", "Why", "Contact"] { th scope="col" { (head) } } } }
            tbody { @for row in rows.iter().take(LISTED) { tr {
                th scope="row" { a data-row href=(part::transaction_path(row.id)) { (sent_name(&row.submission)) } }
                td data-name="Would be" { (part::state(row.state)) @if let Some(level) = row.level { " " (format::level(level)) } }
                td data-name="Why" { @if let Some(reason) = row.reason { (format::reason(reason)) } }
                td data-name="Contact" { @if let Some(contact) = row.contact { (contact) } }
            } } }
        }
    }
}

fn rest(all: usize) -> Markup {
    html! { @if all > LISTED { p.soft { "The first " (LISTED) " of " (format::count(i64::try_from(all).unwrap_or(i64::MAX))) "." } } }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format::counted(i64::try_from(number).unwrap_or(i64::MAX), one, many)
}
