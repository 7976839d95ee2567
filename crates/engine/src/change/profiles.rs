//! Match profiles of source records, each computed once.

use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::Arc;
use tributary_contact::fold::{Matched, as_matched};
use tributary_contact::{ItemId, RecordId, SourceRecord};
use tributary_matching::Profile;

/// Profiles kept at most: about half a kilobyte each.
const KEPT_AT_MOST: usize = 400_000;

/// Profiles by record. A record never changes, so a profile never goes stale.
#[derive(Default)]
pub(crate) struct Profiles(FxHashMap<RecordId, Arc<Profile>>);

impl FromIterator<(RecordId, Arc<Profile>)> for Profiles {
    fn from_iter<I: IntoIterator<Item = (RecordId, Arc<Profile>)>>(profiles: I) -> Self {
        Self(profiles.into_iter().collect())
    }
}

impl Profiles {
    /// The kept profile, or a new one that is not kept.
    pub(crate) fn of(&self, record: &SourceRecord, country: &str) -> Arc<Profile> {
        self.get(record.id).unwrap_or_else(|| Arc::new(Profile::of(&record.submission, country)))
    }

    /// The profiles of a contact's records as they count for matching, each with the individual it stands for.
    pub(crate) fn of_contact(&self, records: &[SourceRecord], country: &str) -> Vec<(ItemId, Arc<Profile>)> {
        let profile = |seen: Matched<'_>| match seen.submission {
            Cow::Borrowed(said) => self.get(seen.record).unwrap_or_else(|| Arc::new(Profile::of(said, country))),
            Cow::Owned(said) => Arc::new(Profile::of(&said, country)),
        };
        as_matched(records, country).into_iter().map(|seen| (seen.individual, profile(seen))).collect()
    }

    pub(crate) fn get(&self, record: RecordId) -> Option<Arc<Profile>> {
        self.0.get(&record).cloned()
    }

    /// Keeps profiles; when there are too many, the old ones go first, all at once.
    pub(crate) fn keep(&mut self, profiles: impl IntoIterator<Item = (RecordId, Arc<Profile>)>) {
        if self.0.len() > KEPT_AT_MOST {
            self.0.clear();
        }
        self.0.extend(profiles);
    }
}
