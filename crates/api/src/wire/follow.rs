//! Followed contacts and what happened to them (virtuous-contract.md 1.1).

use serde::Serialize;
use tributary_contact::Field;
use tributary_engine::{FollowedChange, contact_view_url};
use tributary_store::ContactRow;

/// A row of `Following` and of `Activity`; described as `FollowedContacts` in `openapi/bodies.rs`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FollowedJson {
    contact_id: i64,
    contact_name: Option<String>,
    /// What happened, in a word; none in `Following`.
    #[serde(skip_serializing_if = "Option::is_none")]
    activity: Option<&'static str>,
    contact_view_url: String,
}

impl FollowedJson {
    /// A followed contact.
    pub(crate) fn contact(contact: &ContactRow) -> Self {
        Self {
            contact_id: contact.id.0,
            contact_name: contact.golden.field(Field::Name).map(str::to_owned),
            activity: None,
            contact_view_url: contact_view_url(contact.id),
        }
    }

    /// Something that happened to one.
    pub(crate) fn change(followed: &FollowedChange) -> Self {
        let activity = match followed.change.action.as_str() {
            "create" | "load" => "Created",
            "merge" => "Merged",
            "undo" => "Undone",
            "archive" => "Archived",
            "unarchive" => "Unarchived",
            _ => "Updated",
        };
        Self {
            contact_id: followed.change.contact.0,
            contact_name: followed.name.clone(),
            activity: Some(activity),
            contact_view_url: contact_view_url(followed.change.contact),
        }
    }
}
