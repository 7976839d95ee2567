//! Values of custom fields against their definitions.

use crate::flat::{FlatContext, parse_flat};
use crate::model::{CollectionDefinition, Entity, FieldDefinition, FieldType, Submission};
use serde_json::{Value, json};

fn field(name: &str, data_type: FieldType, options: &[&str]) -> FieldDefinition {
    let options = options.iter().map(|option| (*option).to_owned()).collect();
    FieldDefinition { name: name.to_owned(), display_name: name.to_owned(), data_type, required: false, options }
}

fn defined() -> Vec<(Entity, FieldDefinition)> {
    vec![
        (Entity::Contact, field("shirtSize", FieldType::Dropdown, &["S", "M"])),
        (Entity::Contact, field("children", FieldType::Number, &[])),
        (Entity::Contact, field("since", FieldType::Date, &[])),
        (Entity::Contact, field("member", FieldType::Boolean, &[])),
        (Entity::Individual, field("diet", FieldType::Text, &[])),
    ]
}

fn parse(custom: Value) -> Result<Submission, Vec<String>> {
    let defined = defined();
    let context = FlatContext { custom_fields: &defined, ..FlatContext::default() };
    let parsed = parse_flat(&json!({ "lastName": "Lund", "customFields": custom }), &context);
    parsed
        .map(|parsed| parsed.submission)
        .map_err(|issues| issues.into_iter().map(|issue| format!("{} {}", issue.field, issue.code)).collect())
}

#[test]
fn values_take_the_form_of_their_type_and_names_their_defined_spelling() {
    let said = json!({ "ShirtSize": "m", "children": "2.0", "since": "3/5/2024", "member": "Yes", "free": "x" });
    let fields = parse(said).unwrap().custom_fields;
    let expected = json!({ "children": "2", "free": "x", "member": "true", "shirtSize": "M", "since": "2024-03-05" });
    assert_eq!(serde_json::to_value(fields).unwrap(), expected);
}

#[test]
fn a_value_of_another_type_is_refused() {
    let said = json!({ "shirtSize": "XXL", "children": "two", "since": "soon", "member": "perhaps" });
    let expected =
        ["children", "member", "shirtSize", "since"].map(|name| format!("customFields.{name} INVALID_VALUE"));
    let mut found = parse(said).unwrap_err();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_field_of_individuals_goes_to_the_individual() {
    let submission = parse(json!({ "diet": "vegan" })).unwrap();
    assert!(submission.custom_fields.is_empty());
    assert_eq!(submission.individual_custom.fields["diet"], "vegan");
}

fn parse_entries(entries: Value) -> Result<Submission, Vec<String>> {
    let pet = vec![field("born", FieldType::Date, &[]), field("name", FieldType::Text, &[])];
    let collection =
        |id, entity, name: &str| CollectionDefinition { id, entity, name: name.to_owned(), fields: pet.clone() };
    let collections = [collection(1, Entity::Contact, "Pets"), collection(2, Entity::Individual, "Hobbies")];
    let context = FlatContext { collections: &collections, ..FlatContext::default() };
    let parsed = parse_flat(&json!({ "lastName": "Lund", "customObjects": entries }), &context);
    parsed
        .map(|parsed| parsed.submission)
        .map_err(|issues| issues.into_iter().map(|issue| format!("{} {}", issue.field, issue.code)).collect())
}

#[test]
fn entries_take_the_form_of_their_collection() {
    let fields = json!([{ "name": "free", "value": "x" }, { "name": "Name", "value": "Rex" }, { "name": "BORN", "value": "3/5/2024" }]);
    let said =
        parse_entries(json!([{ "name": "pets", "fields": fields }, { "name": "Other", "fields": { "born": "soon" } }]));
    let entries = serde_json::to_value(said.unwrap().custom_objects).unwrap();
    let settled = json!([{ "name": "born", "value": "2024-03-05" }, { "name": "name", "value": "Rex" }, { "name": "free", "value": "x" }]);
    assert_eq!((&entries[0]["name"], &entries[0]["fields"]), (&json!("Pets"), &settled));
    assert_eq!(entries[1]["fields"], json!([{ "name": "born", "value": "soon" }]));
}

#[test]
fn an_entry_with_a_value_of_another_type_is_refused() {
    let said =
        json!([{ "name": "Pets", "fields": { "name": "Rex" } }, { "name": "Pets", "fields": { "born": "soon" } }]);
    assert_eq!(parse_entries(said).unwrap_err(), ["customObjects[1].fields.born INVALID_VALUE"]);
}

#[test]
fn an_entry_of_a_collection_of_individuals_goes_to_the_individual() {
    let submission = parse_entries(json!({ "name": "hobbies", "fields": { "born": "2020-01-01" } })).unwrap();
    assert!(submission.custom_objects.is_empty());
    assert_eq!(submission.individual_custom.objects[0].name, "Hobbies");
}
