//! `/api/ContactNote`: notes about contacts.

pub(super) mod by_contact;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod email;
pub(super) mod get;
pub(super) mod important;
pub(super) mod query;
pub(super) mod query_options;
pub(super) mod types;
pub(super) mod update;

use crate::query::Query;
use tributary_contact::ContactId;
use tributary_contact::issue::IssueCode;
use tributary_store::{NoteOrder, NotesOf};

/// Which notes of a contact a query asks for.
fn wanted(contact: ContactId, important: bool, query: &mut Query) -> NotesOf {
    let order = query.text("sortBy").map(|text| text.to_ascii_lowercase());
    let order = match order.as_deref() {
        None | Some("id") => NoteOrder::Id,
        Some("notedate" | "notedatetime") => NoteOrder::NoteAt,
        Some("createddatetime" | "createdatetime") => NoteOrder::CreatedAt,
        Some("modifieddatetime") => NoteOrder::ModifiedAt,
        Some(_) => {
            query.issue("sortBy", IssueCode::InvalidValue, "Not an order of notes.");
            NoteOrder::Id
        }
    };
    NotesOf { contact, important, order, descending: query.flag("descending").unwrap_or(false) }
}
