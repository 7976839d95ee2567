//! Laws of the matcher: any text is taken, and a decision depends on nothing but the row, the contacts under
//! its keys, and the matcher.

use crate::support::{With, person};
use proptest::prelude::*;
use std::sync::Arc;
use tributary_contact::Submission;
use tributary_matching::{Decision, Index, Matcher, Profile, Row, TermStats, Thresholds, Weights};

type Entry = (i64, i64, Submission);

/// Submissions from a small world, so that they share keys.
fn small() -> impl Strategy<Value = Submission> {
    let first = prop::sample::select(vec!["", "Anna", "Robert", "Bob", "Christina", "Christine", "B."]);
    let last = prop::sample::select(vec!["", "Miller", "Milller", "Okafor", "Okafor-Miller", "Anna"]);
    let suffix = prop::sample::select(vec!["", "Jr", "Sr"]);
    let email = prop::option::of(prop::sample::select(vec![
        "anna@example.org",
        "robert.miller@example.org",
        "info@example.org",
    ]));
    let street =
        prop::option::of(prop::sample::select(vec!["12 Oak Street Apt 4", "12 Oak St", "900 Elm Ave", "PO Box 7"]));
    (first, last, suffix, email, street).prop_map(|(first, last, suffix, email, street)| {
        let named = person(first, last, suffix);
        let mailed = email.into_iter().fold(named, |row, email| row.email(email));
        street.into_iter().fold(mailed, |row, street| row.at(street, "Columbus", "43215"))
    })
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec((0..6_i64, 0..3_i64, small()), 0..16)
        .prop_map(|rows| rows.into_iter().map(|(contact, place, row)| (contact, contact * 10 + place, row)).collect())
}

fn index<'e>(entries: impl Iterator<Item = &'e Entry>) -> Index {
    let mut index = Index::default();
    for (contact, individual, row) in entries {
        index.insert(*contact, *individual, Arc::new(Profile::of(row, "US")), None);
    }
    index
}

fn decide(row: &Submission, index: &Index) -> Decision {
    let matcher = Matcher::new(Weights::shipped(), Thresholds::default(), TermStats::default());
    matcher.decide(&Row { profile: &Profile::of(row, "US"), submission: row }, index)
}

/// The contacts that share a key with the row.
fn within_reach(row: &Submission, entries: &[Entry]) -> Vec<i64> {
    let keys = Profile::of(row, "US").keys().to_vec();
    let shares = |entry: &&Entry| Profile::of(&entry.2, "US").keys().iter().any(|key| keys.contains(key));
    entries.iter().filter(shares).map(|entry| entry.0).collect()
}

proptest! {
    #[test]
    fn the_order_of_insertion_does_not_matter(row in small(), entries in entries()) {
        prop_assert_eq!(decide(&row, &index(entries.iter())), decide(&row, &index(entries.iter().rev())));
    }

    #[test]
    fn inserting_twice_is_inserting_once(row in small(), entries in entries()) {
        prop_assert_eq!(decide(&row, &index(entries.iter())), decide(&row, &index(entries.iter().chain(&entries))));
    }

    #[test]
    fn contacts_out_of_reach_do_not_matter(row in small(), entries in entries()) {
        let near = within_reach(&row, &entries);
        let reached = entries.iter().filter(|entry| near.contains(&entry.0));
        prop_assert_eq!(decide(&row, &index(entries.iter())), decide(&row, &index(reached)));
    }

    #[test]
    fn any_text_is_taken(texts in prop::collection::vec(any::<String>(), 6), other in small()) {
        let [first, last, suffix, email, phone, street] = texts.as_slice() else { return Ok(()) };
        let row = person(first, last, suffix).email(email).phone(phone).at(street, last, phone);
        let rows = [(1, 1, row.clone()), (2, 2, other)];
        decide(&row, &index(rows.iter()));
    }

    #[test]
    fn terms_survive_a_round_trip_and_can_be_taken_back(rows in prop::collection::vec(small(), 0..8)) {
        let mut stats = TermStats::default();
        rows.iter().for_each(|row| stats.add(&Profile::of(row, "US"), 1));
        let mut copy: TermStats = stats.entries().collect();
        prop_assert_eq!(copy.population(), rows.len() as u64);
        rows.iter().for_each(|row| copy.add(&Profile::of(row, "US"), -1));
        prop_assert_eq!(copy.entries().count(), 0);
    }

    #[test]
    fn keys_and_terms_are_sorted_and_distinct(row in small()) {
        let profile = Profile::of(&row, "US");
        prop_assert!(profile.keys().is_sorted_by(|a, b| a < b) && profile.terms().is_sorted_by(|a, b| a < b));
    }
}
