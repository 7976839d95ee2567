//! What a search finds, and what it finds best.

use super::*;
use crate::query::{Search, sections};

/// How well the better of the two people fits.
fn score(text: &str) -> Option<f64> {
    let (search, facts) = (Search::read(text)?, contact_facts(&ines()));
    sections(&facts, 2026).filter_map(|(_, facts)| search.score(facts)).reduce(f64::max)
}

#[test]
fn a_person_is_found_by_anything_of_theirs() {
    for text in [
        "ines okafor",
        "Okafor-Lund, Ines",
        "PAL okafor",
        "inés",
        "okaf",
        "ines.lund@example.org",
        "ines.lund@",
        "lund@example.org",
        "5550104477",
        "(555) 010-4477",
        "+1 555 010 4477",
        "010-4477",
        "402 tannery",
        "okafor bellford",
        "44090 ines",
    ] {
        assert!(score(text).is_some(), "{text}");
    }
}

#[test]
fn slips_are_forgiven_where_the_word_is_long_enough() {
    for text in ["okafro", "okfor", "okaffor", "okafir", "iens okafor"] {
        assert!(score(text).is_some(), "{text}");
    }
    for text in ["okxxor", "xu"] {
        assert!(score(text).is_none(), "{text}");
    }
}

#[test]
fn everything_that_was_typed_must_be_there() {
    assert!(score("ines brandt").is_none() && score("ines okafor 99999").is_none());
    assert!(score("peggy@example.org").is_none() && score("5550109999").is_none());
}

#[test]
fn the_nearer_spelling_goes_first() {
    let ordered = ["okafor", "okafo", "okafro"].map(|text| score(text).unwrap());
    assert!(ordered[0] > ordered[1] && ordered[1] > ordered[2], "{ordered:?}");
}

#[test]
fn a_nickname_stands_for_its_name() {
    let mut golden = ines();
    golden.individuals[0].fields.insert(Field::FirstName, "Margaret".into());
    let facts = contact_facts(&golden);
    let peggy = Search::read("peggy okafor").unwrap();
    assert!(sections(&facts, 2026).any(|(_, facts)| peggy.score(facts).is_some()));
}

#[test]
fn nothing_to_look_for_is_no_search() {
    assert_eq!(Search::read("  "), None);
    assert_eq!(Search::read("--"), None);
}
