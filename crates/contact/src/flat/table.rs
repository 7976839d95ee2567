//! Every field of the flat contact transaction, once, for reading and for showing.

use crate::model::Field;

/// How much is kept of each value: characters of a text, entries of a list.
pub mod limits {
    /// A name, a street line, a reference id.
    pub const NAME: usize = 255;
    /// A reference source or id.
    pub const REFERENCE: usize = 255;
    /// An e-mail address (RFC 5321, 4.5.3.1.3, without its angle brackets).
    pub const EMAIL: usize = 254;
    /// A phone as sent, a type label, a city, a tag, the name of a list or of a custom field.
    pub const SHORT: usize = 100;
    /// A postal code, a gender.
    pub const CODE: usize = 50;
    /// The value of a custom field.
    pub const VALUE: usize = 4_000;
    /// Entries of a list: tags, e-mail lists, custom fields, objects, methods.
    pub const ENTRIES: usize = 100;
}

/// A field of the flat body.
#[derive(Debug)]
pub(super) struct Entry {
    /// The documented spelling.
    pub name: &'static str,
    /// Where its value goes.
    pub slot: Slot,
}

/// Where the value of a flat field goes, and how it is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Slot {
    /// A scalar field, with the most characters that are kept.
    Scalar(Field, usize),
    /// A scalar field that holds an integer between two bounds.
    Number(Field, i64, i64),
    /// A part of a reference, method, address or attendance, with the most characters that are kept.
    Text(Part, usize),
    /// A yes or no of an attendance.
    Flag(Flag),
    /// Base type or subtype of the contact.
    ContactType,
    /// The event by id.
    EventId,
    /// Tag names.
    Tags,
    /// E-mail lists.
    EmailLists,
    /// Custom fields by name.
    CustomFields,
    /// Custom objects.
    CustomObjects,
    /// Volunteer attendances.
    VolunteerAttendances,
    /// When the data changed on the sender's side.
    ChangedAt,
    /// Fields that have no value any more.
    Cleared,
}

/// A text that is one part of something.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    ReferenceSource,
    ReferenceId,
    EmailType,
    Email,
    PhoneType,
    Phone,
    Address1,
    Address2,
    City,
    State,
    Postal,
    Country,
    EventName,
}

/// A yes or no of an attendance.
#[derive(Debug, Clone, Copy)]
pub(super) enum Flag {
    Invited,
    Rsvp,
    RsvpResponse,
    Attended,
}

const fn entry(name: &'static str, slot: Slot) -> Entry {
    Entry { name, slot }
}

/// The fields of virtuous-contract.md 1.2, in its order, and after them two of our own.
pub(super) const TABLE: &[Entry] = &[
    entry("referenceSource", Slot::Text(Part::ReferenceSource, limits::REFERENCE)),
    entry("referenceId", Slot::Text(Part::ReferenceId, limits::REFERENCE)),
    entry("contactType", Slot::ContactType),
    entry("name", Slot::Scalar(Field::Name, limits::NAME)),
    entry("title", Slot::Scalar(Field::Prefix, limits::SHORT)),
    entry("firstName", Slot::Scalar(Field::FirstName, limits::NAME)),
    entry("middleName", Slot::Scalar(Field::MiddleName, limits::NAME)),
    entry("lastName", Slot::Scalar(Field::LastName, limits::NAME)),
    entry("suffix", Slot::Scalar(Field::Suffix, limits::SHORT)),
    entry("birthMonth", Slot::Number(Field::BirthMonth, 1, 12)),
    entry("birthDay", Slot::Number(Field::BirthDay, 1, 31)),
    entry("birthYear", Slot::Number(Field::BirthYear, 1850, 2100)),
    entry("gender", Slot::Scalar(Field::Gender, limits::CODE)),
    entry("emailType", Slot::Text(Part::EmailType, limits::SHORT)),
    entry("email", Slot::Text(Part::Email, limits::EMAIL)),
    entry("phoneType", Slot::Text(Part::PhoneType, limits::SHORT)),
    entry("phone", Slot::Text(Part::Phone, limits::SHORT)),
    entry("address1", Slot::Text(Part::Address1, limits::NAME)),
    entry("address2", Slot::Text(Part::Address2, limits::NAME)),
    entry("city", Slot::Text(Part::City, limits::SHORT)),
    entry("state", Slot::Text(Part::State, limits::SHORT)),
    entry("postal", Slot::Text(Part::Postal, limits::CODE)),
    entry("country", Slot::Text(Part::Country, limits::SHORT)),
    entry("eventId", Slot::EventId),
    entry("eventName", Slot::Text(Part::EventName, limits::NAME)),
    entry("invited", Slot::Flag(Flag::Invited)),
    entry("rsvp", Slot::Flag(Flag::Rsvp)),
    entry("rsvpResponse", Slot::Flag(Flag::RsvpResponse)),
    entry("attended", Slot::Flag(Flag::Attended)),
    entry("tags", Slot::Tags),
    entry("originSegmentCode", Slot::Scalar(Field::OriginSegmentCode, limits::SHORT)),
    entry("emailLists", Slot::EmailLists),
    entry("customFields", Slot::CustomFields),
    entry("customObjects", Slot::CustomObjects),
    entry("volunteerAttendances", Slot::VolunteerAttendances),
    entry("changedAt", Slot::ChangedAt),
    entry("cleared", Slot::Cleared),
];

/// The field of this name, in any letter case.
pub(super) fn find(name: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
}

/// What kind of value a field takes, for descriptions of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text of at most so many characters.
    Text(usize),
    /// An e-mail address.
    Email,
    /// What sort of e-mail address it is.
    EmailType,
    /// What sort of phone it is.
    PhoneType,
    /// An integer between two bounds.
    Number(i64, i64),
    /// Yes or no.
    Flag,
    /// Base type or subtype of a contact.
    ContactType,
    /// Names, as a list or parted by semicolons.
    Names,
    /// Values by name.
    NamedValues,
    /// Named objects, each with values by name.
    Objects,
    /// Attendances of a volunteer.
    Attendances,
    /// An instant with its offset from UTC (RFC 3339).
    Instant,
    /// Names of fields of a contact or an individual.
    Fields,
}

/// Every field of the flat body in its documented spelling, in the order of the contract.
pub fn fields() -> impl Iterator<Item = (&'static str, Kind)> {
    TABLE.iter().map(|entry| (entry.name, kind(entry.slot)))
}

const fn kind(slot: Slot) -> Kind {
    match slot {
        Slot::Text(Part::Email, _) => Kind::Email,
        Slot::Text(Part::EmailType, _) => Kind::EmailType,
        Slot::Text(Part::PhoneType, _) => Kind::PhoneType,
        Slot::Scalar(_, limit) | Slot::Text(_, limit) => Kind::Text(limit),
        Slot::Number(_, from, to) => Kind::Number(from, to),
        Slot::EventId => Kind::Number(0, i64::MAX),
        Slot::Flag(_) => Kind::Flag,
        Slot::ContactType => Kind::ContactType,
        Slot::Tags | Slot::EmailLists => Kind::Names,
        Slot::CustomFields => Kind::NamedValues,
        Slot::CustomObjects => Kind::Objects,
        Slot::VolunteerAttendances => Kind::Attendances,
        Slot::ChangedAt => Kind::Instant,
        Slot::Cleared => Kind::Fields,
    }
}
