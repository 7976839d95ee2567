//! Reads a policy document as people write it, with all problems at once.

use super::subject::LISTS;
use super::{AutoMerge, EVERY, FieldPolicy, PolicyDocument, Power, Rule, SourceProfile, Subject, triage};
use crate::flat::{Reader, limits};
use crate::issue::{Issue, IssueCode};
use crate::model::Field;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Fields and sources that one document names at most.
const NAMES_AT_MOST: usize = 500;

pub(super) fn document(value: &Value) -> Result<PolicyDocument, Vec<Issue>> {
    let mut reader = Reader::new("");
    let mut document = PolicyDocument::default();
    for (name, value) in &members("", value, &mut reader) {
        match name.as_str() {
            "about" => document.about = reader.text(name, value, limits::VALUE).unwrap_or_default(),
            "fields" => document.fields = named(name, value, &mut reader, field),
            "sources" => document.sources = named(name, value, &mut reader, source),
            "triage" => document.triage = triage::rules(name, value, &mut reader),
            _ => unknown(name, &mut reader),
        }
    }
    reader.finish()?;
    Ok(document)
}

/// Reads the value at a path, given the last name of the path.
type Read<T> = fn(&str, &str, &Value, &mut Reader<'_>) -> T;

fn named<T>(path: &str, value: &Value, reader: &mut Reader<'_>, read: Read<T>) -> BTreeMap<String, T> {
    let map = members(path, value, reader);
    if map.len() > NAMES_AT_MOST {
        reader.issue(path, IssueCode::TooLong, &format!("At most {NAMES_AT_MOST} names."));
        return BTreeMap::new();
    }
    map.iter().map(|(name, value)| (name.clone(), read(&format!("{path}.{name}"), name, value, reader))).collect()
}

fn field(path: &str, name: &str, value: &Value, reader: &mut Reader<'_>) -> FieldPolicy {
    let subject = Subject::named(name);
    if subject.is_none() && name != EVERY && name != LISTS {
        reader.issue(path, IssueCode::InvalidValue, "Not a field, a custom field or a list.");
    }
    let mut own = FieldPolicy::default();
    for (part, value) in &members(path, value, reader) {
        let path = format!("{path}.{part}");
        match part.as_str() {
            "rule" => own.rule = choice(&path, value, reader, Rule::parse),
            "lock" => own.lock = reader.boolean(&path, value),
            "sensitive" => own.sensitive = reader.boolean(&path, value),
            _ => unknown(&path, reader),
        }
    }
    check_field(path, is_list(name, subject), subject, own, reader);
    own
}

fn is_list(name: &str, subject: Option<Subject<'_>>) -> bool {
    name == LISTS || matches!(subject, Some(Subject::List(_)))
}

fn check_field(path: &str, list: bool, subject: Option<Subject<'_>>, own: FieldPolicy, reader: &mut Reader<'_>) {
    let of_lists = matches!(own.rule, Some(Rule::Union | Rule::FillOnly) | None);
    let of_values = own.rule != Some(Rule::Union);
    let (rule, lock, sensitive) = (format!("{path}.rule"), format!("{path}.lock"), format!("{path}.sensitive"));
    if list && !of_lists {
        reader.issue(&rule, IssueCode::InvalidValue, "A list survives by union or fillOnly.");
    }
    if !list && !of_values {
        reader.issue(&rule, IssueCode::InvalidValue, "A single value survives by another rule than union.");
    }
    if own.lock == Some(false) && own.rule != Some(Rule::Recency) {
        reader.issue(&lock, IssueCode::InvalidValue, "Only recency goes without locks.");
    }
    if own.sensitive.is_some() && !matches!(subject, Some(Subject::Field(_))) {
        reader.issue(&sensitive, IssueCode::InvalidValue, "Only a field by its own name is sensitive or not.");
    }
}

fn source(path: &str, name: &str, value: &Value, reader: &mut Reader<'_>) -> SourceProfile {
    if name.trim().is_empty() || name.trim() != name {
        reader.issue(path, IssueCode::InvalidValue, "Not the name of a source.");
    }
    drop(reader.bounded(path, name.to_owned(), limits::REFERENCE));
    let map = members(path, value, reader);
    let strict = map.get("strict").and_then(|value| reader.boolean(&format!("{path}.strict"), value)) == Some(true);
    let mut own = if strict { SourceProfile::strict() } else { SourceProfile::SHIPPED };
    for (part, value) in &map {
        let path = format!("{path}.{part}");
        match part.as_str() {
            "strict" => {}
            "trust" => set(&mut own.trust, trust(&path, value, reader)),
            "create" => set(&mut own.create, reader.boolean(&path, value)),
            "addIndividuals" => set(&mut own.add_individuals, reader.boolean(&path, value)),
            "autoMerge" => set(&mut own.auto_merge, choice(&path, value, reader, AutoMerge::parse)),
            "may" => own.may = named(&path, value, reader, power),
            "trustedWith" => own.trusted_with = fields(&path, value, reader),
            _ => unknown(&path, reader),
        }
    }
    let loosened = own.create || own.add_individuals || own.auto_merge != AutoMerge::Never;
    if strict && loosened {
        reader.issue(&format!("{path}.strict"), IssueCode::InvalidValue, "The other parts contradict it.");
    }
    own
}

fn trust(path: &str, value: &Value, reader: &mut Reader<'_>) -> Option<u16> {
    reader.integer(path, value, 0..=1_000).and_then(|trust| u16::try_from(trust).ok())
}

fn power(path: &str, name: &str, value: &Value, reader: &mut Reader<'_>) -> Power {
    let subject = Subject::named(name);
    if subject.is_none() && name != EVERY {
        reader.issue(path, IssueCode::InvalidValue, "Not a field, a custom field or a list.");
    }
    let power = choice(path, value, reader, Power::parse).unwrap_or(Power::Update);
    if power == Power::Clear && !matches!(subject, Some(Subject::Field(_))) && name != EVERY {
        reader.issue(path, IssueCode::InvalidValue, "Only a field can be cleared by a source.");
    }
    power
}

fn fields(path: &str, value: &Value, reader: &mut Reader<'_>) -> BTreeSet<Field> {
    let names = crate::flat::names(path, value, reader);
    let mut fields = BTreeSet::new();
    for name in names {
        match Field::parse(&name) {
            Some(field) => drop(fields.insert(field)),
            None if name == EVERY => fields.extend(Field::ALL),
            None => reader.issue(path, IssueCode::InvalidValue, "Not all of these are fields."),
        }
    }
    fields
}

pub(super) fn choice<T>(path: &str, value: &Value, reader: &mut Reader<'_>, parse: fn(&str) -> Option<T>) -> Option<T> {
    let text = reader.text(path, value, limits::SHORT)?;
    let found = parse(&text);
    if found.is_none() {
        reader.issue(path, IssueCode::InvalidValue, "Not one of the values that can be meant here.");
    }
    found
}

pub(super) fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// The members of an object; none, and a problem noted, for anything else.
pub(super) fn members(path: &str, value: &Value, reader: &mut Reader<'_>) -> Map<String, Value> {
    if !value.is_object() {
        reader.issue(path, IssueCode::InvalidType, "Not a JSON object.");
    }
    value.as_object().cloned().unwrap_or_default()
}

pub(super) fn unknown(path: &str, reader: &mut Reader<'_>) {
    reader.issue(path, IssueCode::InvalidValue, "Not a part of a policy.");
}
