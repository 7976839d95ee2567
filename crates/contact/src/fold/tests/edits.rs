//! Edits of what other records brought: the rules one by one, and what holds for every contact.

use super::arbitrary::{at, records};
use crate::fold::{as_matched, fold};
use crate::model::{
    Address, Edits, Field, Golden, GoldenMethod, Item, ItemEdit, ItemField, ItemId, Method, Rank, RecordId, RecordKind,
    Reference, SourceRecord, Submission,
};
use RecordKind::{Create, Edit, Transaction};
use proptest::prelude::*;
use uuid::Uuid;

const COUNTRY: &str = "US";

/// The n-th record, received at second n, about individual 10; its items are numbered from 10 n + 1.
fn record(n: u8, kind: RecordKind, submission: Submission) -> SourceRecord {
    SourceRecord {
        id: RecordId(Uuid::from_u128(n.into())),
        kind,
        received_at: at(n.into()),
        individual: ItemId(10),
        first_item: ItemId(i64::from(n) * 10),
        submission,
        policy: None,
    }
}

fn email(value: &str) -> Method {
    Method { label: "Home Email".to_owned(), value: value.to_owned(), opted_in: None, primary: false }
}

fn with_email(value: &str) -> Submission {
    Submission { methods: vec![email(value)], ..Submission::default() }
}

fn street(line: &str) -> Address {
    Address { address1: Some(line.to_owned()), postal: Some("43210".to_owned()), ..Address::default() }
}

fn with_street(line: &str) -> Submission {
    Submission { addresses: vec![street(line)], ..Submission::default() }
}

fn items(edits: &[ItemEdit]) -> Submission {
    Submission { edits: Edits { items: edits.to_vec(), ..Edits::default() }, ..Submission::default() }
}

fn sets(item: i64, was: Item, values: &[(ItemField, &str)]) -> ItemEdit {
    let values = values.iter().map(|(field, value)| (*field, (*value).to_owned())).collect();
    ItemEdit { values, ..ItemEdit::new(ItemId(item), was) }
}

fn removes(item: i64, was: Item) -> ItemEdit {
    ItemEdit { removed: true, ..ItemEdit::new(ItemId(item), was) }
}

fn golden(records: &[SourceRecord]) -> Golden {
    fold(records, COUNTRY).unwrap()
}

/// Number and value of each method of the first individual.
fn methods(records: &[SourceRecord]) -> Vec<(i64, String)> {
    golden(records).individuals[0].methods.iter().map(|method| (method.id.0, method.value.clone())).collect()
}

const WRONG: &str = "odalys@exmaple.org";
const RIGHT: &str = "odalys@example.org";

#[test]
fn a_corrected_value_keeps_its_number_and_stays_when_the_sender_repeats_the_old_one() {
    let mut all = vec![
        record(1, Transaction, with_email(WRONG)),
        record(2, Edit, items(&[sets(11, Item::Method(email(WRONG)), &[(ItemField::Value, RIGHT)])])),
    ];
    assert_eq!(methods(&all), [(11, RIGHT.to_owned())]);
    all.push(record(3, Transaction, with_email(WRONG)));
    all.push(record(4, Transaction, with_email(RIGHT)));
    assert_eq!(methods(&all), [(11, RIGHT.to_owned())]);
}

#[test]
fn what_staff_took_away_comes_back_by_a_direct_record_only() {
    let gone = removes(11, Item::Method(email(WRONG)));
    let mut all = vec![record(1, Transaction, with_email(WRONG)), record(2, Edit, items(&[gone]))];
    all.push(record(3, Transaction, with_email(WRONG)));
    assert_eq!(methods(&all), []);
    all.push(record(4, Create, with_email(WRONG)));
    assert_eq!(methods(&all), [(41, WRONG.to_owned())]);
}

#[test]
fn an_opt_out_holds_when_the_method_is_taken_away_and_added_again() {
    let out = sets(11, Item::Method(email(RIGHT)), &[(ItemField::OptedIn, "false")]);
    let mut all = vec![
        record(1, Transaction, with_email(RIGHT)),
        record(2, Edit, items(&[out])),
        record(3, Edit, items(&[removes(11, Item::Method(email(RIGHT)))])),
        record(4, Edit, with_email(RIGHT)),
    ];
    let opted_in = |all: &[SourceRecord]| golden(all).individuals[0].methods[0].opted_in;
    assert!(!opted_in(&all));
    let back = sets(41, Item::Method(email(RIGHT)), &[(ItemField::OptedIn, "true")]);
    all.push(record(5, Edit, items(&[back])));
    assert!(opted_in(&all));
}

#[test]
fn an_edit_finds_its_item_when_the_record_that_numbered_it_is_gone() {
    let out = sets(11, Item::Method(email(RIGHT)), &[(ItemField::OptedIn, "false")]);
    let all = [record(2, Transaction, with_email(RIGHT)), record(3, Edit, items(&[out]))];
    assert!(!golden(&all).individuals[0].methods[0].opted_in);
    assert_eq!(methods(&all), [(21, RIGHT.to_owned())]);
}

#[test]
fn an_address_is_changed_in_parts_and_parts_are_cleared() {
    let mut edit = sets(11, Item::Address(street("12 Mill St")), &[(ItemField::City, "Bellford")]);
    edit.cleared.insert(ItemField::Postal);
    let all = [record(1, Transaction, with_street("12 Mill St")), record(2, Edit, items(&[edit]))];
    let address = golden(&all).addresses[0].clone();
    assert_eq!((address.id.0, address.address.city.as_deref(), address.address.postal), (11, Some("Bellford"), None));
    assert_eq!(golden(&all).provenance["addresses/11/edited"], all[1].id);
}

#[test]
fn an_archived_item_is_not_primary() {
    let put_away = sets(11, Item::Address(street("12 Mill St")), &[(ItemField::Archived, "true")]);
    let all = [
        record(1, Transaction, with_street("12 Mill St")),
        record(2, Transaction, with_street("9 Elm St")),
        record(3, Edit, items(&[put_away])),
    ];
    let primary: Vec<_> = golden(&all).addresses.iter().map(|own| (own.archived, own.address.primary)).collect();
    assert_eq!(primary, [(true, false), (false, true)]);
}

#[test]
fn a_removed_person_is_gone_with_its_methods_and_the_contact_keeps_the_rest() {
    let second = SourceRecord { individual: ItemId(20), ..record(2, Transaction, with_email(RIGHT)) };
    let gone = SourceRecord { individual: ItemId(20), ..record(3, Edit, items(&[removes(20, Item::Individual)])) };
    let all = [record(1, Transaction, with_street("12 Mill St")), second, gone];
    let golden = golden(&all);
    assert_eq!(golden.individuals.iter().map(|person| person.id.0).collect::<Vec<_>>(), [10]);
    assert_eq!(golden.addresses.len(), 1);
}

#[test]
fn whoever_was_called_primary_last_comes_first() {
    let ranked = |n: u8, individual: i64, rank: Rank| {
        let edits = Edits { rank: Some(rank), ..Edits::default() };
        let submission = Submission { edits, ..Submission::default() };
        SourceRecord { individual: ItemId(individual), ..record(n, Edit, submission) }
    };
    let person =
        |n: u8| SourceRecord { individual: ItemId(i64::from(n) * 10), ..record(n, Transaction, with_email("a")) };
    let order = |all: &[SourceRecord]| golden(all).individuals.iter().map(|own| own.id.0).collect::<Vec<_>>();
    let mut all = vec![person(1), person(2), person(3)];
    assert_eq!(order(&all), [10, 20, 30]);
    all.push(ranked(4, 30, Rank::Primary));
    assert_eq!(order(&all), [30, 10, 20]);
    all.push(ranked(5, 30, Rank::Secondary));
    assert_eq!(order(&all), [10, 30, 20]);
    all.push(ranked(6, 20, Rank::Primary));
    assert_eq!(order(&all), [20, 30, 10]);
}

#[test]
fn a_removed_reference_comes_back_with_the_next_record_that_carries_it() {
    let own = Reference { source: "crm".to_owned(), id: "1".to_owned() };
    let said = Submission { reference: Some(own.clone()), ..Submission::default() };
    let edits = Edits { removed_references: [own.clone()].into(), ..Edits::default() };
    let mut all =
        vec![record(1, Transaction, said.clone()), record(2, Edit, Submission { edits, ..Submission::default() })];
    assert!(golden(&all).references.is_empty());
    all.push(record(3, Transaction, said));
    assert_eq!(golden(&all).references, [own].into());
}

#[test]
fn a_partner_cannot_edit() {
    let gone = items(&[removes(11, Item::Method(email(RIGHT)))]);
    let all = [record(1, Transaction, with_email(RIGHT)), record(2, Transaction, gone)];
    assert_eq!(methods(&all), [(11, RIGHT.to_owned())]);
}

#[test]
fn the_matcher_sees_corrections_and_nothing_that_was_taken_away() {
    let said = Submission { methods: vec![email(WRONG), email("old@example.org")], ..Submission::default() };
    let edits = [
        sets(11, Item::Method(email(WRONG)), &[(ItemField::Value, RIGHT)]),
        removes(12, Item::Method(email("old@example.org"))),
    ];
    let all = [record(1, Transaction, said), record(2, Edit, items(&edits))];
    let seen = as_matched(&all, COUNTRY);
    let values = |at: usize| seen[at].submission.methods.iter().map(|own| own.value.as_str()).collect::<Vec<_>>();
    assert_eq!((values(0), values(1)), (vec![WRONG], vec![RIGHT]));
}

/// A record received after all others, about an individual that exists.
fn later(golden: &Golden, person: usize, submission: Submission) -> SourceRecord {
    let individual = golden.individuals[person].id;
    let (id, first_item) = (RecordId(Uuid::from_u128(u128::MAX)), ItemId(1_000_000));
    SourceRecord { id, kind: Edit, received_at: at(1_000), individual, first_item, submission, policy: None }
}

fn with(all: &[SourceRecord], one: SourceRecord) -> Vec<SourceRecord> {
    all.iter().cloned().chain([one]).collect()
}

/// Every method with the place of its individual.
fn all_methods(golden: &Golden) -> Vec<(usize, GoldenMethod)> {
    let people = golden.individuals.iter().enumerate();
    people.flat_map(|(at, person)| person.methods.iter().map(move |method| (at, method.clone()))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn relabelling_opting_out_and_archiving_change_one_method_and_no_number(all in records(), which in any::<prop::sample::Index>()) {
        let before = golden(&all);
        let known = all_methods(&before);
        prop_assume!(!known.is_empty());
        let (person, method) = which.get(&known);
        let values = [(ItemField::Label, "Other Email"), (ItemField::OptedIn, "false"), (ItemField::Archived, "true")];
        let edit = sets(method.id.0, Item::Method(method.plain()), &values);
        prop_assume!(method.plain().kind() == crate::model::MethodKind::Email);
        let after = golden(&with(&all, later(&before, *person, items(&[edit]))));
        let ids = |golden: &Golden| all_methods(golden).iter().map(|(_, own)| own.id).collect::<Vec<_>>();
        prop_assert_eq!(ids(&before), ids(&after));
        for (_, own) in all_methods(&after) {
            if own.id == method.id {
                prop_assert_eq!((own.label.as_str(), own.opted_in, own.archived), ("Other Email", false, true));
            } else {
                let unchanged = known.iter().any(|(_, old)| *old == GoldenMethod { primary: old.primary, ..own.clone() });
                prop_assert!(unchanged);
            }
        }
    }

    #[test]
    fn what_is_removed_is_gone_whatever_senders_repeat(all in records(), which in any::<prop::sample::Index>()) {
        let before = golden(&all);
        let known = all_methods(&before);
        prop_assume!(!known.is_empty());
        let (person, method) = which.get(&known);
        let gone = with(&all, later(&before, *person, items(&[removes(method.id.0, Item::Method(method.plain()))])));
        let is_there = |golden: &Golden| all_methods(golden).iter().any(|(_, own)| own.id == method.id);
        prop_assert!(is_there(&before) && !is_there(&golden(&gone)));
        let mut repeated = later(&before, *person, Submission { methods: vec![method.plain()], ..Submission::default() });
        (repeated.kind, repeated.received_at, repeated.id) = (Transaction, at(2_000), RecordId(Uuid::from_u128(7)));
        prop_assert_eq!(golden(&gone).individuals, golden(&with(&gone, repeated)).individuals);
    }

    #[test]
    fn setting_and_clearing_a_field_holds_against_every_sender(all in records(), clear in any::<bool>()) {
        let before = golden(&all);
        prop_assume!(!before.individuals.is_empty());
        let mut edit = Submission::default();
        if clear {
            edit.cleared.insert(Field::Passion);
        } else {
            edit.fields.insert(Field::Passion, "rivers".to_owned());
        }
        let mut all = with(&all, later(&before, 0, edit));
        let mut dated = later(&before, 0, Submission::default());
        dated.submission.fields.insert(Field::Passion, "lakes".to_owned());
        dated.submission.changed_at = Some(at(9_000));
        (dated.kind, dated.received_at, dated.id) = (Transaction, at(2_000), RecordId(Uuid::from_u128(7)));
        all.push(dated);
        let person = golden(&all).individual(before.individuals[0].id).unwrap().clone();
        prop_assert_eq!(person.field(Field::Passion), (!clear).then_some("rivers"));
    }

    #[test]
    fn matching_sees_every_person_that_is_there_and_nobody_else(all in records()) {
        let there: std::collections::BTreeSet<_> = golden(&all).individuals.iter().map(|person| person.id).collect();
        let seen: std::collections::BTreeSet<_> = as_matched(&all, COUNTRY).iter().map(|own| own.individual).collect();
        prop_assert_eq!(there, seen);
    }
}
