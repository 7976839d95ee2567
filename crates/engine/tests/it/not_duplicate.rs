//! "Not a duplicate", as the batch respects it.

use crate::world::{World, person, submission, world};
use serde_json::json;
use tributary_contact::state::State;
use tributary_contact::{ContactId, RecordId};
use tributary_engine::{Actor, EngineError, NotDuplicate, NotThis, Recommendation, Resolution};

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

fn say(world: &World, contact: ContactId, other: NotThis, until_more_is_known: bool) -> i64 {
    let said = NotDuplicate { contact, other, until_more_is_known, note: None };
    world.engine.say_not_duplicate(world.org, &staff(), &said).unwrap().id
}

/// A row without a reference that waits beside the one contact it may mean.
fn waiting(world: &World, reference: &str) -> (RecordId, ContactId) {
    world.load(&[("H1", person("C1", "Robert", "Okafor", "family@example.org"))]);
    let id = world.submit(&[person(reference, "Gertrude", "Lindqvist", "family@example.org")])[0];
    world.run();
    assert_eq!(world.transaction(id).state, State::NeedsUpdate);
    (id, world.contacts()[0].id)
}

fn send_back(world: &World, id: RecordId) -> State {
    world.engine.resolve(world.org, id, Resolution::Retry { submission: None }, &staff()).unwrap();
    world.run();
    world.transaction(id).state
}

#[test]
fn a_row_that_is_none_of_its_candidates_is_not_held_for_them_again() {
    for reference in ["", "hg-1"] {
        let world = world();
        let (id, contact) = waiting(&world, reference);
        assert_eq!(send_back(&world, id), State::NeedsUpdate);
        say(&world, contact, NotThis::Transaction(id), false);
        assert_eq!(send_back(&world, id), State::Created, "{reference}");
    }
}

#[test]
fn what_is_said_of_a_row_with_a_reference_holds_for_every_row_of_it() {
    let world = world();
    let (id, contact) = waiting(&world, "hg-1");
    say(&world, contact, NotThis::Transaction(id), false);
    let again = world.submit(&[person("hg-1", "Gertrude", "Lindqvist", "family@example.org")])[0];
    let other = world.submit(&[person("hg-2", "Hedwig", "Marsh", "family@example.org")])[0];
    world.run();
    assert_eq!(world.transaction(again).state, State::Created);
    assert_eq!(world.transaction(other).state, State::NeedsUpdate, "nobody said so of this one");
}

#[test]
fn what_was_taken_back_is_asked_again() {
    let world = world();
    let (id, contact) = waiting(&world, "");
    let number = say(&world, contact, NotThis::Transaction(id), false);
    world.engine.revoke_not_duplicate(world.org, &staff(), number).unwrap();
    assert_eq!(send_back(&world, id), State::NeedsUpdate);
    let again = world.engine.revoke_not_duplicate(world.org, &staff(), number);
    assert!(matches!(again, Err(EngineError::NotFound)));
}

#[test]
fn until_more_is_known_ends_when_the_contact_says_something_new() {
    let world = world();
    let (id, contact) = waiting(&world, "");
    say(&world, contact, NotThis::Transaction(id), true);
    let same = submission(&person("", "Gertrude", "Lindqvist", "family@example.org"));
    world.submit(&[person("C1", "Robert", "Okafor", "family@example.org")]);
    world.run();
    assert_eq!(world.transaction(id).state, State::NeedsUpdate);
    world.submit(&[person("C1", "Robert", "Okafor", "second@example.org")]);
    world.run();
    assert_eq!(send_back(&world, id), State::NeedsUpdate, "more is known now");
    let asked = world.engine.check_duplicates(world.org, &same).unwrap();
    assert_eq!(asked.candidates[0].contact.id, contact);
}

#[test]
fn until_more_is_known_holds_while_nothing_new_is_said() {
    let world = world();
    let (id, contact) = waiting(&world, "");
    say(&world, contact, NotThis::Transaction(id), true);
    world.submit(&[person("C1", "Robert", "Okafor", "family@example.org")]);
    world.run();
    assert_eq!(send_back(&world, id), State::Created);
}

/// Two contacts that look like one person on file twice.
fn twins(world: &World) -> [ContactId; 2] {
    let twin = json!({"firstName": "Odalys", "lastName": "Trent", "email": "odalys@example.org"});
    world.load(&[("H1", twin.clone()), ("H2", twin)]);
    [world.contacts()[0].id, world.contacts()[1].id]
}

#[test]
fn what_is_said_of_a_contact_that_is_merged_away_holds_for_its_survivor() {
    let world = world();
    let [one, two] = twins(&world);
    world.load(&[("H3", person("C3", "Ines", "Marsh", "ines@example.org"))]);
    let third = world.contacts()[2].id;
    say(&world, one, NotThis::Contact(two), false);
    world.engine.merge_contacts(world.org, &staff(), &crate::merge::request(third, one)).unwrap();
    let of = |id| world.engine.duplicates_of(world.org, id).unwrap();
    assert!(of(third).candidates.is_empty() && of(two).candidates.is_empty());
}

#[test]
fn asking_gives_what_the_next_batch_decides() {
    let world = world();
    world.load(&[("H1", person("C1", "Robert", "Okafor", "family@example.org"))]);
    for (row, expected) in [
        (person("", "Bob", "Okafor", "family@example.org"), Recommendation::Merge),
        (person("", "Gertrude", "Lindqvist", "family@example.org"), Recommendation::Review),
        (person("", "Ines", "Lund", "ines@example.org"), Recommendation::Create),
    ] {
        let before = world.events().len();
        let asked = world.engine.check_duplicates(world.org, &submission(&row)).unwrap();
        assert_eq!((asked.recommendation, world.events().len()), (expected, before));
        let id = world.submit(&[row])[0];
        world.run();
        let view = world.transaction(id);
        let decision = view.decisions.last().unwrap();
        let weighed: Vec<tributary_matching::Candidate> = serde_json::from_str(&decision.explanation).unwrap();
        let asked: Vec<_> = asked.candidates.iter().map(|one| (one.contact.id.0, one.candidate.bits)).collect();
        assert_eq!(asked, weighed.iter().map(|one| (one.contact, one.bits)).collect::<Vec<_>>());
    }
}
