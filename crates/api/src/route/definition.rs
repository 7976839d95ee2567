//! What the organization defines for itself: custom fields, custom collections, contact types.

pub(super) mod contact_collection_define;
pub(super) mod contact_collections;
pub(super) mod contact_field_define;
pub(super) mod contact_field_forget;
pub(super) mod contact_fields;
pub(super) mod individual_collection_define;
pub(super) mod individual_collections;
pub(super) mod individual_field_define;
pub(super) mod individual_field_forget;
pub(super) mod individual_fields;
pub(super) mod note_field_define;
pub(super) mod note_field_forget;
pub(super) mod note_fields;
pub(super) mod prefixes;
pub(super) mod type_define;
pub(super) mod type_forget;
pub(super) mod types;
