//! The version of the policy that holds for an organization. It goes with each record that is decided or made while
//! it holds; a run keeps the version that it began with.

use std::sync::Arc;
use tributary_contact::OrganizationId;
use tributary_contact::policy::Policy;
use tributary_store::{ReadTx, StoreError, StoreResult};

/// The policy that holds; none for the shipped one.
pub(crate) fn in_force(tx: &mut dyn ReadTx, org: OrganizationId) -> StoreResult<Option<Arc<Policy>>> {
    let newest = tx.policy_activations(org, 1)?.into_iter().next();
    of_number(tx, org, newest.and_then(|activation| activation.policy).unwrap_or(Policy::SHIPPED))
}

/// A version; none for the shipped one.
pub(crate) fn of_number(tx: &mut dyn ReadTx, org: OrganizationId, number: i64) -> StoreResult<Option<Arc<Policy>>> {
    if number == Policy::SHIPPED {
        return Ok(None);
    }
    let row = tx.policies(org, &[number])?.into_iter().next();
    // A record under a policy that is not there would be folded by another one unseen.
    let row = row.ok_or_else(|| StoreError::Corrupt { table: "policy", column: "number", source: "missing".into() })?;
    Ok(Some(Arc::new(Policy::new(row.number, row.document))))
}

/// Its number.
pub(crate) fn number_of(policy: Option<&Arc<Policy>>) -> i64 {
    policy.map_or(Policy::SHIPPED, |policy| policy.number())
}
