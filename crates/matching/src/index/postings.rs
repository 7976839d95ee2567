//! Contacts by key. What was on file before a run stands in sorted arrays, a quarter the size of a map and
//! built in parallel; what comes later stands in a map.

use crate::KEY_CAP;
use rayon::prelude::*;

/// Parts into which sorted keys are cut, by their first bits: keys are hashes, so all are of one size.
const SHARDS: usize = 64;
const SHARD_BITS: u32 = SHARDS.trailing_zeros();

/// Contacts found under a key: ascending, each once, never more than one above the cap.
#[derive(Default)]
pub(super) enum Posting {
    #[default]
    None,
    One(i64),
    Many(Vec<i64>),
}

impl Posting {
    pub(super) fn contacts(&self) -> &[i64] {
        match self {
            Self::None => &[],
            Self::One(contact) => std::slice::from_ref(contact),
            Self::Many(contacts) => contacts,
        }
    }

    /// Above the cap the contacts no longer matter, only that there are too many.
    pub(super) fn add(&mut self, contact: i64) {
        match self {
            Self::None => *self = Self::One(contact),
            Self::One(known) if *known == contact => {}
            Self::One(known) => *self = Self::Many(vec![contact.min(*known), contact.max(*known)]),
            Self::Many(contacts) if contacts.len() > KEY_CAP => {}
            Self::Many(contacts) => {
                if let Err(at) = contacts.binary_search(&contact) {
                    contacts.insert(at, contact);
                }
            }
        }
    }
}

/// Keys of what is on file while they are gathered. Contacts are numbered from 0.
pub(crate) struct Gathered {
    shards: Vec<Vec<(u64, u32)>>,
}

impl Default for Gathered {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Vec::new()).collect() }
    }
}

impl Gathered {
    /// Notes the keys of a contact.
    pub(crate) fn add(&mut self, keys: &[i64], contact: u32) {
        for key in keys {
            if let Some(shard) = self.shards.get_mut(shard_of(*key)) {
                shard.push((key.cast_unsigned(), contact));
            }
        }
    }

    /// Sorts what was gathered.
    pub(super) fn sorted(self) -> Sorted {
        Sorted { shards: self.shards.into_par_iter().map(Shard::of).collect() }
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
    /// The contacts under a key, ascending, each once, at most one above the cap.
    pub(super) fn contacts(&self, key: i64) -> &[u32] {
        self.shards.get(shard_of(key)).map_or(&[], |shard| shard.contacts(key.cast_unsigned()))
    }

    pub(super) fn has(&self, key: i64, contact: i64) -> bool {
        u32::try_from(contact).is_ok_and(|contact| self.contacts(key).binary_search(&contact).is_ok())
    }
}

struct Shard {
    keys: Box<[u64]>,
    contacts: Box<[u32]>,
    /// Where the keys of each bucket begin; buckets are the bits after those of the shard, and hold a few keys
    /// each, so a look-up reads one entry here and a handful there.
    starts: Box<[u32]>,
    bucket_shift: u32,
}

impl Shard {
    fn of(mut pairs: Vec<(u64, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        cap(&mut pairs);
        let bits = pairs.len().checked_ilog2().unwrap_or(0).saturating_sub(1);
        let bucket_shift = u64::BITS - SHARD_BITS - bits;
        let mut starts = vec![0_u32; (1 << bits) + 1];
        for (key, _) in &pairs {
            if let Some(count) = starts.get_mut(bucket_of(*key, bucket_shift) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let (keys, contacts): (Vec<u64>, Vec<u32>) = pairs.into_iter().unzip();
        Self { keys: keys.into(), contacts: contacts.into(), starts: starts.into(), bucket_shift }
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

/// Leaves of each key one contact more than the cap at most.
fn cap(pairs: &mut Vec<(u64, u32)>) {
    let (mut last, mut count) = (None, 0);
    pairs.retain(|(key, _)| {
        count = if last == Some(*key) { count + 1 } else { 1 };
        last = Some(*key);
        count <= KEY_CAP + 1
    });
}

#[cfg(test)]
mod tests {
    use super::Gathered;
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
            let sorted = gathered.sorted();
            for (key, contacts) in &map {
                let expected: Vec<u32> = contacts.iter().copied().take(crate::KEY_CAP + 1).collect();
                prop_assert_eq!(sorted.contacts(*key), expected.as_slice());
            }
            prop_assert!(sorted.contacts(51).is_empty() || map.contains_key(&51));
        }
    }
}
