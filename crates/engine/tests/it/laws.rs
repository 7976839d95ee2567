//! Laws of the batch over generated histories.

use crate::world::{World, world_with};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use tributary_contact::RecordId;
use tributary_contact::state::State;
use tributary_engine::{Actor, BatchSettings, Settings, TransactionView};
use tributary_store::StoreExt;

/// Submissions from small word lists, so that people, mailboxes, phones and references collide often.
pub fn rows(most: usize) -> impl Strategy<Value = Vec<Value>> {
    let first = select(vec!["Ann", "Anna", "Robert", "Bob", "Christina", "Christine", ""]);
    let last = select(vec!["Okafor", "Lund", "Lindqvist", "Smith", ""]);
    let email = select(vec!["a.okafor@example.org", "lund@example.org", "family@example.net", ""]);
    let phone = select(vec!["614-555-0134", "(614) 555-0177", ""]);
    let street = select(vec!["18 Quarry Ln", "402 Tannery Rd Apt 2", ""]);
    let reference = select(vec!["r1", "r2", "r3", "", "", ""]);
    let suffix = select(vec!["", "", "", "Jr", "Sr"]);
    let row = (first, last, email, phone, street, (reference, suffix)).prop_map(
        |(first, last, email, phone, street, (reference, suffix))| {
            json!({"referenceSource": "Harbor", "referenceId": reference, "firstName": first, "lastName": last,
                   "suffix": suffix, "email": email, "phone": phone, "address1": street,
                   "city": if street.is_empty() { "" } else { "Bellford" }, "postal": "44090", "tags": "Gala"})
        },
    );
    prop::collection::vec(row.prop_filter("says something", usable), 1..most)
}

fn usable(row: &Value) -> bool {
    ["firstName", "lastName", "email", "phone"].iter().any(|field| row[field] != "")
}

pub fn batch(chunk_rows: usize, threads: usize) -> Settings {
    Settings { batch: BatchSettings { chunk_rows, threads, lease_seconds: 60 }, ..Settings::default() }
}

/// Everything a batch leaves behind, as text.
pub fn outcome(world: &World, ids: &[RecordId]) -> String {
    let mut lines = Vec::new();
    for id in ids {
        let view = world.transaction(*id);
        let decision = &view.decisions[0];
        lines.push(format!(
            "{:?} {:?} {:?} {:?} {:?} {}",
            view.state, view.reason, view.level, view.contact, view.individual, decision.explanation
        ));
    }
    for contact in world.contacts() {
        let golden = serde_json::to_string(&contact.golden).unwrap();
        lines.push(format!("{} v{} s{} {golden}", contact.id, contact.version, contact.sequence));
    }
    for event in world.contact_events() {
        lines.push(format!("{} {} {} {}", event.contact, event.sequence, event.kind.as_str(), event.body));
    }
    lines.join("\n")
}

fn prepared(settings: Settings, on_file: &[Value], rows: &[Value]) -> (World, Vec<RecordId>) {
    let world = world_with(settings);
    let groups: Vec<String> = (0..on_file.len()).map(|n| format!("H{}", n / 2)).collect();
    let load: Vec<(&str, Value)> =
        groups.iter().map(String::as_str).zip(on_file.iter().cloned().map(anonymous)).collect();
    world.load(&load);
    let ids = world.submit(rows);
    (world, ids)
}

fn run(settings: Settings, on_file: &[Value], rows: &[Value]) -> (World, Vec<RecordId>) {
    let (world, ids) = prepared(settings, on_file, rows);
    let run = world.run();
    assert_eq!(run.counts.received, run.counts.decided());
    assert_eq!(run.state, tributary_store::RunState::Done);
    (world, ids)
}

/// Contacts that so many rows on file come to.
fn groups(on_file: &[Value]) -> usize {
    on_file.len().div_ceil(2)
}

/// Rows on file carry no reference, since one reference belongs to one contact.
pub fn anonymous(mut row: Value) -> Value {
    row["referenceId"] = json!("");
    row
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_outcome_does_not_depend_on_chunk_size_or_threads(
        on_file in rows(8), rows in rows(24), chunk_rows in 1_usize..9, threads in 1_usize..4,
    ) {
        let (whole, ids) = run(batch(1_000, 1), &on_file, &rows);
        let (chunked, same) = run(batch(chunk_rows, threads), &on_file, &rows);
        prop_assert_eq!(&ids, &same);
        prop_assert_eq!(outcome(&whole, &ids), outcome(&chunked, &ids));
    }

    #[test]
    fn a_dry_run_tells_what_the_run_does_and_stores_nothing(
        on_file in rows(8), rows in rows(16), chunk_rows in 1_usize..9,
    ) {
        let (world, ids) = prepared(batch(chunk_rows, 1), &on_file, &rows);
        let before = (shape(&world), world.events());
        let dry = world.engine.dry_run(world.org).unwrap();
        prop_assert_eq!(before, (shape(&world), world.events()));
        prop_assert!(ids.iter().all(|id| world.transaction(*id).state == State::Held));

        let counts = world.run().counts;
        prop_assert_eq!(dry.counts, counts);
        for (said, id) in dry.transactions.iter().zip(&ids) {
            let done = world.transaction(*id);
            let facts = |view: &TransactionView| {
                let account = view.decisions[0].explanation.clone();
                (view.id, view.state, view.reason, view.level, view.contact, view.individual, account)
            };
            prop_assert_eq!(facts(said), facts(&done));
        }
        let new: Vec<_> = dry.contacts.iter().filter(|change| change.is_new).map(|change| change.contact).collect();
        let made: Vec<_> = world.contacts().iter().map(|contact| contact.id).skip(groups(&on_file)).collect();
        prop_assert_eq!(new, made);
    }

    #[test]
    fn applying_and_undoing_gives_the_contacts_back_byte_for_byte(
        on_file in rows(8), rows in rows(10), pick in any::<prop::sample::Index>(),
    ) {
        let (world, _) = run(batch(100, 1), &on_file, &rows);
        let before: Vec<_> = shape(&world);
        let late = rows[pick.index(rows.len())].clone();
        let id = world.submit(&[anonymous(late)])[0];
        world.run();
        let assigned = matches!(world.transaction(id).state, State::Created | State::Merged | State::Unchanged);
        prop_assume!(assigned);
        let view = world.engine.undo_decision(world.org, id, &Actor::Staff("ann".into())).unwrap();
        prop_assert_eq!(view.state, State::NeedsUpdate);
        prop_assert_eq!(before, shape(&world));
    }
}

/// Contacts, references, match keys and term counts as stored, without versions and times.
pub fn shape(world: &World) -> Vec<String> {
    let mut shape: Vec<String> = world
        .contacts()
        .iter()
        .map(|contact| format!("{} {}", contact.id, serde_json::to_string(&contact.golden).unwrap()))
        .collect();
    let mut terms = world.engine.store().reading(|tx| tx.term_counts(world.org)).unwrap();
    terms.sort_unstable();
    shape.push(format!("{terms:?}"));
    shape
}
