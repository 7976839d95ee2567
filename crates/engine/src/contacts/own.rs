//! Edits of the contact itself, made of the contact as it is inside the transaction: labels, entries of collections.

use super::edit::{Target, correction, first_individual};
use crate::change::Actor;
use crate::{Engine, EngineError};
use tributary_contact::{ContactId, Golden, ItemId, OrganizationId, Submission};
use tributary_store::ContactRow;

impl Engine {
    /// Records an edit of a contact.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown or archived contact, [`EngineError::Conflict`] for one merged away; what
    /// `edit` refuses.
    pub(crate) fn edit_contact(
        &self,
        org: OrganizationId,
        id: ContactId,
        actor: &Actor,
        edit: &dyn Fn(&Golden) -> Result<Submission, EngineError>,
    ) -> Result<ContactRow, EngineError> {
        let make = |golden: &Golden| Ok(correction(edit(golden)?, first_individual(golden)));
        Ok(self.change_contact(org, actor, Target::Contact(id), &make)?.0)
    }

    /// Records an edit of a person; as [`Engine::edit_contact`].
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown individual; what `edit` refuses.
    pub(crate) fn edit_individual(
        &self,
        org: OrganizationId,
        id: ItemId,
        actor: &Actor,
        edit: &dyn Fn(&Golden) -> Result<Submission, EngineError>,
    ) -> Result<ContactRow, EngineError> {
        let make = |golden: &Golden| Ok(correction(edit(golden)?, Some(id)));
        Ok(self.change_contact(org, actor, Target::Item(id), &make)?.0)
    }
}
