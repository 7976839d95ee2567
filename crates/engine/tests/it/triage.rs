//! The rules of the policy on rows that wait.

use crate::bucket::{govern, reviewer};
use crate::world::{World, person, world};
use serde_json::{Value, json};
use tributary_contact::RecordId;
use tributary_contact::policy::{PolicyDocument, TriageAction};
use tributary_contact::state::{Reason, State};
use tributary_engine::{Actor, EngineError, Triage, TriageView};

const DAY: i64 = 24 * 60 * 60 * 1_000;

fn rules(triage: &Value) -> Value {
    json!({ "sources": { "Harbor": { "strict": true } }, "triage": triage })
}

fn triage(world: &World, dry_run: bool) -> TriageView {
    world.engine.triage(world.org, Triage { dry_run, after: None, take: 100 }).unwrap()
}

fn one(world: &World) -> RecordId {
    world.submit(&[person("h-1", "Odalys", "Trent", "odalys@example.org")])[0]
}

#[test]
fn rules_are_carried_out_at_the_end_of_a_run() {
    let world = world();
    reviewer(&world, "ada@example.org");
    govern(
        &world,
        &rules(&json!([
            { "source": "Harbor", "action": "assign", "assignee": "ada@example.org" },
            { "reason": "create_waits", "action": "askPartner", "question": "Is this a person?" },
            { "reason": "create_waits", "action": "reject", "after": 30 },
        ])),
    );
    let id = one(&world);
    let run = world.run();
    assert_eq!((run.counts.needs_update, run.state), (1, tributary_store::RunState::Done));
    let view = world.transaction(id);
    assert_eq!(view.review.assignee.unwrap().email, "ada@example.org");
    assert_eq!(view.review.question.unwrap().text, "Is this a person?");
    let steps = world.engine.needs_update_item(world.org, id).unwrap().unwrap().steps;
    assert!(steps.iter().all(|(step, _)| step.actor == "triage"));
    // Once is enough.
    assert!(triage(&world, false).done.is_empty());
    world.clock.advance_ms(31 * DAY);
    assert_eq!(triage(&world, true).done[0].action, TriageAction::Reject);
    assert_eq!(world.transaction(id).state, State::NeedsUpdate);
    world.run();
    let view = world.transaction(id);
    assert_eq!((view.state, view.reason), (State::Rejected, Some(Reason::RejectedByRule)));
    assert_eq!(view.decisions.last().unwrap().actor, "triage");
    let back = world.engine.undo_decision(world.org, id, &Actor::Staff("ann".into())).unwrap();
    assert_eq!(back.state, State::NeedsUpdate);
}

#[test]
fn a_rule_makes_contacts_and_never_merges() {
    let world = world();
    world.load(&[("H1", json!({"firstName": "Ines", "lastName": "Okafor", "email": "ines@example.org"}))]);
    govern(&world, &rules(&json!([{ "reason": "create_waits", "action": "create" }])));
    let mut known = person("h-2", "Ines", "Okafor", "ines@example.org");
    known["originSegmentCode"] = json!("GALA");
    let ids = [one(&world), world.submit(&[known])[0]];
    world.run();
    let states = ids.map(|id| world.transaction(id).state);
    assert_eq!(states, [State::Created, State::NeedsUpdate]);
    assert_eq!(world.contacts().len(), 2);
    let health = world.engine.health(world.org).unwrap();
    let moved: i64 = health.states.iter().map(|count| count.count).sum();
    assert_eq!(health.ledger.received, health.ledger.held + moved);
}

#[test]
fn a_rule_that_cannot_be_carried_out_holds_up_nothing() {
    let world = world();
    govern(&world, &rules(&json!([{ "reason": "create_waits", "action": "create" }])));
    // Two rows of one reference: the second finds it taken.
    let ids = world.submit(&[
        person("h-1", "Odalys", "Trent", "odalys@example.org"),
        person("h-1", "Wilma", "Vos", "wilma@example.net"),
        person("h-3", "Bram", "Vos", "bram@example.net"),
    ]);
    assert_eq!(world.run().state, tributary_store::RunState::Done);
    let states: Vec<_> = ids.iter().map(|id| world.transaction(*id).state).collect();
    assert_eq!(states, [State::Created, State::NeedsUpdate, State::Created]);
    assert_eq!(triage(&world, false).failed, [ids[1]]);
}

#[test]
fn a_rule_gives_rows_only_to_who_can_decide_them() {
    let world = world();
    let document = json!({ "triage": [
        { "action": "assign", "assignee": "ghost@example.org", "reason": "doubtful" },
        { "action": "assign", "assignee": "ghost@example.org" },
    ] });
    let document = PolicyDocument::read(&document).unwrap();
    let refused = world.engine.put_policy(world.org, &document, &Actor::Staff("ann".into()));
    let Err(EngineError::Invalid(issues)) = refused else { panic!("{refused:?}") };
    assert_eq!(
        issues.iter().map(|issue| issue.field.as_str()).collect::<Vec<_>>(),
        ["triage[0].assignee", "triage[1].assignee"]
    );
}
