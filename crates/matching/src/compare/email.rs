//! Mailboxes, against mailboxes and against names.

use super::text::within_edits;
use super::{Mark, Marks, Rarity, better};
use crate::Weights;
use crate::index::Seen;
use crate::keys::glued;
use crate::level::Level;
use crate::profile::{Mailbox, Name, View, head};

/// Shortest local part that means something at another provider.
const LONG_LOCAL: usize = 7;

pub(super) fn compare(row: &View<'_>, person: &[Seen<'_>], rarity: &Rarity, weights: &Weights) -> Option<Mark> {
    let organizations = row.is_organization && person.iter().any(|seen| seen.profile.is_organization);
    let pairs = row.mailboxes.iter().zip(&rarity.mailboxes);
    let marks = pairs.flat_map(|(mine, point)| {
        on_file(person).map(move |theirs| {
            let level = match level(mine, theirs, organizations, (row, person)) {
                Level::EmailSame if point.is_hub => Level::EmailShared,
                level => level,
            };
            let rare = matches!(level, Level::EmailSame | Level::EmailRole | Level::EmailShared);
            if rare { Mark::rare(level, point.bits, weights) } else { Mark::plain(level) }
        })
    });
    marks.fold(None, |best, mark| better(best, Some(mark), weights))
}

/// The mailboxes of a person.
fn on_file<'p>(person: &'p [Seen<'p>]) -> impl Iterator<Item = &'p Mailbox<'p>> {
    person.iter().filter(|seen| seen.fresh.mailboxes).flat_map(|seen| &seen.profile.mailboxes)
}

/// The names on both sides.
fn names<'p>((row, person): (&'p View<'p>, &'p [Seen<'p>])) -> impl Iterator<Item = &'p Name<'p>> {
    row.name.iter().chain(names_on_file(person))
}

fn names_on_file<'p>(person: &'p [Seen<'p>]) -> impl Iterator<Item = &'p Name<'p>> {
    person.iter().filter(|seen| seen.fresh.name).filter_map(|seen| seen.profile.name.as_ref())
}

fn level(mine: &Mailbox, theirs: &Mailbox, organizations: bool, sides: (&View<'_>, &[Seen<'_>])) -> Level {
    if mine.key == theirs.key {
        return if mine.role && !organizations { Level::EmailRole } else { Level::EmailSame };
    }
    if mine.local == theirs.local && !mine.role && mine.local.len() >= LONG_LOCAL {
        return same_local(mine, theirs, sides);
    }
    if slip(mine, theirs) {
        let same_name = names(sides).any(|name| spells(mine, name) && spells(theirs, name));
        if same_name { Level::EmailLocalName } else { Level::EmailTypo }
    } else if organizations && mine.domain == theirs.domain && mine.has_own_domain() {
        Level::EmailDomain
    } else {
        Level::EmailDifferent
    }
}

fn same_local(mine: &Mailbox, theirs: &Mailbox, sides: (&View<'_>, &[Seen<'_>])) -> Level {
    let made_of_name = names(sides).any(|name| spells(mine, name));
    if within_edits(&mine.domain, &theirs.domain, 1) {
        Level::EmailTypo
    } else if made_of_name {
        Level::EmailLocalName
    } else {
        Level::EmailLocal
    }
}

/// One slip in the local part or two in the domain, the rest being equal.
fn slip(mine: &Mailbox, theirs: &Mailbox) -> bool {
    let (a, b) = (&mine.local, &theirs.local);
    if mine.role || theirs.role || a.len().min(b.len()) < 5 {
        return false;
    }
    let digits = || a.bytes().filter(u8::is_ascii_digit).eq(b.bytes().filter(u8::is_ascii_digit));
    (mine.domain == theirs.domain && within_edits(a, b, 1) && digits())
        || (a == b && within_edits(&mine.domain, &theirs.domain, 2))
}

/// Whether a mailbox of one side spells the whole name of the other, where the names themselves do not
/// settle it. A shared mailbox says nothing more by its words unless the first name is missing.
pub(super) fn against_name(row: &View<'_>, person: &[Seen<'_>], names: &Marks) -> Option<Mark> {
    let asked = names.organization.is_none() && names.kind.is_none();
    let unsure = names.any(UNSURE) && !names.any(&[Level::FirstDifferent]) && !shares_mailbox(row, person);
    if !asked || (!unsure && names.first.is_some()) {
        return None;
    }
    let theirs = || names_on_file(person).any(|name| row.mailboxes.iter().any(|mailbox| spells(mailbox, name)));
    let mine = || row.name.as_ref().is_some_and(|name| on_file(person).any(|mailbox| spells(mailbox, name)));
    let comparable = row.name.is_some() && names_on_file(person).next().is_some();
    (comparable && (theirs() || mine())).then_some(Mark::plain(Level::EmailNameWhole))
}

fn shares_mailbox(row: &View<'_>, person: &[Seen<'_>]) -> bool {
    row.mailboxes.iter().any(|mine| on_file(person).any(|theirs| mine.key == theirs.key))
}

/// Names that agree only in part.
const UNSURE: &[Level] = &[
    Level::FirstInitial,
    Level::FirstFuzzy,
    Level::FirstClose,
    Level::LastClose,
    Level::LastFuzzy,
    Level::LastDifferent,
];

/// Whether the local part is made of first (or its initial) and last name, in either order.
fn spells(mailbox: &Mailbox, name: &Name) -> bool {
    let known = !name.first.is_empty() && name.last.len() >= 3;
    if !known || name.last.letters() & !mailbox.local.letters() != 0 {
        return false;
    }
    let letters = mailbox.letters();
    let Some(at) = letters.find(&*name.last) else { return false };
    let before = letters.get(..at).unwrap_or_default();
    let after = letters.get(at + name.last.len()..).unwrap_or_default();
    let first = glued(&name.first);
    let fits = |rest: &str| *rest == *first || rest == head(&first, 1) || (rest.len() > 2 && first.starts_with(rest));
    (fits(before) && after.is_empty()) || (before.is_empty() && fits(after))
}
