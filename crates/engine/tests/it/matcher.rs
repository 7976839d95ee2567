//! An organization's own matcher: versions, what decisions name, calibration, and the account of a pair.

use crate::world::{World, person, world};
use serde_json::{Value, json};
use tributary_contact::ContactId;
use tributary_contact::state::State;
use tributary_engine::{Actor, AsOf, EngineError, NicknameEdit, Resolution};
use tributary_matching::WEIGHTS_VERSION;
use tributary_matching::calibrate::Outcome;

fn staff() -> Actor {
    Actor::Staff("ann".into())
}

const FIRST: [&str; 12] = [
    "Margaret",
    "Luis",
    "Henrietta",
    "Walter",
    "Priya",
    "Tobias",
    "Ingrid",
    "Kwame",
    "Olga",
    "Desmond",
    "Yusuf",
    "Beatrix",
];
const LAST: [&str; 12] = [
    "Ashford",
    "Brenwick",
    "Corley",
    "Dunham",
    "Everbury",
    "Glouster",
    "Hartwell",
    "Kingston",
    "Milldale",
    "Thornmere",
    "Okonkwo",
    "Vandermeer",
];

/// A single at an address of their own.
fn single(at: usize, first: usize) -> Value {
    json!({
        "referenceSource": "Harbor", "referenceId": format!("h-{at}"),
        "firstName": FIRST[first % FIRST.len()], "lastName": LAST[at / FIRST.len() % LAST.len()],
        "address1": format!("{} Hill Street", at + 1), "city": "Columbus", "state": "OH", "postal": "43215",
    })
}

/// Singles on file, and rows of them from another source, of which every fourth has another first name.
fn misread(world: &World, count: usize) {
    let groups: Vec<String> = (0..count).map(|at| format!("g{at}")).collect();
    let rows: Vec<(&str, Value)> =
        groups.iter().enumerate().map(|(at, group)| (group.as_str(), single(at, at))).collect();
    world.load(&rows);
    let incoming: Vec<Value> = (0..count)
        .map(|at| {
            let mut row = single(at, if at % 4 == 0 { at + 5 } else { at });
            row["referenceSource"] = json!("Online");
            row
        })
        .collect();
    world.submit(&incoming);
    world.run();
}

#[test]
fn what_was_learnt_is_used_by_the_next_run_and_named_by_its_decisions() {
    let world = world();
    misread(&world, 400);
    let calibrated = world.engine.calibrate(world.org, false, &staff()).unwrap();
    assert_eq!(calibrated.calibration.outcome, Outcome::Adopted, "{}", calibrated.calibration.sentence);
    assert_eq!(calibrated.version, "matcher-1");
    let id = world.submit(&[json!({"firstName": "Zelda", "lastName": "Quist", "email": "z@example.org"})])[0];
    world.run();
    assert_eq!(world.transaction(id).decisions[0].weights_version, "matcher-1");
    let versions = world.engine.matcher_versions(world.org).unwrap();
    assert_eq!((versions.len(), versions[0].active, versions[0].actor.as_str()), (1, true, "staff:ann"));
    assert_eq!(versions[0].report["outcome"], "adopted");
}

#[test]
fn a_dry_run_stores_nothing_and_says_the_same() {
    let world = world();
    misread(&world, 400);
    let tried = world.engine.calibrate(world.org, true, &staff()).unwrap();
    assert_eq!((tried.version.as_str(), tried.dry_run), (WEIGHTS_VERSION, true));
    assert!(world.engine.matcher_versions(world.org).unwrap().is_empty());
    let done = world.engine.calibrate(world.org, false, &staff()).unwrap();
    assert_eq!(done.calibration, tried.calibration);
}

#[test]
fn too_few_rows_keep_the_shipped_weights() {
    let world = world();
    misread(&world, 20);
    let calibrated = world.engine.calibrate(world.org, false, &staff()).unwrap();
    assert_eq!(calibrated.calibration.outcome, Outcome::KeptShipped);
    assert_eq!(calibrated.version, WEIGHTS_VERSION);
    assert!(world.engine.matcher_versions(world.org).unwrap().is_empty());
}

#[test]
fn a_version_is_reverted_and_put_in_force_again() {
    let world = world();
    let refused = world.engine.revert_matcher(world.org, &staff());
    assert!(matches!(refused, Err(EngineError::Conflict { .. })), "{refused:?}");
    misread(&world, 400);
    world.engine.calibrate(world.org, false, &staff()).unwrap();
    assert_eq!(world.engine.revert_matcher(world.org, &staff()).unwrap(), WEIGHTS_VERSION);
    assert!(!world.engine.matcher_versions(world.org).unwrap()[0].active);
    assert_eq!(world.engine.activate_matcher(world.org, Some(1), &staff()).unwrap(), "matcher-1");
    assert_eq!(world.engine.activate_matcher(world.org, None, &staff()).unwrap(), WEIGHTS_VERSION);
    let unknown = world.engine.activate_matcher(world.org, Some(9), &staff());
    assert!(matches!(unknown, Err(EngineError::NotFound)), "{unknown:?}");
}

#[test]
fn a_submission_is_explained_as_it_was_decided() {
    let world = world();
    world.load(&[("g", person("h-1", "Ines", "Okafor", "ines@example.org"))]);
    let row = json!({"referenceSource": "Online", "referenceId": "o-1", "firstName": "Ines", "lastName": "Okafor", "email": "ines@example.org"});
    let id = world.submit(&[row])[0];
    world.run();
    assert_eq!(world.transaction(id).state, State::Merged);
    let pair = world.engine.explain(world.org, id, None).unwrap();
    assert_eq!((pair.as_of, pair.explanation.weights_version.as_str()), (AsOf::Decision, WEIGHTS_VERSION));
    assert_eq!(pair.explanation.contact, world.transaction(id).contact.map(|contact| contact.0));
    assert!(pair.explanation.why_not.is_empty() && pair.explanation.probability > 0.95, "{}", pair.explanation);
}

#[test]
fn why_not_another_contact_is_answered_as_of_now() {
    let world = world();
    world.load(&[
        ("g", person("h-1", "Ines", "Okafor", "ines@example.org")),
        ("h", person("h-2", "Walter", "Brandt", "walter@example.org")),
    ]);
    let row = json!({"firstName": "Ines", "lastName": "Okafor", "email": "ines@example.org"});
    let id = world.submit(&[row])[0];
    // A submission that is still held can be asked about too.
    let held = world.engine.explain(world.org, id, None).unwrap();
    assert_eq!((held.as_of, held.explanation.contact), (AsOf::Now, Some(1)));
    world.run();
    let other = world.engine.explain(world.org, id, Some(ContactId(2))).unwrap();
    assert_eq!(other.as_of, AsOf::Now);
    assert!(other.explanation.to_string().contains("no key in common"), "{}", other.explanation);
    assert!(other.explanation.total < 0.0, "{}", other.explanation);
    let unknown = world.engine.explain(world.org, id, Some(ContactId(9)));
    assert!(matches!(unknown, Err(EngineError::NotFound)), "{unknown:?}");
}

#[test]
fn a_submission_does_not_speak_for_itself() {
    let world = world();
    let id = world.submit(&[person("h-1", "Ines", "Okafor", "ines@example.org")])[0];
    world.run();
    assert_eq!(world.transaction(id).state, State::Created);
    let alone = world.engine.explain(world.org, id, None);
    assert!(matches!(alone, Err(EngineError::Conflict { .. })), "{alone:?}");
}

#[test]
fn what_people_decide_is_counted_as_labels() {
    let world = world();
    misread(&world, 240);
    let waiting = world.engine.needs_update(world.org, &tributary_store::NeedsUpdateFilter::default(), 0, 100).unwrap();
    assert!(waiting.total > 20, "{}", waiting.total);
    let mut decided = 0;
    for row in waiting.list.iter().take(10) {
        let item = world.engine.needs_update_item(world.org, row.id).unwrap().unwrap();
        let Some(candidate) = item.candidates.first() else { continue };
        let merge = Resolution::merge(candidate.contact.id, candidate.individual);
        world.engine.resolve(world.org, row.id, merge, &staff()).unwrap();
        decided += 1;
    }
    let created = waiting.list.last().map(|row| row.id).unwrap();
    world.engine.resolve(world.org, created, Resolution::Create, &staff()).unwrap();
    let calibrated = world.engine.calibrate(world.org, true, &staff()).unwrap();
    assert_eq!((calibrated.calibration.labels.same, calibrated.calibration.labels.other), (decided, 1));
    world.engine.undo_decision(world.org, created, &staff()).unwrap();
    let calibrated = world.engine.calibrate(world.org, true, &staff()).unwrap();
    assert_eq!(calibrated.calibration.labels.other, 1);
}

fn edit(name: &str, other: &str, related: bool) -> NicknameEdit {
    NicknameEdit { name: name.to_owned(), others: vec![other.to_owned()], related }
}

#[test]
fn the_organization_s_own_nicknames_hold_from_the_next_run_on() {
    let world = world();
    let at_home = |id: &str, first: &str| {
        json!({
            "referenceSource": "Online", "referenceId": id, "firstName": first, "lastName": "Okafor",
            "email": "okafors@example.org", "address1": "4 Hill Street", "city": "Columbus", "postal": "43215",
        })
    };
    world.load(&[("g", at_home("h-1", "Susan"))]);
    let decided = |id: &str| {
        let id = world.submit(&[at_home(id, "Zuzu")])[0];
        world.run();
        let row = world.transaction(id);
        (row.state, row.decisions.last().map(|decision| decision.weights_version.clone()).unwrap_or_default())
    };
    assert_eq!(decided("o-1"), (State::NeedsUpdate, WEIGHTS_VERSION.to_owned()));
    let edited = world.engine.edit_nicknames(world.org, &edit("Zuzu", "Susan", true), &staff()).unwrap();
    assert_eq!((edited.version.as_str(), edited.edits.added.len()), ("matcher-1", 1));
    let again = world.engine.edit_nicknames(world.org, &edit("susan", "ZUZU", true), &staff()).unwrap();
    assert_eq!(again, edited, "nothing new makes no version");
    assert_eq!(decided("o-2"), (State::Merged, "matcher-1".to_owned()));
    let related = world.engine.nicknames(world.org, Some("Zuzu")).unwrap().related.unwrap();
    assert_eq!(related, ["susan"]);
    world.engine.edit_nicknames(world.org, &edit("Susan", "Zuzu", false), &staff()).unwrap();
    world.engine.edit_nicknames(world.org, &edit("Bob", "Robert", false), &staff()).unwrap();
    let now = world.engine.nicknames(world.org, Some("Bob")).unwrap();
    assert_eq!((now.version.as_str(), now.edits.added.len(), now.edits.removed.len()), ("matcher-3", 0, 1));
    assert!(!now.related.unwrap().contains(&"robert".to_owned()));
}

#[test]
fn a_nickname_of_nobody_is_refused() {
    let world = world();
    for (name, other) in [("", "Ann"), ("Ann", " "), ("Ann", "ANN")] {
        let refused = world.engine.edit_nicknames(world.org, &edit(name, other, true), &staff());
        assert!(matches!(refused, Err(EngineError::Invalid(_))), "{refused:?}");
    }
    assert!(world.engine.matcher_versions(world.org).unwrap().is_empty());
}
