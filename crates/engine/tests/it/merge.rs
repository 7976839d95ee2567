//! Merge of two contacts by a person, and its way back.

use crate::world::{World, person, submission, world};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tributary_contact::merge::Side;
use tributary_contact::state::State;
use tributary_contact::{ContactId, Field, ItemField, ItemId, Reference, Submission};
use tributary_engine::{Actor, EngineError, ItemValues, LeftoverKind, MergeRequest, NoteInput, Resolution};
use tributary_store::{EventKind, StoreExt};

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

pub fn request(survivor: ContactId, merged: ContactId) -> MergeRequest {
    MergeRequest { survivor, merged, people: BTreeMap::new(), choices: BTreeMap::new() }
}

/// Two contacts of one person, since somebody thought that they were two.
fn two(world: &World) -> (ContactId, ContactId) {
    let ids = world.submit(&[
        person("r1", "Odalys", "Trent", "odalys@example.org"),
        person("r2", "Odalys", "Trent", "mill77@example.net"),
    ]);
    world.run();
    let one = world.transaction(ids[0]).contact.unwrap();
    if world.transaction(ids[1]).state != State::NeedsUpdate {
        world.engine.undo_decision(world.org, ids[1], &staff()).unwrap();
    }
    let other = world.engine.resolve(world.org, ids[1], Resolution::Create, &staff()).unwrap().contact.unwrap();
    world.clock.advance_ms(60_000);
    (one, other)
}

fn merged(world: &World) -> (ContactId, ContactId) {
    let (survivor, other) = two(world);
    world.engine.merge_contacts(world.org, &staff(), &request(survivor, other)).unwrap();
    world.clock.advance_ms(60_000);
    (survivor, other)
}

fn golden(world: &World, id: ContactId) -> tributary_contact::Golden {
    world.engine.contact(world.org, id).unwrap().unwrap().golden
}

fn holder(world: &World, id: &str) -> Option<ContactId> {
    let reference = Reference { source: "Harbor".into(), id: id.into() };
    world.engine.contact_by_reference(world.org, &reference).unwrap().map(|contact| contact.id)
}

fn told(world: &World, kind: EventKind) -> Vec<Value> {
    let events = world.events().into_iter().filter(|event| event.kind == kind);
    events.map(|event| serde_json::from_str(&event.body).unwrap()).collect()
}

#[test]
fn the_survivor_has_everything_and_the_other_one_names_it() {
    let world = world();
    let (survivor, other) = merged(&world);
    let whole = golden(&world, survivor);
    assert_eq!(whole.individuals.len(), 1, "one person");
    assert_eq!(whole.individuals[0].methods.len(), 2);
    assert_eq!((holder(&world, "r1"), holder(&world, "r2")), (Some(survivor), Some(survivor)));
    let row = world.engine.contact(world.org, other).unwrap().unwrap();
    assert_eq!((row.merged_into, row.golden.individuals[0].methods.len()), (Some(survivor), 1));
    let found = world.engine.contact_by_email(world.org, "mill77@example.net").unwrap().unwrap();
    assert_eq!(found.id, survivor);
}

#[test]
fn subscribers_hear_of_both() {
    let world = world();
    let (survivor, other) = merged(&world);
    let told_merge = told(&world, EventKind::ContactMerge);
    assert_eq!(told_merge.len(), 1);
    assert_eq!(
        told_merge[0]["merge"],
        json!({"survivorContactId": survivor, "mergedContactId": other, "references": [{"source": "Harbor", "id": "r2"}]})
    );
    assert_eq!(told_merge[0]["contact"]["id"], json!(survivor));
    let pointer = told(&world, EventKind::ContactUpdate).into_iter().find(|body| body["contact"]["id"] == json!(other));
    let pointer = pointer.unwrap();
    assert_eq!(pointer["changedFields"], json!(["mergedIntoContactId"]));
    assert_eq!(pointer["contact"]["mergedIntoContactId"], json!(survivor));
    world.engine.unmerge_contacts(world.org, &staff(), other, Some(survivor)).unwrap();
    let told = told(&world, EventKind::ContactUnmerge).pop().unwrap();
    assert_eq!(told["merge"]["mergedContactId"], json!(other));
}

#[test]
fn a_preview_shows_the_result_and_changes_nothing() {
    let world = world();
    let (survivor, other) = two(&world);
    let renamed = Submission { fields: [(Field::FirstName, "Odaly".to_owned())].into(), ..Submission::default() };
    let person = golden(&world, other).individuals[0].id;
    world.engine.update_individual(world.org, &staff(), person, &renamed).unwrap();
    let before = (world.contacts(), world.events());
    let view = world.engine.preview_merge(world.org, &request(survivor, other)).unwrap();
    assert_eq!((world.contacts(), world.events()), before);
    let own = golden(&world, survivor).individuals[0].id;
    assert_eq!(view.people, [(person, Some(own))]);
    let path = format!("individuals/{own}/firstName");
    let difference = view.differences.iter().find(|difference| difference.field == path).unwrap();
    assert_eq!(
        (difference.survivor.as_deref(), difference.merged.as_deref(), difference.result.as_deref()),
        (Some("Odalys"), Some("Odaly"), Some("Odaly"))
    );
    let made = world.engine.merge_contacts(world.org, &staff(), &request(survivor, other)).unwrap();
    assert_eq!((made.contact.golden, made.differences), (view.contact.golden, view.differences));
}

#[test]
fn a_person_chooses_whose_value_holds_and_who_is_whom() {
    let world = world();
    let (survivor, other) = two(&world);
    let website =
        |value: &str| Submission { fields: [(Field::Website, value.to_owned())].into(), ..Submission::default() };
    world.engine.update_contact(world.org, &staff(), survivor, &website("https://a.example.org")).unwrap();
    world.clock.advance_ms(1_000);
    world.engine.update_contact(world.org, &staff(), other, &website("https://b.example.org")).unwrap();
    let people = [(golden(&world, other).individuals[0].id, None)].into();
    let choices = [("website".to_owned(), Side::Survivor)].into();
    let before = (golden(&world, survivor), golden(&world, other));
    let wanted = MergeRequest { people, choices, ..request(survivor, other) };
    let view = world.engine.merge_contacts(world.org, &staff(), &wanted).unwrap();
    assert_eq!(view.contact.golden.field(Field::Website), Some("https://a.example.org"));
    assert_eq!(view.contact.golden.individuals.len(), 2);
    assert_eq!(view.contact.golden.individuals[0].id, before.0.individuals[0].id, "the first stays the first");
    world.engine.unmerge_contacts(world.org, &staff(), other, None).unwrap();
    assert_eq!((golden(&world, survivor), golden(&world, other)), before);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let world = world();
    let (survivor, other) = merged(&world);
    let merge = |request: &MergeRequest| world.engine.merge_contacts(world.org, &staff(), request);
    assert!(matches!(merge(&request(survivor, survivor)), Err(EngineError::Invalid(_))));
    assert!(matches!(merge(&request(survivor, other)), Err(EngineError::Conflict { .. })), "merged already");
    assert!(matches!(merge(&request(other, survivor)), Err(EngineError::Conflict { .. })), "no circles");
    assert!(matches!(merge(&request(survivor, ContactId(4711))), Err(EngineError::NotFound)));
    let unmerge = |id, from| world.engine.unmerge_contacts(world.org, &staff(), id, from);
    assert!(matches!(unmerge(survivor, None), Err(EngineError::Conflict { .. })), "stands for itself");
    assert!(matches!(unmerge(other, Some(ContactId(4711))), Err(EngineError::Conflict { .. })));
    assert!(matches!(unmerge(ContactId(4711), None), Err(EngineError::NotFound)));
    let archived = world.engine.archive_contact(world.org, &staff(), other, true, None);
    assert!(matches!(archived, Err(EngineError::Conflict { .. })), "it can only be read");
    unmerge(other, None).unwrap();
    let people = [(ItemId(4711), None)].into();
    let unknown = MergeRequest { people, ..request(survivor, other) };
    assert!(matches!(merge(&unknown), Err(EngineError::Invalid(_))));
    let choices = [("passion".to_owned(), Side::Merged)].into();
    assert!(matches!(merge(&MergeRequest { choices, ..request(survivor, other) }), Err(EngineError::Invalid(_))));
}

#[test]
fn what_waits_and_what_comes_follows_the_survivor() {
    let world = world();
    let (survivor, other) = two(&world);
    let waits = world.submit(&[person("r9", "Gertrude", "Lindqvist", "mill77@example.net")])[0];
    world.run();
    assert_eq!(world.transaction(waits).state, State::NeedsUpdate);
    let mut pinned = submission(&json!({"lastName": "Trent", "email": "new@example.org"}));
    pinned.pinned = Some(other);
    let held = world.runtime.block_on(world.engine.submit(world.org, None, vec![pinned])).unwrap()[0].id;
    world.engine.merge_contacts(world.org, &staff(), &request(survivor, other)).unwrap();
    let item = world.engine.needs_update_item(world.org, waits).unwrap().unwrap();
    assert_eq!(item.candidates.iter().map(|one| one.contact.id).collect::<Vec<_>>(), [survivor]);
    assert_eq!(item.candidates[0].individual, Some(golden(&world, survivor).individuals[0].id));
    let merge = Resolution::merge(other, None);
    assert_eq!(world.engine.resolve(world.org, waits, merge, &staff()).unwrap().contact, Some(survivor));
    let again = world.submit(&[person("r2", "Odalys", "Trent", "mill77@example.net")])[0];
    world.run();
    assert_eq!(world.transaction(held).contact, Some(survivor));
    assert_eq!(world.transaction(again).contact, Some(survivor));
}

#[test]
fn what_came_since_goes_with_its_reference_and_changes_stay_and_are_listed() {
    let world = world();
    let (survivor, other) = merged(&world);
    let came = world.submit(&[person("r2", "Odalys", "Trent", "third@example.org")])[0];
    let stayed = world.submit(&[person("r1", "Odalys", "Trent", "fourth@example.org")])[0];
    world.run();
    let website =
        Submission { fields: [(Field::Website, "https://a.example.org".to_owned())].into(), ..Submission::default() };
    world.engine.update_contact(world.org, &staff(), survivor, &website).unwrap();
    let view = world.engine.unmerge_contacts(world.org, &staff(), other, None).unwrap();
    let listed = |kind| view.leftovers.iter().filter(|own| own.kind == kind).map(|own| own.record).collect::<Vec<_>>();
    assert_eq!(listed(LeftoverKind::WentAlong), [came]);
    assert_eq!(listed(LeftoverKind::StayedSubmission), [stayed]);
    assert_eq!(listed(LeftoverKind::StayedChange).len(), 1);
    assert_eq!((holder(&world, "r1"), holder(&world, "r2")), (Some(survivor), Some(other)));
    assert_eq!(world.transaction(came).contact, Some(other));
    assert_eq!(golden(&world, other).individuals[0].methods.len(), 2);
    assert_eq!(golden(&world, survivor).field(Field::Website), Some("https://a.example.org"));
}

#[test]
fn an_opt_out_since_the_merge_holds_for_both() {
    let world = world();
    let (survivor, other) = merged(&world);
    let shared = golden(&world, survivor).individuals[0].methods[1].clone();
    let out = ItemValues { set: [(ItemField::OptedIn, "false".to_owned())].into(), ..ItemValues::default() };
    world.engine.update_method(world.org, &staff(), shared.id, &out).unwrap();
    let view = world.engine.unmerge_contacts(world.org, &staff(), other, None).unwrap();
    assert!(view.leftovers.iter().any(|own| own.kind == LeftoverKind::OptOutKept));
    let method = &golden(&world, other).individuals[0].methods[0];
    assert_eq!((method.value.as_str(), method.opted_in), (shared.value.as_str(), false));
}

#[test]
fn notes_go_along_and_come_back() {
    let world = world();
    let (survivor, other) = two(&world);
    let (kind, note) = ("Phone Call".to_owned(), "Called.".to_owned());
    let input = NoteInput { kind, note, note_at: None, important: false, private: false, time_spent: None };
    let note = world.engine.write_note(world.org, other, &input, &staff()).unwrap().id;
    let contact = || world.engine.store().reading(|tx| tx.note(world.org, note)).unwrap().unwrap().contact;
    world.engine.merge_contacts(world.org, &staff(), &request(survivor, other)).unwrap();
    assert_eq!(contact(), survivor);
    world.engine.unmerge_contacts(world.org, &staff(), other, None).unwrap();
    assert_eq!(contact(), other);
}

#[test]
fn a_submission_taken_back_since_is_listed_and_an_empty_contact_does_not_come_back() {
    let world = world();
    let (survivor, other) = two(&world);
    let row = world.engine.store().reading(|tx| tx.source_records(world.org, &[other])).unwrap()[0].record.id;
    world.engine.merge_contacts(world.org, &staff(), &request(survivor, other)).unwrap();
    world.engine.undo_decision(world.org, row, &staff()).unwrap();
    let view = world.engine.unmerge_contacts(world.org, &staff(), other, None).unwrap();
    assert_eq!(
        view.leftovers.iter().map(|own| (own.kind, own.record)).collect::<Vec<_>>(),
        [(LeftoverKind::TakenBack, row)]
    );
    assert_eq!((view.contact, world.engine.contact(world.org, other).unwrap()), (None, None));
}

#[test]
fn what_is_left_of_a_merged_contact_goes_with_its_survivor() {
    let world = world();
    let (survivor, other) = merged(&world);
    let rows = world.engine.store().reading(|tx| tx.source_records(world.org, &[survivor])).unwrap();
    for row in rows {
        world.engine.undo_decision(world.org, row.record.id, &staff()).unwrap();
    }
    assert_eq!(world.engine.contact(world.org, other).unwrap(), None);
    assert!(world.contacts().is_empty());
}

#[test]
fn what_went_back_is_not_fetched_again_by_a_merge_that_had_taken_it_further() {
    let world = world();
    let (one, two) = two(&world);
    let three = world.submit(&[person("r3", "Gertrude", "Lindqvist", "gertrude@example.org")])[0];
    world.run();
    let three = world.transaction(three).contact.unwrap();
    let (kind, note) = ("General".to_owned(), "Of the first.".to_owned());
    let input = NoteInput { kind, note, note_at: None, important: false, private: false, time_spent: None };
    let note = world.engine.write_note(world.org, one, &input, &staff()).unwrap().id;
    let before = [one, two, three].map(|id| golden(&world, id));
    let merge = |survivor, merged| {
        world.clock.advance_ms(10_000);
        world.engine.merge_contacts(world.org, &staff(), &request(survivor, merged)).unwrap();
    };
    let unmerge = |merged| {
        world.clock.advance_ms(10_000);
        assert_eq!(world.engine.unmerge_contacts(world.org, &staff(), merged, None).unwrap().leftovers, []);
    };
    merge(three, one);
    merge(two, three);
    unmerge(one);
    merge(one, two);
    unmerge(three);
    unmerge(two);
    assert_eq!(before, [one, two, three].map(|id| golden(&world, id)));
    let note = world.engine.store().reading(|tx| tx.note(world.org, note)).unwrap().unwrap();
    assert_eq!(note.contact, one);
}
