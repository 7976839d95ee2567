//! Which rows of the bucket a command is about.

use crate::parse;
use clap::{Args, ValueEnum};
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::Reason;
use tributary_engine::{Engine, EngineError};
use tributary_store::{Assignee, BucketOrder, NeedsUpdateFilter};

/// Rows that fit all that is named.
#[derive(Debug, Args)]
pub struct FilterArgs {
    /// Only this reason code
    #[arg(long, value_parser = parse::reason)]
    reason: Option<Reason>,
    /// Only this reference source
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Only rows received at this time or later (RFC 3339, or a day)
    #[arg(long, value_name = "TIME", value_parser = parse::time)]
    received_from: Option<Timestamp>,
    /// Only rows received before this time (RFC 3339, or a day)
    #[arg(long, value_name = "TIME", value_parser = parse::time)]
    received_until: Option<Timestamp>,
    /// Only rows of this user, by e-mail address, or `none`
    #[arg(long, value_name = "EMAIL")]
    assignee: Option<String>,
    /// Only rows whose senders were asked something (`true`), or were not (`false`)
    #[arg(long, value_name = "BOOL")]
    asked: Option<bool>,
    /// Only rows whose best candidate has at least this score, in bits
    #[arg(long, value_name = "BITS", allow_negative_numbers = true)]
    score_from: Option<f64>,
    /// Only rows whose best candidate has less than this score, in bits
    #[arg(long, value_name = "BITS", allow_negative_numbers = true)]
    score_below: Option<f64>,
}

/// In which order rows are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// The oldest first.
    Oldest,
    /// The newest first.
    Newest,
    /// The surest first.
    Surest,
    /// The least sure first.
    LeastSure,
}

impl From<Sort> for BucketOrder {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Oldest => Self::Oldest,
            Sort::Newest => Self::Newest,
            Sort::Surest => Self::Surest,
            Sort::LeastSure => Self::LeastSure,
        }
    }
}

impl FilterArgs {
    /// The filter of the engine.
    pub fn filter(&self, engine: &Engine, org: OrganizationId) -> Result<NeedsUpdateFilter, EngineError> {
        let assignee = match self.assignee.as_deref() {
            None => None,
            Some("none") => Some(Assignee::Nobody),
            Some(email) => Some(Assignee::User(engine.user_of_email(org, email)?)),
        };
        Ok(NeedsUpdateFilter {
            reason: self.reason,
            source: self.source.clone(),
            received_from: self.received_from,
            received_before: self.received_until,
            assignee,
            asked: self.asked,
            score_from: self.score_from,
            score_below: self.score_below,
            ..NeedsUpdateFilter::default()
        })
    }
}
