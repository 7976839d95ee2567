//! A flat body while it is read: texts in their places, put together at the end.

use super::check::{contact_type, email_label, is_email, phone_label};
use super::custom::{sorted_custom_fields, sorted_custom_objects};
use super::reader::Reader;
use super::table::{Entry, Flag, Part, Slot};
use super::{FlatContext, lists};
use crate::clock::Timestamp;
use crate::issue::IssueCode;
use crate::model::{Address, Attendance, Field, Method, Reference, Submission};
use chrono::{DateTime, SubsecRound};
use serde_json::Value;

#[derive(Debug, Default)]
pub(super) struct Draft {
    submission: Submission,
    contact_type: Option<String>,
    source: Option<String>,
    id: Option<String>,
    email_type: Option<String>,
    email: Option<String>,
    phone_type: Option<String>,
    phone: Option<String>,
    address: Address,
    attendance: Attendance,
}

impl Draft {
    /// Reads the value of one field of the table.
    pub(super) fn take(&mut self, entry: &Entry, value: &Value, context: &FlatContext<'_>, reader: &mut Reader<'_>) {
        let path = entry.name;
        match entry.slot {
            Slot::Scalar(field, limit) => self.scalar(field, reader.text(path, value, limit)),
            Slot::Number(field, from, to) => {
                self.scalar(field, reader.integer(path, value, from..=to).map(|n| n.to_string()));
            }
            Slot::Text(part, limit) => fill(self.text_place(part), reader.text(path, value, limit)),
            Slot::Flag(flag) => fill(self.flag_place(flag), reader.boolean(path, value)),
            Slot::ContactType => fill(&mut self.contact_type, reader.text(path, value, super::limits::SHORT)),
            Slot::EventId => fill(&mut self.attendance.event_id, reader.integer(path, value, 0..=i64::MAX)),
            _ => self.take_list(entry, value, context, reader),
        }
    }

    fn take_list(&mut self, entry: &Entry, value: &Value, context: &FlatContext<'_>, reader: &mut Reader<'_>) {
        let (path, submission) = (entry.name, &mut self.submission);
        match entry.slot {
            Slot::Tags => submission.tags.extend(lists::names(path, value, reader)),
            Slot::EmailLists => submission.email_lists.extend(lists::names(path, value, reader)),
            Slot::CustomFields => {
                let individual = &mut submission.individual_custom;
                let values = sorted_custom_fields(path, value, context.custom_fields, individual, reader);
                for (name, value) in values {
                    submission.custom_fields.entry(name).or_insert(value);
                }
            }
            Slot::CustomObjects => {
                let individual = &mut submission.individual_custom;
                let entries = sorted_custom_objects(path, value, context.collections, individual, reader);
                submission.custom_objects.extend(entries);
            }
            Slot::VolunteerAttendances => {
                submission.volunteer_attendances.extend(lists::volunteer_attendances(path, value, reader));
            }
            Slot::ChangedAt => fill(&mut submission.changed_at, instant(path, value, reader)),
            Slot::Cleared => submission.cleared.extend(cleared(path, value, reader)),
            _ => {}
        }
    }

    fn scalar(&mut self, field: Field, value: Option<String>) {
        if let Some(value) = value {
            self.submission.fields.entry(field).or_insert(value);
        }
    }

    fn text_place(&mut self, part: Part) -> &mut Option<String> {
        match part {
            Part::ReferenceSource => &mut self.source,
            Part::ReferenceId => &mut self.id,
            Part::EmailType => &mut self.email_type,
            Part::Email => &mut self.email,
            Part::PhoneType => &mut self.phone_type,
            Part::Phone => &mut self.phone,
            Part::Address1 => &mut self.address.address1,
            Part::Address2 => &mut self.address.address2,
            Part::City => &mut self.address.city,
            Part::State => &mut self.address.state,
            Part::Postal => &mut self.address.postal,
            Part::Country => &mut self.address.country,
            Part::EventName => &mut self.attendance.event_name,
        }
    }

    fn flag_place(&mut self, flag: Flag) -> &mut Option<bool> {
        match flag {
            Flag::Invited => &mut self.attendance.invited,
            Flag::Rsvp => &mut self.attendance.rsvp,
            Flag::RsvpResponse => &mut self.attendance.rsvp_response,
            Flag::Attended => &mut self.attendance.attended,
        }
    }

    /// Puts the parts together and checks what they mean.
    pub(super) fn finish(mut self, context: &FlatContext<'_>, reader: &mut Reader<'_>) -> Submission {
        self.put_reference(context, reader);
        self.put_contact_type(context, reader);
        self.put_email(reader);
        self.put_phone(reader);
        check_birthday(&self.submission, reader);
        if !self.address.is_empty() {
            self.submission.addresses.push(self.address);
        }
        if self.attendance.event_id.is_some() || self.attendance.event_name.is_some() {
            self.submission.attendances.push(self.attendance);
        }
        self.submission
    }

    /// A source without an id names nobody: no reference then. An id without a source is a problem, and still says
    /// which row this is.
    fn put_reference(&mut self, context: &FlatContext<'_>, reader: &mut Reader<'_>) {
        let given = || context.source.map(super::check::clean).filter(|source| !source.is_empty());
        let source = self.source.take().or_else(given);
        let Some(id) = self.id.take() else { return };
        if source.is_none() {
            reader.require("referenceSource", "Says whose id referenceId is.");
        }
        self.submission.reference = Some(Reference { source: source.unwrap_or_default(), id });
    }

    fn put_contact_type(&mut self, context: &FlatContext<'_>, reader: &mut Reader<'_>) {
        let Some(text) = self.contact_type.take() else { return };
        self.submission.contact_type = contact_type(&text, context.custom_types);
        if self.submission.contact_type.is_none() {
            reader.issue("contactType", IssueCode::InvalidValue, "Not a contact type of this organization.");
        }
    }

    fn put_email(&mut self, reader: &mut Reader<'_>) {
        let label = email_label(self.email_type.as_deref().unwrap_or_default());
        if label.is_none() {
            reader.issue("emailType", IssueCode::InvalidValue, "Not an e-mail type.");
        }
        match self.email.take() {
            Some(email) if is_email(&email) => self.put_method(label.unwrap_or("Home Email"), email),
            Some(_) => reader.issue("email", IssueCode::InvalidFormat, "Not an e-mail address."),
            None => {}
        }
    }

    /// A phone is never refused: what cannot be normalised is kept and does not match.
    fn put_phone(&mut self, reader: &mut Reader<'_>) {
        let label = phone_label(self.phone_type.as_deref().unwrap_or_default());
        if label.is_none() {
            reader.issue("phoneType", IssueCode::InvalidValue, "Not a phone type.");
        }
        if let Some(phone) = self.phone.take() {
            self.put_method(label.unwrap_or("Home Phone"), phone);
        }
    }

    fn put_method(&mut self, label: &str, value: String) {
        self.submission.methods.push(Method { label: label.to_owned(), value, opted_in: None, primary: false });
    }
}

fn instant(path: &str, value: &Value, reader: &mut Reader<'_>) -> Option<Timestamp> {
    let text = reader.text(path, value, super::limits::SHORT)?;
    let instant = DateTime::parse_from_rfc3339(&text).ok().map(|at| at.to_utc().trunc_subsecs(6));
    if instant.is_none() {
        reader.issue(path, IssueCode::InvalidFormat, "Not an instant like 2026-11-23T17:05:00Z.");
    }
    instant
}

/// Fields of the contact or the individual, by name.
fn cleared(path: &str, value: &Value, reader: &mut Reader<'_>) -> Vec<Field> {
    let names = lists::names(path, value, reader);
    let fields: Vec<Field> = names.iter().filter_map(|name| Field::parse(name)).collect();
    if fields.len() < names.len() {
        reader.issue(path, IssueCode::InvalidValue, "Not all of these are fields that can be cleared.");
    }
    fields
}

/// The first value counts.
fn fill<T>(place: &mut Option<T>, value: Option<T>) {
    if place.is_none() {
        *place = value;
    }
}

/// Notes a day that its month never has. February has its leap day: the year is often not known.
pub fn check_birthday(submission: &Submission, reader: &mut Reader<'_>) {
    let part = |field| submission.field(field).and_then(|text| text.parse::<u8>().ok());
    let (Some(month), Some(day)) = (part(Field::BirthMonth), part(Field::BirthDay)) else { return };
    let last = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if day > last {
        reader.issue("birthDay", IssueCode::InvalidValue, "The month does not have this day.");
    }
}
