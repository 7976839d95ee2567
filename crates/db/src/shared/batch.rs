//! Leases, id counters and batch runs.

use super::{Tx, dialect};
use crate::convert::{Column, bytes, micros};
use crate::error;
use crate::rows::{Present, RunRecord};
use crate::schema::{batch_run, contact_transaction as t, decision, id_counter, lease};
use diesel::dsl::{case_when, count_star};
use diesel::prelude::*;
use diesel::upsert::excluded;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{OrganizationId, RecordId, RunId};
use tributary_store::{
    Counter, Fence, ReadBatch, RunKind, RunOutcome, RunRow, RunState, StoreError, StoreResult, WriteBatch,
};

/// Holder of a lease that nobody holds.
const NOBODY: &str = "";

impl ReadBatch for Tx<'_> {
    fn run(&mut self, organization: OrganizationId, id: RunId) -> StoreResult<Option<RunRow>> {
        let row = batch_run::table
            .find((organization.0, id.0))
            .select(RunRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(run_from).transpose()
    }

    fn runs(&mut self, organization: OrganizationId, skip: i64, take: i64) -> StoreResult<Vec<RunRow>> {
        let rows = batch_run::table
            .filter(batch_run::organization_id.eq(organization.0))
            .order(batch_run::id.desc())
            .offset(skip)
            .limit(take)
            .select(RunRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(run_from).collect()
    }

    fn run_count(&mut self, organization: OrganizationId) -> StoreResult<i64> {
        batch_run::table
            .filter(batch_run::organization_id.eq(organization.0))
            .count()
            .get_result(&mut self.session.conn)
            .map_err(error::any)
    }

    fn run_outcomes(&mut self, organization: OrganizationId, id: RunId) -> StoreResult<Vec<RunOutcome>> {
        let rows: Vec<(String, Option<String>, i64)> = decision::table
            .filter(decision::organization_id.eq(organization.0))
            .filter(decision::run_id.eq(id.0))
            .group_by((decision::outcome, decision::reason))
            .select((decision::outcome, decision::reason, count_star()))
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let mut outcomes = rows.into_iter().map(outcome_from).collect::<StoreResult<Vec<_>>>()?;
        outcomes.sort_unstable_by_key(|row| (row.outcome, row.reason));
        Ok(outcomes)
    }

    fn run_newcomers(&mut self, organization: OrganizationId, id: RunId) -> StoreResult<Vec<RecordId>> {
        let of_decision = t::organization_id.eq(decision::organization_id).and(t::id.eq(decision::transaction_id));
        let ids: Vec<Vec<u8>> = decision::table
            .inner_join(t::table.on(of_decision))
            .filter(decision::organization_id.eq(organization.0))
            .filter(decision::run_id.eq(id.0))
            .filter(decision::undone_at.is_null())
            .filter(t::individual_id.eq(t::first_item))
            .filter(decision::outcome.eq(State::Created.as_str()).or(decision::level.eq(Level::Household.as_str())))
            .order(decision::transaction_id)
            .select(decision::transaction_id)
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        ids.iter().map(|id| Column("decision", "transaction_id").record(id)).collect()
    }

    fn counter(&mut self, organization: OrganizationId, counter: Counter) -> StoreResult<i64> {
        id_counter::table
            .find((organization.0, counter.as_str()))
            .select(id_counter::next)
            .first(&mut self.session.conn)
            .optional()
            .map(|next| next.unwrap_or(1))
            .map_err(error::any)
    }

    fn lease_holder(
        &mut self,
        organization: OrganizationId,
        name: &str,
        now: Timestamp,
    ) -> StoreResult<Option<String>> {
        lease::table
            .find((organization.0, name))
            .filter(lease::expires_at.gt(micros(now)))
            .filter(lease::holder.ne(NOBODY))
            .select(lease::holder)
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)
    }
}

impl WriteBatch for Tx<'_> {
    fn acquire_lease(
        &mut self,
        organization: OrganizationId,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> StoreResult<Option<Fence>> {
        let now = micros(now);
        let goes_on = lease::holder.eq(excluded(lease::holder)).and(lease::expires_at.gt(now));
        let free = lease::holder.eq(excluded(lease::holder)).or(lease::expires_at.le(now));
        let upsert = diesel::insert_into(lease::table)
            .values((
                lease::organization_id.eq(organization.0),
                lease::name.eq(name),
                lease::holder.eq(holder),
                lease::token.eq(1),
                lease::expires_at.eq(micros(until)),
            ))
            .on_conflict((lease::organization_id, lease::name))
            .do_update()
            .set((
                lease::holder.eq(excluded(lease::holder)),
                lease::token.eq(case_when(goes_on, lease::token).otherwise(lease::token + 1)),
                lease::expires_at.eq(excluded(lease::expires_at)),
            ));
        let token = diesel::query_dsl::methods::FilterDsl::filter(upsert, free)
            .returning(lease::token)
            .get_result(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        Ok(token.map(|token| Fence { lease: name.to_owned(), token }))
    }

    fn extend_lease(&mut self, organization: OrganizationId, fence: &Fence, until: Timestamp) -> StoreResult<()> {
        let extended = diesel::update(lease::table.find((organization.0, &fence.lease)))
            .filter(lease::token.eq(fence.token))
            .filter(lease::holder.ne(NOBODY))
            .set(lease::expires_at.eq(micros(until)))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        if extended == 1 { Ok(()) } else { Err(StoreError::Fenced { lease: fence.lease.clone() }) }
    }

    fn release_lease(&mut self, organization: OrganizationId, fence: &Fence) -> StoreResult<()> {
        diesel::update(lease::table.find((organization.0, &fence.lease)))
            .filter(lease::token.eq(fence.token))
            .set((lease::holder.eq(NOBODY), lease::expires_at.eq(0)))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }

    fn allocate(&mut self, organization: OrganizationId, counter: Counter, count: i64) -> StoreResult<i64> {
        let name = counter.as_str();
        let count = count.max(0);
        let floor = self.state.marks.floor(organization.0, name);
        let from_stored = id_counter::next.gt(floor);
        let next: i64 = diesel::insert_into(id_counter::table)
            .values((
                id_counter::organization_id.eq(organization.0),
                id_counter::name.eq(name),
                id_counter::next.eq(floor.saturating_add(count)),
            ))
            .on_conflict((id_counter::organization_id, id_counter::name))
            .do_update()
            .set(
                id_counter::next
                    .eq(case_when(from_stored, id_counter::next + count).otherwise(floor.saturating_add(count))),
            )
            .returning(id_counter::next)
            .get_result(&mut self.session.conn)
            .map_err(error::any)?;
        self.state.marks.raise(organization.0, name, next);
        Ok(next - count)
    }

    fn insert_run(&mut self, organization: OrganizationId, run: &RunRow) -> StoreResult<()> {
        let row = RunRecord {
            organization_id: organization.0,
            id: run.id.0,
            kind: run.kind.as_str().to_owned(),
            state: run.state.as_str().to_owned(),
            due_at: run.due_at.map(micros),
            started_at: micros(run.started_at),
            finished_at: run.finished_at.map(micros),
            cutoff: run.cutoff.map(|id| bytes(id.0)),
            received: run.received,
            report: run.report.clone(),
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }

    fn update_run(&mut self, organization: OrganizationId, run: &RunRow) -> StoreResult<()> {
        let updated = diesel::update(batch_run::table.find((organization.0, run.id.0)))
            .set((
                batch_run::state.eq(run.state.as_str()),
                batch_run::finished_at.eq(run.finished_at.map(micros)),
                batch_run::cutoff.eq(run.cutoff.map(|id| bytes(id.0))),
                batch_run::received.eq(run.received),
                batch_run::report.eq(&run.report),
            ))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        if updated == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "run" }) }
    }
}

fn run_from(row: RunRecord) -> StoreResult<RunRow> {
    Ok(RunRow {
        id: RunId(row.id),
        kind: Column("batch_run", "kind").code(RunKind::parse, &row.kind)?,
        state: Column("batch_run", "state").code(RunState::parse, &row.state)?,
        due_at: Column("batch_run", "due_at").instant_or_none(row.due_at)?,
        started_at: Column("batch_run", "started_at").instant(row.started_at)?,
        finished_at: Column("batch_run", "finished_at").instant_or_none(row.finished_at)?,
        cutoff: row.cutoff.map(|id| Column("batch_run", "cutoff").record(&id)).transpose()?,
        received: row.received,
        report: row.report,
    })
}

fn outcome_from((outcome, reason, count): (String, Option<String>, i64)) -> StoreResult<RunOutcome> {
    Ok(RunOutcome {
        outcome: Column("decision", "outcome").code(State::parse, &outcome)?,
        reason: Column("decision", "reason").code_or_none(Reason::parse, reason.as_deref())?,
        count,
    })
}
