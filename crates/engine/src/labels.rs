//! Tags and organization groups: what there is, who has it, and giving it to a contact or taking it away. A label of
//! a contact is part of its golden record, so each change of it is a staff edit with an audit row and an event.

use crate::change::Actor;
use crate::{Engine, EngineError, Page};
use tributary_contact::flat::clean;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{ContactId, OrganizationId, Submission};
use tributary_store::{
    ContactLabelRow, ContactRow, Counter, LabelFilter, LabelKind, LabelRow, LabelledContacts, ReadTx, StoreExt,
    StoreResult,
};

/// Characters of a name.
const NAME: usize = 100;

/// A label of a contact, and how many contacts have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelOfContact {
    /// The label.
    pub label: LabelRow,
    /// Its being on the contact.
    pub given: ContactLabelRow,
    /// How many contacts have it.
    pub total: i64,
}

impl Engine {
    /// A page of labels, by name.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn label_page(
        &self,
        org: OrganizationId,
        filter: LabelFilter<'_>,
        skip: i64,
        take: i64,
    ) -> Result<Page<LabelRow>, EngineError> {
        let page = self.parts.store.reading(|tx| {
            Ok(Page { list: tx.label_page(org, filter, skip, take)?, total: tx.label_count(org, filter)? })
        })?;
        Ok(page)
    }

    /// A label and how many contacts have it.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn label(&self, org: OrganizationId, kind: LabelKind, id: i64) -> Result<Option<(LabelRow, i64)>, EngineError> {
        let found = self.parts.store.reading(|tx| {
            let label = tx.labels(org, kind, &[id])?.into_iter().next();
            label.map(|label| Ok((label, tx.label_size(org, kind, id)?))).transpose()
        })?;
        Ok(found)
    }

    /// Makes a label, or hands back the one of this name.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] for a blank or long name.
    pub fn make_label(
        &self,
        org: OrganizationId,
        kind: LabelKind,
        (name, parent): (&str, Option<&str>),
        actor: &Actor,
    ) -> Result<LabelRow, EngineError> {
        let name = clean(name);
        if name.is_empty() {
            return Err(EngineError::Invalid(vec![Issue::new("name", IssueCode::Required, "A name is needed.")]));
        }
        if name.chars().count() > NAME {
            let message = format!("At most {NAME} characters.");
            return Err(EngineError::Invalid(vec![Issue::new("name", IssueCode::TooLong, message)]));
        }
        let (at, by) = (self.now(), actor.to_string());
        self.transact("make_label", |tx| {
            if let Some(known) = tx.labels_named(org, kind, std::slice::from_ref(&name))?.into_iter().next() {
                return Ok(known);
            }
            let id = tx.allocate(org, Counter::Label, 1)?;
            let parent = parent.map(str::to_owned);
            let new = LabelRow { id, name: name.clone(), parent, created_at: at, created_by: by.clone() };
            tx.insert_labels(org, kind, std::slice::from_ref(&new))?;
            Ok(new)
        })
    }

    /// The labels of a contact.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact.
    pub fn labels_of(
        &self,
        org: OrganizationId,
        kind: LabelKind,
        contact: ContactId,
    ) -> Result<Vec<LabelOfContact>, EngineError> {
        let found = self.parts.store.reading(|tx| {
            if tx.contact_heads(org, &[contact])?.is_empty() {
                return Ok(None);
            }
            let given = tx.labels_of(org, kind, contact)?;
            given
                .into_iter()
                .filter_map(|given| with_label(tx, org, kind, given).transpose())
                .collect::<StoreResult<_>>()
                .map(Some)
        })?;
        found.ok_or(EngineError::NotFound)
    }

    /// The label of a contact that has this number.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn contact_label(
        &self,
        org: OrganizationId,
        kind: LabelKind,
        id: i64,
    ) -> Result<Option<ContactLabelRow>, EngineError> {
        Ok(self.parts.store.reading(|tx| tx.contact_label(org, kind, id))?)
    }

    /// Gives a label to a contact; one that it has already changes nothing.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown label or contact.
    pub fn give_label(
        &self,
        org: OrganizationId,
        kind: LabelKind,
        (label, contact): (i64, ContactId),
        actor: &Actor,
    ) -> Result<LabelOfContact, EngineError> {
        let name = self.label_name(org, kind, label)?;
        let known = self.parts.store.reading(|tx| tx.labels_of(org, kind, contact))?;
        if !known.iter().any(|given| given.label == label) {
            self.edit_contact(org, contact, actor, &|_| {
                let names = [name.clone()].into();
                Ok(match kind {
                    LabelKind::Tag => Submission { tags: names, ..Submission::default() },
                    LabelKind::Group => Submission { groups: names, ..Submission::default() },
                })
            })?;
        }
        let given = self.labels_of(org, kind, contact)?.into_iter().find(|given| given.label.id == label);
        given.ok_or(EngineError::NotFound)
    }

    /// Takes a label from a contact; one that it does not have changes nothing.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown label or contact.
    pub fn take_label(
        &self,
        org: OrganizationId,
        kind: LabelKind,
        (label, contact): (i64, ContactId),
        actor: &Actor,
    ) -> Result<(), EngineError> {
        let name = self.label_name(org, kind, label)?;
        if !self.labels_of(org, kind, contact)?.iter().any(|given| given.label.id == label) {
            return Ok(());
        }
        self.edit_contact(org, contact, actor, &|_| {
            let names = [name.clone()].into();
            Ok(match kind {
                LabelKind::Tag => Submission { removed_tags: names, ..Submission::default() },
                LabelKind::Group => Submission { removed_groups: names, ..Submission::default() },
            })
        })?;
        Ok(())
    }

    /// A page of the contacts that have a label, archived and merged-away ones left out.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown label.
    pub fn labelled_contacts(
        &self,
        org: OrganizationId,
        wanted: LabelledContacts<'_>,
        skip: i64,
        take: i64,
    ) -> Result<Page<ContactRow>, EngineError> {
        let page = self.parts.store.reading(|tx| {
            if tx.labels(org, wanted.kind, &[wanted.label])?.is_empty() {
                return Ok(None);
            }
            let (ids, total) = tx.labelled_contacts(org, wanted, skip, take)?;
            let mut list = tx.contacts(org, &ids)?;
            list.sort_by_key(|contact| ids.iter().position(|id| *id == contact.id));
            Ok(Some(Page { list, total }))
        })?;
        page.ok_or(EngineError::NotFound)
    }

    fn label_name(&self, org: OrganizationId, kind: LabelKind, id: i64) -> Result<String, EngineError> {
        let label = self.parts.store.reading(|tx| tx.labels(org, kind, &[id]))?.into_iter().next();
        label.map(|label| label.name).ok_or(EngineError::NotFound)
    }
}

fn with_label(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    kind: LabelKind,
    given: ContactLabelRow,
) -> StoreResult<Option<LabelOfContact>> {
    let Some(label) = tx.labels(org, kind, &[given.label])?.into_iter().next() else { return Ok(None) };
    let total = tx.label_size(org, kind, label.id)?;
    Ok(Some(LabelOfContact { label, given, total }))
}
