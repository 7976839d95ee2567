//! Permission groups that an organization makes for itself (virtuous-contract.md 8). A key that is in one may do what
//! the group may do now, not what it could when the key was made.

use crate::{Engine, EngineError, PermissionGroup, Scope};
use std::collections::BTreeSet;
use tributary_contact::OrganizationId;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_store::{ApiKey, PermissionGroupRow, ReadTx, StoreExt, StoreResult};

/// Groups that an organization may have.
const MOST: usize = 100;
/// Characters of a name.
const NAME: usize = 100;

/// What a key may do: its own scopes and those of its group, within what a key bound to sources can have.
pub(crate) fn scopes_of(tx: &mut dyn ReadTx, org: OrganizationId, key: &ApiKey) -> StoreResult<Vec<Scope>> {
    let own = key.scopes.iter();
    let group = match &key.group {
        Some(name) => find(tx, org, name)?.map(|group| group.scopes).unwrap_or_default(),
        None => Vec::new(),
    };
    let all: BTreeSet<Scope> = own.chain(&group).filter_map(|text| Scope::parse(text)).collect();
    let can = |scope: &Scope| key.sources.is_empty() || Scope::OF_BOUND_KEYS.contains(scope);
    Ok(all.into_iter().filter(can).collect())
}

/// The group of this name, in any letter case.
pub(crate) fn named(tx: &mut dyn ReadTx, org: OrganizationId, name: &str) -> Result<PermissionGroupRow, EngineError> {
    let unknown =
        || EngineError::Invalid(vec![Issue::new("group", IssueCode::InvalidValue, "Not a permission group.")]);
    find(tx, org, name)?.ok_or_else(unknown)
}

fn find(tx: &mut dyn ReadTx, org: OrganizationId, name: &str) -> StoreResult<Option<PermissionGroupRow>> {
    Ok(tx.permission_groups(org)?.into_iter().find(|group| is_named(group, name)))
}

fn is_named(group: &PermissionGroupRow, name: &str) -> bool {
    group.name.to_lowercase() == name.to_lowercase()
}

impl Engine {
    /// The organization's own groups, by name.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn permission_groups(&self, org: OrganizationId) -> Result<Vec<PermissionGroupRow>, EngineError> {
        Ok(self.parts.store.reading(|tx| tx.permission_groups(org))?)
    }

    /// What a key may do now.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn scopes_of_key(&self, org: OrganizationId, key: &ApiKey) -> Result<Vec<Scope>, EngineError> {
        Ok(self.parts.store.reading(|tx| scopes_of(tx, org, key))?)
    }

    /// Makes a group, or changes what the one of its name may do: at once in this process, within seconds in others.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] for a blank or too long name, that of a built-in group, no scopes, or too many groups.
    pub fn put_permission_group(
        &self,
        org: OrganizationId,
        name: &str,
        scopes: &[Scope],
    ) -> Result<PermissionGroupRow, EngineError> {
        let issues = group_issues(name, scopes);
        if !issues.is_empty() {
            return Err(EngineError::Invalid(issues));
        }
        let distinct: BTreeSet<Scope> = scopes.iter().copied().collect();
        let scopes = distinct.into_iter().map(|scope| scope.as_str().to_owned()).collect();
        let group = PermissionGroupRow { name: name.trim().to_owned(), scopes };
        self.transact("put_permission_group", |tx| {
            let known = tx.permission_groups(org)?;
            if known.len() >= MOST && !known.iter().any(|own| is_named(own, &group.name)) {
                let message = format!("An organization may have at most {MOST} groups.");
                return Err(EngineError::Invalid(vec![Issue::new("name", IssueCode::TooLong, message)]));
            }
            Ok(tx.put_permission_group(org, &group)?)
        })?;
        self.sessions.forget();
        Ok(group)
    }

    /// Removes a group that no live key is in.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when there is none of this name, [`EngineError::Conflict`] while a key is in it.
    pub fn remove_permission_group(&self, org: OrganizationId, name: &str) -> Result<(), EngineError> {
        let now = self.now();
        self.transact("remove_permission_group", |tx| {
            let live = |key: &ApiKey| key.revoked_at.is_none() && key.expires_at.is_none_or(|end| end > now);
            let inside = |key: &ApiKey| key.group.as_ref().is_some_and(|own| own.to_lowercase() == name.to_lowercase());
            if tx.api_keys(org)?.iter().any(|key| live(key) && inside(key)) {
                return Err(EngineError::conflict("A key is in the group."));
            }
            if tx.delete_permission_group(org, name)? { Ok(()) } else { Err(EngineError::NotFound) }
        })
    }
}

fn group_issues(name: &str, scopes: &[Scope]) -> Vec<Issue> {
    let mut issues = Vec::new();
    let name = name.trim();
    if name.is_empty() {
        issues.push(Issue::new("name", IssueCode::Required, "A name is needed."));
    } else if name.chars().count() > NAME {
        issues.push(Issue::new("name", IssueCode::TooLong, format!("At most {NAME} characters.")));
    } else if PermissionGroup::parse(&name.to_lowercase()).is_some() {
        issues.push(Issue::new("name", IssueCode::InvalidValue, "The name of a built-in group, which stays as it is."));
    }
    if scopes.is_empty() {
        issues.push(Issue::new("scopes", IssueCode::Required, "A group without scopes may do nothing."));
    }
    issues
}
