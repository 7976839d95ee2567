//! Rows that wait for a person, and what is said about them.

use crate::fixture::{Fixture, at, conflict_of, decision};
use tributary_contact::state::{Reason, State};
use tributary_contact::{RecordId, Reference, UserId};
use tributary_store::{
    Assignee, BucketCount, BucketOrder, DecisionRow, NeedsUpdateFilter, ReviewAction, ReviewRow, ReviewStepRow,
    TransactionRow,
};

cases!(
    rows_are_found_by_whose_they_are,
    rows_are_found_by_whether_their_senders_were_asked,
    rows_are_found_and_ordered_by_their_score,
    rows_are_found_by_when_they_were_received,
    the_bucket_is_counted_by_reason_and_source,
    pages_follow_each_other_in_every_order,
    what_is_said_takes_the_place_of_what_was_said,
    steps_are_kept_in_order_and_their_numbers_taken_once,
    the_corrections_of_a_decision_are_found_again,
);

fn waits(f: &Fixture, reason: Reason, source: Option<&str>) -> TransactionRow {
    let mut row = TransactionRow { reason: Some(reason), ..f.transaction(State::NeedsUpdate) };
    row.submission.reference = source.map(|source| Reference { source: source.to_owned(), id: "1".to_owned() });
    row
}

/// Three rows: two of a, one without a reference.
fn three(f: &Fixture) -> [RecordId; 3] {
    let rows = [
        waits(f, Reason::Conflict, Some("a")),
        TransactionRow { received_at: at(7), ..waits(f, Reason::Ambiguous, Some("a")) },
        TransactionRow { received_at: at(9), ..waits(f, Reason::Conflict, None) },
    ];
    f.writing(|tx| tx.insert_transactions(f.organization, &rows));
    f.writing(|tx| tx.insert_transactions(f.organization, &[f.transaction(State::Created)]));
    rows.map(|row| row.id)
}

fn found(f: &Fixture, filter: &NeedsUpdateFilter) -> Vec<RecordId> {
    let rows = f.reading(|tx| tx.needs_update_page(f.organization, filter, 0, 9));
    let count = f.reading(|tx| tx.needs_update_count(f.organization, filter));
    assert_eq!(usize::try_from(count).unwrap(), rows.len());
    let ids = f.reading(|tx| tx.needs_update_ids(f.organization, filter, 0, 9));
    assert_eq!(ids, rows.iter().map(|row| row.id).collect::<Vec<_>>());
    rows.into_iter().map(|row| row.id).collect()
}

fn said(transaction: RecordId) -> ReviewRow {
    ReviewRow { transaction, assignee: None, question: None, asked_at: None, steps: 1 }
}

fn rows_are_found_by_whose_they_are(f: &Fixture) {
    let [first, second, third] = three(f);
    let given = [ReviewRow { assignee: Some(UserId(4)), ..said(second) }, said(third)];
    f.writing(|tx| tx.put_reviews(f.organization, &given));
    let of = |assignee| NeedsUpdateFilter { assignee: Some(assignee), ..NeedsUpdateFilter::default() };
    assert_eq!(found(f, &of(Assignee::User(UserId(4)))), [second]);
    assert!(found(f, &of(Assignee::User(UserId(5)))).is_empty());
    assert_eq!(found(f, &of(Assignee::Nobody)), [first, third]);
}

fn rows_are_found_by_whether_their_senders_were_asked(f: &Fixture) {
    let [first, second, third] = three(f);
    let asked = ReviewRow { question: Some("Who?".to_owned()), asked_at: Some(at(3)), ..said(first) };
    f.writing(|tx| tx.put_reviews(f.organization, &[asked.clone(), said(second)]));
    let of = |asked| NeedsUpdateFilter { asked: Some(asked), ..NeedsUpdateFilter::default() };
    assert_eq!((found(f, &of(true)), found(f, &of(false))), (vec![first], vec![second, third]));
}

fn rows_are_found_and_ordered_by_their_score(f: &Fixture) {
    let [first, second, third] = three(f);
    let scored = |id, number, score| DecisionRow { score, ..decision(id, number, State::NeedsUpdate) };
    let decisions = [
        scored(first, 1, Some(9.0)),
        // The latest with a score counts.
        scored(second, 1, Some(1.0)),
        scored(second, 2, Some(-2.5)),
        scored(second, 3, None),
    ];
    f.writing(|tx| tx.insert_decisions(f.organization, &decisions));
    let by = |order| NeedsUpdateFilter { order, ..NeedsUpdateFilter::default() };
    assert_eq!(found(f, &by(BucketOrder::Surest)), [first, second, third]);
    assert_eq!(found(f, &by(BucketOrder::LeastSure)), [third, second, first]);
    let from = |score_from| NeedsUpdateFilter { score_from: Some(score_from), ..NeedsUpdateFilter::default() };
    assert_eq!((found(f, &from(-2.5)), found(f, &from(-2.0))), (vec![first, second], vec![first]));
    let below = NeedsUpdateFilter { score_below: Some(9.0), ..from(-5.0) };
    assert_eq!(found(f, &below), [second]);
}

fn rows_are_found_by_when_they_were_received(f: &Fixture) {
    let [first, second, third] = three(f);
    let between = |received_from, received_before| NeedsUpdateFilter {
        received_from,
        received_before,
        ..NeedsUpdateFilter::default()
    };
    assert_eq!(found(f, &between(Some(at(7)), None)), [second, third]);
    assert_eq!(found(f, &between(Some(at(1)), Some(at(9)))), [first, second]);
}

fn the_bucket_is_counted_by_reason_and_source(f: &Fixture) {
    three(f);
    let counts = |filter: &NeedsUpdateFilter| f.reading(|tx| tx.needs_update_counts(f.organization, filter));
    let count = |reason, source: Option<&str>, oldest| BucketCount {
        reason: Some(reason),
        source: source.map(str::to_owned),
        count: 1,
        oldest: at(oldest),
    };
    let all = NeedsUpdateFilter::default();
    let ambiguous = count(Reason::Ambiguous, Some("a"), 7);
    let conflicts = [count(Reason::Conflict, None, 9), count(Reason::Conflict, Some("a"), 1)];
    assert_eq!(counts(&all), [ambiguous, conflicts[0].clone(), conflicts[1].clone()]);
    assert_eq!(counts(&NeedsUpdateFilter { reason: Some(Reason::Conflict), ..all.clone() }), conflicts);
    f.writing(|tx| tx.insert_transactions(f.organization, &[waits(f, Reason::Conflict, Some("a"))]));
    assert_eq!(counts(&all)[0], BucketCount { count: 2, ..conflicts[1].clone() });
    assert!(f.reading(|tx| tx.needs_update_counts(f.other, &all)).is_empty());
}

fn pages_follow_each_other_in_every_order(f: &Fixture) {
    let mut ids = three(f).to_vec();
    let more: Vec<TransactionRow> = (0..4).map(|_| waits(f, Reason::Doubtful, Some("b"))).collect();
    f.writing(|tx| tx.insert_transactions(f.organization, &more));
    ids.extend(more.iter().map(|row| row.id));
    // Three of them have one score, two have none.
    let scores = [(1, 3.0), (3, 3.0), (4, 3.0), (6, 7.5), (0, -2.0)];
    let decided: Vec<DecisionRow> = scores
        .iter()
        .map(|(place, score)| DecisionRow { score: Some(*score), ..decision(ids[*place], 1, State::NeedsUpdate) })
        .collect();
    f.writing(|tx| tx.insert_decisions(f.organization, &decided));
    for order in [BucketOrder::Oldest, BucketOrder::Newest, BucketOrder::Surest, BucketOrder::LeastSure] {
        let whole = found(f, &NeedsUpdateFilter { order, ..NeedsUpdateFilter::default() });
        assert_eq!(whole.len(), 7);
        let (mut seen, mut after): (Vec<RecordId>, _) = (Vec::new(), None);
        loop {
            let filter = NeedsUpdateFilter { order, after, ..NeedsUpdateFilter::default() };
            let page = f.reading(|tx| tx.needs_update_page(f.organization, &filter, 0, 2));
            seen.extend(page.iter().map(|row| row.id));
            after = page.last().map(|row| row.id);
            if page.len() < 2 {
                break;
            }
        }
        assert_eq!(seen, whole, "{order:?}");
    }
    let up_to = NeedsUpdateFilter { up_to: Some(ids[2]), ..NeedsUpdateFilter::default() };
    assert_eq!(found(f, &up_to), ids[..3]);
}

fn what_is_said_takes_the_place_of_what_was_said(f: &Fixture) {
    let [first, second, _] = three(f);
    let before = [said(first), ReviewRow { assignee: Some(UserId(2)), ..said(second) }];
    f.writing(|tx| tx.put_reviews(f.organization, &before));
    let after = ReviewRow { question: Some("Who?".to_owned()), asked_at: Some(at(3)), steps: 2, ..before[1].clone() };
    f.writing(|tx| tx.put_reviews(f.organization, std::slice::from_ref(&after)));
    let now = f.reading(|tx| tx.reviews(f.organization, &[second, f.record_id(), first]));
    assert_eq!(now, [before[0].clone(), after]);
    assert!(f.reading(|tx| tx.reviews(f.other, &[first, second])).is_empty());
}

fn steps_are_kept_in_order_and_their_numbers_taken_once(f: &Fixture) {
    let id = f.record_id();
    let step = |number, action| ReviewStepRow {
        transaction: id,
        number,
        action,
        assignee: (action == ReviewAction::Assign).then_some(UserId(3)),
        question: (action == ReviewAction::Ask).then(|| "Who?".to_owned()),
        actor: "staff:ann".to_owned(),
        at: at(i64::from(number)),
    };
    let steps = [step(1, ReviewAction::Assign), step(2, ReviewAction::Ask), step(3, ReviewAction::Unassign)];
    f.writing(|tx| tx.insert_review_steps(f.organization, &[steps[2].clone(), steps[0].clone(), steps[1].clone()]));
    assert_eq!(f.reading(|tx| tx.review_steps(f.organization, id)), steps);
    assert!(f.reading(|tx| tx.review_steps(f.other, id)).is_empty());
    let again = f.try_writing(|tx| tx.insert_review_steps(f.organization, &steps[1..2]));
    assert_eq!(conflict_of(again), "review_step");
}

fn the_corrections_of_a_decision_are_found_again(f: &Fixture) {
    let (id, one, two) = (f.record_id(), f.record_id(), f.record_id());
    f.writing(|tx| tx.insert_choices(f.organization, id, 2, &[two, one]));
    assert_eq!(f.reading(|tx| tx.choices(f.organization, id, 2)), [one, two]);
    assert!(f.reading(|tx| tx.choices(f.organization, id, 1)).is_empty());
    assert!(f.reading(|tx| tx.choices(f.other, id, 2)).is_empty());
}
