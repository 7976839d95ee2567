//! The rules of survivorship, one by one.

use super::arbitrary::at;
use crate::diff::{changed_fields, diff};
use crate::fold::fold;
use crate::model::{
    Address, BaseType, ContactType, Field, Golden, ItemId, Method, RecordId, RecordKind, Reference, SourceRecord,
    Submission,
};
use RecordKind::{Create, Edit, Transaction};
use uuid::Uuid;

/// The n-th record, received at second n, about the individual that the first record brought.
pub(super) fn record(n: u8, kind: RecordKind, submission: Submission) -> SourceRecord {
    SourceRecord {
        id: RecordId(Uuid::from_u128(n.into())),
        kind,
        received_at: at(n.into()),
        individual: ItemId(10),
        first_item: ItemId(i64::from(n) * 10),
        submission,
        policy: None,
    }
}

pub(super) fn says(fields: &[(Field, &str)]) -> Submission {
    let fields = fields.iter().map(|(field, value)| (*field, (*value).to_owned())).collect();
    Submission { fields, ..Submission::default() }
}

pub(super) fn from(source: &str, mut submission: Submission) -> Submission {
    submission.reference = Some(Reference { source: source.to_owned(), id: "7".to_owned() });
    submission
}

pub(super) fn dated(seconds: i64, mut submission: Submission) -> Submission {
    submission.changed_at = Some(at(seconds));
    submission
}

pub(super) fn clears(field: Field) -> Submission {
    Submission { cleared: [field].into(), ..Submission::default() }
}

pub(super) fn method(label: &str, value: &str) -> Method {
    Method { label: label.to_owned(), value: value.to_owned(), opted_in: None, primary: false }
}

pub(super) fn brings(methods: &[Method]) -> Submission {
    Submission { methods: methods.to_vec(), ..Submission::default() }
}

pub(super) fn golden(records: &[SourceRecord]) -> Golden {
    fold(records, "US").unwrap()
}

pub(super) fn website(records: &[SourceRecord]) -> Option<String> {
    golden(records).field(Field::Website).map(str::to_owned)
}

pub(super) fn site(value: &str) -> Submission {
    says(&[(Field::Website, value)])
}

#[test]
fn no_records_make_no_contact() {
    assert_eq!(fold(&[], "US"), None);
}

#[test]
fn a_sender_corrects_its_own_value_but_not_that_of_another() {
    let mut all = vec![record(1, Transaction, from("crm", site("a"))), record(2, Transaction, from("shop", site("b")))];
    assert_eq!(website(&all).as_deref(), Some("a"));
    all.push(record(3, Transaction, from("crm", site("c"))));
    assert_eq!(website(&all).as_deref(), Some("c"));
    all.push(record(4, Transaction, site("d")));
    assert_eq!(website(&all).as_deref(), Some("c"));
}

#[test]
fn the_latest_change_on_the_senders_side_wins_over_undated_values() {
    let all = [
        record(1, Transaction, from("crm", site("undated"))),
        record(2, Transaction, from("shop", dated(50, site("newer")))),
        record(3, Transaction, from("crm", dated(40, site("older")))),
        record(4, Transaction, from("mail", dated(50, site("no newer")))),
    ];
    assert_eq!(website(&all).as_deref(), Some("newer"));
}

#[test]
fn the_latest_staff_edit_wins_and_locks_the_field() {
    let all = [
        record(1, Edit, site("first edit")),
        record(2, Edit, site("second edit")),
        record(3, Transaction, dated(90, site("sender"))),
    ];
    assert_eq!(website(&all).as_deref(), Some("second edit"));
}

#[test]
fn what_staff_cleared_stays_cleared() {
    let all = [
        record(1, Transaction, site("a")),
        record(2, Edit, clears(Field::Website)),
        record(3, Transaction, dated(90, site("b"))),
    ];
    assert_eq!(website(&all), None);
}

#[test]
fn a_clear_through_the_direct_api_forgets_what_senders_said_before() {
    let mut all = vec![record(1, Transaction, site("a")), record(2, Create, clears(Field::Website))];
    assert_eq!(website(&all), None);
    all.push(record(3, Transaction, site("b")));
    assert_eq!(website(&all).as_deref(), Some("b"));
}

#[test]
fn a_transaction_cannot_clear() {
    let all = [record(1, Transaction, site("a")), record(2, Transaction, clears(Field::Website))];
    assert_eq!(website(&all).as_deref(), Some("a"));
}

#[test]
fn other_names_of_a_person_are_kept_beside_the_golden_one() {
    let name = |first, last| says(&[(Field::FirstName, first), (Field::LastName, last)]);
    let all = [
        record(1, Transaction, name("Robert", "Smith")),
        record(2, Transaction, name("Bob", "Smith")),
        record(3, Transaction, name("ROBERT", "Smith")),
        record(4, Edit, says(&[(Field::LastName, "Smith-Lund")])),
    ];
    let golden = golden(&all);
    let person = &golden.individuals[0];
    assert_eq!(person.field(Field::LastName), Some("Smith-Lund"));
    assert_eq!(person.also_known_as, ["Bob Smith".to_owned(), "Robert Smith".to_owned()].into());
}

#[test]
fn methods_are_united_by_normal_form_and_keep_their_first_number() {
    let all = [
        record(1, Transaction, brings(&[method("Home Email", "a@example.org")])),
        record(2, Transaction, brings(&[method("Work Phone", "6145550142"), method("Work Email", "A@example.org")])),
    ];
    let golden = golden(&all);
    let methods = &golden.individuals[0].methods;
    assert_eq!(
        methods.iter().map(|m| (m.id.0, m.label.as_str())).collect::<Vec<_>>(),
        [(11, "Home Email"), (21, "Work Phone")]
    );
    assert_eq!(golden.provenance["methods/11"], all[0].id);
}

#[test]
fn addresses_are_numbered_after_the_methods_of_their_record() {
    let address = Address { address1: Some("12 Mill St".to_owned()), ..Address::default() };
    let submission = Submission {
        methods: vec![method("Home Email", "a@example.org")],
        addresses: vec![Address::default(), address],
        ..Submission::default()
    };
    let golden = golden(&[record(1, Transaction, submission)]);
    assert_eq!(golden.addresses.iter().map(|address| address.id.0).collect::<Vec<_>>(), [13]);
    assert!(golden.addresses[0].address.primary);
}

#[test]
fn the_first_method_is_primary_until_staff_says_otherwise() {
    let flagged = |value| Method { primary: true, ..method("Home Email", value) };
    let mut all = vec![
        record(1, Transaction, brings(&[method("Home Email", "a@example.org")])),
        record(2, Transaction, brings(&[flagged("b@example.org")])),
    ];
    let primary =
        |all: &[SourceRecord]| golden(all).individuals[0].methods.iter().find(|m| m.primary).unwrap().value.clone();
    assert_eq!(primary(&all), "a@example.org");
    all.push(record(3, Edit, brings(&[flagged("b@example.org")])));
    assert_eq!(primary(&all), "b@example.org");
}

#[test]
fn tags_are_united_in_any_case_by_their_first_spelling() {
    let tagged = |tag: &str| Submission { tags: [tag.to_owned()].into(), ..Submission::default() };
    let all = [record(1, Transaction, tagged("Gala")), record(2, Transaction, tagged("GALA"))];
    assert_eq!(golden(&all).tags, ["Gala".to_owned()].into());
}

#[test]
fn the_first_contact_type_holds_until_staff_changes_it() {
    let kind = |base| Submission { contact_type: Some(ContactType { base, custom: None }), ..Submission::default() };
    let mut all = vec![
        record(1, Transaction, Submission::default()),
        record(2, Transaction, kind(BaseType::Organization)),
        record(3, Transaction, kind(BaseType::Household)),
    ];
    assert_eq!(golden(&all).contact_type.base, BaseType::Organization);
    all.push(record(4, Edit, kind(BaseType::Foundation)));
    assert_eq!(golden(&all).contact_type.base, BaseType::Foundation);
}

#[test]
fn a_household_is_named_after_its_first_two_people() {
    let person = |n: u8, first, last| SourceRecord {
        individual: ItemId(i64::from(n) * 10),
        ..record(n, Transaction, says(&[(Field::FirstName, first), (Field::LastName, last)]))
    };
    let name = |all: &[SourceRecord]| golden(all).field(Field::Name).unwrap().to_owned();
    let (ines, pal, eva) = (person(1, "Ines", "Okafor"), person(2, "Pål", "OKAFOR"), person(3, "Eva", "Lund"));
    assert_eq!(name(std::slice::from_ref(&ines)), "Ines Okafor");
    assert_eq!(name(&[ines.clone(), pal.clone(), eva.clone()]), "Ines and Pål Okafor");
    assert_eq!(name(&[pal, eva.clone()]), "Pål OKAFOR and Eva Lund");
    let given = record(4, Transaction, says(&[(Field::Name, "The Okafors")]));
    assert_eq!(name(&[ines, eva, given]), "The Okafors");
    assert_eq!(name(&[record(1, Transaction, brings(&[method("Home Email", "a@b.org")]))]), "a@b.org");
}

#[test]
fn changed_fields_are_the_partners_names() {
    let before = golden(&[record(1, Transaction, from("crm", says(&[(Field::FirstName, "Ann")])))]);
    let more = Submission {
        tags: ["Gala".to_owned()].into(),
        addresses: vec![Address { city: Some("Bellford".to_owned()), ..Address::default() }],
        ..from("shop", brings(&[method("Home Email", "a@example.org")]))
    };
    let all = [record(1, Transaction, from("crm", says(&[(Field::FirstName, "Ann")]))), record(2, Transaction, more)];
    let changes = diff(Some(&before), Some(&golden(&all)));
    let paths: Vec<&str> = changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(paths, ["methods/21", "addresses/22", "references", "tags"]);
    assert_eq!(changed_fields(&changes), ["contactIndividuals", "contactAddresses", "contactReferences", "tags"]);
}

#[test]
fn a_new_contact_is_all_change_and_a_removed_one_too() {
    let golden = golden(&[record(1, Transaction, says(&[(Field::FirstName, "Ann")]))]);
    let made = diff(None, Some(&golden));
    let paths: Vec<&str> = made.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(paths, ["contactType", "name", "individuals/10", "individuals/10/firstName"]);
    assert!(made.iter().all(|change| change.before.is_none()));
    assert!(diff(Some(&golden), None).iter().all(|change| change.after.is_none()));
    assert!(diff(None, None).is_empty());
}
