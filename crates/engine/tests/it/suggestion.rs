//! A merge that is asked for by somebody who may not merge.

use crate::merge::request;
use crate::world::{World, person, worlds};
use tributary_contact::ContactId;
use tributary_engine::{Actor, EngineError, NotDuplicate, NotThis, Settings};
use tributary_store::{StoreExt, SuggestionClosed, SuggestionFilter};

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

const OPEN: SuggestionFilter = SuggestionFilter { contact: None, closed: false };

/// Four contacts of four people.
fn four(world: &World) -> [ContactId; 4] {
    let names = ["Odalys Trent", "Gertrude Lindqvist", "Walter Brandt", "Ines Lund"];
    let row = |name: &str| {
        let (first, last) = name.split_once(' ').unwrap();
        person(first, first, last, &format!("{first}@example.org"))
    };
    let ids = world.submit(&names.map(row));
    world.run();
    [0, 1, 2, 3].map(|at| world.transaction(ids[at]).contact.unwrap())
}

fn suggest(world: &World, one: ContactId, two: ContactId) -> Result<i64, EngineError> {
    let made = world.engine.suggest_merge(world.org, &Actor::Key(7), (one, two), Some("She moved."));
    made.map(|row| row.id)
}

fn open(world: &World) -> Vec<i64> {
    let page = world.engine.merge_suggestions(world.org, OPEN, 0, 100).unwrap();
    page.list.iter().map(|own| own.row.id).collect()
}

fn ends(world: &World) -> Vec<SuggestionClosed> {
    let closed = SuggestionFilter { closed: true, ..OPEN };
    let page = world.engine.merge_suggestions(world.org, closed, 0, 100).unwrap();
    page.list.iter().map(|own| own.row.end.as_ref().unwrap().reason).collect()
}

#[test]
fn a_suggestion_waits_until_a_person_has_decided_it() {
    for world in worlds(&Settings::default()) {
        let [one, two, three, four] = four(&world);
        let first = suggest(&world, two, one).unwrap();
        assert_eq!(suggest(&world, one, two).unwrap(), first, "once");
        let chain = [suggest(&world, two, three).unwrap(), suggest(&world, one, three).unwrap()];
        let other = suggest(&world, three, four).unwrap();
        let declined = suggest(&world, one, four).unwrap();
        assert_eq!(open(&world), [first, chain[0], chain[1], other, declined]);
        let shown = world.engine.merge_suggestions(world.org, OPEN, 0, 1).unwrap();
        assert_eq!(shown.list[0].contact.as_ref().unwrap().id, one.min(two));

        world.engine.decline_merge_suggestion(world.org, &staff(), declined).unwrap();
        let again = world.engine.decline_merge_suggestion(world.org, &staff(), declined);
        assert!(matches!(again, Err(EngineError::NotFound)));
        let said =
            NotDuplicate { contact: four, other: NotThis::Contact(three), until_more_is_known: false, note: None };
        world.engine.say_not_duplicate(world.org, &staff(), &said).unwrap();
        assert!(matches!(suggest(&world, three, four), Err(EngineError::Conflict { .. })), "they are two");
        // Once all three are one, nothing is left of what was suggested among them.
        world.engine.merge_contacts(world.org, &staff(), &request(one, two)).unwrap();
        assert_eq!(open(&world), chain);
        world.engine.merge_contacts(world.org, &staff(), &request(one, three)).unwrap();
        assert!(open(&world).is_empty());
        let merged = SuggestionClosed::Merged;
        let others = [SuggestionClosed::NotDuplicate, SuggestionClosed::Declined];
        assert_eq!(ends(&world), [merged, merged, merged, others[0], others[1]]);
    }
}

#[test]
fn what_cannot_be_meant_is_refused_and_goes_with_its_contact() {
    for world in worlds(&Settings::default()) {
        let [one, two, three, _] = four(&world);
        assert!(matches!(suggest(&world, one, one), Err(EngineError::Invalid(_))));
        assert!(matches!(suggest(&world, one, ContactId(4711)), Err(EngineError::NotFound)));
        suggest(&world, one, two).unwrap();
        suggest(&world, two, three).unwrap();
        let row = world.engine.store().reading(|tx| tx.source_records(world.org, &[one])).unwrap();
        world.engine.undo_decision(world.org, row[0].record.id, &staff()).unwrap();
        assert_eq!((open(&world).len(), ends(&world)), (1, vec![SuggestionClosed::Gone]));
        world.engine.merge_contacts(world.org, &staff(), &request(three, two)).unwrap();
        let merged = suggest(&world, two, three);
        assert!(matches!(merged, Err(EngineError::Conflict { .. })), "{merged:?}");
    }
}
