//! The console in a real browser: Debian's Chromium, driven by playwright-core, checked by axe-core. Screenshots
//! are left in `target/console/<database>`.

use crate::support::{World, conserved, rows, skipped};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser");
/// Rows that are decided by keys alone.
const DECIDED: usize = 50;
/// Rows of the bucket: those, and some for everything else.
const WAITING: usize = DECIDED + 8;
/// People who are on file twice.
const TWICE: usize = 6;
const PASSWORD: &str = "correct horse battery";

on_both_databases!(staff_decide_fifty_rows_by_keys_and_every_page_is_sound);

fn staff_decide_fifty_rows_by_keys_and_every_page_is_sound(make: impl Fn() -> World) {
    let folder = match scripts() {
        Ok(folder) => folder,
        Err(why) => return left_out(&why),
    };
    let world = make();
    let organization = world.organization("Bellford Food Share");
    world.load(&organization, &(0..WAITING).map(on_file).chain((0..TWICE).flat_map(on_file_twice)).collect::<Vec<_>>());
    let server = world.serve();
    let client = server.client(&world.key(&organization));
    client.submit_all(&(0..WAITING).map(|n| person(n, "Bertram", "Harbor")).collect::<Vec<_>>());
    client.submit_all(&rows("transactions", 60));
    assert!(client.run_batch()["counts"]["needsUpdate"].as_u64().unwrap() >= WAITING as u64);
    let hook = json!({"payloadUrl": "http://127.0.0.1:9/hook", "active": true, "contactCreate": true});
    assert_eq!(client.post("/api/Webhook", &hook).status, 200);
    user(&world, &organization);
    let shots = folder.join(if world.url().starts_with("sqlite") { "sqlite" } else { "postgresql" });
    let mut flow = Command::new("node");
    flow.current_dir(&folder).arg("flow.mjs").args([server.base(), "ada@example.org", PASSWORD]);
    let done = flow.arg(shots).arg(DECIDED.to_string()).stdin(Stdio::null()).output().unwrap();
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{told}{}", String::from_utf8_lossy(&done.stderr));
    let told: Value = serde_json::from_str(told.lines().last().unwrap_or_default()).unwrap();
    println!("{told}");
    conserved::everywhere(&client);
    assert_eq!(told["resolved"], json!(DECIDED));
    assert!(told["keystrokes"].as_u64().unwrap() <= 2 * DECIDED as u64, "{told}");
}

/// Somebody of house `number`; every seventh writes a script where the name belongs.
fn person(number: usize, first: &str, source: &str) -> Value {
    let last = if number % 7 == 3 { "<script>window.hacked=1</script>" } else { "Lund" };
    json!({
        "referenceSource": source, "referenceId": format!("{}{number}", if source == "Harbor" { "h" } else { "c" }),
        "firstName": first, "lastName": last, "email": format!("house{number}@example{number}.org"),
        "phone": format!("614-555-{:04}", 100 + number), "address1": format!("{} Oak Street", number + 1),
        "city": "Columbus", "state": "OH", "postal": "43215",
    })
}

/// The person of house `number` who is on file already.
fn on_file(number: usize) -> Value {
    let mut row = person(number, "Ines", "crm");
    row["contactId"] = json!(format!("c{number}"));
    row
}

/// Somebody who is on file as two contacts.
fn on_file_twice(number: usize) -> [Value; 2] {
    [1000, 2000].map(|place| {
        let mut row = person(number + 500, "Otto", "crm");
        row["referenceId"] = json!(format!("twice{}", number + place));
        row["contactId"] = json!(format!("twice{}", number + place));
        row
    })
}

fn user(world: &World, organization: &str) {
    let arguments = ["user", "create", "--organization", organization, "--email", "ada@example.org", "--role", "admin"];
    let mut command = world.command(&[&arguments[..], &["--name", "Ada Byron", "--password-from", "stdin"]].concat());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), PASSWORD.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

fn left_out(why: &str) {
    let required = std::env::var("TRIBUTARY_REQUIRE_BROWSER").is_ok_and(|value| value == "1");
    assert!(!required, "TRIBUTARY_REQUIRE_BROWSER=1, but {why}");
    skipped("the console in a browser", why);
}

/// A folder beside the build with the scripts and what they need, installed once.
fn scripts() -> Result<PathBuf, String> {
    static READY: std::sync::OnceLock<Result<PathBuf, String>> = std::sync::OnceLock::new();
    READY.get_or_init(install).clone()
}

fn install() -> Result<PathBuf, String> {
    let chromium = std::env::var_os("TRIBUTARY_CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into());
    if !Path::new(&chromium).exists() {
        return Err(format!("there is no Chromium at {}", chromium.display()));
    }
    let test = std::env::current_exe().unwrap();
    let folder = test.ancestors().nth(3).expect("the test runs in target/PROFILE/deps").join("console");
    std::fs::create_dir_all(&folder).unwrap();
    for file in ["flow.mjs", "package.json", "package-lock.json"] {
        std::fs::copy(Path::new(SCRIPTS).join(file), folder.join(file)).unwrap();
    }
    let mut npm = Command::new("npm");
    npm.current_dir(&folder).args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    let done = npm.stdin(Stdio::null()).output().map_err(|error| format!("npm: {error}"))?;
    if done.status.success() {
        Ok(folder)
    } else {
        Err(format!("npm ci failed: {}", String::from_utf8_lossy(&done.stderr)))
    }
}
