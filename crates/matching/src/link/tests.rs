//! The outcome of a run does not depend on how its rows are cut into chunks.

use super::{OnFile, Settings, Verb, link, run};
use proptest::prelude::*;
use tributary_contact::{Address, Field, Method, Reference, Submission};

/// A submission made of small numbers, so that many of them collide.
fn submission(id: usize, [first, last, email, street]: [u8; 4]) -> Submission {
    let pick = |names: &[&str], at: u8| names.get(usize::from(at)).map(|name| (*name).to_owned());
    let first = pick(&["Anna", "Robert", "Bob", "Christina", "Christine", "Ann"], first);
    let last = pick(&["Miller", "Okafor", "Milller", "Garcia-Lopez"], last);
    let email = pick(&["anna@example.org", "bob.miller@example.org", "family@example.org"], email);
    let street = pick(&["12 Oak Street Apt 4", "12 Oak St", "900 Elm Ave", "PO Box 7"], street);
    let fields = [(Field::FirstName, first), (Field::LastName, last)];
    Submission {
        reference: Some(Reference { source: "test".to_owned(), id: format!("T{id}") }),
        fields: fields.into_iter().filter_map(|(field, value)| Some((field, value?))).collect(),
        methods: email
            .into_iter()
            .map(|value| Method { label: "Home Email".to_owned(), value, opted_in: None, primary: false })
            .collect(),
        addresses: street
            .into_iter()
            .map(|street| Address { address1: Some(street), postal: Some("43215".to_owned()), ..Address::default() })
            .collect(),
        ..Submission::default()
    }
}

fn rows() -> impl Strategy<Value = Vec<[u8; 4]>> {
    prop::collection::vec([0..8_u8, 0..6_u8, 0..8_u8, 0..8_u8], 0..24)
}

proptest! {
    #[test]
    fn chunks_do_not_change_the_outcome(file in rows(), incoming in rows(), chunk in 1..12_usize) {
        let on_file = || file.iter().enumerate().map(|(id, row)| OnFile { group: format!("H{}", id / 2), submission: submission(1000 + id, *row) }).collect();
        let transactions: Vec<Submission> = incoming.iter().enumerate().map(|(id, row)| submission(id, *row)).collect();
        let one_by_one = run(on_file(), &transactions, &Settings::default(), 1);
        let in_chunks = run(on_file(), &transactions, &Settings::default(), chunk);
        prop_assert_eq!(one_by_one.decisions, in_chunks.decisions);
    }
}

#[test]
fn the_same_reference_again_finds_the_first_by_it() {
    let first = submission(1, [0, 0, 0, 0]);
    let mut second = submission(1, [0, 0, 9, 9]);
    second.methods.clear();
    let outcome = link(Vec::new(), &[first, second], &Settings::default()).unwrap();
    let verbs: Vec<Verb> = outcome.decisions.iter().map(|decision| decision.decision).collect();
    assert_eq!(verbs, [Verb::Create, Verb::Merge]);
    assert_eq!(outcome.decisions[1].contact_reference_id.as_deref(), Some("T1"));
}

#[test]
fn a_person_new_in_the_batch_is_found_when_they_come_again() {
    let rows = vec![submission(1, [0, 1, 0, 2]), submission(2, [0, 1, 0, 9])];
    let outcome = link(Vec::new(), &rows, &Settings::default()).unwrap();
    assert_eq!(outcome.decisions[1].decision, Verb::Merge);
    assert_eq!(outcome.decisions[1].contact_reference_id.as_deref(), Some("T1"));
}

#[test]
fn nothing_on_file_and_nothing_coming_in_is_no_work() {
    let outcome = link(Vec::new(), &[], &Settings::default()).unwrap();
    assert!(outcome.decisions.is_empty());
}
