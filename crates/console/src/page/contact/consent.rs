//! `GET /console/contacts/{id}/consent`: who said when that the people of a contact may be written to, or may not.

use crate::Console;
use crate::form::{self, QueryPairs};
use crate::format;
use crate::page::Answer;
use crate::view::{layout, part};
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_contact::ContactId;
use tributary_engine::{Consent, ConsentChange};
use tributary_store::Role;

/// Changes of one page.
const SIZE: usize = 50;

/// The page.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<i64>,
    query: QueryPairs,
) -> Answer {
    let visit = visit(&console, &request, Role::Reviewer).await?;
    let (org, id) = (visit.org(), ContactId(*id));
    let page =
        form::number(&query, "page").and_then(|page| usize::try_from(page).ok()).unwrap_or_default().min(100_000);
    let consent = blocking(&console, move |engine| engine.consent(org, id, page * SIZE, SIZE)).await?;
    Ok(layout::page(&visit, "Consent history", &content(&visit, &consent, page)))
}

fn content(visit: &Visit, consent: &Consent, page: usize) -> Markup {
    let path = part::contact_path(consent.contact);
    let (size, number) = (i64::try_from(SIZE).unwrap_or(i64::MAX), i64::try_from(page).unwrap_or_default());
    html! {
        (part::lead("Consent history", &html! { p { a href=(path) { "Contact " (consent.contact) } } }))
        @if consent.changes.list.is_empty() { (part::empty("Nothing was said yet", "Each mailbox, number and profile that is added or opted in or out shows up here.")) }
        @else {
            div.panel { table.stack {
                thead { tr { @for head in ["Where", "Before", "After", "When", "Said by"] { th scope="col" { (head) } } } }
                tbody { @for change in &consent.changes.list { (line(visit, change)) } }
            } }
            (part::pages(&format!("{path}/consent"), "", number, size, consent.changes.total))
        }
    }
}

fn line(visit: &Visit, change: &ConsentChange) -> Markup {
    html! { tr {
        th scope="row" { (change.value.as_deref().unwrap_or("–")) " " span.soft { (change.kind.as_deref().unwrap_or_default()) } }
        td data-name="Before" { (said(change.before)) }
        td data-name="After" { (said(change.after)) }
        td data-name="When" { (format::time(change.at, visit.zone)) }
        td data-name="Said by" { @match &change.source { Some(source) => { (source) ", taken up by " (change.actor) } None => { (change.actor) } } }
    } }
}

const fn said(opted_in: Option<bool>) -> &'static str {
    match opted_in {
        Some(true) => "opted in",
        Some(false) => "opted out",
        None => "not there",
    }
}
