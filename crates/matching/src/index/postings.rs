//! Contacts by key. What was on file before a run stands in sorted arrays, a quarter the size of a map and
//! built in parallel; what comes later stands in a map.

use crate::KEY_CAP;
use rayon::prelude::*;
use std::hint::black_box;

/// Parts into which sorted keys are cut, by their first bits: keys are hashes, so all are of one size.
const SHARDS: usize = 64;
const SHARD_BITS: u32 = SHARDS.trailing_zeros();

/// Contacts found under a key: ascending, each once, never more than one above the cap.
pub(super) enum Posting {
    One(i64),
    #[expect(clippy::box_collection, reason = "nearly every key finds one contact, and should take no more room")]
    Many(Box<Vec<i64>>),
}

impl Posting {
    pub(super) fn contacts(&self) -> &[i64] {
        match self {
            Self::One(contact) => std::slice::from_ref(contact),
            Self::Many(contacts) => contacts,
        }
    }

    /// Adds a contact; whether that changes anything. Above the cap the contacts no longer matter, only that there are
    /// too many.
    pub(super) fn add(&mut self, contact: i64) -> bool {
        match self {
            Self::One(known) if *known == contact => return false,
            Self::One(known) => *self = Self::Many(Box::new(vec![contact.min(*known), contact.max(*known)])),
            Self::Many(contacts) if contacts.len() > KEY_CAP => return false,
            Self::Many(contacts) => match contacts.binary_search(&contact) {
                Ok(_) => return false,
                Err(at) => contacts.insert(at, contact),
            },
        }
        true
    }
}

/// Keys and their contacts in no order: as many of the one as of the other.
#[derive(Default)]
struct Entries {
    keys: Vec<u64>,
    contacts: Vec<u32>,
}

/// Keys of what is on file while they are gathered. Contacts are numbered from 0.
pub(crate) struct Gathered {
    shards: Vec<Entries>,
}

impl Default for Gathered {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Entries::default()).collect() }
    }
}

impl Gathered {
    /// Notes the keys of a contact.
    pub(crate) fn add(&mut self, keys: &[i64], contact: u32) {
        for key in keys {
            if let Some(shard) = self.shards.get_mut(shard_of(*key)) {
                shard.keys.push(key.cast_unsigned());
                shard.contacts.push(contact);
            }
        }
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.keys.len()).sum()
    }
}

fn shard_of(key: i64) -> usize {
    usize::try_from(key.cast_unsigned() >> (u64::BITS - SHARD_BITS)).unwrap_or(0)
}

/// Keys and their contacts, sorted.
#[derive(Default)]
pub(super) struct Sorted {
    shards: Vec<Shard>,
}

impl Sorted {
    /// With what was gathered later.
    pub(super) fn with(self, more: Gathered) -> Self {
        let mut shards = self.shards;
        shards.resize_with(SHARDS, Shard::default);
        let both = |(shard, mut more): (Shard, Entries)| {
            let Shard { mut keys, mut contacts, .. } = shard;
            keys.append(&mut more.keys);
            contacts.append(&mut more.contacts);
            Shard::of(Entries { keys, contacts })
        };
        Self { shards: shards.into_par_iter().zip(more.shards).map(both).collect() }
    }

    /// Has the memory fetch what look-ups of these keys will read, all at once.
    pub(super) fn touch(&self, keys: &[i64]) {
        let start = |key: &i64| {
            let shard = self.shards.get(shard_of(*key))?;
            let start = shard.starts.get(bucket_of(key.cast_unsigned(), shard.bucket_shift))?;
            Some((shard, usize::try_from(*start).ok()?))
        };
        let starts: Vec<(&Shard, usize)> = keys.iter().filter_map(start).collect();
        let read =
            |(shard, start): &(&Shard, usize)| Some(shard.keys.get(*start)? ^ u64::from(*shard.contacts.get(*start)?));
        let _ = black_box(starts.iter().filter_map(read).fold(0, |all, one| all ^ one));
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.keys.len()).sum()
    }

    /// The contacts under a key, ascending, each once, at most one above the cap.
    pub(super) fn contacts(&self, key: i64) -> &[u32] {
        self.shards.get(shard_of(key)).map_or(&[], |shard| shard.contacts(key.cast_unsigned()))
    }
}

#[derive(Default)]
struct Shard {
    keys: Vec<u64>,
    contacts: Vec<u32>,
    /// Where the keys of each bucket begin; buckets are the bits after those of the shard, and hold a few keys
    /// each, so a look-up reads one entry here and a handful there.
    starts: Vec<u32>,
    bucket_shift: u32,
}

impl Shard {
    /// Puts every entry into its bucket and then sorts the buckets, which is far less work than sorting all.
    fn of(entries: Entries) -> Self {
        let bits = entries.keys.len().checked_ilog2().unwrap_or(0).saturating_sub(1);
        let bucket_shift = u64::BITS - SHARD_BITS - bits;
        let starts = starts(&entries.keys, bits, bucket_shift);
        let mut shard = Self {
            keys: Vec::with_capacity(entries.keys.len()),
            contacts: Vec::with_capacity(entries.keys.len()),
            starts: Vec::with_capacity(starts.len()),
            bucket_shift,
        };
        let mut pairs = in_buckets(entries, &starts, bucket_shift);
        let sizes = starts.iter().zip(starts.iter().skip(1)).map(|(from, to)| to - from);
        let mut rest = pairs.as_mut_slice();
        for size in sizes {
            shard.begin();
            let size = usize::try_from(size).unwrap_or(0);
            let Some((bucket, after)) = std::mem::take(&mut rest).split_at_mut_checked(size) else { break };
            bucket.sort_unstable();
            shard.take(bucket);
            rest = after;
        }
        shard.begin();
        shard
    }

    /// The next bucket begins.
    fn begin(&mut self) {
        self.starts.push(u32::try_from(self.keys.len()).unwrap_or(u32::MAX));
    }

    /// Takes the sorted pairs of a bucket, each once, and of each key one contact more than the cap at most.
    fn take(&mut self, bucket: &[(u64, u32)]) {
        let (mut last, mut count) = (None, 0);
        for (key, contact) in bucket {
            if last == Some((key, contact)) {
                continue;
            }
            count = if last.is_some_and(|(last, _)| last == key) { count + 1 } else { 1 };
            last = Some((key, contact));
            if count <= KEY_CAP + 1 {
                self.keys.push(*key);
                self.contacts.push(*contact);
            }
        }
    }

    fn contacts(&self, key: u64) -> &[u32] {
        let bucket = bucket_of(key, self.bucket_shift);
        let at = |bucket: usize| self.starts.get(bucket).and_then(|start| usize::try_from(*start).ok()).unwrap_or(0);
        let (from, to) = (at(bucket), at(bucket + 1));
        let keys = self.keys.get(from..to).unwrap_or_default();
        let before = keys.iter().take_while(|other| **other < key).count();
        let equal = keys.iter().skip(before).take_while(|other| **other == key).count();
        self.contacts.get(from + before..from + before + equal).unwrap_or_default()
    }
}

/// The bits after those of the shard.
fn bucket_of(key: u64, shift: u32) -> usize {
    usize::try_from((key << SHARD_BITS).checked_shr(shift + SHARD_BITS).unwrap_or(0)).unwrap_or(0)
}

/// Where each bucket begins, and where the last one ends.
fn starts(keys: &[u64], bits: u32, bucket_shift: u32) -> Vec<u32> {
    let mut starts = vec![0_u32; (1 << bits) + 1];
    for key in keys {
        if let Some(count) = starts.get_mut(bucket_of(*key, bucket_shift) + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts
}

/// The entries bucket by bucket.
fn in_buckets(entries: Entries, starts: &[u32], bucket_shift: u32) -> Vec<(u64, u32)> {
    let mut places = starts.to_vec();
    let mut pairs = vec![(0, 0); entries.keys.len()];
    for (key, contact) in entries.keys.into_iter().zip(entries.contacts) {
        let Some(place) = places.get_mut(bucket_of(key, bucket_shift)) else { continue };
        if let Some(pair) = usize::try_from(*place).ok().and_then(|place| pairs.get_mut(place)) {
            *pair = (key, contact);
        }
        *place += 1;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::{Gathered, Sorted};
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #[test]
        fn sorted_keys_find_what_a_map_finds(pairs in prop::collection::vec((any::<i64>(), 0..40_u32), 0..300), more in 0..400_u32) {
            let (mut gathered, mut map) = (Gathered::default(), BTreeMap::<i64, BTreeSet<u32>>::new());
            let hub = (0..more).map(|contact| (77, contact));
            for (key, contact) in pairs.iter().map(|(key, contact)| (key % 50, *contact)).chain(pairs.iter().copied()).chain(hub) {
                gathered.add(&[key], contact);
                map.entry(key).or_default().insert(contact);
            }
            let mut later = Gathered::default();
            for (key, contact) in pairs.iter().take(pairs.len() / 3) {
                later.add(&[key % 50], contact + 7);
                map.entry(key % 50).or_default().insert(contact + 7);
            }
            let sorted = Sorted::default().with(gathered).with(later);
            prop_assert_eq!(sorted.len(), map.values().map(|contacts| contacts.len().min(crate::KEY_CAP + 1)).sum::<usize>());
            for (key, contacts) in &map {
                let expected: Vec<u32> = contacts.iter().copied().take(crate::KEY_CAP + 1).collect();
                prop_assert_eq!(sorted.contacts(*key), expected.as_slice());
            }
            prop_assert!(sorted.contacts(51).is_empty() || map.contains_key(&51));
        }
    }
}
