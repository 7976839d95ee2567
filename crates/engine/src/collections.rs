//! Entries of custom collections on a contact: each change is a staff edit of its golden record.

use crate::change::Actor;
use crate::shown::{CollectionView, Shown, collection_view};
use crate::{Catalogue, Engine, EngineError};
use std::collections::BTreeSet;
use std::sync::Arc;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{
    CollectionDefinition, ContactId, CustomObject, CustomValue, Entity, Golden, OrganizationId, Submission,
};
use tributary_store::{ContactRow, StoreExt};

impl Engine {
    /// Adds an entry of a collection to a contact. The same values again are the same entry.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact or collection; [`EngineError::Invalid`] for values that the
    /// collection does not take.
    pub fn add_entry(
        &self,
        org: OrganizationId,
        (contact, collection): (ContactId, i64),
        values: &[CustomValue],
        actor: &Actor,
    ) -> Result<CollectionView, EngineError> {
        let catalogue = self.catalogue(org)?;
        let own = |known: &&CollectionDefinition| known.id == collection && known.entity == Entity::Contact;
        let definition = catalogue.collections.iter().find(own).ok_or(EngineError::NotFound)?;
        let entry =
            CustomObject { instance: None, name: definition.name.clone(), fields: checked(definition, values)? };
        let instance = entry.instance();
        let row = self.edit_contact(org, contact, actor, &|_| {
            Ok(Submission { custom_objects: vec![entry.clone()], ..Submission::default() })
        })?;
        self.entry(&row, instance, &catalogue)
    }

    /// Replaces the values of an entry; it keeps its number.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact or entry; [`EngineError::Invalid`] for values that the
    /// collection does not take.
    pub fn change_entry(
        &self,
        org: OrganizationId,
        (contact, instance): (ContactId, i64),
        values: &[CustomValue],
        actor: &Actor,
    ) -> Result<CollectionView, EngineError> {
        let catalogue = self.catalogue(org)?;
        let row = self.edit_contact(org, contact, actor, &|stored| {
            let name = find(stored, instance).ok_or(EngineError::NotFound)?.name.clone();
            let fields = match catalogue.collection_named(Entity::Contact, &name) {
                Some(definition) => checked(definition, values)?,
                None => values.to_vec(),
            };
            let changed = CustomObject { instance: Some(instance), name, fields };
            Ok(Submission { custom_objects: vec![changed], ..Submission::default() })
        })?;
        self.entry(&row, instance, &catalogue)
    }

    /// Removes an entry.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact or entry.
    pub fn remove_entry(
        &self,
        org: OrganizationId,
        (contact, instance): (ContactId, i64),
        actor: &Actor,
    ) -> Result<(), EngineError> {
        self.edit_contact(org, contact, actor, &|stored| {
            find(stored, instance).ok_or(EngineError::NotFound)?;
            Ok(Submission { removed_objects: [instance].into(), ..Submission::default() })
        })?;
        Ok(())
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
        instance: i64,
        catalogue: &Arc<Catalogue>,
    ) -> Result<CollectionView, EngineError> {
        let shown = Shown::at(catalogue.clone(), self.now());
        find(&row.golden, instance)
            .map(|entry| collection_view(entry, Entity::Contact, &shown))
            .ok_or(EngineError::NotFound)
    }
}

fn find(golden: &Golden, instance: i64) -> Option<&CustomObject> {
    golden.custom_objects.iter().find(|entry| entry.instance() == instance)
}

/// The values in the form of their types, in the order of the definition; names it does not define come last, as they
/// are.
fn checked(definition: &CollectionDefinition, values: &[CustomValue]) -> Result<Vec<CustomValue>, EngineError> {
    let mut issues = Vec::new();
    let mut fields = Vec::new();
    let given = |name: &str| values.iter().find(|value| value.name.to_lowercase() == name.to_lowercase());
    for field in &definition.fields {
        let path = format!("fields.{}", field.name);
        match given(&field.name) {
            None if field.required => issues.push(Issue::new(path, IssueCode::Required, "A value is needed.")),
            None => {}
            Some(value) => match field.canonical(&value.value) {
                Some(value) => fields.push(CustomValue { name: field.name.clone(), value }),
                None => issues.push(Issue::new(path, IssueCode::InvalidValue, "Not a value of the field's type.")),
            },
        }
    }
    let defined = |name: &str| definition.fields.iter().any(|field| field.name.to_lowercase() == name.to_lowercase());
    fields.extend(values.iter().filter(|value| !defined(&value.name)).cloned());
    if issues.is_empty() { Ok(fields) } else { Err(EngineError::Invalid(issues)) }
}
