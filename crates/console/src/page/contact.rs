//! `GET /console/contacts/{id}`: the golden record, where each value came from, and how it became what it is.

use super::Answer;
use crate::Console;
use crate::failure::Failure;
use crate::format;
use crate::view::compare::{address_line, person_name};
use crate::view::layout::{self, token};
use crate::view::part;
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use serde_json::Value;
use std::collections::BTreeMap;
use tributary_contact::diff::Change;
use tributary_contact::{ContactId, Golden, GoldenIndividual, RecordId};
use tributary_engine::{EngineError, TransactionView};
use tributary_store::{AuditRow, ContactRow, Role};

/// Records whose senders are looked up for the provenance.
const RECORDS: usize = 200;

struct Shown {
    contact: ContactRow,
    audit: Vec<AuditRow>,
    /// The submissions that the values came from.
    records: BTreeMap<RecordId, TransactionView>,
}

/// The page.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, id: web::Path<i64>) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let (org, id) = (visit.org(), ContactId(*id));
    let shown = blocking(&console, move |engine| {
        let contact = engine.contact(org, id)?.ok_or(EngineError::NotFound)?;
        let audit = engine.contact_audit(org, id)?;
        let mut ids: Vec<RecordId> = contact.golden.provenance.values().copied().collect();
        ids.extend(audit.iter().filter_map(|row| row.record));
        ids.sort_unstable();
        ids.dedup();
        let mut records = BTreeMap::new();
        for id in ids.into_iter().rev().take(RECORDS) {
            records.extend(engine.transaction(org, id)?.map(|row| (id, row)));
        }
        Ok(Shown { contact, audit, records })
    })
    .await?;
    if shown.contact.id != id {
        return Err(Failure::NotFound);
    }
    Ok(layout::page(&visit, part::name(&shown.contact), &content(&visit, &shown)))
}

fn content(visit: &Visit, shown: &Shown) -> Markup {
    let contact = &shown.contact;
    let golden = &contact.golden;
    html! {
        (part::lead(part::name(contact), &html! { p.soft { (golden.contact_type.base) ", contact " (contact.id) ", version " (contact.version) } }))
        @if let Some(survivor) = contact.merged_into { div.note.needs { p { "Merged into " a href=(part::contact_path(survivor)) { "contact " (survivor) } "." } } }
        div.two {
            section.panel { h2 { "Contact" } (whole(shown, golden)) }
            @for person in &golden.individuals { section.panel { h2 { (person_name(person)) } (individual(shown, person)) } }
        }
        section.panel { h2 { "History" } (history(visit, shown)) }
    }
}

fn whole(shown: &Shown, golden: &Golden) -> Markup {
    html! {
        dl.pairs {
            @for (field, value) in &golden.fields { dt { (format::words(field.as_str())) } dd { (value) (from(shown, field.as_str())) } }
            @for address in &golden.addresses {
                dt { "Address" @if address.address.primary { " (primary)" } }
                dd { (address_line(&address.address)) (from(shown, &format!("addresses/{}", address.id))) }
            }
            @for reference in &golden.references { dt { "Reference" } dd { (reference.source) " / " span.id { (reference.id) } } }
            @if !golden.tags.is_empty() { dt { "Tags" } dd { @for tag in &golden.tags { span.tag { (tag) } " " } } }
            @for (name, value) in &golden.custom_fields { dt { (name) } dd { (value) (from(shown, &format!("customFields/{name}"))) } }
        }
    }
}

fn individual(shown: &Shown, person: &GoldenIndividual) -> Markup {
    html! {
        dl.pairs {
            @for (field, value) in &person.fields {
                dt { (format::words(field.as_str())) } dd { (value) (from(shown, &format!("individuals/{}/{field}", person.id))) }
            }
            @for method in &person.methods {
                dt { (method.label) }
                dd { (method.value) @if method.primary { " (primary)" } @if !method.opted_in { " " span.tag { "opted out" } } (from(shown, &format!("methods/{}", method.id))) }
            }
            @if !person.also_known_as.is_empty() { dt { "Also known as" } dd { (person.also_known_as.iter().cloned().collect::<Vec<_>>().join(", ")) } }
            dt { "Number" } dd { (person.id) }
        }
    }
}

/// Where a value came from: the sender and its submission.
fn from(shown: &Shown, path: &str) -> Markup {
    let record = shown.contact.golden.provenance.get(path).and_then(|id| shown.records.get(id));
    html! {
        @if let Some(row) = record {
            " " small { "from " a href=(part::transaction_path(row.id)) {
                @match &row.submission.reference { Some(reference) => { (reference.source) } None => { "a submission" } }
            } }
        }
    }
}

fn history(visit: &Visit, shown: &Shown) -> Markup {
    html! {
        ol.history reversed { @for row in shown.audit.iter().rev() { li {
            h3 { (deed(row)) }
            p.soft { (format::time(row.at, visit.zone)) ", version " (row.version)
                @if let Some(run) = row.run { ", " a href={ "/console/runs/" (run) } { "run " (run) } }
                @if let Some(record) = row.record.and_then(|id| shown.records.get(&id)) { ", " a href=(part::transaction_path(record.id)) { "submission" } }
            }
            (changes(row))
            @if visit.may(Role::Reviewer) { (undo(visit, shown, row)) }
        } } }
    }
}

/// The way back from a merge or a creation, as long as the submission still belongs here.
fn undo(visit: &Visit, shown: &Shown, row: &AuditRow) -> Markup {
    let record = row.record.and_then(|id| shown.records.get(&id));
    let mine = record.filter(|record| record.contact == Some(shown.contact.id) && row.action != "undo");
    html! {
        @if let Some(record) = mine {
            form method="post" action={ (part::transaction_path(record.id)) "/undo" } { (token(visit)) button { "Take this submission back out" } }
        }
    }
}

/// What was done and by whom, in words.
fn deed(row: &AuditRow) -> String {
    let what = match row.action.as_str() {
        "create" => "Created",
        "merge" => "Merged",
        "load" => return "Loaded from a file".to_owned(),
        "undo" => "Taken back",
        "edit" => "Edited",
        other => return format!("{} by {}", format::words(other), row.actor),
    };
    format!("{what} by {}", row.actor)
}

fn changes(row: &AuditRow) -> Markup {
    let changes: Vec<Change> = serde_json::from_str(&row.changes).unwrap_or_default();
    html! {
        @if !changes.is_empty() {
            details { summary { (format::counted(i64::try_from(changes.len()).unwrap_or_default(), "value", "values")) " changed" }
                div.scroll tabindex="0" role="region" aria-label="Changed values" { table {
                    thead { tr { th scope="col" { "Value" } th scope="col" { "Before" } th scope="col" { "After" } } }
                    tbody { @for change in &changes { tr { th scope="row" { (path_words(&change.field)) } td { (text(change.before.as_ref())) } td { (text(change.after.as_ref())) } } } }
                } }
            }
        }
    }
}

/// A path of a change in words: `individuals/81/lastName` is `Person 81, Last name`.
fn path_words(path: &str) -> String {
    let mut parts = path.split('/');
    let whole = parts.next().unwrap_or(path);
    let kind = match whole {
        "individuals" => "Person".to_owned(),
        "methods" => "Contact point".to_owned(),
        "addresses" => "Address".to_owned(),
        other => format::words(other),
    };
    let number = parts.next().map(|number| format!(" {number}")).unwrap_or_default();
    let field = parts.next().map(|field| format!(", {}", format::words(field))).unwrap_or_default();
    format!("{kind}{number}{field}")
}

/// A changed value: a text, or the values of a method or an address.
fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Object(map)) => map
            .iter()
            .filter(|(name, value)| map.len() == 1 || name.as_str() != "id" || !value.is_number())
            .map(|(name, value)| format!("{}: {}", format::words(name), text(Some(value))))
            .collect::<Vec<_>>()
            .join(", "),
        Some(Value::Array(list)) => list.iter().map(|one| text(Some(one))).collect::<Vec<_>>().join("; "),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_is_told_in_words() {
        assert_eq!(path_words("individuals/81/lastName"), "Person 81, Last name");
        assert_eq!(path_words("addresses/84"), "Address 84");
        assert_eq!(path_words("contactType"), "Contact type");
        assert_eq!(text(Some(&json!([{"source": "crm", "id": "c1"}]))), "Id: c1, Source: crm");
        assert_eq!(text(Some(&json!({"id": 5, "type": "Home Email"}))), "Type: Home Email");
        assert_eq!(text(Some(&json!({"id": 5}))), "Id: 5");
        assert_eq!(text(None), "–");
    }
}
