//! Pairs of contacts that may be one, and the scans of the whole database that find them.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId};

/// A scan, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateScanRow {
    /// Number, from [`crate::Counter::DuplicateScan`].
    pub id: i64,
    /// The last contact that was looked at; 0 before the first.
    pub position: ContactId,
    /// The newest contact when it began: later ones are left to the next scan.
    pub last_contact: ContactId,
    /// Contacts looked at.
    pub contacts: i64,
    /// Contacts in all, as of its beginning.
    pub total: i64,
    /// Version of the weights that it began with.
    pub weights_version: String,
    /// Who asked for it.
    pub actor: String,
    /// Since when.
    pub started_at: Timestamp,
    /// When every contact was looked at; none while that goes on.
    pub finished_at: Option<Timestamp>,
}

/// How sure a pair is that is worth a person's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PairBand {
    /// Sure enough to merge without a person, were it a submission.
    Certain,
    /// A person has to look.
    Likely,
}

impl PairBand {
    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
        }
    }

    /// The one whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Certain, Self::Likely].into_iter().find(|own| own.as_str() == text)
    }
}

/// Why a pair needs nobody's attention any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PairClosed {
    /// One of the two was merged away.
    Merged,
    /// A person said that they are two.
    NotDuplicate,
    /// One of the two is no more.
    Gone,
    /// The latest scan did not find it again.
    NoLonger,
}

impl PairClosed {
    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::NotDuplicate => "notDuplicate",
            Self::Gone => "gone",
            Self::NoLonger => "noLonger",
        }
    }

    /// The one whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::Merged, Self::NotDuplicate, Self::Gone, Self::NoLonger];
        all.into_iter().find(|own| own.as_str() == text)
    }
}

/// Two contacts that may be one.
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicatePairRow {
    /// The lesser number.
    pub contact: ContactId,
    /// The greater number.
    pub other: ContactId,
    /// Probability, 0 to 1.
    pub score: f64,
    /// How sure it is.
    pub band: PairBand,
    /// The candidate as the matcher gave it: JSON of levels and bits, no values.
    pub explanation: String,
    /// Version of the weights.
    pub weights_version: String,
    /// The scan that found it last.
    pub scan: i64,
    /// When it was found first, since it was last closed.
    pub found_at: Timestamp,
    /// Why and since when it is closed; none while it is open.
    pub closed: Option<(PairClosed, Timestamp)>,
}

/// Which pairs to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PairFilter {
    /// Only those of this band.
    pub band: Option<PairBand>,
    /// Only those of this contact.
    pub contact: Option<ContactId>,
    /// Closed ones instead of open ones.
    pub closed: bool,
}

/// Reads about pairs.
pub trait ReadDuplicates {
    /// The newest scan.
    ///
    /// # Errors
    /// Any failure of the store.
    fn newest_duplicate_scan(&mut self, organization: OrganizationId) -> StoreResult<Option<DuplicateScanRow>>;
    /// The scan that is not finished.
    ///
    /// # Errors
    /// Any failure of the store.
    fn open_duplicate_scan(&mut self, organization: OrganizationId) -> StoreResult<Option<DuplicateScanRow>>;
    /// How many contacts stand for themselves, and the newest of them.
    ///
    /// # Errors
    /// Any failure of the store.
    fn contacts_in_all(&mut self, organization: OrganizationId) -> StoreResult<(i64, Option<ContactId>)>;
    /// The next contacts by number that stand for themselves.
    ///
    /// # Errors
    /// Any failure of the store.
    fn contacts_between(
        &mut self,
        organization: OrganizationId,
        after: ContactId,
        up_to: ContactId,
        limit: i64,
    ) -> StoreResult<Vec<ContactId>>;
    /// Every pair of these contacts, open or closed, by the two numbers.
    ///
    /// # Errors
    /// Any failure of the store.
    fn duplicate_pairs_of(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
    ) -> StoreResult<Vec<DuplicatePairRow>>;
    /// A page of pairs: the surest first, of equal ones the newest contacts.
    ///
    /// # Errors
    /// Any failure of the store.
    fn duplicate_pair_page(
        &mut self,
        organization: OrganizationId,
        filter: PairFilter,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<DuplicatePairRow>>;
    /// How many pairs the filter selects.
    ///
    /// # Errors
    /// Any failure of the store.
    fn duplicate_pair_count(&mut self, organization: OrganizationId, filter: PairFilter) -> StoreResult<i64>;
}

/// Writes about pairs.
pub trait WriteDuplicates {
    /// Stores the beginning of a scan.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when the number is taken.
    fn insert_duplicate_scan(&mut self, organization: OrganizationId, new: &DuplicateScanRow) -> StoreResult<()>;
    /// Stores how far it has come.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when there is none of the number.
    fn update_duplicate_scan(&mut self, organization: OrganizationId, changed: &DuplicateScanRow) -> StoreResult<()>;
    /// Puts pairs in the place of all pairs of these contacts.
    ///
    /// # Errors
    /// Any failure of the store.
    fn replace_duplicate_pairs(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
        pairs: &[DuplicatePairRow],
    ) -> StoreResult<()>;
    /// Closes what is open of these contacts.
    ///
    /// # Errors
    /// Any failure of the store.
    fn close_duplicate_pairs(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
        reason: PairClosed,
        at: Timestamp,
    ) -> StoreResult<()>;
    /// Closes one pair, the lesser number first, if it is open.
    ///
    /// # Errors
    /// Any failure of the store.
    fn close_duplicate_pair(
        &mut self,
        organization: OrganizationId,
        pair: (ContactId, ContactId),
        reason: PairClosed,
        at: Timestamp,
    ) -> StoreResult<()>;
    /// Closes what is open and was not found by this scan.
    ///
    /// # Errors
    /// Any failure of the store.
    fn close_duplicate_pairs_before(
        &mut self,
        organization: OrganizationId,
        scan: i64,
        reason: PairClosed,
        at: Timestamp,
    ) -> StoreResult<()>;
}
