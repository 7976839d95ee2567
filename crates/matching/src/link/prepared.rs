//! Rows in normal form, made on many threads before they are filed or decided on one after the other.

use super::OnFile;
use crate::Profile;
use tributary_contact::Submission;
use tributary_contact::flat::{PlainRow, Text};

/// A row in normal form.
pub struct Prepared {
    pub(super) profile: Profile,
    /// The contact that a row on file belongs to; empty for a contact of its own.
    pub(super) group: Box<str>,
    source: Box<str>,
    pub(super) id: Box<str>,
}

impl Prepared {
    /// A row that comes in. `country` is the organization's own, an ISO 3166 two-letter code.
    #[must_use]
    pub fn incoming(submission: &Submission, country: &str) -> Self {
        let reference = submission.reference.as_ref();
        Self {
            profile: Profile::of(submission, country),
            group: Box::default(),
            source: reference.map(|reference| reference.source.as_str().into()).unwrap_or_default(),
            id: reference.map(|reference| reference.id.as_str().into()).unwrap_or_default(),
        }
    }

    /// A row on file.
    #[must_use]
    pub fn on_file(row: &OnFile, country: &str) -> Self {
        Self { group: row.group.as_str().into(), ..Self::incoming(&row.submission, country) }
    }

    /// A row of either kind that was read the quick way.
    #[must_use]
    pub fn plain(row: &PlainRow<'_>, country: &str) -> Self {
        let text = |place| row.text(place).unwrap_or_default().into();
        Self {
            profile: Profile::of_plain(row, country),
            group: text(Text::ContactId),
            source: if row.reference().is_some() { text(Text::ReferenceSource) } else { Box::default() },
            id: text(Text::ReferenceId),
        }
    }

    /// Source and id of its reference. An id without a source only names the row.
    pub(super) fn reference(&self) -> Option<(&str, &str)> {
        (!self.source.is_empty()).then_some((&*self.source, &*self.id))
    }
}
