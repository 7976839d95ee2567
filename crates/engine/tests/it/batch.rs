use crate::world::{World, person, world, world_with};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tributary_contact::Reference;
use tributary_contact::state::{Level, Reason, State};
use tributary_engine::{BatchSettings, EngineError, Probe, Settings};
use tributary_store::RunState;

#[test]
fn a_new_donor_is_held_then_created_and_found_by_reference() {
    let world = world();
    let id = world.submit(&[person("hg-1", "Ines", "Lund", "ines@example.org")])[0];
    let reference = Reference { source: "Harbor".into(), id: "hg-1".into() };
    assert_eq!(world.transaction(id).state, State::Held);
    assert!(world.engine.contact_by_reference(world.org, &reference).unwrap().is_none());
    let run = world.run();
    assert_eq!((run.state, run.counts.received, run.counts.created), (RunState::Done, 1, 1));
    let contact = world.engine.contact_by_reference(world.org, &reference).unwrap().unwrap();
    assert_eq!(contact.golden.individuals[0].methods[0].value, "ines@example.org");
    assert_eq!(world.transaction(id).contact, Some(contact.id));
    assert_eq!(world.engine.contact_by_email(world.org, "INES@example.org").unwrap().unwrap().id, contact.id);
}

#[test]
fn rows_of_one_batch_match_each_other() {
    let world = world();
    let ids = world.submit(&[
        person("hg-1", "Ines", "Lund", "ines.lund@example.org"),
        json!({"referenceSource": "Gala", "referenceId": "g-9", "firstName": "Ines", "lastName": "Lund",
               "email": "ines.lund@example.org", "phone": "614-555-0134"}),
    ]);
    let run = world.run();
    assert_eq!((run.counts.created, run.counts.merged), (1, 1));
    let (first, second) = (world.transaction(ids[0]), world.transaction(ids[1]));
    assert_eq!(first.contact, second.contact);
    assert_eq!((second.state, second.level), (State::Merged, Some(Level::Individual)));
    let contact = world.engine.contact(world.org, first.contact.unwrap()).unwrap().unwrap();
    assert_eq!((contact.version, contact.golden.references.len()), (2, 2));
}

#[test]
fn the_same_reference_twice_is_one_contact_with_the_newest_values() {
    let world = world();
    let mut first = person("hg-1", "Ines", "Lund", "ines@example.org");
    first["gender"] = json!("F");
    let mut second = first.clone();
    second["gender"] = json!("Female");
    let ids = world.submit(&[first, second.clone(), second]);
    let run = world.run();
    assert_eq!((run.counts.created, run.counts.merged, run.counts.unchanged), (1, 1, 1));
    let contact = world.transaction(ids[0]).contact.unwrap();
    let golden = world.engine.contact(world.org, contact).unwrap().unwrap().golden;
    assert_eq!(golden.individuals[0].field(tributary_contact::Field::Gender), Some("Female"));
}

#[test]
fn a_shared_mailbox_with_another_first_name_waits_for_a_person() {
    let world = world();
    world.load(&[("H1", person("C1", "Robert", "Okafor", "family@example.org"))]);
    let id = world.submit(&[person("hg-1", "Gertrude", "Lindqvist", "family@example.org")])[0];
    let run = world.run();
    assert_eq!(run.counts.needs_update, 1);
    let view = world.transaction(id);
    assert_eq!(view.state, State::NeedsUpdate);
    assert!(view.reason.is_some() && view.contact.is_none());
    assert!(!view.decisions[0].explanation.contains("family@example.org"));
}

#[test]
fn a_sure_match_that_changes_a_name_waits_for_a_person() {
    let world = world();
    world.load(&[("H1", person("C1", "Maria", "Okafor", "maria@example.org"))]);
    let id = world.submit(&[person("C1", "Maria", "Vandenberg", "maria@example.org")])[0];
    world.run();
    assert_eq!(world.transaction(id).reason, Some(Reason::SensitiveChange));
}

#[test]
fn a_run_without_rows_is_done_and_empty() {
    let world = world();
    let run = world.run();
    assert_eq!((run.state, run.counts.received, run.chunks), (RunState::Done, 0, 0));
}

/// Fails once, at the n-th time a point is reached.
fn failing_at(point: &'static str, nth: usize) -> Settings {
    let reached = Arc::new(AtomicUsize::new(0));
    let probe = Probe::new(move |here| {
        if here == point && reached.fetch_add(1, Ordering::SeqCst) + 1 == nth {
            return Err(EngineError::Unavailable(tributary_store::StoreError::Unavailable(None)));
        }
        Ok(())
    });
    Settings { batch: BatchSettings { chunk_rows: 3, ..BatchSettings::default() }, probe, ..Settings::default() }
}

fn story(world: &World) -> Vec<tributary_contact::RecordId> {
    world.load(&[
        ("H1", person("C1", "Robert", "Okafor", "rob@example.org")),
        ("H2", person("C2", "Ines", "Lund", "ines@example.org")),
    ]);
    let rows: Vec<_> = (0..11)
        .map(|n| match n % 4 {
            0 => person(&format!("n{n}"), "Odalys", &format!("Trent{n}"), &format!("odalys{n}@example.org")),
            1 => person(&format!("r{n}"), "Robert", "Okafor", "rob@example.org"),
            2 => person(&format!("s{n}"), "Gertrude", "Lindqvist", "rob@example.org"),
            _ => person("same", "Pat", "Quill", "pat.quill@example.org"),
        })
        .collect();
    world.submit(&rows)
}

#[test]
fn a_run_cut_off_at_any_point_is_resumed_with_nothing_lost_or_doubled() {
    let whole = world();
    let ids = story(&whole);
    let expected = whole.run().counts;
    let states: Vec<State> = ids.iter().map(|id| whole.transaction(*id).state).collect();
    let contacts = whole.contacts().len();
    for point in ["claimed", "decided", "writing", "applied"] {
        for nth in 1..=4 {
            let world = world_with(failing_at(point, nth));
            let ids = story(&world);
            let cut = world.engine.run_batch(world.org, tributary_engine::Activation::Manual);
            assert!(cut.is_err(), "{point} {nth} did not fail");
            let world = world.restarted(Settings::default());
            world.clock.advance_ms(120_000);
            let run = world.run();
            assert_eq!((run.state, run.counts), (RunState::Done, expected), "after {point} {nth}");
            let now: Vec<State> = ids.iter().map(|id| world.transaction(*id).state).collect();
            assert_eq!(now, states, "after {point} {nth}");
            assert_eq!(world.contacts().len(), contacts, "after {point} {nth}");
            assert!(ids.iter().all(|id| world.transaction(*id).decisions.len() == 1));
        }
    }
}

#[test]
fn two_activations_at_once_are_one_run() {
    let world = world();
    story(&world);
    let (held, seen) = std::sync::mpsc::channel();
    let probe = Probe::new(move |point| {
        if point == "claimed" {
            held.send(()).ok();
        }
        Ok(())
    });
    let settings = Settings { probe, ..world.settings() };
    let world = world.restarted(settings);
    let engine = world.engine.clone();
    let org = world.org;
    let other = std::thread::spawn(move || {
        seen.recv().unwrap();
        let start = engine.batch_running(org);
        start.unwrap()
    });
    world.run();
    assert!(other.join().is_ok());
    assert_eq!(world.engine.runs(world.org, 0, 10).unwrap().total, 1);
}

#[test]
fn the_statements_of_a_chunk_do_not_grow_with_its_rows() {
    let statements = |rows: usize| {
        let world = world();
        let rows: Vec<_> = (0..rows)
            .map(|n| person(&format!("n{n}"), "Odalys", &format!("Trent{n}"), &format!("o{n}@example.org")))
            .collect();
        world.submit(&rows);
        let before = world.engine.store().statement_count();
        world.run();
        world.engine.store().statement_count() - before
    };
    let (few, many) = (statements(20), statements(1_000));
    assert!(few < 120, "{few} statements for one chunk of 20 rows");
    assert!(many < few + 60, "{many} statements for a chunk of 1,000 rows, {few} for 20");
}

#[test]
fn a_row_that_cannot_be_processed_is_set_aside_and_holds_up_no_other() {
    // The store refuses every transaction in which the poisoned row would be merged or created.
    let poisoned = Arc::new(AtomicUsize::new(0));
    let seen = poisoned.clone();
    let probe = Probe::new(move |point| match point {
        "decided" if seen.fetch_add(1, Ordering::SeqCst) < 2 => Err(EngineError::Internal("planned failure".into())),
        _ => Ok(()),
    });
    let world = world_with(Settings { probe, ..Settings::default() });
    let ids = world.submit(&[
        person("hg-1", "Ines", "Lund", "ines@example.org"),
        person("hg-2", "Odalys", "Trent", "odalys@example.org"),
    ]);
    let run = world.run();
    assert_eq!((run.state, run.counts.created, run.counts.needs_update), (RunState::Done, 1, 1));
    assert_eq!(world.transaction(ids[0]).reason, Some(Reason::Failed));
    assert_eq!(world.transaction(ids[1]).state, State::Created);
}

#[test]
fn a_contact_that_a_person_changes_during_the_batch_is_looked_at_again() {
    let (reached, decided) = std::sync::mpsc::channel();
    let (resume, resumed) = std::sync::mpsc::channel::<()>();
    let resumed = std::sync::Mutex::new(resumed);
    let probe = Probe::new(move |point| {
        if point == "decided" && reached.send(()).is_ok() {
            resumed.lock().unwrap().recv().ok();
        }
        Ok(())
    });
    let world = world_with(Settings::default());
    let first = world.submit(&[person("hg-1", "Ines", "Lund", "ines.lund@example.org")])[0];
    world.run();
    let contact = world.transaction(first).contact.unwrap();
    let world = world.restarted(Settings { probe, ..Settings::default() });
    let second = world.submit(&[person("g-9", "Ines", "Lund", "ines.lund@example.org")])[0];
    let (engine, org) = (world.engine.clone(), world.org);
    let run = std::thread::spawn(move || engine.run_batch(org, tributary_engine::Activation::Manual));
    decided.recv().unwrap();
    // The row was decided to merge; now its target is taken away.
    world.engine.undo_decision(org, first, &tributary_engine::Actor::Staff("ann".into())).unwrap();
    assert!(world.engine.contact(org, contact).unwrap().is_none());
    drop(decided);
    drop(resume);
    run.join().unwrap().unwrap();
    let view = world.transaction(second);
    assert_eq!((view.state, view.decisions.len()), (State::Created, 1));
    assert_ne!(view.contact, Some(contact));
}
