//! Laws of merging over generated histories.

use crate::merge::request;
use crate::world::{World, person, world};
use proptest::prelude::*;
use std::collections::BTreeMap;
use tributary_contact::fold::{as_matched, fold};
use tributary_contact::state::State;
use tributary_contact::{ContactId, Golden, RecordId};
use tributary_engine::{Actor, EngineError, MergeRequest};
use tributary_matching::{Profile, TermStats};
use tributary_store::StoreExt;

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

/// People from small lists, so that names, mailboxes and references collide.
fn rows() -> impl Strategy<Value = Vec<serde_json::Value>> {
    let first = prop::sample::select(vec!["Ann", "Anna", "Robert", "Bob", "Ines"]);
    let last = prop::sample::select(vec!["Okafor", "Lund"]);
    let mailbox = prop::sample::select(vec!["a@example.org", "b@example.org", "c@example.org", ""]);
    let reference = prop::sample::select(vec!["r1", "r2", "r3", "r4", ""]);
    let row = (reference, first, last, mailbox).prop_map(|(id, first, last, mailbox)| person(id, first, last, mailbox));
    prop::collection::vec(row, 3..9)
}

/// One step; the numbers pick what it is about.
#[derive(Debug, Clone)]
enum Step {
    Merge(usize, usize, bool),
    Unmerge(usize),
    Undo(usize),
    Submit(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0usize..6, 0usize..6, any::<bool>()).prop_map(|(a, b, apart)| Step::Merge(a, b, apart)),
        2 => (0usize..6).prop_map(Step::Unmerge),
        1 => (0usize..9).prop_map(Step::Undo),
        1 => (0usize..9).prop_map(Step::Submit),
    ];
    prop::collection::vec(step, 1..10)
}

/// Every contact has one of its own; who is not a person for sure waits and is made one.
fn filled(rows: &[serde_json::Value]) -> (World, Vec<RecordId>) {
    let world = world();
    let ids = world.submit(rows);
    world.run();
    for id in &ids {
        if world.transaction(*id).state == State::NeedsUpdate {
            drop(world.engine.resolve(world.org, *id, tributary_engine::Resolution::Create, &staff()));
        }
    }
    world.clock.advance_ms(10_000);
    (world, ids)
}

fn goldens(world: &World) -> BTreeMap<ContactId, (Golden, Option<ContactId>)> {
    world.contacts().into_iter().map(|row| (row.id, (row.golden, row.merged_into))).collect()
}

/// Everything contacts are found by, as text.
fn index(world: &World) -> String {
    let mut terms = world.engine.store().reading(|tx| tx.term_counts(world.org)).unwrap();
    terms.sort_unstable();
    let contacts = world.contacts();
    let keys: Vec<i64> = contacts.iter().flat_map(|row| keys(world, row.id)).collect();
    let mut found = world.engine.store().reading(|tx| tx.contacts_by_key(world.org, &keys, 100)).unwrap();
    found.sort_unstable();
    found.dedup();
    let references: Vec<_> = contacts.iter().flat_map(|row| row.golden.references.clone()).collect();
    let mut owners = world.engine.store().reading(|tx| tx.contacts_by_reference(world.org, &references)).unwrap();
    owners.sort_by(|a, b| a.reference.cmp(&b.reference));
    owners.dedup();
    format!("{terms:?} {found:?} {owners:?}")
}

fn keys(world: &World, contact: ContactId) -> Vec<i64> {
    let records = world.engine.store().reading(|tx| tx.source_records(world.org, &[contact])).unwrap();
    let records: Vec<_> = records.into_iter().map(|own| own.record).collect();
    as_matched(&records, "US").iter().flat_map(|own| Profile::of(&own.submission, "US").keys().to_vec()).collect()
}

/// A merge of two of the contacts that stand for themselves; `apart` makes further individuals of all people.
fn pick(world: &World, a: usize, b: usize, apart: bool) -> Option<MergeRequest> {
    let open: Vec<_> = world.contacts().into_iter().filter(|row| row.merged_into.is_none()).collect();
    let (survivor, merged) = (open.get(a % open.len().max(1))?, open.get(b % open.len().max(1))?);
    let people = merged.golden.individuals.iter().filter(|_| apart).map(|own| (own.id, None)).collect();
    (survivor.id != merged.id).then(|| MergeRequest { people, ..request(survivor.id, merged.id) })
}

/// What is true of the whole database after every step.
fn check(world: &World) -> Result<(), TestCaseError> {
    let mut terms = TermStats::default();
    for row in world.contacts() {
        let records = world.engine.store().reading(|tx| tx.source_records(world.org, &[row.id])).unwrap();
        let records: Vec<_> = records.into_iter().map(|own| own.record).collect();
        if row.merged_into.is_some() {
            prop_assert!(records.is_empty());
            continue;
        }
        prop_assert_eq!(fold(&records, "US"), Some(row.golden.clone()));
        for key in keys(world, row.id) {
            let found = world.engine.store().reading(|tx| tx.contacts_by_key(world.org, &[key], 100)).unwrap();
            prop_assert!(found.iter().any(|entry| entry.contact == row.id));
        }
        for record in records.iter().filter(|record| record.individual == record.first_item) {
            terms.add(&Profile::of(&record.submission, "US"), 1);
        }
    }
    let mut counted: Vec<(i64, i64)> = terms.entries().filter(|(_, count)| *count != 0).collect();
    counted.sort_unstable();
    let mut stored = world.engine.store().reading(|tx| tx.term_counts(world.org)).unwrap();
    stored.sort_unstable();
    prop_assert_eq!(counted, stored);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn merging_and_unmerging_gives_both_contacts_back_byte_for_byte(
        rows in rows(), a in 0usize..6, b in 0usize..6, apart in any::<bool>(),
    ) {
        let (world, _) = filled(&rows);
        let Some(request) = pick(&world, a, b, apart) else { return Ok(()) };
        let before = (goldens(&world), index(&world));
        world.engine.merge_contacts(world.org, &staff(), &request).unwrap();
        check(&world)?;
        let view = world.engine.unmerge_contacts(world.org, &staff(), request.merged, Some(request.survivor)).unwrap();
        prop_assert_eq!(view.leftovers, vec![]);
        check(&world)?;
        prop_assert_eq!(before, (goldens(&world), index(&world)));
    }

    /// Chains of merges, taken back in any order, with submissions and undone decisions in between: everything stays
    /// the fold of its records, and taking back every merge gives back every contact that still has its records.
    #[test]
    fn merges_are_taken_back_in_any_order(rows in rows(), steps in steps()) {
        let (world, ids) = filled(&rows);
        let mut merges: Vec<ContactId> = Vec::new();
        let before = goldens(&world);
        let mut only_merges = true;
        for step in &steps {
            world.clock.advance_ms(10_000);
            match step {
                Step::Merge(a, b, apart) => if let Some(request) = pick(&world, *a, *b, *apart) {
                    world.engine.merge_contacts(world.org, &staff(), &request).unwrap();
                    merges.push(request.merged);
                },
                Step::Unmerge(at) => if !merges.is_empty() {
                    let merged = merges.remove(at % merges.len());
                    let done = world.engine.unmerge_contacts(world.org, &staff(), merged, None);
                    let refused = matches!(done, Err(EngineError::Conflict { .. } | EngineError::NotFound));
                    prop_assert!(done.is_ok() || refused, "{:?}", done);
                    if done.is_err() {
                        merges.push(merged);
                    }
                },
                Step::Undo(at) => {
                    only_merges &= world.engine.undo_decision(world.org, ids[at % ids.len()], &staff()).is_err();
                }
                Step::Submit(at) => {
                    only_merges = false;
                    world.submit(&[rows[at % rows.len()].clone()]);
                    world.run();
                }
            }
            check(&world)?;
        }
        if only_merges {
            // One that is refused waits for another that was merged in later.
            while !merges.is_empty() {
                let open = merges.len();
                merges.retain(|merged| world.engine.unmerge_contacts(world.org, &staff(), *merged, None).is_err());
                prop_assert!(merges.len() < open);
            }
            prop_assert_eq!(before, goldens(&world));
        }
    }
}
