//! Arbitrary records of one contact, over alphabets so small that they collide.

use crate::clock::Timestamp;
use crate::model::{
    Address, BaseType, ContactType, CustomData, CustomObject, Edits, Field, Gift, Item, ItemEdit, ItemField, ItemId,
    Method, Rank, RecordId, RecordKind, Reference, SourceRecord, Submission,
};
use crate::policy::{AutoMerge, FieldPolicy, Policy, PolicyDocument, Power, Rule, SourceProfile};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// An instant: seconds since a fixed day.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
}

const FIELDS: [Field; 7] = [
    Field::Name,
    Field::Website,
    Field::Prefix,
    Field::FirstName,
    Field::LastName,
    Field::BirthYear,
    Field::IsDeceased,
];

fn word() -> impl Strategy<Value = String> {
    select(vec!["Ann", "ann", "Bo", "Cy", "", "  "]).prop_map(str::to_owned)
}

fn filled() -> impl Strategy<Value = String> {
    select(vec!["Ann", "ann", "Bo", "Cy"]).prop_map(str::to_owned)
}

fn method() -> impl Strategy<Value = Method> {
    let values = [
        ("Home Email", "a@example.org"),
        ("Work Email", "A@Example.org"),
        ("Home Email", "b@example.org"),
        ("Mobile Phone", "(614) 555-0142"),
        ("Home Phone", "614-555-0142"),
        ("Facebook", "ann"),
        ("Home Email", " "),
    ];
    (select(values.to_vec()), of(any::<bool>()), any::<bool>()).prop_map(|((label, value), opted_in, primary)| Method {
        label: label.to_owned(),
        value: value.to_owned(),
        opted_in,
        primary,
    })
}

fn address() -> impl Strategy<Value = Address> {
    let lines = select(vec![None, Some("12 Mill St"), Some("12 Mill Street"), Some("PO Box 9"), Some("?")]);
    (lines, of(Just("43210".to_owned())), any::<bool>()).prop_map(|(line, postal, primary)| Address {
        address1: line.map(str::to_owned),
        postal,
        primary,
        ..Address::default()
    })
}

fn contact_type() -> impl Strategy<Value = ContactType> {
    let subtype = of(Just("Parish".to_owned()));
    (select(BaseType::ALL.to_vec()), subtype).prop_map(|(base, custom)| ContactType { base, custom })
}

fn reference() -> impl Strategy<Value = Reference> {
    select(vec![("crm", "1"), ("crm", "2"), ("shop", "1")])
        .prop_map(|(source, id)| Reference { source: source.to_owned(), id: id.to_owned() })
}

/// Some entries name another, to change it.
fn object() -> impl Strategy<Value = CustomObject> {
    let instance = weighted(0.4, instance());
    (word(), instance).prop_map(|(name, instance)| CustomObject { instance, name, fields: Vec::new() })
}

/// The number of an entry that another record may have brought.
fn instance() -> impl Strategy<Value = i64> {
    word().prop_map(|name| CustomObject { name, ..CustomObject::default() }.instance())
}

fn custom_data() -> impl Strategy<Value = CustomData> {
    (btree_map(filled(), word(), 0..2), vec(object(), 0..2), btree_set(instance(), 0..2))
        .prop_map(|(fields, objects, removed)| CustomData { fields, objects, removed })
}

/// Gifts of which some are sent more than once.
fn gift() -> impl Strategy<Value = Box<Gift>> {
    (0i64..4, 1i64..5, 0u32..3).prop_map(|(id, amount, year)| {
        let date = at(i64::from(year) * 31_536_000).date_naive();
        let (source, id) = ("shop".to_owned(), id.to_string());
        let (amount, kind) = (Decimal::new(amount, 1), "Cash".to_owned());
        Box::new(Gift {
            source,
            id,
            date,
            amount,
            exchange_rate: None,
            kind,
            repeats: false,
            payload: serde_json::Map::new(),
        })
    })
}

/// Names that staff take away and put into, and what else only newer records hold.
fn later(submission: Submission) -> impl Strategy<Value = Submission> {
    let names = || btree_set(filled(), 0..2);
    let removed = (names(), names(), btree_set(instance(), 0..2));
    (names(), removed, custom_data(), weighted(0.4, gift())).prop_map(move |(groups, removed, individual, gift)| {
        let (removed_tags, removed_groups, removed_objects) = removed;
        let individual_custom = individual;
        let base = submission.clone();
        Submission { groups, removed_tags, removed_groups, removed_objects, individual_custom, gift, ..base }
    })
}

/// The number of some item of some record, or of nothing.
fn number() -> impl Strategy<Value = ItemId> {
    (0i64..6, 0i64..6).prop_map(|(record, item)| ItemId(100 * record + item))
}

fn item_edit() -> impl Strategy<Value = ItemEdit> {
    let values = btree_map(select(ItemField::ALL.to_vec()), select(vec!["true", "false", "b@example.org", "9"]), 0..4);
    let what = prop_oneof![method().prop_map(Item::Method), address().prop_map(Item::Address), Just(Item::Individual),];
    let cleared = btree_set(select(ItemField::ALL.to_vec()), 0..2);
    (number(), what, any::<bool>(), values, cleared).prop_map(|(item, was, removed, values, cleared)| {
        let values = values.into_iter().map(|(field, value)| (field, value.to_owned())).collect();
        ItemEdit { item, was, removed, values, cleared }
    })
}

fn edits() -> impl Strategy<Value = Edits> {
    let rank = weighted(0.3, select(Rank::ALL.to_vec()));
    (vec(item_edit(), 0..3), rank, btree_set(reference(), 0..2)).prop_map(|(items, rank, removed_references)| Edits {
        items,
        rank,
        removed_references,
    })
}

/// What one record says, edits of what others brought included.
pub fn submission() -> impl Strategy<Value = Submission> {
    (first().prop_flat_map(later), of(edits()))
        .prop_map(|(said, edits)| Submission { edits: edits.unwrap_or_default(), ..said })
}

fn first() -> impl Strategy<Value = Submission> {
    let scalars = (btree_map(select(FIELDS.to_vec()), word(), 0..5), btree_set(select(FIELDS.to_vec()), 0..2));
    let items = (vec(method(), 0..4), vec(address(), 0..3));
    let lists = (btree_set(filled(), 0..3), btree_set(filled(), 0..2), btree_map(filled(), word(), 0..3));
    let rest = (of(contact_type()), of(reference()), vec(object(), 0..2), weighted(0.3, 0i64..3));
    (scalars, items, lists, rest).prop_map(|((fields, cleared), (methods, addresses), lists, rest)| {
        let (tags, email_lists, custom_fields) = lists;
        let (contact_type, reference, custom_objects, changed) = rest;
        Submission {
            reference,
            contact_type,
            fields,
            cleared,
            methods,
            addresses,
            tags,
            email_lists,
            custom_fields,
            custom_objects,
            changed_at: changed.map(at),
            ..Submission::default()
        }
    })
}

/// Records of one contact, 1 to 12, in no order. Some speak of an individual that another brought.
pub fn records() -> impl Strategy<Value = Vec<SourceRecord>> {
    let one = (submission(), select(RecordKind::ALL.to_vec()), 0i64..6, 0u128..3, of(any::<prop::sample::Index>()));
    vec(one, 1..=12).prop_map(|all| {
        let first_item = |index: usize| ItemId(100 * i64::try_from(index).unwrap());
        let count = all.len();
        let record = |(index, (submission, kind, received, id, other)): (usize, _)| {
            let other: Option<prop::sample::Index> = other;
            SourceRecord {
                id: RecordId(Uuid::from_u128((id << 64) + u128::try_from(index).unwrap())),
                kind,
                received_at: at(received),
                individual: first_item(other.map_or(index, |other| other.index(count))),
                first_item: first_item(index),
                submission,
                policy: None,
            }
        };
        all.into_iter().enumerate().map(record).collect()
    })
}

/// Names of single values that a policy speaks of.
const VALUES: [&str; 8] =
    ["*", "website", "firstName", "lastName", "birthYear", "contactType", "customFields", "customFields/Ann"];
/// Names of lists that a policy speaks of.
const LISTS: [&str; 7] = ["lists", "tags", "emails", "phones", "addresses", "customObjects", "groups"];

fn value_policy() -> impl Strategy<Value = FieldPolicy> {
    let rule = select(vec![Rule::Standard, Rule::Recency, Rule::Trust, Rule::FillOnly]);
    (rule, any::<bool>()).prop_map(|(rule, lock)| FieldPolicy {
        rule: Some(rule),
        lock: Some(lock || rule != Rule::Recency),
        sensitive: None,
    })
}

fn list_policy() -> impl Strategy<Value = FieldPolicy> {
    select(vec![Rule::Union, Rule::FillOnly])
        .prop_map(|rule| FieldPolicy { rule: Some(rule), ..FieldPolicy::default() })
}

fn profile() -> impl Strategy<Value = SourceProfile> {
    let named = select([&VALUES[..], &LISTS[1..]].concat()).prop_map(str::to_owned);
    (0u16..3, btree_map(named, select(Power::ALL.to_vec()), 0..4)).prop_map(|(trust, may)| SourceProfile {
        trust,
        may,
        auto_merge: AutoMerge::All,
        ..SourceProfile::default()
    })
}

fn document() -> impl Strategy<Value = PolicyDocument> {
    let names = |names: &'static [&'static str]| select(names.to_vec()).prop_map(str::to_owned);
    let values = btree_map(names(&VALUES), value_policy(), 0..4);
    let lists = btree_map(names(&LISTS), list_policy(), 0..3);
    let sources = btree_map(names(&["*", "crm", "shop"]), profile(), 0..3);
    (values, lists, sources).prop_map(|(values, lists, sources)| PolicyDocument {
        about: String::new(),
        fields: values.into_iter().chain(lists).collect::<BTreeMap<_, _>>(),
        sources,
        ..PolicyDocument::default()
    })
}

/// Versions of a policy, of which any record can have been decided under any, or under the shipped one.
pub fn policies() -> impl Strategy<Value = Vec<Option<Arc<Policy>>>> {
    vec(document(), 1..4).prop_map(|documents| {
        let numbered = (1..).zip(documents).map(|(number, document)| Some(Arc::new(Policy::new(number, document))));
        numbered.chain([None]).collect()
    })
}

/// Records as [`records`] makes them, each decided under one of some versions.
pub fn records_under_policies() -> impl Strategy<Value = Vec<SourceRecord>> {
    (records(), policies(), vec(any::<prop::sample::Index>(), 12)).prop_map(|(mut records, policies, picks)| {
        for (record, pick) in records.iter_mut().zip(picks) {
            record.policy = policies[pick.index(policies.len())].clone();
        }
        records
    })
}
