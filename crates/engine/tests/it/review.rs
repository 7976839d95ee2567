use crate::world::{World, person, submission, world};
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{ContactId, RecordId};
use tributary_engine::{Actor, EngineError, Resolution};
use tributary_store::NeedsUpdateFilter;

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

/// A row that waits, and the contact it is about.
fn waiting(world: &World) -> (RecordId, ContactId) {
    world.load(&[("H1", person("C1", "Robert", "Okafor", "family@example.org"))]);
    let id = world.submit(&[person("hg-1", "Gertrude", "Lindqvist", "family@example.org")])[0];
    world.run();
    assert_eq!(world.transaction(id).state, State::NeedsUpdate);
    (id, world.contacts()[0].id)
}

#[test]
fn the_bucket_lists_a_row_with_its_reason_and_candidates() {
    let world = world();
    let (id, contact) = waiting(&world);
    let page = world.engine.needs_update(world.org, &NeedsUpdateFilter::default(), 0, 10).unwrap();
    assert_eq!((page.total, page.list[0].id), (1, id));
    let item = world.engine.needs_update_item(world.org, id).unwrap().unwrap();
    assert_eq!(item.candidates[0].contact.id, contact);
    assert!(!item.sentence.is_empty() && !item.candidates[0].sentence.is_empty());
    let other = NeedsUpdateFilter { source: Some("Gala".into()), ..NeedsUpdateFilter::default() };
    assert_eq!(world.engine.needs_update(world.org, &other, 0, 10).unwrap().total, 0);
}

#[test]
fn merging_folds_the_row_into_the_contact_and_tells_subscribers() {
    let world = world();
    let (id, contact) = waiting(&world);
    let merge = Resolution::merge(contact, None);
    let view = world.engine.resolve(world.org, id, merge, &staff()).unwrap();
    assert_eq!((view.state, view.level, view.contact), (State::Merged, Some(Level::Individual), Some(contact)));
    assert_eq!(view.decisions.last().unwrap().actor, "staff:ann");
    assert_eq!(world.contact_events().len(), 1);
    assert_eq!(world.engine.contact_audit(world.org, contact).unwrap().len(), 2);
}

#[test]
fn adding_an_individual_keeps_the_household_together() {
    let world = world();
    let (id, contact) = waiting(&world);
    let view = world.engine.resolve(world.org, id, Resolution::AddIndividual { contact }, &staff()).unwrap();
    assert_eq!(view.level, Some(Level::Household));
    let golden = world.engine.contact(world.org, contact).unwrap().unwrap().golden;
    assert_eq!(golden.individuals.len(), 2);
    assert_eq!(golden.individuals[1].id, view.individual.unwrap());
}

#[test]
fn creating_makes_a_second_contact() {
    let world = world();
    let (id, contact) = waiting(&world);
    let view = world.engine.resolve(world.org, id, Resolution::Create, &staff()).unwrap();
    assert_eq!(view.state, State::Created);
    assert_ne!(view.contact, Some(contact));
    assert_eq!(world.contacts().len(), 2);
}

#[test]
fn a_corrected_row_goes_back_and_is_decided_by_the_next_run() {
    let world = world();
    let (id, contact) = waiting(&world);
    let corrected = submission(&person("hg-1", "Robert", "Okafor", "family@example.org"));
    let retry = Resolution::Retry { submission: Some(Box::new(corrected)) };
    assert_eq!(world.engine.resolve(world.org, id, retry, &staff()).unwrap().state, State::Held);
    let run = world.run();
    assert_eq!((run.counts.received, run.counts.merged), (1, 1));
    let view = world.transaction(id);
    assert_eq!((view.contact, view.decisions.len()), (Some(contact), 3));
}

#[test]
fn what_was_sent_stays_what_it_was_however_often_it_is_corrected() {
    let world = world();
    let (id, contact) = waiting(&world);
    let sent = world.transaction(id).submission;
    let [first, second] =
        ["Gertrud", "Robert"].map(|name| submission(&person("hg-2", name, "Okafor", "family@example.org")));
    for corrected in [&first, &second] {
        let retry = Resolution::Retry { submission: Some(Box::new(corrected.clone())) };
        world.engine.resolve(world.org, id, retry, &staff()).unwrap();
        world.run();
    }
    let view = world.transaction(id);
    assert_eq!((view.as_sent(), &view.submission), (&sent, &second));
    assert_eq!((view.correction(2), view.correction(4), view.contact), (Some(&first), Some(&second), Some(contact)));
    // A sender asks by the reference it sent, staff by the one it was corrected to.
    for reference in [&sent.reference, &second.reference] {
        let found = world.engine.transactions_by_reference(world.org, reference.as_ref().unwrap()).unwrap();
        assert_eq!(found.iter().map(|own| own.id).collect::<Vec<_>>(), [id]);
    }
    let back = world.engine.undo_decision(world.org, id, &staff()).unwrap();
    assert_eq!((back.as_sent(), &back.submission, back.state), (&sent, &second, State::NeedsUpdate));
}

#[test]
fn each_submission_of_a_reference_is_kept_as_it_was_sent() {
    let world = world();
    let rows = ["Ines", "Inés", "Ines M"].map(|name| person("hg-1", name, "Lund", "ines@example.org"));
    let ids: Vec<RecordId> = rows.iter().flat_map(|row| world.submit(std::slice::from_ref(row))).collect();
    world.run();
    for (id, row) in ids.iter().zip(&rows) {
        assert_eq!(world.transaction(*id).as_sent(), &submission(row));
    }
}

#[test]
fn a_rejected_row_stays_rejected_until_a_person_takes_it_back() {
    let world = world();
    let (id, _) = waiting(&world);
    let view = world.engine.resolve(world.org, id, Resolution::Reject, &staff()).unwrap();
    assert_eq!((view.state, view.reason), (State::Rejected, Some(Reason::RejectedByStaff)));
    let again = world.engine.resolve(world.org, id, Resolution::Create, &staff());
    assert!(matches!(again, Err(EngineError::Conflict { .. })));
    let back = world.engine.undo_decision(world.org, id, &staff()).unwrap();
    assert_eq!((back.state, back.reason), (State::NeedsUpdate, Some(Reason::Undone)));
}

#[test]
fn undoing_the_only_record_of_a_contact_removes_it_and_says_so() {
    let world = world();
    let id = world.submit(&[person("hg-1", "Ines", "Lund", "ines@example.org")])[0];
    world.run();
    let contact = world.transaction(id).contact.unwrap();
    world.engine.undo_decision(world.org, id, &staff()).unwrap();
    assert!(world.engine.contact(world.org, contact).unwrap().is_none());
    let events = world.contact_events();
    assert_eq!(events.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), ["contactCreate", "contactDelete"]);
    assert_eq!(events[1].sequence, 2);
    assert!(matches!(world.engine.undo_decision(world.org, id, &staff()), Err(EngineError::Conflict { .. })));
}

#[test]
fn everything_adds_up_after_people_have_decided() {
    let world = world();
    let (id, contact) = waiting(&world);
    world.engine.resolve(world.org, id, Resolution::AddIndividual { contact }, &staff()).unwrap();
    world.engine.undo_decision(world.org, id, &staff()).unwrap();
    world.submit(&[person("hg-7", "Odalys", "Trent", "odalys@example.org")]);
    assert_eq!(world.run().state, tributary_store::RunState::Done);
    let health = world.engine.health(world.org).unwrap();
    let moved: i64 = health.states.iter().map(|count| count.count).sum();
    assert_eq!(health.ledger.received, health.ledger.held + moved);
}

#[test]
fn another_organizations_row_does_not_exist() {
    let world = world();
    let (id, _) = waiting(&world);
    let other = tributary_contact::OrganizationId(world.org.0 + 1);
    assert!(world.engine.transaction(other, id).unwrap().is_none());
    let refused = world.engine.resolve(other, id, Resolution::Create, &staff());
    assert!(matches!(refused, Err(EngineError::NotFound)));
}
