//! The gift transaction (virtuous-contract.md 1.10), as far as its contact is concerned: the contact inside it is read
//! like a flat contact transaction under other names, the amounts are checked, the rest is kept as it came.

use super::custom::date;
use super::reader::{Reader, get};
use super::table::limits;
use super::{FlatContext, Parsed, check};
use crate::issue::{Issue, IssueCode};
use crate::model::{Attendance, ContactId, Gift};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::str::FromStr;

/// What the reader of a gift has to know beside the body.
#[derive(Debug, Clone, Copy, Default)]
pub struct GiftContext<'a> {
    /// For the contact inside it; `source` stands in for a missing `transactionSource`.
    pub flat: FlatContext<'a>,
    /// The day of a gift that names none.
    pub date: Option<NaiveDate>,
    /// The type of a gift that names none.
    pub kind: Option<&'a str>,
}

/// Texts of a gift and the most characters that are kept of each.
const TEXTS: &[(&str, usize)] = &[
    ("frequency", limits::SHORT),
    ("recurringGiftTransactionId", limits::REFERENCE),
    ("pledgeFrequency", limits::SHORT),
    ("pledgeTransactionId", limits::REFERENCE),
    ("batch", limits::NAME),
    ("notes", limits::VALUE),
    ("segment", limits::NAME),
    ("mediaOutlet", limits::NAME),
    ("receiptSegment", limits::NAME),
    ("cashAccountingCode", limits::SHORT),
    ("tribute", limits::NAME),
    ("checkNumber", limits::SHORT),
    ("creditCardType", limits::SHORT),
    ("iraCustodian", limits::NAME),
    ("submissionUrl", 2_048),
];
/// Days of a gift beside `giftDate`.
const DATES: &[&str] = &["cancelDate", "pledgeExpectedFullfillmentDate", "receiptDate"];
/// Yes or no.
const FLAGS: &[&str] = &["recurringGiftTransactionUpdate", "isPrivate", "isTaxDeductible"];
/// Lists of objects.
const LISTS: &[&str] = &["designations", "premiums", "customObjects"];
/// Objects.
const OBJECTS: &[&str] = &["tributeDedication", "passthroughContact", "eventAttendee"];
/// The type of a gift that nobody gave one: what clients use most.
const CASH: &str = "Cash";
/// Below this an amount with [`CENTS`] has at most 15 digits, so that a JSON number of it is exact.
const MOST: i64 = 100_000_000_000;
/// Decimal places of an amount at most.
const CENTS: u32 = 4;
/// Decimal places of an exchange rate at most.
const RATE_PLACES: u32 = 12;

/// Reads a gift transaction into the submission of its contact.
///
/// # Errors
/// Every problem of the gift and of its contact; those of the contact under `contact.`.
pub fn parse_gift(body: &Value, context: &GiftContext<'_>) -> Result<Parsed, Vec<Issue>> {
    let prefix = context.flat.prefix;
    let Value::Object(map) = body else {
        let whole = prefix.trim_end_matches('.');
        return Err(vec![Issue::new(whole, IssueCode::InvalidType, "Not a JSON object.")]);
    };
    let mut reader = Reader::new(prefix);
    let gift = gift(map, context, &mut reader);
    let attendance =
        get(map, "eventAttendee").and_then(Value::as_object).and_then(|event| attendee(event, &mut reader));
    let contact = contact(map, context, &mut reader);
    let own = reader.finish();
    let (own, mut parsed, gift) = match (own, contact, gift) {
        (Ok(own), Some(Ok(parsed)), Some(gift)) => (own, parsed, gift),
        (own, contact, _) => {
            let contact = contact.and_then(Result::err).unwrap_or_default();
            return Err(own.err().unwrap_or_default().into_iter().chain(contact).collect());
        }
    };
    parsed.unknown_fields.extend(own);
    parsed.submission.attendances.extend(attendance);
    parsed.submission.gift = Some(Box::new(gift));
    Ok(parsed)
}

/// The gift; none when one of its parts has a problem, which is noted then.
fn gift(map: &Map<String, Value>, context: &GiftContext<'_>, reader: &mut Reader<'_>) -> Option<Gift> {
    let source = text(map, "transactionSource", limits::REFERENCE, reader);
    let source = source.or_else(|| context.flat.source.map(check::clean).filter(|source| !source.is_empty()));
    if source.is_none() {
        reader.require("transactionSource", "Says whose id transactionId is.");
    }
    let id = text(map, "transactionId", limits::REFERENCE, reader);
    if id.is_none() {
        reader.require("transactionId", "The id of the gift on the sender's side.");
    }
    let date = day(map, "giftDate", reader).or(context.date);
    if date.is_none() {
        reader.require("giftDate", "The day of the gift.");
    }
    let kind = text(map, "giftType", limits::SHORT, reader);
    let amount = amount(map, reader);
    let exchange_rate = decimal(map, "exchangeRate", RATE_PLACES, reader);
    currency(map, reader);
    check_rest(map, reader);
    let kind = kind.or_else(|| context.kind.map(str::to_owned)).unwrap_or_else(|| CASH.to_owned());
    let gift = Gift {
        source: source?,
        id: id?,
        date: date?,
        amount: amount?,
        exchange_rate,
        kind,
        repeats: false,
        payload: Map::new(),
    };
    Some(Gift { payload: payload(map, &gift), ..gift })
}

/// The body without its contact, with what an envelope said for it.
fn payload(map: &Map<String, Value>, gift: &Gift) -> Map<String, Value> {
    let own = map.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("contact"));
    let mut payload: Map<String, Value> = own.map(|(name, value)| (name.clone(), value.clone())).collect();
    let said = [
        ("transactionSource", gift.source.clone()),
        ("giftDate", gift.date.to_string()),
        ("giftType", gift.kind.clone()),
    ];
    for (name, value) in said {
        if get(&payload, name).is_none_or(Value::is_null) {
            payload.retain(|known, _| !known.eq_ignore_ascii_case(name));
            payload.insert(name.to_owned(), Value::from(value));
        }
    }
    payload
}

fn text(map: &Map<String, Value>, name: &str, limit: usize, reader: &mut Reader<'_>) -> Option<String> {
    reader.text(name, get(map, name)?, limit)
}

fn day(map: &Map<String, Value>, name: &str, reader: &mut Reader<'_>) -> Option<NaiveDate> {
    let text = text(map, name, limits::SHORT, reader)?;
    let day = date(&text);
    if day.is_none() {
        reader.issue(name, IssueCode::InvalidFormat, "Not a date.");
    }
    day
}

fn amount(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<Decimal> {
    if get(map, "amount").is_none_or(Value::is_null) {
        reader.require("amount", "The amount of the gift.");
    }
    decimal(map, "amount", CENTS, reader)
}

/// A positive number, as text or as JSON number, read without a floating point in between.
fn decimal(map: &Map<String, Value>, name: &str, places: u32, reader: &mut Reader<'_>) -> Option<Decimal> {
    let text = text(map, name, limits::SHORT, reader)?;
    let plain = text.trim_start_matches('$').replace(',', "");
    let Ok(number) = Decimal::from_str(&plain).or_else(|_| Decimal::from_scientific(&plain)) else {
        reader.issue(name, IssueCode::InvalidFormat, "Not a number.");
        return None;
    };
    let number = number.normalize();
    if number <= Decimal::ZERO {
        reader.issue(name, IssueCode::MustBePositive, "Must be above zero.");
        return None;
    }
    if number >= Decimal::from(MOST) || number.scale() > places {
        reader.issue(name, IssueCode::InvalidValue, "More digits than are kept.");
        return None;
    }
    Some(number)
}

fn currency(map: &Map<String, Value>, reader: &mut Reader<'_>) {
    let code = text(map, "currencyCode", limits::SHORT, reader);
    if code.is_some_and(|code| code.len() != 3 || !code.bytes().all(|letter| letter.is_ascii_alphabetic())) {
        reader.issue("currencyCode", IssueCode::InvalidFormat, "Three letters, for example USD.");
    }
}

/// What is kept but not used: it has to have its type at least, so that whoever receives it can read it.
fn check_rest(map: &Map<String, Value>, reader: &mut Reader<'_>) {
    for (name, limit) in TEXTS {
        text(map, name, *limit, reader);
    }
    for name in DATES {
        day(map, name, reader);
    }
    for name in FLAGS {
        get(map, name).and_then(|value| reader.boolean(name, value));
    }
    let of_another_kind = |name: &str, is: fn(&Value) -> bool| get(map, name).is_some_and(|v| !v.is_null() && !is(v));
    for name in LISTS.iter().filter(|name| of_another_kind(name, Value::is_array)) {
        reader.issue(name, IssueCode::InvalidType, "Must be a list of objects.");
    }
    for name in OBJECTS.iter().filter(|name| of_another_kind(name, Value::is_object)) {
        reader.issue(name, IssueCode::InvalidType, "Must be an object.");
    }
}

fn attendee(event: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<Attendance> {
    let path = |name: &str| format!("eventAttendee.{name}");
    let flag = |name: &str, reader: &mut Reader<'_>| reader.boolean(&path(name), get(event, name)?);
    let attendance = Attendance {
        event_id: get(event, "eventId").and_then(|id| reader.integer(&path("eventId"), id, 0..=i64::MAX)),
        event_name: get(event, "eventName").and_then(|name| reader.text(&path("eventName"), name, limits::NAME)),
        invited: flag("invited", reader),
        rsvp: flag("rsvp", reader),
        rsvp_response: flag("rsvpResponse", reader),
        attended: flag("attended", reader),
    };
    (attendance.event_id.is_some() || attendance.event_name.is_some()).then_some(attendance)
}

/// The contact of the gift, with its problems under their paths. A contact that is named by `id` needs nothing else.
fn contact(
    map: &Map<String, Value>,
    context: &GiftContext<'_>,
    reader: &mut Reader<'_>,
) -> Option<Result<Parsed, Vec<Issue>>> {
    let contact = match get(map, "contact") {
        Some(Value::Object(contact)) => contact,
        None | Some(Value::Null) => {
            reader.require("contact", "The contact that gave it.");
            return None;
        }
        Some(_) => {
            reader.issue("contact", IssueCode::InvalidType, "Must be an object.");
            return None;
        }
    };
    let id = get(contact, "id").and_then(|id| reader.integer("contact.id", id, 0..=i64::MAX)).filter(|id| *id > 0);
    let prefix = format!("{}contact.", context.flat.prefix);
    // What is wrong with it, if anything, was noted with the gift.
    let own = get(map, "transactionSource").and_then(|own| Reader::new("").text("", own, limits::REFERENCE));
    let source = own.as_deref().or(context.flat.source);
    let flat = FlatContext { source, prefix: &prefix, ..context.flat };
    let body = Value::Object(flattened(contact));
    let parsed = if id.is_some() { super::parse_pinned(&body, &flat) } else { super::parse_flat(&body, &flat) };
    Some(parsed.map_err(|issues| issues.into_iter().map(nested).collect()).map(|mut parsed| {
        parsed.submission.pinned = id.map(ContactId);
        parsed
    }))
}

const ADDRESS: &[&str] = &["address1", "address2", "city", "state", "postal", "country"];

/// The contact of a gift under the names of the flat body.
fn flattened(contact: &Map<String, Value>) -> Map<String, Value> {
    let mut flat = Map::new();
    for (name, value) in contact {
        match (name.to_ascii_lowercase().as_str(), value) {
            ("id", _) => {}
            ("type", _) => drop(flat.insert("contactType".to_owned(), value.clone())),
            ("address", Value::Object(address)) => {
                let parts = ADDRESS.iter().filter_map(|part| Some(((*part).to_owned(), get(address, part)?.clone())));
                flat.extend(parts);
            }
            _ => drop(flat.insert(name.clone(), value.clone())),
        }
    }
    flat
}

/// The path of a problem as the sender wrote it: `contact.address.city`, `contact.type`.
fn nested(issue: Issue) -> Issue {
    let Some((before, name)) = issue.field.rsplit_once("contact.") else { return issue };
    let field = match name {
        "contactType" => format!("{before}contact.type"),
        part if ADDRESS.contains(&part) => format!("{before}contact.address.{part}"),
        _ => return issue,
    };
    Issue { field, ..issue }
}
