//! People of a contact: added, changed, taken away.

use super::edit::{ContactAndItem, Part, Target, correction, news};
use crate::change::Actor;
use crate::{Engine, EngineError};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{
    ContactId, Edits, Golden, Item, ItemEdit, ItemId, OrganizationId, Rank, RecordKind, Submission,
};

impl Engine {
    /// Adds an individual with its methods. A rank in `edits` puts it first or second.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown or archived contact, [`EngineError::Conflict`] for one merged away.
    pub fn add_individual(
        &self,
        org: OrganizationId,
        actor: &Actor,
        contact: ContactId,
        said: &Submission,
    ) -> Result<ContactAndItem, EngineError> {
        let make = |_: &Golden| Ok(vec![Part { kind: RecordKind::Create, individual: None, submission: said.clone() }]);
        let (contact, first) = self.change_contact(org, actor, Target::Contact(contact), &make)?;
        Ok(ContactAndItem { contact, item: first.ok_or(EngineError::NotFound)? })
    }

    /// Sets and clears values of an individual.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown individual.
    pub fn update_individual(
        &self,
        org: OrganizationId,
        actor: &Actor,
        id: ItemId,
        said: &Submission,
    ) -> Result<ContactAndItem, EngineError> {
        let make = |golden: &Golden| {
            let person = golden.individual(id).ok_or(EngineError::NotFound)?;
            let mut said = news(said, golden, Some(person));
            said.edits.rank = said.edits.rank.filter(|rank| !has_rank(golden, id, *rank));
            Ok(correction(said, Some(id)))
        };
        let (contact, _) = self.change_contact(org, actor, Target::Item(id), &make)?;
        Ok(ContactAndItem { contact, item: id })
    }

    /// Takes an individual away.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown individual, [`EngineError::Invalid`] for the only one of a contact
    /// (virtuous-contract.md 1.3).
    pub fn remove_individual(&self, org: OrganizationId, actor: &Actor, id: ItemId) -> Result<(), EngineError> {
        let make = |golden: &Golden| {
            golden.individual(id).ok_or(EngineError::NotFound)?;
            if golden.individuals.len() < 2 {
                let message = "A contact needs at least one individual.";
                return Err(EngineError::Invalid(vec![Issue::new("id", IssueCode::Required, message)]));
            }
            let gone = ItemEdit { removed: true, ..ItemEdit::new(id, Item::Individual) };
            let edits = Edits { items: vec![gone], ..Edits::default() };
            Ok(correction(Submission { edits, ..Submission::default() }, Some(id)))
        };
        self.change_contact(org, actor, Target::Item(id), &make).map(|_| ())
    }
}

fn has_rank(golden: &Golden, id: ItemId, rank: Rank) -> bool {
    let place = match rank {
        Rank::Primary => 0,
        Rank::Secondary => 1,
    };
    golden.individuals.get(place).is_some_and(|person| person.id == id)
}
