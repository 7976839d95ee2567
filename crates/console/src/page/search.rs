//! `GET /console/search`: what staff type into the search field. A transaction's id and a number or reference lead
//! straight to their page; anything else is looked for in contacts.

use super::{Answer, to};
use crate::Console;
use crate::form::{self, QueryPairs};
use crate::format;
use crate::view::{layout, part};
use crate::visit::{blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_contact::{ContactId, Field, Method, MethodKind, OrganizationId, RecordId, Reference};
use tributary_engine::{Engine, EngineError, Page, SearchHit, one_line};
use tributary_store::Role;

/// Contacts of one page.
const SHOWN: i64 = 50;

/// What was found.
enum Found {
    /// One thing and no other: its page.
    One(String),
    /// Contacts, the best first.
    Contacts(Page<SearchHit>),
}

/// 303 to the only thing that was found, or a list, or a page that says what can be searched for.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, query: QueryPairs) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let (org, text) = (visit.org(), form::value(&query, "q").unwrap_or_default().to_owned());
    let wanted = text.clone();
    let page = match blocking(&console, move |engine| find(engine, org, &wanted)).await? {
        Found::One(path) => return Ok(to(&path)),
        Found::Contacts(page) => page,
    };
    let content = html! {
        (part::lead("Search", &html! {}))
        @if page.total > 0 { (list(&text, &page)) } @else { (nothing(&text)) }
    };
    Ok(layout::page(&visit, "Search", &content))
}

fn nothing(text: &str) -> Markup {
    html! {
        div.panel {
            @if text.is_empty() { p { "What are you looking for?" } }
            @else { p { "Nothing was found for " b { (text) } "." } }
            p { "Search takes:" }
            ul {
                li { "names, or the beginnings of names; a slip of the finger is forgiven" }
                li { "an e-mail address, a telephone number, a street or a town, whole or in part" }
                li { "the number of a contact, or the id of a transaction" }
                li { "a reference, as " code { "source/id" } ", for example " code { "Harbor Giving/hg-17" } }
            }
        }
    }
}

fn list(text: &str, page: &Page<SearchHit>) -> Markup {
    html! {
        div.panel {
            p { (format::count(page.total)) " found for " b { (text) } @if page.total > SHOWN { "; the best " (SHOWN) " are shown" } "." }
            table {
                thead { tr { th { "Contact" } th { "Address" } th { "E-mail" } th { "Phone" } } }
                tbody {
                    @for hit in &page.list {
                        tr {
                            td { a href=(part::contact_path(hit.contact.id)) { (name(hit)) } }
                            td { (address(hit)) }
                            td { (method(hit, MethodKind::Email)) }
                            td { (method(hit, MethodKind::Phone)) }
                        }
                    }
                }
            }
        }
    }
}

/// The contact, and the person that was found when the contact does not say so.
fn name(hit: &SearchHit) -> Markup {
    let own = part::name(&hit.contact);
    let person = hit.contact.golden.individuals.iter().find(|person| Some(person.id) == hit.individual);
    let parts = [Field::FirstName, Field::LastName].into_iter().filter_map(|field| person?.field(field));
    let person = parts.collect::<Vec<_>>().join(" ");
    html! { (own) @if !person.is_empty() && person != own { " (" (person) ")" } }
}

fn address(hit: &SearchHit) -> String {
    let primary = hit.contact.golden.addresses.iter().find(|own| own.address.primary);
    primary.map(|own| one_line(&own.address)).unwrap_or_default()
}

/// The primary method of a kind, of the person that was found.
fn method(hit: &SearchHit, kind: MethodKind) -> &str {
    let people = hit.contact.golden.individuals.iter().filter(|person| Some(person.id) == hit.individual);
    let is_of = |label: &str| {
        Method { label: label.to_owned(), value: String::new(), opted_in: None, primary: false }.kind() == kind
    };
    let mut own = people.flat_map(|person| &person.methods).filter(|own| own.primary && is_of(&own.label));
    own.next().map_or("", |own| own.value.as_str())
}

fn find(engine: &Engine, org: OrganizationId, text: &str) -> Result<Found, EngineError> {
    if let Some(path) = named(engine, org, text)? {
        return Ok(Found::One(path));
    }
    let page = engine.search_contacts(org, text, &[], 0, SHOWN)?;
    Ok(match page.list.as_slice() {
        [hit] => Found::One(part::contact_path(hit.contact.id)),
        _ => Found::Contacts(page),
    })
}

/// The page of the thing that has this id, number or reference.
fn named(engine: &Engine, org: OrganizationId, text: &str) -> Result<Option<String>, EngineError> {
    if let Ok(id) = text.parse() {
        return Ok(engine.transaction(org, RecordId(id))?.map(|row| part::transaction_path(row.id)));
    }
    if let Ok(id) = text.parse() {
        return Ok(engine.contact(org, ContactId(id))?.map(|contact| part::contact_path(contact.id)));
    }
    let Some((source, id)) = text.split_once('/') else { return Ok(None) };
    let reference = Reference { source: source.trim().to_owned(), id: id.trim().to_owned() };
    if let Some(contact) = engine.contact_by_reference(org, &reference)? {
        return Ok(Some(part::contact_path(contact.id)));
    }
    let rows = engine.transactions_by_reference(org, &reference)?;
    Ok(rows.first().map(|row| part::transaction_path(row.id)))
}
