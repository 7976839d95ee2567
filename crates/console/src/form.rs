//! The fields of a sent form or of a query.

use actix_web::web;

/// Largest form in bytes: a whole submission being corrected fits many times.
pub(crate) const LIMIT: usize = 256 * 1024;

/// Names and values as sent.
pub(crate) type Pairs = Vec<(String, String)>;
/// A form's fields, for a handler to take.
pub(crate) type FormPairs = web::Form<Pairs>;
/// A query's fields, for a handler to take.
pub(crate) type QueryPairs = web::Query<Pairs>;

/// The first value of a name, trimmed; none when it is blank or missing.
pub(crate) fn value<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    let found = pairs.iter().find(|(known, _)| known == name)?;
    Some(found.1.trim()).filter(|text| !text.is_empty())
}

/// As [`value`], for what must not be trimmed.
pub(crate) fn raw<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// The first value of a name as a number.
pub(crate) fn number(pairs: &[(String, String)], name: &str) -> Option<i64> {
    value(pairs, name)?.parse().ok()
}
