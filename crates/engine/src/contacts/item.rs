//! What methods and addresses have in common: they are changed value by value, put away and taken away.

use super::edit::{ContactAndItem, Part, Target};
use crate::change::Actor;
use crate::{Engine, EngineError};
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::{
    Address, Edits, Golden, GoldenAddress, GoldenIndividual, GoldenMethod, Item, ItemEdit, ItemField, ItemId,
    OrganizationId, RecordKind, Submission,
};
use tributary_store::{ContactRow, StoreExt};

/// Values that a method or an address gets and loses. A flag is `true` or `false`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemValues {
    /// Values it gets, never blank.
    pub set: BTreeMap<ItemField, String>,
    /// Values it loses.
    pub cleared: BTreeSet<ItemField>,
}

impl ItemValues {
    /// One value.
    pub(super) fn one(field: ItemField, value: &str) -> Self {
        Self { set: BTreeMap::from([(field, value.to_owned())]), cleared: BTreeSet::new() }
    }

    /// The edit that brings an item there; none when it is there already.
    pub(super) fn edit(
        &self,
        item: ItemId,
        was: Item,
        current: impl Fn(ItemField) -> Option<String>,
    ) -> Option<ItemEdit> {
        let mut edit = ItemEdit::new(item, was);
        let set = self.set.iter().filter(|(field, value)| current(**field).as_ref() != Some(*value));
        edit.values = set.map(|(field, value)| (*field, value.clone())).collect();
        edit.cleared = self.cleared.iter().copied().filter(|field| current(*field).is_some()).collect();
        (!edit.values.is_empty() || !edit.cleared.is_empty()).then_some(edit)
    }
}

/// Which kind of item a number is meant to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Method,
    Address,
}

impl Engine {
    /// The contact that has an individual, method or address of this number; none when nothing in use or put away
    /// has it, or the contact is archived.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn contact_with_item(&self, org: OrganizationId, item: ItemId) -> Result<Option<ContactRow>, EngineError> {
        let found = self.parts.store.reading(|tx| match tx.contact_of_item(org, item)? {
            Some(contact) => tx.contacts(org, &[contact]),
            None => Ok(Vec::new()),
        })?;
        Ok(found.into_iter().next().filter(|contact| !contact.archived))
    }

    pub(super) fn edit_item(
        &self,
        org: OrganizationId,
        actor: &Actor,
        (sort, id): (Sort, ItemId),
        values: &ItemValues,
    ) -> Result<ContactAndItem, EngineError> {
        let make = |golden: &Golden| match sort {
            Sort::Method => method_parts(golden, id, values),
            Sort::Address => address_parts(golden, id, values),
        };
        let (contact, _) = self.change_contact(org, actor, Target::Item(id), &make)?;
        Ok(ContactAndItem { contact, item: id })
    }

    pub(super) fn remove_item(
        &self,
        org: OrganizationId,
        actor: &Actor,
        (sort, id): (Sort, ItemId),
    ) -> Result<(), EngineError> {
        let make = |golden: &Golden| {
            let (owner, was) = match sort {
                Sort::Method => method(golden, id).map(|(person, own)| (person.id, Item::Method(own.plain()))),
                Sort::Address => address(golden, id)
                    .and_then(|own| Some((golden.individuals.first()?.id, Item::Address(own.address.clone())))),
            }
            .ok_or(EngineError::NotFound)?;
            Ok(vec![edited(owner, ItemEdit { removed: true, ..ItemEdit::new(id, was) })])
        };
        self.change_contact(org, actor, Target::Item(id), &make).map(|_| ())
    }
}

/// A method and whose it is.
pub(super) fn method(golden: &Golden, id: ItemId) -> Option<(&GoldenIndividual, &GoldenMethod)> {
    let all = golden.individuals.iter().flat_map(|person| person.methods.iter().map(move |own| (person, own)));
    all.into_iter().find(|(_, own)| own.id == id)
}

/// An address.
pub(super) fn address(golden: &Golden, id: ItemId) -> Option<&GoldenAddress> {
    golden.addresses.iter().find(|own| own.id == id)
}

fn method_parts(golden: &Golden, id: ItemId, values: &ItemValues) -> Result<Vec<Part>, EngineError> {
    let (person, own) = method(golden, id).ok_or(EngineError::NotFound)?;
    let edit = values.edit(id, Item::Method(own.plain()), |field| own.value(field));
    Ok(edit.into_iter().map(|edit| edited(person.id, edit)).collect())
}

fn address_parts(golden: &Golden, id: ItemId, values: &ItemValues) -> Result<Vec<Part>, EngineError> {
    let own = address(golden, id).ok_or(EngineError::NotFound)?;
    let person = golden.individuals.first().ok_or(EngineError::NotFound)?;
    let was = Item::Address(Address { primary: false, ..own.address.clone() });
    let edit = values.edit(id, was, |field| own.value(field));
    Ok(edit.into_iter().map(|edit| edited(person.id, edit)).collect())
}

/// One edit of an item as a part.
pub(super) fn edited(individual: ItemId, edit: ItemEdit) -> Part {
    let edits = Edits { items: vec![edit], ..Edits::default() };
    let submission = Submission { edits, ..Submission::default() };
    Part { kind: RecordKind::Edit, individual: Some(individual), submission }
}
