//! The flat body: every field, leniency, problems, and the way back.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop at the first surprise")]

mod custom;
mod gift;

use super::{
    FlatContext, Readable, clean, is_email, limits, parse_flat, parse_record, read_flat, read_record, to_flat,
};
use crate::issue::{Issue, IssueCode};
use crate::model::{
    Address, Attendance, BaseType, ContactType, CustomObject, CustomValue, Field, Method, Reference, Submission,
};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

fn parse(body: &Value) -> Result<Submission, Vec<Issue>> {
    parse_flat(body, &FlatContext::default()).map(|parsed| parsed.submission)
}

/// Field and code of every problem.
fn problems(body: &Value) -> Vec<(String, IssueCode)> {
    parse(body).unwrap_err().into_iter().map(|issue| (issue.field, issue.code)).collect()
}

fn problem(field: &str, code: IssueCode) -> (String, IssueCode) {
    (field.to_owned(), code)
}

#[test]
fn every_documented_field_is_read() {
    let body = json!({
        "referenceSource": "Harbor Giving", "referenceId": "hg-50022", "contactType": "Household",
        "name": "The Okafors", "title": "Dr", "firstName": "Ines", "middleName": "M", "lastName": "Okafor-Lund",
        "suffix": "II", "birthMonth": "09", "birthDay": 4, "birthYear": 1979.0, "gender": "Female",
        "emailType": "work email", "email": "ines.lund@example.org",
        "phoneType": "Mobile Phone", "phone": "(555) 010-4477",
        "address1": "402 Tannery Rd", "address2": "Apt 2", "city": "Bellford", "state": "OH", "postal": 44090,
        "country": "US", "eventId": "12", "eventName": "Gala", "invited": "true", "rsvp": 1, "rsvpResponse": false,
        "attended": "no", "tags": "Spring Gala; Monthly;;", "originSegmentCode": "WEB24",
        "emailLists": ["Newsletter", null], "customFields": { "shirtSize": "M", "age": 4, "none": null },
        "customObjects": [{ "name": "Pets", "fields": [{ "name": "kind", "value": "dog" }] }],
        "volunteerAttendances": [{ "volunteerOpportunityId": 7, "volunteerOpportunityName": "Soup", "hours": 2.5 }]
    });
    let parsed = parse_flat(&body, &FlatContext::default()).unwrap();
    assert!(parsed.unknown_fields.is_empty());
    let s = parsed.submission;
    assert_eq!(s.reference, Some(Reference { source: "Harbor Giving".into(), id: "hg-50022".into() }));
    assert_eq!(s.contact_type, Some(ContactType::default()));
    assert_eq!(s.field(Field::Prefix), Some("Dr"));
    assert_eq!((s.field(Field::BirthMonth), s.field(Field::BirthYear)), (Some("9"), Some("1979")));
    assert_eq!(s.field(Field::OriginSegmentCode), Some("WEB24"));
    assert_eq!(s.methods.iter().map(|m| m.label.as_str()).collect::<Vec<_>>(), ["Work Email", "Mobile Phone"]);
    assert_eq!(s.addresses[0].postal.as_deref(), Some("44090"));
    assert_eq!(
        s.attendances,
        [Attendance {
            event_id: Some(12),
            event_name: Some("Gala".into()),
            invited: Some(true),
            rsvp: Some(true),
            rsvp_response: Some(false),
            attended: Some(false),
        }]
    );
    assert_eq!(s.tags, ["Monthly".to_owned(), "Spring Gala".to_owned()].into());
    assert_eq!(s.email_lists.len(), 1);
    assert_eq!(s.custom_fields, [("age".to_owned(), "4".to_owned()), ("shirtSize".to_owned(), "M".to_owned())].into());
    assert_eq!(s.custom_objects[0].fields[0].value, "dog");
    assert_eq!((s.volunteer_attendances[0].name.as_str(), s.volunteer_attendances[0].fields.len()), ("Soup", 3));
}

#[test]
fn names_match_in_any_case_and_unknown_ones_are_only_counted() {
    let body = json!({ "FIRSTNAME": "Ann", "lastname": "", "LastName": "Bo", "nickname": "x", "lists": [1] });
    let parsed = parse_flat(&body, &FlatContext::default()).unwrap();
    assert_eq!(parsed.submission.field(Field::FirstName), Some("Ann"));
    assert_eq!(parsed.submission.field(Field::LastName), Some("Bo"));
    assert_eq!(parsed.unknown_fields, ["lists", "nickname"]);
}

#[test]
fn blank_is_absent() {
    let body = json!({ "firstName": "Ann", "lastName": "  ", "email": null, "tags": "", "customFields": "",
        "emailLists": null, "invited": "", "birthYear": "", "customObjects": null });
    assert_eq!(
        parse(&body).unwrap(),
        Submission { fields: [(Field::FirstName, "Ann".to_owned())].into(), ..Submission::default() }
    );
}

#[test]
fn types_default_to_home() {
    let s = parse(&json!({ "email": "none@none.com", "phone": "call the office" })).unwrap();
    assert_eq!(s.methods.iter().map(|m| m.label.as_str()).collect::<Vec<_>>(), ["Home Email", "Home Phone"]);
    assert_eq!(s.methods[1].value, "call the office");
}

#[test]
fn all_problems_are_reported_at_once_with_their_paths() {
    let body = json!({
        "contactType": "Robot", "email": "not an address", "emailType": "Carrier Pigeon", "phoneType": "Home Email",
        "firstName": { "a": 1 }, "lastName": "x".repeat(256), "birthMonth": 13, "birthDay": "soon", "referenceId": 5,
        "attended": "perhaps", "customObjects": [{ "fields": [] }], "customFields": 3, "emailLists": [["x"]],
        "volunteerAttendances": [{ "hours": 1 }, 5]
    });
    let context = FlatContext { prefix: "contacts[3].", ..FlatContext::default() };
    let mut found = parse_flat(&body, &context).unwrap_err();
    found.sort_by(|a, b| a.field.cmp(&b.field));
    let codes: Vec<_> = found.iter().map(|issue| (issue.field.as_str(), issue.code.as_str())).collect();
    assert_eq!(
        codes,
        [
            ("contacts[3].attended", "INVALID_VALUE"),
            ("contacts[3].birthDay", "INVALID_VALUE"),
            ("contacts[3].birthMonth", "INVALID_VALUE"),
            ("contacts[3].contactType", "INVALID_VALUE"),
            ("contacts[3].customFields", "INVALID_TYPE"),
            ("contacts[3].customObjects[0].name", "REQUIRED"),
            ("contacts[3].email", "INVALID_FORMAT"),
            ("contacts[3].emailLists", "INVALID_TYPE"),
            ("contacts[3].emailType", "INVALID_VALUE"),
            ("contacts[3].firstName", "INVALID_TYPE"),
            ("contacts[3].lastName", "TOO_LONG"),
            ("contacts[3].phoneType", "INVALID_VALUE"),
            ("contacts[3].referenceSource", "REQUIRED"),
            ("contacts[3].volunteerAttendances[0].volunteerOpportunityName", "REQUIRED"),
            ("contacts[3].volunteerAttendances[1]", "INVALID_TYPE"),
        ]
    );
    assert!(Issue::any_malformed(&found));
    assert!(found.iter().all(|issue| !issue.message.contains("Robot") && !issue.message.contains("Pigeon")));
}

#[test]
fn a_bad_value_is_unprocessable_and_a_bad_shape_malformed() {
    assert!(!Issue::any_malformed(&parse(&json!({ "email": "x" })).unwrap_err()));
    assert_eq!(problems(&json!([])), [problem("", IssueCode::InvalidType)]);
    assert_eq!(problems(&json!({})), [problem("", IssueCode::Required)]);
    assert_eq!(problems(&json!({ "title": "Dr", "referenceSource": "crm" })), [problem("", IssueCode::Required)]);
}

#[test]
fn a_day_that_no_year_has_is_refused() {
    let day = |month, day| problems(&json!({ "firstName": "A", "birthMonth": month, "birthDay": day }));
    assert_eq!(day(2, 30), [problem("birthDay", IssueCode::InvalidValue)]);
    assert_eq!(day(4, 31), [problem("birthDay", IssueCode::InvalidValue)]);
    assert!(parse(&json!({ "firstName": "A", "birthMonth": 2, "birthDay": 29 })).is_ok());
}

#[test]
fn the_envelope_gives_the_source_that_an_item_does_not() {
    let context = FlatContext { source: Some("Harbor"), ..FlatContext::default() };
    let source = |body| parse_flat(&body, &context).unwrap().submission.reference.unwrap().source;
    assert_eq!(source(json!({ "referenceId": "1" })), "Harbor");
    assert_eq!(source(json!({ "referenceId": "1", "referenceSource": "Own" })), "Own");
}

#[test]
fn a_source_without_an_id_is_no_reference() {
    assert_eq!(parse(&json!({ "referenceSource": "crm", "firstName": "Ann" })).unwrap().reference, None);
}

#[test]
fn the_organizations_own_types_are_known() {
    let types = [(BaseType::Organization, "Parish".to_owned())];
    let context = FlatContext { custom_types: &types, ..FlatContext::default() };
    let body = json!({ "name": "St. Ann", "contactType": "PARISH" });
    let kind = parse_flat(&body, &context).unwrap().submission.contact_type.unwrap();
    assert_eq!(kind, ContactType { base: BaseType::Organization, custom: Some("Parish".to_owned()) });
}

#[test]
fn lists_are_bounded() {
    let tags = vec!["t"; limits::ENTRIES + 1].join(";");
    assert_eq!(problems(&json!({ "firstName": "A", "tags": tags })), [problem("tags", IssueCode::TooLong)]);
}

#[test]
fn control_characters_are_taken_out() {
    assert_eq!(clean("\u{feff} Mill\tSt\u{0}\u{200b}reet\r\n"), "Mill Street");
}

#[test]
fn an_email_needs_one_at_sign_and_a_host() {
    for good in ["a@b", "a.b+c@x.example.org", "o'neil@host-name.org", "ä@müller.de"] {
        assert!(is_email(good), "{good}");
    }
    for bad in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b..c", "a@.b", "a@b.", "<a@b>", "a@b,c@d", "a@[1.2.3.4]"] {
        assert!(!is_email(bad), "{bad}");
    }
}

#[test]
fn an_on_file_row_names_its_contact() {
    let row = json!({ "contactId": "H1", "referenceSource": "crm", "referenceId": "C1", "name": "Ellington" });
    let (contact, submission) = parse_record(&row, &FlatContext::default()).unwrap();
    assert_eq!((contact.as_str(), submission.field(Field::Name)), ("H1", Some("Ellington")));
    let without = parse_record(&json!({ "name": "Ellington" }), &FlatContext::default()).unwrap_err();
    assert_eq!((without[0].field.as_str(), without[0].code), ("contactId", IssueCode::Required));
}

#[test]
fn what_the_flat_form_has_no_room_for_is_shown_beside_it() {
    let method = |label: &str, value: &str| Method {
        label: label.into(),
        value: value.into(),
        opted_in: Some(true),
        primary: false,
    };
    let submission = Submission {
        fields: [(Field::Website, "example.org".to_owned())].into(),
        methods: vec![method("Home Email", "a@b.org"), method("Work Email", "c@d.org"), method("Facebook", "ann")],
        ..Submission::default()
    };
    let shown = to_flat(&submission);
    assert_eq!(shown["website"], "example.org");
    assert_eq!(shown["email"], "a@b.org");
    assert_eq!(shown["contactMethods"].as_array().unwrap().len(), 2);
}

fn text() -> impl Strategy<Value = String> {
    "[A-Za-zé0-9;'][A-Za-zéÅ .,;0-9-]{0,12}[A-Za-z0-9]"
}

fn scalars() -> impl Strategy<Value = Vec<(Field, String)>> {
    let texts = vec![
        Field::Name,
        Field::Prefix,
        Field::FirstName,
        Field::MiddleName,
        Field::LastName,
        Field::Suffix,
        Field::Gender,
        Field::OriginSegmentCode,
    ];
    let born = |field, numbers: std::ops::RangeInclusive<i32>| of(numbers.prop_map(move |n| (field, n.to_string())));
    let birth = (born(Field::BirthMonth, 1..=12), born(Field::BirthDay, 1..=28), born(Field::BirthYear, 1900..=2020));
    (vec((select(texts), text()), 0..8), birth)
        .prop_map(|(texts, (month, day, year))| texts.into_iter().chain(month).chain(day).chain(year).collect())
}

fn address() -> impl Strategy<Value = Address> {
    (of(text()), of(text()), of(text()), of(text()), of(text()), of(text())).prop_map(|parts| {
        let (address1, address2, city, state, postal, country) = parts;
        Address { address1, address2, city, state, postal, country, ..Address::default() }
    })
}

fn attendance() -> impl Strategy<Value = Attendance> {
    (0i64..9, of(text()), of(any::<bool>()), of(any::<bool>()), of(any::<bool>()), of(any::<bool>())).prop_map(
        |(event_id, event_name, invited, rsvp, rsvp_response, attended)| Attendance {
            event_id: Some(event_id),
            event_name,
            invited,
            rsvp,
            rsvp_response,
            attended,
        },
    )
}

fn object() -> impl Strategy<Value = CustomObject> {
    let field = (text(), text()).prop_map(|(name, value)| CustomValue { name, value });
    (text(), vec(field, 0..3)).prop_map(|(name, fields)| CustomObject { instance: None, name, fields })
}

fn volunteer() -> impl Strategy<Value = CustomObject> {
    (text(), of(text())).prop_map(|(name, date)| {
        let field = |name: &str, value: &str| CustomValue { name: name.to_owned(), value: value.to_owned() };
        let date = date.map(|date| field("date", &date));
        CustomObject {
            instance: None,
            fields: [field("volunteerOpportunityName", &name)].into_iter().chain(date).collect(),
            name,
        }
    })
}

fn methods() -> impl Strategy<Value = Vec<Method>> {
    let method = |labels: Vec<&'static str>, values: &'static str| {
        of((select(labels), values).prop_map(|(label, value)| Method {
            label: label.to_owned(),
            value,
            opted_in: None,
            primary: false,
        }))
    };
    let email = method(vec!["Home Email", "Work Email", "Other Email"], "[a-z]{1,5}@[a-z]{1,5}\\.org");
    let phone = method(vec!["Home Phone", "Mobile Phone", "Work Phone", "Other Phone", "Fax"], "[0-9-]{3,12}");
    (email, phone).prop_map(|(email, phone)| email.into_iter().chain(phone).collect())
}

fn types() -> Vec<(BaseType, String)> {
    vec![(BaseType::Organization, "Parish".to_owned()), (BaseType::Household, "Board member".to_owned())]
}

fn contact_type() -> impl Strategy<Value = ContactType> {
    let base = |base: &BaseType| ContactType { base: *base, custom: None };
    let own = types().into_iter().map(|(base, name)| ContactType { base, custom: Some(name) });
    select(BaseType::ALL.iter().map(base).chain(own).collect::<Vec<_>>())
}

/// Submissions that the flat form has room for, each with a reference so that it says enough.
fn flat_submission() -> impl Strategy<Value = Submission> {
    let who = ((text(), text()), of(contact_type()), scalars(), methods(), address());
    let lists = (btree_set(text(), 0..4), btree_set(text(), 0..3), btree_map(text(), text(), 0..3));
    let objects = (vec(object(), 0..3), of(attendance()), vec(volunteer(), 0..2));
    (who, lists, objects).prop_map(
        |(who, (tags, email_lists, custom_fields), (custom_objects, attendance, volunteer))| {
            let ((source, id), contact_type, fields, methods, address) = who;
            Submission {
                reference: Some(Reference { source, id }),
                contact_type,
                fields: fields.into_iter().collect(),
                methods,
                addresses: Some(address).filter(|address| !address.is_empty()).into_iter().collect(),
                tags,
                email_lists,
                custom_fields,
                custom_objects,
                attendances: attendance.into_iter().collect(),
                volunteer_attendances: volunteer,
                ..Submission::default()
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn what_was_flat_comes_back_the_same(submission in flat_submission()) {
        let types = types();
        let context = FlatContext { custom_types: &types, ..FlatContext::default() };
        let parsed = parse_flat(&Value::Object(to_flat(&submission)), &context).unwrap();
        prop_assert_eq!(parsed.submission, submission);
        prop_assert!(parsed.unknown_fields.is_empty());
    }

    #[test]
    fn no_body_whatever_makes_it_fail_otherwise(text in "\\PC{0,40}", number in any::<f64>(), flag in any::<bool>()) {
        for value in [json!(text), json!(number), json!(flag), json!([text]), json!({ text.clone(): [number] })] {
            let body: Value = super::table::TABLE.iter().map(|entry| (entry.name.to_owned(), value.clone())).collect();
            if let Ok(parsed) = parse_flat(&body, &FlatContext::default()) {
                prop_assert!(super::says_something(&parsed.submission));
            }
        }
    }
}

#[test]
fn what_can_be_read_of_a_bad_row_is_kept() {
    let row = json!({ "firstName": "Ann", "email": "ann at example.org", "phone": "555 0100", "phoneType": "Pigeon",
        "referenceId": 7, "birthMonth": 13 });
    let (group, Readable { submission, issues }) = read_record(&row, &FlatContext::default());
    assert_eq!(group, None);
    let fields: Vec<&str> = issues.iter().map(|issue| issue.field.as_str()).collect();
    assert_eq!(fields, ["contactId", "birthMonth", "referenceSource", "email", "phoneType"]);
    assert_eq!(submission.reference, Some(Reference { source: String::new(), id: "7".to_owned() }));
    assert_eq!(submission.field(Field::FirstName), Some("Ann"));
    let methods: Vec<(&str, &str)> = submission.methods.iter().map(|m| (m.label.as_str(), m.value.as_str())).collect();
    assert_eq!(methods, [("Home Phone", "555 0100")]);
    assert_eq!(read_flat(&json!(3), &FlatContext::default()).submission, Submission::default());
}

proptest! {
    #[test]
    fn a_row_without_problems_reads_the_same_either_way(first in "[A-Z][a-z]{0,8}", mailbox in "[a-z]{1,6}( )?@[a-z]{1,5}", kind in select(vec!["", "Home", "x"])) {
        let body = json!({ "firstName": first, "email": mailbox, "emailType": kind });
        let Readable { submission, issues } = read_flat(&body, &FlatContext::default());
        match parse(&body) {
            Ok(strict) => prop_assert!(issues.is_empty() && strict == submission),
            Err(problems) => prop_assert_eq!(problems, issues),
        }
    }
}
