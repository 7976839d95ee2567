//! The one way in which a direct change is made: the contact is read, what is new is made a record of, and everything
//! that follows is written, in one transaction. Only what differs is recorded, so that a client which reads, changes
//! one value and sends everything back locks that value alone.

use crate::change::{Actor, Cause, Context, Profiles, Working, Writes};
use crate::review::stored_contact;
use crate::{Engine, EngineError};
use tributary_contact::{
    ContactId, Field, Golden, GoldenIndividual, ItemId, OrganizationId, RecordKind, SourceRecord, Submission,
};
use tributary_store::{AssignedRecord, ContactRow, Counter, WriteTx};

/// A contact after a change, and the individual, method or address that was changed.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactAndItem {
    /// The contact.
    pub contact: ContactRow,
    /// Number of the item.
    pub item: ItemId,
}

/// What is to be changed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target {
    Contact(ContactId),
    /// The contact to which an individual, method or address belongs.
    Item(ItemId),
}

/// What a direct record says.
pub(super) struct Part {
    pub kind: RecordKind,
    /// The individual it speaks of; none when it brings one.
    pub individual: Option<ItemId>,
    pub submission: Submission,
}

/// Makes parts of the contact as it is.
type Make<'a> = &'a dyn Fn(&Golden) -> Result<Vec<Part>, EngineError>;

impl Engine {
    /// Sets and clears values of a contact; those it has already are not touched.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown or archived contact, [`EngineError::Conflict`] for one merged away.
    pub fn update_contact(
        &self,
        org: OrganizationId,
        actor: &Actor,
        id: ContactId,
        said: &Submission,
    ) -> Result<ContactRow, EngineError> {
        let make = |golden: &Golden| Ok(correction(news(said, golden, None), first_individual(golden)));
        Ok(self.change_contact(org, actor, Target::Contact(id), &make)?.0)
    }

    /// Changes a contact; hands back how it is then, and the number of the first record made, if any was.
    pub(super) fn change_contact(
        &self,
        org: OrganizationId,
        actor: &Actor,
        target: Target,
        make: Make<'_>,
    ) -> Result<(ContactRow, Option<ItemId>), EngineError> {
        let organization = self.organization(org)?;
        let at = self.now();
        let context = Context { organization: &organization, actor: actor.to_string(), run: None, at, silent: false };
        let (id, first) = self.transact("change_contact", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            let contact = self.open_contact(tx, target, &context)?;
            let parts = contact.golden().map(make).transpose()?.unwrap_or_default();
            self.apply_parts(tx, contact, parts, &context)
        })?;
        self.wake_deliveries();
        Ok((self.contact(org, id)?.ok_or(EngineError::NotFound)?, first))
    }

    /// The contact, if it can be changed.
    pub(super) fn open_contact(
        &self,
        tx: &mut dyn WriteTx,
        target: Target,
        context: &Context<'_>,
    ) -> Result<Working, EngineError> {
        let id = match target {
            Target::Contact(id) => id,
            Target::Item(item) => tx.contact_of_item(context.organization.id, item)?.ok_or(EngineError::NotFound)?,
        };
        let contact = stored_contact(tx, id, context)?;
        check_open(contact.head().is_some_and(|head| head.archived), contact.head().and_then(|head| head.merged_into))?;
        Ok(contact)
    }

    fn apply_parts(
        &self,
        tx: &mut dyn WriteTx,
        mut contact: Working,
        parts: Vec<Part>,
        context: &Context<'_>,
    ) -> Result<(ContactId, Option<ItemId>), EngineError> {
        let (org, id) = (context.organization.id, contact.id());
        let submissions: Vec<Submission> = parts.iter().map(|part| part.submission.clone()).collect();
        let mut records = self.direct_records(tx, org, RecordKind::Edit, &submissions, context.at)?;
        for (record, part) in records.iter_mut().zip(&parts) {
            record.kind = part.kind;
            record.individual = part.individual.unwrap_or(record.first_item);
        }
        let Some(first) = records.first().map(|record| (record.id, record.first_item)) else { return Ok((id, None)) };
        let cause = Cause { record: first.0, action: "edit", event: self.parts.ids.next() };
        contact.assign_all(records.clone(), &cause, context);
        let assigned = |record: SourceRecord| AssignedRecord { contact: id, record };
        let writes = Writes::of(vec![contact], &Profiles::default(), context);
        writes.with_direct_records(records.into_iter().map(assigned).collect()).write(tx, org)?;
        Ok((id, Some(first.1)))
    }
}

/// An archived contact looks as if there was none (virtuous-contract.md 1.1.2).
pub(crate) fn check_open(archived: bool, merged_into: Option<ContactId>) -> Result<(), EngineError> {
    match merged_into {
        _ if archived => Err(EngineError::NotFound),
        Some(survivor) => Err(EngineError::conflict(format!("The contact was merged into contact {survivor}."))),
        None => Ok(()),
    }
}

/// A correction of an individual as one part, or none when nothing is said.
pub(super) fn correction(submission: Submission, individual: Option<ItemId>) -> Vec<Part> {
    let nothing = submission == Submission::default();
    let part = |individual| Part { kind: RecordKind::Edit, individual: Some(individual), submission };
    individual.filter(|_| !nothing).map(part).into_iter().collect()
}

/// The individual whom a correction of the contact itself names.
pub(super) fn first_individual(golden: &Golden) -> Option<ItemId> {
    golden.individuals.first().map(|individual| individual.id)
}

/// What a submission says that the contact, or an individual of it, does not say yet.
pub(super) fn news(said: &Submission, golden: &Golden, person: Option<&GoldenIndividual>) -> Submission {
    let mut news = said.clone();
    let value = |field: Field| person.map_or_else(|| golden.field(field), |person| person.field(field));
    news.fields.retain(|field, new| value(*field) != Some(new.as_str()));
    news.cleared.retain(|field| value(*field).is_some());
    news.contact_type = news.contact_type.filter(|new| *new != golden.contact_type);
    news.custom_fields.retain(|name, new| is_new(golden.custom_fields.get(name), new));
    news.custom_objects.retain(|object| !golden.custom_objects.contains(object));
    if let Some(person) = person {
        news.individual_custom.fields.retain(|name, new| is_new(person.custom_fields.get(name), new));
        news.individual_custom.objects.retain(|object| !person.custom_objects.contains(object));
    }
    news
}

/// A blank is a value taken away.
fn is_new(old: Option<&String>, new: &str) -> bool {
    if new.trim().is_empty() { old.is_some() } else { old.is_none_or(|old| old != new) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merged_away_contact_names_its_survivor_and_an_archived_one_is_not_there() {
        assert!(check_open(false, None).is_ok());
        assert!(matches!(check_open(true, Some(ContactId(7))), Err(EngineError::NotFound)));
        let conflict = check_open(false, Some(ContactId(7))).map_err(|error| error.to_string());
        assert_eq!(conflict, Err("The contact was merged into contact 7.".to_owned()));
    }
}
