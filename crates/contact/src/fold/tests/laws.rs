//! What holds for every set of records.

use super::arbitrary::{at, records_under_policies as records, submission};
use crate::diff::{changed_fields, diff};
use crate::fold::{Fold, fold};
use crate::model::{
    Address, Field, Golden, GoldenMethod, ItemId, Method, MethodKind, RecordId, RecordKind, SourceRecord, Submission,
};
use crate::normalise::method_key;
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

const COUNTRY: &str = "US";

fn bytes(golden: Option<&Golden>) -> Vec<u8> {
    serde_json::to_vec(&golden).unwrap()
}

/// A record received after all others, about an individual that exists.
fn later(all: &[SourceRecord], kind: RecordKind, submission: Submission) -> SourceRecord {
    let first_item = ItemId(1_000_000);
    let id = RecordId(Uuid::from_u128(u128::MAX));
    SourceRecord {
        id,
        kind,
        received_at: at(1_000),
        individual: all[0].individual,
        first_item,
        submission,
        policy: None,
    }
}

fn with(all: &[SourceRecord], one: SourceRecord) -> Vec<SourceRecord> {
    all.iter().cloned().chain([one]).collect()
}

/// Label and value of every numbered item.
fn numbered(golden: &Golden) -> BTreeSet<(ItemId, String)> {
    let methods = golden.individuals.iter().flat_map(|person| &person.methods);
    let methods = methods.map(|method| (method.id, format!("{} {}", method.label, method.value)));
    let addresses = golden
        .addresses
        .iter()
        .map(|item| (item.id, format!("{:?}", Address { primary: false, ..item.address.clone() })));
    let people = golden.individuals.iter().map(|person| (person.id, String::new()));
    methods.chain(addresses).chain(people).collect()
}

/// Whether somebody opted out of this method and no staff edit after it opted in again.
fn is_out(person: ItemId, method: &GoldenMethod, all: &[SourceRecord]) -> bool {
    let plain = Method { label: method.label.clone(), value: method.value.clone(), opted_in: None, primary: false };
    let said = |record: &SourceRecord, word: bool| {
        let same = |m: &&Method| method_key(m, COUNTRY) == method_key(&plain, COUNTRY);
        record.individual == person && record.submission.methods.iter().filter(same).any(|m| m.opted_in == Some(word))
    };
    let when = |record: &SourceRecord| (record.received_at, record.id);
    let out = all.iter().filter(|record| said(record, false)).map(when).max();
    let edits = all.iter().filter(|record| record.kind == RecordKind::Edit);
    let back = edits.filter(|record| said(record, true)).map(when).max();
    out.is_some_and(|out| back.is_none_or(|back| back <= out))
}

/// Whether the path of a provenance entry leads to something.
fn leads_somewhere(golden: &Golden, path: &str) -> bool {
    let number = |text: &str| ItemId(text.parse().unwrap());
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["contactType"] => true,
        ["customFields", name] => golden.custom_fields.contains_key(*name),
        ["methods" | "addresses", id, "edited"] => {
            leads_somewhere(golden, path.strip_suffix("/edited").unwrap()) && !id.is_empty()
        }
        ["methods", id] => golden.individuals.iter().flat_map(|p| &p.methods).any(|m| m.id == number(id)),
        ["addresses", id] => golden.addresses.iter().any(|address| address.id == number(id)),
        ["individuals", id, "customFields", name] => {
            golden.individual(number(id)).unwrap().custom_fields.contains_key(*name)
        }
        ["individuals", id, field] => {
            golden.individual(number(id)).unwrap().field(Field::parse(field).unwrap()).is_some()
        }
        [field] => golden.field(Field::parse(field).unwrap()).is_some(),
        _ => false,
    }
}

fn without_edits(mut record: SourceRecord) -> SourceRecord {
    record.submission.edits = Default::default();
    record
}

fn without_provenance(golden: &Golden) -> Golden {
    Golden { provenance: [].into(), ..golden.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn the_order_of_records_does_not_matter(all in records(), shuffled in Just(()).prop_perturb(|(), rng| rng)) {
        let mut other = all.clone();
        let mut rng = shuffled;
        for last in (1..other.len()).rev() {
            other.swap(last, rng.random_range(0..=last));
        }
        prop_assert_eq!(bytes(fold(&all, COUNTRY).as_ref()), bytes(fold(&other, COUNTRY).as_ref()));
    }

    #[test]
    fn pushing_one_by_one_in_any_order_equals_folding_at_once(all in records()) {
        let mut one_by_one = Fold::new(COUNTRY);
        for (index, record) in all.iter().rev().enumerate() {
            one_by_one.push(record);
            let so_far = &all[all.len() - index - 1..];
            prop_assert_eq!(one_by_one.clone().finish(), fold(so_far, COUNTRY));
        }
    }

    #[test]
    fn a_record_given_twice_counts_once(all in records()) {
        let twice: Vec<_> = all.iter().chain(&all).cloned().collect();
        prop_assert_eq!(fold(&all, COUNTRY), fold(&twice, COUNTRY));
    }

    #[test]
    fn taking_a_record_away_again_gives_the_same_bytes(all in records(), extra in submission(), which in 0usize..4) {
        let before = bytes(fold(&all, COUNTRY).as_ref());
        let extra = SourceRecord { policy: all[0].policy.clone(), ..later(&all, RecordKind::ALL[which], extra) };
        let mut more = with(&all, extra);
        prop_assert!(fold(&more, COUNTRY).is_some());
        more.retain(|record| record.id != RecordId(Uuid::from_u128(u128::MAX)));
        prop_assert_eq!(before, bytes(fold(&more, COUNTRY).as_ref()));
    }

    #[test]
    fn a_golden_record_survives_storage(all in records()) {
        let golden = fold(&all, COUNTRY);
        let stored: Option<Golden> = serde_json::from_slice(&bytes(golden.as_ref())).unwrap();
        prop_assert_eq!(golden, stored);
    }

    #[test]
    fn a_blank_value_never_overwrites(all in records(), blank in "[ \t]{0,2}", dated in any::<bool>()) {
        let before = fold(&all, COUNTRY).unwrap();
        // An edit alone makes nobody, a submission does.
        prop_assume!(before.individual(all[0].individual).is_some());
        let carried = before.references;
        let submission = Submission {
            // A reference that was taken away would come back.
            reference: all[0].submission.reference.clone().filter(|own| carried.contains(own)),
            fields: Field::ALL.iter().map(|&field| (field, blank.clone())).collect(),
            cleared: Field::ALL.iter().copied().collect(),
            custom_fields: all[0].submission.custom_fields.keys().map(|name| (name.clone(), blank.clone())).collect(),
            changed_at: dated.then(|| at(900)),
            ..Submission::default()
        };
        let more = with(&all, later(&all, RecordKind::Transaction, submission));
        prop_assert_eq!(fold(&all, COUNTRY), fold(&more, COUNTRY));
    }

    /// Edits of items are left out here, since they change what a method is called; `edits.rs` has them.
    #[test]
    fn an_opt_out_survives_until_a_later_staff_edit(all in records()) {
        let all: Vec<_> = all.into_iter().map(without_edits).collect();
        let golden = fold(&all, COUNTRY).unwrap();
        for person in &golden.individuals {
            for method in &person.methods {
                prop_assert_eq!(method.opted_in, !is_out(person.id, method, &all));
            }
        }
    }

    #[test]
    fn numbers_and_what_they_stand_for_stay_when_later_records_come(all in records(), extra in submission()) {
        let before = numbered(&fold(&all, COUNTRY).unwrap());
        let more = with(&all, later(&all, RecordKind::Transaction, extra));
        prop_assert!(before.is_subset(&numbered(&fold(&more, COUNTRY).unwrap())));
    }

    #[test]
    fn no_number_is_given_twice(all in records()) {
        let golden = fold(&all, COUNTRY).unwrap();
        let items = golden.individuals.iter().map(|person| 1 + person.methods.len()).sum::<usize>();
        let ids: BTreeSet<ItemId> = numbered(&golden).into_iter().map(|(id, _)| id).collect();
        prop_assert_eq!(ids.len(), items + golden.addresses.len());
    }

    #[test]
    fn every_value_comes_from_one_of_the_records(all in records()) {
        let golden = fold(&all, COUNTRY).unwrap();
        for (path, record) in &golden.provenance {
            prop_assert!(all.iter().any(|known| known.id == *record));
            prop_assert!(leads_somewhere(&golden, path), "{}", path);
        }
    }

    #[test]
    fn of_each_kind_exactly_one_is_primary(all in records()) {
        let golden = fold(&all, COUNTRY).unwrap();
        let kind = |m: &GoldenMethod| Method { label: m.label.clone(), value: String::new(), opted_in: None, primary: false }.kind();
        for person in &golden.individuals {
            for wanted in [MethodKind::Email, MethodKind::Phone, MethodKind::Other] {
                prop_assert!(person.methods.iter().all(|m| !(m.archived && m.primary)));
                let same: Vec<_> = person.methods.iter().filter(|m| kind(m) == wanted && !m.archived).collect();
                prop_assert_eq!(same.iter().filter(|m| m.primary).count(), same.len().min(1));
            }
        }
        let primary = golden.addresses.iter().filter(|address| address.address.primary).count();
        prop_assert_eq!(primary, golden.addresses.iter().filter(|address| !address.archived).count().min(1));
    }

    #[test]
    fn a_difference_is_found_exactly_when_there_is_one(a in records(), b in records(), same in any::<bool>()) {
        let (a, b) = (fold(&a, COUNTRY).unwrap(), fold(if same { &a } else { &b }, COUNTRY).unwrap());
        let changes = diff(Some(&a), Some(&b));
        prop_assert_eq!(changes.is_empty(), without_provenance(&a) == without_provenance(&b));
        prop_assert_eq!(changed_fields(&changes).is_empty(), changes.is_empty());
        let back: Vec<_> = diff(Some(&b), Some(&a)).into_iter().map(|c| (c.field, c.after, c.before)).collect();
        prop_assert_eq!(changes.into_iter().map(|c| (c.field, c.before, c.after)).collect::<Vec<_>>(), back);
    }

    #[test]
    fn every_change_says_something_new(a in records(), b in records()) {
        let (a, b) = (fold(&a, COUNTRY).unwrap(), fold(&b, COUNTRY).unwrap());
        let paths: BTreeSet<String> = diff(Some(&a), Some(&b)).into_iter().map(|change| change.field).collect();
        prop_assert_eq!(paths.len(), diff(Some(&a), Some(&b)).len());
        for change in diff(Some(&a), Some(&b)).into_iter().chain(diff(None, Some(&b))) {
            prop_assert!(change.before != change.after);
        }
    }
}
