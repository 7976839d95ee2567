//! Receivers written by somebody else accept live deliveries and refuse forged ones: PyPI `standardwebhooks` and
//! `svix`, npm `standardwebhooks` and `svix`, all unchanged.

use crate::support::{SECRET, World, python, rows, skipped};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

const RECEIVERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/receivers");
/// Submissions, all of different people.
const ROWS: usize = 20;

#[test]
fn stock_libraries_of_python_accept_live_deliveries_and_refuse_forged_ones() {
    let Some(python) = python::environment("receivers", &Path::new(RECEIVERS).join("requirements.txt")) else { return };
    let mut command = Command::new(python);
    command.arg(Path::new(RECEIVERS).join("stock_receiver.py"));
    check(command);
}

#[test]
fn stock_libraries_of_node_accept_live_deliveries_and_refuse_forged_ones() {
    match node() {
        Ok(command) => check(command),
        Err(why) => left_out(&why),
    }
}

/// Delivers to the receiver that this command starts; while the secret is rotated, too.
fn check(receiver: Command) {
    let mut receiver = StockReceiver::start(receiver);
    let world = World::sqlite();
    let organization = world.organization("Bellford Food Share");
    let server = world.serve();
    let client = server.client(&world.key(&organization));
    let subscription = json!({"payloadUrl": receiver.url, "secret": SECRET, "contactCreate": true});
    let made = client.post("/api/Webhook", &subscription);
    assert_eq!(made.status, 200);
    client.submit_all(&rows("transactions", ROWS));
    let created = client.run_batch()["counts"]["created"].as_u64().unwrap();
    assert!(created > 0);
    for _ in 0..created {
        let told = receiver.next();
        assert_eq!((&told["accepted"], &told["type"]), (&json!(true), &json!("contactCreate")), "{told}");
    }
    let id = made.json()["id"].clone();
    let rotated = client.post(&format!("/api/Webhook/{id}/RotateSecret"), &json!({}));
    assert_eq!(rotated.status, 200);
    let ping = client.post(&format!("/api/Webhook/{id}/Ping"), &json!({})).json();
    assert_eq!(ping["delivered"], true, "{ping}");
    assert_eq!(receiver.next(), json!({"accepted": true, "type": "ping"}));
    let forged = crate::support::Client::new(&receiver.url, "none");
    let headers = [("webhook-id", "e1"), ("webhook-timestamp", "1"), ("webhook-signature", "v1,AAAA")];
    assert_eq!(forged.try_post("", &headers, &json!({"type": "contactCreate"})).unwrap().status, 400);
    assert_eq!(receiver.next()["accepted"], json!(false));
}

fn left_out(why: &str) {
    let required = std::env::var("TRIBUTARY_REQUIRE_NODE").is_ok_and(|value| value == "1");
    assert!(!required, "TRIBUTARY_REQUIRE_NODE=1, but {why}");
    skipped("the stock client libraries of Node", why);
}

/// The receiver in Node, in a folder of its own in which the libraries are installed.
fn node() -> Result<Command, String> {
    let folder = beside_the_build("node-receivers");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    for file in ["package.json", "node_receiver.mjs"] {
        std::fs::copy(Path::new(RECEIVERS).join(file), folder.join(file)).map_err(|error| error.to_string())?;
    }
    let mut npm = Command::new("npm");
    npm.args(["install", "--silent", "--no-audit", "--no-fund"]).current_dir(&folder);
    run(&mut npm)?;
    let mut receiver = Command::new("node");
    receiver.arg("node_receiver.mjs").current_dir(&folder);
    Ok(receiver)
}

/// A folder beside the build, so that what is installed there is installed once.
fn beside_the_build(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(3).expect("the test runs in target/PROFILE/deps").join(name)
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
    fn start(mut command: Command) -> Self {
        command.env("WEBHOOK_SECRET", SECRET);
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
