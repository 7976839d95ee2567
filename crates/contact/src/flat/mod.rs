//! The flat contact transaction (virtuous-contract.md 1.0 and 1.2) and the flat on-file row: JSON to
//! [`Submission`] and back. Lenient about types and letter case, strict about meaning; every problem
//! is reported at once.

mod check;
mod custom;
mod draft;
mod gift;
mod lists;
mod plain;
mod reader;
mod show;
mod table;
#[cfg(test)]
mod tests;

pub use check::{clean, contact_type, email_label, is_email, phone_label};
pub use custom::{CustomFields, custom_fields, custom_objects, date, defined_name};
pub use draft::check_birthday;
pub use gift::{GiftContext, parse_gift};
pub use lists::{named_values, names};
pub use plain::{PlainRow, Text, plain_flat, plain_record};
pub use reader::{Reader, get};
pub use show::to_flat;
pub use table::{Kind, fields, limits};

use crate::issue::{Issue, IssueCode};
use crate::model::{BaseType, CollectionDefinition, Entity, FieldDefinition, Submission};
use draft::Draft;
use serde_json::{Map, Value};

/// What the reader of a flat body has to know beside the body.
#[derive(Debug, Clone, Copy, Default)]
pub struct FlatContext<'a> {
    /// The reference source of bodies that name none themselves, as a batch envelope gives it.
    pub source: Option<&'a str>,
    /// The organization's own contact types, each under its base type.
    pub custom_types: &'a [(BaseType, String)],
    /// The custom fields that the organization defines. Values of others are kept as they come.
    pub custom_fields: &'a [(Entity, FieldDefinition)],
    /// The custom collections that it defines. Entries of others are kept as they come.
    pub collections: &'a [CollectionDefinition],
    /// Put before every field path, for example `contacts[3].`; empty for a single body.
    pub prefix: &'a str,
}

/// A flat body that was read without problems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What the sender says.
    pub submission: Submission,
    /// Names of fields that mean nothing here, as sent. They were ignored; count them, but never
    /// use them as metric labels as they are, since senders choose them.
    pub unknown_fields: Vec<String>,
}

/// What could be read of a body, and what is wrong with the rest of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readable {
    /// What the sender says, without the values that have a problem. A reference without a source keeps its id, which
    /// names the row; it has an empty source then and must be compared with nothing.
    pub submission: Submission,
    /// Every problem, in the order of the body's fields.
    pub issues: Vec<Issue>,
}

/// Reads a flat contact transaction.
///
/// Blank (`null`, an empty text) is absent. Names match in any letter case; of two spellings of one
/// name the first with a value counts. Event flags without an event are ignored.
///
/// # Errors
///
/// Every problem of the body, in the order of the body's fields.
pub fn parse_flat(body: &Value, context: &FlatContext<'_>) -> Result<Parsed, Vec<Issue>> {
    let (map, mut reader) = open(body, context)?;
    let submission = read(map, context, &mut reader);
    let unknown_fields = reader.finish()?;
    Ok(Parsed { submission, unknown_fields })
}

/// Reads as much of a flat contact transaction as can be read, for files of which no row may get lost.
#[must_use]
pub fn read_flat(body: &Value, context: &FlatContext<'_>) -> Readable {
    match open(body, context) {
        Ok((map, mut reader)) => Readable { submission: read(map, context, &mut reader), issues: reader.into_issues() },
        Err(issues) => Readable { issues, ..Readable::default() },
    }
}

/// Reads as much of an on-file row as can be read, as [`parse_record`] does; no group when the row has none that can be
/// read.
#[must_use]
pub fn read_record(row: &Value, context: &FlatContext<'_>) -> (Option<String>, Readable) {
    match open(row, context) {
        Ok((map, mut reader)) => {
            let (group, submission) = record(map, context, &mut reader);
            (group, Readable { submission, issues: reader.into_issues() })
        }
        Err(issues) => (None, Readable { issues, ..Readable::default() }),
    }
}

/// As [`parse_flat`], for a body whose contact is named beside it, so that it may say nothing at all.
fn parse_pinned(body: &Value, context: &FlatContext<'_>) -> Result<Parsed, Vec<Issue>> {
    let (map, mut reader) = open(body, context)?;
    let submission = read_fields(map, context, &mut reader);
    let unknown_fields = reader.finish()?;
    Ok(Parsed { submission, unknown_fields })
}

/// Reads an on-file row: the flat fields plus `contactId`, the contact that the row belongs to in the
/// file it comes from. Rows of one contact share it.
///
/// # Errors
///
/// Every problem of the row; a row without `contactId` is one.
pub fn parse_record(row: &Value, context: &FlatContext<'_>) -> Result<(String, Submission), Vec<Issue>> {
    let (map, mut reader) = open(row, context)?;
    let (group, submission) = record(map, context, &mut reader);
    reader.finish()?;
    Ok((group.unwrap_or_default(), submission))
}

fn record(
    map: &Map<String, Value>,
    context: &FlatContext<'_>,
    reader: &mut Reader<'_>,
) -> (Option<String>, Submission) {
    let group = reader::get(map, "contactId").and_then(|id| reader.text("contactId", id, limits::REFERENCE));
    if group.is_none() {
        reader.require("contactId", "Says which rows are one contact.");
    }
    (group, read(map, context, reader))
}

type Opened<'b, 'c> = (&'b Map<String, Value>, Reader<'c>);

fn open<'b, 'c>(body: &'b Value, context: &FlatContext<'c>) -> Result<Opened<'b, 'c>, Vec<Issue>> {
    let whole = context.prefix.trim_end_matches('.');
    match body {
        Value::Object(map) => Ok((map, Reader::new(context.prefix))),
        _ => Err(vec![Issue::new(whole, IssueCode::InvalidType, "Not a JSON object.")]),
    }
}

fn read(map: &Map<String, Value>, context: &FlatContext<'_>, reader: &mut Reader<'_>) -> Submission {
    let submission = read_fields(map, context, reader);
    if !says_something(&submission) {
        reader.require_whole("Needs a name, an e-mail, a phone, an address or a reference.");
    }
    submission
}

fn read_fields(map: &Map<String, Value>, context: &FlatContext<'_>, reader: &mut Reader<'_>) -> Submission {
    let mut draft = Draft::default();
    for (name, value) in map {
        match table::find(name) {
            Some(entry) => draft.take(entry, value, context, reader),
            None => reader.unknown(name),
        }
    }
    draft.finish(context, reader)
}

/// Whether there is anything to find or make a contact with, even if only by a person.
#[must_use]
pub fn says_something(submission: &Submission) -> bool {
    use crate::model::Field::{FirstName, LastName, Name};
    submission.reference.is_some()
        || !submission.methods.is_empty()
        || !submission.addresses.is_empty()
        || [Name, FirstName, LastName].iter().any(|&field| submission.field(field).is_some())
}
