//! `GET /console/transactions`: what a sender submitted under a reference.

use super::Answer;
use crate::Console;
use crate::form::{self, QueryPairs};
use crate::format;
use crate::view::compare::sent_name;
use crate::view::{layout, part};
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_contact::Reference;
use tributary_engine::TransactionView;
use tributary_store::Role;

/// The form, and what was found.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, query: QueryPairs) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let text = |name| form::value(&query, name).unwrap_or_default().to_owned();
    let reference = Reference { source: text("source"), id: text("id") };
    let asked = !reference.source.is_empty() && !reference.id.is_empty();
    let (org, wanted) = (visit.org(), reference.clone());
    let rows = if asked {
        blocking(&console, move |engine| engine.transactions_by_reference(org, &wanted)).await?
    } else {
        Vec::new()
    };
    let content = html! {
        (part::lead("Transactions", &html! {}))
        form.filters action="/console/transactions" {
            div { label for="source" { "Source" } input #source name="source" value=(reference.source) required maxlength="200"; }
            div { label for="id" { "Reference" } input #id name="id" value=(reference.id) required maxlength="200"; }
            button { "Find" }
        }
        @if asked && rows.is_empty() {
            (part::empty("Nothing under this reference", "Source and reference have to be spelled as the sender does, letter case included."))
        } @else if asked { (list(&visit, &rows)) }
        @else { (part::empty("Find what became of a submission", "Give the sender's source and reference, or search for the id of a transaction above.")) }
    };
    Ok(layout::page(&visit, "Transactions", &content))
}

fn list(visit: &Visit, rows: &[TransactionView]) -> Markup {
    html! {
        div.panel { table.stack {
            thead { tr { th scope="col" { "Who" } th scope="col" { "State" } th scope="col" { "Reason" } th scope="col" { "Contact" } th scope="col" { "Received" } } }
            tbody { @for row in rows { tr {
                th scope="row" { a data-row href=(part::transaction_path(row.id)) { (sent_name(&row.submission)) } }
                td data-name="State" { (part::state(row.state)) }
                td data-name="Reason" { @if let Some(reason) = row.reason { (format::reason(reason)) } }
                td data-name="Contact" { @if let Some(id) = row.contact { a href=(part::contact_path(id)) { (id) } } }
                td data-name="Received" { (format::time(row.received_at, visit.zone)) }
            } } }
        } }
    }
}
