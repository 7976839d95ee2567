//! What an organization defines for itself: custom fields, custom collections and contact types. Parsers and answers
//! need it with nearly every request, so it is remembered for a few seconds.

use crate::change::Actor;
use crate::{Engine, EngineError};
use chrono::TimeDelta;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, RwLock};
use tributary_contact::clock::Timestamp;
use tributary_contact::flat::FlatContext;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{BaseType, CollectionDefinition, Entity, FieldDefinition, FieldType, OrganizationId};
use tributary_store::{ContactTypeRow, Counter, CustomFieldRow, ReadTx, StoreExt, StoreResult};

/// How long definitions are remembered: the longest time that another process works with outdated ones.
const REMEMBERED_SECONDS: i64 = 5;
/// Definitions of one sort that an organization may have.
const MOST: usize = 500;
/// Characters of a name.
const NAME: usize = 100;

/// Everything that one organization defines.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// Custom fields with who defined them.
    pub rows: Vec<CustomFieldRow>,
    /// Custom collections.
    pub collections: Vec<CollectionDefinition>,
    pub(crate) time_zone: String,
    types: Vec<(BaseType, String)>,
    fields: Vec<(Entity, FieldDefinition)>,
}

impl Catalogue {
    fn read(tx: &mut dyn ReadTx, org: OrganizationId) -> StoreResult<Self> {
        let rows = tx.custom_fields(org)?;
        let fields = rows.iter().map(|row| (row.entity, row.definition.clone())).collect();
        let types = tx.contact_types(org)?.into_iter().map(|row| (row.base, row.name)).collect();
        let time_zone = tx.organization(org)?.map(|organization| organization.time_zone).unwrap_or_default();
        Ok(Self { rows, collections: tx.custom_collections(org)?, time_zone, types, fields })
    }

    /// What the reader of a flat body has to know.
    #[must_use]
    pub fn flat(&self) -> FlatContext<'_> {
        FlatContext {
            custom_types: &self.types,
            custom_fields: &self.fields,
            collections: &self.collections,
            ..FlatContext::default()
        }
    }

    /// The organization's own contact types, each under its base type.
    #[must_use]
    pub fn types(&self) -> &[(BaseType, String)] {
        &self.types
    }

    /// The custom fields, each with what it belongs to.
    #[must_use]
    pub fn fields(&self) -> &[(Entity, FieldDefinition)] {
        &self.fields
    }

    /// The custom field of this name, in any letter case.
    #[must_use]
    pub fn field(&self, entity: Entity, name: &str) -> Option<&FieldDefinition> {
        let named = |definition: &FieldDefinition| definition.name.to_lowercase() == name.to_lowercase();
        self.fields.iter().find(|(of, definition)| *of == entity && named(definition)).map(|(_, definition)| definition)
    }

    /// The custom collection of this name, in any letter case.
    #[must_use]
    pub fn collection_named(&self, entity: Entity, name: &str) -> Option<&CollectionDefinition> {
        self.collections.iter().find(|own| own.entity == entity && own.name.to_lowercase() == name.to_lowercase())
    }
}

/// Catalogues seen lately, each with the time it is remembered until.
#[derive(Default)]
pub(crate) struct Catalogues(RwLock<HashMap<OrganizationId, (Arc<Catalogue>, Timestamp)>>);

impl Catalogues {
    fn get(&self, org: OrganizationId, now: Timestamp) -> Option<Arc<Catalogue>> {
        let catalogues = self.0.read().ok()?;
        catalogues.get(&org).filter(|(_, until)| *until > now).map(|(catalogue, _)| catalogue.clone())
    }

    fn put(&self, org: OrganizationId, catalogue: Arc<Catalogue>, until: Timestamp) {
        if let Ok(mut catalogues) = self.0.write() {
            catalogues.insert(org, (catalogue, until));
        }
    }

    fn forget(&self, org: OrganizationId) {
        if let Ok(mut catalogues) = self.0.write() {
            catalogues.remove(&org);
        }
    }
}

impl Engine {
    /// The organization's definitions if they were read in the last few seconds; asks no database.
    #[must_use]
    pub fn catalogue_cached(&self, org: OrganizationId) -> Option<Arc<Catalogue>> {
        self.catalogues.get(org, self.now())
    }

    /// The organization's definitions.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn catalogue(&self, org: OrganizationId) -> Result<Arc<Catalogue>, EngineError> {
        let now = self.now();
        if let Some(catalogue) = self.catalogues.get(org, now) {
            return Ok(catalogue);
        }
        let catalogue = Arc::new(self.parts.store.reading(|tx| Catalogue::read(tx, org))?);
        self.catalogues.put(org, catalogue.clone(), now + TimeDelta::seconds(REMEMBERED_SECONDS));
        Ok(catalogue)
    }

    /// Defines a custom field, or changes what is defined under its name. A changed type holds for values to come.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] for a blank name, or options that do not fit the type.
    pub fn define_field(
        &self,
        org: OrganizationId,
        entity: Entity,
        definition: FieldDefinition,
        actor: &Actor,
    ) -> Result<CustomFieldRow, EngineError> {
        refuse(field_issues(&definition, ""))?;
        let (at, by) = (self.now(), actor.to_string());
        let row = self.transact("define_field", |tx| {
            let known = tx.custom_fields(org)?;
            let own = |row: &&CustomFieldRow| {
                row.entity == entity && row.definition.name.to_lowercase() == definition.name.to_lowercase()
            };
            let found = known.iter().find(own);
            let (created_at, created_by) =
                found.map_or((at, by.clone()), |row| (row.created_at, row.created_by.clone()));
            let (definition, modified_by) = (definition.clone(), by.clone());
            let row = CustomFieldRow { entity, definition, created_at, created_by, modified_at: at, modified_by };
            if found.is_some() {
                tx.update_custom_field(org, &row)?;
            } else if known.len() < MOST {
                tx.insert_custom_field(org, &row)?;
            } else {
                return Err(too_many("name"));
            }
            Ok(row)
        })?;
        self.catalogues.forget(org);
        Ok(row)
    }

    /// Takes a custom field out of the definitions. Values of it stay, as values of a name that nobody defined.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when there is none of this name.
    pub fn forget_field(&self, org: OrganizationId, entity: Entity, name: &str) -> Result<(), EngineError> {
        let found = self.parts.store.writing("forget_field", |tx| tx.delete_custom_field(org, entity, name))?;
        self.catalogues.forget(org);
        if found { Ok(()) } else { Err(EngineError::NotFound) }
    }

    /// Defines a custom collection.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] for a blank name, fields without one or twice the same;
    /// [`EngineError::Conflict`] when the name is taken.
    pub fn define_collection(
        &self,
        org: OrganizationId,
        entity: Entity,
        name: &str,
        fields: &[FieldDefinition],
    ) -> Result<CollectionDefinition, EngineError> {
        refuse(collection_issues(name, fields))?;
        let made = self.transact("define_collection", |tx| {
            if tx.custom_collections(org)?.len() >= MOST {
                return Err(too_many("name"));
            }
            let id = tx.allocate(org, Counter::CustomCollection, 1)?;
            let new = CollectionDefinition { id, entity, name: name.to_owned(), fields: fields.to_vec() };
            tx.insert_custom_collection(org, &new)?;
            Ok(new)
        })?;
        self.catalogues.forget(org);
        Ok(made)
    }

    /// Defines a contact type under a base type.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] for a blank name or that of a base type; [`EngineError::Conflict`] when it is taken.
    pub fn define_contact_type(&self, org: OrganizationId, base: BaseType, name: &str) -> Result<(), EngineError> {
        let mut issues = name_issues("type", name);
        if BaseType::ALL.iter().any(|known| known.as_str().eq_ignore_ascii_case(name)) {
            issues.push(Issue::new("type", IssueCode::InvalidValue, "The name of a base type."));
        }
        refuse(issues)?;
        let new = ContactTypeRow { name: name.to_owned(), base };
        self.transact("define_contact_type", |tx| {
            if tx.contact_types(org)?.len() >= MOST {
                return Err(too_many("type"));
            }
            Ok(tx.insert_contact_type(org, &new)?)
        })?;
        self.catalogues.forget(org);
        Ok(())
    }

    /// Takes a contact type out of the definitions. Contacts that have it keep it.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when there is none of this name.
    pub fn forget_contact_type(&self, org: OrganizationId, name: &str) -> Result<(), EngineError> {
        let found = self.parts.store.writing("forget_contact_type", |tx| tx.delete_contact_type(org, name))?;
        self.catalogues.forget(org);
        if found { Ok(()) } else { Err(EngineError::NotFound) }
    }
}

fn refuse(issues: Vec<Issue>) -> Result<(), EngineError> {
    if issues.is_empty() { Ok(()) } else { Err(EngineError::Invalid(issues)) }
}

fn too_many(field: &str) -> EngineError {
    let message = format!("An organization may define at most {MOST} of these.");
    EngineError::Invalid(vec![Issue::new(field, IssueCode::TooLong, message)])
}

fn name_issues(path: &str, name: &str) -> Vec<Issue> {
    if name.trim().is_empty() {
        return vec![Issue::new(path, IssueCode::Required, "A name is needed.")];
    }
    if name.chars().count() > NAME {
        return vec![Issue::new(path, IssueCode::TooLong, format!("At most {NAME} characters."))];
    }
    Vec::new()
}

fn field_issues(definition: &FieldDefinition, prefix: &str) -> Vec<Issue> {
    let mut issues = name_issues(&format!("{prefix}name"), &definition.name);
    let dropdown = definition.data_type == FieldType::Dropdown;
    if dropdown && definition.options.is_empty() {
        issues.push(Issue::new(format!("{prefix}options"), IssueCode::InvalidValue, "A dropdown needs options."));
    }
    if !dropdown && !definition.options.is_empty() {
        issues.push(Issue::new(format!("{prefix}options"), IssueCode::InvalidValue, "Only a dropdown has options."));
    }
    if definition.options.len() > MOST {
        issues.push(Issue::new(format!("{prefix}options"), IssueCode::TooLong, format!("At most {MOST} options.")));
    }
    issues
}

fn collection_issues(name: &str, fields: &[FieldDefinition]) -> Vec<Issue> {
    let mut issues = name_issues("name", name);
    if fields.is_empty() {
        issues.push(Issue::new("fields", IssueCode::Required, "A collection needs at least one field."));
    }
    let mut seen = BTreeSet::new();
    for (place, field) in fields.iter().enumerate() {
        let prefix = format!("fields[{place}].");
        issues.extend(field_issues(field, &prefix));
        if !seen.insert(field.name.to_lowercase()) {
            issues.push(Issue::new(format!("{prefix}name"), IssueCode::InvalidValue, "Two fields of one name."));
        }
    }
    issues
}
