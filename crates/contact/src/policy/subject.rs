//! What a policy speaks of.

use super::{EVERY, Rule};
use crate::model::{Field, MethodKind};
use crate::state::text_enum;
use std::borrow::Cow;

text_enum! {
    /// A list of a contact or an individual.
    List {
        /// Tags.
        Tags => "tags",
        /// Organization groups.
        Groups => "groups",
        /// E-mail lists.
        EmailLists => "emailLists",
        /// E-mail addresses of the individual.
        Emails => "emails",
        /// Phones of the individual.
        Phones => "phones",
        /// Profiles and other methods of the individual.
        OtherMethods => "otherMethods",
        /// Addresses of the contact.
        Addresses => "addresses",
        /// Custom objects of the contact or the individual.
        CustomObjects => "customObjects",
        /// Event attendances.
        Attendances => "attendances",
        /// Volunteer attendances.
        VolunteerAttendances => "volunteerAttendances",
    }
}

impl List {
    /// The list that a method belongs to.
    pub(crate) const fn of(kind: MethodKind) -> Self {
        match kind {
            MethodKind::Email => Self::Emails,
            MethodKind::Phone => Self::Phones,
            MethodKind::Other => Self::OtherMethods,
        }
    }
}

/// Name of the kind of contact.
const CONTACT_TYPE: &str = "contactType";
/// Stands for all custom fields.
const CUSTOM_FIELDS: &str = "customFields";
/// Stands for all lists.
pub(super) const LISTS: &str = "lists";

/// A single value or a list. In documents: the name of the field, `contactType`, `customFields/NAME` (or
/// `customFields` for all of them), or the name of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// A scalar field.
    Field(Field),
    /// The kind of contact.
    ContactType,
    /// A custom field, by name.
    Custom(&'a str),
    /// A list.
    List(List),
}

impl<'a> Subject<'a> {
    /// What a name in a document stands for; none for a name that means nothing. `customFields` is a custom field
    /// without a name.
    pub(super) fn named(name: &'a str) -> Option<Self> {
        let custom = || match name.strip_prefix(CUSTOM_FIELDS)? {
            "" => Some(Self::Custom("")),
            rest => rest.strip_prefix('/').filter(|own| !own.trim().is_empty()).map(Self::Custom),
        };
        let field = Field::parse(name).map(Self::Field);
        let list = || List::parse(name).map(Self::List);
        field.or_else(|| (name == CONTACT_TYPE).then_some(Self::ContactType)).or_else(list).or_else(custom)
    }

    /// The names under which a document can speak of it, the narrowest first.
    pub(super) fn names(self) -> impl Iterator<Item = Cow<'static, str>> {
        let (own, all): (Cow<'static, str>, Option<&'static str>) = match self {
            Self::Field(field) => (field.as_str().into(), None),
            Self::ContactType => (CONTACT_TYPE.into(), None),
            Self::Custom(name) => (format!("{CUSTOM_FIELDS}/{name}").into(), Some(CUSTOM_FIELDS)),
            Self::List(list) => (list.as_str().into(), None),
        };
        std::iter::once(own).chain(all.map(Cow::from))
    }

    /// The name that stands for all of its kind. A contact's type is not meant by what is said of every value.
    pub(super) const fn family(self) -> Option<&'static str> {
        match self {
            Self::Field(_) | Self::Custom(_) => Some(EVERY),
            Self::ContactType => None,
            Self::List(_) => Some(LISTS),
        }
    }

    /// The rule of the shipped policy.
    pub(crate) const fn shipped_rule(self) -> Rule {
        match self {
            Self::Field(_) | Self::Custom(_) => Rule::Standard,
            Self::ContactType => Rule::FillOnly,
            Self::List(_) => Rule::Union,
        }
    }
}
