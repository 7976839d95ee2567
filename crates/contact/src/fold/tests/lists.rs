//! Tags, groups and entries of custom collections: what grows, and what a staff edit takes away.

use super::arbitrary::at;
use crate::fold::fold;
use crate::model::{CustomData, CustomObject, Golden, ItemId, RecordId, RecordKind, SourceRecord, Submission};
use RecordKind::{Edit, Transaction};
use uuid::Uuid;

fn golden(said: &[(RecordKind, Submission)]) -> Golden {
    let record = |(n, (kind, submission)): (usize, &(RecordKind, Submission))| SourceRecord {
        id: RecordId(Uuid::from_u128(n as u128)),
        kind: *kind,
        received_at: at(i64::try_from(n).unwrap()),
        individual: ItemId(10),
        first_item: ItemId(10 * i64::try_from(n + 1).unwrap()),
        submission: submission.clone(),
        policy: None,
    };
    fold(&said.iter().enumerate().map(record).collect::<Vec<_>>(), "US").unwrap()
}

fn tagged(name: &str) -> Submission {
    Submission { tags: [name.to_owned()].into(), ..Submission::default() }
}

fn untagged(name: &str) -> Submission {
    Submission { removed_tags: [name.to_owned()].into(), ..Submission::default() }
}

fn tags(said: &[(RecordKind, Submission)]) -> Vec<String> {
    golden(said).tags.into_iter().collect()
}

#[test]
fn a_tag_that_staff_took_away_does_not_come_back_with_the_next_repeat() {
    let first = [(Transaction, tagged("Monthly")), (Edit, untagged("MONTHLY"))];
    assert!(tags(&first).is_empty());
    let repeated = [first.to_vec(), vec![(Transaction, tagged("monthly"))]].concat();
    assert!(tags(&repeated).is_empty());
    let back = [repeated, vec![(Edit, tagged("monthly"))]].concat();
    assert_eq!(tags(&back), ["Monthly"]);
}

#[test]
fn a_sender_takes_no_tag_away() {
    assert_eq!(tags(&[(Transaction, tagged("Monthly")), (Transaction, untagged("Monthly"))]), ["Monthly"]);
}

#[test]
fn staff_put_a_contact_into_a_group_and_out_again() {
    let into = Submission { groups: ["Board".to_owned()].into(), ..Submission::default() };
    let out = Submission { removed_groups: ["Board".to_owned()].into(), ..Submission::default() };
    assert!(golden(&[(Edit, into.clone())]).groups.contains("Board"));
    assert!(golden(&[(Edit, into), (Edit, out)]).groups.is_empty());
}

fn pet(instance: Option<i64>, name: &str) -> CustomObject {
    let fields = vec![crate::model::CustomValue { name: "name".to_owned(), value: name.to_owned() }];
    CustomObject { instance, name: "Pets".to_owned(), fields }
}

fn has(object: CustomObject) -> Submission {
    Submission { custom_objects: vec![object], ..Submission::default() }
}

fn pets(said: &[(RecordKind, Submission)]) -> Vec<(i64, String)> {
    let entry = |object: &CustomObject| (object.instance(), object.fields[0].value.clone());
    golden(said).custom_objects.iter().map(entry).collect()
}

#[test]
fn an_entry_keeps_its_number_when_staff_change_it() {
    let number = pet(None, "Rex").instance();
    let said = [(Transaction, has(pet(None, "Rex"))), (Edit, has(pet(Some(number), "Max")))];
    assert_eq!(pets(&said), [(number, "Max".to_owned())]);
    let repeated = [said.to_vec(), vec![(Transaction, has(pet(None, "Rex")))]].concat();
    assert_eq!(pets(&repeated), [(number, "Max".to_owned())]);
}

#[test]
fn an_entry_that_staff_took_away_does_not_come_back_with_the_next_repeat() {
    let number = pet(None, "Rex").instance();
    let gone = Submission { removed_objects: [number].into(), ..Submission::default() };
    let rex = || (Transaction, has(pet(None, "Rex")));
    assert!(pets(&[rex(), (Edit, gone), rex()]).is_empty());
}

#[test]
fn a_sender_changes_no_entry_by_its_number() {
    let number = pet(None, "Rex").instance();
    let said = [(Transaction, has(pet(None, "Rex"))), (Transaction, has(pet(Some(number), "Max")))];
    assert_eq!(pets(&said), [(number, "Rex".to_owned())]);
}

#[test]
fn individuals_have_custom_fields_of_their_own() {
    let own = CustomData { fields: [("diet".to_owned(), "vegan".to_owned())].into(), ..CustomData::default() };
    let said = Submission { individual_custom: own, ..Submission::default() };
    let golden = golden(&[(Transaction, said)]);
    assert_eq!(golden.individuals[0].custom_fields["diet"], "vegan");
    assert!(golden.custom_fields.is_empty());
    assert!(golden.provenance.contains_key("individuals/10/customFields/diet"));
}
