//! References of a contact: attached by whoever found it by other means, and taken away.

use super::edit::{Target, correction, first_individual};
use crate::change::Actor;
use crate::{Engine, EngineError};
use tributary_contact::{ContactId, Edits, Golden, OrganizationId, Reference, Submission};
use tributary_store::StoreExt;

impl Engine {
    /// Attaches a reference; nothing happens when the contact carries it already.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown or archived contact, [`EngineError::Conflict`] when the reference is
    /// another contact's (virtuous-contract.md 1.6).
    pub fn add_reference(
        &self,
        org: OrganizationId,
        actor: &Actor,
        contact: ContactId,
        reference: &Reference,
    ) -> Result<(), EngineError> {
        let make = |golden: &Golden| {
            let new = Some(reference.clone()).filter(|new| !golden.references.contains(new));
            Ok(correction(Submission { reference: new, ..Submission::default() }, first_individual(golden)))
        };
        self.change_contact(org, actor, Target::Contact(contact), &make).map(|_| ())
    }

    /// Takes a reference away from the contact that carries it. A later submission under the reference brings it
    /// back to the contact that it is merged into.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when no contact carries it.
    pub fn remove_reference(
        &self,
        org: OrganizationId,
        actor: &Actor,
        reference: &Reference,
    ) -> Result<(), EngineError> {
        let found = self.parts.store.reading(|tx| tx.contacts_by_reference(org, std::slice::from_ref(reference)))?;
        let holder = found.into_iter().next().ok_or(EngineError::NotFound)?.contact;
        let make = |golden: &Golden| {
            let edits = Edits { removed_references: [reference.clone()].into(), ..Edits::default() };
            Ok(correction(Submission { edits, ..Submission::default() }, first_individual(golden)))
        };
        self.change_contact(org, actor, Target::Contact(holder), &make).map(|_| ())
    }
}
