//! Who follows which contacts, and what happened to those.

use crate::change::Actor;
use crate::{Engine, EngineError, Page};
use tributary_contact::{ContactId, OrganizationId, Reference};
use tributary_store::{AuditRow, ContactRow, ReadTx, Seek, SeenContact, StoreExt, StoreResult};

/// A contact as a caller sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactSight {
    /// The contact; where its values came from is left out of its golden record.
    pub contact: ContactRow,
    /// Whether the caller follows it.
    pub followed: bool,
}

/// A change of a followed contact.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowedChange {
    /// The change.
    pub change: AuditRow,
    /// The name the contact has now; none when it is no more.
    pub name: Option<String>,
}

impl Engine {
    /// A contact by id, as this caller sees it; none when it is archived.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn contact_seen_by(
        &self,
        org: OrganizationId,
        caller: &Actor,
        id: ContactId,
    ) -> Result<Option<ContactSight>, EngineError> {
        Ok(self.parts.store.reading(|tx| seen(tx, org, Seek::Id(id), caller))?)
    }

    /// As [`Engine::contact_seen_by`], on this thread, when it can be looked up in no time; none when it cannot.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn glance_at_contact(
        &self,
        org: OrganizationId,
        caller: &Actor,
        id: ContactId,
    ) -> Result<Option<Option<ContactSight>>, EngineError> {
        Ok(self.parts.store.glancing(|tx| seen(tx, org, Seek::Id(id), caller))?)
    }

    /// As [`Engine::referenced_contact_seen_by`], on this thread, when it can be looked up in no time; none when it
    /// cannot.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn glance_at_referenced_contact(
        &self,
        org: OrganizationId,
        caller: &Actor,
        reference: &Reference,
    ) -> Result<Option<Option<ContactSight>>, EngineError> {
        let reference = &crate::read::as_stored(reference);
        Ok(self.parts.store.glancing(|tx| seen(tx, org, Seek::Reference(reference), caller))?)
    }

    /// The contact that carries a reference, as this caller sees it; none when it is archived.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn referenced_contact_seen_by(
        &self,
        org: OrganizationId,
        caller: &Actor,
        reference: &Reference,
    ) -> Result<Option<ContactSight>, EngineError> {
        let reference = &crate::read::as_stored(reference);
        Ok(self.parts.store.reading(|tx| seen(tx, org, Seek::Reference(reference), caller))?)
    }

    /// Follows a contact, or stops following it; whether it is followed then.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown or archived contact.
    pub fn toggle_follow(&self, org: OrganizationId, caller: &Actor, id: ContactId) -> Result<bool, EngineError> {
        let (follower, at) = (caller.to_string(), self.now());
        self.transact("toggle_follow", |tx| {
            let head = tx.contact_heads(org, &[id])?.into_iter().next().filter(|head| !head.archived);
            head.ok_or(EngineError::NotFound)?;
            let follows = !tx.follows(org, &follower, id)?;
            tx.set_following(org, &follower, id, follows.then_some(at))?;
            Ok(follows)
        })
    }

    /// A page of the contacts that a caller follows, by id.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn followed_contacts(
        &self,
        org: OrganizationId,
        caller: &Actor,
        skip: i64,
        take: i64,
    ) -> Result<Page<ContactRow>, EngineError> {
        let follower = caller.to_string();
        Ok(self.parts.store.reading(|tx| {
            let (ids, total) = tx.followed(org, &follower, skip, take)?;
            Ok(Page { list: tx.contacts(org, &ids)?, total })
        })?)
    }

    /// A page of what happened to the contacts that a caller follows, latest first.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn followed_changes(
        &self,
        org: OrganizationId,
        caller: &Actor,
        skip: i64,
        take: i64,
    ) -> Result<Page<FollowedChange>, EngineError> {
        let follower = caller.to_string();
        Ok(self.parts.store.reading(|tx| {
            let (changes, total) = tx.followed_changes(org, &follower, skip, take)?;
            let contacts = tx.contacts(org, &changes.iter().map(|change| change.contact).collect::<Vec<_>>())?;
            let name = |change: &AuditRow| {
                let contact = contacts.iter().find(|contact| contact.id == change.contact);
                contact.and_then(|contact| contact.golden.field(tributary_contact::Field::Name)).map(str::to_owned)
            };
            let list = changes.into_iter().map(|change| FollowedChange { name: name(&change), change }).collect();
            Ok(Page { list, total })
        })?)
    }
}

fn seen(tx: &mut dyn ReadTx, org: OrganizationId, by: Seek<'_>, caller: &Actor) -> StoreResult<Option<ContactSight>> {
    let seen = tx.contact_seen(org, by, &caller.to_string())?.filter(|seen| !seen.contact.archived);
    Ok(seen.map(|SeenContact { contact, followed }| ContactSight { contact, followed }))
}
