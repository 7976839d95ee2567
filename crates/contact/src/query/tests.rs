//! What a query asks for, how it is read, and the laws that narrowing it keeps.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop at the first surprise")]

mod laws;
mod reading;
mod searching;

use super::{Asked, Calendar, Dictionary, Facts, Query, Record, Subject, contact_facts, read};
use crate::issue::Issue;
use crate::model::{
    Address, BaseType, ContactType, Entity, Field, FieldDefinition, FieldType, Golden, GoldenAddress, GoldenIndividual,
    GoldenMethod, ItemId, Reference,
};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use serde_json::{Value, json};

/// The custom fields of the organization of these tests.
fn custom() -> Vec<(Entity, FieldDefinition)> {
    let field = |name: &str, display: &str, data_type| FieldDefinition {
        name: name.to_owned(),
        display_name: display.to_owned(),
        data_type,
        required: false,
        options: if data_type == FieldType::Dropdown { vec!["S".into(), "M".into()] } else { Vec::new() },
    };
    vec![
        (Entity::Contact, field("shirtSize", "Shirt Size", FieldType::Dropdown)),
        (Entity::Contact, field("score", "Score", FieldType::Number)),
        (Entity::Individual, field("since", "Member Since", FieldType::Date)),
        (Entity::Individual, field("vegan", "Vegan", FieldType::Boolean)),
    ]
}

/// Six hours behind UTC, on 2026-03-11, a Wednesday.
fn read_as(subject: Subject, body: &Value) -> Result<Asked, Vec<Issue>> {
    let (custom, types) = (custom(), [(BaseType::Organization, "Parish".to_owned())]);
    let dictionary = Dictionary { subject, types: &types, custom_fields: &custom };
    let behind = |at: NaiveDateTime| (at + TimeDelta::hours(6)).and_utc();
    let utc = |at: NaiveDateTime| at.and_utc();
    let today = NaiveDate::from_ymd_opt(2026, 3, 11).unwrap();
    read(body, &dictionary, Calendar { today, instant: &behind }, Calendar { today, instant: &utc })
}

fn query(body: &Value) -> Query {
    read_as(Subject::Contact, body).unwrap().query
}

/// A query of one condition.
fn one(parameter: &str, operator: &str, value: Value) -> Query {
    query(&json!({ "groups": [{ "conditions": [{ "parameter": parameter, "operator": operator, "value": value }] }] }))
}

fn method(label: &str, value: &str) -> GoldenMethod {
    GoldenMethod {
        id: ItemId(3),
        label: label.into(),
        value: value.into(),
        opted_in: false,
        primary: true,
        archived: false,
    }
}

/// A household of two.
fn ines() -> Golden {
    let mut golden = Golden {
        contact_type: ContactType { base: BaseType::Household, custom: None },
        fields: [(Field::Name, "Ines and Pål Okafor-Lund".to_owned())].into(),
        tags: ["Monthly".to_owned(), "Spring Gala".to_owned()].into(),
        references: [Reference { source: "Harbor Giving".into(), id: "hg-50022".into() }].into(),
        custom_fields: [("shirtSize".to_owned(), "M".to_owned()), ("score".to_owned(), "12.5".to_owned())].into(),
        ..Golden::default()
    };
    let address = Address {
        address1: Some("402 Tannery Rd".into()),
        city: Some("Bellford".into()),
        state: Some("OH".into()),
        postal: Some("44090".into()),
        country: Some("US".into()),
        primary: true,
        ..Address::default()
    };
    golden.addresses = vec![GoldenAddress { id: ItemId(9), address, archived: false }];
    let person = |id: i64, first: &str, methods: Vec<GoldenMethod>| {
        let mut person = GoldenIndividual::new(ItemId(id));
        person.fields = [(Field::FirstName, first.to_owned()), (Field::LastName, "Okafor-Lund".to_owned())].into();
        person.methods = methods;
        person
    };
    let methods = vec![method("Home Email", "Ines.Lund@example.org"), method("Mobile Phone", "(555) 010-4477")];
    golden.individuals = vec![person(81_001, "Ines", methods), person(81_002, "Pål", vec![method("Twitter", "@pal")])];
    golden.individuals[1].custom_fields = [("since".to_owned(), "2019-05-04".to_owned())].into();
    golden
}

/// When the contact of these tests was created: 2024-03-06T05:30:00Z, which is 23:30 of the day before at home.
const CREATED: i64 = 1_709_703_000_000_000;

fn holds(query: &Query, golden: &Golden) -> bool {
    let text = contact_facts(golden);
    let facts = Facts::all(&text, 2026);
    query.holds(&Record { id: 70_114, created: CREATED, modified: CREATED, archived: false, facts })
}
