//! Reads single JSON values leniently and collects what is wrong with them.

use super::check::clean;
use crate::issue::{Issue, IssueCode};
use serde_json::{Map, Number, Value};
use std::ops::RangeInclusive;

/// Collects the problems and the unknown names of one body.
#[derive(Debug)]
pub struct Reader<'a> {
    prefix: &'a str,
    issues: Vec<Issue>,
    unknown: Vec<String>,
}

impl<'a> Reader<'a> {
    /// A reader whose paths all start with this prefix.
    #[must_use]
    pub const fn new(prefix: &'a str) -> Self {
        Self { prefix, issues: Vec::new(), unknown: Vec::new() }
    }

    /// The unknown names, or every problem if there is any.
    ///
    /// # Errors
    /// Every problem that was noted.
    pub fn finish(self) -> Result<Vec<String>, Vec<Issue>> {
        if self.issues.is_empty() { Ok(self.unknown) } else { Err(self.issues) }
    }

    /// Every problem that was noted.
    pub(super) fn into_issues(self) -> Vec<Issue> {
        self.issues
    }

    /// Notes a problem of the field at this path.
    pub fn issue(&mut self, path: &str, code: IssueCode, message: &str) {
        self.issues.push(Issue::new(format!("{}{path}", self.prefix), code, message));
    }

    /// A missing value, unless the field has a problem already.
    pub fn require(&mut self, path: &str, message: &str) {
        let field = format!("{}{path}", self.prefix);
        if self.issues.iter().all(|issue| issue.field != field) {
            self.issues.push(Issue::new(field, IssueCode::Required, message));
        }
    }

    /// The body as a whole says too little. A value that was refused above is reported there only.
    pub fn require_whole(&mut self, message: &str) {
        if self.issues.is_empty() {
            self.issues.push(Issue::new(self.prefix.trim_end_matches('.'), IssueCode::Required, message));
        }
    }

    /// Notes a field that means nothing here.
    pub fn unknown(&mut self, name: &str) {
        self.unknown.push(name.to_owned());
    }

    /// Text of at most `limit` characters; numbers and booleans as their text.
    pub fn text(&mut self, path: &str, value: &Value, limit: usize) -> Option<String> {
        match value {
            Value::Array(_) | Value::Object(_) => {
                self.issue(path, IssueCode::InvalidType, "Must be a text.");
                None
            }
            scalar => self.bounded(path, scalar_text(scalar)?, limit),
        }
    }

    /// As [`Self::text`], with lists and objects kept as their JSON text.
    pub fn any_text(&mut self, path: &str, value: &Value, limit: usize) -> Option<String> {
        let text = scalar_text(value).or_else(|| (value.is_array() || value.is_object()).then(|| value.to_string()))?;
        self.bounded(path, text, limit)
    }

    /// The text if it is within the limit.
    pub fn bounded(&mut self, path: &str, text: String, limit: usize) -> Option<String> {
        // A character has at least one byte, so most texts need no counting.
        if text.len() <= limit || text.chars().count() <= limit {
            return Some(text);
        }
        self.issue(path, IssueCode::TooLong, &format!("At most {limit} characters."));
        None
    }

    /// An integer of this range, also when sent as text.
    pub fn integer(&mut self, path: &str, value: &Value, range: RangeInclusive<i64>) -> Option<i64> {
        let text = self.text(path, value, usize::MAX)?;
        let number = text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            self.issue(path, IssueCode::InvalidValue, "Not a number that can be meant here.");
        }
        number
    }

    /// Yes or no, also when sent as text or number.
    pub fn boolean(&mut self, path: &str, value: &Value) -> Option<bool> {
        match self.text(path, value, usize::MAX)?.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "y" => Some(true),
            "false" | "0" | "no" | "n" => Some(false),
            _ => {
                self.issue(path, IssueCode::InvalidValue, "Must be true or false.");
                None
            }
        }
    }
}

/// The clean text of a scalar; none for blank, lists and objects.
fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(clean(text)).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number_text(number)),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A whole number without a fraction, however it was written: `9.0` is `9`.
fn number_text(number: &Number) -> String {
    /// Up to here every whole number has an exact `f64` (2 to the power of 53).
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < EXACT => format!("{float:.0}"),
        _ => number.to_string(),
    }
}

/// The value of this name in any letter case; the exact spelling first.
#[must_use]
pub fn get<'v>(map: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    let any_case = || map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    map.get(name).or_else(any_case)
}
