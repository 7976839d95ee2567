//! Changes that staff or a client make to a contact on file: a direct record, folded with the rest.

use crate::change::{Actor, Cause, Context, Profiles, Writes};
use crate::review::stored_contact;
use crate::{Engine, EngineError};
use tributary_contact::{ContactId, OrganizationId, RecordKind, Submission};
use tributary_store::{AssignedRecord, ContactRow, Counter};

/// Makes an edit of a contact as it is now.
type MakeEdit<'a> = &'a dyn Fn(&ContactRow) -> Result<Submission, EngineError>;

impl Engine {
    /// Folds an edit of the contact itself into it. The edit is made of the contact as it is inside the transaction.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact, an archived one or one merged away; what `edit` refuses.
    pub(crate) fn edit_contact(
        &self,
        org: OrganizationId,
        id: ContactId,
        actor: &Actor,
        edit: MakeEdit<'_>,
    ) -> Result<ContactRow, EngineError> {
        let organization = self.organization(org)?;
        let at = self.now();
        let context = Context { organization: &organization, actor: actor.to_string(), run: None, at, silent: false };
        self.transact("edit_contact", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            let stored = tx.contacts(org, &[id])?.into_iter().next();
            let stored = stored.filter(|contact| !contact.archived && contact.merged_into.is_none());
            let stored = stored.ok_or(EngineError::NotFound)?;
            let said = edit(&stored)?;
            let mut contact = stored_contact(tx, id, &context)?;
            let records = self.direct_records(tx, org, RecordKind::Edit, &[said], at)?;
            let mut record = records.into_iter().next().ok_or(EngineError::NotFound)?;
            if let Some(first) = stored.golden.individuals.first() {
                record.individual = first.id;
            }
            let cause = Cause { record: record.id, action: "edit", event: self.parts.ids.next() };
            contact.assign(record.clone(), &cause, &context);
            let writes = Writes::of(vec![contact], &Profiles::default(), &context);
            writes.with_direct_records(vec![AssignedRecord { contact: id, record }]).write(tx, org)?;
            Ok(())
        })?;
        self.wake_deliveries();
        self.contact(org, id)?.ok_or(EngineError::NotFound)
    }
}
