//! Reading policies, and what they make wait.
#![allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use super::{
    AutoMerge, Policy, PolicyDocument, Power, Rule, SourceProfile, Subject, TriageAction, Waiting, source_profile,
    waiting_fields,
};
use crate::model::{Field, Golden, GoldenIndividual, ItemId, Reference, Submission};
use crate::state::Reason;
use serde_json::{Value, json};

fn read(document: &Value) -> PolicyDocument {
    PolicyDocument::read(document).unwrap()
}

fn problems(document: &Value) -> Vec<String> {
    let issues = PolicyDocument::read(document).unwrap_err();
    issues.into_iter().map(|issue| format!("{} {}", issue.field, issue.code)).collect()
}

#[test]
fn all_problems_are_told_at_once() {
    let document = json!({
        "fields": {
            "shoeSize": { "rule": "recency" },
            "website": { "rule": "newest", "lock": "perhaps" },
            "tags": { "rule": "trust" },
            "lastName": { "rule": "union" },
            "birthYear": { "lock": false },
            "lists": { "sensitive": true },
            "customFields/": {},
        },
        "sources": {
            "crm": { "trust": 5000, "may": { "website": "everything", "tags": "clear" }, "trustedWith": ["shoeSize"], "color": 1 },
            " ": {},
            "shop": { "strict": true, "create": true },
            "mail": 7,
        },
        "colour": "red",
    });
    let mut found = problems(&document);
    found.sort();
    assert_eq!(
        found,
        [
            "colour INVALID_VALUE",
            "fields.birthYear.lock INVALID_VALUE",
            "fields.customFields/ INVALID_VALUE",
            "fields.lastName.rule INVALID_VALUE",
            "fields.lists.sensitive INVALID_VALUE",
            "fields.shoeSize INVALID_VALUE",
            "fields.tags.rule INVALID_VALUE",
            "fields.website.lock INVALID_VALUE",
            "fields.website.rule INVALID_VALUE",
            "sources.  INVALID_VALUE",
            "sources.crm.color INVALID_VALUE",
            "sources.crm.may.tags INVALID_VALUE",
            "sources.crm.may.website INVALID_VALUE",
            "sources.crm.trust INVALID_VALUE",
            "sources.crm.trustedWith INVALID_VALUE",
            "sources.mail INVALID_TYPE",
            "sources.shop.strict INVALID_VALUE",
        ]
    );
    assert_eq!(problems(&json!([])), [" INVALID_TYPE"]);
}

#[test]
fn a_document_comes_back_as_it_was_written() {
    let document = read(&json!({
        "about": "The CRM is right about addresses.",
        "fields": { "website": { "rule": "trust", "sensitive": true }, "tags": { "rule": "fillOnly" } },
        "sources": { "crm": { "trust": 90, "may": { "*": "fill" }, "trustedWith": ["isDeceased"] }, "*": { "strict": true } },
    }));
    let stored = serde_json::to_value(&document).unwrap();
    assert_eq!(serde_json::from_value::<PolicyDocument>(stored.clone()).unwrap(), document);
    assert_eq!(read(&stored), document);
}

#[test]
fn all_problems_of_triage_rules_are_told_at_once() {
    let document = json!({ "triage": [
        { "action": "merge" },
        { "reason": "whim", "action": "assign" },
        { "reason": "sensitive_change", "action": "create", "question": "Who?" },
        { "action": "create" },
        { "action": "askPartner", "after": -1, "assignee": "ada@example.org", "mood": "bad" },
        { "source": "shop" },
        7,
    ] });
    let mut found = problems(&document);
    found.sort();
    assert_eq!(
        found,
        [
            "triage[0].action INVALID_VALUE",
            "triage[1].assignee REQUIRED",
            "triage[1].reason INVALID_VALUE",
            "triage[2].question INVALID_VALUE",
            "triage[2].reason INVALID_VALUE",
            "triage[3].reason INVALID_VALUE",
            "triage[4].after INVALID_VALUE",
            "triage[4].assignee INVALID_VALUE",
            "triage[4].mood INVALID_VALUE",
            "triage[4].question REQUIRED",
            "triage[5].action REQUIRED",
            "triage[6] INVALID_TYPE",
            "triage[6].action REQUIRED",
        ]
    );
    assert_eq!(problems(&json!({ "triage": {} })), ["triage INVALID_TYPE"]);
}

#[test]
fn rules_are_looked_at_in_order_until_one_ends_it() {
    let document = read(&json!({ "triage": [
        { "source": "crm", "action": "hold" },
        { "action": "assign", "assignee": "Ada@example.org" },
        { "reason": "too_little", "action": "askPartner", "question": "Who is it?" },
        { "reason": "too_little", "action": "reject", "after": 30 },
        { "action": "assign", "assignee": "bo@example.org" },
    ] }));
    let stored = serde_json::to_value(&document).unwrap();
    assert_eq!(serde_json::from_value::<PolicyDocument>(stored).unwrap(), document);
    assert_eq!(document.triage[1].assignee.as_deref(), Some("ada@example.org"));
    let row = Waiting { reason: Reason::TooLittle, source: Some("shop"), days: 0, assigned: false, asked: false };
    let due = |row| document.due(row).into_iter().map(|rule| rule.action).collect::<Vec<_>>();
    let (assign, ask, reject) = (TriageAction::Assign, TriageAction::AskPartner, TriageAction::Reject);
    assert_eq!(due(row), [assign, ask]);
    assert_eq!(due(Waiting { assigned: true, ..row }), [ask]);
    assert_eq!(due(Waiting { assigned: true, asked: true, ..row }), []);
    assert_eq!(due(Waiting { asked: true, days: 30, ..row }), [assign, reject]);
    assert_eq!(due(Waiting { reason: Reason::Doubtful, source: None, ..row }), [assign]);
    assert_eq!(due(Waiting { source: Some("crm"), days: 99, ..row }), []);
}

#[test]
fn strict_stands_for_its_parts() {
    let strict = &read(&json!({ "sources": { "*": { "strict": true } } })).sources["*"];
    assert_eq!((strict.create, strict.add_individuals, strict.auto_merge), (false, false, AutoMerge::Never));
    assert_eq!(read(&json!({ "sources": { "*": {} } })).sources["*"], SourceProfile::default());
}

fn policy(document: &Value) -> Policy {
    Policy::new(7, read(document))
}

#[test]
fn a_source_without_a_profile_has_that_of_every_other_one() {
    let own = policy(&json!({ "sources": { "crm": { "trust": 9 }, "*": { "trust": 3 } } }));
    assert_eq!([Some("crm"), Some("shop"), None].map(|source| own.profile(source).trust), [9, 3, 3]);
    assert_eq!(policy(&json!({})).profile(Some("crm")), &SourceProfile::default());
    assert_eq!(source_profile(None, &Submission::default()), &SourceProfile::default());
}

#[test]
fn lists_are_not_meant_by_what_is_said_of_values() {
    let own = policy(
        &json!({ "fields": { "*": { "rule": "recency" } }, "sources": { "*": { "may": { "*": "clear", "tags": "fill" } } } }),
    );
    assert_eq!(own.rule(Subject::List(super::List::Tags)), Rule::Union);
    assert_eq!(own.rule(Subject::Custom("diet")), Rule::Recency);
    assert_eq!(own.power(None, Subject::List(super::List::Tags)), Power::Fill);
    assert_eq!(own.power(None, Subject::Custom("diet")), Power::Clear);
}

fn known(fields: &[(Field, &str)]) -> Golden {
    let mut golden = Golden::default();
    let mut person = GoldenIndividual::new(ItemId(1));
    for (field, value) in fields {
        let place = if field.is_individual() { &mut person.fields } else { &mut golden.fields };
        place.insert(*field, (*value).to_owned());
    }
    golden.individuals.push(person);
    golden
}

fn waits(document: &Value, before: &[(Field, &str)], (field, value): (Field, &str)) -> Vec<Field> {
    let said = Submission {
        reference: Some(Reference { source: "crm".into(), id: "1".into() }),
        fields: [(field, value.to_owned())].into(),
        ..Submission::default()
    };
    waiting_fields(Some(&policy(document)), &known(before), ItemId(1), &said, true)
}

#[test]
fn a_sensitive_field_waits_unless_the_source_is_trusted_with_it() {
    let born = [(Field::BirthYear, "1970")];
    assert_eq!(waits(&json!({}), &born, (Field::BirthYear, "1971")), [Field::BirthYear]);
    let trusted = json!({ "sources": { "crm": { "trustedWith": ["birthYear"] } } });
    assert_eq!(waits(&trusted, &born, (Field::BirthYear, "1971")), []);
    assert_eq!(waits(&trusted, &[], (Field::IsDeceased, "true")), [Field::IsDeceased]);
    let others = json!({ "sources": { "shop": { "trustedWith": ["birthYear"] } } });
    assert_eq!(waits(&others, &born, (Field::BirthYear, "1971")), [Field::BirthYear]);
}

#[test]
fn of_a_row_without_the_reference_only_what_the_policy_names_waits() {
    let born = known(&[(Field::BirthYear, "1970")]);
    let said = Submission { fields: [(Field::BirthYear, "1971".to_owned())].into(), ..Submission::default() };
    let waiting = |document: Value| waiting_fields(Some(&policy(&document)), &born, ItemId(1), &said, false);
    assert_eq!(waiting(json!({})), []);
    assert_eq!(waiting(json!({ "fields": { "birthYear": { "sensitive": true } } })), [Field::BirthYear]);
    assert_eq!(waiting_fields(None, &born, ItemId(1), &said, false), []);
    assert_eq!(waiting_fields(None, &born, ItemId(1), &said, true), [Field::BirthYear]);
}

#[test]
fn a_policy_says_which_fields_are_sensitive() {
    let document = json!({ "fields": { "birthYear": { "sensitive": false }, "website": { "sensitive": true } } });
    assert_eq!(waits(&document, &[(Field::BirthYear, "1970")], (Field::BirthYear, "1971")), []);
    let site = [(Field::Website, "a.org")];
    assert_eq!(waits(&document, &site, (Field::Website, "b.org")), [Field::Website]);
    assert_eq!(waits(&document, &site, (Field::Website, "A.org")), []);
    assert_eq!(waits(&document, &[], (Field::Website, "b.org")), []);
}
