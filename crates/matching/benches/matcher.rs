//! What the matcher costs: comparing one pair, one transaction against a warm index of 100,000 contacts (with the
//! median and the 99th percentile printed), and linking 5,000 rows with 5,000: `cargo bench -p tributary-matching`.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;
use tributary_contact::Submission;
use tributary_contact::flat::{FlatContext, parse_flat};
use tributary_matching::link::{OnFile, Settings, link};
use tributary_matching::{Index, Matcher, Profile, Row, TermStats, Thresholds, Weights};

/// Contacts in the warm index.
const CONTACTS: usize = 100_000;
/// Look-ups that the percentiles are taken over.
const LOOK_UPS: usize = 5_000;

/// An invented person: names from lists whose lengths have no common factor, so that pairs differ.
fn person(at: usize) -> Submission {
    const FIRST: [&str; 13] = [
        "Margaret",
        "Luis",
        "Henrietta",
        "Walter",
        "Priya",
        "Tobias",
        "Ingrid",
        "Kwame",
        "Olga",
        "Desmond",
        "Yusuf",
        "Beatrix",
        "Caleb",
    ];
    const HEADS: [&str; 17] = [
        "Ash", "Bren", "Cor", "Dun", "Ever", "Glou", "Hart", "Kings", "Mill", "Thorn", "Okon", "Vander", "Wint",
        "Lund", "Sand", "Quin", "Fair",
    ];
    const TAILS: [&str; 19] = [
        "ford", "wick", "ley", "ham", "bury", "stone", "well", "ton", "mere", "dale", "kwo", "meer", "er", "berg",
        "field", "gate", "by", "den", "croft",
    ];
    let of =
        |list: &[&str], at: usize| list.iter().cycle().nth(at % list.len()).copied().unwrap_or_default().to_owned();
    let (first, last) = (of(&FIRST, at), of(&HEADS, at / 3) + &of(&TAILS, at / 7));
    let flat = serde_json::json!({
        "referenceId": at.to_string(), "referenceSource": "bench", "firstName": first, "lastName": last,
        "email": format!("{first}.{last}{}@example.org", at % 1_000), "phone": format!("614 23{} {:04}", at / 10_000, at % 10_000),
        "address1": format!("{} {} Street", at % 900 + 1, of(&HEADS, at / 900)), "city": "Columbus", "state": "OH",
        "postal": format!("43{:03}", at % 211),
    });
    parse_flat(&flat, &FlatContext::default()).map(|read| read.submission).unwrap_or_default()
}

/// The same person with another mailbox.
fn incoming(at: usize) -> Submission {
    let mut row = person(at);
    row.methods.truncate(1);
    row.methods.iter_mut().for_each(|method| method.value = format!("x{}", method.value));
    row.reference = None;
    row
}

fn file(count: usize) -> (Matcher, Index) {
    let (mut index, mut terms) = (Index::default(), TermStats::default());
    for (id, at) in (0..).zip(0..count) {
        let profile = Arc::new(Profile::of(&person(at), "US"));
        terms.add(&profile, 1);
        index.insert(id, id, profile, None);
    }
    (Matcher::new(Weights::shipped(), Thresholds::default(), terms), index)
}

fn pair(bench: &mut Criterion) {
    let (matcher, index) = file(1);
    let row = incoming(0);
    let profile = Profile::of(&row, "US");
    let row = Row { profile: &profile, submission: &row };
    bench.bench_function("one pair decided", |run| run.iter(|| black_box(matcher.decide(&row, &index))));
}

fn look_up(bench: &mut Criterion) {
    let (matcher, index) = file(CONTACTS);
    let decide = |at: usize| {
        let row = incoming(at);
        let profile = Profile::of(&row, "US");
        black_box(matcher.decide(&Row { profile: &profile, submission: &row }, &index))
    };
    let places = || (0..LOOK_UPS).map(|look_up| look_up * 19 % CONTACTS);
    let mut times: Vec<u128> = places()
        .map(|at| {
            let start = Instant::now();
            decide(at);
            start.elapsed().as_micros()
        })
        .collect();
    times.sort_unstable();
    let percentile = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    println!("one transaction against {CONTACTS} contacts: p50 {} us, p99 {} us", percentile(50), percentile(99));
    let mut next = places().cycle();
    bench.bench_function("one transaction against 100k contacts", |run| {
        run.iter(|| decide(next.next().unwrap_or_default()));
    });
}

fn link_5k(bench: &mut Criterion) {
    let rows = || (0..5_000).map(person).map(|submission| OnFile { group: String::new(), submission });
    let contacts: Vec<OnFile> = rows().enumerate().map(|(at, row)| OnFile { group: at.to_string(), ..row }).collect();
    let transactions: Vec<Submission> = (0..5_000).map(|at| incoming(at * 2)).collect();
    let mut group = bench.benchmark_group("link");
    group.sample_size(10);
    group.bench_function("5k with 5k", |run| {
        run.iter(|| {
            link(contacts.clone(), transactions.clone(), &Settings::default()).map(|linked| linked.decisions.len())
        });
    });
    group.finish();
}

criterion_group!(benches, pair, look_up, link_5k);
criterion_main!(benches);
