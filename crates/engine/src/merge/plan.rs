//! What a merge would do, worked out without writing anything.

use super::{MergeRequest, MergeView};
use crate::EngineError;
use crate::change::{Context, Working};
use crate::contacts::check_open;
use crate::policy;
use crate::review::stored_contact;
use std::collections::BTreeMap;
use std::sync::Arc;
use tributary_contact::clock::IdGen;
use tributary_contact::diff::diff;
use tributary_contact::fold::fold;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::merge::{Difference, chosen, differences, same_people};
use tributary_contact::policy::Policy;
use tributary_contact::{ContactId, Golden, ItemId, Rank, RecordId, RecordKind, SourceRecord, Submission};
use tributary_store::{ContactRow, ReadTx};

/// A merge before it is made.
pub(super) struct Plan {
    pub survivor: Working,
    pub merged: Working,
    pub people: BTreeMap<ItemId, ItemId>,
    /// The records of the merged contact as they will be the survivor's.
    pub moved: Vec<SourceRecord>,
    /// What a person chose, as corrections whose item numbers are not reserved yet.
    pub edits: Vec<SourceRecord>,
    /// How it is shown.
    pub view: MergeView,
}

impl Plan {
    /// Works it out.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown or archived contact, [`EngineError::Conflict`] for one that is merged
    /// away, [`EngineError::Invalid`] for people and fields that are not there.
    pub(super) fn make(
        tx: &mut dyn ReadTx,
        request: &MergeRequest,
        context: &Context<'_>,
        ids: &dyn IdGen,
    ) -> Result<Self, EngineError> {
        if request.survivor == request.merged {
            let message = "A contact cannot be merged into itself.";
            return Err(EngineError::Invalid(vec![Issue::new("contactId", IssueCode::InvalidValue, message)]));
        }
        let (survivor, merged) = (open(tx, request.survivor, context)?, open(tx, request.merged, context)?);
        let (before, other) = (golden(&survivor)?, golden(&merged)?);
        let people = people(&before, &other, &request.people)?;
        let moved: Vec<_> = merged.records().iter().map(|record| spoken_of(record, &people)).collect();
        let country = &context.organization.country;
        let with = |edits: &[SourceRecord]| {
            let all: Vec<_> = survivor.records().iter().chain(&moved).chain(edits).cloned().collect();
            fold(&all, country).unwrap_or_default()
        };
        let unedited = with(&[]);
        let undecided = differences(&before, &other, &people, &unedited);
        let said = corrections((&before, &other, &unedited), &undecided, request)?;
        let policy = policy::in_force(tx, context.organization.id)?;
        let made = |(individual, said)| edit(individual, said, policy.clone(), (context, ids));
        let edits: Vec<_> = said.into_iter().map(made).collect();
        let result = with(&edits);
        let differences = differences(&before, &other, &people, &result);
        let row = tx.contacts(context.organization.id, &[request.survivor])?.into_iter().next();
        let row = row.ok_or(EngineError::NotFound)?;
        let modified_at = row.modified_at.max(context.at);
        let view = MergeView {
            contact: ContactRow { golden: result.clone(), modified_at, ..row },
            merged: request.merged,
            people: other.individuals.iter().map(|own| (own.id, people.get(&own.id).copied())).collect(),
            differences,
            changes: diff(Some(&before), Some(&result)),
        };
        Ok(Self { survivor, merged, people, moved, edits, view })
    }
}

fn open(tx: &mut dyn ReadTx, id: ContactId, context: &Context<'_>) -> Result<Working, EngineError> {
    let contact = stored_contact(tx, id, context)?;
    let head = contact.head();
    check_open(head.is_some_and(|head| head.archived), head.and_then(|head| head.merged_into))?;
    Ok(contact)
}

fn golden(contact: &Working) -> Result<Golden, EngineError> {
    contact.golden().cloned().ok_or(EngineError::NotFound)
}

/// Who is whom: as a person says, and otherwise as the names say.
fn people(
    survivor: &Golden,
    merged: &Golden,
    asked: &BTreeMap<ItemId, Option<ItemId>>,
) -> Result<BTreeMap<ItemId, ItemId>, EngineError> {
    let unknown = |(from, into): (&ItemId, &Option<ItemId>)| {
        merged.individual(*from).is_none() || into.is_some_and(|into| survivor.individual(into).is_none())
    };
    if asked.iter().any(unknown) {
        let message = "From an individual of the contact that is merged away into one of the survivor, or none.";
        return Err(EngineError::Invalid(vec![Issue::new("individuals", IssueCode::InvalidValue, message)]));
    }
    let mut people = same_people(survivor, merged);
    people.retain(|from, into| !asked.contains_key(from) && !asked.values().any(|other| *other == Some(*into)));
    people.extend(asked.iter().filter_map(|(from, into)| Some((*from, (*into)?))));
    Ok(people)
}

fn spoken_of(record: &SourceRecord, people: &BTreeMap<ItemId, ItemId>) -> SourceRecord {
    let individual = people.get(&record.individual).copied().unwrap_or(record.individual);
    SourceRecord { individual, ..record.clone() }
}

/// What has to be said beside the records: the values that a person chose, and that the survivor's first individual
/// stays the first.
fn corrections(
    (survivor, merged, unedited): (&Golden, &Golden, &Golden),
    differences: &[Difference],
    request: &MergeRequest,
) -> Result<BTreeMap<ItemId, Submission>, EngineError> {
    let unknown = |fields: Vec<String>| {
        let issue =
            |_: &String| Issue::new("keep", IssueCode::InvalidValue, "The contacts do not differ in one of these.");
        EngineError::Invalid(fields.iter().take(1).map(issue).collect())
    };
    let kinds = (&survivor.contact_type, &merged.contact_type);
    let chosen = chosen(differences, &request.choices, kinds).map_err(unknown)?;
    let first = first_of(survivor)?;
    let mut said = by_individual(chosen, survivor)?;
    if unedited.individuals.first().is_some_and(|person| person.id != first) {
        said.entry(first).or_default().edits.rank = Some(Rank::Primary);
    }
    Ok(said)
}

fn first_of(contact: &Golden) -> Result<ItemId, EngineError> {
    contact.individuals.first().map(|person| person.id).ok_or(EngineError::NotFound)
}

/// Corrections by the individual that each names; those of the contact itself name its first.
pub(crate) fn by_individual(
    chosen: BTreeMap<Option<ItemId>, Submission>,
    contact: &Golden,
) -> Result<BTreeMap<ItemId, Submission>, EngineError> {
    let first = first_of(contact)?;
    let mut said: BTreeMap<ItemId, Submission> = BTreeMap::new();
    for (individual, submission) in chosen {
        join(said.entry(individual.unwrap_or(first)).or_default(), submission);
    }
    Ok(said)
}

/// Corrections of the contact and of an individual have no field in common.
fn join(own: &mut Submission, other: Submission) {
    own.fields.extend(other.fields);
    own.cleared.extend(other.cleared);
    own.custom_fields.extend(other.custom_fields);
    own.individual_custom.fields.extend(other.individual_custom.fields);
    own.contact_type = own.contact_type.take().or(other.contact_type);
}

fn edit(
    individual: ItemId,
    submission: Submission,
    policy: Option<Arc<Policy>>,
    (context, ids): (&Context<'_>, &dyn IdGen),
) -> SourceRecord {
    let id = RecordId(ids.next());
    // No item has the number 0: it stands until a number is reserved.
    let first_item = ItemId(0);
    SourceRecord { id, kind: RecordKind::Edit, received_at: context.at, individual, first_item, submission, policy }
}
