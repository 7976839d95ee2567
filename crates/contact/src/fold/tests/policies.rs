//! Survivorship by an organization's own policy, rule by rule; that the shipped one is what it was.

use super::arbitrary::{records, records_under_policies};
use super::rules::{brings, clears, dated, from, golden, method, record, says, site, website};
use crate::fold::fold;
use crate::model::{
    BaseType, ContactType, Field, Golden, ItemEdit, ItemField, Method, RecordKind, SourceRecord, Submission,
};
use crate::policy::{Policy, PolicyDocument};
use RecordKind::{Create, Edit, Load, Transaction};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

fn policy(number: i64, document: Value) -> Option<Arc<Policy>> {
    Some(Arc::new(Policy::new(number, PolicyDocument::read(&document).unwrap())))
}

/// All records decided under one policy.
fn under(document: Value, mut records: Vec<SourceRecord>) -> Vec<SourceRecord> {
    let policy = policy(1, document);
    records.iter_mut().for_each(|record| record.policy.clone_from(&policy));
    records
}

fn by(rule: &str) -> Value {
    json!({ "fields": { "website": { "rule": rule } } })
}

#[test]
fn recency_takes_the_latest_word_by_time_of_change_and_else_of_receipt() {
    let all = |third: Submission| {
        vec![
            record(1, Transaction, from("crm", site("a"))),
            record(5, Transaction, from("shop", site("b"))),
            record(9, Transaction, third),
        ]
    };
    let newest = |third| website(&under(by("recency"), all(third)));
    assert_eq!(newest(from("mail", site("c"))).as_deref(), Some("c"));
    assert_eq!(newest(from("mail", dated(6, site("c")))).as_deref(), Some("c"));
    // Queued for long: what it says is older than what was heard meanwhile, and of the same age is not newer.
    assert_eq!(newest(from("mail", dated(4, site("c")))).as_deref(), Some("b"));
    assert_eq!(newest(from("mail", dated(5, site("c")))).as_deref(), Some("b"));
}

#[test]
fn a_sender_whose_clock_is_ahead_does_not_hold_a_field_for_ever() {
    let all = vec![record(1, Transaction, from("crm", dated(900, site("ahead")))), record(2, Transaction, site("b"))];
    assert_eq!(website(&under(by("recency"), all)).as_deref(), Some("b"));
}

#[test]
fn the_more_trusted_source_wins_whenever_it_comes_and_equals_go_by_time() {
    let document = json!({
        "fields": { "website": { "rule": "trust" } },
        "sources": { "crm": { "trust": 90 }, "*": { "trust": 10 } },
    });
    let late =
        vec![record(1, Transaction, from("shop", site("shop"))), record(2, Transaction, from("crm", site("crm")))];
    assert_eq!(website(&under(document.clone(), late)).as_deref(), Some("crm"));
    let early =
        vec![record(1, Transaction, from("crm", site("crm"))), record(2, Transaction, from("shop", site("shop")))];
    assert_eq!(website(&under(document.clone(), early)).as_deref(), Some("crm"));
    let equals = vec![record(1, Transaction, from("shop", site("a"))), record(2, Transaction, from("mail", site("b")))];
    assert_eq!(website(&under(document, equals)).as_deref(), Some("b"));
}

#[test]
fn fill_only_never_changes_a_value_not_even_its_own() {
    let all =
        vec![record(1, Transaction, from("crm", site("a"))), record(2, Transaction, from("crm", dated(2, site("b"))))];
    assert_eq!(website(&under(by("fillOnly"), all)).as_deref(), Some("a"));
}

#[test]
fn a_staff_edit_holds_unless_the_field_goes_without_locks_and_then_counts_with_its_time() {
    let all = |changed| {
        vec![
            record(3, Transaction, site("a")),
            record(5, Edit, site("staff")),
            record(9, Transaction, dated(changed, site("b"))),
        ]
    };
    assert_eq!(website(&under(by("recency"), all(8))).as_deref(), Some("staff"));
    let unlocked = json!({ "fields": { "website": { "rule": "recency", "lock": false } } });
    assert_eq!(website(&under(unlocked.clone(), all(8))).as_deref(), Some("b"));
    assert_eq!(website(&under(unlocked.clone(), all(5))).as_deref(), Some("staff"));
    // An edit that was made under a policy with locks stays locked under the next one.
    let mut mixed = under(unlocked, all(8));
    mixed[1].policy = policy(2, by("recency"));
    assert_eq!(website(&mixed).as_deref(), Some("staff"));
}

#[test]
fn a_staff_edit_holds_against_every_trust() {
    let document = json!({ "fields": { "*": { "rule": "trust" } }, "sources": { "crm": { "trust": 1000 } } });
    let all = vec![record(1, Edit, site("staff")), record(2, Transaction, from("crm", dated(2, site("b"))))];
    assert_eq!(website(&under(document, all)).as_deref(), Some("staff"));
}

#[test]
fn a_source_does_to_a_field_what_it_may() {
    let may = |power: &str| json!({ "sources": { "shop": { "may": { "website": power } } }, "fields": { "website": { "rule": "recency" } } });
    let filled = vec![record(1, Transaction, from("crm", site("a"))), record(2, Transaction, from("shop", site("b")))];
    let empty = vec![record(1, Transaction, from("crm", says(&[]))), record(2, Transaction, from("shop", site("b")))];
    let cleared = vec![
        record(1, Transaction, from("crm", site("a"))),
        record(2, Transaction, from("shop", clears(Field::Website))),
    ];
    let outcome = |power: &str| {
        [&filled, &empty, &cleared].map(|all| website(&under(may(power), all.clone())).unwrap_or_default())
    };
    assert_eq!(outcome("ignore"), ["a", "", "a"]);
    assert_eq!(outcome("fill"), ["a", "b", "a"]);
    assert_eq!(outcome("update"), ["b", "b", "a"]);
    assert_eq!(outcome("clear"), ["b", "b", ""]);
}

#[test]
fn what_a_source_cleared_is_filled_again_by_later_words_only() {
    let document = json!({ "sources": { "*": { "may": { "*": "clear" } } }, "fields": { "*": { "rule": "recency" } } });
    let all = |last: Submission| {
        under(
            document.clone(),
            vec![
                record(1, Transaction, from("crm", site("a"))),
                record(5, Transaction, from("crm", clears(Field::Website))),
                record(9, Transaction, last),
            ],
        )
    };
    assert_eq!(website(&all(from("shop", dated(4, site("older"))))), None);
    assert_eq!(website(&all(from("shop", dated(6, site("newer"))))).as_deref(), Some("newer"));
}

#[test]
fn direct_changes_are_not_bound_by_what_senders_may() {
    let document =
        json!({ "sources": { "*": { "may": { "*": "ignore" } } }, "fields": { "lists": { "rule": "fillOnly" } } });
    let all = vec![
        record(1, Load, brings(&[method("Home Email", "a@example.org")])),
        record(2, Create, brings(&[method("Home Email", "b@example.org")])),
        record(3, Transaction, brings(&[method("Home Email", "c@example.org")])),
    ];
    assert_eq!(emails(&golden(&under(document, all))), ["a@example.org", "b@example.org"]);
}

fn emails(golden: &Golden) -> Vec<&str> {
    golden.individuals.iter().flat_map(|person| &person.methods).map(|method| method.value.as_str()).collect()
}

#[test]
fn a_fill_only_list_takes_all_that_the_first_record_brings_of_its_kind() {
    let document = json!({ "fields": { "emails": { "rule": "fillOnly" } } });
    let (a, b, c) = (
        method("Home Email", "a@example.org"),
        method("Work Email", "b@example.org"),
        method("Home Email", "c@example.org"),
    );
    let phone = method("Mobile Phone", "6145550142");
    let all = vec![record(1, Transaction, brings(&[a, b])), record(2, Transaction, brings(&[c, phone]))];
    assert_eq!(emails(&golden(&under(document, all))), ["a@example.org", "b@example.org", "6145550142"]);
}

#[test]
fn an_opt_out_is_heard_of_a_source_that_may_say_nothing_else() {
    let document = json!({ "sources": { "shop": { "may": { "*": "ignore" } } } });
    let opts = |value: &str| Method { opted_in: Some(false), ..method("Work Email", value) };
    // Also when it was said before anybody brought the address.
    let all = vec![
        record(1, Transaction, from("shop", brings(&[opts("A@example.org"), opts("z@example.org")]))),
        record(2, Transaction, from("crm", brings(&[method("Home Email", "a@example.org")]))),
    ];
    let golden = golden(&under(document, all));
    assert_eq!(emails(&golden), ["a@example.org"]);
    let own = &golden.individuals[0].methods[0];
    assert_eq!((own.opted_in, own.label.as_str(), own.id.0), (false, "Home Email", 21));
}

#[test]
fn tags_of_a_source_that_only_fills_come_first_or_not_at_all() {
    let tagged = |tags: &[&str]| Submission {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..from("shop", says(&[]))
    };
    let document = json!({ "sources": { "shop": { "may": { "tags": "fill" } } } });
    let all = vec![record(1, Transaction, tagged(&["Gala", "Board"])), record(2, Transaction, tagged(&["Spring"]))];
    assert_eq!(golden(&under(document, all)).tags, ["Board".to_owned(), "Gala".to_owned()].into());
}

#[test]
fn the_contact_type_changes_only_by_a_rule_of_its_own() {
    let kind = |base| Submission { contact_type: Some(ContactType { base, custom: None }), ..Submission::default() };
    let all =
        vec![record(1, Transaction, kind(BaseType::Household)), record(2, Transaction, kind(BaseType::Foundation))];
    let base = |document| golden(&under(document, all.clone())).contact_type.base;
    assert_eq!(base(json!({ "fields": { "*": { "rule": "recency" } } })), BaseType::Household);
    assert_eq!(base(json!({ "fields": { "contactType": { "rule": "recency" } } })), BaseType::Foundation);
}

#[test]
fn the_narrowest_name_of_a_field_counts() {
    let says = |value: &str| Submission {
        custom_fields: [("shirtSize".to_owned(), value.to_owned()), ("diet".to_owned(), value.to_owned())].into(),
        ..Submission::default()
    };
    let document = json!({ "fields": {
        "*": { "rule": "fillOnly" }, "customFields": { "rule": "recency" }, "customFields/diet": { "rule": "standard" },
    } });
    let all = vec![record(1, Transaction, says("a")), record(2, Transaction, says("b"))];
    let custom = golden(&under(document, all)).custom_fields;
    assert_eq!((custom["shirtSize"].as_str(), custom["diet"].as_str()), ("b", "a"));
}

#[test]
fn a_value_stays_when_only_the_policy_of_later_records_is_another() {
    let mut all = vec![record(1, Transaction, from("crm", site("a"))), record(2, Transaction, from("shop", site("b")))];
    assert_eq!(website(&all).as_deref(), Some("a"));
    let mut third = record(3, Transaction, from("mail", says(&[(Field::Description, "new")])));
    third.policy = policy(1, json!({ "fields": { "*": { "rule": "recency" } } }));
    all.push(third);
    assert_eq!(website(&all).as_deref(), Some("a"));
}

#[test]
fn a_false_is_a_word_and_a_blank_is_none() {
    let deceased = |value: &str| says(&[(Field::IsDeceased, value)]);
    let all = |last: &str| {
        under(
            json!({ "fields": { "*": { "rule": "recency" } } }),
            vec![record(1, Transaction, deceased("true")), record(2, Transaction, deceased(last))],
        )
    };
    let value = |records: &[SourceRecord]| golden(records).individuals[0].field(Field::IsDeceased).map(str::to_owned);
    assert_eq!(value(&all("false")).as_deref(), Some("false"));
    assert_eq!(value(&all(" ")).as_deref(), Some("true"));
}

/// The rule of the shipped policy, as it was before there were others: by looking at all records at once.
fn shipped(records: &[&SourceRecord], field: Field) -> Option<String> {
    let said = |record: &SourceRecord| {
        record.submission.field(field).filter(|value| !value.trim().is_empty()).map(str::to_owned)
    };
    let direct = |record: &SourceRecord| matches!(record.kind, Edit | Create);
    let clears =
        |record: &SourceRecord| said(record).is_none() && direct(record) && record.submission.cleared.contains(&field);
    if let Some(edit) = records.iter().rfind(|r| r.kind == Edit && (said(r).is_some() || clears(r))) {
        return said(edit);
    }
    let start = records.iter().rposition(|record| clears(record)).map_or(0, |at| at + 1);
    let live: Vec<&&SourceRecord> = records[start..].iter().filter(|record| said(record).is_some()).collect();
    let latest = live.iter().map(|record| record.submission.changed_at).max().flatten();
    let dated = live.iter().find(|record| latest.is_some() && record.submission.changed_at == latest);
    let own = |record: &&&&SourceRecord| {
        let first = live[0];
        record.id == first.id
            || (first.submission.reference.is_some() && record.submission.reference == first.submission.reference)
    };
    dated.or_else(|| live.iter().rfind(own)).and_then(|record| said(record))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn the_shipped_policy_is_what_it_was(all in records()) {
        let golden = fold(&all, "US").unwrap();
        let mut ordered: Vec<&SourceRecord> = all.iter().collect();
        ordered.sort_by_key(|record| (record.received_at, record.id));
        for field in [Field::Website, Field::Description] {
            prop_assert_eq!(golden.field(field).map(str::to_owned), shipped(&ordered, field));
        }
        for person in &golden.individuals {
            let own: Vec<&SourceRecord> = ordered.iter().copied().filter(|r| r.individual == person.id).collect();
            for field in [Field::Prefix, Field::FirstName, Field::LastName, Field::BirthYear, Field::IsDeceased] {
                prop_assert_eq!(person.field(field).map(str::to_owned), shipped(&own, field));
            }
        }
    }

    #[test]
    fn a_policy_that_says_nothing_is_the_shipped_one(all in records()) {
        let said = under(json!({}), all.clone());
        prop_assert_eq!(fold(&all, "US"), fold(&said, "US"));
    }

    /// Policies decide which of the values that were said survive, never what was said.
    #[test]
    fn no_policy_makes_up_a_value(all in records_under_policies()) {
        let golden = fold(&all, "US").unwrap();
        for (field, value) in golden.fields.iter().filter(|(field, _)| **field != Field::Name) {
            prop_assert!(all.iter().any(|record| record.submission.field(*field) == Some(value)));
        }
    }

    #[test]
    fn a_locked_field_stays_under_every_policy(all in records_under_policies(), value in "[a-z]{3}") {
        let mut edit = record(200, Edit, says(&[(Field::Website, &value)]));
        edit.individual = all[0].individual;
        let mut more = all;
        // In the midst of the others: who comes later changes nothing, whatever its policy lets it do.
        edit.received_at = super::arbitrary::at(3);
        more.iter_mut().filter(|record| record.kind == Edit).for_each(|record| record.kind = Transaction);
        more.push(edit);
        let golden = fold(&more, "US").unwrap();
        prop_assert_eq!(golden.field(Field::Website), Some(value.as_str()));
    }
}

/// Edits of items are not bound either.
#[test]
fn an_edited_method_is_edited_whatever_its_source_may() {
    let document = json!({ "sources": { "*": { "may": { "emails": "fill" } } } });
    let was = method("Home Email", "a@example.org");
    let mut edit = ItemEdit::new(crate::model::ItemId(11), crate::model::Item::Method(was.clone()));
    edit.values.insert(ItemField::Value, "b@example.org".to_owned());
    let mut said = Submission::default();
    said.edits.items.push(edit);
    let all = vec![record(1, Transaction, brings(&[was])), record(2, Edit, said)];
    assert_eq!(emails(&golden(&under(document, all))), ["b@example.org"]);
}
