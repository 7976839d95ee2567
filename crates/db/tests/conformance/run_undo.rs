//! Runs that are taken back.

use crate::fixture::{Fixture, at, conflict_of, decision};
use tributary_contact::RunId;
use tributary_contact::state::State;
use tributary_store::{LeftRow, RunUndoRow};

cases!(
    an_undo_is_stored_with_how_far_it_has_come,
    the_rows_of_a_run_are_those_whose_decisions_stand,
    rows_that_stay_are_listed_apart,
);

fn undo(run: i64) -> RunUndoRow {
    RunUndoRow {
        run: RunId(run),
        afterwards: "review".to_owned(),
        position: None,
        reversed: 0,
        untouched: 0,
        actor: "staff:ann".to_owned(),
        started_at: at(1),
        finished_at: None,
    }
}

fn an_undo_is_stored_with_how_far_it_has_come(f: &Fixture) {
    f.writing(|tx| tx.insert_run_undo(f.organization, &undo(3)));
    let again = f.try_writing(|tx| tx.insert_run_undo(f.organization, &undo(3)));
    assert_eq!(conflict_of(again), "run_undo");
    let further = RunUndoRow { position: Some(f.record_id()), reversed: 7, untouched: 2, ..undo(3) };
    f.writing(|tx| tx.update_run_undo(f.organization, &further));
    assert_eq!(f.reading(|tx| tx.open_run_undos(f.organization)), std::slice::from_ref(&further));
    assert_eq!(f.reading(|tx| tx.run_undo(f.other, RunId(3))), None);
    let done = RunUndoRow { finished_at: Some(at(9)), ..further };
    f.writing(|tx| tx.update_run_undo(f.organization, &done));
    assert_eq!(f.reading(|tx| tx.run_undo(f.organization, RunId(3))), Some(done));
    assert_eq!(f.reading(|tx| tx.open_run_undos(f.organization)), []);
    let unknown = f.try_writing(|tx| tx.update_run_undo(f.organization, &undo(4)));
    assert_eq!(conflict_of(unknown), "run_undo");
}

fn the_rows_of_a_run_are_those_whose_decisions_stand(f: &Fixture) {
    let (one, two, other) = (f.record_id(), f.record_id(), f.record_id());
    let of = |run, id| tributary_store::DecisionRow { run: Some(RunId(run)), ..decision(id, 1, State::Created) };
    f.writing(|tx| tx.insert_decisions(f.organization, &[of(1, two), of(1, one), of(2, other)]));
    assert_eq!(f.reading(|tx| tx.run_rows(f.organization, RunId(1))), [one, two]);
    f.writing(|tx| tx.mark_undone(f.organization, &[(one, 1)], at(9)));
    assert_eq!(f.reading(|tx| tx.run_rows(f.organization, RunId(1))), [two]);
    let again = f.try_writing(|tx| tx.mark_undone(f.organization, &[(two, 1), (one, 1)], at(9)));
    assert_eq!(conflict_of(again), "decision");
    f.writing(|tx| tx.mark_undone(f.organization, &[], at(9)));
    assert_eq!(f.reading(|tx| tx.run_rows(f.organization, RunId(1))), [two], "all or nothing");
}

fn rows_that_stay_are_listed_apart(f: &Fixture) {
    let left = |failed, reason: &str| LeftRow { transaction: f.record_id(), failed, reason: reason.to_owned() };
    let (kept, failed, kept_too) = (left(false, "edited"), left(true, "failed"), left(false, "decidedSince"));
    let all = [kept.clone(), failed.clone(), kept_too.clone()];
    f.writing(|tx| tx.insert_left_rows(f.organization, RunId(1), &all));
    f.writing(|tx| tx.insert_left_rows(f.organization, RunId(1), &all));
    let page = |failed, skip| f.reading(|tx| tx.left_rows(f.organization, RunId(1), failed, skip, 10));
    assert_eq!(page(false, 0), [kept, kept_too.clone()]);
    assert_eq!(page(false, 1), [kept_too]);
    assert_eq!(page(true, 0), [failed]);
    let count = |run, failed| f.reading(|tx| tx.left_count(f.organization, RunId(run), failed));
    assert_eq!((count(1, false), count(1, true), count(2, false)), (2, 1, 0));
}
