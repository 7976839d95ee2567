//! Guards: patterns that no amount of evidence overrules. Each asks for a person.

use super::Case;
use crate::Guard;
use crate::compare::Marks;
use crate::level::Level;
use crate::score::ContactScore;

const FIRST_AGREES: &[Level] = &[
    Level::FirstSame,
    Level::FirstNickname,
    Level::FirstClose,
    Level::FirstInitial,
    Level::FirstMiddle,
    Level::FirstPartner,
    Level::FirstSwapped,
];
pub(super) const LAST_AGREES: &[Level] = &[Level::LastSame, Level::LastPart, Level::LastClose, Level::LastSwapped];
const EMAIL_AGREES: &[Level] = &[Level::EmailSame, Level::EmailHousehold, Level::EmailTypo];
/// A mailbox or a phone as such, not one that is spelt nearly so.
pub(super) const SAME_CONTACT_POINT: &[Level] =
    &[Level::EmailSame, Level::EmailHousehold, Level::PhoneSame, Level::PhoneHousehold, Level::PhoneLocal];
const HUBS: &[Level] = &[Level::EmailShared, Level::EmailRole, Level::PhoneShared];
const PHONE_AGREES: &[Level] = &[Level::PhoneSame, Level::PhoneHousehold, Level::PhoneLocal];
pub(super) const ADDRESS_AGREES: &[Level] =
    &[Level::AddressSame, Level::AddressUnit, Level::AddressBox, Level::AddressFuzzy];

/// What stands against an automatic decision about a contact, judged by its individual that fits best.
pub(super) fn of(row: &Case<'_>, score: &ContactScore) -> Option<Guard> {
    let marks = &score.best()?.marks;
    let shared = shares_contact_point(marks) && !recycled(marks);
    let firsts = [
        (generation(marks), Guard::Generation),
        (marks.kind.is_some() && shared, Guard::Kind),
        (branch(marks), Guard::Branch),
        (row.profile.name.is_none() && row.profile.organization.is_none(), Guard::NoName),
        (marks.any(&[Level::FirstDifferent, Level::FirstCrossed, Level::FirstFuzzy]) && shared, Guard::FirstName),
        (marks.is_torn, Guard::FirstName),
        (marks.any(&[Level::FirstSimilar]) && (shared || marks.any(ADDRESS_AGREES)), Guard::SimilarFirstName),
        (organization_differs(marks) && shared, Guard::FirstName),
        (only_hubs(marks), Guard::Hub),
    ];
    firsts.into_iter().find(|(fires, _)| *fires).map(|(_, guard)| guard)
}

/// Another branch of one body: a word of its own at another place, or the same name on another street
/// without a shared mailbox to say that it has moved.
fn branch(marks: &Marks) -> bool {
    let elsewhere = marks.any(&[Level::AddressBranch]);
    let own_words = marks.any(&[Level::OrganizationBranch]) && !marks.any(ADDRESS_AGREES);
    own_words || (marks.organization.is_some() && elsewhere && !marks.any(&[Level::EmailSame]))
}

fn organization_differs(marks: &Marks) -> bool {
    marks.any(&[Level::OrganizationDifferent])
}

/// Jr and Sr: never merged across, and in doubt where only one side says so at one address, unless the
/// person's own mailbox agrees.
fn generation(marks: &Marks) -> bool {
    let alike = marks.any(FIRST_AGREES) && marks.any(LAST_AGREES);
    let one_sided = marks.any(&[Level::GenerationExtra, Level::GenerationMissing]);
    let own = marks.any(&[Level::EmailSame]);
    let near = marks.any(ADDRESS_AGREES) || marks.any(&[Level::PhoneHousehold, Level::EmailHousehold]);
    alike && (marks.any(&[Level::GenerationDifferent]) || (one_sided && near && !own))
}

/// Whether a mailbox or a phone agrees that is not a hub's.
pub(super) fn shares_contact_point(marks: &Marks) -> bool {
    marks.any(EMAIL_AGREES) || marks.any(PHONE_AGREES)
}

/// A number that somebody else has by now: first and last name are others, and neither mailbox nor address agrees.
fn recycled(marks: &Marks) -> bool {
    let other = marks.any(&[Level::FirstDifferent]) && marks.any(&[Level::LastDifferent]);
    other && marks.any(PHONE_AGREES) && !marks.any(EMAIL_AGREES) && !marks.any(ADDRESS_AGREES)
}

/// Whether names do not agree and every contact point that does is one that many share.
fn only_hubs(marks: &Marks) -> bool {
    let named = marks.any(LAST_AGREES) || marks.organization.is_some();
    !named && marks.any(HUBS) && !shares_contact_point(marks)
}
