//! Addresses of a contact: added, changed, put away, taken away.

use super::edit::{ContactAndItem, Part, Target, first_individual};
use super::item::{ItemValues, Sort, edited};
use crate::change::Actor;
use crate::{Engine, EngineError};
use tributary_contact::normalise::address_key;
use tributary_contact::{
    Address, ContactId, Golden, GoldenAddress, Item, ItemField, ItemId, OrganizationId, RecordKind, Submission,
};

impl Engine {
    /// Adds an address to a contact; one that it has already is changed to what is said.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown or archived contact, [`EngineError::Conflict`] for one merged away.
    pub fn add_address(
        &self,
        org: OrganizationId,
        actor: &Actor,
        contact: ContactId,
        address: &Address,
    ) -> Result<ContactAndItem, EngineError> {
        let country = self.organization(org)?.country;
        let same = |own: &&GoldenAddress| is_same(&own.address, address, &country);
        let make = |golden: &Golden| {
            let person = first_individual(golden).ok_or(EngineError::NotFound)?;
            let Some(known) = golden.addresses.iter().find(same) else {
                let submission = Submission { addresses: vec![address.clone()], ..Submission::default() };
                return Ok(vec![Part { kind: RecordKind::Edit, individual: Some(person), submission }]);
            };
            let edit = said(address).edit(known.id, Item::Address(known.address.clone()), |field| known.value(field));
            Ok(edit.into_iter().map(|edit| edited(person, edit)).collect())
        };
        let (contact, _) = self.change_contact(org, actor, Target::Contact(contact), &make)?;
        let item = contact.golden.addresses.iter().find(same).map(|own| own.id).ok_or(EngineError::NotFound)?;
        Ok(ContactAndItem { contact, item })
    }

    /// Changes values of an address.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown address.
    pub fn update_address(
        &self,
        org: OrganizationId,
        actor: &Actor,
        id: ItemId,
        values: &ItemValues,
    ) -> Result<ContactAndItem, EngineError> {
        self.edit_item(org, actor, (Sort::Address, id), values)
    }

    /// Puts an address away, or takes it back.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown address.
    pub fn archive_address(
        &self,
        org: OrganizationId,
        actor: &Actor,
        id: ItemId,
        archived: bool,
    ) -> Result<ContactAndItem, EngineError> {
        let values = ItemValues::one(ItemField::Archived, if archived { "true" } else { "false" });
        self.edit_item(org, actor, (Sort::Address, id), &values)
    }

    /// Takes an address away.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown address.
    pub fn remove_address(&self, org: OrganizationId, actor: &Actor, id: ItemId) -> Result<(), EngineError> {
        self.remove_item(org, actor, (Sort::Address, id))
    }
}

/// Whether two addresses are one: by normal form, or word by word where there is none.
fn is_same(a: &Address, b: &Address, country: &str) -> bool {
    let (left, right) = (address_key(a, country), address_key(b, country));
    let lines = |own: &Address| {
        [&own.address1, &own.address2, &own.city, &own.state, &own.postal, &own.country].map(Clone::clone)
    };
    left == right && (!left.is_empty() || lines(a) == lines(b))
}

/// What is said beside the lines. Adding an address again takes it back from where it was put away.
fn said(address: &Address) -> ItemValues {
    let mut values = ItemValues::one(ItemField::Archived, "false");
    let golden = GoldenAddress { id: ItemId(0), address: address.clone(), archived: false };
    let fields = [
        ItemField::Label,
        ItemField::Latitude,
        ItemField::Longitude,
        ItemField::StartMonth,
        ItemField::StartDay,
        ItemField::EndMonth,
        ItemField::EndDay,
    ];
    values.set.extend(fields.into_iter().filter_map(|field| Some((field, golden.value(field)?))));
    values.set.extend(address.primary.then(|| (ItemField::Primary, "true".to_owned())));
    values
}
