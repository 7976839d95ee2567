//! Custom fields, custom collections and contact types of an organization.

use super::{Tx, dialect};
use crate::convert::{Column, json, micros};
use crate::error;
use crate::rows::{ContactTypeRecord, CustomCollectionRecord, CustomFieldRecord, Present};
use crate::schema::{contact_type, custom_collection, custom_field};
use diesel::prelude::*;
use tributary_contact::{BaseType, CollectionDefinition, Entity, OrganizationId};
use tributary_store::{ContactTypeRow, CustomFieldRow, ReadDefinitions, StoreResult, WriteDefinitions};

impl ReadDefinitions for Tx<'_> {
    fn custom_fields(&mut self, organization: OrganizationId) -> StoreResult<Vec<CustomFieldRow>> {
        let rows = custom_field::table
            .filter(custom_field::organization_id.eq(organization.0))
            .select(CustomFieldRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let mut fields = rows.into_iter().map(field_from).collect::<StoreResult<Vec<_>>>()?;
        fields.sort_by_cached_key(|row| (row.entity, row.definition.name.to_lowercase()));
        Ok(fields)
    }

    fn custom_collections(&mut self, organization: OrganizationId) -> StoreResult<Vec<CollectionDefinition>> {
        let rows = custom_collection::table
            .filter(custom_collection::organization_id.eq(organization.0))
            .order(custom_collection::id)
            .select(CustomCollectionRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(collection_from).collect()
    }

    fn contact_types(&mut self, organization: OrganizationId) -> StoreResult<Vec<ContactTypeRow>> {
        let rows = contact_type::table
            .filter(contact_type::organization_id.eq(organization.0))
            .select(ContactTypeRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let mut types = rows.into_iter().map(type_from).collect::<StoreResult<Vec<_>>>()?;
        types.sort_by_cached_key(|row| row.name.to_lowercase());
        Ok(types)
    }
}

impl WriteDefinitions for Tx<'_> {
    fn insert_custom_field(&mut self, organization: OrganizationId, new: &CustomFieldRow) -> StoreResult<()> {
        let row = CustomFieldRecord {
            organization_id: organization.0,
            entity: new.entity.as_str().to_owned(),
            folded: new.definition.name.to_lowercase(),
            definition: json(&new.definition)?,
            created_at: micros(new.created_at),
            created_by: new.created_by.clone(),
            modified_at: micros(new.modified_at),
            modified_by: new.modified_by.clone(),
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }

    fn update_custom_field(&mut self, organization: OrganizationId, changed: &CustomFieldRow) -> StoreResult<bool> {
        let key = (organization.0, changed.entity.as_str(), changed.definition.name.to_lowercase());
        diesel::update(custom_field::table.find(key))
            .set((
                custom_field::definition.eq(json(&changed.definition)?),
                custom_field::modified_at.eq(micros(changed.modified_at)),
                custom_field::modified_by.eq(&changed.modified_by),
            ))
            .execute(&mut self.session.conn)
            .map(|updated| updated == 1)
            .map_err(error::any)
    }

    fn delete_custom_field(&mut self, organization: OrganizationId, entity: Entity, name: &str) -> StoreResult<bool> {
        diesel::delete(custom_field::table.find((organization.0, entity.as_str(), name.to_lowercase())))
            .execute(&mut self.session.conn)
            .map(|deleted| deleted == 1)
            .map_err(error::any)
    }

    fn insert_custom_collection(
        &mut self,
        organization: OrganizationId,
        new: &CollectionDefinition,
    ) -> StoreResult<()> {
        let row = CustomCollectionRecord {
            organization_id: organization.0,
            id: new.id,
            entity: new.entity.as_str().to_owned(),
            name: new.name.clone(),
            folded: new.name.to_lowercase(),
            fields: json(&new.fields)?,
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }

    fn insert_contact_type(&mut self, organization: OrganizationId, new: &ContactTypeRow) -> StoreResult<()> {
        let row = ContactTypeRecord {
            organization_id: organization.0,
            folded: new.name.to_lowercase(),
            name: new.name.clone(),
            base: new.base.as_str().to_owned(),
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }

    fn delete_contact_type(&mut self, organization: OrganizationId, name: &str) -> StoreResult<bool> {
        diesel::delete(contact_type::table.find((organization.0, name.to_lowercase())))
            .execute(&mut self.session.conn)
            .map(|deleted| deleted == 1)
            .map_err(error::any)
    }
}

fn field_from(row: CustomFieldRecord) -> StoreResult<CustomFieldRow> {
    let column = |name| Column("custom_field", name);
    Ok(CustomFieldRow {
        entity: column("entity").code(Entity::parse, &row.entity)?,
        definition: column("definition").json(&row.definition)?,
        created_at: column("created_at").instant(row.created_at)?,
        created_by: row.created_by,
        modified_at: column("modified_at").instant(row.modified_at)?,
        modified_by: row.modified_by,
    })
}

fn collection_from(row: CustomCollectionRecord) -> StoreResult<CollectionDefinition> {
    let column = |name| Column("custom_collection", name);
    Ok(CollectionDefinition {
        id: row.id,
        entity: column("entity").code(Entity::parse, &row.entity)?,
        name: row.name,
        fields: column("fields").json(&row.fields)?,
    })
}

fn type_from(row: ContactTypeRecord) -> StoreResult<ContactTypeRow> {
    Ok(ContactTypeRow { base: Column("contact_type", "base").code(BaseType::parse, &row.base)?, name: row.name })
}
