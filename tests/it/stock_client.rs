//! A receiver written by somebody else: PyPI `standardwebhooks`, unchanged, accepts a live delivery.

use crate::support::{SECRET, World, rows, skipped};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

const RECEIVERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/receivers");
/// Submissions, all of different people.
const ROWS: usize = 20;

#[test]
fn a_stock_library_accepts_live_deliveries_and_refuses_forged_ones() {
    let python = match python() {
        Ok(python) => python,
        Err(why) => return left_out(&why),
    };
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

fn left_out(why: &str) {
    let required = std::env::var("TRIBUTARY_REQUIRE_PYTHON").is_ok_and(|value| value == "1");
    assert!(!required, "TRIBUTARY_REQUIRE_PYTHON=1, but {why}");
    skipped("the stock client library", why);
}

/// The Python of an environment of its own, in which the library is installed.
fn python() -> Result<PathBuf, String> {
    let requirements = Path::new(RECEIVERS).join("requirements.txt");
    let environment = environment();
    let python = environment.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(requirements);
    run(&mut pip)?;
    Ok(python)
}

/// Beside the build, so that it is made once.
fn environment() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(3).expect("the test runs in target/PROFILE/deps").join("python-receivers")
}

fn run(command: &mut Command) -> Result<(), String> {
    let done = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    let told = String::from_utf8_lossy(&done.stderr);
    if done.status.success() { Ok(()) } else { Err(format!("{command:?} failed: {told}")) }
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
