//! Many contacts on file, written straight to the store: what reads and queries are measured over.

use crate::stage::Stage;
use anyhow::Context;
use serde_json::json;
use std::time::Instant;
use tributary_contact::clock::{Clock, IdGen, SystemClock, SystemIds, Timestamp};
use tributary_contact::flat::{FlatContext, parse_flat};
use tributary_contact::fold::fold;
use tributary_contact::query::{contact_facts, is_name_word, words};
use tributary_contact::{ContactId, Golden, ItemId, RecordId, RecordKind, Reference, SourceRecord};
use tributary_matching::word_key;
use tributary_store::{Counter, FactsRow, KeyEntry, NewContact, ReferenceEntry, StoreExt};

/// Contacts of one transaction.
const AT_ONCE: i64 = 10_000;
/// The platform of every contact.
pub const SOURCE: &str = "Harbor";

const FIRST: [&str; 16] = [
    "Ines",
    "Margaret",
    "Luis",
    "Henrietta",
    "Pål",
    "Odalys",
    "Tomasz",
    "Wei",
    "Aisha",
    "Bruno",
    "Chiara",
    "Dmitri",
    "Elif",
    "Farid",
    "Greta",
    "Hiro",
];
const SYLLABLES: [&str; 20] = [
    "bar", "dun", "fel", "gor", "hus", "kin", "lom", "mer", "nov", "tas", "wel", "zan", "pic", "rud", "sel", "vor",
    "hal", "jen", "oka", "bri",
];
const CITIES: [&str; 8] =
    ["Bellford", "Springdale", "Harrow", "Millbrook", "Eastport", "Larkspur", "Quarry Hill", "Westmere"];
const STATES: [&str; 6] = ["OH", "PA", "IL", "MI", "NY", "IN"];

/// Puts so many contacts on file, each under the reference of its number.
pub fn fill(stage: &Stage, contacts: i64) -> anyhow::Result<()> {
    let (org, started) = (stage.organization, Instant::now());
    for first in (1..=contacts).step_by(usize::try_from(AT_ONCE)?) {
        let numbers: Vec<i64> = (first..=contacts.min(first + AT_ONCE - 1)).collect();
        let at = SystemClock.now();
        let goldens = numbers.iter().map(|number| golden(*number, at)).collect::<anyhow::Result<Vec<_>>>()?;
        let new: Vec<NewContact> =
            numbers.iter().zip(&goldens).map(|(number, golden)| contact(*number, golden, at)).collect();
        let references: Vec<ReferenceEntry> = numbers.iter().map(|number| reference(*number)).collect();
        let facts: Vec<FactsRow> =
            numbers.iter().zip(&goldens).map(|(number, golden)| facts(*number, golden, at)).collect();
        let (mut keys, mut names) = (Vec::new(), std::collections::BTreeSet::new());
        for row in &facts {
            let words = words(&row.facts);
            keys.extend(words.iter().map(|word| KeyEntry { key: word_key(word), contact: row.contact }));
            names.extend(words.into_iter().filter(|word| is_name_word(word)));
        }
        let names: Vec<String> = names.into_iter().collect();
        stage.engine.store().writing("crowd", |tx| {
            tx.allocate(org, Counter::Contact, i64::try_from(numbers.len()).unwrap_or(0))?;
            tx.insert_contacts(org, &new)?;
            tx.add_references(org, &references)?;
            tx.insert_facts(org, &facts)?;
            tx.add_keys(org, &keys)?;
            tx.add_words(org, &names)
        })?;
    }
    println!("{contacts} contacts on file after {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

fn pick<'a>(from: &[&'a str], number: i64) -> &'a str {
    let place = usize::try_from(number).unwrap_or(0) % from.len();
    from.get(place).copied().unwrap_or_default()
}

/// A last name of three syllables: 8,000 of them.
pub fn last_name(number: i64) -> String {
    let name = [number / 7, number / 140, number / 2_800].map(|part| pick(&SYLLABLES, part)).concat();
    name.chars().enumerate().map(|(place, c)| if place == 0 { c.to_ascii_uppercase() } else { c }).collect()
}

fn golden(number: i64, at: Timestamp) -> anyhow::Result<Golden> {
    let (first, last) = (pick(&FIRST, number * 11), last_name(number));
    let row = json!({
        "referenceSource": SOURCE, "referenceId": number.to_string(),
        "contactType": "Household", "firstName": first, "lastName": last,
        "emailType": "Home Email", "email": format!("{}.{number}@example.org", last.to_lowercase()),
        "phoneType": "Mobile Phone", "phone": format!("(614) {:03}-{:04}", 200 + number / 10_000 % 800, number % 10_000),
        "address1": format!("{} Tannery Rd", number % 9_000 + 1), "city": pick(&CITIES, number / 3),
        "state": pick(&STATES, number), "postal": format!("{:05}", 10_000 + number % 80_000), "country": "US",
        "tags": if number % 10 == 0 { "Monthly;Spring Gala" } else { "Spring Gala" },
    });
    let parsed = parse_flat(&row, &FlatContext::default()).ok().context("a made contact cannot be read")?;
    let record = SourceRecord {
        id: RecordId(SystemIds.next()),
        kind: RecordKind::Load,
        received_at: at,
        individual: ItemId(number * 8),
        first_item: ItemId(number * 8),
        submission: parsed.submission,
        policy: None,
    };
    fold(&[record], "US").context("a made contact has no record")
}

fn contact(number: i64, golden: &Golden, at: Timestamp) -> NewContact {
    NewContact { id: ContactId(number), version: 1, sequence: 1, golden: golden.clone(), created_at: at }
}

fn reference(number: i64) -> ReferenceEntry {
    ReferenceEntry {
        reference: Reference { source: SOURCE.to_owned(), id: number.to_string() },
        contact: ContactId(number),
    }
}

fn facts(number: i64, golden: &Golden, at: Timestamp) -> FactsRow {
    let micros = at.timestamp_micros();
    let facts = contact_facts(golden);
    FactsRow { contact: ContactId(number), archived: false, created_at: micros, modified_at: micros, facts }
}
