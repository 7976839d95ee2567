//! Runs that are taken back.

use super::{Tx, dialect};
use crate::convert::{Column, bytes, micros};
use crate::error;
use crate::rows::{LeftRecord, Present, RunUndoRecord};
use crate::schema::{decision, run_undo as u, run_undo_left as l};
use diesel::prelude::*;
use tributary_contact::{OrganizationId, RecordId, RunId};
use tributary_store::{LeftRow, ReadRunUndos, RunUndoRow, StoreError, StoreResult, WriteRunUndos};

const RUNNING: &str = "running";

impl ReadRunUndos for Tx<'_> {
    fn run_undo(&mut self, organization: OrganizationId, run: RunId) -> StoreResult<Option<RunUndoRow>> {
        let row = u::table
            .find((organization.0, run.0))
            .select(RunUndoRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(row_from).transpose()
    }

    fn open_run_undos(&mut self, organization: OrganizationId) -> StoreResult<Vec<RunUndoRow>> {
        let rows = u::table
            .filter(u::organization_id.eq(organization.0))
            .filter(diesel::dsl::sql::<diesel::sql_types::Bool>("run_undo.state = 'running'"))
            .order(u::run_id)
            .select(RunUndoRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(row_from).collect()
    }

    fn run_rows(&mut self, organization: OrganizationId, run: RunId) -> StoreResult<Vec<RecordId>> {
        let mut ids: Vec<Vec<u8>> = decision::table
            .filter(decision::organization_id.eq(organization.0))
            .filter(decision::run_id.eq(run.0))
            .filter(decision::undone_at.is_null())
            .order(decision::transaction_id)
            .select(decision::transaction_id)
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        ids.dedup();
        ids.iter().map(|id| Column("decision", "transaction_id").record(id)).collect()
    }

    fn left_rows(
        &mut self,
        organization: OrganizationId,
        run: RunId,
        failed: bool,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<LeftRow>> {
        let rows = l::table
            .filter(l::organization_id.eq(organization.0))
            .filter(l::run_id.eq(run.0))
            .filter(l::outcome.eq(outcome(failed)))
            .order(l::transaction_id)
            .offset(skip)
            .limit(take)
            .select(LeftRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(left_from).collect()
    }

    fn left_count(&mut self, organization: OrganizationId, run: RunId, failed: bool) -> StoreResult<i64> {
        l::table
            .filter(l::organization_id.eq(organization.0))
            .filter(l::run_id.eq(run.0))
            .filter(l::outcome.eq(outcome(failed)))
            .count()
            .get_result(&mut self.session.conn)
            .map_err(error::any)
    }
}

impl WriteRunUndos for Tx<'_> {
    fn insert_run_undo(&mut self, organization: OrganizationId, new: &RunUndoRow) -> StoreResult<()> {
        dialect::insert(self, &[record(organization, new)], Present::Refuse).map(|_| ())
    }

    fn update_run_undo(&mut self, organization: OrganizationId, changed: &RunUndoRow) -> StoreResult<()> {
        let row = record(organization, changed);
        let updated = diesel::update(u::table.find((organization.0, changed.run.0)))
            .set((
                u::state.eq(row.state),
                u::position.eq(row.position),
                u::reversed.eq(row.reversed),
                u::untouched.eq(row.untouched),
                u::finished_at.eq(row.finished_at),
            ))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        if updated == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "run_undo" }) }
    }

    fn insert_left_rows(&mut self, organization: OrganizationId, run: RunId, new: &[LeftRow]) -> StoreResult<()> {
        let row = |left: &LeftRow| LeftRecord {
            organization_id: organization.0,
            run_id: run.0,
            transaction_id: bytes(left.transaction.0),
            outcome: outcome(left.failed).to_owned(),
            reason: left.reason.clone(),
        };
        dialect::insert(self, &new.iter().map(row).collect::<Vec<_>>(), Present::Keep).map(|_| ())
    }
}

const fn outcome(failed: bool) -> &'static str {
    if failed { "failed" } else { "kept" }
}

fn record(organization: OrganizationId, row: &RunUndoRow) -> RunUndoRecord {
    RunUndoRecord {
        organization_id: organization.0,
        run_id: row.run.0,
        afterwards: row.afterwards.clone(),
        state: if row.finished_at.is_some() { "done" } else { RUNNING }.to_owned(),
        position: row.position.map(|id| bytes(id.0)),
        reversed: row.reversed,
        untouched: row.untouched,
        actor: row.actor.clone(),
        started_at: micros(row.started_at),
        finished_at: row.finished_at.map(micros),
    }
}

fn row_from(row: RunUndoRecord) -> StoreResult<RunUndoRow> {
    let column = |name| Column("run_undo", name);
    Ok(RunUndoRow {
        run: RunId(row.run_id),
        afterwards: row.afterwards,
        position: row.position.map(|id| column("position").record(&id)).transpose()?,
        reversed: row.reversed,
        untouched: row.untouched,
        actor: row.actor,
        started_at: column("started_at").instant(row.started_at)?,
        finished_at: column("finished_at").instant_or_none(row.finished_at)?,
    })
}

fn left_from(row: LeftRecord) -> StoreResult<LeftRow> {
    let transaction = Column("run_undo_left", "transaction_id").record(&row.transaction_id)?;
    Ok(LeftRow { transaction, failed: row.outcome == outcome(true), reason: row.reason })
}
