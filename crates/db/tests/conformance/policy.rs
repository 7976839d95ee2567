//! Policies, which of them holds, and which of them records are folded by.

use crate::fixture::{Fixture, at, conflict_of};
use serde_json::json;
use tributary_contact::policy::PolicyDocument;
use tributary_contact::state::State;
use tributary_contact::{ContactId, RecordKind};
use tributary_store::{PolicyActivationRow, PolicyRow, Settlement, TransactionRow};

cases!(
    policies_come_newest_first_and_stay_in_their_organization,
    a_policy_is_stored_once,
    the_newest_activation_of_a_policy_comes_first,
    a_policy_that_is_not_there_cannot_be_put_in_force,
    records_come_with_the_policy_that_they_were_decided_under,
    a_contact_is_folded_by_another_policy_and_back,
    a_record_that_is_decided_anew_has_its_own_policy_again,
);

fn policy(number: i64) -> PolicyRow {
    let document = PolicyDocument::read(
        &json!({ "about": format!("No. {number}"), "fields": { "website": { "rule": "trust" } } }),
    );
    PolicyRow { number, document: document.unwrap(), actor: "staff:ann".to_owned(), created_at: at(number) }
}

fn activation(number: i64, policy: Option<i64>) -> PolicyActivationRow {
    PolicyActivationRow { number, policy, actor: "staff:ann".to_owned(), activated_at: at(number) }
}

fn with_policies(f: &Fixture) {
    f.writing(|tx| tx.insert_policy(f.organization, &policy(1)));
    f.writing(|tx| tx.insert_policy(f.organization, &policy(2)));
}

fn policies_come_newest_first_and_stay_in_their_organization(f: &Fixture) {
    with_policies(f);
    assert_eq!(f.reading(|tx| tx.all_policies(f.organization)), [policy(2), policy(1)]);
    assert_eq!(f.reading(|tx| tx.policies(f.organization, &[2, 9])), [policy(2)]);
    assert!(f.reading(|tx| tx.policies(f.other, &[1])).is_empty());
    assert!(f.reading(|tx| tx.all_policies(f.other)).is_empty());
}

fn a_policy_is_stored_once(f: &Fixture) {
    f.writing(|tx| tx.insert_policy(f.organization, &policy(1)));
    assert_eq!(conflict_of(f.try_writing(|tx| tx.insert_policy(f.organization, &policy(1)))), "policy");
    f.writing(|tx| tx.insert_policy(f.other, &policy(1)));
}

fn the_newest_activation_of_a_policy_comes_first(f: &Fixture) {
    with_policies(f);
    f.writing(|tx| tx.insert_policy_activation(f.organization, &activation(1, Some(1))));
    f.writing(|tx| tx.insert_policy_activation(f.organization, &activation(2, None)));
    assert_eq!(f.reading(|tx| tx.policy_activations(f.organization, 1)), [activation(2, None)]);
    assert_eq!(f.reading(|tx| tx.policy_activations(f.organization, 9)).len(), 2);
    assert!(f.reading(|tx| tx.policy_activations(f.other, 9)).is_empty());
}

fn a_policy_that_is_not_there_cannot_be_put_in_force(f: &Fixture) {
    assert!(f.try_writing(|tx| tx.insert_policy_activation(f.organization, &activation(1, Some(9)))).is_err());
}

/// A contact with a merged transaction decided under policy 1 and a direct record made under the shipped one.
fn merged(f: &Fixture) -> TransactionRow {
    with_policies(f);
    f.insert_contacts(&[1, 2]);
    let row = TransactionRow { policy: 1, ..f.transaction(State::Merged) };
    f.writing(|tx| tx.insert_transactions(f.organization, std::slice::from_ref(&row)));
    f.writing(|tx| {
        tx.insert_direct_records(f.organization, &[f.direct(1, RecordKind::Create), f.direct(2, RecordKind::Load)])
    });
    row
}

/// The policies of a contact's records, in order of receipt.
fn folded_by(f: &Fixture, contact: i64) -> Vec<i64> {
    let records = f.reading(|tx| tx.source_records(f.organization, &[ContactId(contact)]));
    records.iter().map(|row| row.record.policy.as_ref().map_or(0, |policy| policy.number())).collect()
}

fn records_come_with_the_policy_that_they_were_decided_under(f: &Fixture) {
    merged(f);
    assert_eq!((folded_by(f, 1), folded_by(f, 2)), (vec![1, 0], vec![0]));
    let records = f.reading(|tx| tx.source_records(f.organization, &[ContactId(1)]));
    assert_eq!(records[0].record.policy.as_ref().unwrap().document(), &policy(1).document);
    let mut again = records[0].clone();
    (again.record.id, again.record.kind) = (f.record_id(), RecordKind::Edit);
    f.writing(|tx| tx.insert_direct_records(f.organization, std::slice::from_ref(&again)));
    assert_eq!(folded_by(f, 1), [1, 0, 1]);
}

fn a_contact_is_folded_by_another_policy_and_back(f: &Fixture) {
    merged(f);
    let refold = |policy| f.writing(|tx| tx.refold_records(f.organization, &[ContactId(1)], policy));
    refold(Some(2));
    assert_eq!((folded_by(f, 1), folded_by(f, 2)), (vec![2, 2], vec![0]));
    refold(Some(0));
    assert_eq!(folded_by(f, 1), [0, 0]);
    refold(None);
    assert_eq!(folded_by(f, 1), [1, 0]);
    f.writing(|tx| tx.refold_records(f.other, &[ContactId(1)], Some(2)));
    assert_eq!(folded_by(f, 1), [1, 0]);
}

fn a_record_that_is_decided_anew_has_its_own_policy_again(f: &Fixture) {
    let row = merged(f);
    f.writing(|tx| tx.refold_records(f.organization, &[ContactId(1)], Some(0)));
    let change = |expected, state, policy| Settlement {
        contact: row.contact,
        individual: row.individual,
        first_item: row.first_item,
        policy,
        ..crate::fixture::settlement(row.id, expected, state)
    };
    f.writing(|tx| tx.settle_transactions(f.organization, &[change(State::Merged, State::NeedsUpdate, 1)]));
    f.writing(|tx| tx.settle_transactions(f.organization, &[change(State::NeedsUpdate, State::Merged, 2)]));
    assert_eq!(folded_by(f, 1), [2, 0]);
}
