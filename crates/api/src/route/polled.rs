//! The way to the read by reference that partners poll with all day. Paths are tried one after the other, each by a regular
//! expression, and its own fits so much that it has to come last: here it comes first, for what no other path means.

use super::At;
use super::contact::by_reference;
use actix_web::guard::GuardContext;
use actix_web::http::Method;
use actix_web::{Resource, web};
use std::collections::BTreeSet;

const BEFORE: &str = "/api/Contact/";

/// `GET /api/Contact/{referenceSource}/{referenceId}` where the source is no word of another path.
pub(super) fn resource(routes: &[At]) -> Resource {
    let words: BTreeSet<&'static str> = routes.iter().filter_map(|at| first_word(at.pattern)).collect();
    web::resource("/api/Contact/{referenceSource}/{referenceId}")
        .guard(move |asked: &GuardContext<'_>| {
            asked.head().method == Method::GET && is_reference(asked.head().uri.path(), &words)
        })
        .route(web::get().to(by_reference::handle))
}

/// What stands where a reference has its source; `{literal:Receipts}` stands for the word in it.
fn first_word(pattern: &'static str) -> Option<&'static str> {
    let first = pattern.strip_prefix(BEFORE)?.split('/').next()?;
    match first.strip_prefix('{') {
        Some(parameter) => parameter.strip_suffix('}')?.split_once(':').map(|(_, word)| word),
        None => Some(first),
    }
}

/// Whether the path can only mean a reference. One with escapes is left to the routes: they may stand for a word.
fn is_reference(path: &str, words: &BTreeSet<&'static str>) -> bool {
    let parts = path.strip_prefix(BEFORE).and_then(|rest| rest.split_once('/'));
    parts.is_some_and(|(source, id)| {
        let is_number = source.bytes().all(|byte| byte.is_ascii_digit());
        !is_number && !words.contains(source) && !id.is_empty() && !id.contains('/') && !path.contains('%')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> BTreeSet<&'static str> {
        crate::route::all().iter().filter_map(|at| first_word(at.pattern)).collect()
    }

    #[test]
    fn what_no_other_path_means_is_a_reference() {
        for path in ["/api/Contact/Harbor/1", "/api/Contact/Harbor Giving/a-b", "/api/Contact/query/1"] {
            assert!(is_reference(path, &words()), "{path}");
        }
    }

    #[test]
    fn words_and_numbers_of_other_paths_are_left_to_them() {
        let others = [
            "/api/Contact/Transaction/1",
            "/api/Contact/ByTag/1",
            "/api/Contact/Receipts/1",
            "/api/Contact/12/History",
            "/api/Contact/Harbor%20Giving/1",
            "/api/Contact/Harbor",
            "/api/Contact/Harbor/",
            "/api/Contact/Harbor/1/2",
            "/api/Contact//1",
            "/api/Note/Harbor/1",
        ];
        for path in others {
            assert!(!is_reference(path, &words()), "{path}");
        }
    }
}
