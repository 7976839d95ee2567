//! `GET /console/contacts/{id}`: the golden record, where each value came from, and how it became what it is.

mod archive;
pub(super) mod consent;
mod deeds;
pub(super) mod duplicates;
pub(super) mod erase;
pub(super) mod export;
pub(super) mod history;
pub(super) mod merge;
mod not_duplicate;
mod records;
pub(super) mod unmerge;

pub(super) use archive::handle as archive;
pub(super) use deeds::merged_toast;
pub(super) use not_duplicate::{handle as say_not_duplicate, said};

use super::Answer;
use super::candidate::relation;
use crate::Console;
use crate::form::{self, QueryPairs};
use crate::format;
use crate::view::compare::{Held, address_line, person_name};
use crate::view::layout;
use crate::view::part;
use crate::view::provenance::{Suppliers, value};
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use std::collections::BTreeMap;
use tributary_contact::{ContactId, Golden, GoldenIndividual, OrganizationId};
use tributary_engine::{ContactRecords, Engine, EngineError, History};
use tributary_store::{ContactRow, MergeRow, NotDuplicateRow, Role};

/// Changes of one page of the history.
const CHANGES: usize = 50;
/// Marks that are listed.
const MARKS: i64 = 200;

/// What the page is made of.
struct Shown {
    of: ContactRecords,
    history: History,
    /// Which page of it, from 0.
    page: usize,
    marks: Vec<NotDuplicateRow>,
    /// Names of the contacts that are spoken of.
    others: BTreeMap<ContactId, ContactRow>,
    /// The contact that was merged into this one just now.
    merged: Option<ContactId>,
}

/// The page.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<i64>,
    query: QueryPairs,
) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let (org, id) = (visit.org(), ContactId(*id));
    let page =
        form::number(&query, "page").and_then(|page| usize::try_from(page).ok()).unwrap_or_default().min(100_000);
    let merged = form::number(&query, "merged").map(ContactId);
    let shown = blocking(&console, move |engine| read(engine, org, id, (page, merged))).await?;
    Ok(layout::page(&visit, part::name(&shown.of.contact), &content(&visit, &shown)))
}

fn read(
    engine: &Engine,
    org: OrganizationId,
    id: ContactId,
    (page, merged): (usize, Option<ContactId>),
) -> Result<Shown, EngineError> {
    let of = engine.contact_records(org, id)?;
    let history = engine.history(org, id, page * CHANGES, CHANGES)?;
    let marks = engine.not_duplicates(org, Some(id), 0, MARKS)?.list;
    let mut others = BTreeMap::new();
    for merge in &of.merges {
        others.extend(engine.contact(org, merge.merged)?.map(|row| (row.id, row)));
    }
    // Only what is in force can be taken back.
    let merged = merged.filter(|merged| of.merges.iter().any(|merge| merge.merged == *merged));
    Ok(Shown { of, history, page, marks, others, merged })
}

fn content(visit: &Visit, shown: &Shown) -> Markup {
    let contact = &shown.of.contact;
    let golden = &contact.golden;
    html! {
        @if let Some(merged) = shown.merged { (deeds::merged_toast(visit, contact.id, merged)) }
        (part::lead(part::name(contact), &html! { p.soft { (golden.contact_type.base) ", contact " (contact.id) ", version " (contact.version) @if contact.archived { " " span.tag.needs { "archived" } } } }))
        @if let Some(survivor) = contact.merged_into { (merged_away(visit, contact.id, survivor)) }
        (deeds::bar(visit, contact))
        div.two {
            section.panel { h2 { "Contact" } (whole(visit, shown)) }
            @for (place, person) in golden.individuals.iter().enumerate() {
                section.panel { h2 { (person_name(person)) " " span.soft { (relation(person, place)) } } (individual(visit, shown, person)) }
            }
        }
        div.two {
            section.panel { h2 { "References" } (references(golden)) }
            @if !shown.of.merges.is_empty() { section.panel { h2 { "Merged into it" } (merges(visit, shown, &shown.of.merges)) } }
            @if !shown.marks.is_empty() { section.panel { h2 { "Not this contact" } (not_duplicate::list(visit, contact.id, &shown.marks)) } }
        }
        section.panel { h2 { "What it is made of" } (records::list(visit, &shown.of)) }
        section.panel { h2 { "History" } (history::list(visit, shown)) }
    }
}

fn merged_away(visit: &Visit, id: ContactId, survivor: ContactId) -> Markup {
    html! {
        div.note.needs.toast {
            p { "Merged into " a href=(part::contact_path(survivor)) { "contact " (survivor) } ". It is shown as it was then." }
            @if visit.may(Role::Reviewer) { (deeds::unmerge(visit, id, None)) }
        }
    }
}

/// A value with who supplied it, beside it in words and on focus in full.
fn supplied(visit: &Visit, shown: &Shown, text: &str, path: &str) -> Markup {
    let of = &shown.of;
    let suppliers = Suppliers { golden: &of.contact.golden, records: &of.records, zone: visit.zone };
    let held = Held { text: text.to_owned(), path: Some(path.to_owned()) };
    let id = format!("from-{}", path.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"));
    let record = of.supplier(path).and_then(|record| record.submission.reference.as_ref());
    html! {
        (value(&held, Some(&suppliers), &id))
        @if let Some(reference) = record { " " small { "from " (reference.source) } }
    }
}

fn whole(visit: &Visit, shown: &Shown) -> Markup {
    let golden = &shown.of.contact.golden;
    html! {
        dl.pairs {
            @for (field, text) in &golden.fields { dt { (format::words(field.as_str())) } dd { (supplied(visit, shown, text, field.as_str())) } }
            @for address in &golden.addresses {
                dt { "Address" @if address.address.primary { " (primary)" } @if address.archived { " (put away)" } }
                dd { (supplied(visit, shown, &address_line(&address.address), &format!("addresses/{}", address.id))) }
            }
            @if !golden.tags.is_empty() { dt { "Tags" } dd { @for tag in &golden.tags { span.tag { (tag) } " " } } }
            @for (name, text) in &golden.custom_fields { dt { (name) } dd { (supplied(visit, shown, text, &format!("customFields/{name}"))) } }
            dt { "Created" } dd { (format::time(shown.of.contact.created_at, visit.zone)) }
        }
    }
}

fn individual(visit: &Visit, shown: &Shown, person: &GoldenIndividual) -> Markup {
    html! {
        dl.pairs {
            @for (field, text) in &person.fields {
                dt { (format::words(field.as_str())) } dd { (supplied(visit, shown, text, &format!("individuals/{}/{field}", person.id))) }
            }
            @for method in &person.methods {
                dt { (method.label) @if method.primary { " (primary)" } @if method.archived { " (put away)" } }
                dd { (supplied(visit, shown, &method.value, &format!("methods/{}", method.id))) @if !method.opted_in { " " span.tag { "opted out" } } }
            }
            @for (name, text) in &person.custom_fields { dt { (name) } dd { (supplied(visit, shown, text, &format!("individuals/{}/customFields/{name}", person.id))) } }
            @if !person.also_known_as.is_empty() { dt { "Also known as" } dd { (person.also_known_as.iter().cloned().collect::<Vec<_>>().join(", ")) } }
            dt { "Number" } dd { (person.id) }
        }
    }
}

fn references(golden: &Golden) -> Markup {
    html! {
        @if golden.references.is_empty() { p { "No sender calls it anything." } }
        @else { table {
            thead { tr { th scope="col" { "Source" } th scope="col" { "Reference" } } }
            tbody { @for own in &golden.references { tr {
                td { (own.source) }
                td { a.id href={ "/console/transactions?source=" (format::encoded(&own.source)) "&id=" (format::encoded(&own.id)) } { (own.id) } }
            } } }
        } }
    }
}

fn merges(visit: &Visit, shown: &Shown, merges: &[MergeRow]) -> Markup {
    html! {
        table.stack {
            thead { tr { @for head in ["Contact", "By", "When", "Action"] { th scope="col" { (head) } } } }
            tbody { @for merge in merges { tr {
                th scope="row" { a href=(part::contact_path(merge.merged)) { (shown.others.get(&merge.merged).map_or("(no name)", part::name)) " (" (merge.merged) ")" } }
                td data-name="By" { (merge.actor) }
                td data-name="When" { (format::time(merge.merged_at, visit.zone)) }
                td { @if visit.may(Role::Reviewer) { (deeds::unmerge(visit, merge.merged, None)) } }
            } } }
        }
    }
}
