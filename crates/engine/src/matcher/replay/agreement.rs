//! How decisions agree with what people said about the same submissions.

use super::Replayed;
use serde::Serialize;
use std::collections::BTreeSet;
use tributary_contact::state::State;

/// How decisions agree with what people decided about the same submissions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// Submissions that people said something about.
    pub labelled: i64,
    /// Merged into the contact that people say.
    pub right: i64,
    /// Merged into one that people say it is not.
    pub wrong: i64,
    /// Belongs to a contact that was on file, and was not merged into it.
    pub missed: i64,
    /// Left to a person.
    pub waits: i64,
}

impl Agreement {
    /// How many of the merges are right; none when nothing is known about any.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.wrong)
    }

    /// How many of those that belong to a contact on file are merged into it.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.right, self.missed)
    }

    /// With those of another page.
    pub const fn add(&mut self, other: Self) {
        self.labelled += other.labelled;
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.waits += other.waits;
    }

    pub(super) fn count(&mut self, known: &Known, decided: &Replayed) {
        self.labelled += 1;
        self.waits += i64::from(decided.state == State::NeedsUpdate);
        if let Some(contact) = decided.contact {
            let right = known.belongs == Some(Belongs::To(contact.0));
            let wrong = !right && (known.belongs.is_some() || known.not.contains(&contact.0));
            (self.right, self.wrong) = (self.right + i64::from(right), self.wrong + i64::from(wrong));
        }
        let of = if let Some(Belongs::To(contact)) = known.belongs { Some(contact) } else { None };
        let missed = known.on_file && of.is_some() && decided.contact.map(|contact| contact.0) != of;
        self.missed += i64::from(missed);
    }
}

/// The share of the first count in both; counts are far below 2 to the power of 52.
#[expect(clippy::cast_precision_loss, reason = "counts of submissions")]
fn share(part: i64, rest: i64) -> Option<f64> {
    (part + rest > 0).then(|| part as f64 / (part + rest) as f64)
}

/// Whose people say that a submission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belongs {
    To(i64),
    Nobody,
}

/// What people said about a submission.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) belongs: Option<Belongs>,
    pub(super) not: BTreeSet<i64>,
    /// Whether the contact that it belongs to was on file before it.
    pub(super) on_file: bool,
}

impl Known {
    pub(super) fn is_anything(&self) -> bool {
        self.belongs.is_some() || !self.not.is_empty()
    }
}
