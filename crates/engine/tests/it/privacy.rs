//! Erasure, what it leaves, and what a person can ask for.

use crate::deliver::deliver_all;
use crate::privacy_story::{MARKER, Story, marked, merge, staff, story};
use crate::world::{World, person, submission, world, worlds};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tributary_contact::state::{Reason, State};
use tributary_contact::{ContactId, ItemId, Reference, Submission};
use tributary_engine::{
    Afterwards, Begun, Creation, EngineError, Erasure, ItemValues, Probe, Recommendation, Resolution, Settings,
    UndoStart,
};
use tributary_store::{EventKind, StoreExt};

fn erase(world: &World, contact: ContactId) -> Erasure {
    world.engine.erase_contact(world.org, &staff(), contact, "Asked for by letter").unwrap()
}

/// Received, held, and rows per state.
fn conserved(world: &World) -> BTreeMap<State, i64> {
    let health = world.engine.health(world.org).unwrap();
    let mut states: BTreeMap<State, i64> = BTreeMap::new();
    for count in &health.states {
        *states.entry(count.state).or_default() += count.count;
    }
    assert_eq!(health.ledger.received, health.ledger.held + states.values().sum::<i64>());
    states
}

#[test]
fn nothing_of_an_erased_contact_is_left_anywhere() {
    for world in worlds(&Settings::default()) {
        let story = story(&world);
        let stranger = world.engine.contact(world.org, story.stranger).unwrap().unwrap();
        let before = conserved(&world);
        let full = world.places_of(MARKER);
        if world.engine.store().backend() == "postgres" {
            let expected = [
                "attempt",
                "audit",
                "contact",
                "contact_facts",
                "contact_note",
                "contact_reference",
                "contact_transaction",
                "direct_record",
                "event",
                "gift",
                "held_transaction",
                "individual_avatar",
                "merge_suggestion",
                "not_duplicate",
                "request_once",
                "review_step",
                "search_word",
                "transaction_correction",
                "transaction_review",
            ];
            assert_eq!(full, expected);
        } else {
            assert_eq!(full, ["copy.db", "copy-held.db"]);
        }

        let erased = erase(&world, story.contact);
        assert_eq!(erased.merged, [story.merged]);
        assert_eq!(erased.left, [story.shared], "it may be about somebody else");
        assert_eq!((erased.counts.transactions, erased.counts.loose_transactions), (2, 3));
        // The row that may be about somebody else still says it; a person decides about it.
        assert!(world.engine.needs_update_item(world.org, story.shared).unwrap().unwrap().candidates.is_empty());
        world.engine.resolve(world.org, story.shared, Resolution::Retry { submission: None }, &staff()).unwrap();
        world.run();
        assert_eq!(world.transaction(story.shared).reason, Some(Reason::Erased));
        world.engine.resolve(world.org, story.shared, Resolution::Reject, &staff()).unwrap();
        assert_eq!(world.places_of(MARKER), Vec::<String>::new());

        let after = conserved(&world);
        let sum = |states: &BTreeMap<State, i64>| states.values().sum::<i64>();
        assert_eq!(sum(&after), sum(&before) + 1, "the held row is among them now");
        assert_eq!(after.get(&State::Merged), before.get(&State::Merged), "what became of rows stays");
        for (id, state) in
            [(story.decided, State::Merged), (story.waiting, State::Rejected), (story.held, State::Rejected)]
        {
            let view = world.transaction(id);
            assert_eq!((view.state, view.submission, view.contact), (state, Submission::default(), None));
            assert!(view.erased_at.is_some());
        }
        assert_eq!(world.engine.verify_audit(world.org).unwrap().broken_at, None);
        assert!(world.engine.contact(world.org, story.contact).unwrap().is_none());
        assert!(world.engine.contact(world.org, story.merged).unwrap().is_none());
        let now = world.engine.contact(world.org, story.stranger).unwrap().unwrap();
        assert_eq!(now, stranger, "nobody else is touched");
        let history = world.engine.contact_audit(world.org, story.stranger).unwrap();
        assert!(history.iter().any(|row| row.action == "load" && row.changes.contains("ines@example.org")));
        told(&world, &story);
        refused_afterwards(&world, &story);
    }
}

/// Subscribers hear of it by numbers.
fn told(world: &World, story: &Story) {
    let events = world.events();
    let last = events.iter().rfind(|event| event.contact == story.contact).unwrap();
    assert_eq!(last.kind, EventKind::ContactDelete);
    let body: Value = serde_json::from_str(&last.body).unwrap();
    assert_eq!(body["contact"], json!({ "id": story.contact.0, "truncated": true }));
    assert_eq!(body["erasure"], json!({ "mergedContactIds": [story.merged.0] }));
    deliver_all(world);
    let sent = world.sender.sent.lock().unwrap();
    assert!(sent.iter().any(|request| *request.body == *last.body.as_bytes()));
}

fn refused_afterwards(world: &World, story: &Story) {
    let engine = &world.engine;
    let undone = engine.undo_decision(world.org, story.decided, &staff());
    assert!(matches!(undone, Err(EngineError::Erased { .. })), "{undone:?}");
    let UndoStart::Finished(view) = engine.undo_run(world.org, story.run, Afterwards::Review, &staff()).unwrap() else {
        panic!("the undo did not finish")
    };
    assert_eq!((view.undo.reversed, view.kept, view.failed), (0, 1, 0));
    let left = engine.run_undo_left(world.org, story.run, false, 0, 9).unwrap().list;
    assert_eq!((left[0].transaction, left[0].reason.as_str()), (story.decided, "erased"));
    assert!(matches!(engine.begin_once(world.org, 1, "create", b"content").unwrap(), Begun::Erased));
    assert!(matches!(engine.begin_once(world.org, 1, "submit", b"content").unwrap(), Begun::Erased));
    let again = engine.erase_contact(world.org, &staff(), story.contact, "again");
    assert!(matches!(again, Err(EngineError::NotFound)));
}

#[test]
fn who_was_erased_does_not_come_back_with_the_next_sync() {
    for world in worlds(&Settings::default()) {
        world.load(&[("A", person("a", "Robert", "Okafor", "robert@example.org"))]);
        world.load(&[("B", person("b", "Ines", "Lund", "ines@example.org"))]);
        let contact = world.contacts()[0].id;
        let erasure = erase(&world, contact).row.id;
        let again = person("a", "Robert", "Okafor", "");
        let by_mail = person("new", "Bob", "Okafor", "Robert@Example.org");
        let check = world.engine.check_duplicates(world.org, &submission(&again)).unwrap();
        assert_eq!((check.recommendation, check.reason), (Recommendation::Review, Some(Reason::Erased)));
        let ids = world.submit(&[again.clone(), by_mail.clone(), person("c", "Cyrus", "Trent", "cyrus@example.org")]);
        let run = world.run();
        assert_eq!((run.counts.created, run.counts.needs_update), (1, 2));
        for id in &ids[..2] {
            assert_eq!(world.transaction(*id).reason, Some(Reason::Erased));
        }
        let new = Creation { parts: vec![submission(&by_mail)], ..Creation::default() };
        let made = world.engine.create_contact(world.org, &staff(), &new, None);
        assert!(matches!(made, Err(EngineError::Erased { .. })), "{made:?}");

        // A person lets one through; from then on its reference is on file.
        let view = world.engine.resolve(world.org, ids[0], Resolution::Create, &staff()).unwrap();
        assert_eq!(view.decisions.last().unwrap().actor, "staff:ann");
        let back = world.submit(&[person("a", "Robert", "Okafor", "robert@example.net")])[0];
        world.run();
        assert_eq!(world.transaction(back).contact, view.contact);

        // Refused, its content goes too.
        world.engine.resolve(world.org, ids[1], Resolution::Reject, &staff()).unwrap();
        assert_eq!(world.transaction(ids[1]).submission, Submission::default());

        let lifted = world.engine.lift_tombstone(world.org, &staff(), erasure).unwrap();
        assert_eq!(lifted.row.lifted.unwrap().0, "staff:ann");
        assert!(matches!(world.engine.lift_tombstone(world.org, &staff(), erasure), Err(EngineError::NotFound)));
        assert_eq!(world.engine.erasures(world.org, 0, 9).unwrap().total, 1);
        let made = world.engine.create_contact(world.org, &staff(), &new, None).unwrap();
        assert_eq!(made.golden.individuals.len(), 1);
        conserved(&world);
    }
}

#[test]
fn somebody_else_at_the_same_phone_goes_on_being_updated() {
    let world = world();
    let at_home = |reference: &str, first: &str, email: &str| {
        let mut row = person(reference, first, "Okafor", email);
        row["phone"] = "503 555 0143".into();
        row
    };
    world.load(&[("A", at_home("a", "Robert", "robert@example.org")), ("B", at_home("b", "Ines", "ines@example.org"))]);
    let robert = world.contacts()[0].id;
    erase(&world, robert);
    let id = world.submit(&[at_home("b", "Ines", "ines@example.net")])[0];
    world.run();
    assert_eq!(world.transaction(id).state, State::Merged);
    let twice = erase(&world, world.contacts()[0].id);
    assert_eq!(twice.row.id, 2);
}

#[test]
fn an_erasure_that_was_cut_off_after_its_transaction_is_ended_by_the_next_batch() {
    let world = world();
    world.load(&[("A", marked("1"))]);
    let contact = world.contacts()[0].id;
    let held = world.submit(&[marked("1")])[0];
    let probe = Probe::new(|point| if point == "erased" { Err(EngineError::Stopped) } else { Ok(()) });
    let settings = world.settings();
    let world = world.restarted(Settings { probe, ..settings.clone() });
    assert!(world.engine.erase_contact(world.org, &staff(), contact, "asked").is_err());
    assert_eq!(world.places_of(MARKER), ["copy-held.db"]);
    let world = world.restarted(settings);
    let run = world.run();
    assert_eq!((run.counts.received, run.counts.held), (0, 0));
    assert_eq!(world.places_of(MARKER), Vec::<String>::new());
    assert_eq!(world.transaction(held).reason, Some(Reason::Erased));
    conserved(&world);
}

#[test]
fn it_waits_for_nobody_and_meets_no_batch() {
    let world = world();
    world.load(&[("A", marked("1"))]);
    let contact = world.contacts()[0].id;
    let no_reason = world.engine.erase_contact(world.org, &staff(), contact, "  ");
    assert!(matches!(no_reason, Err(EngineError::Invalid(_))));
    let now = tributary_contact::clock::Clock::now(&*world.clock);
    let until = now + chrono::TimeDelta::seconds(60);
    world.engine.store().writing("test", |tx| tx.acquire_lease(world.org, "batch", "other", now, until)).unwrap();
    let busy = world.engine.erase_contact(world.org, &staff(), contact, "asked");
    assert!(matches!(busy, Err(EngineError::Conflict { .. })));
    world.load(&[("B", person("b", "Ines", "Lund", "ines@example.org"))]);
    merge(&world, world.contacts()[1].id, contact);
    world.clock.advance_ms(61_000);
    let away = world.engine.erase_contact(world.org, &staff(), contact, "asked");
    assert!(matches!(away, Err(EngineError::Conflict { .. })), "a contact that was merged away goes with its survivor");
}

#[test]
fn everything_that_is_held_about_a_person_is_handed_out() {
    let world = world();
    let story = story(&world);
    let export = serde_json::to_value(world.engine.export_person(world.org, story.contact).unwrap()).unwrap();
    let length = |name: &str| export[name].as_array().unwrap().len();
    assert_eq!(export["contact"]["record"]["individuals"][0]["fields"]["firstName"], "Zyxmarker");
    assert!(export["contact"]["record"]["provenance"].as_object().unwrap().len() > 3);
    assert_eq!((length("mergedContacts"), length("notes"), length("pictures")), (1, 1, 1));
    assert_eq!((length("transactions"), length("otherTransactions"), length("heldTransactions")), (2, 2, 1));
    assert_eq!((length("merges"), length("notDuplicates")), (2, 1));
    assert_eq!(export["undecidedTransactionIds"], json!([story.shared]));
    assert!(length("sourceRecords") >= 4 && length("events") > 3 && length("audit") > 5);
    let sent = &export["transactions"][0]["sent"];
    assert_eq!(sent["gift"]["payload"]["notes"], MARKER);
    assert_eq!(export["transactions"][1]["corrections"].as_array().unwrap().len(), 1);
    assert!(export["transactions"][0]["decisions"][0]["actor"] == "batch");
    assert!(matches!(world.engine.export_person(world.org, ContactId(99)), Err(EngineError::NotFound)));
}

#[test]
fn every_change_of_consent_is_told_with_who_said_so() {
    let world = world();
    let mut row = submission(&person("a", "Robert", "Okafor", "robert@example.org"));
    row.methods[0].opted_in = Some(true);
    let sent = world.runtime.block_on(world.engine.submit(world.org, None, vec![row.clone()])).unwrap()[0].id;
    world.run();
    let contact = world.transaction(sent).contact.unwrap();
    world.clock.advance_ms(1_000);
    row.methods[0].opted_in = Some(false);
    world.runtime.block_on(world.engine.submit(world.org, None, vec![row])).unwrap();
    world.run();
    world.clock.advance_ms(1_000);
    let method: ItemId = world.contacts()[0].golden.individuals[0].methods[0].id;
    let values = ItemValues {
        set: [(tributary_contact::ItemField::OptedIn, "true".to_owned())].into(),
        ..ItemValues::default()
    };
    world.engine.update_method(world.org, &staff(), method, &values).unwrap();
    let consent = world.engine.consent(world.org, contact, 0, 9).unwrap();
    let told: Vec<_> = consent
        .changes
        .list
        .iter()
        .map(|one| (one.before, one.after, one.actor.as_str(), one.source.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (Some(false), Some(true), "staff:ann", None),
            (Some(true), Some(false), "batch", Some("Harbor")),
            (None, Some(true), "batch", Some("Harbor")),
        ]
    );
    assert!(consent.changes.list.iter().all(|one| one.value.as_deref() == Some("robert@example.org")));
    assert_eq!(world.engine.consent(world.org, contact, 1, 1).unwrap().changes.list.len(), 1);
}

#[test]
fn a_reference_that_was_erased_holds_whatever_the_matcher_says() {
    let world = world();
    world.load(&[("A", person("a", "Robert", "Okafor", "robert@example.org"))]);
    world.load(&[("B", person("b", "Ines", "Lund", "ines@example.org"))]);
    erase(&world, world.contacts()[0].id);
    let id = world.submit(&[person("a", "Ines", "Lund", "ines@example.org")])[0];
    world.run();
    assert_eq!(world.transaction(id).reason, Some(Reason::Erased));
    let owner = Reference { source: "Harbor".into(), id: "a".into() };
    let found =
        world.engine.store().reading(|tx| tx.contacts_by_reference(world.org, std::slice::from_ref(&owner))).unwrap();
    assert!(found.is_empty());
}
