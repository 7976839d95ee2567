//! What the individuals of a contact said of themselves. Matching is against everything a person ever had, so
//! what a profile only repeats is not compared again.

use crate::Profile;
use std::sync::Arc;

/// A profile of an individual, and which of its parts no profile before it had.
pub(crate) struct Seen {
    pub individual: i64,
    pub profile: Arc<Profile>,
    pub fresh: Fresh,
}

impl Seen {
    /// Somebody of whom this profile is all that is known.
    pub(crate) fn whole(profile: Profile) -> Self {
        let fresh = Fresh { name: true, mailboxes: true, numbers: true, places: true };
        Self { individual: 0, profile: Arc::new(profile), fresh }
    }
}

/// Which parts of a profile are new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fresh {
    pub name: bool,
    pub mailboxes: bool,
    pub numbers: bool,
    pub places: bool,
}

impl Fresh {
    fn of<'s>(profile: &Profile, before: impl Iterator<Item = &'s Seen> + Clone) -> Self {
        let same_name = |seen: &Seen| {
            let other = &seen.profile;
            seen.fresh.name && profile.same_name(other)
        };
        let known = before.clone().next().is_some();
        Self {
            name: !before.clone().any(same_name),
            mailboxes: !known || news(&profile.mailboxes, before.clone().map(|seen| &*seen.profile.mailboxes)),
            numbers: !known || news(&profile.numbers, before.clone().map(|seen| &*seen.profile.numbers)),
            places: !known || news(&profile.places, before.map(|seen| &*seen.profile.places)),
        }
    }

    const fn nothing(self) -> bool {
        !(self.name || self.mailboxes || self.numbers || self.places)
    }
}

/// Whether one of the parts is in none of the earlier lists.
fn news<'p, T: PartialEq + 'p>(parts: &[T], before: impl Iterator<Item = &'p [T]> + Clone) -> bool {
    parts.iter().any(|part| !before.clone().any(|earlier| earlier.contains(part)))
}

/// Adds a profile to those of a contact, which are kept in order of individuals. What it repeats is let go of
/// when nobody else holds the profile.
pub(super) fn add(people: &mut Vec<Seen>, individual: i64, mut profile: Arc<Profile>) {
    let from = people.partition_point(|seen| seen.individual < individual);
    let to = people.partition_point(|seen| seen.individual <= individual);
    let fresh = Fresh::of(&profile, people.get(from..to).unwrap_or_default().iter());
    if fresh.nothing() {
        return;
    }
    if let Some(own) = Arc::get_mut(&mut profile) {
        own.keep_only(fresh);
    }
    if people.is_empty() {
        people.reserve_exact(1);
    }
    people.insert(to, Seen { individual, profile, fresh });
}
