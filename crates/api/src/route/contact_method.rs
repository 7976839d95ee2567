//! `/api/ContactMethod`: e-mails, phones and profiles of individuals (virtuous-contract.md 1.4).

pub(super) mod archive;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod related_types;
pub(super) mod types;
pub(super) mod unarchive;
pub(super) mod update;

use crate::auth::sees_contact;
use crate::blocking::blocking;
use crate::{ApiError, ApiState};
use tributary_contact::ItemId;
use tributary_engine::Principal;
use tributary_store::ContactRow;

/// The contact that has the item, if the caller may see it.
pub(super) async fn found(api: &ApiState, caller: &Principal, id: ItemId) -> Result<Option<ContactRow>, ApiError> {
    let organization = caller.organization;
    let contact = blocking(api, move |engine| engine.contact_with_item(organization, id)).await?;
    Ok(contact.filter(|contact| sees_contact(caller, contact)))
}
