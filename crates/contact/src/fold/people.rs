//! The individuals of a contact: their values, their other names, their contact methods, their order.

use super::{Records, custom, items, scalar};
use crate::model::{Field, Golden, GoldenIndividual, Item, ItemId, Rank, SourceRecord};
use crate::normalise::fold_text;
use crate::policy::Subject;
use std::collections::{BTreeMap, BTreeSet};

/// Puts every individual that a record brings or a sender speaks of: the primary one first, then the secondary
/// one, then in order of their numbers.
pub(super) fn put(records: Records<'_, '_>, country: &str, golden: &mut Golden) {
    let people = present(records);
    for (id, own) in &people {
        let individual = individual(*id, own, country, golden);
        golden.individuals.push(individual);
    }
    if records.iter().any(|record| scalar::edits(record).is_some_and(|edits| edits.rank.is_some())) {
        put_in_order(records, golden);
    }
}

/// The individuals that are there, with their records.
fn present<'a>(records: Records<'_, 'a>) -> BTreeMap<ItemId, Vec<&'a SourceRecord>> {
    let mut people: BTreeMap<ItemId, Vec<&SourceRecord>> = BTreeMap::new();
    for record in records {
        people.entry(record.individual).or_default().push(record);
    }
    people.retain(|id, own| own.iter().any(|record| !record.is_correction()) && !is_removed(*id, own));
    people
}

fn is_removed(id: ItemId, own: Records<'_, '_>) -> bool {
    let items = own.iter().filter_map(|record| scalar::edits(record)).flat_map(|edits| &edits.items);
    items.into_iter().any(|edit| edit.removed && edit.item == id && edit.was == Item::Individual)
}

/// Of those whose last rank it is, whoever got it last has it.
fn put_in_order(records: Records<'_, '_>, golden: &mut Golden) {
    let mut last: BTreeMap<ItemId, (usize, Rank)> = BTreeMap::new();
    for (at, record) in records.iter().enumerate() {
        if let Some(rank) = scalar::edits(record).and_then(|edits| edits.rank) {
            last.insert(record.individual, (at, rank));
        }
    }
    let latest = |wanted: Rank| {
        let here = golden.individuals.iter().filter_map(|person| Some((last.get(&person.id)?, person.id)));
        here.filter(|((_, rank), _)| *rank == wanted).map(|((at, _), id)| (*at, id)).max().map(|(_, id)| id)
    };
    let (primary, secondary) = (latest(Rank::Primary), latest(Rank::Secondary));
    let others = golden.individuals.iter().map(|person| person.id);
    let first = primary.or_else(|| others.clone().find(|id| Some(*id) != secondary));
    let place = |id: ItemId| (Some(id) != first, Some(id) != secondary, id);
    golden.individuals.sort_by_key(|person| place(person.id));
}

fn individual(id: ItemId, own: Records<'_, '_>, country: &str, golden: &mut Golden) -> GoldenIndividual {
    let mut fields = BTreeMap::new();
    for field in scalar::fields(own, Field::is_individual) {
        if let Some((record, value)) = scalar::winner(own, Subject::Field(field), |record| scalar::claim(record, field))
        {
            fields.insert(field, value.to_owned());
            golden.provenance.insert(format!("individuals/{id}/{field}"), record.id);
        }
    }
    let methods = items::methods(own, country, golden);
    let also_known_as = also_known_as(own, &fields);
    let mut custom_fields = BTreeMap::new();
    for (name, (record, value)) in custom::fields(own, |submission| &submission.individual_custom.fields) {
        golden.provenance.insert(format!("individuals/{id}/customFields/{name}"), record);
        custom_fields.insert(name, value);
    }
    let custom_objects = custom::objects(own, |submission| custom::Objects {
        said: &submission.individual_custom.objects,
        removed: &submission.individual_custom.removed,
    });
    GoldenIndividual { id, fields, also_known_as, methods, custom_fields, custom_objects }
}

/// The other first-and-last names that records gave, each as it was spelled first.
fn also_known_as(own: Records<'_, '_>, fields: &BTreeMap<Field, String>) -> BTreeSet<String> {
    let golden = full_name(|field| fields.get(&field).map(String::as_str));
    let given = || own.iter().filter_map(|record| full_name(|field| record.submission.field(field)));
    if given().all(|name| Some(name) == golden) {
        return BTreeSet::new();
    }
    let mut seen: BTreeSet<String> = golden.iter().map(|(first, last)| folded(first, last)).collect();
    let others = given().filter(|(first, last)| seen.insert(folded(first, last)));
    others.map(|(first, last)| format!("{first} {last}")).collect()
}

fn full_name<'a>(value: impl Fn(Field) -> Option<&'a str>) -> Option<(&'a str, &'a str)> {
    let part = |field| value(field).map(str::trim).filter(|text| !text.is_empty());
    Some((part(Field::FirstName)?, part(Field::LastName)?))
}

fn folded(first: &str, last: &str) -> String {
    fold_text(&format!("{first} {last}"))
}
