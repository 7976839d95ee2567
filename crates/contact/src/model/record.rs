//! Source records: the only inputs a contact is made of.

use super::ids::{ItemId, RecordId};
use super::submission::Submission;
use crate::clock::Timestamp;
use crate::policy::Policy;
use crate::state::text_enum;
use std::sync::Arc;

text_enum! {
    /// How a source record came.
    RecordKind {
        /// Through the holding table and the batch.
        Transaction => "transaction",
        /// Loaded as on file already, without matching.
        Load => "load",
        /// Created directly through the API, without matching.
        Create => "create",
        /// Edited by staff: wins over every sender and locks the field.
        Edit => "edit",
    }
}

/// A submission as kept for good, assigned to one contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// Its id; of two records received in the same microsecond the smaller id came first.
    pub id: RecordId,
    /// How it came.
    pub kind: RecordKind,
    /// When it was received.
    pub received_at: Timestamp,
    /// The individual of the contact that it speaks of. Equal to `first_item` when the record itself
    /// brought that individual.
    pub individual: ItemId,
    /// First of the item numbers reserved for it: the individual, then each method, then each address.
    pub first_item: ItemId,
    /// What was said.
    pub submission: Submission,
    /// The policy that it was decided under; none for the shipped one. It goes with the record, so that another
    /// policy changes no value that is there already.
    pub policy: Option<Arc<Policy>>,
}

impl SourceRecord {
    /// Whether it only changes what others brought. Such a record makes nobody.
    #[must_use]
    pub fn is_correction(&self) -> bool {
        self.kind == RecordKind::Edit && self.individual != self.first_item
    }
}
