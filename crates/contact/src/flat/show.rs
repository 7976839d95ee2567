//! A submission as the flat body it could have come from, for staff and partners to look at.

use super::lists::{OPPORTUNITY, VOLUNTEER_FIELDS};
use super::table::{Flag, Part, Slot, TABLE};
use crate::model::{Address, Attendance, CustomObject, Method, MethodKind, Reference, Submission};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The submission in flat form, camelCase names. What the flat form has no name for is added under
/// the contract's names (`contactMethods`, `contactAddresses` for the second and later ones), so that
/// nothing is hidden.
///
/// Reading the result with [`super::parse_flat`] gives the same submission when it was flat.
#[must_use]
pub fn to_flat(submission: &Submission) -> Map<String, Value> {
    let parts = Parts::of(submission);
    let known = TABLE.iter().filter_map(|entry| Some((entry.name.to_owned(), parts.value(entry.slot)?)));
    let mut map: Map<String, Value> = known.collect();
    add_scalars(submission, &mut map);
    add_rest(&parts, &mut map);
    map
}

/// The pieces of a submission that the flat form has room for.
struct Parts<'a> {
    all: &'a Submission,
    email: Option<&'a Method>,
    phone: Option<&'a Method>,
    address: Option<&'a Address>,
    attendance: Option<&'a Attendance>,
}

impl<'a> Parts<'a> {
    fn of(all: &'a Submission) -> Self {
        let first = |kind| all.methods.iter().find(|method| method.kind() == kind);
        Self {
            all,
            email: first(MethodKind::Email),
            phone: first(MethodKind::Phone),
            address: all.addresses.first(),
            attendance: all.attendances.first(),
        }
    }

    fn value(&self, slot: Slot) -> Option<Value> {
        match slot {
            Slot::Scalar(field, _) | Slot::Number(field, ..) => self.all.field(field).map(Value::from),
            Slot::Text(part, _) => self.text(part).map(Value::from),
            Slot::Flag(flag) => self.flag(flag).map(Value::from),
            Slot::ContactType => self.contact_type().map(Value::from),
            Slot::EventId => self.attendance?.event_id.map(Value::from),
            Slot::Tags => tags(&self.all.tags),
            Slot::EmailLists => filled(&self.all.email_lists),
            Slot::CustomFields => filled(&self.all.custom_fields),
            Slot::CustomObjects => filled(&self.all.custom_objects),
            Slot::VolunteerAttendances => {
                filled(&self.all.volunteer_attendances.iter().map(volunteer).collect::<Vec<_>>())
            }
            Slot::ChangedAt => self.all.changed_at.map(|at| Value::from(at.to_rfc3339())),
            Slot::Cleared => filled(&self.all.cleared),
        }
    }

    fn text(&self, part: Part) -> Option<&'a str> {
        let reference: Option<&Reference> = self.all.reference.as_ref();
        match part {
            Part::ReferenceSource => reference.map(|r| r.source.as_str()),
            Part::ReferenceId => reference.map(|r| r.id.as_str()),
            Part::EmailType => self.email.map(|m| m.label.as_str()),
            Part::Email => self.email.map(|m| m.value.as_str()),
            Part::PhoneType => self.phone.map(|m| m.label.as_str()),
            Part::Phone => self.phone.map(|m| m.value.as_str()),
            Part::Address1 => self.address?.address1.as_deref(),
            Part::Address2 => self.address?.address2.as_deref(),
            Part::City => self.address?.city.as_deref(),
            Part::State => self.address?.state.as_deref(),
            Part::Postal => self.address?.postal.as_deref(),
            Part::Country => self.address?.country.as_deref(),
            Part::EventName => self.attendance?.event_name.as_deref(),
        }
    }

    fn flag(&self, flag: Flag) -> Option<bool> {
        let attendance = self.attendance?;
        match flag {
            Flag::Invited => attendance.invited,
            Flag::Rsvp => attendance.rsvp,
            Flag::RsvpResponse => attendance.rsvp_response,
            Flag::Attended => attendance.attended,
        }
    }

    fn contact_type(&self) -> Option<&'a str> {
        let kind = self.all.contact_type.as_ref()?;
        Some(kind.custom.as_deref().unwrap_or(kind.base.as_str()))
    }
}

/// One text as partners send it; a list where a name holds the separator itself.
fn tags(tags: &BTreeSet<String>) -> Option<Value> {
    if tags.iter().any(|tag| tag.contains(';')) {
        return filled(tags);
    }
    let joined = tags.iter().map(String::as_str).collect::<Vec<_>>().join(";");
    (!joined.is_empty()).then(|| Value::from(joined))
}

fn volunteer(object: &CustomObject) -> Map<String, Value> {
    let pair = |name: &str, value: &str| (name.to_owned(), Value::from(value));
    let mut map: Map<String, Value> = object.fields.iter().map(|field| pair(&field.name, &field.value)).collect();
    if !VOLUNTEER_FIELDS.iter().take(2).any(|name| map.contains_key(*name)) {
        map.extend([pair(OPPORTUNITY, &object.name)]);
    }
    map
}

/// Scalar fields that the flat form has no name for.
fn add_scalars(submission: &Submission, map: &mut Map<String, Value>) {
    let tabled =
        |field| TABLE.iter().any(|entry| matches!(entry.slot, Slot::Scalar(f, _) | Slot::Number(f, ..) if f == field));
    for (field, value) in submission.fields.iter().filter(|(field, _)| !tabled(**field)) {
        map.insert(field.as_str().to_owned(), Value::from(value.as_str()));
    }
}

/// Whatever else is left.
fn add_rest(parts: &Parts<'_>, map: &mut Map<String, Value>) {
    let shown = |method: &&Method| {
        [parts.email, parts.phone].iter().flatten().any(|first| std::ptr::eq::<Method>(*first, *method))
    };
    let methods: Vec<&Method> = parts.all.methods.iter().filter(|method| !shown(method)).collect();
    let rest = [
        ("contactMethods", filled(&methods)),
        ("contactAddresses", filled(parts.all.addresses.get(1..).unwrap_or_default())),
        ("eventAttendances", filled(parts.all.attendances.get(1..).unwrap_or_default())),
        ("removedTags", filled(&parts.all.removed_tags)),
        ("organizationGroups", filled(&parts.all.groups)),
        ("removedOrganizationGroups", filled(&parts.all.removed_groups)),
        ("removedCustomObjects", filled(&parts.all.removed_objects)),
        ("individualCustom", filled(&parts.all.individual_custom)),
        ("contactId", parts.all.pinned.map(|contact| Value::from(contact.0))),
        ("gift", parts.all.gift.as_ref().map(|gift| Value::Object(gift.payload.clone()))),
    ];
    map.extend(rest.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
}

/// The JSON of a list or map, none when it is empty.
fn filled<T: Serialize + ?Sized>(list: &T) -> Option<Value> {
    let value = serde_json::to_value(list).ok()?;
    let empty = value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty);
    (!empty).then_some(value)
}
