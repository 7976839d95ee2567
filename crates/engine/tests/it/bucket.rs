//! What people do with rows that wait, beside deciding them one by one: look at the differences, choose values, give rows to
//! somebody, ask their senders, decide many at once.

use crate::laws::shape;
use crate::world::{World, person, submission, world};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tributary_contact::merge::Side;
use tributary_contact::policy::PolicyDocument;
use tributary_contact::state::{Reason, State};
use tributary_contact::{ContactId, Field, RecordId};
use tributary_engine::{
    Actor, Bulk, BulkAction, BulkView, EngineError, MergeInto, NewUser, NotDuplicate, NotThis, Resolution, WhyLeft,
};
use tributary_store::{Assignee, BucketOrder, NeedsUpdateFilter, Role};

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

/// A policy under which everything new of Harbor waits.
pub fn strict(world: &World) {
    govern(world, &json!({ "sources": { "Harbor": { "strict": true } } }));
}

pub fn govern(world: &World, document: &Value) {
    let document = PolicyDocument::read(document).unwrap();
    let number = world.engine.put_policy(world.org, &document, &staff()).unwrap().number;
    world.engine.activate_policy(world.org, number, &staff()).unwrap();
}

/// A user who may decide rows.
pub fn reviewer(world: &World, email: &str) {
    let new = NewUser { email: email.into(), name: "Ada".into(), role: Role::Reviewer, password: None };
    world.engine.create_user(world.org, new).unwrap();
}

/// Ines is on file; a row of hers brings another segment and a phone, and waits since Harbor is strict.
fn waiting(world: &World) -> (RecordId, ContactId) {
    let on_file = json!({"firstName": "Ines", "lastName": "Okafor", "email": "ines@example.org", "gender": "Female",
        "originSegmentCode": "OLD"});
    world.load(&[("H1", on_file)]);
    strict(world);
    world.clock.advance_ms(60_000);
    let mut row = person("h-1", "Ines", "Okafor", "ines@example.org");
    row["originSegmentCode"] = json!("NEW");
    row["phone"] = json!("614-555-0134");
    let id = world.submit(&[row])[0];
    world.run();
    assert_eq!(world.transaction(id).reason, Some(Reason::MergeWaits));
    (id, world.contacts()[0].id)
}

fn segment(world: &World, contact: ContactId) -> Option<String> {
    let row = world.engine.contact(world.org, contact).unwrap().unwrap();
    row.golden.field(Field::OriginSegmentCode).map(str::to_owned)
}

#[test]
fn a_candidate_shows_what_comes_in_what_is_on_file_and_what_a_merge_makes() {
    let world = world();
    let (id, _) = waiting(&world);
    let item = world.engine.needs_update_item(world.org, id).unwrap().unwrap();
    let beside = &item.candidates[0].beside;
    let [site] = beside.differences.as_slice() else { panic!("{beside:?}") };
    assert_eq!(
        (site.field.as_str(), site.merged.as_deref(), site.survivor.as_deref(), site.result.as_deref()),
        ("originSegmentCode", Some("NEW"), Some("OLD"), Some("OLD"))
    );
    assert!(beside.changes.iter().any(|change| change.field.starts_with("methods/")), "{beside:?}");
    assert!(item.steps.is_empty());
}

#[test]
fn a_preview_of_a_merge_is_what_the_merge_makes() {
    let world = world();
    let (id, contact) = waiting(&world);
    let item = world.engine.needs_update_item(world.org, id).unwrap().unwrap();
    let said: Vec<_> = item.candidates[0].beside.changes.iter().map(|change| change.field.clone()).collect();
    world.engine.resolve(world.org, id, Resolution::merge(contact, None), &staff()).unwrap();
    let audit = world.engine.contact_audit(world.org, contact).unwrap();
    let made: Vec<Value> = serde_json::from_str(&audit.last().unwrap().changes).unwrap();
    assert_eq!(made.len(), said.len());
    assert_eq!(segment(&world, contact).as_deref(), Some("OLD"));
}

#[test]
fn a_person_chooses_whose_value_holds_and_takes_it_back_with_the_decision() {
    let world = world();
    let (id, contact) = waiting(&world);
    let before = shape(&world);
    let keep = BTreeMap::from([("originSegmentCode".to_owned(), Side::Merged)]);
    let merge = Resolution::Merge { contact, individual: None, keep };
    world.engine.resolve(world.org, id, merge, &staff()).unwrap();
    assert_eq!(segment(&world, contact).as_deref(), Some("NEW"));
    // It is locked like any direct change.
    let mut later = person("h-1", "Ines", "Okafor", "ines@example.org");
    later["originSegmentCode"] = json!("THIRD");
    world.submit(&[later]);
    govern(&world, &json!({}));
    world.run();
    assert_eq!(segment(&world, contact).as_deref(), Some("NEW"));
    let later = world.engine.transactions_by_reference(
        world.org,
        &tributary_contact::Reference { source: "Harbor".into(), id: "h-1".into() },
    );
    let later = later.unwrap()[0].id;
    world.engine.undo_decision(world.org, later, &staff()).unwrap();
    world.engine.undo_decision(world.org, id, &staff()).unwrap();
    assert_eq!(shape(&world), before, "byte for byte");
}

#[test]
fn what_does_not_differ_cannot_be_chosen() {
    let world = world();
    let (id, contact) = waiting(&world);
    let keep = BTreeMap::from([("gender".to_owned(), Side::Merged)]);
    let refused = world.engine.resolve(world.org, id, Resolution::Merge { contact, individual: None, keep }, &staff());
    assert!(matches!(refused, Err(EngineError::Invalid(issues)) if issues[0].field == "keep"));
    assert_eq!(world.transaction(id).state, State::NeedsUpdate);
}

#[test]
fn accepting_one_candidate_closes_the_others() {
    let world = world();
    world.load(&[
        ("H1", json!({"firstName": "Ines", "lastName": "Lund", "address1": "1 Main St", "postal": "44090"})),
        ("H2", json!({"firstName": "Ines", "lastName": "Lund", "address1": "1 Main St", "postal": "44090"})),
    ]);
    let row = json!({"referenceSource": "Harbor", "referenceId": "h-1", "firstName": "Ines", "lastName": "Lund",
        "address1": "1 Main Street", "postal": "44090"});
    let id = world.submit(&[row])[0];
    world.run();
    if world.transaction(id).state != State::NeedsUpdate {
        // Two that look alike are one person twice on file; take it back to have it decided.
        world.engine.undo_decision(world.org, id, &staff()).unwrap();
    }
    let item = world.engine.needs_update_item(world.org, id).unwrap().unwrap();
    assert_eq!(item.candidates.len(), 2);
    let [first, second] = [item.candidates[0].contact.id, item.candidates[1].contact.id];
    world.engine.resolve(world.org, id, Resolution::merge(first, None), &staff()).unwrap();
    assert!(world.engine.needs_update_item(world.org, id).unwrap().is_none());
    let again = world.engine.resolve(world.org, id, Resolution::merge(second, None), &staff());
    assert!(matches!(again, Err(EngineError::Conflict { .. })));
    assert_eq!(world.engine.bucket_size(world.org, 9).unwrap(), 0);
}

#[test]
fn a_row_is_somebodys_and_every_step_is_kept() {
    let world = world();
    let (id, _) = waiting(&world);
    reviewer(&world, "ada@example.org");
    let view = world.engine.assign(world.org, id, Some("Ada@example.org"), &staff()).unwrap();
    let assignee = view.review.assignee.clone().unwrap();
    assert_eq!(assignee.email, "ada@example.org");
    let of = |assignee| {
        let filter = NeedsUpdateFilter { assignee: Some(assignee), ..NeedsUpdateFilter::default() };
        world.engine.needs_update(world.org, &filter, 0, 9).unwrap().total
    };
    assert_eq!((of(Assignee::User(assignee.id)), of(Assignee::Nobody)), (1, 0));
    // The same again is no step.
    world.engine.assign(world.org, id, Some("ada@example.org"), &staff()).unwrap();
    world.engine.assign(world.org, id, None, &staff()).unwrap();
    assert_eq!((of(Assignee::User(assignee.id)), of(Assignee::Nobody)), (0, 1));
    let steps = world.engine.needs_update_item(world.org, id).unwrap().unwrap().steps;
    let told: Vec<_> =
        steps.iter().map(|(step, email)| (step.action.as_str(), email.as_deref(), step.actor.as_str())).collect();
    assert_eq!(told, [("assign", Some("ada@example.org"), "staff:ann"), ("unassign", None, "staff:ann")]);
}

#[test]
fn only_who_can_decide_rows_gets_them() {
    let world = world();
    let (id, _) = waiting(&world);
    let new = NewUser { email: "vic@example.org".into(), name: String::new(), role: Role::Viewer, password: None };
    world.engine.create_user(world.org, new).unwrap();
    for nobody in ["vic@example.org", "ghost@example.org"] {
        let refused = world.engine.assign(world.org, id, Some(nobody), &staff());
        assert!(matches!(refused, Err(EngineError::Invalid(issues)) if issues[0].field == "assignee"));
    }
    let elsewhere = world.engine.assign(world.org, RecordId(uuid::Uuid::nil()), None, &staff());
    assert!(matches!(elsewhere, Err(EngineError::NotFound)));
}

#[test]
fn a_sender_is_asked_and_answers_by_sending_again() {
    let world = world();
    let (id, contact) = waiting(&world);
    world.clock.advance_ms(1_000);
    let view = world.engine.ask_sender(world.org, id, " Which one is right? ", &staff()).unwrap();
    assert_eq!(view.review.question.clone().unwrap().text, "Which one is right?");
    let told = world.events().into_iter().next_back().unwrap();
    let body: Value = serde_json::from_str(&told.body).unwrap();
    assert_eq!((told.kind.as_str(), &body["transaction"]["question"]), ("needsUpdate", &json!("Which one is right?")));
    assert_eq!(world.transaction(id).review.question.unwrap().answered_by, None);
    world.clock.advance_ms(1_000);
    let answer = world.submit(&[person("h-1", "Ines", "Okafor", "ines@example.org")])[0];
    world.run();
    assert_eq!(world.transaction(id).review.question.unwrap().answered_by, Some(answer));
    // A decision closes the question; the steps remember it.
    world.engine.resolve(world.org, id, Resolution::merge(contact, None), &staff()).unwrap();
    world.engine.undo_decision(world.org, id, &staff()).unwrap();
    assert_eq!(world.transaction(id).review.question, None);
    let steps = world.engine.needs_update_item(world.org, id).unwrap().unwrap().steps;
    assert_eq!(steps[0].0.question.as_deref(), Some("Which one is right?"));
    for bad in ["  ", &"x".repeat(1_001)] {
        let refused = world.engine.ask_sender(world.org, id, bad, &staff());
        assert!(matches!(refused, Err(EngineError::Invalid(_))));
    }
}

/// Three people unknown on file, one known, all of Harbor, which is strict.
fn crowd(world: &World) -> Vec<RecordId> {
    world.load(&[("H1", json!({"firstName": "Ines", "lastName": "Okafor", "email": "ines@example.org"}))]);
    strict(world);
    world.clock.advance_ms(60_000);
    let mut known = person("h-4", "Ines", "Okafor", "ines@example.org");
    known["originSegmentCode"] = json!("GALA");
    let ids = world.submit(&[
        person("h-1", "Odalys", "Trent", "odalys@example.org"),
        person("h-2", "Bram", "Vos", "bram@example.net"),
        person("h-1", "Odalys", "Trent", "odalys.trent@example.com"),
        known,
    ]);
    world.run();
    let reasons: Vec<_> = ids.iter().map(|id| world.transaction(*id).reason).collect();
    let creates = Some(Reason::CreateWaits);
    assert_eq!(reasons, [creates, creates, creates, Some(Reason::MergeWaits)]);
    ids
}

fn many(world: &World, action: BulkAction, dry_run: bool) -> BulkView {
    let bulk = Bulk { filter: NeedsUpdateFilter::default(), action, dry_run, take: 100 };
    world.engine.resolve_many(world.org, &bulk, &staff()).unwrap()
}

fn left(view: &BulkView) -> Vec<(RecordId, WhyLeft)> {
    view.left.iter().map(|own| (own.id, own.why)).collect()
}

#[test]
fn a_preview_says_what_is_done_and_what_is_left_out() {
    let world = world();
    let ids = crowd(&world);
    let before = (shape(&world), world.events().len());
    let said = many(&world, BulkAction::Create, true);
    assert_eq!((shape(&world), world.events().len()), before);
    assert_eq!(said.matched, 4);
    assert_eq!(left(&said), [(ids[2], WhyLeft::ReferenceTaken), (ids[3], WhyLeft::OneByOne)]);
    let done = many(&world, BulkAction::Create, false);
    assert_eq!(left(&done), left(&said));
    let of = |view: &BulkView| view.done.iter().map(|own| (own.id, own.state)).collect::<Vec<_>>();
    assert_eq!((of(&done), of(&said)), (vec![(ids[0], State::Created), (ids[1], State::Created)], of(&done)));
    // Each is a decision of its own, with its author, and is taken back on its own.
    let view = world.transaction(ids[0]);
    assert_eq!(view.decisions.last().unwrap().actor, "staff:ann");
    world.engine.undo_decision(world.org, ids[0], &staff()).unwrap();
    assert_eq!(world.transaction(ids[1]).state, State::Created);
}

#[test]
fn rows_are_merged_together_where_a_look_at_each_would_say_nothing_more() {
    let world = world();
    let ids = crowd(&world);
    let merge = BulkAction::Merge { into: MergeInto::Only };
    let said = many(&world, merge.clone(), true);
    assert_eq!(said.done.iter().map(|own| own.id).collect::<Vec<_>>(), [ids[3]]);
    assert!(left(&said).iter().all(|(_, why)| *why == WhyLeft::OneByOne));
    let contact = said.done[0].contact.unwrap();
    let not = NotDuplicate { contact, other: NotThis::Transaction(ids[3]), until_more_is_known: false, note: None };
    let denied = world.engine.say_not_duplicate(world.org, &staff(), &not).unwrap();
    assert_eq!(left(&many(&world, merge.clone(), true)).last(), Some(&(ids[3], WhyLeft::NoCandidate)));
    world.engine.revoke_not_duplicate(world.org, &staff(), denied.id).unwrap();
    let done = many(&world, merge, false);
    assert_eq!((done.done[0].state, done.done[0].contact), (State::Merged, Some(contact)));
}

#[test]
fn a_guarded_or_doubtful_kind_of_row_is_never_merged_with_others() {
    let world = world();
    world.load(&[("H1", person("C1", "Robert", "Okafor", "family@example.org"))]);
    let id = world.submit(&[person("hg-1", "Gertrude", "Lindqvist", "family@example.org")])[0];
    world.run();
    for into in [MergeInto::Only, MergeInto::Best] {
        let view = many(&world, BulkAction::Merge { into }, false);
        assert!(view.done.is_empty());
        assert_eq!(view.left[0].id, id);
    }
    assert_eq!(world.transaction(id).state, State::NeedsUpdate);
}

#[test]
fn many_rows_are_given_refused_and_sent_back_page_by_page() {
    let world = world();
    let ids = crowd(&world);
    reviewer(&world, "ada@example.org");
    let assign = BulkAction::Assign { assignee: Some("ada@example.org".into()) };
    assert_eq!(many(&world, assign.clone(), true).done.len(), 4);
    assert_eq!(many(&world, assign.clone(), false).done.len(), 4);
    assert!(many(&world, assign, false).left.iter().all(|own| own.why == WhyLeft::Nothing));
    let ask = BulkAction::Ask { question: "Is this a person?".into() };
    assert_eq!(many(&world, ask, false).done.len(), 4);
    let asked = NeedsUpdateFilter { asked: Some(true), ..NeedsUpdateFilter::default() };
    assert_eq!(world.engine.needs_update(world.org, &asked, 0, 9).unwrap().total, 4);
    // The order of the filter does not matter: pages go on by receipt.
    let filter = NeedsUpdateFilter { order: BucketOrder::Surest, ..NeedsUpdateFilter::default() };
    let mut bulk = Bulk { filter, action: BulkAction::Reject, dry_run: false, take: 3 };
    let first = world.engine.resolve_many(world.org, &bulk, &staff()).unwrap();
    assert_eq!((first.done.len(), first.next), (3, Some(ids[2])));
    bulk.filter.after = first.next;
    bulk.action = BulkAction::Retry;
    let second = world.engine.resolve_many(world.org, &bulk, &staff()).unwrap();
    assert_eq!((second.done.len(), second.next, world.transaction(ids[3]).state), (1, None, State::Held));
    let nobody = Bulk { action: BulkAction::Assign { assignee: Some("ghost@example.org".into()) }, ..bulk };
    assert!(matches!(world.engine.resolve_many(world.org, &nobody, &staff()), Err(EngineError::Invalid(_))));
}

#[test]
fn the_bucket_is_counted_and_everything_adds_up() {
    let world = world();
    crowd(&world);
    let counts = world.engine.bucket_counts(world.org, &NeedsUpdateFilter::default()).unwrap();
    let reasons: Vec<_> = counts.reasons.iter().map(|own| (own.reason, own.count)).collect();
    assert_eq!((counts.total, reasons), (4, vec![(Reason::CreateWaits, 3), (Reason::MergeWaits, 1)]));
    assert_eq!(counts.sources[0].name.as_deref(), Some("Harbor"));
    many(&world, BulkAction::Create, false);
    many(&world, BulkAction::Reject, false);
    let health = world.engine.health(world.org).unwrap();
    let moved: i64 = health.states.iter().map(|count| count.count).sum();
    assert_eq!(health.ledger.received, health.ledger.held + moved);
    assert_eq!(submission(&person("x", "A", "B", "a@example.org")).reference.unwrap().id, "x");
}

#[test]
fn counts_beside_a_choice_leave_the_other_choices_open() {
    let world = world();
    crowd(&world);
    let chosen = NeedsUpdateFilter { reason: Some(Reason::MergeWaits), ..NeedsUpdateFilter::default() };
    let counts = world.engine.bucket_choices(world.org, &chosen).unwrap();
    let reasons: Vec<_> = counts.reasons.iter().map(|own| (own.reason, own.count)).collect();
    assert_eq!((counts.total, reasons), (1, vec![(Reason::CreateWaits, 3), (Reason::MergeWaits, 1)]));
    let sources: Vec<_> = counts.sources.iter().map(|own| (own.name.as_deref(), own.count)).collect();
    assert_eq!(sources, [(Some("Harbor"), 1)]);
    let elsewhere = NeedsUpdateFilter { source: Some("Gala".to_owned()), ..NeedsUpdateFilter::default() };
    let counts = world.engine.bucket_choices(world.org, &elsewhere).unwrap();
    assert_eq!((counts.total, counts.reasons.len(), counts.sources[0].count), (0, 0, 4));
}

#[test]
fn the_next_row_follows_in_the_order_of_the_filter_and_the_first_after_the_last() {
    let world = world();
    let ids = crowd(&world);
    let next = |order, row| {
        let filter = NeedsUpdateFilter { order, ..NeedsUpdateFilter::default() };
        world.engine.next_in_bucket(world.org, &filter, row).unwrap()
    };
    assert_eq!(next(BucketOrder::Oldest, ids[0]), Some(ids[1]));
    assert_eq!(next(BucketOrder::Oldest, ids[3]), Some(ids[0]));
    assert_eq!(next(BucketOrder::Newest, ids[3]), Some(ids[2]));
    // A row that was decided has its place still.
    world.engine.resolve(world.org, ids[1], Resolution::Reject, &staff()).unwrap();
    assert_eq!(next(BucketOrder::Oldest, ids[1]), Some(ids[2]));
    let alone = NeedsUpdateFilter { reason: Some(Reason::MergeWaits), ..NeedsUpdateFilter::default() };
    let only = world.engine.bucket_rows(world.org, &alone, 9, 9).unwrap().list[0].id;
    assert_eq!(world.engine.next_in_bucket(world.org, &alone, only).unwrap(), None);
}

#[test]
fn a_candidate_that_was_ruled_out_says_so() {
    let world = world();
    let (id, contact) = waiting(&world);
    let said = NotDuplicate { contact, other: NotThis::Transaction(id), until_more_is_known: false, note: None };
    let mark = world.engine.say_not_duplicate(world.org, &staff(), &said).unwrap();
    let is_not = || world.engine.needs_update_item(world.org, id).unwrap().unwrap().candidates[0].is_not.clone();
    assert_eq!(is_not().map(|own| own.id), Some(mark.id));
    world.engine.revoke_not_duplicate(world.org, &staff(), mark.id).unwrap();
    assert_eq!(is_not(), None);
}
