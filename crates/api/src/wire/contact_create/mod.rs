//! The body of `POST /api/Contact` in both documented shapes (virtuous-contract.md 1.1.1): one
//! submission per individual, the first of which carries what belongs to the contact as a whole.

mod address;
pub(in crate::wire) mod individual;
mod schema;
pub(in crate::wire) mod table;

#[cfg(test)]
mod tests;

use individual::Individual;
pub(crate) use individual::METHOD_TYPES;
pub(crate) use schema::{methods_schema, schema};
use serde_json::{Map, Value};
use table::{CONTACT, Slot};
use tributary_contact::flat::{self, Reader, get, limits};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{ContactType, Entity, Field, Reference, Submission};
use tributary_engine::{Catalogue, Creation};

/// A body that was read without problems.
#[derive(Debug, PartialEq)]
pub(crate) struct Parsed {
    /// What is to be created.
    pub new: Creation,
    /// How many fields meant nothing here.
    pub unknown_fields: usize,
}

/// What was found wrong so far, over all parts of the body.
#[derive(Debug, Default)]
pub(super) struct Findings {
    issues: Vec<Issue>,
    unknown: usize,
}

impl Findings {
    /// Takes over what a reader of one part found.
    fn absorb(&mut self, reader: Reader<'_>) {
        match reader.finish() {
            Ok(unknown) => self.unknown += unknown.len(),
            Err(issues) => self.issues.extend(issues),
        }
    }
}

/// Reads the body.
///
/// # Errors
/// Every problem of it, each with its path.
pub(crate) fn parse(body: &Map<String, Value>, catalogue: &Catalogue) -> Result<Parsed, Vec<Issue>> {
    let mut findings = Findings::default();
    let mut reader = Reader::new("");
    let mut head = contact_values(body, catalogue, &mut reader);
    head.contact_type = contact_type(body, catalogue, &mut reader);
    let references = references(body, &mut reader);
    // Of a type that is none nobody knows what it needs.
    let known = head.contact_type.is_some() || get(body, "contactType").is_none_or(super::contact_change::is_blank);
    let household = known && head.contact_type().is_household();
    if known && !household && head.field(Field::Name).is_none() {
        reader.require("name", "An organization or foundation needs a name.");
    }
    head.addresses = address::read(body, &mut findings);
    let people = individual::read_all(body, (household, catalogue), &mut reader, &mut findings);
    let archived = get(body, "isArchived").and_then(|value| reader.boolean("isArchived", value)).unwrap_or(false);
    let (parts, references) = assemble(head, people, references);
    findings.absorb(reader);
    if findings.issues.is_empty() {
        let new = Creation { parts, references, archived };
        Ok(Parsed { new, unknown_fields: findings.unknown })
    } else {
        Err(findings.issues)
    }
}

/// What belongs to the contact itself, but for its type, references, addresses and people.
fn contact_values(body: &Map<String, Value>, catalogue: &Catalogue, reader: &mut Reader<'_>) -> Submission {
    let mut head = Submission::default();
    for (name, value) in body {
        match table::find(CONTACT, name) {
            Some((path, Slot::Elsewhere)) => contact_list(path, value, catalogue, &mut head, reader),
            Some((path, slot)) => slot.take(path, value, &mut head.fields, reader),
            None => reader.unknown(name),
        }
    }
    head
}

fn contact_list(path: &str, value: &Value, catalogue: &Catalogue, head: &mut Submission, reader: &mut Reader<'_>) {
    match path {
        "tags" => head.tags.extend(flat::names(path, value, reader)),
        "customFields" => {
            head.custom_fields = flat::custom_fields(path, value, (Entity::Contact, catalogue.fields()), reader);
        }
        "customCollections" => {
            head.custom_objects = flat::custom_objects(path, value, (Entity::Contact, &catalogue.collections), reader);
        }
        _ => {}
    }
}

fn contact_type(body: &Map<String, Value>, catalogue: &Catalogue, reader: &mut Reader<'_>) -> Option<ContactType> {
    let text = reader.text("contactType", get(body, "contactType")?, limits::SHORT)?;
    let found = flat::contact_type(&text, catalogue.types());
    if found.is_none() {
        reader.issue("contactType", IssueCode::InvalidValue, "Not a contact type of this organization.");
    }
    found
}

/// `referenceSource` with `referenceId`, and `contactReferences[]`; each pair once, in this order.
fn references(body: &Map<String, Value>, reader: &mut Reader<'_>) -> Vec<Reference> {
    let mut found: Vec<Reference> = Vec::new();
    found.extend(reference(body, ["referenceSource", "referenceId"], "", reader));
    for (place, item) in table::objects(body, "contactReferences", reader) {
        let path = format!("contactReferences[{place}].");
        let next = reference(item, ["source", "id"], &path, reader);
        found.extend(next.filter(|next| !found.contains(next)));
    }
    found
}

fn reference(
    map: &Map<String, Value>,
    [source_name, id_name]: [&str; 2],
    path: &str,
    reader: &mut Reader<'_>,
) -> Option<Reference> {
    let mut text = |name| reader.text(&format!("{path}{name}"), get(map, name)?, limits::REFERENCE);
    match (text(source_name), text(id_name)) {
        (Some(source), Some(id)) => Some(Reference { source, id }),
        (Some(_), None) => {
            reader.require(&format!("{path}{id_name}"), "A reference is a source and an id.");
            None
        }
        (None, Some(_)) => {
            reader.require(&format!("{path}{source_name}"), "A reference is a source and an id.");
            None
        }
        (None, None) => None,
    }
}

/// One part per individual, the primary one first, then the secondary one. A part holds one reference: the first one
/// has the first, the others come back.
fn assemble(
    head: Submission,
    mut people: Vec<Individual>,
    references: Vec<Reference>,
) -> (Vec<Submission>, Vec<Reference>) {
    people.sort_by_key(|person| person.rank);
    let mut parts: Vec<Submission> = people.into_iter().map(|person| person.part).collect();
    match parts.first_mut() {
        Some(first) => put_head(head, first),
        None => parts.push(head),
    }
    let mut references = references.into_iter();
    if let Some(first) = parts.first_mut() {
        first.reference = references.next();
    }
    (parts, references.collect())
}

fn put_head(head: Submission, first: &mut Submission) {
    first.contact_type = head.contact_type;
    first.fields.extend(head.fields);
    first.addresses = head.addresses;
    first.tags = head.tags;
    first.custom_fields.extend(head.custom_fields);
    first.custom_objects = head.custom_objects;
}
