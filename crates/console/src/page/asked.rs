//! Which rows of the bucket somebody works on. It travels in the query of each page, so that the next row is one of
//! the same kind.

use crate::form;
use crate::format;
use crate::view::part;
use chrono::TimeDelta;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::Reason;
use tributary_contact::{OrganizationId, RecordId};
use tributary_engine::{Engine, EngineError};
use tributary_store::{BucketOrder, NeedsUpdateFilter};

/// What is asked for.
pub(super) struct Asked {
    pub(super) reason: Option<Reason>,
    pub(super) source: Option<String>,
    pub(super) days: Option<i64>,
    pub(super) newest_first: bool,
    pub(super) page: i64,
}

impl Asked {
    /// What a query asks for; what makes no sense is left out.
    pub(super) fn of(query: &[(String, String)]) -> Self {
        Self {
            reason: form::value(query, "reason").and_then(Reason::parse),
            source: form::value(query, "source").map(str::to_owned),
            days: form::number(query, "days").filter(|days| (1..=3_650).contains(days)),
            newest_first: form::value(query, "sort") == Some("newest"),
            page: form::number(query, "page").unwrap_or_default().clamp(0, 1_000_000),
        }
    }

    /// The same for the engine.
    pub(super) fn filter(&self, now: Timestamp) -> NeedsUpdateFilter {
        NeedsUpdateFilter {
            reason: self.reason,
            source: self.source.clone(),
            received_before: self.days.map(|days| now - TimeDelta::days(days)),
            order: if self.newest_first { BucketOrder::Newest } else { BucketOrder::Oldest },
            ..NeedsUpdateFilter::default()
        }
    }

    /// The filters as a query, each with `&` after it.
    pub(super) fn query(&self) -> String {
        let mut query = String::new();
        let mut add = |name: &str, value: &str| query.push_str(&format!("{name}={}&", format::encoded(value)));
        if let Some(reason) = self.reason {
            add("reason", reason.as_str());
        }
        if let Some(source) = &self.source {
            add("source", source);
        }
        if let Some(days) = self.days {
            add("days", &days.to_string());
        }
        if self.newest_first {
            add("sort", "newest");
        }
        query
    }

    /// The page of a row, with the same question.
    pub(super) fn review(&self, id: RecordId) -> String {
        format!("{}?{}", part::review_path(id), self.query())
    }

    /// The row to look at after this one: the next in order, or the first when it was the last.
    pub(super) fn next(
        &self,
        engine: &Engine,
        org: OrganizationId,
        id: RecordId,
    ) -> Result<Option<RecordId>, EngineError> {
        let first = self.filter(engine.clock().now());
        let after = NeedsUpdateFilter { after: Some(id), ..first.clone() };
        for filter in [after, first] {
            let page = engine.needs_update(org, &filter, 0, 2)?;
            if let Some(row) = page.list.iter().find(|row| row.id != id) {
                return Ok(Some(row.id));
            }
        }
        Ok(None)
    }

    /// Where a decision leads: the next row, with the decided one named so that it can be undone.
    pub(super) fn onward(&self, next: Option<RecordId>, done: RecordId) -> String {
        match next {
            Some(next) => format!("{}done={done}", self.review(next)),
            None => format!("{}?done=1", part::transaction_path(done)),
        }
    }
}
