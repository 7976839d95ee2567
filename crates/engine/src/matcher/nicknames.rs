//! An organization's own nicknames: which first names it takes for one name, or no longer does. Each edit is a
//! version of the matcher, so a decision tells by its version which names held.

use super::in_force::{in_force, version_name};
use super::versions::adopt;
use crate::change::Actor;
use crate::{Engine, EngineError};
use serde::Serialize;
use serde_json::json;
use tributary_contact::OrganizationId;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::normalise::fold_text;
use tributary_matching::{MatcherDocument, NicknameEdits};
use tributary_store::StoreExt;

/// Pairs that an organization can add and remove.
const MOST_PAIRS: usize = 10_000;

/// The nicknames that hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnNicknames {
    /// Version of the matcher that they are part of.
    pub version: String,
    /// Where they differ from the shipped table.
    #[serde(flatten)]
    pub edits: NicknameEdits,
    /// The names related to the one that was asked for, folded, in alphabetical order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related: Option<Vec<String>>,
}

/// What to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NicknameEdit {
    /// A first name.
    pub name: String,
    /// The others that it is related to from now on, or no longer.
    pub others: Vec<String>,
    /// Whether they are related.
    pub related: bool,
}

impl Engine {
    /// The organization's own nicknames, and everything that `name` is related to.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization.
    pub fn nicknames(&self, org: OrganizationId, name: Option<&str>) -> Result<OwnNicknames, EngineError> {
        self.organization(org)?;
        let in_force = self.parts.store.reading(|tx| in_force(tx, org, &self.settings().matching))?;
        let edits = in_force.document.nicknames;
        let related = name.map(|name| edits.relation().related(&fold_text(name)));
        Ok(OwnNicknames { version: version_name(in_force.number), edits, related })
    }

    /// Changes the nicknames: a new version of the matcher with the weights and thresholds in force, for the runs to
    /// come. An edit that changes nothing makes no version.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization, [`EngineError::Invalid`] for a blank name, one name twice
    /// or too many pairs, [`EngineError::Conflict`] while a run is open.
    pub fn edit_nicknames(
        &self,
        org: OrganizationId,
        edit: &NicknameEdit,
        actor: &Actor,
    ) -> Result<OwnNicknames, EngineError> {
        self.organization(org)?;
        check(edit)?;
        let (at, matching) = (self.now(), &self.settings().matching);
        self.transact("edit_nicknames", |tx| {
            let mut held = in_force(tx, org, matching)?;
            let before = std::mem::take(&mut held.document.nicknames);
            let edits =
                edit.others.iter().fold(before.clone(), |edits, other| edits.edited((&edit.name, other), edit.related));
            if edits.added.len() + edits.removed.len() > MOST_PAIRS {
                return Err(EngineError::Invalid(vec![too_many()]));
            }
            if edits == before {
                return Ok(OwnNicknames { version: version_name(held.number), edits, related: None });
            }
            let document = MatcherDocument { nicknames: edits.clone(), ..held.document };
            let report = json!({ "sentence": "Nicknames were edited; weights and thresholds stay." });
            let number = adopt(tx, org, (&document, &report), (actor, at))?;
            Ok(OwnNicknames { version: version_name(Some(number)), edits, related: None })
        })
    }
}

fn check(edit: &NicknameEdit) -> Result<(), EngineError> {
    let name = fold_text(&edit.name);
    let mut issues = Vec::new();
    let mut wrong = |field: String, code, message: &str| issues.push(Issue::new(field, code, message));
    if name.is_empty() {
        wrong("name".to_owned(), IssueCode::Required, "A first name is needed.");
    }
    if edit.others.is_empty() {
        wrong("others".to_owned(), IssueCode::Required, "At least one other name is needed.");
    }
    for (at, other) in edit.others.iter().map(|other| fold_text(other)).enumerate() {
        let field = format!("others[{at}]");
        if other.is_empty() {
            wrong(field, IssueCode::Required, "A first name is needed.");
        } else if other == name {
            wrong(field, IssueCode::InvalidValue, "It is the same name.");
        }
    }
    if issues.is_empty() { Ok(()) } else { Err(EngineError::Invalid(issues)) }
}

fn too_many() -> Issue {
    Issue::new("others", IssueCode::TooLong, format!("An organization has at most {MOST_PAIRS} pairs of its own."))
}
