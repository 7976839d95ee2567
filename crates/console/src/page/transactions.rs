//! `GET /console/transactions`: submissions by reference, by what they say, by state and reason.

use super::Answer;
use crate::Console;
use crate::form::{self, QueryPairs};
use crate::format;
use crate::view::compare::sent_name;
use crate::view::{layout, part};
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_contact::state::{Reason, State};
use tributary_contact::{RecordId, Reference};
use tributary_engine::{Looked, LookedFor, TransactionView};
use tributary_store::Role;

/// What is looked for: a reference, or all the rest.
struct Asked {
    reference: Reference,
    wanted: LookedFor,
}

/// What was found.
enum Found {
    /// Everything under a reference.
    Named(Vec<TransactionView>),
    /// A part of what fits, the newest first.
    Looked(Looked),
}

impl Asked {
    fn of(query: &[(String, String)]) -> Self {
        let text = |name| form::value(query, name).unwrap_or_default().to_owned();
        Self {
            reference: Reference { source: text("source"), id: text("id") },
            wanted: LookedFor {
                state: form::value(query, "state").and_then(State::parse),
                reason: form::value(query, "reason").and_then(Reason::parse),
                text: text("text"),
                before: form::value(query, "before").and_then(|text| text.parse().ok()).map(RecordId),
            },
        }
    }

    fn is_named(&self) -> bool {
        !self.reference.source.is_empty() && !self.reference.id.is_empty()
    }

    /// Everything but the place in the list as a query, each part with `&` after it.
    fn query(&self) -> String {
        let wanted = &self.wanted;
        let parts = [
            ("text", Some(wanted.text.as_str()).filter(|text| !text.is_empty())),
            ("state", wanted.state.map(State::as_str)),
            ("reason", wanted.reason.map(Reason::as_str)),
        ];
        parts.iter().filter_map(|(name, value)| Some(format!("{name}={}&", format::encoded((*value)?)))).collect()
    }
}

/// The form, and what was found.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, query: QueryPairs) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let asked = Asked::of(&query);
    let (org, named) = (visit.org(), asked.is_named());
    let (reference, wanted) = (asked.reference.clone(), asked.wanted.clone());
    let found = blocking(&console, move |engine| {
        if named {
            return Ok(Found::Named(engine.transactions_by_reference(org, &reference)?));
        }
        Ok(Found::Looked(engine.look_for_transactions(org, &wanted)?))
    })
    .await?;
    let content = html! {
        (part::lead("Transactions", &html! {}))
        (form(&asked))
        @match &found {
            Found::Named(rows) => { (by_reference(&visit, rows)) }
            Found::Looked(looked) => { (looked_for(&visit, &asked, looked)) }
        }
    };
    Ok(layout::page(&visit, "Transactions", &content))
}

fn form(asked: &Asked) -> Markup {
    let (reference, wanted) = (&asked.reference, &asked.wanted);
    html! {
        form.filters action="/console/transactions" {
            div { label for="text" { "Says" } input #text name="text" value=(wanted.text) maxlength="300" placeholder="Name, e-mail, phone, …"; }
            div { label for="state" { "State" } select #state name="state" {
                option value="" { "Any" }
                @for state in State::ALL { option value=(state) selected[wanted.state == Some(*state)] { (format::state(*state)) } }
            } }
            div { label for="reason" { "Reason" } select #reason name="reason" {
                option value="" { "Any" }
                @for reason in Reason::ALL { option value=(reason) selected[wanted.reason == Some(*reason)] { (format::reason(*reason)) } }
            } }
            button { "Find" }
        }
        form.filters action="/console/transactions" {
            div { label for="source" { "Source" } input #source name="source" value=(reference.source) required maxlength="200"; }
            div { label for="id" { "Reference" } input #id name="id" value=(reference.id) required maxlength="200"; }
            button { "Find by reference" }
        }
    }
}

fn by_reference(visit: &Visit, rows: &[TransactionView]) -> Markup {
    html! {
        @if rows.is_empty() { (part::empty("Nothing under this reference", "Source and reference have to be spelled as the sender does, letter case included.")) }
        @else { (list(visit, rows)) }
    }
}

fn looked_for(visit: &Visit, asked: &Asked, looked: &Looked) -> Markup {
    let nothing = looked.list.is_empty() && looked.of_contacts.is_empty();
    let further = looked.next.map(|next| format!("/console/transactions?{}before={next}", asked.query()));
    html! {
        @if !looked.of_contacts.is_empty() { h2 { "Of contacts that fit" } (list(visit, &looked.of_contacts)) }
        @if !looked.list.is_empty() { @if !asked.wanted.text.is_empty() { h2 { "That say it themselves" } } (list(visit, &looked.list)) }
        @if nothing { (part::empty("Nothing was found", if further.is_some() { "Not among the newest; older submissions were not looked through yet." } else { "No submission fits all that is asked for." })) }
        @if let Some(path) = further {
            nav.row aria-label="Pages" { a.button rel="next" href=(path) { "Look further back" } }
        }
    }
}

fn list(visit: &Visit, rows: &[TransactionView]) -> Markup {
    html! {
        div.panel { table.stack {
            thead { tr { @for head in ["Who", "State", "Reason", "Reference", "Contact", "Received"] { th scope="col" { (head) } } } }
            tbody { @for row in rows { tr {
                th scope="row" { a data-row href=(part::transaction_path(row.id)) { (sent_name(&row.submission)) } }
                td data-name="State" { (part::state(row.state)) }
                td data-name="Reason" { @if let Some(reason) = row.reason { (format::reason(reason)) } }
                td data-name="Reference" { @if let Some(reference) = &row.submission.reference { (reference.source) " / " span.id { (reference.id) } } }
                td data-name="Contact" { @if let Some(id) = row.contact { a href=(part::contact_path(id)) { (id) } } }
                td data-name="Received" { (format::time(row.received_at, visit.zone)) }
            } } }
        } }
    }
}
