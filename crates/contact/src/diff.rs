//! What changed between two states of a contact, for audit rows and for the webhook's
//! `changedFields`. Where a value came from is not part of it.

use crate::model::{Field, Giving, Golden, GoldenAddress, GoldenIndividual, GoldenMethod, ItemId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One thing that was added, changed or taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Path as in [`Golden::provenance`] (`name`, `individuals/81/lastName`, `methods/83`,
    /// `addresses/84`, `customFields/shirtSize`, `contactType`), or `individuals/81` for a person as
    /// such, `individuals/81/alsoKnownAs`, `individuals/81/customFields/diet`, `individuals/81/customObjects`, for a
    /// list as a whole `references`, `tags`, `groups`, `emailLists`, `customObjects`, `attendances`,
    /// `volunteerAttendances`, and of gifts `lifeToDateGiving`, `lastGiftAmount`, `lastGiftDate`.
    pub field: String,
    /// The value before; none when it was added.
    pub before: Option<Value>,
    /// The value after; none when it was taken away.
    pub after: Option<Value>,
}

/// Everything that differs, in a stable order: the contact, its people, methods, addresses, lists.
/// Empty when nothing does. `None` is a contact that does not exist.
#[must_use]
pub fn diff(before: Option<&Golden>, after: Option<&Golden>) -> Vec<Change> {
    let mut changes = Changes(Vec::new());
    changes.value("contactType", before.map(|g| &g.contact_type), after.map(|g| &g.contact_type));
    let nothing = Golden::default();
    let (a, b) = (before.unwrap_or(&nothing), after.unwrap_or(&nothing));
    changes.map("", &a.fields, &b.fields);
    changes.map("customFields/", &a.custom_fields, &b.custom_fields);
    if a.individuals != b.individuals {
        changes.people(a, b);
        changes.map("methods/", &methods(a), &methods(b));
    }
    if a.addresses != b.addresses {
        changes.map("addresses/", &addresses(a), &addresses(b));
    }
    changes.list("references", &a.references, &b.references);
    changes.list("tags", &a.tags, &b.tags);
    changes.list("groups", &a.groups, &b.groups);
    changes.list("emailLists", &a.email_lists, &b.email_lists);
    changes.list("customObjects", &a.custom_objects, &b.custom_objects);
    changes.list("attendances", &a.attendances, &b.attendances);
    changes.list("volunteerAttendances", &a.volunteer_attendances, &b.volunteer_attendances);
    if a.giving != b.giving {
        changes.giving(a.giving.as_ref(), b.giving.as_ref());
    }
    changes.0
}

/// The partner-facing names of what changed (FullContact, virtuous-contract.md 2.2, and
/// `contactAddresses` of 5.2), each once, in order of first change.
#[must_use]
pub fn changed_fields(changes: &[Change]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for change in changes {
        let name = partner_name(&change.field);
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

fn partner_name(path: &str) -> &str {
    match path.split('/').next().unwrap_or(path) {
        "individuals" | "methods" => "contactIndividuals",
        "addresses" => "contactAddresses",
        "references" => "contactReferences",
        "customObjects" => "customCollections",
        "attendances" => "eventAttendances",
        "groups" => "organizationGroups",
        "originSegmentCode" => "originSegment",
        same => same,
    }
}

struct Changes(Vec<Change>);

impl Changes {
    fn push(&mut self, field: String, before: Option<Value>, after: Option<Value>) {
        self.0.push(Change { field, before, after });
    }

    fn value<T: PartialEq + Serialize>(&mut self, field: &str, before: Option<&T>, after: Option<&T>) {
        if before != after {
            self.push(field.to_owned(), before.map(to_json), after.map(to_json));
        }
    }

    /// Values by name. Only what differs is turned into JSON.
    fn map<K, T>(&mut self, prefix: &str, before: &BTreeMap<K, T>, after: &BTreeMap<K, T>)
    where
        K: Ord + std::fmt::Display,
        T: PartialEq + Serialize,
    {
        if before == after {
            return;
        }
        let added = after.keys().filter(|key| !before.contains_key(key));
        let mut keys: Vec<&K> = before.keys().chain(added).collect();
        keys.sort_unstable();
        for key in keys {
            self.value(&format!("{prefix}{key}"), before.get(key), after.get(key));
        }
    }

    /// A list as a whole, absent when empty.
    fn list<T: PartialEq + Serialize>(&mut self, field: &str, before: &T, after: &T) {
        if before != after {
            let filled = |list: &T| Some(to_json(list)).filter(|json| json.as_array().is_none_or(|a| !a.is_empty()));
            self.push(field.to_owned(), filled(before), filled(after));
        }
    }

    fn giving(&mut self, before: Option<&Giving>, after: Option<&Giving>) {
        self.value("lifeToDateGiving", before.map(|g| &g.total), after.map(|g| &g.total));
        self.value("lastGiftAmount", before.map(|g| &g.last.amount), after.map(|g| &g.last.amount));
        self.value("lastGiftDate", before.map(|g| &g.last.date), after.map(|g| &g.last.date));
    }

    /// People as such, then the values of each.
    fn people(&mut self, before: &Golden, after: &Golden) {
        let mut ids: Vec<ItemId> = before.individuals.iter().chain(&after.individuals).map(|i| i.id).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            self.person(id, before.individual(id), after.individual(id));
        }
    }

    fn person(&mut self, id: ItemId, before: Option<&GoldenIndividual>, after: Option<&GoldenIndividual>) {
        if before == after {
            return;
        }
        let exists = |person: Option<&GoldenIndividual>| person.map(|person| json!({ "id": person.id }));
        if before.is_some() != after.is_some() {
            self.push(format!("individuals/{id}"), exists(before), exists(after));
        }
        let nothing = GoldenIndividual::new(id);
        let (a, b) = (before.unwrap_or(&nothing), after.unwrap_or(&nothing));
        self.map::<Field, String>(&format!("individuals/{id}/"), &a.fields, &b.fields);
        if a.also_known_as != b.also_known_as {
            self.list(&format!("individuals/{id}/alsoKnownAs"), &a.also_known_as, &b.also_known_as);
        }
        self.map(&format!("individuals/{id}/customFields/"), &a.custom_fields, &b.custom_fields);
        self.list(&format!("individuals/{id}/customObjects"), &a.custom_objects, &b.custom_objects);
    }
}

/// A method and whose it is, since undoing a decision can hand it to another person.
#[derive(PartialEq, Serialize)]
struct OwnedMethod<'a> {
    individual: ItemId,
    #[serde(flatten)]
    method: &'a GoldenMethod,
}

fn methods(golden: &Golden) -> BTreeMap<ItemId, OwnedMethod<'_>> {
    let all = golden.individuals.iter().flat_map(|person| person.methods.iter().map(|method| (person.id, method)));
    all.map(|(individual, method)| (method.id, OwnedMethod { individual, method })).collect()
}

fn addresses(golden: &Golden) -> BTreeMap<ItemId, &GoldenAddress> {
    golden.addresses.iter().map(|address| (address.id, address)).collect()
}

fn to_json<T: Serialize>(value: &T) -> Value {
    // Plain maps, lists and texts: turning them into JSON cannot fail.
    serde_json::to_value(value).unwrap_or_default()
}
