//! Query strings: names in any letter case, all problems at once. An unknown name is refused, so that a
//! switch this version does not know (`dryRun`, say) is never silently passed over.

use crate::ApiError;
use actix_web::{HttpRequest, web};
use tributary_contact::issue::{Issue, IssueCode};
use utoipa::IntoParams;

/// The most rows of one answer (virtuous-contract.md 1.0).
const MOST_ROWS: i64 = 1_000;

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Window {
    /// Rows left out at the start.
    #[param(minimum = 0, default = 0, required = false)]
    pub skip: i64,
    /// Rows at most.
    #[param(minimum = 0, maximum = 1_000, default = 10, required = false)]
    pub take: i64,
}

/// The parameters of a request while they are read.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
    issues: Vec<Issue>,
}

impl Query {
    /// The parameters, of which these are known.
    pub(crate) fn read(request: &HttpRequest, known: &[&str]) -> Self {
        let text = request.query_string();
        if text.is_empty() {
            return Self::default();
        }
        let Ok(pairs) = web::Query::<Vec<(String, String)>>::from_query(text) else {
            let issue = Issue::new("", IssueCode::InvalidType, "Not a query string.");
            return Self { pairs: Vec::new(), issues: vec![issue] };
        };
        let mut query = Self { pairs: pairs.into_inner(), issues: Vec::new() };
        query.refuse_unknown(known);
        query
    }

    /// Refuses every parameter.
    ///
    /// # Errors
    /// 400 when there is one.
    pub(crate) fn none(request: &HttpRequest) -> Result<(), ApiError> {
        Self::read(request, &[]).finish()
    }

    fn refuse_unknown(&mut self, known: &[&str]) {
        let is_known = |name: &str| known.iter().any(|known| known.eq_ignore_ascii_case(name));
        let unknown = self.pairs.iter().filter(|(name, _)| !is_known(name));
        let issue = |name: &String| Issue::new(name, IssueCode::InvalidValue, "Not a parameter of this route.");
        self.issues = unknown.map(|(name, _)| issue(name)).collect();
        self.refuse_repeated();
    }

    /// Which of two values is meant, nobody can tell.
    fn refuse_repeated(&mut self) {
        let mut seen: Vec<&str> = Vec::new();
        for (name, _) in &self.pairs {
            if seen.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                self.issues.push(Issue::new(name, IssueCode::InvalidValue, "Given more than once."));
            }
            seen.push(name);
        }
    }

    /// The value of a parameter; a blank one is none.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.given(name).filter(|value| !value.is_empty())
    }

    /// The value of a parameter, blank or not.
    fn given(&self, name: &str) -> Option<String> {
        let found = self.pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned())
    }

    /// The value of a parameter that must be there; empty, and a problem noted, when it is not.
    pub(crate) fn required(&mut self, name: &str) -> String {
        let value = self.text(name);
        if value.is_none() {
            self.issue(name, IssueCode::Required, "A value is needed.");
        }
        value.unwrap_or_default()
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        let text = self.given(name)?.to_ascii_lowercase();
        let flag = text.parse().ok();
        if flag.is_none() {
            self.issue(name, IssueCode::InvalidValue, "Must be true or false.");
        }
        flag
    }

    /// `skip` and `take`, 0 and 10 when not given (virtuous-contract.md 1.0).
    pub(crate) fn window(&mut self) -> Window {
        let skip = self.number("skip", i64::MAX, 0);
        let take = self.number("take", MOST_ROWS, 10);
        Window { skip, take }
    }

    /// A number from 0 to `most`; `default` when it is not given.
    pub(crate) fn number(&mut self, name: &str, most: i64, default: i64) -> i64 {
        let Some(text) = self.given(name) else { return default };
        let number = text.parse().ok().filter(|number| (0..=most).contains(number));
        if number.is_none() {
            self.issue(name, IssueCode::InvalidValue, "Not a number that can be meant here.");
        }
        number.unwrap_or(default)
    }

    /// Notes a problem.
    pub(crate) fn issue(&mut self, name: &str, code: IssueCode, message: &str) {
        self.issues.push(Issue::new(name, code, message));
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 400 with every problem.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        if self.issues.is_empty() { Ok(()) } else { Err(ApiError::bad_query(self.issues)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn query(uri: &str) -> Query {
        Query::read(&TestRequest::with_uri(uri).to_http_request(), &["skip", "take", "active"])
    }

    #[test]
    fn names_match_in_any_letter_case() {
        assert_eq!(query("/?Skip=3&TAKE=7").window(), Window { skip: 3, take: 7 });
    }

    #[test]
    fn without_a_window_the_first_ten_are_meant() {
        assert_eq!(query("/").window(), Window { skip: 0, take: 10 });
    }

    #[test]
    fn a_parameter_that_comes_twice_is_refused() {
        let query = query("/?skip=1&Skip=2&take=3");
        let fields: Vec<&str> = query.issues.iter().map(|issue| issue.field.as_str()).collect();
        assert_eq!(fields, ["Skip"]);
    }

    #[test]
    fn every_problem_of_a_query_is_named() {
        let mut query = query("/?take=1001&skip=-1&active=maybe&dryRun=true");
        query.window();
        query.flag("active");
        let fields: Vec<&str> = query.issues.iter().map(|issue| issue.field.as_str()).collect();
        assert_eq!(fields, ["dryRun", "skip", "take", "active"]);
        assert!(query.finish().is_err());
    }
}
