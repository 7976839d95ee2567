//! What an organization defines for itself: custom fields, custom collections, contact types.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::{BaseType, CollectionDefinition, Entity, FieldDefinition, OrganizationId};

/// A custom field as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomFieldRow {
    /// What it belongs to.
    pub entity: Entity,
    /// What it is.
    pub definition: FieldDefinition,
    /// When it was defined.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
    /// When it was last changed.
    pub modified_at: Timestamp,
    /// By whom.
    pub modified_by: String,
}

/// A contact type of an organization's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactTypeRow {
    /// Its name; unique in any letter case.
    pub name: String,
    /// The type it is a kind of.
    pub base: BaseType,
}

/// Reads about definitions.
pub trait ReadDefinitions {
    /// All custom fields, by entity and name.
    ///
    /// # Errors
    /// Any failure of the store.
    fn custom_fields(&mut self, organization: OrganizationId) -> StoreResult<Vec<CustomFieldRow>>;
    /// All custom collections, by number.
    ///
    /// # Errors
    /// Any failure of the store.
    fn custom_collections(&mut self, organization: OrganizationId) -> StoreResult<Vec<CollectionDefinition>>;
    /// All contact types of the organization's own, by name.
    ///
    /// # Errors
    /// Any failure of the store.
    fn contact_types(&mut self, organization: OrganizationId) -> StoreResult<Vec<ContactTypeRow>>;
}

/// Writes about definitions.
pub trait WriteDefinitions {
    /// Stores a new custom field.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when the name is taken.
    fn insert_custom_field(&mut self, organization: OrganizationId, new: &CustomFieldRow) -> StoreResult<()>;
    /// Stores a changed custom field under its name; `false` when it does not exist.
    ///
    /// # Errors
    /// Any failure of the store.
    fn update_custom_field(&mut self, organization: OrganizationId, changed: &CustomFieldRow) -> StoreResult<bool>;
    /// Removes a custom field; `false` when it does not exist. Values of it stay.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delete_custom_field(&mut self, organization: OrganizationId, entity: Entity, name: &str) -> StoreResult<bool>;
    /// Stores a new custom collection (`new.id` from [`crate::Counter::CustomCollection`]).
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when the name is taken.
    fn insert_custom_collection(&mut self, organization: OrganizationId, new: &CollectionDefinition)
    -> StoreResult<()>;
    /// Stores a new contact type.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when the name is taken.
    fn insert_contact_type(&mut self, organization: OrganizationId, new: &ContactTypeRow) -> StoreResult<()>;
    /// Removes a contact type; `false` when it does not exist. Contacts keep it.
    ///
    /// # Errors
    /// Any failure of the store.
    fn delete_contact_type(&mut self, organization: OrganizationId, name: &str) -> StoreResult<bool>;
}
