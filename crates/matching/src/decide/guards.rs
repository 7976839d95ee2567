//! Guards: patterns that no amount of evidence overrules. Each asks for a person.

use super::Row;
use crate::compare::{Mark, Marks};
use crate::level::Level;
use crate::score::ContactScore;
use crate::{Guard, Weights};

/// Bits of rarity below which a shared contact point is a hub's.
const HUB_BITS: f64 = 6.0;

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
const PHONE_AGREES: &[Level] = &[Level::PhoneSame, Level::PhoneHousehold, Level::PhoneLocal];
pub(super) const ADDRESS_AGREES: &[Level] =
    &[Level::AddressSame, Level::AddressUnit, Level::AddressBox, Level::AddressFuzzy];

/// What stands against an automatic decision about a contact, judged by its individual that fits best.
pub(super) fn of(row: &Row<'_>, score: &ContactScore, weights: &Weights) -> Option<Guard> {
    let marks = &score.best()?.marks;
    let shared = shares_contact_point(marks, weights);
    let firsts = [
        (generation(marks), Guard::Generation),
        (marks.kind.is_some() && shared, Guard::Kind),
        (marks.any(&[Level::OrganizationBranch]), Guard::Branch),
        (row.profile.name.is_none() && row.profile.organization.is_none(), Guard::NoName),
        (marks.any(&[Level::FirstDifferent, Level::FirstFuzzy]) && shared, Guard::FirstName),
        (marks.any(&[Level::FirstSimilar]) && (shared || marks.any(ADDRESS_AGREES)), Guard::SimilarFirstName),
        (organization_differs(marks) && shared, Guard::FirstName),
        (only_hubs(marks, weights), Guard::Hub),
    ];
    firsts.into_iter().find(|(fires, _)| *fires).map(|(_, guard)| guard)
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
pub(super) fn shares_contact_point(marks: &Marks, weights: &Weights) -> bool {
    let own = |mark: &Mark| mark.adjustment + weights.of(mark.level).typical >= HUB_BITS || mark.level == Level::EmailTypo;
    marks.iter().any(|mark| (EMAIL_AGREES.contains(&mark.level) || PHONE_AGREES.contains(&mark.level)) && own(&mark))
}

/// Whether names do not agree and every contact point that does is a hub's.
fn only_hubs(marks: &Marks, weights: &Weights) -> bool {
    let agrees = |mark: &Mark| {
        EMAIL_AGREES.contains(&mark.level) || PHONE_AGREES.contains(&mark.level) || mark.level == Level::EmailRole
    };
    let named = marks.any(LAST_AGREES) || marks.organization.is_some();
    !named && marks.iter().any(|mark| agrees(&mark)) && !shares_contact_point(marks, weights)
}
