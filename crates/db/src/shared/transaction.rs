//! Contact transactions that a batch has taken up, and the decisions about them.

use super::correction::{corrected_to, transactions_from};
use super::record::{contact_of, decision_from, decision_record, transaction_record};
use super::{Tx, dialect};
use crate::convert::{Column, bytes, micros, uuids};
use crate::error;
use crate::rows::{DecisionRecord, Present, TransactionRecord};
use crate::schema::{contact_transaction as t, decision};
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use std::collections::BTreeMap;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::{Reason, State};
use tributary_contact::{OrganizationId, RecordId, Reference};
use tributary_store::{
    DecisionRow, ReadTransactions, Settlement, StateCount, StoreError, StoreResult, TransactionRow, WriteTransactions,
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
        dialect::insert(self, &rows, Present::Refuse).map(|_| ())
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
