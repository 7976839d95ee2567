//! E-mails, phones and profiles of an individual: added, changed, put away, taken away.

use super::edit::{ContactAndItem, Part, Target};
use super::item::{ItemValues, Sort, edited};
use crate::change::Actor;
use crate::{Engine, EngineError};
use tributary_contact::normalise::method_key;
use tributary_contact::{
    Golden, GoldenMethod, Item, ItemField, ItemId, Method, OrganizationId, RecordKind, Submission,
};

impl Engine {
    /// Adds a method to an individual; one that it has already is changed to what is said.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown individual.
    pub fn add_method(
        &self,
        org: OrganizationId,
        actor: &Actor,
        individual: ItemId,
        method: &Method,
    ) -> Result<ContactAndItem, EngineError> {
        let country = self.organization(org)?.country;
        let key = method_key(method, &country);
        let same = |own: &&GoldenMethod| method_key(&own.plain(), &country) == key;
        let make = |golden: &Golden| {
            let person = golden.individual(individual).ok_or(EngineError::NotFound)?;
            let Some(known) = person.methods.iter().find(same) else {
                let submission = Submission { methods: vec![method.clone()], ..Submission::default() };
                return Ok(vec![Part { kind: RecordKind::Edit, individual: Some(individual), submission }]);
            };
            let edit = said(method).edit(known.id, Item::Method(known.plain()), |field| known.value(field));
            Ok(edit.into_iter().map(|edit| edited(individual, edit)).collect())
        };
        let (contact, _) = self.change_contact(org, actor, Target::Item(individual), &make)?;
        let owner = contact.golden.individual(individual);
        let item = owner.and_then(|person| person.methods.iter().find(same)).map(|own| own.id);
        Ok(ContactAndItem { item: item.ok_or(EngineError::NotFound)?, contact })
    }

    /// Changes values of a method.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown method, [`EngineError::Conflict`] when its individual has the value
    /// already.
    pub fn update_method(
        &self,
        org: OrganizationId,
        actor: &Actor,
        id: ItemId,
        values: &ItemValues,
    ) -> Result<ContactAndItem, EngineError> {
        let country = self.organization(org)?.country;
        if let Some(contact) = self.contact_with_item(org, id)? {
            check_free(&contact.golden, id, values, &country)?;
        }
        self.edit_item(org, actor, (Sort::Method, id), values)
    }

    /// Puts a method away, or takes it back.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown method.
    pub fn archive_method(
        &self,
        org: OrganizationId,
        actor: &Actor,
        id: ItemId,
        archived: bool,
    ) -> Result<ContactAndItem, EngineError> {
        let values = ItemValues::one(ItemField::Archived, if archived { "true" } else { "false" });
        self.edit_item(org, actor, (Sort::Method, id), &values)
    }

    /// Takes a method away.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown method.
    pub fn remove_method(&self, org: OrganizationId, actor: &Actor, id: ItemId) -> Result<(), EngineError> {
        self.remove_item(org, actor, (Sort::Method, id))
    }
}

/// A method as values of an item. Adding it again takes it back from where it was put away.
fn said(method: &Method) -> ItemValues {
    let mut values = ItemValues::one(ItemField::Label, &method.label);
    values.set.insert(ItemField::Archived, "false".to_owned());
    values.set.extend(method.opted_in.map(|opted_in| (ItemField::OptedIn, opted_in.to_string())));
    values.set.extend(method.primary.then(|| (ItemField::Primary, "true".to_owned())));
    values
}

/// Two methods of an individual are never the same one.
fn check_free(golden: &Golden, id: ItemId, values: &ItemValues, country: &str) -> Result<(), EngineError> {
    let Some((person, own)) = super::item::method(golden, id) else { return Ok(()) };
    let mut changed = own.plain();
    let change =
        |field: ItemField, place: &mut String| values.set.get(&field).into_iter().for_each(|new| place.clone_from(new));
    change(ItemField::Label, &mut changed.label);
    change(ItemField::Value, &mut changed.value);
    let key = method_key(&changed, country);
    let taken = person.methods.iter().any(|other| other.id != id && method_key(&other.plain(), country) == key);
    if taken { Err(EngineError::conflict("The individual has this contact method already.")) } else { Ok(()) }
}
