//! Duplicates over everything on file.

use crate::world::{World, person, world, world_with, worlds};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tributary_contact::{ContactId, Field, Submission};
use tributary_engine::{
    Actor, Band, BatchSettings, DuplicateScan, EngineError, MergeRequest, NotDuplicate, NotThis, Probe, ScanStart,
    Settings,
};
use tributary_store::{DuplicatePairRow, PairBand, PairClosed, PairFilter, StoreExt};

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

fn scan(world: &World) -> DuplicateScan {
    match world.engine.scan_duplicates(world.org, &staff()).unwrap() {
        ScanStart::Finished(view) => view,
        other => panic!("the scan did not finish: {other:?}"),
    }
}

fn pairs(world: &World, closed: bool) -> Vec<DuplicatePairRow> {
    let filter = PairFilter { closed, ..PairFilter::default() };
    world.engine.duplicate_pairs(world.org, filter, 0, 1_000).unwrap().list.into_iter().map(|pair| pair.row).collect()
}

/// The two numbers of each open pair.
fn open(world: &World) -> Vec<(i64, i64)> {
    let mut open: Vec<_> = pairs(world, false).iter().map(|pair| (pair.contact.0, pair.other.0)).collect();
    open.sort_unstable();
    open
}

fn why(world: &World, pair: (i64, i64)) -> Option<PairClosed> {
    let closed = pairs(world, true).into_iter().find(|row| (row.contact.0, row.other.0) == pair);
    closed.and_then(|row| row.closed).map(|(reason, _)| reason)
}

/// What `CheckDuplicates` says of each contact, as pairs: the surer side counts, the first one of two that are as sure.
fn asked_one_by_one(world: &World) -> BTreeMap<(i64, i64), (f64, PairBand)> {
    let mut pairs: BTreeMap<(i64, i64), (f64, PairBand)> = BTreeMap::new();
    for contact in world.contacts().into_iter().filter(|row| row.merged_into.is_none()) {
        for one in world.engine.duplicates_of(world.org, contact.id).unwrap().candidates {
            let band = match one.band {
                Band::Certain => PairBand::Certain,
                Band::Likely => PairBand::Likely,
                Band::Possible => continue,
            };
            let (own, other) = (contact.id.0, one.contact.id.0);
            let pair = pairs.entry((own.min(other), own.max(other))).or_insert((one.candidate.probability, band));
            if one.candidate.probability > pair.0 {
                *pair = (one.candidate.probability, band);
            }
        }
    }
    pairs
}

fn found(world: &World) -> BTreeMap<(i64, i64), (f64, PairBand)> {
    let one = |row: DuplicatePairRow| ((row.contact.0, row.other.0), (row.score, row.band));
    pairs(world, false).into_iter().map(one).collect()
}

/// Three people twice on file, and one alone.
fn twice_on_file(world: &World) -> Vec<ContactId> {
    let rows = [
        ("A", person("a", "Robert", "Okafor", "robert@example.org")),
        ("B", person("b", "Ines", "Lund", "ines@example.org")),
        ("C", person("c", "Robert", "Okafor", "robert@example.org")),
        ("D", person("d", "Gertrude", "Lindqvist", "gertrude@example.org")),
        ("E", person("e", "Ines", "Lund", "ines@example.org")),
        ("F", person("f", "Cyrus", "Trent", "cyrus@example.org")),
        ("G", person("g", "Cyrus", "Trent", "cyrus@example.org")),
    ];
    world.load(&rows);
    world.contacts().into_iter().map(|row| row.id).collect()
}

fn chunks_of(chunk_rows: usize) -> Settings {
    Settings { batch: BatchSettings { chunk_rows, ..BatchSettings::default() }, ..Settings::default() }
}

#[test]
fn pairs_are_found_listed_and_closed_when_people_say_what_they_are() {
    for world in worlds(&chunks_of(3)) {
        let id = twice_on_file(&world);
        let (robert, ines, cyrus) = ((id[0].0, id[2].0), (id[1].0, id[4].0), (id[5].0, id[6].0));
        assert!(matches!(world.engine.duplicate_scan(world.org), Err(EngineError::NotFound)));
        let view = scan(&world);
        assert_eq!((view.scan.contacts, view.scan.total, view.open_pairs), (7, 7, 3));
        assert_eq!(open(&world), [robert, ines, cyrus]);
        let page = world.engine.duplicate_pairs(world.org, PairFilter::default(), 0, 1).unwrap();
        assert_eq!((page.list.len(), page.total), (1, 3));
        assert!(page.list[0].contact.is_some() && page.list[0].account.sentence.contains("same e-mail"));
        let of = |contact| PairFilter { contact: Some(contact), ..PairFilter::default() };
        assert_eq!(world.engine.duplicate_pairs(world.org, of(id[4]), 0, 9).unwrap().total, 1);
        assert_eq!(world.engine.duplicate_pairs(world.org, of(id[3]), 0, 9).unwrap().total, 0);

        let request =
            MergeRequest { survivor: id[0], merged: id[2], people: BTreeMap::new(), choices: BTreeMap::new() };
        world.engine.merge_contacts(world.org, &staff(), &request).unwrap();
        let not =
            NotDuplicate { contact: id[4], other: NotThis::Contact(id[1]), until_more_is_known: false, note: None };
        let said = world.engine.say_not_duplicate(world.org, &staff(), &not).unwrap();
        assert_eq!(open(&world), [cyrus]);
        assert_eq!(why(&world, robert), Some(PairClosed::Merged));
        assert_eq!(why(&world, ines), Some(PairClosed::NotDuplicate));

        assert_eq!(scan(&world).open_pairs, 1, "both are respected");
        world.engine.revoke_not_duplicate(world.org, &staff(), said.id).unwrap();
        world.engine.unmerge_contacts(world.org, &staff(), id[2], None).unwrap();
        assert_eq!(scan(&world).open_pairs, 3, "and found again once taken back");
        assert_eq!(why(&world, ines), None);
    }
}

#[test]
fn a_pair_that_is_none_any_more_is_closed_by_the_next_scan() {
    let world = world();
    world.load(&[("A", person("a", "Robert", "Okafor", "robert@example.org"))]);
    let made = world.submit(&[person("b", "Bettina", "Marsh", "robert@example.org")]);
    world.run();
    world.engine.resolve(world.org, made[0], tributary_engine::Resolution::Create, &staff()).unwrap();
    let contact = world.transaction(made[0]).contact.unwrap();
    let name = |first: &str, last: &str| Submission {
        fields: [(Field::FirstName, first.to_owned()), (Field::LastName, last.to_owned())].into(),
        ..Submission::default()
    };
    let person = world.contacts()[1].golden.individuals[0].id;
    world.engine.update_individual(world.org, &staff(), person, &name("Robert", "Okafor")).unwrap();
    assert_eq!(scan(&world).open_pairs, 1);
    let pair = open(&world)[0];
    world.engine.undo_decision(world.org, made[0], &staff()).unwrap();
    assert!(world.engine.contact(world.org, contact).unwrap().is_none());
    assert_eq!(why(&world, pair), Some(PairClosed::Gone));
    assert_eq!(scan(&world).open_pairs, 0);
}

#[test]
fn a_scan_that_was_cut_off_goes_on_where_it_stopped() {
    for world in worlds(&chunks_of(2)) {
        let settings = world.settings();
        twice_on_file(&world);
        let passed = Arc::new(AtomicUsize::new(0));
        let seen = passed.clone();
        let probe = Probe::new(move |point| match point {
            "scanning" if seen.fetch_add(1, Ordering::SeqCst) == 2 => Err(EngineError::Stopped),
            _ => Ok(()),
        });
        let world = world.restarted(Settings { probe, ..settings.clone() });
        assert!(world.engine.scan_duplicates(world.org, &staff()).is_err());
        let half = world.engine.duplicate_scan(world.org).unwrap();
        assert_eq!((half.scan.contacts, half.scan.finished_at), (4, None));
        let world = world.restarted(settings);
        world.engine.schedule_tick().unwrap();
        let whole = world.engine.duplicate_scan(world.org).unwrap();
        assert_eq!((whole.scan.id, whole.scan.contacts, whole.open_pairs), (half.scan.id, 7, 3));
        assert!(whole.scan.finished_at.is_some());
        assert_eq!(found(&world), asked_one_by_one(&world));
    }
}

#[test]
fn there_is_one_scan_at_a_time() {
    let world = world();
    let now = tributary_contact::clock::Clock::now(&*world.clock);
    let until = now + chrono::TimeDelta::seconds(60);
    world.engine.store().writing("test", |tx| tx.acquire_lease(world.org, "duplicates", "other", now, until)).unwrap();
    assert_eq!(world.engine.scan_duplicates(world.org, &staff()).unwrap(), ScanStart::Busy);
    assert!(world.engine.scan_running(world.org).unwrap());
    assert!(matches!(world.engine.duplicate_scan(world.org), Err(EngineError::NotFound)));
}

#[test]
fn what_people_do_while_a_chunk_is_looked_at_is_seen() {
    let settings = chunks_of(100);
    let world = world_with(settings.clone());
    let id = twice_on_file(&world);
    let other = world.engine.clone();
    let (org, request) =
        (world.org, MergeRequest { survivor: id[0], merged: id[2], people: BTreeMap::new(), choices: BTreeMap::new() });
    let merged = Arc::new(AtomicUsize::new(0));
    let probe = Probe::new(move |point| {
        if point == "scanning" && merged.fetch_add(1, Ordering::SeqCst) == 0 {
            other.merge_contacts(org, &staff(), &request).unwrap();
        }
        Ok(())
    });
    let world = world.beside(Settings { probe, ..settings });
    assert_eq!(scan(&world).open_pairs, 2);
}

#[test]
fn a_chunk_costs_the_same_statements_whatever_its_contacts() {
    for world in worlds(&chunks_of(1_000)) {
        let load = |from: usize, to: usize| {
            let row = |n: usize| {
                let (first, last) = (format!("First{}", n / 2), format!("Last{}", n / 2));
                (format!("G{n}"), person(&format!("r{n}"), &first, &last, &format!("p{}@example.org", n / 2)))
            };
            let rows: Vec<(String, Value)> = (from..to).map(row).collect();
            world.load(&rows.iter().map(|(group, row)| (group.as_str(), row.clone())).collect::<Vec<_>>());
        };
        let cost = || {
            let before = world.engine.store().statement_count();
            let open = scan(&world).open_pairs;
            (world.engine.store().statement_count() - before, open)
        };
        load(0, 10);
        let (few, pairs) = cost();
        assert_eq!(pairs, 5);
        load(10, 120);
        let (many, pairs) = cost();
        assert_eq!((many, pairs), (few, 60));
    }
}

/// People from small lists, so that names and mailboxes collide.
fn rows(most: usize) -> impl Strategy<Value = Vec<Value>> {
    let first = prop::sample::select(vec!["Ann", "Anna", "Robert", "Bob", "Ines", ""]);
    let last = prop::sample::select(vec!["Okafor", "Lund", "Lundt"]);
    let mailbox = prop::sample::select(vec!["a@example.org", "b@example.org", "c@example.org", ""]);
    let row = (first, last, mailbox).prop_map(|(first, last, mailbox)| person("", first, last, mailbox));
    prop::collection::vec(row, 2..most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// The pairs of a scan are those that `CheckDuplicates` gives of each contact, for every size of the chunks.
    #[test]
    fn a_scan_finds_what_asking_one_by_one_does(
        rows in rows(14), chunk_rows in 1_usize..6, apart in prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..3),
    ) {
        let world = world_with(chunks_of(chunk_rows));
        let groups: Vec<String> = (0..rows.len()).map(|n| format!("G{}", n - n % 5 / 4)).collect();
        world.load(&groups.iter().map(String::as_str).zip(rows).collect::<Vec<_>>());
        let ids: Vec<ContactId> = world.contacts().into_iter().map(|row| row.id).collect();
        for (one, other) in apart {
            let (contact, other) = (ids[one.index(ids.len())], ids[other.index(ids.len())]);
            if contact != other {
                let not = NotDuplicate { contact, other: NotThis::Contact(other), until_more_is_known: false, note: None };
                world.engine.say_not_duplicate(world.org, &staff(), &not).unwrap();
            }
        }
        scan(&world);
        prop_assert_eq!(found(&world), asked_one_by_one(&world));
        scan(&world);
        prop_assert_eq!(found(&world), asked_one_by_one(&world), "again");
    }
}
