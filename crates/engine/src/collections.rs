//! Entries of custom collections, of a contact or of a person of it: each change is a staff edit of the golden record.

use crate::change::Actor;
use crate::shown::{CollectionView, Shown, collection_view};
use crate::{Catalogue, Engine, EngineError};
use std::collections::BTreeSet;
use std::sync::Arc;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{
    CollectionDefinition, ContactId, CustomData, CustomObject, CustomValue, Entity, FieldDefinition, Golden, ItemId,
    OrganizationId, Submission,
};
use tributary_store::{ContactRow, StoreExt};

/// What an entry belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryOwner {
    /// A contact.
    Contact(ContactId),
    /// A person of one.
    Individual(ItemId),
}

impl EntryOwner {
    const fn entity(self) -> Entity {
        match self {
            Self::Contact(_) => Entity::Contact,
            Self::Individual(_) => Entity::Individual,
        }
    }

    /// The entries that it has.
    fn entries(self, golden: &Golden) -> Option<&BTreeSet<CustomObject>> {
        match self {
            Self::Contact(_) => Some(&golden.custom_objects),
            Self::Individual(id) => golden.individual(id).map(|person| &person.custom_objects),
        }
    }

    fn find(self, golden: &Golden, instance: i64) -> Result<&CustomObject, EngineError> {
        let mut entries = self.entries(golden).ok_or(EngineError::NotFound)?.iter();
        entries.find(|entry| entry.instance() == instance).ok_or(EngineError::NotFound)
    }

    /// An edit that gives it entries and takes others away.
    fn edit(self, objects: Vec<CustomObject>, removed: BTreeSet<i64>) -> Submission {
        match self {
            Self::Contact(_) => {
                Submission { custom_objects: objects, removed_objects: removed, ..Submission::default() }
            }
            Self::Individual(_) => {
                let individual_custom = CustomData { objects, removed, ..CustomData::default() };
                Submission { individual_custom, ..Submission::default() }
            }
        }
    }
}

impl Engine {
    /// Adds an entry of a collection. The same values again are the same entry.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact, individual or collection; [`EngineError::Invalid`] for values
    /// that the collection does not take.
    pub fn add_entry(
        &self,
        org: OrganizationId,
        (owner, collection): (EntryOwner, i64),
        values: &[CustomValue],
        actor: &Actor,
    ) -> Result<CollectionView, EngineError> {
        let catalogue = self.catalogue(org)?;
        let own = |known: &&CollectionDefinition| known.id == collection && known.entity == owner.entity();
        let definition = catalogue.collections.iter().find(own).ok_or(EngineError::NotFound)?;
        let entry =
            CustomObject { instance: None, name: definition.name.clone(), fields: checked(definition, values)? };
        let instance = entry.instance();
        let row = self.edit_entries(org, owner, actor, &|golden| {
            owner.entries(golden).ok_or(EngineError::NotFound)?;
            Ok(owner.edit(vec![entry.clone()], BTreeSet::new()))
        })?;
        self.entry(&row, (owner, instance), &catalogue)
    }

    /// Replaces the values of an entry; it keeps its number.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact, individual or entry; [`EngineError::Invalid`] for values that
    /// the collection does not take.
    pub fn change_entry(
        &self,
        org: OrganizationId,
        (owner, instance): (EntryOwner, i64),
        values: &[CustomValue],
        actor: &Actor,
    ) -> Result<CollectionView, EngineError> {
        let catalogue = self.catalogue(org)?;
        let row = self.edit_entries(org, owner, actor, &|golden| {
            let name = owner.find(golden, instance)?.name.clone();
            let fields = match catalogue.collection_named(owner.entity(), &name) {
                Some(definition) => checked(definition, values)?,
                None => values.to_vec(),
            };
            let changed = CustomObject { instance: Some(instance), name, fields };
            Ok(owner.edit(vec![changed], BTreeSet::new()))
        })?;
        self.entry(&row, (owner, instance), &catalogue)
    }

    /// Removes an entry, which has to be of this collection if one is named.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact, individual or entry.
    pub fn remove_entry(
        &self,
        org: OrganizationId,
        (owner, instance): (EntryOwner, i64),
        collection: Option<i64>,
        actor: &Actor,
    ) -> Result<(), EngineError> {
        let catalogue = self.catalogue(org)?;
        self.edit_entries(org, owner, actor, &|golden| {
            let entry = owner.find(golden, instance)?;
            let own = catalogue.collection_named(owner.entity(), &entry.name).map(|known| known.id);
            if collection.is_some() && collection != own {
                return Err(EngineError::NotFound);
            }
            Ok(owner.edit(Vec::new(), [instance].into()))
        })?;
        Ok(())
    }

    fn edit_entries(
        &self,
        org: OrganizationId,
        owner: EntryOwner,
        actor: &Actor,
        edit: &dyn Fn(&Golden) -> Result<Submission, EngineError>,
    ) -> Result<ContactRow, EngineError> {
        match owner {
            EntryOwner::Contact(id) => self.edit_contact(org, id, actor, edit),
            EntryOwner::Individual(id) => self.edit_individual(org, id, actor, edit),
        }
    }

    /// Which of these contacts are on file, in their order; nobody named is.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn known_contacts(&self, org: OrganizationId, wanted: &[Option<ContactId>]) -> Result<Vec<bool>, EngineError> {
        let ids: BTreeSet<ContactId> = wanted.iter().flatten().copied().collect();
        let ids: Vec<ContactId> = ids.into_iter().collect();
        let heads = self.parts.store.reading(|tx| tx.contact_heads(org, &ids))?;
        let known: BTreeSet<ContactId> = heads.into_iter().map(|head| head.id).collect();
        Ok(wanted.iter().map(|id| id.is_none_or(|id| known.contains(&id))).collect())
    }

    fn entry(
        &self,
        row: &ContactRow,
        (owner, instance): (EntryOwner, i64),
        catalogue: &Arc<Catalogue>,
    ) -> Result<CollectionView, EngineError> {
        let shown = Shown::at(catalogue.clone(), self.now());
        owner.find(&row.golden, instance).map(|entry| collection_view(entry, owner.entity(), &shown))
    }
}

/// The values in the form of their types. An entry that is written by itself needs those that are required.
fn checked(definition: &CollectionDefinition, values: &[CustomValue]) -> Result<Vec<CustomValue>, EngineError> {
    let lacks = |field: &&FieldDefinition| field.required && !values.iter().any(|value| field.is_named(&value.name));
    let missing = definition.fields.iter().filter(lacks);
    let required = |field: &FieldDefinition| {
        Issue::new(format!("fields.{}", field.name), IssueCode::Required, "A value is needed.")
    };
    let mut issues: Vec<Issue> = missing.map(required).collect();
    let fields = definition.checked("fields", values).unwrap_or_else(|found| {
        issues.extend(found);
        Vec::new()
    });
    if issues.is_empty() { Ok(fields) } else { Err(EngineError::Invalid(issues)) }
}
