//! What a row says, borrowed from wherever it stands, and who it speaks of.

use super::few::Few;
use super::organization::Named;
use tributary_contact::flat::{PlainRow, Text};
use tributary_contact::normalise::{PersonForm, PersonText, fold_text, person};
use tributary_contact::{Address, ContactType, Field, MethodKind, Submission};

/// The texts of a row that matching looks at.
pub(super) struct Said<'a> {
    /// Whether it calls itself a household; none when it says nothing of its kind.
    household: Option<bool>,
    whole: Option<&'a str>,
    prefix: Option<&'a str>,
    first: Option<&'a str>,
    middle: Option<&'a str>,
    last: Option<&'a str>,
    suffix: Option<&'a str>,
    pub mailboxes: Few<&'a str>,
    pub numbers: Few<&'a str>,
    pub places: Few<&'a Address>,
}

impl<'a> Said<'a> {
    pub(super) fn of(submission: &'a Submission) -> Self {
        let methods = |kind| submission.methods.iter().filter(move |method| method.kind() == kind);
        let values = |kind| methods(kind).map(|method| method.value.as_str()).collect();
        Self {
            household: submission.contact_type.as_ref().map(ContactType::is_household),
            whole: submission.field(Field::Name),
            prefix: submission.field(Field::Prefix),
            first: submission.field(Field::FirstName),
            middle: submission.field(Field::MiddleName),
            last: submission.field(Field::LastName),
            suffix: submission.field(Field::Suffix),
            mailboxes: values(MethodKind::Email),
            numbers: values(MethodKind::Phone),
            places: submission.addresses.iter().collect(),
        }
    }

    /// As of the submission that the row would be read as; `address` is [`address_of`] the row.
    pub(super) fn of_plain(row: &'a PlainRow<'_>, address: &'a Address) -> Self {
        Self {
            household: row.base.map(|base| base == tributary_contact::BaseType::Household),
            whole: row.text(Text::Name),
            prefix: row.text(Text::Title),
            first: row.text(Text::FirstName),
            middle: row.text(Text::MiddleName),
            last: row.text(Text::LastName),
            suffix: row.text(Text::Suffix),
            mailboxes: row.text(Text::Email).into_iter().collect(),
            numbers: row.text(Text::Phone).into_iter().collect(),
            places: (!address.is_empty()).then_some(address).into_iter().collect(),
        }
    }
}

/// The address of a plain row.
pub(super) fn address_of(row: &PlainRow<'_>) -> Address {
    let text = |place| row.text(place).map(str::to_owned);
    Address {
        address1: text(Text::Address1),
        address2: text(Text::Address2),
        city: text(Text::City),
        state: text(Text::State),
        postal: text(Text::Postal),
        country: text(Text::Country),
        ..Address::default()
    }
}

/// Whom a row speaks of.
pub(super) struct Who {
    /// The person; absent for a plain organization.
    pub name: Option<PersonForm>,
    /// The organization's name; also there for a household of which only a whole name is known.
    pub organization: Option<Named>,
    /// Whether it speaks of an organization rather than of a person.
    pub is_organization: bool,
}

impl Who {
    /// Senders mistake or leave out the contact type now and then: a whole name that is not the person's makes the
    /// person the organization's contact; a whole name without parts is read both as an organization's and as a
    /// person's unless its words settle it.
    pub(super) fn of(said: &Said<'_>) -> Self {
        let named = match person_of(said) {
            Some(name) if said.whole.is_none() || repeats(said.whole, &name) => return Self::person(name),
            named => named,
        };
        let organization = said.whole.and_then(Named::of);
        let household = said.household.unwrap_or(true);
        match (named, organization) {
            (Some(name), None) => Self::person(name),
            (Some(name), Some(other)) if said.household == Some(true) && !other.telling => Self::person(name),
            (Some(_), Some(organization)) => Self::organization(organization),
            (None, Some(organization)) => Self::whole(said.whole, organization, household),
            (None, None) => Self { name: None, organization: None, is_organization: !household },
        }
    }

    const fn person(name: PersonForm) -> Self {
        Self { name: Some(name), organization: None, is_organization: false }
    }

    const fn organization(name: Named) -> Self {
        Self { name: None, organization: Some(name), is_organization: true }
    }

    fn whole(whole: Option<&str>, organization: Named, household: bool) -> Self {
        if organization.telling {
            return Self::organization(organization);
        }
        let name = named(person(&PersonText { whole, ..PersonText::default() }));
        let is_organization = !household;
        Self { name, organization: Some(organization), is_organization }
    }
}

fn person_of(said: &Said<'_>) -> Option<PersonForm> {
    if said.first.is_none() && said.last.is_none() {
        return None;
    }
    named(person(&PersonText {
        prefix: said.prefix,
        first: said.first,
        middle: said.middle,
        last: said.last,
        suffix: said.suffix,
        whole: None,
    }))
}

/// The form, unless it is only a partner's.
fn named(form: Option<PersonForm>) -> Option<PersonForm> {
    form.filter(|form| !form.first.is_empty() || !form.last.is_empty())
}

/// Whether the whole name only repeats the person's name.
fn repeats(whole: Option<&str>, name: &PersonForm) -> bool {
    let folded = whole.map(fold_text).unwrap_or_default();
    let glued: String = folded.split(' ').collect();
    let part = if name.last.is_empty() { &name.first } else { &name.last };
    glued.contains(&part.replace(' ', ""))
}
