//! What the individuals of a contact said of themselves. Matching is against everything a person ever had, so
//! what a profile only repeats is neither kept nor compared again.

use crate::Profile;
use crate::profile::{View, pack, unpack};
use rustc_hash::FxHashMap;
use std::hint::black_box;

/// A profile of an individual, and which of its parts no profile before it had.
pub(crate) struct Seen<'a> {
    pub individual: i64,
    pub profile: View<'a>,
    pub fresh: Fresh,
}

impl<'a> Seen<'a> {
    /// Somebody of whom this profile is all that is known.
    pub(crate) fn whole(profile: &'a Profile) -> Self {
        Self { individual: 0, profile: profile.view(), fresh: Fresh::ALL }
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
    /// Everything is new.
    pub(crate) const ALL: Self = Self { name: true, mailboxes: true, numbers: true, places: true };

    fn of(profile: &View<'_>, before: &[Seen<'_>]) -> Self {
        let known = !before.is_empty();
        Self {
            name: !before.iter().any(|seen| seen.fresh.name && profile.same_name(&seen.profile)),
            mailboxes: !known || news(&profile.mailboxes, before.iter().map(|seen| &*seen.profile.mailboxes)),
            numbers: !known || news(&profile.numbers, before.iter().map(|seen| &*seen.profile.numbers)),
            places: !known || news(&profile.places, before.iter().map(|seen| &*seen.profile.places)),
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

/// Bytes that the memory gives at a time.
const LINE: usize = 64;
/// Bytes that are allotted at a time.
const PIECE: usize = 1 << 18;
/// Stands for the end of a contact's chain.
const END: u32 = u32::MAX;

/// All contacts: each has a chain of profiles, ascending by individual, those of one individual in the order in
/// which they came.
#[derive(Default)]
pub(super) struct People {
    /// First and last profile of each contact.
    ends: FxHashMap<i64, [u32; 2]>,
    kept: Vec<Kept>,
    /// Packed profiles, one after the other.
    pieces: Vec<Vec<u8>>,
}

/// Where the packed fresh parts of a profile stand.
struct Kept {
    individual: i64,
    piece: u32,
    from: u32,
    length: u32,
    next: u32,
    fresh: Fresh,
}

impl People {
    /// Makes a contact known.
    pub(super) fn add_contact(&mut self, contact: i64) {
        self.ends.entry(contact).or_insert([END, END]);
    }

    /// Puts what the people of a contact said of themselves into `people`, ascending by individual.
    pub(super) fn of<'i>(&'i self, contact: i64, people: &mut Vec<Seen<'i>>) {
        people.clear();
        people.extend(self.chain(contact).map(|(_, kept)| self.seen(kept)));
    }

    /// Reads a little of what is kept of each contact. None of it is used, but none of the reads waits for another one,
    /// as they do in a comparison.
    pub(super) fn touch(&self, contacts: &[i64]) {
        let first = |contact: &i64| self.ends.get(contact).and_then(|[first, _]| self.at(*first));
        let places: Vec<(u32, u32)> =
            contacts.iter().filter_map(first).map(|(_, kept)| (kept.piece, kept.from)).collect();
        let read = |(piece, from): &(u32, u32)| {
            let from = usize::try_from(*from).ok()?;
            let piece = self.pieces.get(usize::try_from(*piece).ok()?)?;
            Some(piece.get(from)? ^ piece.get(from + LINE).copied().unwrap_or(0))
        };
        let _ = black_box(places.iter().filter_map(read).fold(0, |all, one| all ^ one));
    }

    /// Adds a profile; one that says nothing new changes nothing. Whether it said anything new.
    pub(super) fn add(&mut self, contact: i64, individual: i64, profile: &Profile) -> bool {
        let last = self.ends.get(&contact).and_then(|[_, last]| self.at(*last));
        // Nearly always somebody new; a household of thousands must not be walked through for each of them.
        let is_new = last.is_none_or(|(_, last)| last.individual < individual);
        let known = || self.chain(contact).filter(|_| !is_new);
        let own = known().filter(|(_, kept)| kept.individual == individual);
        let before: Vec<Seen<'_>> = own.map(|(_, kept)| self.seen(kept)).collect();
        let view = profile.view();
        let fresh = Fresh::of(&view, &before);
        if fresh.nothing() {
            self.add_contact(contact);
            return false;
        }
        let packed = if fresh == Fresh::ALL { None } else { Some(pack(&view, fresh)) };
        let previous = known().take_while(|(_, kept)| kept.individual <= individual).last();
        let previous = if is_new { last } else { previous }.map(|(at, _)| at);
        let (piece, from, length) = self.put(packed.as_deref().unwrap_or(profile.packed()));
        let next = self.link(contact, previous);
        self.kept.push(Kept { individual, piece, from, length, next, fresh });
        true
    }

    /// Has the profile that is added next follow the previous one, or begin the contact's chain; gives the one that
    /// came there before.
    fn link(&mut self, contact: i64, previous: Option<usize>) -> u32 {
        let at = u32::try_from(self.kept.len()).unwrap_or(END);
        let [first, last] = self.ends.entry(contact).or_insert([END, END]);
        let place =
            previous.and_then(|previous| self.kept.get_mut(previous)).map_or(first, |previous| &mut previous.next);
        let next = std::mem::replace(place, at);
        if next == END {
            *last = at;
        }
        next
    }

    fn at(&self, at: u32) -> Option<(usize, &Kept)> {
        let at = usize::try_from(at).ok()?;
        Some((at, self.kept.get(at)?))
    }

    fn chain(&self, contact: i64) -> impl Iterator<Item = (usize, &Kept)> {
        let first = self.ends.get(&contact).and_then(|[first, _]| self.at(*first));
        std::iter::successors(first, |(_, kept)| self.at(kept.next))
    }

    fn seen(&self, kept: &Kept) -> Seen<'_> {
        let [piece, from, length] = [kept.piece, kept.from, kept.length].map(|at| usize::try_from(at).unwrap_or(0));
        let packed = self.pieces.get(piece).and_then(|piece| piece.get(from..from + length)).unwrap_or_default();
        Seen { individual: kept.individual, profile: unpack(packed), fresh: kept.fresh }
    }

    /// Keeps bytes: piece, place in it, length.
    fn put(&mut self, packed: &[u8]) -> (u32, u32, u32) {
        if self.pieces.last().is_none_or(|piece| piece.len() + packed.len() > piece.capacity()) {
            self.pieces.push(Vec::with_capacity(PIECE.max(packed.len())));
        }
        let piece = self.pieces.len() - 1;
        let from = self.pieces.last_mut().map_or(0, |piece| {
            piece.extend_from_slice(packed);
            piece.len() - packed.len()
        });
        let [piece, from, length] = [piece, from, packed.len()].map(|at| u32::try_from(at).unwrap_or(0));
        (piece, from, length)
    }
}
