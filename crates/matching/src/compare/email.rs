//! Mailboxes, against mailboxes and against names.

use super::text::within_edits;
use super::{Mark, Marks, Rarity, better};
use crate::level::Level;
use crate::profile::{Mailbox, Name, head};
use crate::{Profile, Weights};

/// Shortest local part that means something at another provider.
const LONG_LOCAL: usize = 7;

pub(super) fn compare(row: &Profile, file: &Profile, rarity: &Rarity, weights: &Weights) -> Option<Mark> {
    let organizations = row.is_organization && file.is_organization;
    let pairs = row.mailboxes.iter().zip(&rarity.mailboxes);
    let marks = pairs.flat_map(|(mine, point)| {
        file.mailboxes.iter().map(move |theirs| {
            let level = match level(mine, theirs, organizations, [&row.name, &file.name]) {
                Level::EmailSame if point.is_hub => Level::EmailShared,
                level => level,
            };
            let rare = matches!(level, Level::EmailSame | Level::EmailRole | Level::EmailShared);
            if rare { Mark::rare(level, point.bits, weights) } else { Mark::plain(level) }
        })
    });
    marks.fold(None, |best, mark| better(best, Some(mark), weights))
}

fn level(mine: &Mailbox, theirs: &Mailbox, organizations: bool, names: [&Option<Name>; 2]) -> Level {
    if mine.untagged == theirs.untagged {
        return if mine.role && !organizations { Level::EmailRole } else { Level::EmailSame };
    }
    if mine.local == theirs.local && !mine.role && mine.local.len() >= LONG_LOCAL {
        return same_local(mine, theirs, names);
    }
    if slip(mine, theirs) {
        let same_name = names.into_iter().flatten().any(|name| spells(mine, name) && spells(theirs, name));
        if same_name { Level::EmailLocalName } else { Level::EmailTypo }
    } else if organizations && mine.domain == theirs.domain && mine.has_own_domain() {
        Level::EmailDomain
    } else {
        Level::EmailDifferent
    }
}

fn same_local(mine: &Mailbox, theirs: &Mailbox, names: [&Option<Name>; 2]) -> Level {
    let made_of_name = names.into_iter().flatten().any(|name| spells(mine, name));
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
    let (a, b) = (&*mine.local, &*theirs.local);
    if mine.role || theirs.role || a.len().min(b.len()) < 5 {
        return false;
    }
    let digits = || a.bytes().filter(u8::is_ascii_digit).eq(b.bytes().filter(u8::is_ascii_digit));
    (mine.domain == theirs.domain && within_edits(a, b, 1) && digits())
        || (a == b && within_edits(&mine.domain, &theirs.domain, 2))
}

/// Whether a mailbox of one side spells the whole name of the other, where the names themselves do not
/// settle it. A shared mailbox says nothing more by its words unless the first name is missing.
pub(super) fn against_name(row: &Profile, file: &Profile, names: &Marks) -> Option<Mark> {
    let unsure = names.any(UNSURE) && !names.any(&[Level::FirstDifferent]) && !shares_mailbox(row, file);
    if !unsure && names.first.is_some() {
        return None;
    }
    let spelt = |boxes: &[Mailbox], name: &Option<Name>| {
        name.as_ref().is_some_and(|name| boxes.iter().any(|mailbox| spells(mailbox, name)))
    };
    let met = spelt(&row.mailboxes, &file.name) || spelt(&file.mailboxes, &row.name);
    met.then_some(Mark::plain(Level::EmailNameWhole))
}

fn shares_mailbox(row: &Profile, file: &Profile) -> bool {
    row.mailboxes.iter().any(|mine| file.mailboxes.iter().any(|theirs| mine.untagged == theirs.untagged))
}

/// Names that agree only in part.
const UNSURE: &[Level] = &[
    Level::FirstInitial,
    Level::FirstFuzzy,
    Level::FirstSimilar,
    Level::FirstClose,
    Level::LastClose,
    Level::LastFuzzy,
    Level::LastDifferent,
];

/// Whether the local part is made of first (or its initial) and last name, in either order.
fn spells(mailbox: &Mailbox, name: &Name) -> bool {
    if name.first.is_empty() || name.last.len() < 3 {
        return false;
    }
    let letters = mailbox.letters();
    let Some(at) = letters.find(&*name.last) else { return false };
    let before = letters.get(..at).unwrap_or_default();
    let after = letters.get(at + name.last.len()..).unwrap_or_default();
    let first = name.first.replace(' ', "");
    let fits = |rest: &str| rest == first || rest == head(&first, 1) || (rest.len() > 2 && first.starts_with(rest));
    (fits(before) && after.is_empty()) || (before.is_empty() && fits(after))
}
