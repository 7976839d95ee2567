//! How long pages take with a bucket of 100,000 rows. Left out of the usual run, since it is a measurement and means
//! nothing unoptimised: `cargo test --release -p tributary-console --test it -- --ignored --nocapture pace`.

use crate::support::{World, person};
use serde_json::json;
use std::time::{Duration, Instant};
use tributary_contact::flat::{FlatContext, parse_flat};
use tributary_contact::state::{Reason, State};
use tributary_contact::{RecordId, UserId};
use tributary_store::{DecisionRow, ReviewRow, StoreExt, TransactionRow};

const ROWS: usize = 100_000;
/// Rows of one transaction.
const CHUNK: usize = 5_000;
/// Server time of a page.
const BAR: Duration = Duration::from_millis(50);

fn id(number: usize) -> RecordId {
    RecordId(format!("018f0000-0000-7000-8000-{number:012x}").parse().unwrap())
}

fn waiting(world: &World, number: usize) -> TransactionRow {
    let reasons = [Reason::Conflict, Reason::Ambiguous, Reason::Doubtful, Reason::Household];
    let source = format!("Source {}", number % 7);
    let flat = person(
        number,
        "Bertram",
        &json!({"referenceSource": source, "referenceId": format!("h{number}"),
        "phone": "614-555-0143", "address1": "11 Oak Street", "city": "Columbus", "state": "OH", "postal": "43215"}),
    );
    TransactionRow {
        id: id(number),
        received_at: world.engine.clock().now(),
        key_id: None,
        submission: parse_flat(&flat, &FlatContext::default()).unwrap().submission,
        sent: None,
        state: State::NeedsUpdate,
        // One reason is rare, and its rows are the last ones.
        reason: Some(if number + 3 > ROWS { Reason::TooLittle } else { reasons[number % reasons.len()] }),
        level: None,
        contact: None,
        individual: None,
        first_item: None,
        run: None,
        decided_at: None,
        policy: 0,
        erased: None,
    }
}

fn decided(row: &TransactionRow, number: usize) -> DecisionRow {
    DecisionRow {
        transaction: row.id,
        number: 1,
        run: None,
        outcome: State::NeedsUpdate,
        level: None,
        reason: row.reason,
        contact: None,
        individual: None,
        score: Some(f64::from(u32::try_from(number % 977).unwrap()) / 40.0 - 8.0),
        explanation: "[]".to_owned(),
        weights_version: "1".to_owned(),
        policy: 0,
        actor: "batch".to_owned(),
        decided_at: row.received_at,
        undone_at: None,
    }
}

/// A bucket of 100,000 rows, every tenth of them somebody's.
fn large() -> World {
    let world = World::new();
    for first in (0..ROWS).step_by(CHUNK) {
        let rows: Vec<_> = (first..first + CHUNK).map(|number| waiting(&world, number)).collect();
        let decisions: Vec<_> = rows.iter().zip(first..).map(|(row, number)| decided(row, number)).collect();
        let given: Vec<_> = rows.iter().step_by(10).map(|row| row.id).collect();
        let said =
            |id| ReviewRow { transaction: id, assignee: Some(UserId(1)), question: None, asked_at: None, steps: 1 };
        let said: Vec<_> = given.into_iter().map(said).collect();
        let store = world.engine.store();
        store
            .writing("fill", |tx| {
                tx.insert_transactions(world.org, &rows)?;
                tx.insert_decisions(world.org, &decisions)?;
                tx.put_reviews(world.org, &said)
            })
            .unwrap();
    }
    world
}

#[actix_web::test]
#[ignore = "a measurement"]
async fn pace_of_pages_with_100_000_rows_that_wait() {
    let world = large();
    let mut ada = world.signed_in("ada@x.org").await;
    let middle = id(ROWS / 2);
    let paths = [
        "/console".to_owned(),
        "/console/bucket".to_owned(),
        "/console/bucket?sort=newest".to_owned(),
        "/console/bucket?sort=surest".to_owned(),
        "/console/bucket?sort=unsure&source=Source%203".to_owned(),
        format!("/console/bucket?sort=surest&after={middle}"),
        "/console/bucket?reason=too_little".to_owned(),
        "/console/bucket?reason=conflict&source=Source%203&days=1".to_owned(),
        "/console/bucket?whose=me".to_owned(),
        "/console/bucket?whose=none&score=high".to_owned(),
        "/console/bucket?score=middle".to_owned(),
        format!("/console/bucket/{middle}?sort=surest"),
        format!("/console/bucket/{middle}?reason=conflict&whose=none"),
        "/console/transactions".to_owned(),
        "/console/transactions?text=nobody%20here".to_owned(),
        "/console/transactions?state=needs_update&reason=too_little".to_owned(),
        "/console/duplicates".to_owned(),
        "/console/runs".to_owned(),
    ];
    let mut slow = Vec::new();
    for path in paths {
        let mut took: Vec<Duration> = Vec::new();
        for _ in 0..7 {
            let begun = Instant::now();
            assert_eq!(ada.get(&path).await.status, 200, "{path}");
            took.push(begun.elapsed());
        }
        took.sort_unstable();
        println!("{:>7.1} ms  {path}", took[3].as_secs_f64() * 1000.0);
        if took[3] > BAR {
            slow.push(path);
        }
    }
    assert!(slow.is_empty(), "over {BAR:?}: {slow:?}");
}
