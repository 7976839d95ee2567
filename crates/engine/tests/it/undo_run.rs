//! A whole run taken back.

use crate::world::{World, person, world, world_with};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tributary_contact::fold::fold;
use tributary_contact::state::{Reason, State};
use tributary_contact::{ContactId, Field, Golden, RecordId, RunId, SourceRecord, Submission};
use tributary_engine::{
    Activation, Actor, Afterwards, BatchSettings, EngineError, Probe, Resolution, RunStart, RunUndoView, Settings,
    UndoStart,
};
use tributary_store::{EventKind, RunState, StoreExt};

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

fn undo(world: &World, run: RunId, afterwards: Afterwards) -> RunUndoView {
    match world.engine.undo_run(world.org, run, afterwards, &staff()).unwrap() {
        UndoStart::Finished(view) => view,
        other => panic!("the undo did not finish: {other:?}"),
    }
}

fn counts(view: &RunUndoView) -> (i64, i64, i64, i64) {
    (view.undo.reversed, view.kept, view.failed, view.undo.untouched)
}

/// Contacts, term counts and match keys, without versions and times.
fn shape(world: &World) -> Vec<String> {
    let contacts = world.contacts();
    let mut shape: Vec<String> =
        contacts.iter().map(|own| format!("{} {}", own.id, serde_json::to_string(&own.golden).unwrap())).collect();
    let mut terms = world.engine.store().reading(|tx| tx.term_counts(world.org)).unwrap();
    terms.sort_unstable();
    shape.push(format!("{terms:?}"));
    shape
}

/// A contact on file, and a run that merges into it, makes one and leaves a row.
fn story(world: &World) -> (RunId, Vec<RecordId>) {
    world.load(&[("H1", person("C1", "Robert", "Okafor", "family@example.org"))]);
    world.clock.advance_ms(1_000);
    let ids = world.submit(&[
        person("C1", "Robert", "Okafor", "second@example.org"),
        person("r2", "Ines", "Lund", "ines@example.org"),
        person("r3", "Gertrude", "Lindqvist", "family@example.org"),
    ]);
    let run = world.run();
    assert_eq!((run.counts.created, run.counts.merged, run.counts.needs_update), (1, 1, 1));
    world.clock.advance_ms(1_000);
    (run.id, ids)
}

#[test]
fn everything_a_run_did_to_contacts_is_taken_back_and_told() {
    let world = world();
    let (run, ids) = story(&world);
    let view = undo(&world, run, Afterwards::Review);
    assert_eq!(counts(&view), (2, 0, 0, 1));
    assert_eq!(world.contacts().len(), 1);
    assert_eq!(world.contacts()[0].golden.individuals[0].methods.len(), 1);
    for id in &ids[..2] {
        let row = world.transaction(*id);
        assert_eq!((row.state, row.reason, row.contact), (State::NeedsUpdate, Some(Reason::Undone), None));
        assert!(row.decisions[0].undone_at.is_some());
    }
    assert_eq!(world.transaction(ids[2]).decisions.len(), 1, "it was part of no contact");
    let kinds: Vec<EventKind> = world.events().iter().map(|event| event.kind).collect();
    for (kind, count) in [
        (EventKind::ContactDelete, 1),
        (EventKind::ContactUpdate, 2),
        (EventKind::ContactUnmerge, 1),
        (EventKind::NeedsUpdate, 3),
    ] {
        assert_eq!(kinds.iter().filter(|own| **own == kind).count(), count, "{kind:?}");
    }
    let health = world.engine.health(world.org).unwrap();
    let moved: i64 = health.states.iter().map(|count| count.count).sum();
    assert_eq!(health.ledger.received, health.ledger.held + moved);
    let again = world.engine.undo_run(world.org, run, Afterwards::Review, &staff());
    assert!(matches!(again, Err(EngineError::Conflict { .. })));
    assert!(matches!(
        world.engine.undo_run(world.org, RunId(99), Afterwards::Review, &staff()),
        Err(EngineError::NotFound)
    ));
}

#[test]
fn what_a_person_touched_since_is_kept_and_listed() {
    let world = world();
    let (run, ids) = story(&world);
    let created = world.transaction(ids[1]).contact.unwrap();
    let website =
        Submission { fields: [(Field::Website, "https://a.example.org".to_owned())].into(), ..Submission::default() };
    world.engine.update_contact(world.org, &staff(), created, &website).unwrap();
    world.engine.resolve(world.org, ids[2], Resolution::Create, &staff()).unwrap();
    let view = undo(&world, run, Afterwards::Reject);
    assert_eq!(counts(&view), (1, 2, 0, 0));
    let kept = world.engine.run_undo_left(world.org, run, false, 0, 10).unwrap();
    let kept: BTreeMap<RecordId, String> = kept.list.into_iter().map(|left| (left.transaction, left.reason)).collect();
    assert_eq!(kept, [(ids[1], "editedSince".to_owned()), (ids[2], "decidedSince".to_owned())].into());
    assert_eq!(world.transaction(ids[0]).state, State::Rejected);
    assert!(world.engine.contact(world.org, created).unwrap().is_some());
}

#[test]
fn rows_that_are_held_again_are_decided_by_the_next_run_as_before() {
    let world = world();
    let (run, ids) = story(&world);
    let before: Vec<State> = ids.iter().map(|id| world.transaction(*id).state).collect();
    undo(&world, run, Afterwards::Hold);
    assert_eq!(world.transaction(ids[0]).state, State::Held);
    let again = world.run();
    assert_eq!((again.state, again.counts.received), (RunState::Done, 2));
    assert_eq!(ids.iter().map(|id| world.transaction(*id).state).collect::<Vec<_>>(), before);
}

#[test]
fn an_undo_that_was_cut_off_goes_on_where_it_stopped() {
    let settings =
        Settings { batch: BatchSettings { chunk_rows: 2, ..BatchSettings::default() }, ..Settings::default() };
    let world = world_with(settings.clone());
    let names = ["Ann Okafor", "Bo Lund", "Cyrus Trent", "Dagmar Marsh", "Edda Quill", "Fritz Varga", "Gerda Wyss"];
    let row = |(n, name): (usize, &&str)| {
        let (first, last) = name.split_once(' ').unwrap();
        person(&format!("r{n}"), first, last, &format!("{first}@example.org"))
    };
    let rows: Vec<_> = names.iter().enumerate().map(row).collect();
    world.submit(&rows);
    let run = world.run().id;
    let passed = Arc::new(AtomicUsize::new(0));
    let seen = passed.clone();
    let probe = Probe::new(move |point| match point {
        "undone" if seen.fetch_add(1, Ordering::SeqCst) == 1 => Err(EngineError::Stopped),
        _ => Ok(()),
    });
    let world = world.restarted(Settings { probe, ..settings.clone() });
    assert!(world.engine.undo_run(world.org, run, Afterwards::Review, &staff()).is_err());
    assert_eq!(world.engine.run_undo(world.org, run).unwrap().undo.reversed, 4);
    let world = world.restarted(settings);
    let busy = world.engine.run_batch(world.org, Activation::Manual).unwrap();
    assert!(matches!(busy, RunStart::Finished(_)), "the batch is not held up");
    world.engine.schedule_tick().unwrap();
    let view = world.engine.run_undo(world.org, run).unwrap();
    assert_eq!((counts(&view), view.undo.finished_at.is_some()), ((7, 0, 0, 0), true));
    assert!(world.contacts().is_empty());
}

/// Half of the rows are merged into contacts on file, the other half made contacts; some wait, and some are kept.
fn statements_of_an_undo(rows: usize) -> u64 {
    let world = world();
    let mailbox = |n: usize| format!("o{n}@example.org");
    let row = |n: usize| person(&format!("n{n}"), "Odalys", &format!("Trent{n}"), &mailbox(n));
    let groups: Vec<String> = (0..rows / 2).map(|n| format!("H{n}")).collect();
    let on_file =
        |(n, group): (usize, &String)| (group.clone(), person("", "Odalys", &format!("Trent{n}"), &mailbox(n)));
    let on_file: Vec<_> = groups.iter().enumerate().map(on_file).collect();
    world.load(&on_file.iter().map(|(group, row)| (group.as_str(), row.clone())).collect::<Vec<_>>());
    let waits = |n: usize| person(&format!("w{n}"), "Bram", "Lindqvist", &mailbox(n));
    let mut ids = world.submit(&(0..rows).map(row).chain((0..rows / 10).map(waits)).collect::<Vec<_>>());
    let run = world.run();
    assert_eq!(run.chunks, 1, "one chunk: {run:?}");
    world.clock.advance_ms(1_000);
    ids.truncate(rows / 10);
    for id in ids {
        world.engine.undo_decision(world.org, id, &staff()).unwrap();
    }
    let before = world.engine.store().statement_count();
    let view = undo(&world, run.id, Afterwards::Review);
    let rows = i64::try_from(rows).unwrap();
    assert_eq!((view.undo.reversed, view.failed), (rows - rows / 10, 0), "{view:?}");
    world.engine.store().statement_count() - before
}

#[test]
fn the_statements_of_a_chunk_do_not_grow_with_its_rows() {
    let (few, many) = (statements_of_an_undo(20), statements_of_an_undo(800));
    assert!(few < 80, "{few} statements for one chunk of 20 rows");
    assert!(many < few + 60, "{many} statements for a chunk of 800 rows, {few} for 20");
}

#[test]
fn while_a_batch_is_under_way_nothing_is_taken_back() {
    let world = world();
    let (run, _) = story(&world);
    let now = tributary_contact::clock::Clock::now(&*world.clock);
    let until = now + chrono::TimeDelta::seconds(60);
    world.engine.store().writing("test", |tx| tx.acquire_lease(world.org, "batch", "other", now, until)).unwrap();
    assert_eq!(world.engine.undo_run(world.org, run, Afterwards::Review, &staff()).unwrap(), UndoStart::Busy);
}

/// People from small lists, so that names, mailboxes and references collide.
fn rows(most: usize) -> impl Strategy<Value = Vec<serde_json::Value>> {
    let first = prop::sample::select(vec!["Ann", "Anna", "Robert", "Bob", "Ines"]);
    let last = prop::sample::select(vec!["Okafor", "Lund"]);
    let mailbox = prop::sample::select(vec!["a@example.org", "b@example.org", "c@example.org", ""]);
    let reference = prop::sample::select(vec!["r1", "r2", "r3", "", ""]);
    let row = (reference, first, last, mailbox).prop_map(|(id, first, last, mailbox)| person(id, first, last, mailbox));
    prop::collection::vec(row, 2..most)
}

/// Contacts as the fold of their records without these.
fn without(world: &World, gone: &[RecordId]) -> BTreeMap<ContactId, Golden> {
    let ids: Vec<ContactId> = world.contacts().into_iter().map(|row| row.id).collect();
    let mut records: BTreeMap<ContactId, Vec<SourceRecord>> = BTreeMap::new();
    for own in world.engine.store().reading(|tx| tx.source_records(world.org, &ids)).unwrap() {
        if !gone.contains(&own.record.id) {
            records.entry(own.contact).or_default().push(own.record);
        }
    }
    records.into_iter().filter_map(|(contact, own)| Some((contact, fold(&own, "US")?))).collect()
}

fn now(world: &World) -> BTreeMap<ContactId, Golden> {
    world.contacts().into_iter().map(|row| (row.id, row.golden)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn taking_a_run_back_gives_everything_back_byte_for_byte(
        on_file in rows(6), rows in rows(12), chunk_rows in 1_usize..5,
    ) {
        let batch = BatchSettings { chunk_rows, threads: 2, lease_seconds: 60 };
        let world = world_with(Settings { batch, ..Settings::default() });
        world.submit(&on_file);
        world.run();
        let before = shape(&world);
        world.clock.advance_ms(1_000);
        let ids = world.submit(&rows);
        let run = world.run();
        let view = undo(&world, run.id, Afterwards::Review);
        prop_assert_eq!(view.undo.reversed + view.undo.untouched, i64::try_from(ids.len()).unwrap());
        prop_assert_eq!(before, shape(&world));
    }

    /// Any decisions, taken back in any order, leave what there would be without them.
    #[test]
    fn undoing_any_decisions_in_any_order_equals_never_having_made_them(
        rows in rows(14), picks in prop::collection::vec((any::<prop::sample::Index>(), any::<u16>()), 1..8),
    ) {
        let world = world();
        let ids = world.submit(&rows);
        world.run();
        let mut gone: Vec<(u16, RecordId)> = picks.iter().map(|(pick, order)| (*order, ids[pick.index(ids.len())])).collect();
        gone.sort_unstable();
        gone.dedup_by_key(|(_, id)| *id);
        let mut undone: Vec<RecordId> = Vec::new();
        for (_, id) in gone {
            let assigned = world.transaction(id).contact.is_some();
            let mut then = undone.clone();
            then.push(id);
            let expected = without(&world, &then);
            if assigned {
                world.engine.undo_decision(world.org, id, &staff()).unwrap();
                prop_assert_eq!(expected, now(&world));
                undone.push(id);
            }
        }
    }
}
