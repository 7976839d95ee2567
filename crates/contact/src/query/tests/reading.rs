//! Conditions one by one, and what is refused.

use super::*;
use crate::issue::IssueCode;
use crate::query::{Operator, QueryOptions, options, sections};

#[test]
fn text_is_compared_in_any_letter_case_and_accents_count() {
    for (operator, value, expected) in [
        ("Is", "okafor-LUND", true),
        ("IsNot", "okafor-lund", false),
        ("Is", "okafor", false),
        ("Contains", "FOR-l", true),
        ("StartsWith", "okaf", true),
        ("StartsWith", "kaf", false),
        ("EndsWith", "Lund", true),
    ] {
        assert_eq!(holds(&one("Last Name", operator, json!(value)), &ines()), expected, "{operator} {value}");
    }
    assert!(holds(&one("First Name", "Is", json!("PÅL")), &ines()));
    assert!(!holds(&one("First Name", "Is", json!("pal")), &ines()));
}

#[test]
fn every_sort_of_parameter_is_found_where_it_is() {
    for (parameter, operator, value) in [
        ("Contact Id", "Is", json!("70114")),
        ("contact id", "GreaterThan", json!(70_113)),
        ("Email Address", "Is", json!("ines.lund@EXAMPLE.org")),
        ("Phone Number", "Is", json!("+1 555 010 4477")),
        ("Phone Number", "EndsWith", json!("4477")),
        ("Twitter", "Contains", json!("pal")),
        ("Address", "Contains", json!("Tannery Rd, Bellford")),
        ("Address Line 1", "StartsWith", json!("402")),
        ("State", "In", json!("oh")),
        ("Postal", "StartsWith", json!("440")),
        ("Contact Type", "Is", json!("household")),
        ("Tag", "IsAnyOf", json!("monthly")),
        ("Reference Id", "Is", json!("hg-50022")),
        ("Individual Id", "Is", json!(81_002)),
        ("Shirt Size", "Is", json!("m")),
        ("Score", "LessThanOrEqual", json!(12.5)),
        ("Member Since", "Before", json!("5/5/2019")),
        ("Private", "IsFalse", json!(null)),
        ("Fax", "IsNotKnown", json!(null)),
    ] {
        assert!(holds(&one(parameter, operator, value), &ines()), "{parameter} {operator}");
    }
}

#[test]
fn groups_are_joined_by_or_and_their_conditions_by_and() {
    let condition = |parameter: &str, value: &str| json!({ "parameter": parameter, "operator": "Is", "value": value });
    let body = |groups: &[&[Value]]| {
        let groups: Vec<Value> = groups.iter().map(|conditions| json!({ "conditions": conditions })).collect();
        json!({ "groups": groups })
    };
    let (here, gone) = (condition("City", "Bellford"), condition("City", "Springdale"));
    let ines_here = condition("First Name", "Ines");
    assert!(holds(&query(&body(&[])), &ines()));
    assert!(holds(&query(&body(&[&[here.clone(), ines_here.clone()]])), &ines()));
    assert!(!holds(&query(&body(&[&[gone.clone(), ines_here.clone()]])), &ines()));
    assert!(holds(&query(&body(&[&[gone], &[ines_here]])), &ines()));
}

#[test]
fn one_of_a_thousand_groups_is_enough() {
    let group = |name: String| {
        json!({ "conditions": [
        { "parameter": "State", "operator": "Is", "value": "OH" },
        { "parameter": "Email Address", "operator": "Is", "value": name },
    ] })
    };
    let others = (0..999).map(|number| group(format!("nobody{number}@example.org")));
    let mut groups: Vec<Value> = others.collect();
    assert!(!holds(&query(&json!({ "groups": groups })), &ines()));
    groups.push(group("ines.lund@example.org".into()));
    assert!(holds(&query(&json!({ "groups": groups })), &ines()));
}

#[test]
fn days_are_those_of_the_organization_and_of_utc_where_the_parameter_says_so() {
    for (parameter, operator, value, expected) in [
        ("Create Date", "Is", "2024-03-05", true),
        ("Create Date", "Is On", "3/5/2024", true),
        ("Create DateTime UTC", "Is", "2024-03-05", false),
        ("Create DateTime UTC", "Is", "2024-03-06", true),
        ("Create DateTime UTC", "Is", "2024-03-06T05:30:00", true),
        ("Create Date", "After", "2024-03-05", false),
        ("Create Date", "OnOrAfter", "2024-03-05", true),
        ("Create Date", "GreaterThan", "2024-03-05T23:29:59", true),
        ("Create Date", "GreaterThan", "2024-03-06T05:30:00Z", false),
        ("Create Date", "Is Before", "Two Years Ago", true),
        ("Create Date", "After", "This Calendar Year", false),
    ] {
        assert_eq!(holds(&one(parameter, operator, json!(value)), &ines()), expected, "{parameter} {operator} {value}");
    }
}

#[test]
fn words_are_counted_from_today() {
    for (word, day) in [
        ("Today", "2026-03-11"),
        ("yesterday", "2026-03-10"),
        ("Tomorrow", "2026-03-12"),
        ("30 Days Ago", "2026-02-09"),
        ("270 Days Ago", "2025-06-14"),
        ("Last Sunday", "2026-03-08"),
        ("Start Of This Month", "2026-03-01"),
        ("One Year Ago", "2025-03-11"),
        ("Two Years Ago", "2024-03-11"),
        ("One week from now", "2026-03-18"),
    ] {
        assert_eq!(one("Last Gift Date", "Is", json!(word)), one("Last Gift Date", "Is", json!(day)), "{word}");
    }
}

#[test]
fn both_ends_of_a_range_belong_to_it() {
    let between = |parameter: &str, from: &str, to: &str| {
        let condition = json!({ "parameter": parameter, "operator": "Between", "value": from, "secondaryValue": to });
        holds(&query(&json!({ "groups": [{ "conditions": [condition] }] })), &ines())
    };
    assert!(between("Contact Id", "70000", "70114") && between("Contact Id", "70114", "70114"));
    assert!(!between("Contact Id", "70115", "70200"));
    assert!(between("Create Date", "2024-03-01", "2024-03-05") && !between("Create Date", "2024-03-06", "2024-03-31"));
    assert!(between("Score", "12.5", "13"));
}

#[test]
fn an_individual_is_asked_of_itself_and_of_its_contact() {
    let found = |parameter: &str, value: &str| {
        let condition = json!({ "parameter": parameter, "operator": "Is", "value": value });
        let query = read_as(Subject::Individual, &json!({ "groups": [{ "conditions": [condition] }] })).unwrap().query;
        let text = contact_facts(&ines());
        let holds = |facts| query.holds(&Record { id: 1, created: 0, modified: 0, archived: false, facts });
        sections(&text, 2026).filter(|(_, facts)| holds(*facts)).map(|(id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(found("First Name", "Ines"), [81_001]);
    assert_eq!(found("Individual Id", "81002"), [81_002]);
    assert_eq!(found("Twitter", "@pal"), [81_002]);
    assert_eq!(found("City", "Bellford"), [81_001, 81_002]);
    assert_eq!(found("Last Name", "Okafor-Lund"), [81_001, 81_002]);
}

#[test]
fn archived_contacts_are_left_out_unless_they_are_asked_for() {
    let text = contact_facts(&ines());
    let archived = Record { id: 1, created: 0, modified: 0, archived: true, facts: Facts::all(&text, 2026) };
    assert!(!query(&json!({})).holds(&archived));
    assert!(query(&json!({ "includeArchived": "true" })).holds(&archived));
    assert!(one("Contact Archived", "IsTrue", json!(null)).holds(&archived));
}

#[test]
fn a_bound_key_sees_contacts_of_its_platforms_only() {
    let of = |source: &str| query(&json!({})).of_sources(&[source.to_owned()]);
    assert!(holds(&of("HARBOR giving"), &ines()) && !holds(&of("Other"), &ines()));
}

#[test]
fn every_problem_is_told_under_its_path() {
    let body = json!({ "groups": [
        { "conditions": [
            { "parameter": "Shoe Size", "operator": "Is", "value": "9" },
            { "parameter": "Last Name", "operator": "LessThan", "value": "M" },
            { "parameter": "Last Name", "operator": "Resembles", "value": "M" },
            { "parameter": "Contact Id", "operator": "Is", "value": "seven" },
        ] },
        { "conditions": [
            { "operator": "Is", "value": "9" },
            { "parameter": "Contact Id", "operator": "Between", "value": 1 },
            { "parameter": "Create Date", "operator": "After", "value": "soon" },
            { "parameter": "Tag", "operator": "IsAnyOf" },
            { "parameter": "Score", "operator": "Is", "value": { "a": 1 } },
        ] },
        7,
    ], "sortBy": "Shoe Size", "take": 1001, "queryLocation": { "topLatitude": 91 } });
    let problems = read_as(Subject::Contact, &body).unwrap_err();
    let problems: Vec<(&str, &str)> = problems.iter().map(|own| (own.field.as_str(), own.code.as_str())).collect();
    assert_eq!(
        problems,
        [
            ("groups[0].conditions[0].parameter", "INVALID_VALUE"),
            ("groups[0].conditions[1].operator", "INVALID_VALUE"),
            ("groups[0].conditions[2].operator", "INVALID_VALUE"),
            ("groups[0].conditions[3].value", "INVALID_FORMAT"),
            ("groups[1].conditions[0].parameter", "REQUIRED"),
            ("groups[1].conditions[1].secondaryValue", "REQUIRED"),
            ("groups[1].conditions[2].value", "INVALID_FORMAT"),
            ("groups[1].conditions[3].values", "REQUIRED"),
            ("groups[1].conditions[4].value", "INVALID_TYPE"),
            ("groups[2]", "INVALID_TYPE"),
            ("sortBy", "INVALID_VALUE"),
            ("queryLocation.topLatitude", "INVALID_VALUE"),
            ("queryLocation.bottomLatitude", "REQUIRED"),
            ("queryLocation.leftLongitude", "REQUIRED"),
            ("queryLocation.rightLongitude", "REQUIRED"),
            ("take", "INVALID_VALUE"),
        ]
    );
}

#[test]
fn more_groups_than_are_taken_are_one_problem() {
    let groups = vec![json!({ "conditions": [] }); super::super::MOST_GROUPS + 1];
    let problems = read_as(Subject::Contact, &json!({ "groups": groups })).unwrap_err();
    assert_eq!((problems[0].field.as_str(), problems[0].code), ("groups", IssueCode::TooLong));
}

#[test]
fn operators_are_read_in_both_spellings() {
    for (text, operator) in [
        ("Is After", Operator::After),
        ("isbefore", Operator::Before),
        ("Is On", Operator::Is),
        ("Greater Than", Operator::GreaterThan),
        ("Is Any Of", Operator::IsAnyOf),
        ("On Or Before", Operator::OnOrBefore),
    ] {
        assert_eq!(Operator::named(text), Some(operator), "{text}");
    }
    assert_eq!(Operator::named("Resembles"), None);
}

fn offered(subject: Subject) -> QueryOptions {
    let (custom, types) = (custom(), [(BaseType::Organization, "Parish".to_owned())]);
    options(&Dictionary { subject, types: &types, custom_fields: &custom })
}

/// What is offered is what is read: no parameter or operator of the options is refused.
#[test]
fn everything_that_is_offered_can_be_asked() {
    for subject in [Subject::Contact, Subject::Individual, Subject::Note] {
        for option in offered(subject).options {
            for own in &option.operator_options {
                let value = match option.kind {
                    "Date" => "2024-03-05",
                    _ => "7",
                };
                let condition = json!({
                    "parameter": option.parameter, "operator": own.operator.as_str(),
                    "value": value, "secondaryValue": value, "values": [value],
                });
                let body = json!({ "groups": [{ "conditions": [condition] }], "sortBy": option.parameter });
                assert!(read_as(subject, &body).is_ok(), "{} {}", option.parameter, own.operator);
            }
        }
    }
}

#[test]
fn options_name_the_organizations_own_types_and_fields() {
    let options = offered(Subject::Contact).options;
    let of = |name: &str| options.iter().find(|option| option.parameter == name).unwrap();
    assert_eq!(of("Contact Type").value_options, ["Household", "Organization", "Foundation", "Parish"]);
    assert_eq!(
        (of("Shirt Size").kind, of("Shirt Size").value_options.as_slice()),
        ("List", ["S".into(), "M".into()].as_slice())
    );
    assert_eq!((of("Vegan").kind, of("Member Since").kind), ("Boolean", "Date"));
}
