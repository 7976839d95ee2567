//! Plans of the queries about rows that wait for a person, pairs of contacts, erasures, and runs taken back.

use super::Reach::{Keys, Organization};
use super::{HotMain, ORG, hot, id, now, reference};
use chrono::TimeDelta;
use tributary_contact::state::Reason;
use tributary_contact::{ContactId, RunId, UserId};
use tributary_store::{
    Assignee, BucketOrder, BucketPart, DuplicateScanRow, Gone, NeedsUpdateFilter, PairBand, PairClosed, PairFilter,
    ReadTx, RunUndoRow, SuggestionClosed, SuggestionEnd, SuggestionFilter, TombstoneKind, TombstoneRow,
};
use uuid::Uuid;

const OPEN: &[&str] = &["contact_transaction_open"];
const REVIEWED: &[&str] = &["contact_transaction_open", "transaction_review_pkey"];
const SCORED: &[&str] = &["contact_transaction_open", "decision_pkey"];
/// Either end of a pair is found by an index of its own.
const PAIRS: &[&str] = &["duplicate_pair_pkey", "duplicate_pair_other"];

/// What people and scans ask for all day, and what an erasure goes through.
pub(crate) const WAITING: &[HotMain] = &[
    hot("the bucket by reason", OPEN, Keys, |tx| {
        bucket(tx, NeedsUpdateFilter { reason: Some(Reason::Doubtful), ..NeedsUpdateFilter::default() });
    }),
    hot("the bucket by source", OPEN, Keys, |tx| {
        bucket(tx, NeedsUpdateFilter { source: Some("a".to_owned()), ..NeedsUpdateFilter::default() });
    }),
    hot("the bucket by receipt", OPEN, Keys, |tx| {
        let until = now() + TimeDelta::days(1);
        let received = (Some(now()), Some(until));
        let (received_from, received_before) = received;
        bucket(tx, NeedsUpdateFilter { received_from, received_before, ..NeedsUpdateFilter::default() });
    }),
    hot("somebody's rows", REVIEWED, Keys, |tx| {
        let assignee = Some(Assignee::User(UserId(1)));
        bucket(tx, NeedsUpdateFilter { assignee, ..NeedsUpdateFilter::default() });
    }),
    hot("nobody's rows", REVIEWED, Keys, |tx| {
        bucket(tx, NeedsUpdateFilter { assignee: Some(Assignee::Nobody), ..NeedsUpdateFilter::default() });
    }),
    hot("rows whose sender was asked", REVIEWED, Keys, |tx| {
        bucket(tx, NeedsUpdateFilter { asked: Some(true), ..NeedsUpdateFilter::default() });
    }),
    hot("the bucket by score", SCORED, Keys, |tx| {
        let scores = (Some(1.0), Some(9.0));
        let (score_from, score_below) = scores;
        bucket(tx, NeedsUpdateFilter { score_from, score_below, ..NeedsUpdateFilter::default() });
    }),
    hot("the surest rows", SCORED, Keys, |tx| {
        let filter = NeedsUpdateFilter { order: BucketOrder::Surest, ..NeedsUpdateFilter::default() };
        drop(tx.needs_update_page(ORG, &filter, 0, 9).unwrap());
    }),
    hot("the bucket from a row on", OPEN, Keys, |tx| {
        let filter = NeedsUpdateFilter { after: Some(id()), ..NeedsUpdateFilter::default() };
        drop(tx.needs_update_page(ORG, &filter, 0, 9).unwrap());
    }),
    hot("what was said about rows", &["transaction_review_pkey"], Keys, |tx| {
        drop(tx.reviews(ORG, &[id()]).unwrap());
        tx.put_reviews(ORG, &[]).unwrap();
    }),
    hot("steps of a row", &["review_step_pkey"], Keys, |tx| drop(tx.review_steps(ORG, id()).unwrap())),
    hot("choices of a decision", &["decision_choice_pkey"], Keys, |tx| drop(tx.choices(ORG, id(), 1).unwrap())),
    hot("the newest scan", &["duplicate_scan_pkey"], Organization, |tx| {
        drop(tx.newest_duplicate_scan(ORG).unwrap());
    }),
    hot("the open scan", &["duplicate_scan_"], Organization, |tx| drop(tx.open_duplicate_scan(ORG).unwrap())),
    hot("how many contacts there are", &["contact_pkey"], Organization, |tx| {
        assert!(tx.contacts_in_all(ORG).is_ok());
    }),
    hot("contacts of a chunk of a scan", &["contact_pkey"], Keys, |tx| {
        drop(tx.contacts_between(ORG, ContactId(1), ContactId(9), 9).unwrap());
    }),
    hot("pairs of contacts", PAIRS, Keys, |tx| drop(tx.duplicate_pairs_of(ORG, &[ContactId(1)]).unwrap())),
    hot("the open pairs", &["duplicate_pair_open"], Organization, |tx| {
        let surest = PairFilter::default();
        drop(tx.duplicate_pair_page(ORG, surest, 0, 9).unwrap());
        assert!(tx.duplicate_pair_count(ORG, surest).is_ok());
        assert!(tx.duplicate_pair_count(ORG, PairFilter { band: Some(PairBand::Certain), ..surest }).is_ok());
    }),
    hot("the pairs of a contact", PAIRS, Keys, |tx| {
        let filter = PairFilter { contact: Some(ContactId(1)), closed: true, ..PairFilter::default() };
        assert!(tx.duplicate_pair_count(ORG, filter).is_ok());
    }),
    hot("pairs replaced", PAIRS, Keys, |tx| tx.replace_duplicate_pairs(ORG, &[ContactId(1)], &[]).unwrap()),
    hot("pairs closed", PAIRS, Keys, |tx| {
        tx.close_duplicate_pairs(ORG, &[ContactId(1)], PairClosed::Merged, now()).unwrap();
    }),
    hot("a scan goes on", &["duplicate_scan_pkey"], Keys, |tx| drop(tx.update_duplicate_scan(ORG, &scan()))),
    hot("what is suggested", &["merge_suggestion_"], Organization, |tx| {
        drop(tx.merge_suggestions(ORG, SuggestionFilter::default(), 0, 9).unwrap());
    }),
    hot("what is suggested of a contact", &["merge_suggestion_contact", "merge_suggestion_other"], Keys, |tx| {
        let end = SuggestionEnd { reason: SuggestionClosed::Gone, by: String::new(), at: now() };
        tx.close_merge_suggestions_about(ORG, &[ContactId(1)], &end).unwrap();
    }),
    hot("tombstones", &["tombstone_pkey"], Keys, |tx| drop(tx.tombstones(ORG, &[Uuid::nil()]).unwrap())),
    hot("a tombstone lifted", &["tombstone_erasure", "erasure_pkey"], Keys, |tx| {
        let stone = TombstoneRow { hash: Uuid::nil(), kind: TombstoneKind::Email, erasure: 1 };
        tx.insert_tombstones(ORG, &[stone]).unwrap();
        drop(tx.lift_tombstones(ORG, 1, "staff", now()));
    }),
    hot("events of an erased contact", &["event_contact"], Keys, |tx| {
        drop(tx.events_about(ORG, &[ContactId(1)]).unwrap());
        drop(tx.events_about_nobody(ORG, &[now()]).unwrap());
    }),
    hot("changes of an erased contact", &["audit_pkey"], Keys, |tx| {
        drop(tx.audit_about(ORG, &[ContactId(1)]).unwrap());
    }),
    hot("changes blanked", &["audit_position"], Keys, |tx| tx.erase_audit(ORG, &[(1, vec![0])]).unwrap()),
    hot(
        "rows blanked",
        &["contact_transaction_pkey", "transaction_correction_pkey", "decision_pkey", "transaction_review_pkey"],
        Keys,
        |tx| tx.erase_transactions(ORG, &[id()], now()).unwrap(),
    ),
    hot("events blanked", &["event_pkey", "attempt_pkey"], Keys, |tx| {
        tx.erase_events(ORG, &[(Uuid::nil(), "{}".to_owned())]).unwrap();
    }),
    // Who was merged with whom, what is not one, and answers of today are few: they are looked through.
    hot("merges of an erased contact", &["contact_merge_"], Organization, |tx| {
        drop(tx.merges_about(ORG, &[ContactId(1)]).unwrap());
    }),
    hot("what is beside an erased contact", &["contact_note_", "duplicate_pair_"], Organization, |tx| {
        let (contacts, references) = ([ContactId(-1)], [reference()]);
        let gone = Gone {
            contacts: &contacts,
            individuals: &[],
            records: &[],
            references: &references,
            gifts: &[],
            words: &[],
        };
        tx.erase_beside(ORG, &gone).unwrap();
    }),
    hot("rows of a run", &["decision_run"], Keys, |tx| drop(tx.run_rows(ORG, RunId(1)).unwrap())),
    hot("undos under way", &["run_undo_"], Organization, |tx| drop(tx.open_run_undos(ORG).unwrap())),
    hot("how far an undo has come", &["run_undo_pkey"], Keys, |tx| drop(tx.update_run_undo(ORG, &undo()))),
    hot("decisions taken back", &["decision_pkey"], Keys, |tx| tx.mark_undone(ORG, &[(id(), 1)], now()).unwrap()),
    hot("rows an undo left", &["run_undo_left_pkey"], Keys, |tx| {
        drop(tx.left_rows(ORG, RunId(1), true, 0, 9).unwrap());
        assert!(tx.left_count(ORG, RunId(1), false).is_ok());
    }),
];

/// A page of the bucket, how many there are, and how they are spread.
fn bucket(tx: &mut (impl ReadTx + ?Sized), filter: NeedsUpdateFilter) {
    drop(tx.needs_update_page(ORG, &filter, 0, 9).unwrap());
    assert!(tx.needs_update_count(ORG, &filter).is_ok());
    for part in [BucketPart::Reason, BucketPart::Source] {
        drop(tx.needs_update_counts(ORG, &filter, part).unwrap());
    }
}

fn scan() -> DuplicateScanRow {
    DuplicateScanRow {
        id: 1,
        position: ContactId(1),
        last_contact: ContactId(9),
        contacts: 1,
        total: 9,
        weights_version: String::new(),
        actor: String::new(),
        started_at: now(),
        finished_at: None,
    }
}

fn undo() -> RunUndoRow {
    RunUndoRow {
        run: RunId(1),
        afterwards: "review".to_owned(),
        position: None,
        reversed: 0,
        untouched: 0,
        actor: String::new(),
        started_at: now(),
        finished_at: None,
    }
}
