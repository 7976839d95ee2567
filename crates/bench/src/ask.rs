//! Queries and searches over many contacts: how long each sort takes, and by which way it goes.

use crate::crowd;
use crate::stage::Stage;
use anyhow::anyhow;
use serde_json::{Value, json};
use std::time::Instant;
use tributary_contact::query::Subject;

/// Times of one case, of which the median counts.
const TURNS: usize = 5;

/// Prints milliseconds per query.
pub fn measure(url: &str, contacts: i64) -> anyhow::Result<()> {
    let stage = Stage::open(url, 2_000)?;
    crowd::fill(&stage, contacts)?;
    println!("{}, milliseconds (median of {TURNS}), rows of the page, hits:", stage.backend());
    for (name, body, skip) in cases(contacts) {
        let asked = stage.engine.read_query(stage.organization, Subject::Contact, &body)?;
        let query = asked.map_err(|issues| anyhow!("{issues:?}"))?.query;
        timed(name, || {
            let page = stage.engine.query_contacts(stage.organization, &query, skip, 100)?;
            Ok((page.list.len(), page.total))
        })?;
    }
    let name = crowd::last_name(contacts / 2);
    let slip: String = name.chars().take(4).chain(name.chars().skip(5)).collect();
    for text in
        [name.clone(), format!("ines {name}"), format!("henrieta {slip}"), "4711 tannery".into(), "6142000042".into()]
    {
        timed(&format!("search \"{text}\""), || {
            let page = stage.engine.search_contacts(stage.organization, &text, &[], 0, 20)?;
            Ok((page.list.len(), page.total))
        })?;
    }
    Ok(())
}

fn timed(name: &str, mut run: impl FnMut() -> anyhow::Result<(usize, i64)>) -> anyhow::Result<()> {
    let mut times = Vec::new();
    let mut found = (0, 0);
    for _ in 0..TURNS {
        let started = Instant::now();
        found = run()?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_unstable_by(f64::total_cmp);
    println!("  {name}: {:.1}, {}, {}", times.get(TURNS / 2).copied().unwrap_or_default(), found.0, found.1);
    Ok(())
}

fn condition(parameter: &str, operator: &str, value: impl Into<Value>) -> Value {
    json!({ "parameter": parameter, "operator": operator, "value": value.into() })
}

fn one(own: Value) -> Value {
    json!({ "groups": [{ "conditions": [own] }] })
}

/// Name, body and `skip`.
fn cases(contacts: i64) -> Vec<(&'static str, Value, i64)> {
    let email = |number: i64| format!("{}.{number}@example.org", crowd::last_name(number).to_lowercase());
    let emails: Vec<Value> = (1..=1_000)
        .map(
            |turn| json!({ "conditions": [condition("Email Address", "Is", email(turn * (contacts / 1_000).max(1)))] }),
        )
        .collect();
    let by_name = |body: Value| json!({ "groups": body.get("groups"), "sortBy": "Last Name" });
    vec![
        ("everything, first page", json!({}), 0),
        ("everything, skip to the end", json!({}), contacts - 100),
        ("Contact Id GreaterThan the middle", one(condition("Contact Id", "GreaterThan", contacts / 2)), 0),
        ("Email Address Is", one(condition("Email Address", "Is", email(contacts / 3))), 0),
        ("1,000 groups of Email Address Is", json!({ "groups": emails }), 0),
        ("Last Name Is", one(condition("Last Name", "Is", crowd::last_name(contacts / 2))), 0),
        ("Last Name Contains", one(condition("Last Name", "Contains", "nfelgo")), 0),
        ("Postal StartsWith", one(condition("Postal", "StartsWith", "440")), 0),
        ("State Is, a sixth of all", one(condition("State", "Is", "OH")), 0),
        ("State Is, by Last Name, skip 50,000", by_name(one(condition("State", "Is", "OH"))), 50_000),
        ("Tag IsNoneOf, nine tenths of all", one(condition("Tag", "IsNoneOf", "Monthly")), 0),
        ("Last Modified Date OnOrAfter Tomorrow", one(condition("Last Modified Date", "OnOrAfter", "Tomorrow")), 0),
    ]
}
