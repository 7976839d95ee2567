//! The records that a contact is made of, in order of receipt.

use crate::format;
use crate::view::compare::sent_name;
use crate::view::layout::token;
use crate::view::part;
use crate::view::provenance::source;
use crate::visit::Visit;
use maud::{Markup, html};
use tributary_contact::{RecordKind, SourceRecord};
use tributary_engine::ContactRecords;
use tributary_store::Role;

/// Records that are listed, the newest.
const LISTED: usize = 200;

/// The list.
pub(super) fn list(visit: &Visit, of: &ContactRecords) -> Markup {
    let left = of.records.len().saturating_sub(LISTED);
    html! {
        @if of.records.is_empty() { p { "It has no records of its own any more." } }
        @else {
            @if left > 0 { p.soft { "The newest " (LISTED) " of " (of.records.len()) " records." } }
            table.stack {
                thead { tr { @for head in ["Says", "How it came", "Received", "About", "Action"] { th scope="col" { (head) } } } }
                tbody { @for record in of.records.iter().rev().take(LISTED) { (line(visit, of, record)) } }
            }
        }
    }
}

fn line(visit: &Visit, of: &ContactRecords, record: &SourceRecord) -> Markup {
    let sent = record.kind == RecordKind::Transaction;
    let mine = sent && of.contact.merged_into.is_none() && visit.may(Role::Reviewer);
    let person = of.contact.golden.individual(record.individual);
    html! { tr {
        th scope="row" {
            @if sent { a href=(part::transaction_path(record.id)) { (sent_name(&record.submission)) } }
            @else { (said(record)) }
        }
        td data-name="How it came" { (source(record)) }
        td data-name="Received" { (format::time(record.received_at, visit.zone)) }
        td data-name="About" { @if let Some(person) = person { (crate::view::compare::person_name(person)) } }
        td { @if mine { form method="post" action={ (part::transaction_path(record.id)) "/undo" } { (token(visit)) button.small { "Take this submission back out" } } } }
    } }
}

/// A correction names what it changes rather than a person.
fn said(record: &SourceRecord) -> String {
    let fields: Vec<String> = record.submission.fields.keys().map(|field| format::words(field.as_str())).collect();
    match (record.kind, fields.is_empty()) {
        (RecordKind::Edit, false) => fields.join(", "),
        (RecordKind::Edit, true) => "a correction".to_owned(),
        _ => sent_name(&record.submission),
    }
}
