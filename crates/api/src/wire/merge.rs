//! Merges of two contacts on the wire.

use super::full_contact::full_contact;
use super::schema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use tributary_contact::diff::Change;
use tributary_contact::flat::{Reader, get, limits};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::merge::{Difference, Side};
use tributary_contact::{ContactId, ItemId};
use tributary_engine::{FullContact, MergeRequest, MergeView, Shown, UnmergeView};
use utoipa::ToSchema;

/// A merge, made or previewed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MergeJson {
    dry_run: bool,
    /// The survivor after the merge.
    contact: FullContact,
    merged_contact_id: i64,
    /// Each individual of the merged contact, and whom of the survivor it is.
    individuals: Vec<PairJson>,
    differences: Vec<DifferenceJson>,
    changes: Vec<ChangeJson>,
}

#[derive(Serialize, ToSchema)]
struct PairJson {
    from: i64,
    into: Option<i64>,
}

/// A single value on which the two contacts differ.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DifferenceJson {
    field: String,
    survivor: Option<String>,
    merged: Option<String>,
    result: Option<String>,
}

/// A value that changed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangeJson {
    field: String,
    before: Option<Value>,
    after: Option<Value>,
}

impl From<&Change> for ChangeJson {
    fn from(change: &Change) -> Self {
        Self { field: change.field.clone(), before: change.before.clone(), after: change.after.clone() }
    }
}

impl From<&Difference> for DifferenceJson {
    fn from(own: &Difference) -> Self {
        let Difference { field, survivor, merged, result } = own.clone();
        Self { field, survivor, merged, result }
    }
}

impl MergeJson {
    /// The merge as it is answered.
    pub(crate) fn of(view: &MergeView, dry_run: bool, shown: &Shown) -> Self {
        let pair = |(from, into): &(ItemId, Option<ItemId>)| PairJson { from: from.0, into: into.map(|id| id.0) };
        Self {
            dry_run,
            contact: full_contact(&view.contact, shown),
            merged_contact_id: view.merged.0,
            individuals: view.people.iter().map(pair).collect(),
            differences: view.differences.iter().map(DifferenceJson::from).collect(),
            changes: view.changes.iter().map(ChangeJson::from).collect(),
        }
    }
}

/// Two contacts after their merge was taken back.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UnmergeJson {
    /// The contact that had been merged away; null when all of its submissions were taken back since.
    contact: Option<FullContact>,
    /// Its survivor; null likewise.
    survivor: Option<FullContact>,
    not_restored: Vec<LeftoverJson>,
}

/// Something that is not as it was before the merge.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LeftoverJson {
    /// `takenBack`, `wentAlong`, `stayedSubmission`, `stayedChange` or `optOutKept`.
    kind: &'static str,
    record_id: tributary_contact::RecordId,
}

impl UnmergeJson {
    /// The answer.
    pub(crate) fn of(view: &UnmergeView, shown: &Shown) -> Self {
        let contact = |row: &Option<_>| row.as_ref().map(|row| full_contact(row, shown));
        let leftover =
            |own: &tributary_engine::Leftover| LeftoverJson { kind: own.kind.as_str(), record_id: own.record };
        Self {
            contact: contact(&view.contact),
            survivor: contact(&view.survivor),
            not_restored: view.leftovers.iter().map(leftover).collect(),
        }
    }
}

/// The merge that is asked for, and whether it is to be shown only.
pub(crate) fn parse(survivor: ContactId, map: &Map<String, Value>) -> Result<(MergeRequest, bool), Vec<Issue>> {
    let mut reader = Reader::new("");
    let merged = contact(map, &mut reader);
    if merged.is_none() {
        reader.require("contactId", "Says which contact is merged into this one.");
    }
    let people = people(map, &mut reader);
    let choices = choices(map, &mut reader);
    let dry_run = get(map, "dryRun").and_then(|value| reader.boolean("dryRun", value)).unwrap_or(false);
    reader.finish()?;
    let merged = merged.unwrap_or(ContactId(0));
    Ok((MergeRequest { survivor, merged, people, choices }, dry_run))
}

/// The contact that was merged away, if the body names one.
pub(crate) fn parse_unmerge(map: &Map<String, Value>) -> Result<Option<ContactId>, Vec<Issue>> {
    let mut reader = Reader::new("");
    let merged = contact(map, &mut reader);
    reader.finish()?;
    Ok(merged)
}

fn contact(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<ContactId> {
    reader.integer("contactId", get(map, "contactId")?, 1..=i64::MAX).map(ContactId)
}

fn people(map: &Map<String, Value>, reader: &mut Reader<'_>) -> BTreeMap<ItemId, Option<ItemId>> {
    let mut people = BTreeMap::new();
    for (at, entry) in entries(map, "individuals", reader).iter().enumerate() {
        let path = format!("individuals[{at}].from");
        let map = entry.as_object();
        let number = |name: &str| map.and_then(|map| get(map, name)).filter(|value| !value.is_null());
        let Some(from) = number("from").and_then(|value| reader.integer(&path, value, 1..=i64::MAX)) else {
            reader.require(&path, "Says which individual of the merged contact is meant.");
            continue;
        };
        let into =
            number("into").and_then(|value| reader.integer(&format!("individuals[{at}].into"), value, 1..=i64::MAX));
        people.insert(ItemId(from), into.map(ItemId));
    }
    people
}

fn entries<'m>(map: &'m Map<String, Value>, name: &str, reader: &mut Reader<'_>) -> &'m [Value] {
    match get(map, name) {
        None | Some(Value::Null) => &[],
        Some(Value::Array(list)) if list.len() <= limits::ENTRIES => list,
        Some(Value::Array(_)) => {
            reader.issue(name, IssueCode::TooLong, "Too many entries.");
            &[]
        }
        Some(_) => {
            reader.issue(name, IssueCode::InvalidType, "A list is needed.");
            &[]
        }
    }
}

fn choices(map: &Map<String, Value>, reader: &mut Reader<'_>) -> BTreeMap<String, Side> {
    let mut choices = BTreeMap::new();
    match get(map, "keep") {
        None | Some(Value::Null) => {}
        Some(Value::Object(asked)) => {
            for (field, side) in asked {
                match side.as_str().and_then(Side::parse) {
                    Some(side) => drop(choices.insert(field.clone(), side)),
                    None => reader.issue("keep", IssueCode::InvalidValue, "Each is survivor or merged."),
                }
            }
        }
        Some(_) => reader.issue("keep", IssueCode::InvalidType, "An object of fields is needed."),
    }
    choices
}

/// The body of a merge as a JSON Schema.
pub(crate) fn input_schema() -> Value {
    let pair = json!({
        "type": "object",
        "required": ["from"],
        "properties": { "from": schema::id(), "into": schema::integer(1, i64::MAX) },
    });
    json!({
        "type": "object",
        "required": ["contactId"],
        "properties": {
            "contactId": schema::id(),
            "individuals": {
                "type": ["array", "null"], "items": pair, "maxItems": limits::ENTRIES,
                "description": "Whom of the survivor an individual of the merged contact is; without `into` a further one. Those who are not named are paired by their names.",
            },
            "keep": {
                "type": ["object", "null"],
                "description": "Whose value to keep, by `field` of the differences.",
                "additionalProperties": { "type": "string", "enum": Side::ALL.iter().map(|side| side.as_str()).collect::<Vec<_>>() },
            },
            "dryRun": schema::flag(),
        },
        "example": { "contactId": 70115, "keep": { "individuals/81/firstName": "survivor" }, "dryRun": true },
    })
}

/// The body of an unmerge as a JSON Schema.
pub(crate) fn unmerge_schema() -> Value {
    json!({ "type": "object", "properties": { "contactId": schema::integer(1, i64::MAX) }, "example": {} })
}
