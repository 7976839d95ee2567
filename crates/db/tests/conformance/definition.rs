//! Custom fields, custom collections and contact types.

use crate::fixture::{Fixture, at, conflict_of};
use tributary_contact::{BaseType, CollectionDefinition, Entity, FieldDefinition, FieldType};
use tributary_store::{ContactTypeRow, CustomFieldRow};

cases!(
    a_custom_field_reads_back_changes_and_goes,
    a_collection_reads_back_and_its_name_is_taken_once,
    contact_types_come_by_name,
);

fn definition(name: &str) -> FieldDefinition {
    FieldDefinition {
        name: name.to_owned(),
        display_name: "Shown".to_owned(),
        data_type: FieldType::Dropdown,
        required: true,
        options: vec!["S".to_owned(), "M".to_owned()],
    }
}

fn field(entity: Entity, name: &str) -> CustomFieldRow {
    CustomFieldRow {
        entity,
        definition: definition(name),
        created_at: at(1),
        created_by: "key:1".to_owned(),
        modified_at: at(2),
        modified_by: "key:2".to_owned(),
    }
}

fn a_custom_field_reads_back_changes_and_goes(f: &Fixture) {
    let rows = [field(Entity::Contact, "Alpha"), field(Entity::Contact, "beta"), field(Entity::Individual, "alpha")];
    rows.iter().rev().for_each(|row| f.writing(|tx| tx.insert_custom_field(f.organization, row)));
    assert_eq!(f.reading(|tx| tx.custom_fields(f.organization)), rows);
    assert!(f.reading(|tx| tx.custom_fields(f.other)).is_empty());
    let again = field(Entity::Contact, "ALPHA");
    let taken = f.try_writing(|tx| tx.insert_custom_field(f.organization, &again));
    assert_eq!(conflict_of(taken), "custom_field");
    let changed = CustomFieldRow { modified_at: at(9), ..again };
    assert!(f.writing(|tx| tx.update_custom_field(f.organization, &changed)));
    assert_eq!(f.reading(|tx| tx.custom_fields(f.organization))[0], changed);
    assert!(f.writing(|tx| tx.delete_custom_field(f.organization, Entity::Contact, "alpha")));
    assert!(!f.writing(|tx| tx.delete_custom_field(f.organization, Entity::Contact, "alpha")));
    assert_eq!(f.reading(|tx| tx.custom_fields(f.organization)).len(), 2);
}

fn a_collection_reads_back_and_its_name_is_taken_once(f: &Fixture) {
    let pets = |id| CollectionDefinition {
        id,
        entity: Entity::Contact,
        name: "Pets".to_owned(),
        fields: vec![definition("name")],
    };
    f.writing(|tx| tx.insert_custom_collection(f.organization, &pets(1)));
    assert_eq!(f.reading(|tx| tx.custom_collections(f.organization)), [pets(1)]);
    let taken = f.try_writing(|tx| tx.insert_custom_collection(f.organization, &pets(2)));
    assert_eq!(conflict_of(taken), "custom_collection");
    f.writing(|tx| tx.insert_custom_collection(f.other, &pets(1)));
}

fn contact_types_come_by_name(f: &Fixture) {
    let kind = |name: &str, base| ContactTypeRow { name: name.to_owned(), base };
    let rows = [kind("board", BaseType::Household), kind("Parish", BaseType::Organization)];
    rows.iter().rev().for_each(|row| f.writing(|tx| tx.insert_contact_type(f.organization, row)));
    assert_eq!(f.reading(|tx| tx.contact_types(f.organization)), rows);
    let taken = f.try_writing(|tx| tx.insert_contact_type(f.organization, &kind("PARISH", BaseType::Foundation)));
    assert_eq!(conflict_of(taken), "contact_type");
    assert!(f.writing(|tx| tx.delete_contact_type(f.organization, "parish")));
    assert!(!f.writing(|tx| tx.delete_contact_type(f.organization, "parish")));
}
