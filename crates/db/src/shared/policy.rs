//! Policies, which of them holds, and the policies that source records are folded by.

use super::{Tx, dialect};
use crate::convert::{Column, json, micros};
use crate::error;
use crate::rows::{PolicyActivationRecord, PolicyRecord, Present};
use crate::schema::{contact_transaction as t, direct_record as d, policy, policy_activation};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tributary_contact::policy::Policy;
use tributary_contact::{ContactId, OrganizationId, RecordId};
use tributary_store::{PolicyActivationRow, PolicyRow, ReadPolicies, StoreResult, WritePolicies};

/// Policies by number.
pub(super) type Policies = BTreeMap<i64, Arc<Policy>>;

impl Tx<'_> {
    /// The policies of records: those with these numbers, the shipped one left out. Without another one nothing is
    /// read.
    pub(super) fn policies_of(
        &mut self,
        organization: OrganizationId,
        numbers: impl Iterator<Item = i64>,
    ) -> StoreResult<Policies> {
        let wanted: BTreeSet<i64> = numbers.filter(|number| *number != Policy::SHIPPED).collect();
        if wanted.is_empty() {
            return Ok(Policies::new());
        }
        let rows = self.policies(organization, &wanted.into_iter().collect::<Vec<_>>())?;
        Ok(rows.into_iter().map(|row| (row.number, Arc::new(Policy::new(row.number, row.document)))).collect())
    }
}

/// The policy of a number; none for the shipped one.
pub(super) fn of_number(policies: &Policies, column: Column, number: i64) -> StoreResult<Option<Arc<Policy>>> {
    if number == Policy::SHIPPED {
        return Ok(None);
    }
    column.present(policies.get(&number).cloned()).map(Some)
}

impl ReadPolicies for Tx<'_> {
    fn policies(&mut self, organization: OrganizationId, numbers: &[i64]) -> StoreResult<Vec<PolicyRow>> {
        let wanted = numbers.to_vec();
        let rows = policy::table
            .filter(policy::organization_id.eq(organization.0))
            .filter(dialect::among!(policy, number, wanted))
            .order(policy::number)
            .select(PolicyRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(policy_from).collect()
    }

    fn all_policies(&mut self, organization: OrganizationId) -> StoreResult<Vec<PolicyRow>> {
        let rows = policy::table
            .filter(policy::organization_id.eq(organization.0))
            .order(policy::number.desc())
            .select(PolicyRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(policy_from).collect()
    }

    fn policy_activations(
        &mut self,
        organization: OrganizationId,
        limit: i64,
    ) -> StoreResult<Vec<PolicyActivationRow>> {
        let rows = policy_activation::table
            .filter(policy_activation::organization_id.eq(organization.0))
            .order(policy_activation::number.desc())
            .limit(limit)
            .select(PolicyActivationRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(activation_from).collect()
    }

    fn decided_policies(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
    ) -> StoreResult<Vec<(RecordId, i64)>> {
        let ids: Vec<i64> = contacts.iter().map(|id| id.0).collect();
        let transactions: Vec<(Vec<u8>, i64)> = t::table
            .filter(t::organization_id.eq(organization.0))
            .filter(dialect::among!(contact_transaction, contact_id, ids.clone()))
            .select((t::id, t::policy))
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let direct: Vec<(Vec<u8>, i64)> = d::table
            .filter(d::organization_id.eq(organization.0))
            .filter(dialect::among!(direct_record, contact_id, ids))
            .select((d::id, d::policy))
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let decided = |(id, policy): (Vec<u8>, i64)| Ok((Column("contact_transaction", "id").record(&id)?, policy));
        transactions.into_iter().chain(direct).map(decided).collect()
    }
}

impl WritePolicies for Tx<'_> {
    fn insert_policy(&mut self, organization: OrganizationId, new: &PolicyRow) -> StoreResult<()> {
        let row = PolicyRecord {
            organization_id: organization.0,
            number: new.number,
            document: json(&new.document)?,
            actor: new.actor.clone(),
            created_at: micros(new.created_at),
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }

    fn insert_policy_activation(&mut self, organization: OrganizationId, new: &PolicyActivationRow) -> StoreResult<()> {
        let row = PolicyActivationRecord {
            organization_id: organization.0,
            number: new.number,
            policy_number: new.policy,
            actor: new.actor.clone(),
            activated_at: micros(new.activated_at),
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }

    fn refold_records(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
        policy: Option<i64>,
    ) -> StoreResult<()> {
        let ids: Vec<i64> = contacts.iter().map(|id| id.0).collect();
        diesel::update(t::table)
            .filter(t::organization_id.eq(organization.0))
            .filter(dialect::among!(contact_transaction, contact_id, ids.clone()))
            .set(t::refolded_policy.eq(policy))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        diesel::update(d::table)
            .filter(d::organization_id.eq(organization.0))
            .filter(dialect::among!(direct_record, contact_id, ids))
            .set(d::refolded_policy.eq(policy))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }
}

fn policy_from(row: PolicyRecord) -> StoreResult<PolicyRow> {
    Ok(PolicyRow {
        number: row.number,
        document: Column("policy", "document").json(&row.document)?,
        actor: row.actor,
        created_at: Column("policy", "created_at").instant(row.created_at)?,
    })
}

fn activation_from(row: PolicyActivationRecord) -> StoreResult<PolicyActivationRow> {
    Ok(PolicyActivationRow {
        number: row.number,
        policy: row.policy_number,
        actor: row.actor,
        activated_at: Column("policy_activation", "activated_at").instant(row.activated_at)?,
    })
}
