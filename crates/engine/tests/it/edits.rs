//! Changes made directly: what they leave behind, and what the next submission makes of it.

use crate::world::{World, person, world};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tributary_contact::state::State;
use tributary_contact::{ContactId, Field, ItemField, ItemId, Method, Submission};
use tributary_engine::{Actor, EngineError, ItemValues};
use tributary_matching::Profile;
use tributary_store::{EventKind, StoreExt};

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

/// A contact from one submission, with its first individual and e-mail.
fn odalys(world: &World) -> (ContactId, ItemId, ItemId) {
    let id = world.submit(&[person("r1", "Odalys", "Trent", "odalys@exmaple.org")])[0];
    world.run();
    let contact = world.transaction(id).contact.unwrap();
    let golden = world.engine.contact(world.org, contact).unwrap().unwrap().golden;
    (contact, golden.individuals[0].id, golden.individuals[0].methods[0].id)
}

fn sets(field: ItemField, value: &str) -> ItemValues {
    ItemValues { set: [(field, value.to_owned())].into(), ..ItemValues::default() }
}

fn website(value: &str) -> Submission {
    Submission { fields: [(Field::Website, value.to_owned())].into(), ..Submission::default() }
}

fn kinds(world: &World) -> Vec<EventKind> {
    world.events().iter().map(|event| event.kind).collect()
}

#[test]
fn a_change_tells_subscribers_once_and_a_change_of_nothing_tells_nobody() {
    let world = world();
    let (contact, ..) = odalys(&world);
    for _ in 0..2 {
        world.engine.update_contact(world.org, &staff(), contact, &website("https://a.example.org")).unwrap();
    }
    assert_eq!(kinds(&world), [EventKind::ContactCreate, EventKind::ContactUpdate]);
    let told: Value = serde_json::from_str(&world.events()[1].body).unwrap();
    assert_eq!(told["changedFields"], json!(["website"]));
    let audit = world.engine.contact_audit(world.org, contact).unwrap();
    assert_eq!(audit.iter().map(|row| row.action.as_str()).collect::<Vec<_>>(), ["create", "edit"]);
    assert_eq!(audit[1].actor, "staff:ann");
}

#[test]
fn a_corrected_mailbox_finds_the_contact_and_the_old_one_still_does() {
    let world = world();
    let (contact, _, email) = odalys(&world);
    let right = sets(ItemField::Value, "odalys@example.org");
    world.engine.update_method(world.org, &staff(), email, &right).unwrap();
    for (reference, mailbox) in [("", "odalys@example.org"), ("", "odalys@exmaple.org")] {
        let id = world.submit(&[person(reference, "Odalys", "Trent", mailbox)])[0];
        world.run();
        let view = world.transaction(id);
        assert_eq!((view.state, view.contact), (State::Unchanged, Some(contact)), "{mailbox}");
    }
}

#[test]
fn a_removed_mailbox_does_not_find_the_contact_any_more() {
    let world = world();
    let (contact, person_id, email) = odalys(&world);
    world.engine.remove_method(world.org, &staff(), email).unwrap();
    let id = world.submit(&[person("", "Odalys", "Trent", "odalys@exmaple.org")])[0];
    world.run();
    assert_ne!(world.transaction(id).contact, Some(contact));
    let golden = world.engine.contact(world.org, contact).unwrap().unwrap().golden;
    assert!(golden.individual(person_id).unwrap().methods.is_empty());
}

#[test]
fn a_removed_person_is_nobody_to_the_batch() {
    let world = world();
    let (contact, first, _) = odalys(&world);
    let said = crate::world::submission(&person("", "Pål", "Lund", "pal@example.org"));
    let second = world.engine.add_individual(world.org, &staff(), contact, &said).unwrap().item;
    world.engine.remove_individual(world.org, &staff(), second).unwrap();
    let id = world.submit(&[person("", "Pål", "Lund", "pal@example.org")])[0];
    world.run();
    let view = world.transaction(id);
    assert_eq!(view.state, State::Created);
    assert_ne!(view.contact, Some(contact));
    let only = world.engine.remove_individual(world.org, &staff(), first);
    assert!(matches!(only, Err(EngineError::Invalid(_))));
}

#[test]
fn a_contact_of_which_only_corrections_are_left_is_no_more() {
    let world = world();
    let id = world.submit(&[person("r1", "Odalys", "Trent", "odalys@example.org")])[0];
    world.run();
    let contact = world.transaction(id).contact.unwrap();
    world.engine.update_contact(world.org, &staff(), contact, &website("https://a.example.org")).unwrap();
    world.engine.undo_decision(world.org, id, &staff()).unwrap();
    assert_eq!(world.engine.contact(world.org, contact).unwrap(), None);
    let deleted = [EventKind::ContactCreate, EventKind::ContactUpdate, EventKind::ContactDelete];
    assert_eq!(kinds(&world)[..3], deleted);
    assert_eq!(kinds(&world)[3..], [EventKind::NeedsUpdate], "the row waits for a person again");
}

#[test]
fn an_archived_contact_can_be_taken_back_and_nothing_else() {
    let world = world();
    let (contact, _, email) = odalys(&world);
    world.engine.archive_contact(world.org, &staff(), contact, true, Some("moved away")).unwrap();
    let refused = world.engine.update_contact(world.org, &staff(), contact, &website("x"));
    assert!(matches!(refused, Err(EngineError::NotFound)));
    assert_eq!(world.engine.contact_with_item(world.org, email).unwrap(), None);
    world.engine.archive_contact(world.org, &staff(), contact, false, None).unwrap();
    assert!(world.engine.contact_with_item(world.org, email).unwrap().is_some());
    let audit = world.engine.contact_audit(world.org, contact).unwrap();
    let actions: Vec<_> = audit.iter().map(|row| (row.version, row.action.as_str())).collect();
    assert_eq!(actions, [(1, "create"), (2, "archive"), (3, "unarchive")]);
}

/// One step of a history of direct changes; the numbers pick a contact and an item of it.
#[derive(Debug, Clone)]
enum Step {
    Website(usize, &'static str),
    Rename(usize, usize, &'static str),
    AddPerson(usize, &'static str),
    RemovePerson(usize, usize),
    AddEmail(usize, usize, &'static str),
    ChangeEmail(usize, usize, &'static str),
    RemoveEmail(usize, usize),
    Archive(usize, bool),
    Submit(&'static str, &'static str),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let contact = 0usize..3;
    let item = 0usize..4;
    let name = prop::sample::select(vec!["Ann", "Bo", "Odalys"]);
    let mailbox = prop::sample::select(vec!["a@example.org", "b@example.org", "c@example.org"]);
    let one = prop_oneof![
        (contact.clone(), name.clone()).prop_map(|(c, n)| Step::Website(c, n)),
        (contact.clone(), item.clone(), name.clone()).prop_map(|(c, i, n)| Step::Rename(c, i, n)),
        (contact.clone(), name.clone()).prop_map(|(c, n)| Step::AddPerson(c, n)),
        (contact.clone(), item.clone()).prop_map(|(c, i)| Step::RemovePerson(c, i)),
        (contact.clone(), item.clone(), mailbox.clone()).prop_map(|(c, i, m)| Step::AddEmail(c, i, m)),
        (contact.clone(), item.clone(), mailbox.clone()).prop_map(|(c, i, m)| Step::ChangeEmail(c, i, m)),
        (contact.clone(), item).prop_map(|(c, i)| Step::RemoveEmail(c, i)),
        (contact, any::<bool>()).prop_map(|(c, a)| Step::Archive(c, a)),
        (name, mailbox).prop_map(|(n, m)| Step::Submit(n, m)),
    ];
    prop::collection::vec(one, 1..14)
}

/// Takes a step; what is refused changes nothing.
fn take(world: &World, step: &Step) {
    let contacts = world.contacts();
    let contact = |at: usize| contacts.get(at % contacts.len().max(1)).map_or(ContactId(0), |contact| contact.id);
    let person = |at: usize, item: usize| {
        let people = contacts.get(at % contacts.len().max(1)).map(|contact| &contact.golden.individuals);
        people.and_then(|people| people.get(item % people.len().max(1))).map_or(ItemId(0), |person| person.id)
    };
    let email = |at: usize, item: usize| {
        let contact = contacts.get(at % contacts.len().max(1));
        let methods = contact.into_iter().flat_map(|own| own.golden.individuals.iter().flat_map(|own| &own.methods));
        let methods: Vec<_> = methods.collect();
        methods.get(item % methods.len().max(1)).map_or(ItemId(0), |method| method.id)
    };
    let (engine, org, actor) = (&world.engine, world.org, staff());
    let named =
        |name: &str| Submission { fields: [(Field::FirstName, name.to_owned())].into(), ..Submission::default() };
    let done = match step {
        Step::Website(c, value) => engine.update_contact(org, &actor, contact(*c), &website(value)).map(drop),
        Step::Rename(c, i, name) => engine.update_individual(org, &actor, person(*c, *i), &named(name)).map(drop),
        Step::AddPerson(c, name) => engine.add_individual(org, &actor, contact(*c), &named(name)).map(drop),
        Step::RemovePerson(c, i) => engine.remove_individual(org, &actor, person(*c, *i)),
        Step::AddEmail(c, i, value) => {
            let method = Method { label: "Home Email".into(), value: (*value).into(), opted_in: None, primary: true };
            engine.add_method(org, &actor, person(*c, *i), &method).map(drop)
        }
        Step::ChangeEmail(c, i, value) => {
            engine.update_method(org, &actor, email(*c, *i), &sets(ItemField::Value, value)).map(drop)
        }
        Step::RemoveEmail(c, i) => engine.remove_method(org, &actor, email(*c, *i)),
        Step::Archive(c, archived) => engine.archive_contact(org, &actor, contact(*c), *archived, None),
        Step::Submit(name, mailbox) => {
            world.submit(&[crate::world::person("", name, "Trent", mailbox)]);
            world.run();
            Ok(())
        }
    };
    let refused = matches!(done, Err(EngineError::NotFound | EngineError::Invalid(_) | EngineError::Conflict { .. }));
    assert!(done.is_ok() || refused, "{done:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// After any history each contact is the fold of its records, its match keys are those of what it says, and
    /// every version has its audit row.
    #[test]
    fn whatever_is_changed_a_contact_is_the_fold_of_its_records(steps in steps()) {
        let world = world();
        world.submit(&[
            person("r1", "Odalys", "Trent", "a@example.org"),
            person("r2", "Bram", "Fennimore", "d@example.org"),
        ]);
        world.run();
        for step in &steps {
            take(&world, step);
        }
        for contact in world.contacts() {
            let records = world.engine.store().reading(|tx| tx.source_records(world.org, &[contact.id])).unwrap();
            let records: Vec<_> = records.into_iter().map(|assigned| assigned.record).collect();
            prop_assert_eq!(tributary_contact::fold::fold(&records, "US"), Some(contact.golden.clone()));
            let seen = tributary_contact::fold::as_matched(&records, "US");
            let keys: BTreeSet<i64> = seen.iter().flat_map(|own| Profile::of(&own.submission, "US").keys().to_vec()).collect();
            for key in &keys {
                let found = world.engine.store().reading(|tx| tx.contacts_by_key(world.org, &[*key], 100)).unwrap();
                prop_assert!(found.iter().any(|entry| entry.contact == contact.id));
            }
            let audit = world.engine.contact_audit(world.org, contact.id).unwrap();
            let versions: Vec<i64> = audit.iter().map(|row| row.version).collect();
            prop_assert_eq!(versions, (1..=contact.version).collect::<Vec<_>>());
        }
    }
}
