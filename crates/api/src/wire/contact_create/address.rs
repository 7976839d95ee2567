//! The addresses of `POST /api/Contact`: `contactAddresses[]`, or a single `address`.

use super::Findings;
use super::table::objects;
use crate::wire::schema::{flag, text};
use serde_json::{Map, Value, json};
use tributary_contact::Address;
use tributary_contact::flat::{Reader, get, limits};
use tributary_contact::issue::IssueCode;

/// Documented names beside those of the parts themselves. A position is not kept.
const OTHER: &[&str] = &["isPrimary", "latitude", "longitude"];

/// A part of an address: its names, and the most characters kept.
type Part = (&'static [&'static str], usize);

const LABEL: Part = (&["label"], limits::SHORT);
const ADDRESS1: Part = (&["address1"], limits::NAME);
const ADDRESS2: Part = (&["address2"], limits::NAME);
const CITY: Part = (&["city"], limits::SHORT);
const STATE: Part = (&["stateCode", "state"], limits::SHORT);
const POSTAL: Part = (&["postal"], limits::CODE);
const COUNTRY: Part = (&["countryCode", "country"], limits::SHORT);
const PARTS: &[Part] = &[LABEL, ADDRESS1, ADDRESS2, CITY, STATE, POSTAL, COUNTRY];

/// The JSON Schema of an address.
pub(super) fn schema() -> Value {
    let names = PARTS.iter().flat_map(|(names, limit)| names.iter().map(|name| (*name, text(*limit))));
    let mut properties: Map<String, Value> = names.map(|(name, schema)| (name.to_owned(), schema)).collect();
    properties.insert("isPrimary".to_owned(), flag());
    json!({ "type": "object", "properties": properties })
}

/// Reads both forms; empty addresses are left out.
pub(super) fn read(body: &Map<String, Value>, findings: &mut Findings) -> Vec<Address> {
    let mut found = Vec::new();
    let mut whole = Reader::new("");
    match get(body, "address") {
        Some(Value::Object(map)) => found.push(one("address.", map, findings)),
        None | Some(Value::Null) => {}
        Some(_) => whole.issue("address", IssueCode::InvalidType, "Must be an object."),
    }
    for (place, map) in objects(body, "contactAddresses", &mut whole) {
        found.push(one(&format!("contactAddresses[{place}]."), map, findings));
    }
    findings.absorb(whole);
    found.retain(|address| !address.is_empty());
    found
}

fn one(prefix: &str, map: &Map<String, Value>, findings: &mut Findings) -> Address {
    let mut reader = Reader::new(prefix);
    let address = Address {
        label: part(map, LABEL, &mut reader),
        address1: part(map, ADDRESS1, &mut reader),
        address2: part(map, ADDRESS2, &mut reader),
        city: part(map, CITY, &mut reader),
        state: part(map, STATE, &mut reader),
        postal: part(map, POSTAL, &mut reader),
        country: part(map, COUNTRY, &mut reader),
        primary: get(map, "isPrimary").and_then(|value| reader.boolean("isPrimary", value)).unwrap_or(false),
    };
    map.keys().filter(|name| !is_known(name)).for_each(|name| reader.unknown(name));
    findings.absorb(reader);
    address
}

fn part(map: &Map<String, Value>, (names, limit): Part, reader: &mut Reader<'_>) -> Option<String> {
    names.iter().find_map(|name| reader.text(name, get(map, name)?, limit))
}

fn is_known(name: &str) -> bool {
    let parts = PARTS.iter().flat_map(|(names, _)| *names);
    parts.chain(OTHER).any(|known| known.eq_ignore_ascii_case(name))
}
