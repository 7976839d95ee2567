//! A receiver written by somebody else: PyPI `standardwebhooks`, unchanged, accepts a live delivery.

use crate::support::{SECRET, World, python, rows};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

const RECEIVERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/receivers");
/// Submissions, all of different people.
const ROWS: usize = 20;

#[test]
fn a_stock_library_accepts_live_deliveries_and_refuses_forged_ones() {
    let Some(python) = python::environment("receivers", &Path::new(RECEIVERS).join("requirements.txt")) else { return };
    let mut receiver = StockReceiver::start(&python);
    let world = World::sqlite();
    let organization = world.organization("Bellford Food Share");
    let server = world.serve();
    let client = server.client(&world.key(&organization));
    let subscription = json!({"payloadUrl": receiver.url, "secret": SECRET, "contactCreate": true});
    assert_eq!(client.post("/api/Webhook", &subscription).status, 200);
    client.submit_all(&rows("transactions", ROWS));
    let created = client.run_batch()["counts"]["created"].as_u64().unwrap();
    assert!(created > 0);
    for _ in 0..created {
        let told = receiver.next();
        assert_eq!((&told["accepted"], &told["type"]), (&json!(true), &json!("contactCreate")), "{told}");
    }
    let forged = crate::support::Client::new(&receiver.url, "none");
    let headers = [("webhook-id", "e1"), ("webhook-timestamp", "1"), ("webhook-signature", "v1,AAAA")];
    assert_eq!(forged.try_post("", &headers, &json!({"type": "contactCreate"})).unwrap().status, 400);
    assert_eq!(receiver.next()["accepted"], json!(false));
}

/// The running receiver; killed when dropped.
struct StockReceiver {
    child: Child,
    url: String,
    told: Lines<BufReader<ChildStdout>>,
}

impl StockReceiver {
    fn start(python: &Path) -> Self {
        let mut command = Command::new(python);
        command.arg(Path::new(RECEIVERS).join("stock_receiver.py")).env("WEBHOOK_SECRET", SECRET);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut told = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = told.next().expect("it says where it listens").unwrap();
        Self { child, url, told }
    }

    /// The next thing it says about a request.
    fn next(&mut self) -> Value {
        serde_json::from_str(&self.told.next().expect("it is still there").unwrap()).unwrap()
    }
}

impl Drop for StockReceiver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
