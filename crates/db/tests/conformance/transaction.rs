//! Contact transactions and decisions.

use crate::fixture::{Fixture, at, conflict_of, decision, reference, settlement, submission};
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{ContactId, ItemId, RecordId, Reference, RunId};
use tributary_store::{
    BucketOrder, CorrectionRow, DecisionRow, NeedsUpdateFilter, Settlement, StateCount, TransactionFilter,
    TransactionRow,
};

cases!(
    a_transaction_reads_back_as_it_was_stored,
    a_transaction_moves_here_once,
    known_ids_are_told_from_unknown_ones,
    transactions_are_found_by_reference_newest_first,
    transactions_of_a_state_come_in_order_of_receipt,
    the_bucket_is_filtered_and_paged_oldest_first,
    states_are_counted_per_reason,
    settling_changes_everything_but_the_content,
    a_correction_counts_and_what_was_sent_stays,
    corrections_are_kept_one_by_one,
    a_correction_of_nothing_is_a_conflict,
    settling_from_another_state_rolls_back_all,
    a_contact_is_kept_in_the_states_of_a_contact_only,
    decisions_come_first_to_last,
    a_decision_number_is_taken_once,
    the_latest_decision_of_each_is_found,
    a_decision_is_undone_once,
    every_transaction_is_exported_in_order_of_receipt,
    transactions_are_looked_through_the_newest_first,
);

fn insert(f: &Fixture, states: &[State]) -> Vec<TransactionRow> {
    let rows: Vec<_> = states.iter().map(|state| f.transaction(*state)).collect();
    f.writing(|tx| tx.insert_transactions(f.organization, &rows));
    rows
}

fn ids(rows: &[TransactionRow]) -> Vec<RecordId> {
    rows.iter().map(|row| row.id).collect()
}

fn one(f: &Fixture, id: RecordId) -> TransactionRow {
    f.reading(|tx| tx.transactions(f.organization, &[id])).remove(0)
}

fn a_transaction_reads_back_as_it_was_stored(f: &Fixture) {
    let merged = TransactionRow {
        key_id: Some(4),
        level: Some(Level::Household),
        reason: Some(Reason::SensitiveChange),
        ..f.transaction(State::Merged)
    };
    let held = TransactionRow { run: None, decided_at: None, ..f.transaction(State::Held) };
    f.writing(|tx| tx.insert_transactions(f.organization, &[held.clone(), merged.clone()]));
    let found = f.reading(|tx| tx.transactions(f.organization, &[held.id, f.record_id(), merged.id]));
    assert_eq!(found, [merged.clone(), held]);
    assert!(f.reading(|tx| tx.transactions(f.other, &[merged.id])).is_empty());
}

fn a_transaction_moves_here_once(f: &Fixture) {
    let rows = insert(f, &[State::Created]);
    let again = f.try_writing(|tx| tx.insert_transactions(f.organization, &rows));
    assert_eq!(conflict_of(again), "contact_transaction");
}

fn known_ids_are_told_from_unknown_ones(f: &Fixture) {
    let rows = insert(f, &[State::Created, State::Held]);
    let asked = [rows[1].id, f.record_id(), rows[0].id];
    assert_eq!(f.reading(|tx| tx.known_transactions(f.organization, &asked)), ids(&rows));
    assert!(f.reading(|tx| tx.known_transactions(f.other, &asked)).is_empty());
}

fn transactions_are_found_by_reference_newest_first(f: &Fixture) {
    let rows = insert(f, &[State::Created, State::Merged, State::Rejected]);
    let found = f.reading(|tx| tx.transactions_by_reference(f.organization, &reference("r"), 2));
    assert_eq!(found, [rows[2].clone(), rows[1].clone()]);
    let unknown = Reference { source: "Elsewhere".to_owned(), id: "r".to_owned() };
    assert!(f.reading(|tx| tx.transactions_by_reference(f.organization, &unknown, 2)).is_empty());
}

fn transactions_of_a_state_come_in_order_of_receipt(f: &Fixture) {
    let rows = insert(f, &[State::Held, State::Created, State::Held, State::Held, State::Created]);
    let page =
        |state, after, limit| ids(&f.reading(|tx| tx.transactions_in_state(f.organization, state, after, limit)));
    assert_eq!(page(State::Held, None, 2), [rows[0].id, rows[2].id]);
    assert_eq!(page(State::Held, Some(rows[2].id), 2), [rows[3].id]);
    assert_eq!(page(State::Created, None, 9), [rows[1].id, rows[4].id]);
    assert!(page(State::Rejected, None, 9).is_empty());
}

fn the_bucket_is_filtered_and_paged_oldest_first(f: &Fixture) {
    let waits = |reason, source: &str| {
        let mut row = TransactionRow { reason: Some(reason), ..f.transaction(State::NeedsUpdate) };
        row.submission.reference = Some(Reference { source: source.to_owned(), id: "1".to_owned() });
        row
    };
    let rows = [waits(Reason::Conflict, "a"), waits(Reason::Ambiguous, "a"), waits(Reason::Conflict, "b")];
    f.writing(|tx| tx.insert_transactions(f.organization, &rows));
    insert(f, &[State::Created, State::Held]);
    let check = |reason, source: Option<&str>, expected: &[RecordId]| {
        let filter = NeedsUpdateFilter { reason, source: source.map(str::to_owned), ..NeedsUpdateFilter::default() };
        assert_eq!(ids(&f.reading(|tx| tx.needs_update_page(f.organization, &filter, 0, 9))), expected);
        let count = f.reading(|tx| tx.needs_update_count(f.organization, &filter));
        assert_eq!(usize::try_from(count).unwrap(), expected.len());
    };
    check(None, None, &ids(&rows));
    check(Some(Reason::Conflict), None, &[rows[0].id, rows[2].id]);
    check(None, Some("a"), &[rows[0].id, rows[1].id]);
    check(Some(Reason::Conflict), Some("b"), &[rows[2].id]);
    check(Some(Reason::Generation), None, &[]);
    let second = f.reading(|tx| tx.needs_update_page(f.organization, &NeedsUpdateFilter::default(), 1, 1));
    assert_eq!(second, [rows[1].clone()]);
    let page = |filter: &NeedsUpdateFilter| ids(&f.reading(|tx| tx.needs_update_page(f.organization, filter, 0, 9)));
    let after = NeedsUpdateFilter { after: Some(rows[0].id), ..NeedsUpdateFilter::default() };
    assert_eq!(page(&after), [rows[1].id, rows[2].id]);
    let newest = NeedsUpdateFilter { order: BucketOrder::Newest, ..NeedsUpdateFilter::default() };
    assert_eq!(page(&newest), [rows[2].id, rows[1].id, rows[0].id]);
    assert_eq!(page(&NeedsUpdateFilter { after: Some(rows[1].id), ..newest }), [rows[0].id]);
    let old = NeedsUpdateFilter { received_before: Some(at(1)), ..NeedsUpdateFilter::default() };
    assert!(page(&old).is_empty());
    assert_eq!(page(&NeedsUpdateFilter { received_before: Some(at(2)), ..old }).len(), 3);
}

fn states_are_counted_per_reason(f: &Fixture) {
    insert(f, &[State::Created, State::Held, State::Created]);
    let waits = TransactionRow { reason: Some(Reason::Household), ..f.transaction(State::NeedsUpdate) };
    f.writing(|tx| tx.insert_transactions(f.organization, std::slice::from_ref(&waits)));
    let count = |state, reason, count| StateCount { state, reason, count };
    let expected = [
        count(State::Held, None, 1),
        count(State::Created, None, 2),
        count(State::NeedsUpdate, Some(Reason::Household), 1),
    ];
    assert_eq!(f.reading(|tx| tx.state_counts(f.organization)), expected);
    assert!(f.reading(|tx| tx.state_counts(f.other)).is_empty());
}

fn settling_changes_everything_but_the_content(f: &Fixture) {
    let rows = insert(f, &[State::Held, State::Held]);
    let merged = Settlement {
        level: Some(Level::Individual),
        reason: Some(Reason::Doubtful),
        contact: Some(ContactId(8)),
        individual: Some(ItemId(9)),
        first_item: Some(ItemId(10)),
        run: Some(RunId(11)),
        ..settlement(rows[0].id, State::Held, State::Merged)
    };
    let rejected = settlement(rows[1].id, State::Held, State::Rejected);
    f.writing(|tx| tx.settle_transactions(f.organization, &[merged.clone(), rejected.clone()]));
    let expected = TransactionRow {
        state: State::Merged,
        level: merged.level,
        reason: merged.reason,
        contact: merged.contact,
        individual: merged.individual,
        first_item: merged.first_item,
        run: merged.run,
        decided_at: Some(at(5)),
        policy: merged.policy,
        ..rows[0].clone()
    };
    assert_eq!(one(f, rows[0].id), expected);
    let plain = one(f, rows[1].id);
    assert_eq!((plain.state, plain.run, plain.contact), (State::Rejected, None, None));
}

fn correction(transaction: RecordId, number: i32, reference: &str) -> CorrectionRow {
    CorrectionRow { transaction, number, submission: submission(reference) }
}

fn a_correction_counts_and_what_was_sent_stays(f: &Fixture) {
    let rows = insert(f, &[State::Created, State::NeedsUpdate]);
    let corrected = correction(rows[0].id, 2, "new");
    f.writing(|tx| tx.insert_corrections(f.organization, std::slice::from_ref(&corrected)));
    let now = one(f, rows[0].id);
    assert_eq!((&now.submission, now.sent.as_deref()), (&submission("new"), Some(&rows[0].submission)));
    assert_eq!(one(f, rows[1].id), rows[1]);
    let assigned = f.reading(|tx| tx.source_records(f.organization, &[ContactId(1)]));
    assert_eq!(assigned[0].record.submission, submission("new"));
    let found = |own: &str| ids(&f.reading(|tx| tx.transactions_by_reference(f.organization, &reference(own), 9)));
    assert_eq!((found("new"), found("r")), (vec![rows[0].id], vec![rows[1].id, rows[0].id]));
    assert!(f.reading(|tx| tx.transactions_by_reference(f.other, &reference("new"), 9)).is_empty());
}

fn corrections_are_kept_one_by_one(f: &Fixture) {
    let rows = insert(f, &[State::NeedsUpdate, State::NeedsUpdate]);
    let all = [correction(rows[0].id, 2, "a"), correction(rows[0].id, 4, "b"), correction(rows[1].id, 2, "a")];
    for one in &all {
        f.writing(|tx| tx.insert_corrections(f.organization, std::slice::from_ref(one)));
    }
    assert_eq!(f.reading(|tx| tx.corrections(f.organization, &[rows[1].id, rows[0].id])), all);
    assert!(f.reading(|tx| tx.corrections(f.other, &[rows[0].id])).is_empty());
    assert_eq!(one(f, rows[0].id).submission, submission("b"));
    let found = f.reading(|tx| tx.transactions_by_reference(f.organization, &reference("a"), 1));
    assert_eq!(ids(&found), [rows[1].id]);
    let again = f.try_writing(|tx| tx.insert_corrections(f.organization, &all[1..2]));
    assert_eq!(conflict_of(again), "transaction_correction");
}

fn a_correction_of_nothing_is_a_conflict(f: &Fixture) {
    let lost = correction(f.record_id(), 2, "new");
    let refused = f.try_writing(|tx| tx.insert_corrections(f.organization, std::slice::from_ref(&lost)));
    assert_eq!(conflict_of(refused), "transaction");
    assert!(f.reading(|tx| tx.corrections(f.organization, &[lost.transaction])).is_empty());
}

fn settling_from_another_state_rolls_back_all(f: &Fixture) {
    let rows = insert(f, &[State::Held, State::Created]);
    let changes =
        [settlement(rows[0].id, State::Held, State::Rejected), settlement(rows[1].id, State::Held, State::Rejected)];
    assert_eq!(conflict_of(f.try_writing(|tx| tx.settle_transactions(f.organization, &changes))), "transaction");
    assert_eq!(one(f, rows[0].id), rows[0]);
}

fn a_contact_is_kept_in_the_states_of_a_contact_only(f: &Fixture) {
    let rows = insert(f, &[State::Created]);
    let contact = Some(ContactId(1));
    let waits = Settlement { contact, ..settlement(rows[0].id, State::Created, State::NeedsUpdate) };
    f.writing(|tx| tx.settle_transactions(f.organization, std::slice::from_ref(&waits)));
    assert_eq!(one(f, rows[0].id).contact, None);
    assert!(f.reading(|tx| tx.source_records(f.organization, &[ContactId(1)])).is_empty());
}

fn decisions_come_first_to_last(f: &Fixture) {
    let id = f.record_id();
    let bare = DecisionRow { run: None, contact: None, individual: None, score: None, ..decision(id, 1, State::Held) };
    let full = DecisionRow {
        level: Some(Level::Household),
        reason: Some(Reason::Undone),
        undone_at: Some(at(7)),
        ..decision(id, 2, State::Merged)
    };
    f.writing(|tx| tx.insert_decisions(f.organization, &[full.clone(), bare.clone()]));
    assert_eq!(f.reading(|tx| tx.decisions(f.organization, id)), [bare, full]);
    assert!(f.reading(|tx| tx.decisions(f.other, id)).is_empty());
}

fn a_decision_number_is_taken_once(f: &Fixture) {
    let row = decision(f.record_id(), 1, State::Created);
    f.writing(|tx| tx.insert_decisions(f.organization, std::slice::from_ref(&row)));
    let again = f.try_writing(|tx| tx.insert_decisions(f.organization, std::slice::from_ref(&row)));
    assert_eq!(conflict_of(again), "decision");
}

fn the_latest_decision_of_each_is_found(f: &Fixture) {
    let (first, second, third) = (f.record_id(), f.record_id(), f.record_id());
    let rows = [
        decision(first, 1, State::NeedsUpdate),
        decision(first, 2, State::Held),
        decision(first, 10, State::Merged),
        decision(second, 1, State::Created),
        decision(third, 1, State::Rejected),
    ];
    f.writing(|tx| tx.insert_decisions(f.organization, &rows));
    let found = f.reading(|tx| tx.latest_decisions(f.organization, &[second, f.record_id(), first]));
    assert_eq!(found, [rows[2].clone(), rows[3].clone()]);
}

fn a_decision_is_undone_once(f: &Fixture) {
    let row = decision(f.record_id(), 1, State::Created);
    f.writing(|tx| tx.insert_decisions(f.organization, std::slice::from_ref(&row)));
    f.writing(|tx| tx.mark_undone(f.organization, &[(row.transaction, 1)], at(6)));
    assert_eq!(f.reading(|tx| tx.decisions(f.organization, row.transaction))[0].undone_at, Some(at(6)));
    let again = f.try_writing(|tx| tx.mark_undone(f.organization, &[(row.transaction, 1)], at(7)));
    assert_eq!(conflict_of(again), "decision");
}

fn every_transaction_is_exported_in_order_of_receipt(f: &Fixture) {
    let rows = insert(f, &[State::Created, State::Rejected, State::Held]);
    let page = |after, limit| ids(&f.reading(|tx| tx.transaction_page(f.organization, after, limit)));
    assert_eq!(page(None, 2), ids(&rows[..2]));
    assert_eq!(page(Some(rows[1].id), 2), ids(&rows[2..]));
}

fn transactions_are_looked_through_the_newest_first(f: &Fixture) {
    let mut rows: Vec<TransactionRow> =
        [State::Created, State::NeedsUpdate, State::Rejected, State::NeedsUpdate, State::Created]
            .map(|state| f.transaction(state))
            .into();
    rows[2].reason = Some(Reason::RejectedByStaff);
    rows[3].submission.fields.insert(tributary_contact::Field::LastName, "O%Neill_Zweig".to_owned());
    f.writing(|tx| tx.insert_transactions(f.organization, &rows));
    let ids: Vec<RecordId> = rows.iter().map(|row| row.id).collect();
    let back = |filter: &TransactionFilter, window| {
        let (found, last) = f.reading(|tx| tx.transactions_back(f.organization, filter, window));
        (found.into_iter().map(|row| row.id).collect::<Vec<_>>(), last)
    };
    let all = TransactionFilter::default();
    assert_eq!(back(&all, 9), (ids.iter().rev().copied().collect(), None));
    assert_eq!(back(&all, 2), (vec![ids[4], ids[3]], Some(ids[3])));
    let created = TransactionFilter { state: Some(State::Created), before: Some(ids[4]), ..all.clone() };
    assert_eq!((back(&created, 2), back(&created, 9)), ((vec![], Some(ids[2])), (vec![ids[0]], None)));
    // Of the open states a window is one of their own rows.
    let waits = TransactionFilter { state: Some(State::NeedsUpdate), ..all.clone() };
    assert_eq!(back(&waits, 2), (vec![ids[3], ids[1]], Some(ids[1])));
    let refused = TransactionFilter { reason: Some(Reason::RejectedByStaff), ..all.clone() };
    assert_eq!(back(&refused, 9).0, [ids[2]]);
    for (text, expected) in [("zweig", vec![ids[3]]), ("o%n", vec![ids[3]]), ("o_n", vec![]), ("l_z", vec![ids[3]])] {
        let named = TransactionFilter { texts: vec![text.to_owned()], ..all.clone() };
        assert_eq!(back(&named, 9).0, expected, "{text}");
    }
    // What a corrected one says now is looked at by whoever asked.
    f.writing(|tx| tx.insert_corrections(f.organization, &[correction(ids[1], 2, "new")]));
    let named = TransactionFilter { texts: vec!["zweig".to_owned()], ..all.clone() };
    assert_eq!(back(&named, 9).0, [ids[3], ids[1]]);
    assert_eq!(f.reading(|tx| tx.transactions_back(f.other, &all, 9)), (vec![], None));
}
