//! Where a value on file came from: told beside it when it has the pointer or the focus.

use crate::format;
use crate::view::compare::Held;
use chrono_tz::Tz;
use maud::{Markup, html};
use tributary_contact::{Golden, RecordKind, SourceRecord};

/// The records of a contact, by the values that they supplied.
#[derive(Clone, Copy)]
pub(crate) struct Suppliers<'a> {
    pub(crate) golden: &'a Golden,
    pub(crate) records: &'a [SourceRecord],
    pub(crate) zone: Tz,
}

impl Suppliers<'_> {
    /// Who supplied a value and when, in words; none when that cannot be told.
    pub(crate) fn told(&self, path: &str) -> Option<String> {
        let id = self.golden.provenance.get(path)?;
        let record = self.records.iter().find(|record| record.id == *id)?;
        Some(format!("{}, {}", source(record), format::time(record.received_at, self.zone)))
    }
}

/// How a record came and from whom, in words.
pub(crate) fn source(record: &SourceRecord) -> String {
    let named = record.submission.reference.as_ref().map(|own| format!("{} / {}", own.source, own.id));
    match (record.kind, named) {
        (RecordKind::Transaction, Some(name)) => format!("sent by {name}"),
        (RecordKind::Transaction, None) => "sent without a reference".to_owned(),
        (RecordKind::Load, Some(name)) => format!("loaded from a file as {name}"),
        (RecordKind::Load, None) => "loaded from a file".to_owned(),
        (RecordKind::Create, _) => "created directly".to_owned(),
        (RecordKind::Edit, _) => "said by staff".to_owned(),
    }
}

/// A value with its provenance. `id` is unique on the page.
pub(crate) fn value(held: &Held, suppliers: Option<&Suppliers<'_>>, id: &str) -> Markup {
    let told = held.path.as_ref().zip(suppliers).and_then(|(path, suppliers)| suppliers.told(path));
    html! {
        @match told {
            Some(told) => { span.value tabindex="0" aria-describedby=(id) { (held.text) span.from role="tooltip" id=(id) { (told) } } }
            None => { (held.text) }
        }
    }
}
