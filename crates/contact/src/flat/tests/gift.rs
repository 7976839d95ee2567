//! Gift transactions: amounts, dates, the contact inside.

use crate::flat::{FlatContext, GiftContext, parse_gift};
use crate::issue::Issue;
use crate::model::{ContactId, Field, Submission};
use serde_json::{Value, json};

fn body() -> Value {
    json!({
        "transactionSource": "Harbor Giving", "transactionId": "g-1", "giftDate": "2026-03-05T00:00:00",
        "giftType": "Credit", "amount": "1,250.50", "currencyCode": "USD", "designations": [{ "code": "FOOD" }],
        "contact": {
            "referenceId": "hg-50022", "type": "Household", "title": "Dr", "firstname": "Ines", "lastname": "Okafor-Lund",
            "email": "ines.lund@example.org", "tags": "Monthly",
            "address": { "address1": "402 Tannery Rd", "city": "Bellford", "state": "OH", "postal": "44090" },
        },
        "eventAttendee": { "eventName": "Gala", "attended": true },
    })
}

fn with(changes: Value) -> Value {
    let mut body = body();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn parse(body: &Value) -> Result<Submission, Vec<Issue>> {
    parse_gift(body, &GiftContext::default()).map(|parsed| parsed.submission)
}

fn problems(body: &Value) -> Vec<String> {
    parse(body).unwrap_err().into_iter().map(|issue| format!("{} {}", issue.field, issue.code)).collect()
}

#[test]
fn the_contact_inside_is_read_under_its_own_names() {
    let submission = parse(&body()).unwrap();
    let reference = submission.reference.clone().unwrap();
    assert_eq!((reference.source.as_str(), reference.id.as_str()), ("Harbor Giving", "hg-50022"));
    assert_eq!(submission.field(Field::FirstName), Some("Ines"));
    assert_eq!(submission.field(Field::Prefix), Some("Dr"));
    assert_eq!(submission.addresses[0].city.as_deref(), Some("Bellford"));
    assert!(submission.tags.contains("Monthly"));
    assert_eq!(submission.attendances[0].attended, Some(true));
}

#[test]
fn the_gift_is_kept_whole_but_for_its_contact() {
    let gift = parse(&body()).unwrap().gift.unwrap();
    assert_eq!((gift.source.as_str(), gift.id.as_str(), gift.kind.as_str()), ("Harbor Giving", "g-1", "Credit"));
    assert_eq!((gift.date.to_string(), gift.amount.to_string()), ("2026-03-05".to_owned(), "1250.5".to_owned()));
    assert_eq!(gift.payload["designations"], json!([{ "code": "FOOD" }]));
    assert!(!gift.payload.contains_key("contact"));
}

#[test]
fn an_amount_is_exact_as_text_and_as_number() {
    for amount in [json!("0.1"), json!(0.1), json!("$0.10"), json!("1e-1")] {
        let gift = parse(&with(json!({ "amount": amount }))).unwrap().gift.unwrap();
        assert_eq!(gift.amount.to_string(), "0.1");
    }
}

#[test]
fn all_problems_of_the_gift_and_of_its_contact_come_at_once() {
    let wrong = json!({
        "giftDate": "soon", "amount": -5, "currencyCode": "$", "exchangeRate": "x", "isPrivate": "perhaps",
        "designations": 7, "contact": { "type": "Club", "email": "nobody", "address": { "city": ["x"] } },
    });
    let expected = [
        "transactionSource REQUIRED",
        "transactionId REQUIRED",
        "giftDate INVALID_FORMAT",
        "amount MUST_BE_POSITIVE",
        "exchangeRate INVALID_FORMAT",
        "currencyCode INVALID_FORMAT",
        "isPrivate INVALID_VALUE",
        "designations INVALID_TYPE",
        "contact.address.city INVALID_TYPE",
        "contact.type INVALID_VALUE",
        "contact.email INVALID_FORMAT",
    ];
    let mut found = problems(&wrong);
    let mut expected = expected.map(str::to_owned).to_vec();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_gift_without_amount_date_or_contact_says_so() {
    let bare = json!({ "transactionSource": "s", "transactionId": "1" });
    assert_eq!(problems(&bare), ["giftDate REQUIRED", "amount REQUIRED", "contact REQUIRED"]);
}

#[test]
fn the_envelope_stands_in_for_source_day_and_type() {
    let flat = FlatContext { source: Some("Envelope"), prefix: "transactions[2].", ..FlatContext::default() };
    let context = GiftContext { flat, date: "2026-01-02".parse().ok(), kind: Some("Check") };
    let bare = json!({ "transactionId": "1", "amount": 5, "contact": { "referenceId": "r", "lastname": "Lund" } });
    let submission = parse_gift(&bare, &context).unwrap().submission;
    assert_eq!(submission.reference.unwrap().source, "Envelope");
    let gift = submission.gift.unwrap();
    assert_eq!(
        (gift.source.as_str(), gift.kind.as_str(), gift.date.to_string()),
        ("Envelope", "Check", "2026-01-02".to_owned())
    );
    let wrong = parse_gift(&json!({ "transactionId": "1", "amount": 0, "contact": {} }), &context).unwrap_err();
    assert_eq!(wrong[0].field, "transactions[2].amount");
    assert_eq!(wrong[1].field, "transactions[2].contact");
}

#[test]
fn a_contact_named_by_its_number_needs_nothing_else() {
    let submission = parse(&with(json!({ "contact": { "id": "70114" } }))).unwrap();
    assert_eq!(submission.pinned, Some(ContactId(70_114)));
}
