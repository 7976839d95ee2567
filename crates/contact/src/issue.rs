//! What is wrong with something a sender sent: one entry per problem, all problems at once.

use crate::state::text_enum;
use serde::{Deserialize, Serialize};

text_enum! {
    /// The detail code of a problem (virtuous-contract.md 6.1; `INVALID_TYPE` is our addition, for
    /// the type errors that 6.2 wants told apart).
    IssueCode {
        /// A value is needed and there is none.
        Required => "REQUIRED",
        /// The JSON value is of a kind that cannot be read here, for example an object for a text.
        InvalidType => "INVALID_TYPE",
        /// The text does not have the form asked for.
        InvalidFormat => "INVALID_FORMAT",
        /// The form is right, the value is not one of those allowed.
        InvalidValue => "INVALID_VALUE",
        /// A number that has to be above zero is not.
        MustBePositive => "MUST_BE_POSITIVE",
        /// More characters or entries than are kept.
        TooLong => "TOO_LONG",
    }
}

impl IssueCode {
    /// Whether the request itself is malformed (400) rather than well-formed with a value that
    /// cannot be accepted (422). The line is drawn as in virtuous-contract.md 6.2, last line.
    #[must_use]
    pub const fn is_malformed(self) -> bool {
        matches!(self, Self::Required | Self::InvalidType)
    }
}

/// One problem of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Path of the field in the documented spelling, for example `contacts[3].email`; empty for the
    /// body as a whole.
    pub field: String,
    /// What kind of problem.
    pub code: IssueCode,
    /// One plain sentence. Never holds the submitted value.
    pub message: String,
}

impl Issue {
    /// A problem of the field at this path.
    pub fn new(field: impl Into<String>, code: IssueCode, message: impl Into<String>) -> Self {
        Self { field: field.into(), code, message: message.into() }
    }

    /// Whether any of the problems makes the whole request malformed (400 rather than 422).
    #[must_use]
    pub fn any_malformed(issues: &[Self]) -> bool {
        issues.iter().any(|issue| issue.code.is_malformed())
    }
}
