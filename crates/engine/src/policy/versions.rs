//! Versions: made, listed, put in force, reverted. A version never changes; what holds is the newest activation. No
//! contact changes by it: see [`super::refold`].

use crate::change::Actor;
use crate::review::reviewer;
use crate::{Engine, EngineError};
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_contact::issue::Issue;
use tributary_contact::policy::{Policy, PolicyDocument};
use tributary_store::{Counter, PolicyActivationRow, PolicyRow, ReadTx, StoreExt, StoreResult, WriteTx};

/// The name of a version: `shipped`, `policy-3`.
#[must_use]
pub fn policy_name(number: i64) -> String {
    if number == Policy::SHIPPED { "shipped".to_owned() } else { format!("policy-{number}") }
}

/// A version of an organization's policy.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyVersion {
    /// Its number; 0 is the shipped one.
    pub number: i64,
    /// Whether it holds now.
    pub active: bool,
    /// What it says.
    pub document: PolicyDocument,
    /// Who made it; none for the shipped one.
    pub actor: Option<String>,
    /// When.
    pub created_at: Option<Timestamp>,
}

impl PolicyVersion {
    fn of(row: PolicyRow, active: i64) -> Self {
        let PolicyRow { number, document, actor, created_at } = row;
        Self { number, active: number == active, document, actor: Some(actor), created_at: Some(created_at) }
    }

    fn shipped(active: i64) -> Self {
        let document = PolicyDocument::default();
        Self { number: Policy::SHIPPED, active: active == Policy::SHIPPED, document, actor: None, created_at: None }
    }
}

impl Engine {
    /// All versions, newest first, the shipped one last.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization.
    pub fn policy_versions(&self, org: OrganizationId) -> Result<Vec<PolicyVersion>, EngineError> {
        self.organization(org)?;
        let versions = self.parts.store.reading(|tx| {
            let active = active(tx, org)?;
            let stored = tx.all_policies(org)?.into_iter().map(|row| PolicyVersion::of(row, active));
            Ok(stored.chain([PolicyVersion::shipped(active)]).collect())
        })?;
        Ok(versions)
    }

    /// One version.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown one.
    pub fn policy_version(&self, org: OrganizationId, number: i64) -> Result<PolicyVersion, EngineError> {
        let versions = self.policy_versions(org)?;
        versions.into_iter().find(|version| version.number == number).ok_or(EngineError::NotFound)
    }

    /// The version that holds.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization.
    pub fn policy_in_force(&self, org: OrganizationId) -> Result<PolicyVersion, EngineError> {
        let versions = self.policy_versions(org)?;
        versions.into_iter().find(|version| version.active).ok_or(EngineError::NotFound)
    }

    /// Stores a new version. It does not hold yet.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization, [`EngineError::Invalid`] for triage rules that give rows to
    /// somebody who cannot decide them.
    pub fn put_policy(
        &self,
        org: OrganizationId,
        document: &PolicyDocument,
        actor: &Actor,
    ) -> Result<PolicyVersion, EngineError> {
        self.organization(org)?;
        let created_at = self.now();
        let number = self.transact("put_policy", |tx| {
            check_assignees(tx, org, document)?;
            let number = tx.allocate(org, Counter::Policy, 1)?;
            let row = PolicyRow { number, document: document.clone(), actor: actor.to_string(), created_at };
            tx.insert_policy(org, &row)?;
            Ok(number)
        })?;
        self.policy_version(org, number)
    }

    /// Puts a version in force for decisions to come; a run that is open goes on with the one it began with.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown version.
    pub fn activate_policy(
        &self,
        org: OrganizationId,
        number: i64,
        actor: &Actor,
    ) -> Result<PolicyVersion, EngineError> {
        let version = self.policy_version(org, number)?;
        let at = self.now();
        self.transact("activate_policy", |tx| activate(tx, org, version.number, (actor, at)))?;
        self.policy_version(org, number)
    }

    /// Puts the version in force that held before the present one.
    ///
    /// # Errors
    /// [`EngineError::Conflict`] when nothing was ever put in force.
    pub fn revert_policy(&self, org: OrganizationId, actor: &Actor) -> Result<PolicyVersion, EngineError> {
        self.organization(org)?;
        let at = self.now();
        let number = self.transact("revert_policy", |tx| {
            let mut newest = tx.policy_activations(org, 2)?.into_iter().map(|activation| activation.policy);
            newest.next().ok_or_else(|| EngineError::conflict("No policy was put in force yet."))?;
            let before = newest.next().flatten().unwrap_or(Policy::SHIPPED);
            activate(tx, org, before, (actor, at))?;
            Ok(before)
        })?;
        self.policy_version(org, number)
    }
}

fn check_assignees(tx: &mut dyn ReadTx, org: OrganizationId, document: &PolicyDocument) -> Result<(), EngineError> {
    let mut issues = Vec::new();
    for (at, rule) in document.triage.iter().enumerate() {
        let Some(email) = rule.assignee.as_deref() else { continue };
        if let Err(EngineError::Invalid(found)) = reviewer(tx, org, email) {
            let field = format!("triage[{at}].assignee");
            issues.extend(found.into_iter().map(|issue| Issue { field: field.clone(), ..issue }));
        }
    }
    if issues.is_empty() { Ok(()) } else { Err(EngineError::Invalid(issues)) }
}

fn active(tx: &mut dyn ReadTx, org: OrganizationId) -> StoreResult<i64> {
    let newest = tx.policy_activations(org, 1)?.into_iter().next();
    Ok(newest.and_then(|activation| activation.policy).unwrap_or(Policy::SHIPPED))
}

fn activate(
    tx: &mut dyn WriteTx,
    org: OrganizationId,
    number: i64,
    (actor, at): (&Actor, Timestamp),
) -> Result<(), EngineError> {
    let policy = Some(number).filter(|number| *number != Policy::SHIPPED);
    let number = tx.allocate(org, Counter::PolicyActivation, 1)?;
    let row = PolicyActivationRow { number, policy, actor: actor.to_string(), activated_at: at };
    Ok(tx.insert_policy_activation(org, &row)?)
}
