//! Contact transactions that a batch has taken up, and the decisions about them.

use super::correction::{corrected_to, transactions_from};
use super::record::{contact_of, decision_from, decision_record, transaction_record};
use super::{Db, Tx, dialect};
use crate::convert::{Column, bytes, micros, uuids};
use crate::error;
use crate::rows::{DecisionRecord, Present, TransactionRecord};
use crate::schema::{contact_transaction as t, decision};
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Double, Text};
use std::collections::BTreeMap;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::{Reason, State};
use tributary_contact::{OrganizationId, RecordId, Reference};
use tributary_store::{
    DecisionRow, ReadTransactions, Settlement, StateCount, StoreError, StoreResult, TransactionFilter, TransactionRow,
    WriteTransactions,
};

/// A change of state as both dialects take it.
pub(in super::super) struct Settled {
    /// The transaction.
    pub(in super::super) id: Vec<u8>,
    /// State it must be in.
    pub(in super::super) expected: &'static str,
    /// New state.
    pub(in super::super) state: &'static str,
    /// New reason.
    pub(in super::super) reason: Option<&'static str>,
    /// New level.
    pub(in super::super) level: Option<&'static str>,
    /// New contact.
    pub(in super::super) contact: Option<i64>,
    /// New individual.
    pub(in super::super) individual: Option<i64>,
    /// New first item number.
    pub(in super::super) first_item: Option<i64>,
    /// The run.
    pub(in super::super) run: Option<i64>,
    /// When, in microseconds.
    pub(in super::super) decided_at: Option<i64>,
    /// The policy.
    pub(in super::super) policy: i64,
}

/// Leaves the rows that a search goes through; a macro, since what is selected has its own type.
macro_rules! looked_through {
    ($rows:expr, $organization:expr, $filter:expr) => {{
        let mut rows = $rows.filter(t::organization_id.eq($organization.0));
        if let Some(state) = $filter.state {
            rows = rows.filter(in_state(state));
        }
        if let Some(before) = $filter.before {
            rows = rows.filter(t::id.lt(bytes(before.0)));
        }
        rows
    }};
}
impl ReadTransactions for Tx<'_> {
    fn transactions(&mut self, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<Vec<TransactionRow>> {
        let rows = t::table
            .filter(t::organization_id.eq(organization.0))
            .filter(dialect::among_uuids!(contact_transaction, id, uuids(ids)))
            .order(t::id)
            .select(TransactionRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        transactions_from(self, organization, rows)
    }

    fn known_transactions(&mut self, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<Vec<RecordId>> {
        let known: Vec<Vec<u8>> = t::table
            .filter(t::organization_id.eq(organization.0))
            .filter(dialect::among_uuids!(contact_transaction, id, uuids(ids)))
            .order(t::id)
            .select(t::id)
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        known.iter().map(|id| Column("contact_transaction", "id").record(id)).collect()
    }

    fn transactions_by_reference(
        &mut self,
        organization: OrganizationId,
        reference: &Reference,
        limit: i64,
    ) -> StoreResult<Vec<TransactionRow>> {
        let mut rows: Vec<TransactionRecord> = t::table
            .filter(t::organization_id.eq(organization.0))
            .filter(t::reference_source.eq(&reference.source))
            .filter(t::reference_id.eq(&reference.id))
            .order(t::id.desc())
            .limit(limit)
            .select(TransactionRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.extend(corrected_to(self, organization, reference, limit)?);
        rows.sort_unstable_by(|a, b| b.id.cmp(&a.id));
        rows.dedup_by(|a, b| a.id == b.id);
        rows.truncate(usize::try_from(limit).unwrap_or_default());
        transactions_from(self, organization, rows)
    }

    fn transactions_in_state(
        &mut self,
        organization: OrganizationId,
        state: State,
        after: Option<RecordId>,
        limit: i64,
    ) -> StoreResult<Vec<TransactionRow>> {
        let rows = t::table
            .filter(t::organization_id.eq(organization.0))
            .filter(in_state(state))
            .filter(t::id.gt(after.map(|id| bytes(id.0)).unwrap_or_default()))
            .order(t::id)
            .limit(limit)
            .select(TransactionRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        transactions_from(self, organization, rows)
    }

    fn state_counts(&mut self, organization: OrganizationId) -> StoreResult<Vec<StateCount>> {
        let rows: Vec<(String, Option<String>, i64)> = t::table
            .filter(t::organization_id.eq(organization.0))
            .group_by((t::state, t::reason))
            .select((t::state, t::reason, count_star()))
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let mut counts = rows.into_iter().map(count_from).collect::<StoreResult<Vec<_>>>()?;
        counts.sort_unstable_by_key(|row| (row.state, row.reason));
        Ok(counts)
    }

    fn decisions(&mut self, organization: OrganizationId, transaction: RecordId) -> StoreResult<Vec<DecisionRow>> {
        let rows = decision::table
            .filter(decision::organization_id.eq(organization.0))
            .filter(decision::transaction_id.eq(bytes(transaction.0)))
            .order(decision::number)
            .select(DecisionRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(decision_from).collect()
    }

    fn transaction_page(
        &mut self,
        organization: OrganizationId,
        after: Option<RecordId>,
        limit: i64,
    ) -> StoreResult<Vec<TransactionRow>> {
        let rows = t::table
            .filter(t::organization_id.eq(organization.0))
            .filter(t::id.gt(after.map(|id| bytes(id.0)).unwrap_or_default()))
            .order(t::id)
            .limit(limit)
            .select(TransactionRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        transactions_from(self, organization, rows)
    }

    fn transactions_back(
        &mut self,
        organization: OrganizationId,
        filter: &TransactionFilter,
        window: i64,
    ) -> StoreResult<(Vec<TransactionRow>, Option<RecordId>)> {
        let last = last_of_window(self, organization, filter, window)?;
        let mut rows = looked_through!(t::table.into_boxed::<Db>(), organization, filter);
        if let Some(last) = &last {
            rows = rows.filter(t::id.ge(last));
        }
        if let Some(reason) = filter.reason {
            rows = rows.filter(t::reason.eq(reason.as_str()));
        }
        for text in &filter.texts {
            let has = sql::<Bool>("lower(contact_transaction.body) LIKE lower(").bind::<Text, _>(pattern(text));
            rows = rows.filter(t::corrected.is_not_null().or(has.sql(") ESCAPE '\\'")));
        }
        let rows = rows
            .order(t::id.desc())
            .select(TransactionRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let last = last.map(|id| Column("contact_transaction", "id").record(&id)).transpose()?;
        Ok((transactions_from(self, organization, rows)?, last))
    }

    fn latest_decisions(
        &mut self,
        organization: OrganizationId,
        transactions: &[RecordId],
    ) -> StoreResult<Vec<DecisionRow>> {
        // A transaction has few decisions: it is cheaper to read them all than to ask for the highest.
        let mut rows = decision::table
            .filter(decision::organization_id.eq(organization.0))
            .filter(dialect::among_uuids!(decision, transaction_id, uuids(transactions)))
            .order((decision::transaction_id, decision::number.desc()))
            .select(DecisionRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.dedup_by(|later, earlier| later.transaction_id == earlier.transaction_id);
        rows.into_iter().map(decision_from).collect()
    }
}

impl WriteTransactions for Tx<'_> {
    fn insert_transactions(&mut self, organization: OrganizationId, new: &[TransactionRow]) -> StoreResult<()> {
        let rows = new.iter().map(|row| transaction_record(organization, row)).collect::<StoreResult<Vec<_>>>()?;
        dialect::insert(self, &rows, Present::Refuse).map(|_| ())
    }

    fn settle_transactions(&mut self, organization: OrganizationId, changes: &[Settlement]) -> StoreResult<()> {
        let settled: Vec<_> = changes.iter().map(settled).collect();
        if dialect::settle(self, organization.0, &settled)? != changes.len() {
            return Err(StoreError::Conflict { what: "transaction" });
        }
        Ok(())
    }

    fn insert_decisions(&mut self, organization: OrganizationId, new: &[DecisionRow]) -> StoreResult<()> {
        let rows: Vec<_> = new.iter().map(|row| decision_record(organization, row)).collect();
        dialect::insert(self, &rows, Present::Refuse)?;
        let waits = |row: &&DecisionRow| row.outcome == State::NeedsUpdate;
        let waiting: Vec<RecordId> = new.iter().filter(waits).map(|row| row.transaction).collect();
        if !waiting.is_empty() {
            note_scores(self, organization, &waiting)?;
        }
        Ok(())
    }

    fn mark_undone(
        &mut self,
        organization: OrganizationId,
        decisions: &[(RecordId, i32)],
        at: Timestamp,
    ) -> StoreResult<()> {
        // Of a run nearly all are the first of their transaction: one statement for all of one number.
        let mut by_number: BTreeMap<i32, Vec<RecordId>> = BTreeMap::new();
        for (transaction, number) in decisions {
            by_number.entry(*number).or_default().push(*transaction);
        }
        for (number, transactions) in by_number {
            let marked = diesel::update(decision::table)
                .filter(decision::organization_id.eq(organization.0))
                .filter(dialect::among_uuids!(decision, transaction_id, uuids(&transactions)))
                .filter(decision::number.eq(number))
                .filter(decision::undone_at.is_null())
                .set(decision::undone_at.eq(micros(at)))
                .execute(&mut self.session.conn)
                .map_err(error::any)?;
            if marked != transactions.len() {
                return Err(StoreError::Conflict { what: "decision" });
            }
        }
        Ok(())
    }
}

/// Id of the last row of a window; none when fewer are left. Rows of the other states are gone through by their keys.
fn last_of_window(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    filter: &TransactionFilter,
    window: i64,
) -> StoreResult<Option<Vec<u8>>> {
    // Only of the open states there is an index in order of receipt; of others the window is one of all rows.
    let open = filter.state.filter(|state| matches!(state, State::Held | State::NeedsUpdate));
    let filter = TransactionFilter { state: open, before: filter.before, ..TransactionFilter::default() };
    looked_through!(t::table.select(t::id).into_boxed::<Db>(), organization, filter)
        .order(t::id.desc())
        .offset(window - 1)
        .first(&mut tx.session.conn)
        .optional()
        .map_err(error::any)
}

/// A pattern that fits whatever has this text in it.
fn pattern(text: &str) -> String {
    let escaped = text.chars().flat_map(|letter| {
        let mark = matches!(letter, '%' | '_' | '\\').then_some('\\');
        mark.into_iter().chain([letter])
    });
    format!("%{}%", escaped.collect::<String>())
}

/// The score of the latest decision that has one; below every other when there is none.
const SCORE: &str = "coalesce((SELECT d.score FROM decision AS d \
    WHERE d.organization_id = contact_transaction.organization_id AND d.transaction_id = contact_transaction.id \
    AND d.score IS NOT NULL ORDER BY d.number DESC LIMIT 1), -1000.0)";

/// Keeps the scores of rows that wait where the indexes of the bucket have them.
fn note_scores(tx: &mut Tx<'_>, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<()> {
    diesel::update(t::table)
        .filter(t::organization_id.eq(organization.0))
        .filter(dialect::among_uuids!(contact_transaction, id, uuids(ids)))
        .set(t::best_score.eq(sql::<Double>(SCORE)))
        .execute(&mut tx.session.conn)
        .map(drop)
        .map_err(error::any)
}

/// The state as a literal, not as a parameter: otherwise neither database uses the index of open rows.
pub(super) fn in_state(state: State) -> diesel::expression::SqlLiteral<Bool> {
    sql::<Bool>(&format!("contact_transaction.state = '{}'", state.as_str()))
}

fn settled(change: &Settlement) -> Settled {
    Settled {
        id: bytes(change.id.0),
        expected: change.expected.as_str(),
        state: change.state.as_str(),
        reason: change.reason.map(Reason::as_str),
        level: change.level.map(tributary_contact::state::Level::as_str),
        contact: contact_of(change.state, change.contact),
        individual: change.individual.map(|id| id.0),
        first_item: change.first_item.map(|id| id.0),
        run: change.run.map(|id| id.0),
        decided_at: change.decided_at.map(micros),
        policy: change.policy,
    }
}

fn count_from((state, reason, count): (String, Option<String>, i64)) -> StoreResult<StateCount> {
    Ok(StateCount {
        state: Column("contact_transaction", "state").code(State::parse, &state)?,
        reason: Column("contact_transaction", "reason").code_or_none(Reason::parse, reason.as_deref())?,
        count,
    })
}
