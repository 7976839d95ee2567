//! The version of the matcher that holds for an organization.

use crate::MatchingSettings;
use tributary_contact::OrganizationId;
use tributary_matching::{MatcherDocument, Thresholds, WEIGHTS_VERSION, Weights};
use tributary_store::{MatcherDocumentRow, ReadTx, StoreError, StoreResult};

/// Name of a stored version begins with this, its number follows.
const STORED: &str = "matcher-";

/// The matcher that holds.
pub(crate) struct InForce {
    /// Number of its document; none for the shipped one.
    pub number: Option<i64>,
    pub document: MatcherDocument,
    pub weights: Weights,
    pub thresholds: Thresholds,
}

/// Reads which version holds. Learnt thresholds take the place of the configured ones.
pub(crate) fn in_force(
    tx: &mut dyn ReadTx,
    organization: OrganizationId,
    settings: &MatchingSettings,
) -> StoreResult<InForce> {
    let newest = tx.matcher_activations(organization, 1)?.into_iter().next();
    let stored = match newest.and_then(|activation| activation.document) {
        Some(number) => tx.matcher_document(organization, number)?,
        None => None,
    };
    of_document(stored.as_ref(), settings)
}

/// The matcher of one stored version, or the shipped one.
pub(super) fn of_document(stored: Option<&MatcherDocumentRow>, settings: &MatchingSettings) -> StoreResult<InForce> {
    let document = stored.map(parsed).transpose()?.unwrap_or_default();
    let number = stored.map(|row| row.number);
    let configured =
        Thresholds { merge: settings.auto_probability, review: settings.review_probability, ..Thresholds::default() };
    Ok(InForce {
        number,
        weights: document.weights(&version_name(number)),
        thresholds: document.thresholds.unwrap_or(configured),
        document,
    })
}

/// The document of a stored version.
pub(super) fn parsed(row: &MatcherDocumentRow) -> StoreResult<MatcherDocument> {
    serde_json::from_str(&row.document).map_err(|error| StoreError::Corrupt {
        table: "matcher_document",
        column: "document",
        source: error.into(),
    })
}

/// The name that is stored with decisions.
pub(super) fn version_name(number: Option<i64>) -> String {
    number.map_or_else(|| WEIGHTS_VERSION.to_owned(), |number| format!("{STORED}{number}"))
}

/// The number in the name of a stored version; none for a shipped one.
pub(super) fn version_number(name: &str) -> Option<i64> {
    name.strip_prefix(STORED)?.parse().ok()
}
