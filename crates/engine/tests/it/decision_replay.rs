//! Past decisions taken again under another version.

use crate::laws::{anonymous, batch, rows, shape};
use crate::world::{World, person, world, world_with};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tributary_contact::policy::PolicyDocument;
use tributary_contact::state::{Reason, State};
use tributary_engine::{
    Actor, EngineError, MatchingSettings, MergeRequest, NotDuplicate, NotThis, Replay, ReplayPage, Resolution, Settings,
};
use tributary_matching::{MatcherDocument, Thresholds};
use tributary_store::{MatcherDocumentRow, StoreExt};

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

fn put(world: &World, document: &Value) -> i64 {
    world.engine.put_policy(world.org, &PolicyDocument::read(document).unwrap(), &staff()).unwrap().number
}

fn replay(world: &World, policy: Option<i64>, weights: Option<i64>) -> ReplayPage {
    let mut whole: Option<ReplayPage> = None;
    let ask = Replay { policy, weights, after: None, take: 2 };
    let mut after = None;
    loop {
        let page = world.engine.replay_decisions(world.org, Replay { after, ..ask }).unwrap();
        after = page.next;
        match &mut whole {
            Some(whole) => whole.add(page),
            None => whole = Some(page),
        }
        if after.is_none() {
            return whole.unwrap();
        }
    }
}

/// A version of the matcher that merges nothing.
fn cautious(world: &World) -> i64 {
    let thresholds = Some(Thresholds { merge: 1.1, ..Thresholds::default() });
    let document = serde_json::to_value(MatcherDocument { thresholds, ..MatcherDocument::default() }).unwrap();
    let row = MatcherDocumentRow {
        number: 7,
        document: document.to_string(),
        report: "{}".into(),
        actor: "staff:ann".into(),
        created_at: world.engine.clock().now(),
    };
    world.engine.store().writing("test", |tx| tx.insert_matcher_document(world.org, &row)).unwrap();
    7
}

/// Ines comes, comes again, and somebody else comes.
fn history(world: &World) -> Vec<tributary_contact::RecordId> {
    let mut again = person("h-2", "Ines", "Okafor", "ines@example.org");
    again["originSegmentCode"] = json!("GALA");
    let ids = world.submit(&[
        person("h-1", "Ines", "Okafor", "ines@example.org"),
        again,
        person("h-3", "Odalys", "Trent", "odalys@example.org"),
    ]);
    world.run();
    let states: Vec<_> = ids.iter().map(|id| world.transaction(*id).state).collect();
    assert_eq!(states, [State::Created, State::Merged, State::Created]);
    ids
}

#[test]
fn another_policy_says_what_it_would_have_decided() {
    let world = world();
    let ids = history(&world);
    let strict = put(&world, &json!({ "sources": { "Harbor": { "autoMerge": "never" } } }));
    let before = (shape(&world), world.events().len(), world.transaction(ids[1]));
    let page = replay(&world, Some(strict), None);
    assert_eq!(before, (shape(&world), world.events().len(), world.transaction(ids[1])), "nothing is stored");
    assert_eq!((page.seen, page.compared, page.drifted), (3, 3, 0));
    assert_eq!((page.in_force[0].as_str(), page.replayed[0].as_str()), ("shipped", "policy-1"));
    let [one] = page.differing.as_slice() else { panic!("{page:?}") };
    assert_eq!(
        (one.id, one.was.state, one.now.state, one.would_be.state),
        (ids[1], State::Merged, State::Merged, State::NeedsUpdate)
    );
    assert_eq!((one.would_be.reason, one.because), (Some(Reason::MergeWaits), "policy"));
    assert!(!one.why.is_empty());
    assert!(matches!(
        world.engine.replay_decisions(world.org, Replay { policy: Some(9), weights: None, after: None, take: 1 }),
        Err(EngineError::NotFound)
    ));
    assert!(matches!(
        world.engine.replay_decisions(world.org, Replay { policy: None, weights: Some(9), after: None, take: 1 }),
        Err(EngineError::NotFound)
    ));
}

#[test]
fn other_weights_are_held_against_what_people_decided() {
    let world = world();
    let ids = history(&world);
    // People agree with the merge, and say so by doing it again.
    world.engine.undo_decision(world.org, ids[1], &staff()).unwrap();
    let contact = world.transaction(ids[0]).contact.unwrap();
    world.engine.resolve(world.org, ids[1], Resolution::merge(contact, None), &staff()).unwrap();
    let cautious = cautious(&world);
    let page = replay(&world, None, Some(cautious));
    let [one] = page.differing.as_slice() else { panic!("{page:?}") };
    assert_eq!((one.id, one.because, one.would_be.state), (ids[1], "weights", State::NeedsUpdate));
    let (held, tried) = (page.agreement_in_force, page.agreement_replayed);
    assert_eq!((held.labelled, held.right, held.missed, held.recall()), (1, 1, 0, Some(1.0)));
    assert_eq!((tried.right, tried.missed, tried.waits, tried.precision(), tried.recall()), (0, 1, 1, None, Some(0.0)));
}

#[test]
fn what_people_denied_is_wrong() {
    let world = world();
    let ids = history(&world);
    let contact = world.transaction(ids[0]).contact.unwrap();
    world.engine.undo_decision(world.org, ids[1], &staff()).unwrap();
    let not = NotDuplicate { contact, other: NotThis::Transaction(ids[1]), until_more_is_known: false, note: None };
    world.engine.say_not_duplicate(world.org, &staff(), &not).unwrap();
    let page = replay(&world, Some(0), None);
    let agreement = page.agreement_in_force;
    assert_eq!((agreement.labelled, agreement.right, agreement.wrong), (1, 0, 1));
    assert_eq!(agreement.precision(), Some(0.0));
}

#[test]
fn a_merge_of_contacts_that_was_taken_back_is_a_denial_too() {
    let world = world();
    let ids = history(&world);
    let [one, other] = [ids[0], ids[2]].map(|id| world.transaction(id).contact.unwrap());
    let request = MergeRequest { survivor: one, merged: other, people: [].into(), choices: [].into() };
    world.engine.merge_contacts(world.org, &staff(), &request).unwrap();
    world.engine.unmerge_contacts(world.org, &staff(), other, None).unwrap();
    assert_eq!(replay(&world, None, Some(0)).agreement_in_force.labelled, 3);
}

#[test]
fn what_no_run_decided_as_it_is_now_is_left_out() {
    let world = world();
    world.load(&[("H1", person("C1", "Robert", "Okafor", "family@example.org"))]);
    let id = world.submit(&[person("hg-1", "Gertrude", "Lindqvist", "family@example.org")])[0];
    world.run();
    let corrected = crate::world::submission(&person("hg-1", "Robert", "Okafor", "family@example.org"));
    let retry = Resolution::Retry { submission: Some(Box::new(corrected)) };
    world.engine.resolve(world.org, id, retry, &staff()).unwrap();
    let page = replay(&world, Some(0), None);
    assert_eq!((page.seen, page.compared), (1, 0));
    world.run();
    assert_eq!(replay(&world, Some(0), None).compared, 1);
}

/// How often each term stands on file.
fn terms(world: &World) -> BTreeMap<i64, i64> {
    world.engine.store().reading(|tx| tx.term_counts(world.org)).unwrap().into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn under_what_is_in_force_no_decision_is_another(
        on_file in rows(6), rows in rows(16), chunk_rows in 1_usize..9, policy in 0_usize..3,
    ) {
        let world = world_with(batch(chunk_rows, 1));
        let groups: Vec<String> = (0..on_file.len()).map(|n| format!("H{}", n / 2)).collect();
        let load: Vec<(&str, Value)> =
            groups.iter().map(String::as_str).zip(on_file.into_iter().map(anonymous)).collect();
        world.load(&load);
        let documents =
            [json!({}), json!({ "sources": { "*": { "strict": true } } }), json!({ "sources": { "*": { "autoMerge": "reference" } } })];
        let number = put(&world, &documents[policy]);
        world.engine.activate_policy(world.org, number, &staff()).unwrap();
        world.clock.advance_ms(1_000);
        world.submit(&rows);
        let before = terms(&world);
        world.run();
        // Term frequencies count the people of the run by now, which moves what is near a threshold. A key that too many
        // share since cannot be on so small a file.
        let by_now = terms(&world);
        let grown: Vec<_> = by_now.iter().map(|(term, total)| (*term, before.get(term).unwrap_or(&0) - total)).collect();
        world.engine.store().writing("test", |tx| tx.add_terms(world.org, &grown)).unwrap();
        let page = replay(&world, Some(number), Some(0));
        prop_assert_eq!(page.differing.len(), 0);
        prop_assert_eq!(page.compared, i64::try_from(rows.len()).unwrap());
        prop_assert_eq!(page.drifted, 0, "{:?}", page);
    }
}

#[test]
fn thresholds_of_the_configuration_are_those_of_the_shipped_version() {
    let settings = Settings {
        matching: MatchingSettings { auto_probability: 1.1, ..MatchingSettings::default() },
        ..Settings::default()
    };
    let world = world_with(settings);
    let ids = world.submit(&[
        person("h-1", "Ines", "Okafor", "ines@example.org"),
        person("h-2", "Ines", "Okafor", "ines@example.org"),
    ]);
    world.run();
    assert_eq!(world.transaction(ids[1]).state, State::NeedsUpdate);
    let page = replay(&world, None, Some(0));
    assert_eq!((page.differing.len(), page.drifted), (0, 0));
}
