//! `GET /console/search`: an e-mail address, a contact's number, a transaction's id, or `source/reference`.

use super::{Answer, to};
use crate::Console;
use crate::form::{self, QueryPairs};
use crate::view::{layout, part};
use crate::visit::{blocking, visit};
use actix_web::{HttpRequest, web};
use maud::html;
use tributary_contact::{ContactId, OrganizationId, RecordId, Reference};
use tributary_engine::{Engine, EngineError};
use tributary_store::Role;

/// 303 to what was found, or a page that says what can be searched for.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, query: QueryPairs) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let (org, text) = (visit.org(), form::value(&query, "q").unwrap_or_default().to_owned());
    let wanted = text.clone();
    if let Some(path) = blocking(&console, move |engine| find(engine, org, &wanted)).await? {
        return Ok(to(&path));
    }
    let content = html! {
        (part::lead("Search", &html! {}))
        div.panel {
            @if text.is_empty() { p { "What are you looking for?" } }
            @else { p { "Nothing was found for " b { (text) } "." } }
            p { "Search takes:" }
            ul {
                li { "an e-mail address, whole" }
                li { "the number of a contact" }
                li { "the id of a transaction" }
                li { "a reference, as " code { "source/id" } ", for example " code { "Harbor Giving/hg-17" } }
            }
        }
    };
    Ok(layout::page(&visit, "Search", &content))
}

fn find(engine: &Engine, org: OrganizationId, text: &str) -> Result<Option<String>, EngineError> {
    if let Ok(id) = text.parse() {
        return Ok(engine.transaction(org, RecordId(id))?.map(|row| part::transaction_path(row.id)));
    }
    if let Ok(id) = text.parse() {
        return Ok(engine.contact(org, ContactId(id))?.map(|contact| part::contact_path(contact.id)));
    }
    if let Some((source, id)) = text.split_once('/') {
        let reference = Reference { source: source.trim().to_owned(), id: id.trim().to_owned() };
        if let Some(contact) = engine.contact_by_reference(org, &reference)? {
            return Ok(Some(part::contact_path(contact.id)));
        }
        let rows = engine.transactions_by_reference(org, &reference)?;
        return Ok(rows.first().map(|row| part::transaction_path(row.id)));
    }
    Ok(engine.contact_by_email(org, text)?.map(|contact| part::contact_path(contact.id)))
}
