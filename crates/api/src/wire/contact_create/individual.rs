//! The individuals of `POST /api/Contact`, and their contact methods.

use super::Findings;
use super::table::{INDIVIDUAL, Slot, find, objects};
use serde_json::{Map, Value};
use tributary_contact::flat::{self, Reader, get, limits};
use tributary_contact::issue::IssueCode;
use tributary_contact::{Entity, Field, Method, MethodKind, Submission};
use tributary_engine::Catalogue;

/// Types of contact methods (virtuous-contract.md 2.4).
pub(crate) const METHOD_TYPES: &[&str] = &[
    "Home Email",
    "Work Email",
    "Other Email",
    "Home Phone",
    "Mobile Phone",
    "Work Phone",
    "Other Phone",
    "Fax",
    "Facebook",
    "Instagram",
    "Twitter",
    "Foursquare",
    "Pinterest",
    "RSS",
    "Snapchat",
    "Tumblr",
    "Vimeo",
    "YouTube",
    "LinkedIn",
    "Skype",
    "Web",
    "Other",
    "Zoom",
    "Twitch Account",
];

/// An individual of the body.
pub(super) struct Individual {
    /// 0 for the primary one, 1 for the secondary one, 2 for everybody else.
    pub rank: u8,
    /// What is said of it.
    pub part: Submission,
}

/// Reads the list of individuals. A household needs at least one, and each of its people a name.
pub(super) fn read_all(
    body: &Map<String, Value>,
    (household, catalogue): (bool, &Catalogue),
    whole: &mut Reader<'_>,
    findings: &mut Findings,
) -> Vec<Individual> {
    let list = objects(body, "contactIndividuals", whole);
    if household && list.is_empty() {
        whole.require("contactIndividuals", "A household needs at least one individual.");
    }
    list.into_iter().map(|(place, map)| read(place, map, (household, catalogue), findings)).collect()
}

fn read(
    place: usize,
    map: &Map<String, Value>,
    (named, catalogue): (bool, &Catalogue),
    findings: &mut Findings,
) -> Individual {
    let prefix = format!("contactIndividuals[{place}].");
    let mut reader = Reader::new(&prefix);
    let mut part = Submission::default();
    for (name, value) in map {
        match find(INDIVIDUAL, name) {
            Some((path @ "customFields", _)) => {
                let defined = (Entity::Individual, catalogue.fields());
                part.individual_custom.fields = flat::custom_fields(path, value, defined, &mut reader);
            }
            Some((path @ "customCollections", _)) => {
                part.individual_custom.objects =
                    flat::custom_objects(path, value, (Entity::Individual, &catalogue.collections), &mut reader);
            }
            Some((_, Slot::Elsewhere)) => {}
            Some((path, slot)) => slot.take(path, value, &mut part.fields, &mut reader),
            None => reader.unknown(name),
        }
    }
    part.methods = methods(map, &mut reader);
    flat::check_birthday(&part, &mut reader);
    if named && part.field(Field::FirstName).or(part.field(Field::LastName)).is_none() {
        reader.require("firstName", "Needs a first or a last name.");
    }
    let rank = rank(map, &mut reader);
    findings.absorb(reader);
    Individual { rank, part }
}

fn rank(map: &Map<String, Value>, reader: &mut Reader<'_>) -> u8 {
    let mut says = |name| get(map, name).and_then(|value| reader.boolean(name, value)) == Some(true);
    match (says("isPrimary"), says("isSecondary")) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

pub(in crate::wire) fn methods(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Vec<Method> {
    let list = objects(map, "contactMethods", reader);
    list.into_iter().filter_map(|(place, map)| method(place, map, reader)).collect()
}

/// A method without a value says nothing.
fn method(place: usize, map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<Method> {
    let path = |name: &str| format!("contactMethods[{place}].{name}");
    let flag = |name: &str, reader: &mut Reader<'_>| reader.boolean(&path(name), get(map, name)?);
    let opted_in = flag("isOptedIn", reader);
    let primary = flag("isPrimary", reader).unwrap_or(false);
    let label = label(&path("type"), get(map, "type"), reader);
    let value = reader.text(&path("value"), get(map, "value")?, limits::NAME)?;
    let method = Method { label: label?.to_owned(), value, opted_in, primary };
    if method.kind() == MethodKind::Email && !flat::is_email(&method.value) {
        reader.issue(&path("value"), IssueCode::InvalidFormat, "Not an e-mail address.");
    }
    Some(method)
}

pub(in crate::wire) fn label(path: &str, value: Option<&Value>, reader: &mut Reader<'_>) -> Option<&'static str> {
    let Some(text) = value.and_then(|value| reader.text(path, value, limits::SHORT)) else {
        reader.require(path, "Says what kind of method it is.");
        return None;
    };
    let found = METHOD_TYPES.iter().copied().find(|known| known.eq_ignore_ascii_case(&text));
    if found.is_none() {
        reader.issue(path, IssueCode::InvalidValue, "Not a type of contact method.");
    }
    found
}
