//! `/console/contacts/{id}/merge`: merges another contact into this one, chosen by number or search, after a look at what
//! survives.

use crate::Console;
use crate::failure::Failure;
use crate::form::{self, FormPairs, QueryPairs};
use crate::page::merging::{self, Preview};
use crate::page::{Answer, to};
use crate::view::compare::person_name;
use crate::view::{layout, part};
use crate::visit::{Visit, action, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use std::collections::BTreeMap;
use tributary_contact::{ContactId, OrganizationId};
use tributary_engine::{Engine, EngineError, MergeRequest};
use tributary_store::{ContactRow, Role};

/// Contacts of a search that are offered.
const OFFERED: i64 = 20;

/// What is on the page.
enum Found {
    /// The contact, what was searched for and who was found.
    Choice(Box<ContactRow>, String, Vec<ContactRow>),
    /// The merge before it is made.
    Preview(Box<Preview>),
}

/// Chooses the other contact, or previews the merge.
pub(crate) async fn show(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<i64>,
    query: QueryPairs,
) -> Answer {
    let visit = visit(&console, &request, Role::Reviewer).await?;
    let (org, id) = (visit.org(), ContactId(*id));
    let pairs = query.into_inner();
    let found = blocking(&console, move |engine| found(engine, org, id, &pairs)).await?;
    let content = match &found {
        Found::Choice(contact, text, hits) => choice(contact, text, hits),
        Found::Preview(preview) => page(&visit, id, preview),
    };
    Ok(layout::page(&visit, "Merge contacts", &content))
}

/// Merges, or shows what the choices would make.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<i64>,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, who) = (visit.org(), visit.actor());
    let (survivor, merged) = merging::both(&pairs).filter(|both| both.0.0 == *id).ok_or(Failure::NotFound)?;
    let request = merging::request(&pairs, survivor, merged);
    if form::value(&pairs, "action") == Some("preview") {
        let preview = blocking(&console, move |engine| Preview::read(engine, org, &request)).await?;
        return Ok(layout::page(&visit, "Merge contacts", &page(&visit, survivor, &preview)));
    }
    blocking(&console, move |engine| engine.merge_contacts(org, &who, &request).map(drop)).await?;
    Ok(to(&format!("{}?merged={merged}", part::contact_path(survivor))))
}

fn found(
    engine: &Engine,
    org: OrganizationId,
    id: ContactId,
    pairs: &[(String, String)],
) -> Result<Found, EngineError> {
    if let Some(other) = form::number(pairs, "with").map(ContactId) {
        let request = MergeRequest { survivor: id, merged: other, people: BTreeMap::new(), choices: BTreeMap::new() };
        return Ok(Found::Preview(Box::new(Preview::read(engine, org, &request)?)));
    }
    let contact = engine.contact(org, id)?.ok_or(EngineError::NotFound)?;
    let text = form::value(pairs, "q").unwrap_or_default();
    let mut hits: Vec<ContactRow> = match text.parse() {
        _ if text.is_empty() => Vec::new(),
        Ok(number) => engine.contact(org, ContactId(number))?.into_iter().collect(),
        Err(_) => engine.search_contacts(org, text, &[], 0, OFFERED)?.list.into_iter().map(|hit| hit.contact).collect(),
    };
    hits.retain(|hit| hit.id != id && hit.merged_into.is_none());
    Ok(Found::Choice(Box::new(contact), text.to_owned(), hits))
}

fn choice(contact: &ContactRow, text: &str, hits: &[ContactRow]) -> Markup {
    let path = format!("{}/merge", part::contact_path(contact.id));
    html! {
        (part::lead("Merge contacts", &html! { p { "Into " a href=(part::contact_path(contact.id)) { (part::name(contact)) } " (" (contact.id) ")" } }))
        form.filters action=(path) {
            div { label for="q" { "Which contact goes into it" } input #q name="q" value=(text) required maxlength="300" placeholder="Number, name, e-mail, phone" autofocus; }
            button { "Find" }
        }
        @if hits.is_empty() && !text.is_empty() { (part::empty("Nobody was found", "Try the number of the contact, a name, a mailbox or a telephone number.")) }
        @if !hits.is_empty() { div.panel { table.stack {
            thead { tr { th scope="col" { "Contact" } th scope="col" { "People" } th scope="col" { "References" } } }
            tbody { @for hit in hits { tr {
                th scope="row" { a data-row href={ (path) "?with=" (hit.id) } { (part::name(hit)) " (" (hit.id) ")" } }
                td data-name="People" { (hit.golden.individuals.iter().map(person_name).collect::<Vec<_>>().join(", ")) }
                td data-name="References" { (hit.golden.references.iter().map(|own| format!("{} / {}", own.source, own.id)).collect::<Vec<_>>().join(", ")) }
            } } }
        } } }
    }
}

fn page(visit: &Visit, survivor: ContactId, preview: &Preview) -> Markup {
    let path = part::contact_path(survivor);
    let other = preview.merged();
    let beside = html! {
        a.button href={ (part::contact_path(other)) "/merge?with=" (survivor) } { "Keep the other number" }
        a.button href=(path) { "Cancel" }
    };
    html! {
        (part::lead("Merge contacts", &preview.heading()))
        (preview.markup(visit, &format!("{path}/merge"), &beside))
        section.panel { h2 { "They are two" } (merging::two(visit, &format!("{path}/not-duplicate"), (survivor, other), false)) }
    }
}
