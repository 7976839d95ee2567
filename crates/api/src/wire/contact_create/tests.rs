//! The two documented shapes, and what is refused.

use super::{Parsed, parse};
use serde_json::{Value, json};
use tributary_contact::Field;
use tributary_engine::Catalogue;

fn read(body: &Value) -> Parsed {
    parse(body.as_object().unwrap(), &Catalogue::default()).unwrap()
}

fn problems(body: &Value) -> Vec<String> {
    let issues = parse(body.as_object().unwrap(), &Catalogue::default()).unwrap_err();
    issues.iter().map(|issue| format!("{} {}", issue.field, issue.code)).collect()
}

#[test]
fn both_documented_shapes_mean_the_same() {
    let person = json!([{ "firstName": "Odalys", "lastName": "Trent" }]);
    let lists = json!({
        "referenceSource": "Harbor Giving", "referenceId": "hg-1", "contactIndividuals": person,
        "contactAddresses": [{ "address1": "18 Quarry Ln", "stateCode": "OH", "countryCode": "US" }],
    });
    let single = json!({
        "contactReferences": [{ "source": "Harbor Giving", "id": "hg-1" }], "contactIndividuals": person,
        "address": { "address1": "18 Quarry Ln", "state": "OH", "country": "US" },
    });
    assert_eq!(read(&lists), read(&single));
}

#[test]
fn the_primary_individual_comes_first_and_carries_the_contact() {
    let parts = read(&json!({
        "name": "The Trents", "tags": "a;b",
        "contactIndividuals": [
            { "firstName": "Third" },
            { "firstName": "Second", "isSecondary": "true" },
            { "firstName": "First", "isPrimary": true },
        ],
    }))
    .new
    .parts;
    let first_names: Vec<_> = parts.iter().filter_map(|part| part.field(Field::FirstName)).collect();
    assert_eq!(first_names, ["First", "Second", "Third"]);
    let names: Vec<_> = parts.iter().filter_map(|part| part.field(Field::Name)).collect();
    assert_eq!((names, parts[0].tags.len()), (vec!["The Trents"], 2));
}

#[test]
fn every_problem_is_named_with_its_path() {
    let body = json!({
        "contactType": "Club", "referenceId": "7", "isArchived": "perhaps", "anniversaryMonth": 13,
        "address": "18 Quarry Ln",
        "contactAddresses": [{ "city": {} }],
        "contactIndividuals": [
            { "birthMonth": 2, "birthDay": 30, "contactMethods": [
                { "type": "Home Email", "value": "nobody" }, { "value": "x" }, { "type": "Pigeon", "value": "x" } ] },
            7,
        ],
    });
    let mut found = problems(&body);
    found.sort();
    assert_eq!(
        found,
        [
            "address INVALID_TYPE",
            "anniversaryMonth INVALID_VALUE",
            "contactAddresses[0].city INVALID_TYPE",
            "contactIndividuals[0].birthDay INVALID_VALUE",
            "contactIndividuals[0].contactMethods[0].value INVALID_FORMAT",
            "contactIndividuals[0].contactMethods[1].type REQUIRED",
            "contactIndividuals[0].contactMethods[2].type INVALID_VALUE",
            "contactIndividuals[1] INVALID_TYPE",
            "contactType INVALID_VALUE",
            "isArchived INVALID_VALUE",
            "referenceSource REQUIRED",
        ]
    );
}

#[test]
fn a_household_needs_a_person_and_an_organization_a_name() {
    assert_eq!(problems(&json!({})), ["contactIndividuals REQUIRED"]);
    assert_eq!(problems(&json!({ "contactType": "Organization" })), ["name REQUIRED"]);
    assert_eq!(read(&json!({ "contactType": "foundation", "name": "Bellford Fund" })).new.parts.len(), 1);
}

#[test]
fn unknown_fields_are_counted_at_every_depth() {
    let body = json!({
        "shoeSize": 9,
        "address": { "city": "Bellford", "planet": "Earth", "latitude": 1.5 },
        "contactIndividuals": [{ "firstName": "Odalys", "mood": "fine", "isPrimary": true }],
    });
    assert_eq!(read(&body).unknown_fields, 3);
}

#[test]
fn a_contact_is_created_with_any_number_of_references_each_once() {
    let reference = |id: &str| json!({ "source": "A", "id": id });
    let three = json!([reference("1"), reference("2"), reference("1"), reference("3")]);
    let people = json!([{ "firstName": "Odalys" }, { "firstName": "Pål" }]);
    let new = read(&json!({ "contactReferences": three, "contactIndividuals": people })).new;
    let first: Vec<_> = new.parts.iter().map(|part| part.reference.as_ref().map(|own| own.id.as_str())).collect();
    assert_eq!(first, [Some("1"), None]);
    assert_eq!(new.references.iter().map(|own| own.id.as_str()).collect::<Vec<_>>(), ["2", "3"]);
}
