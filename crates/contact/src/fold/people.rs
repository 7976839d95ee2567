//! The individuals of a contact: their values, their other names, their contact methods.

use super::{Records, custom, items, scalar};
use crate::model::{Field, Golden, GoldenIndividual, ItemId, SourceRecord};
use crate::normalise::fold_text;
use std::collections::{BTreeMap, BTreeSet};

/// Puts every individual that a record speaks of, in order of their numbers.
pub(super) fn put(records: Records<'_, '_>, country: &str, golden: &mut Golden) {
    let mut people: BTreeMap<ItemId, Vec<&SourceRecord>> = BTreeMap::new();
    for record in records {
        people.entry(record.individual).or_default().push(record);
    }
    for (id, own) in people {
        let individual = individual(id, &own, country, golden);
        golden.individuals.push(individual);
    }
}

fn individual(id: ItemId, own: Records<'_, '_>, country: &str, golden: &mut Golden) -> GoldenIndividual {
    let mut fields = BTreeMap::new();
    for field in scalar::fields(own, Field::is_individual) {
        if let Some((record, value)) = scalar::winner(own, |record| scalar::claim(record, field)) {
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
