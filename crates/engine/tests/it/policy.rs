//! An organization's own policy: what waits for a person, what it stays with, and contacts folded anew.

use crate::laws::{anonymous, batch, outcome, rows, shape};
use crate::world::{World, person, world, world_with};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tributary_contact::fold::fold;
use tributary_contact::policy::PolicyDocument;
use tributary_contact::state::{Reason, State};
use tributary_contact::{ContactId, Field, RecordId};
use tributary_engine::{Actor, Engine, EngineError, FoldBy, Probe, Refold, RefoldPage, Resolution, Settings};
use tributary_store::StoreExt;

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

impl World {
    /// Stores a policy and puts it in force; its number comes back.
    fn govern(&self, document: &Value) -> i64 {
        let number =
            self.engine.put_policy(self.org, &PolicyDocument::read(document).unwrap(), &staff()).unwrap().number;
        self.engine.activate_policy(self.org, number, &staff()).unwrap();
        number
    }

    fn refold(&self, by: FoldBy, dry_run: bool) -> RefoldPage {
        let refold = Refold { by, dry_run, after: None, take: 1_000 };
        self.engine.refold(self.org, refold, &staff()).unwrap()
    }

    /// State, reason and policy of the latest decision.
    fn fate(&self, id: RecordId) -> (State, Option<Reason>, i64) {
        let view = self.transaction(id);
        (view.state, view.reason, view.decisions.last().unwrap().policy)
    }

    fn website(&self, contact: i64) -> Option<String> {
        let row = self.engine.contact(self.org, ContactId(contact)).unwrap().unwrap();
        row.golden.field(Field::Website).map(str::to_owned)
    }
}

/// Rows about Ines, each of a platform that knows another web site of hers.
fn sites(world: &World, rows: &[(&str, &str)]) -> Vec<RecordId> {
    let submission = |(source, site): &(&str, &str)| {
        let mut row = person("1", "Ines", "Okafor", "ines@example.org");
        row["referenceSource"] = json!(source);
        let mut said = crate::world::submission(&row);
        said.fields.insert(Field::Website, (*site).to_owned());
        said
    };
    let hold = |row: &(&str, &str)| {
        world.clock.advance_ms(1_000);
        let receipts = world.runtime.block_on(world.engine.submit(world.org, None, vec![submission(row)])).unwrap();
        receipts[0].id
    };
    rows.iter().map(hold).collect()
}

#[test]
fn without_a_policy_everything_is_decided_under_the_shipped_one() {
    let world = world();
    let id = world.submit(&[person("h-1", "Ines", "Okafor", "ines@example.org")])[0];
    assert_eq!(world.run().policy, 0);
    assert_eq!(world.fate(id), (State::Created, None, 0));
    let versions = world.engine.policy_versions(world.org).unwrap();
    assert_eq!(versions.iter().map(|version| (version.number, version.active)).collect::<Vec<_>>(), [(0, true)]);
}

#[test]
fn everything_new_of_a_strict_source_waits_and_what_is_known_passes() {
    let world = world();
    let known = json!({"firstName": "Ines", "lastName": "Okafor", "email": "ines@example.org"});
    let olga = json!({"firstName": "Olga", "lastName": "Lund", "email": "olga@example.org"});
    world.load(&[("g", known), ("h", olga)]);
    let number = world.govern(&json!({ "sources": { "Harbor": { "strict": true } } }));
    let mut rows =
        vec![person("h-1", "Ines", "Okafor", "ines@example.org"), person("h-2", "Walter", "Brandt", "w@example.org")];
    let mut more = person("h-3", "Olga", "Lund", "olga@example.org");
    more["phone"] = json!("614-555-0142");
    rows.push(more);
    rows.push(json!({"referenceSource": "Online", "referenceId": "o-1", "firstName": "Odalys", "lastName": "Trent", "email": "o@example.org"}));
    let ids = world.submit(&rows);
    let run = world.run();
    assert_eq!((run.policy, run.counts.received, run.counts.decided()), (number, 4, 4));
    let fates: Vec<_> = ids.iter().map(|id| world.fate(*id)).collect();
    // The name that the source calls her by is all that the first row adds.
    assert_eq!(fates[0], (State::Merged, None, number));
    assert_eq!(fates[1], (State::NeedsUpdate, Some(Reason::CreateWaits), number));
    assert_eq!(fates[2], (State::NeedsUpdate, Some(Reason::MergeWaits), number));
    assert_eq!(fates[3], (State::Created, None, number));
    // A person goes on from there.
    let item = world.engine.needs_update_item(world.org, ids[2]).unwrap().unwrap();
    let merge = Resolution::merge(item.candidates[0].contact.id, None);
    assert_eq!(world.engine.resolve(world.org, ids[2], merge, &staff()).unwrap().state, State::Merged);
    assert_eq!(world.engine.resolve(world.org, ids[1], Resolution::Create, &staff()).unwrap().state, State::Created);
    assert_eq!(world.fate(ids[1]).2, number);
}

#[test]
fn a_dry_run_is_made_under_the_policy_of_the_next_run() {
    let world = world();
    world.govern(&json!({ "sources": { "*": { "strict": true } } }));
    world.submit(&three_people());
    let dry = world.engine.dry_run(world.org).unwrap();
    assert_eq!((dry.counts.needs_update, dry.reasons["create_waits"], dry.contacts.len()), (3, 3, 0));
    assert_eq!(dry.transactions[0].decisions[0].policy, 1);
    assert_eq!(world.run().counts.needs_update, 3);
}

#[test]
fn a_source_whose_own_reference_is_enough_merges_by_it_alone() {
    let world = world();
    let with_phone = |id: &str| {
        let mut row = person(id, "Ines", "Okafor", "ines@example.org");
        row["phone"] = json!(if id == "h-1" { "614-555-0142" } else { "614-555-0177" });
        row
    };
    world.load(&[("g", person("h-1", "Ines", "Okafor", "ines@example.org"))]);
    world.govern(&json!({ "sources": { "*": { "autoMerge": "reference" } } }));
    let mut other = with_phone("o-1");
    other["referenceSource"] = json!("Online");
    let ids = world.submit(&[with_phone("h-1"), other]);
    world.run();
    assert_eq!(world.fate(ids[0]).0, State::Merged);
    assert_eq!((world.fate(ids[1]).0, world.fate(ids[1]).1), (State::NeedsUpdate, Some(Reason::MergeWaits)));
}

#[test]
fn a_sensitive_change_of_a_trusted_source_does_not_wait() {
    let born = |first: &str, source: &str, year: &str| {
        let mut row = person("1", first, "Okafor", &format!("{first}@example.org"));
        (row["referenceSource"], row["birthYear"]) = (json!(source), json!(year));
        row
    };
    let world = world();
    world.load(&[("g", born("Ines", "Harbor", "1970")), ("h", born("Walter", "Online", "1970"))]);
    world.govern(&json!({
        "fields": { "birthYear": { "rule": "trust" } },
        "sources": { "Harbor": { "trust": 90, "trustedWith": ["birthYear"] } },
    }));
    world.clock.advance_ms(1_000);
    let ids = world.submit(&[born("Ines", "Harbor", "1971"), born("Walter", "Online", "1972")]);
    world.run();
    assert_eq!(world.fate(ids[0]).0, State::Merged);
    assert_eq!(world.fate(ids[1]).1, Some(Reason::SensitiveChange));
    let contact = world.engine.contact(world.org, ContactId(1)).unwrap().unwrap();
    assert_eq!(contact.golden.individuals[0].field(Field::BirthYear), Some("1971"));
}

/// Puts a policy in force at the n-th time that a run has applied a chunk.
fn interrupting(world: World, rounds: usize, fails: bool) -> (World, Arc<Mutex<Option<Arc<Engine>>>>) {
    let engine: Arc<Mutex<Option<Arc<Engine>>>> = Arc::default();
    let (shared, count, org) = (engine.clone(), Mutex::new(0), world.org);
    let probe = Probe::new(move |point| {
        if point != "applied" {
            return Ok(());
        }
        *count.lock().unwrap() += 1;
        if *count.lock().unwrap() == rounds {
            let document = PolicyDocument::read(&json!({ "sources": { "*": { "strict": true } } })).unwrap();
            let engine = shared.lock().unwrap().clone().unwrap();
            let number = engine.put_policy(org, &document, &staff())?.number;
            engine.activate_policy(org, number, &staff())?;
            return if fails { Err(EngineError::Stopped) } else { Ok(()) };
        }
        Ok(())
    });
    let settings = Settings { probe, ..batch(1, 1) };
    let world = world.restarted(settings);
    *engine.lock().unwrap() = Some(world.engine.clone());
    (world, engine)
}

fn three_people() -> [Value; 3] {
    [
        person("h-1", "Ines", "Okafor", "i@example.org"),
        person("h-2", "Walter", "Brandt", "w@example.org"),
        person("h-3", "Olga", "Lund", "o@example.org"),
    ]
}

#[test]
fn a_policy_put_in_force_meanwhile_holds_from_the_next_run_on() {
    let (world, engine) = interrupting(world(), 1, false);
    let ids = world.submit(&three_people());
    assert_eq!(world.run().policy, 0);
    assert!(ids.iter().all(|id| world.fate(*id) == (State::Created, None, 0)));
    let next = world.submit(&[person("h-4", "Kwame", "Dunham", "k@example.org")])[0];
    assert_eq!(world.run().policy, 1);
    assert_eq!(world.fate(next), (State::NeedsUpdate, Some(Reason::CreateWaits), 1));
    engine.lock().unwrap().take();
}

#[test]
fn a_run_that_was_cut_off_goes_on_under_the_policy_it_began_with() {
    let (world, engine) = interrupting(world(), 2, true);
    let ids = world.submit(&three_people());
    assert!(world.engine.run_batch(world.org, tributary_engine::Activation::Manual).is_err());
    assert_eq!(world.engine.dry_run(world.org).unwrap().transactions[0].decisions[0].policy, 0);
    assert_eq!(world.run().policy, 0);
    assert!(ids.iter().all(|id| world.fate(*id) == (State::Created, None, 0)));
    engine.lock().unwrap().take();
}

#[test]
fn another_policy_changes_no_contact_before_it_is_folded_anew() {
    let world = world();
    sites(&world, &[("Harbor", "harbor.example"), ("Online", "online.example")]);
    world.run();
    assert_eq!(world.website(1).as_deref(), Some("harbor.example"));
    let (before, events) = (shape(&world), world.contact_events().len());
    let number = world.govern(&json!({ "fields": { "website": { "rule": "recency" } } }));
    // Another row, about something else.
    let mut other = person("h-9", "Ines", "Okafor", "ines@example.org");
    (other["tags"], other["referenceSource"]) = (json!("Gala"), json!("Mail"));
    let id = world.submit(&[other])[0];
    world.run();
    assert_eq!((world.fate(id).2, world.website(1).as_deref()), (number, Some("harbor.example")));
    world.engine.undo_decision(world.org, id, &staff()).unwrap();
    assert_eq!(shape(&world), before);

    let (dry, told) = (world.refold(FoldBy::Version(number), true), world.contact_events().len());
    assert_eq!(
        (dry.seen, dry.changed[0].contact, dry.changed[0].changes[0].field.as_str()),
        (1, ContactId(1), "website")
    );
    assert_eq!(shape(&world), before);
    let done = world.refold(FoldBy::Version(number), false);
    assert_eq!(done, dry);
    assert_eq!(world.website(1).as_deref(), Some("online.example"));
    assert!(events < told && world.contact_events().len() == told + 1);
    // A second time there is nothing to do.
    assert!(world.refold(FoldBy::Version(number), false).changed.is_empty());
    assert_eq!(world.contact_events().len(), told + 1);

    let back = world.refold(FoldBy::Decided, false);
    assert_eq!(back.changed.len(), 1);
    assert_eq!(shape(&world), before);
}

#[test]
fn contacts_are_folded_anew_page_by_page() {
    let world = world();
    world.submit(&three_people());
    world.run();
    let number = world.govern(&json!({}));
    let page = |after| {
        let refold = Refold { by: FoldBy::Version(number), dry_run: true, after, take: 2 };
        world.engine.refold(world.org, refold, &staff()).unwrap()
    };
    let first = page(None);
    assert_eq!((first.seen, first.next), (2, Some(ContactId(2))));
    assert_eq!((page(first.next).seen, page(first.next).next), (1, None));
    let unknown = Refold { by: FoldBy::Version(9), dry_run: false, after: None, take: 2 };
    assert!(matches!(world.engine.refold(world.org, unknown, &staff()), Err(EngineError::NotFound)));
}

#[test]
fn versions_are_put_in_force_and_reverted() {
    let world = world();
    assert!(matches!(world.engine.revert_policy(world.org, &staff()), Err(EngineError::Conflict { .. })));
    let first = world.govern(&json!({ "about": "first" }));
    let second = world.govern(&json!({ "about": "second" }));
    let in_force = || world.engine.policy_in_force(world.org).unwrap().number;
    assert_eq!((first, second, in_force()), (1, 2, 2));
    assert_eq!(world.engine.revert_policy(world.org, &staff()).unwrap().number, 1);
    world.engine.activate_policy(world.org, 0, &staff()).unwrap();
    assert_eq!(in_force(), 0);
    assert!(matches!(world.engine.activate_policy(world.org, 9, &staff()), Err(EngineError::NotFound)));
    let all = world.engine.policy_versions(world.org).unwrap();
    assert_eq!(all.iter().map(|version| version.document.about.as_str()).collect::<Vec<_>>(), ["second", "first", ""]);
}

fn policies() -> impl Strategy<Value = Value> {
    let rule = select(vec!["standard", "recency", "trust", "fillOnly"]);
    let list = select(vec!["union", "fillOnly"]);
    let power = select(vec!["ignore", "fill", "update", "clear"]);
    let merge = select(vec!["all", "reference", "never"]);
    let source = (0..100_i64, any::<bool>(), any::<bool>(), merge, power).prop_map(|(trust, create, add, merge, power)| {
        json!({ "trust": trust, "create": create, "addIndividuals": add, "autoMerge": merge, "may": { "*": power } })
    });
    (rule, list, source.clone(), source).prop_map(|(rule, list, harbor, other)| {
        json!({ "fields": { "*": { "rule": rule }, "emails": { "rule": list }, "tags": { "rule": list } },
                "sources": { "Harbor": harbor, "*": other } })
    })
}

/// A batch over rows of which some carry no reference, under a policy.
fn governed(settings: Settings, policy: &Value, on_file: &[Value], rows: &[Value]) -> (World, Vec<RecordId>) {
    let world = world_with(settings);
    let groups: Vec<String> = (0..on_file.len()).map(|n| format!("H{}", n / 2)).collect();
    let load: Vec<(&str, Value)> =
        groups.iter().map(String::as_str).zip(on_file.iter().cloned().map(anonymous)).collect();
    world.load(&load);
    world.govern(policy);
    let ids = world.submit(rows);
    let run = world.run();
    assert_eq!((run.state, run.counts.received), (tributary_store::RunState::Done, run.counts.decided()));
    (world, ids)
}

/// Whether every contact on file is what its records make of it.
fn is_derived(world: &World) -> bool {
    world.contacts().iter().all(|contact| {
        let records = world.engine.store().reading(|tx| tx.source_records(world.org, &[contact.id])).unwrap();
        let records: Vec<_> = records.into_iter().map(|row| row.record).collect();
        fold(&records, "US").as_ref() == Some(&contact.golden)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn under_a_policy_too_the_outcome_does_not_depend_on_chunk_size_or_threads(
        policy in policies(), on_file in rows(6), rows in rows(16), chunk_rows in 1_usize..6, threads in 1_usize..4,
    ) {
        let (whole, ids) = governed(batch(1_000, 1), &policy, &on_file, &rows);
        let (chunked, same) = governed(batch(chunk_rows, threads), &policy, &on_file, &rows);
        prop_assert_eq!(&ids, &same);
        prop_assert_eq!(outcome(&whole, &ids), outcome(&chunked, &ids));
        prop_assert!(is_derived(&chunked));
    }

    #[test]
    fn applying_under_one_policy_and_undoing_under_another_gives_the_contacts_back(
        first in policies(), second in policies(), on_file in rows(6), rows in rows(10), pick in any::<Index>(),
    ) {
        let (world, _) = governed(batch(100, 1), &first, &on_file, &rows);
        let before = shape(&world);
        world.govern(&json!({}));
        let id = world.submit(&[anonymous(rows[pick.index(rows.len())].clone())])[0];
        world.run();
        prop_assume!(matches!(world.transaction(id).state, State::Created | State::Merged | State::Unchanged));
        world.govern(&second);
        world.engine.undo_decision(world.org, id, &staff()).unwrap();
        prop_assert_eq!(before, shape(&world));
        prop_assert!(is_derived(&world));
    }

    #[test]
    fn folding_anew_and_back_gives_the_contacts_back_and_a_dry_run_says_what_will_be(
        first in policies(), second in policies(), on_file in rows(6), rows in rows(12),
    ) {
        let (world, _) = governed(batch(100, 1), &first, &on_file, &rows);
        let before = shape(&world);
        let number = world.govern(&second);
        let said = world.refold(FoldBy::Version(number), true);
        prop_assert_eq!(&before, &shape(&world));
        prop_assert_eq!(said, world.refold(FoldBy::Version(number), false));
        prop_assert!(is_derived(&world));
        world.refold(FoldBy::Decided, false);
        prop_assert_eq!(before, shape(&world));
        prop_assert!(is_derived(&world));
    }
}
