//! Archiving: the contact is kept with everything it has, but looks as if there was none until it is taken back.

use super::edit::check_open;
use crate::change::{Actor, Cause, Context, Profiles, Writes};
use crate::review::stored_contact;
use crate::{Engine, EngineError};
use tributary_contact::{ContactId, OrganizationId, RecordId};
use tributary_store::{Counter, WriteTx};
use uuid::Uuid;

impl Engine {
    /// Archives a contact or takes it back; nothing happens when it is so already. The reason is kept with the change.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact, [`EngineError::Conflict`] for one merged away.
    pub fn archive_contact(
        &self,
        org: OrganizationId,
        actor: &Actor,
        id: ContactId,
        archived: bool,
        reason: Option<&str>,
    ) -> Result<(), EngineError> {
        let organization = self.organization(org)?;
        let at = self.now();
        let context = Context { organization: &organization, actor: actor.to_string(), run: None, at, silent: false };
        self.transact("archive_contact", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            self.set_archived(tx, id, (archived, reason), &context)
        })?;
        self.wake_deliveries();
        Ok(())
    }

    /// The change, in a transaction that is open.
    pub(super) fn set_archived(
        &self,
        tx: &mut dyn WriteTx,
        id: ContactId,
        (archived, reason): (bool, Option<&str>),
        context: &Context<'_>,
    ) -> Result<(), EngineError> {
        let mut contact = stored_contact(tx, id, context)?;
        if contact.head().is_some_and(|head| head.archived == archived) {
            return Ok(());
        }
        check_open(false, contact.head().and_then(|head| head.merged_into))?;
        let action = if archived { "archive" } else { "unarchive" };
        let cause = Cause { record: RecordId(Uuid::nil()), action, event: self.parts.ids.next() };
        contact.archive(archived, reason, &cause, context);
        Ok(Writes::of(vec![contact], &Profiles::default(), context).write(tx, context.organization.id)?)
    }
}
