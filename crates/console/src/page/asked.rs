//! Which rows of the bucket somebody works on. It travels in the query of each page, so that the next row is one of
//! the same kind.

use crate::form;
use crate::format;
use crate::view::part;
use chrono::TimeDelta;
use tributary_contact::clock::Timestamp;
use tributary_contact::state::Reason;
use tributary_contact::{OrganizationId, RecordId, UserId};
use tributary_engine::{Engine, EngineError};
use tributary_store::{Assignee, BucketOrder, NeedsUpdateFilter};

/// Bits at which the best candidate is as likely as not, and at which 9 of 10 are right.
const EVEN: f64 = 0.0;
const NINE_OF_TEN: f64 = 3.17;

/// Whose rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Mine,
    Nobodys,
    Of(UserId),
}

/// How sure the best candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Band {
    High,
    Middle,
    Low,
}

impl Band {
    pub(super) const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::High, "high", "over 90 %"),
        (Self::Middle, "middle", "50 % to 90 %"),
        (Self::Low, "low", "under 50 %, or none"),
    ];

    const fn limits(self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::High => (Some(NINE_OF_TEN), None),
            Self::Middle => (Some(EVEN), Some(NINE_OF_TEN)),
            Self::Low => (None, Some(EVEN)),
        }
    }
}

/// Orders to choose from; the first goes without saying.
pub(super) const ORDERS: [(BucketOrder, &str, &str); 4] = [
    (BucketOrder::Oldest, "", "Oldest first"),
    (BucketOrder::Newest, "newest", "Newest first"),
    (BucketOrder::Surest, "surest", "Surest candidate first"),
    (BucketOrder::LeastSure, "unsure", "Least sure first"),
];

/// What is asked for.
pub(super) struct Asked {
    /// Who asks.
    me: UserId,
    pub(super) reason: Option<Reason>,
    pub(super) source: Option<String>,
    pub(super) days: Option<i64>,
    pub(super) whose: Option<Whose>,
    pub(super) band: Option<Band>,
    pub(super) order: BucketOrder,
    /// Only rows that come after this one.
    pub(super) after: Option<RecordId>,
}

impl Asked {
    /// What a query of this user asks for; what makes no sense is left out.
    pub(super) fn of(query: &[(String, String)], me: UserId) -> Self {
        let sort = form::value(query, "sort").unwrap_or_default();
        Self {
            me,
            reason: form::value(query, "reason").and_then(Reason::parse),
            source: form::value(query, "source").map(str::to_owned),
            days: form::number(query, "days").filter(|days| (1..=3_650).contains(days)),
            whose: form::value(query, "whose").and_then(whose),
            band: named(&Band::ALL, form::value(query, "score").unwrap_or_default()),
            order: named(&ORDERS, sort).unwrap_or_default(),
            after: form::value(query, "after").and_then(|text| text.parse().ok()).map(RecordId),
        }
    }

    /// The same for the engine.
    pub(super) fn filter(&self, now: Timestamp) -> NeedsUpdateFilter {
        let (score_from, score_below) = self.band.map_or((None, None), Band::limits);
        NeedsUpdateFilter {
            reason: self.reason,
            source: self.source.clone(),
            received_before: self.days.map(|days| now - TimeDelta::days(days)),
            assignee: self.whose.map(|whose| match whose {
                Whose::Mine => Assignee::User(self.me),
                Whose::Nobodys => Assignee::Nobody,
                Whose::Of(user) => Assignee::User(user),
            }),
            score_from,
            score_below,
            after: self.after,
            order: self.order,
            ..NeedsUpdateFilter::default()
        }
    }

    /// What is asked for as names and values of a query; the place in the list is left out.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let whose = self.whose.map(|whose| match whose {
            Whose::Mine => "me".to_owned(),
            Whose::Nobodys => "none".to_owned(),
            Whose::Of(user) => user.to_string(),
        });
        let pairs = [
            ("reason", self.reason.map(|reason| reason.as_str().to_owned())),
            ("source", self.source.clone()),
            ("days", self.days.map(|days| days.to_string())),
            ("whose", whose),
            ("score", self.band.and_then(|band| name_of(&Band::ALL, band)).map(str::to_owned)),
            ("sort", name_of(&ORDERS, self.order).filter(|name| !name.is_empty()).map(str::to_owned)),
        ];
        pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// The same as a query, each part with `&` after it.
    pub(super) fn query(&self) -> String {
        query_of(self.pairs())
    }

    /// The same query but for one part of it, which is this or nothing.
    pub(super) fn with(&self, name: &'static str, value: Option<String>) -> String {
        let others = self.pairs().into_iter().filter(|(known, _)| *known != name);
        query_of(others.chain(value.map(|value| (name, value))).collect())
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
        engine.next_in_bucket(org, &self.filter(engine.clock().now()), id)
    }

    /// Where a decision leads: the next row, with the decided one named so that it can be undone.
    pub(super) fn onward(&self, next: Option<RecordId>, done: RecordId) -> String {
        match next {
            Some(next) => format!("{}done={done}", self.review(next)),
            None => format!("{}?done=1", part::transaction_path(done)),
        }
    }
}

fn query_of(pairs: Vec<(&'static str, String)>) -> String {
    pairs.iter().map(|(name, value)| format!("{name}={}&", format::encoded(value))).collect()
}

fn whose(text: &str) -> Option<Whose> {
    match text {
        "me" => Some(Whose::Mine),
        "none" => Some(Whose::Nobodys),
        number => number.parse().ok().map(|id| Whose::Of(UserId(id))),
    }
}

fn named<T: Copy>(all: &[(T, &str, &str)], name: &str) -> Option<T> {
    all.iter().find(|(_, known, _)| *known == name).map(|(own, ..)| *own)
}

fn name_of<T: Copy + PartialEq>(all: &[(T, &'static str, &str)], wanted: T) -> Option<&'static str> {
    all.iter().find(|(own, ..)| *own == wanted).map(|(_, name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        let pairs: Vec<(String, String)> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Asked::of(&pairs, UserId(7))
    }

    #[test]
    fn a_question_survives_its_own_query() {
        let whole = "reason=conflict&source=Harbor&days=7&whose=me&score=middle&sort=surest&";
        assert_eq!(asked(whole).query(), whole);
        assert_eq!(asked("sort=&whose=nobody&score=x&reason=y&days=-1").query(), "");
        assert_eq!(asked(whole).with("reason", None), whole.replace("reason=conflict&", ""));
        assert_eq!(asked("whose=9&").with("whose", Some("none".to_owned())), "whose=none&");
    }

    #[test]
    fn whose_rows_and_how_sure_become_a_filter() {
        let filter = asked("whose=me&score=middle").filter(Timestamp::UNIX_EPOCH);
        assert_eq!(filter.assignee, Some(Assignee::User(UserId(7))));
        assert_eq!((filter.score_from, filter.score_below), (Some(EVEN), Some(NINE_OF_TEN)));
        assert_eq!(asked("whose=none").filter(Timestamp::UNIX_EPOCH).assignee, Some(Assignee::Nobody));
    }
}
