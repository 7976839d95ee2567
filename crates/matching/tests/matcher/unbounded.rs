//! No input makes the matcher panic or take unbounded time, and a value that a whole town shares costs no more than any
//! other.

use crate::support::{With, organization, person};
use proptest::prelude::*;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tributary_contact::{Field, Submission};
use tributary_matching::link::{OnFile, Settings, link};
use tributary_matching::{Index, Matcher, Profile, Row, TermStats, Thresholds, Weights};

/// Far above what any of it needs, far below what anything quadratic takes.
const LONG: Duration = Duration::from_secs(10);

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zA-Z0-9 .,'&@#()-]{0,60}",
        "(山|ß|é|ñ|\u{301}|\u{200d}|a| ){0,30}",
        prop::sample::select(vec![
            "Anna",
            "Miller",
            "anna.miller@example.org",
            "12 Oak St",
            "614 555 0123",
            "Jr",
            "43215"
        ])
        .prop_map(str::to_owned),
    ]
}

/// A submission of any text in every field, of a person or of an organization.
fn submission() -> impl Strategy<Value = Submission> {
    (any::<bool>(), prop::collection::vec(text(), 9)).prop_map(|(of_person, texts)| {
        let [first, last, suffix, middle, email, phone, street, city, postal] = texts.as_slice() else {
            return Submission::default();
        };
        let mut row = if of_person { person(first, last, suffix) } else { organization(first) };
        row.fields.insert(Field::MiddleName, middle.clone());
        row.email(email).phone(phone).at(street, city, postal)
    })
}

proptest! {
    #[test]
    fn any_two_submissions_are_compared(on_file in prop::collection::vec(submission(), 1..4), incoming in submission()) {
        let file = on_file.into_iter().map(|submission| OnFile { group: "H".to_owned(), submission }).collect();
        let settings = Settings { threads: 1, explain: true, ..Settings::default() };
        let start = Instant::now();
        let outcome = link(file, &[incoming.clone(), incoming], &settings).unwrap();
        prop_assert_eq!(outcome.decisions.len(), 2);
        prop_assert!(outcome.decisions.iter().all(|decision| decision.score.is_finite()));
        prop_assert!(start.elapsed() < LONG);
    }
}

#[test]
fn long_texts_are_soon_compared() {
    for piece in ["a", "ab ", "a1 ", "ba", "山", ". ", "12 a st "] {
        let long = piece.repeat(100_000 / piece.len());
        let other = format!("{long}x");
        let start = Instant::now();
        for (one, other) in
            [(person(&long, &long, &long), person(&other, &other, "")), (organization(&long), organization(&other))]
        {
            let add = |row: Submission, text: &str| {
                row.email(&format!("{text}@example.org")).phone(text).at(text, text, text)
            };
            let file = vec![OnFile { group: "H".to_owned(), submission: add(one, &long) }];
            link(file, &[add(other.clone(), &long), add(other, "b")], &Settings::default()).unwrap();
        }
        assert!(start.elapsed() < LONG, "{piece:?} took {:?}", start.elapsed());
    }
}

/// Contacts that all have one mailbox, phone and address.
const TOWN: usize = 100_000;

fn townsman(at: usize) -> Submission {
    let letters = |mut at: usize| {
        let mut name = String::from("Q");
        while at > 0 {
            name.push(char::from(b'a' + u8::try_from(at % 26).unwrap_or(0)));
            at /= 26;
        }
        name
    };
    person(&letters(at * 7 + 1), &letters(at), "").email("office@town.example.org").phone("614 230 4411").at(
        "1 Main St",
        "Columbus",
        "43215",
    )
}

#[test]
fn a_value_that_everybody_has_costs_no_more_than_a_capped_look_up() {
    let (mut index, mut terms) = (Index::default(), TermStats::default());
    for (id, at) in (0..).zip(0..TOWN) {
        let profile = Arc::new(Profile::of(&townsman(at), "US"));
        terms.add(&profile, 1);
        index.insert(id, id, profile, None);
    }
    let matcher = Matcher::new(Weights::shipped(), Thresholds::default(), terms);
    let row = person("Zuzana", "Yttrium", "").email("office@town.example.org").phone("614 230 4411").at(
        "1 Main St",
        "Columbus",
        "43215",
    );
    let profile = Profile::of(&row, "US");
    let start = Instant::now();
    for _ in 0..1_000 {
        assert!(matcher.decide(&Row { profile: &profile, submission: &row }, &index).candidates.is_empty());
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?} for a thousand", start.elapsed());
}

#[test]
fn a_file_of_one_household_is_linked_in_time_that_grows_with_its_rows() {
    let file = (0..20_000).map(|at| OnFile { group: "H".to_owned(), submission: townsman(at) }).collect();
    let start = Instant::now();
    link(file, &[townsman(5), townsman(30_000)], &Settings::default()).unwrap();
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
}
