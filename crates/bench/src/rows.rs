//! Rows to measure with: the demo's sample, copied as often as needed. Each copy is a town of its own, with its own
//! surnames, mailboxes, phones, house numbers and postal codes, so that copies do not match each other, while inside
//! a copy everything is as it was.

use anyhow::Context;
use serde_json::Value;
use tributary_contact::Submission;
use tributary_contact::flat::{FlatContext, parse_flat, parse_record};
use tributary_engine::OnFile;

const CONTACTS: &[u8] = include_bytes!("../../cli/sample/contacts.jsonl.gz");
const TRANSACTIONS: &[u8] = include_bytes!("../../cli/sample/transactions.jsonl.gz");

/// So many rows on file and so many submissions.
pub fn rows(count: usize) -> anyhow::Result<(Vec<OnFile>, Vec<Submission>)> {
    let (contacts, transactions) = (sample(CONTACTS)?, sample(TRANSACTIONS)?);
    let context = FlatContext::default();
    let on_file = copies(&contacts, count).map(|row| {
        let parsed = parse_record(&row, &context).map_err(|issues| anyhow::anyhow!("a sample contact: {issues:?}"));
        parsed.map(|(group, submission)| OnFile { group, submission })
    });
    let on_file = on_file.collect::<anyhow::Result<Vec<_>>>()?;
    let submissions = copies(&transactions, count).map(|row| {
        parse_flat(&row, &context).ok().context("a sample transaction cannot be read").map(|p| p.submission)
    });
    Ok((on_file, submissions.collect::<anyhow::Result<Vec<_>>>()?))
}

fn sample(bytes: &'static [u8]) -> anyhow::Result<Vec<Value>> {
    let rows = tributary_formats::read(std::io::Cursor::new(bytes))?;
    Ok(rows.map(|row| row.map(|row| row.value)).collect::<Result<Vec<_>, _>>()?)
}

fn copies(rows: &[Value], count: usize) -> impl Iterator<Item = Value> + '_ {
    (0..).flat_map(move |copy| rows.iter().map(move |row| changed(row.clone(), copy))).take(count)
}

/// Syllables that make a surname of another copy.
const SYLLABLES: [&str; 10] = ["bar", "dun", "fel", "gor", "hus", "kin", "lom", "mer", "nov", "tas"];

fn changed(mut row: Value, copy: usize) -> Value {
    if copy == 0 {
        return row;
    }
    let ending: String =
        format!("{copy}").bytes().filter_map(|digit| SYLLABLES.get(usize::from(digit - b'0'))).copied().collect();
    for field in ["lastName", "name"] {
        edit(&mut row, field, |text| format!("{text}{ending}"));
    }
    for field in ["referenceId", "contactId"] {
        edit(&mut row, field, |text| format!("{text}-{copy}"));
    }
    edit(&mut row, "email", |text| text.replacen('@', &format!("{ending}@"), 1));
    edit(&mut row, "phone", |text| shifted(text, copy));
    edit(&mut row, "address1", |text| shifted(text, copy));
    edit(&mut row, "postal", |text| format!("{:02}{}", (copy * 7 + 3) % 100, text.get(2..).unwrap_or_default()));
    edit(&mut row, "city", |text| format!("{text}{ending}"));
    row
}

fn edit(row: &mut Value, field: &str, change: impl Fn(&str) -> String) {
    if let Some(value) = row.get_mut(field)
        && let Some(text) = value.as_str().filter(|text| !text.is_empty())
    {
        *value = Value::String(change(text));
    }
}

/// The last digits of a number moved on by the number of the copy, each in its own way.
fn shifted(text: &str, copy: usize) -> String {
    let moved = |(place, c): (usize, char)| {
        let digit = c.to_digit(10)?;
        let step = u32::try_from((copy * (place + 3) * 7 + copy / 10) % 10).ok()?;
        char::from_digit((digit + step) % 10, 10)
    };
    let keep = text.len().saturating_sub(7);
    text.chars().enumerate().map(|(place, c)| if place < keep { c } else { moved((place, c)).unwrap_or(c) }).collect()
}

/// A small contact, of which an event of about 560 bytes tells.
pub fn person(number: usize) -> anyhow::Result<OnFile> {
    let row = serde_json::json!({
        "referenceSource": "Harbor", "referenceId": format!("b-{number}"),
        "firstName": "Ines", "lastName": format!("Lund{number}"),
    });
    let parsed = parse_flat(&row, &FlatContext::default());
    let submission = parsed.ok().context("a made contact cannot be read")?.submission;
    Ok(OnFile { group: number.to_string(), submission })
}
