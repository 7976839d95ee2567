//! Versions: listed, put in force, reverted. A version never changes; what holds is the newest activation.

use super::in_force::{parsed, version_name};
use crate::change::Actor;
use crate::{Engine, EngineError};
use serde_json::Value;
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_matching::MatcherDocument;
use tributary_store::{Counter, MatcherActivationRow, MatcherDocumentRow, RunState, StoreExt, StoreResult, WriteTx};

/// A stored version of an organization's matcher.
#[derive(Debug, Clone, PartialEq)]
pub struct MatcherVersion {
    /// Its number.
    pub number: i64,
    /// Its name, as stored with decisions.
    pub name: String,
    /// Whether it holds now.
    pub active: bool,
    /// Weights, thresholds, nicknames.
    pub document: MatcherDocument,
    /// How it came about.
    pub report: Value,
    /// Who made it.
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
}

impl Engine {
    /// The stored versions, newest first. When none is active the shipped matcher holds.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization.
    pub fn matcher_versions(&self, org: OrganizationId) -> Result<Vec<MatcherVersion>, EngineError> {
        self.organization(org)?;
        let versions = self.parts.store.reading(|tx| {
            let active = tx.matcher_activations(org, 1)?.into_iter().next().and_then(|newest| newest.document);
            tx.matcher_documents(org)?.iter().map(|row| version(row, active)).collect::<StoreResult<Vec<_>>>()
        })?;
        Ok(versions)
    }

    /// Puts a version in force; none is the shipped matcher. Decisions already made stay as they are.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown version, [`EngineError::Conflict`] while a run is open.
    pub fn activate_matcher(
        &self,
        org: OrganizationId,
        number: Option<i64>,
        actor: &Actor,
    ) -> Result<String, EngineError> {
        self.organization(org)?;
        let at = self.now();
        self.transact("activate_matcher", |tx| {
            if let Some(number) = number {
                tx.matcher_document(org, number)?.ok_or(EngineError::NotFound)?;
            }
            activate(tx, org, number, (actor, at))
        })?;
        Ok(version_name(number))
    }

    /// Puts the version in force that held before the present one.
    ///
    /// # Errors
    /// [`EngineError::Conflict`] when nothing was ever put in force, or while a run is open.
    pub fn revert_matcher(&self, org: OrganizationId, actor: &Actor) -> Result<String, EngineError> {
        self.organization(org)?;
        let at = self.now();
        let number = self.transact("revert_matcher", |tx| {
            let mut newest = tx.matcher_activations(org, 2)?.into_iter().map(|activation| activation.document);
            let present = newest.next();
            let before = present.map(|_| newest.next().flatten());
            let before = before.ok_or_else(|| EngineError::conflict("The shipped matcher is in force."))?;
            activate(tx, org, before, (actor, at))?;
            Ok(before)
        })?;
        Ok(version_name(number))
    }
}

/// Stores a version and puts it in force; its number comes back.
pub(super) fn adopt(
    tx: &mut dyn WriteTx,
    org: OrganizationId,
    (document, report): (&MatcherDocument, &Value),
    (actor, at): (&Actor, Timestamp),
) -> Result<i64, EngineError> {
    let number = tx.allocate(org, Counter::MatcherDocument, 1)?;
    let row = MatcherDocumentRow {
        number,
        document: serde_json::to_string(document).map_err(EngineError::internal)?,
        report: report.to_string(),
        actor: actor.to_string(),
        created_at: at,
    };
    tx.insert_matcher_document(org, &row)?;
    activate(tx, org, Some(number), (actor, at))?;
    Ok(number)
}

/// A run decides all its rows by one version, also when it was cut off and goes on later.
fn activate(
    tx: &mut dyn WriteTx,
    org: OrganizationId,
    document: Option<i64>,
    (actor, at): (&Actor, Timestamp),
) -> Result<(), EngineError> {
    if tx.runs(org, 0, 1)?.iter().any(|run| run.state == RunState::Running) {
        return Err(EngineError::conflict("A batch run is open; let it end first."));
    }
    let number = tx.allocate(org, Counter::MatcherActivation, 1)?;
    let row = MatcherActivationRow { number, document, actor: actor.to_string(), activated_at: at };
    Ok(tx.insert_matcher_activation(org, &row)?)
}

fn version(row: &MatcherDocumentRow, active: Option<i64>) -> StoreResult<MatcherVersion> {
    Ok(MatcherVersion {
        number: row.number,
        name: version_name(Some(row.number)),
        active: active == Some(row.number),
        document: parsed(row)?,
        report: serde_json::from_str(&row.report).unwrap_or_default(),
        actor: row.actor.clone(),
        created_at: row.created_at,
    })
}
