//! The binary as scripts use it: exit statuses, what stands on standard output, files in and out.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests stop at the first surprise")]

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

fn tributary(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tributary"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TRIBUTARY_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(arguments).output().expect("the binary runs")
}

fn json_of(folder: &Path, arguments: &[&str]) -> Value {
    let done = tributary(folder, &[arguments, &["--json"]].concat());
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).expect("exactly one JSON value on standard output")
}

fn status(folder: &Path, arguments: &[&str]) -> i32 {
    tributary(folder, arguments).status.code().unwrap()
}

fn write(path: &Path, rows: &[Value]) {
    let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
    std::fs::write(path, text).unwrap();
}

fn on_file() -> Vec<Value> {
    vec![
        json!({"contactId": "H1", "referenceSource": "crm", "referenceId": "C1", "firstName": "Odalys",
            "lastName": "Fennimore", "email": "odalys.fennimore@example.org", "phone": "206-555-0143",
            "address1": "12 Larch Street", "city": "Tacoma", "state": "WA", "postal": "98402"}),
        json!({"contactId": "H2", "referenceSource": "crm", "referenceId": "C2", "firstName": "Bram",
            "lastName": "Ostrander", "email": "bram@example.net"}),
    ]
}

fn incoming() -> Vec<Value> {
    vec![
        json!({"referenceSource": "online", "referenceId": "T1", "firstName": "Odalys", "lastName": "Fennimore",
            "email": "odalys.fennimore@example.org", "phone": "(206) 555-0143"}),
        json!({"referenceSource": "online", "referenceId": "T2", "firstName": "Tiberius", "lastName": "Quackenbush",
            "email": "tq@example.com"}),
    ]
}

#[test]
fn the_exit_status_tells_done_from_failed_from_wrong_use() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assert_eq!(status(at, &["--version"]), 0);
    assert_eq!(status(at, &["batch", "run", "--help"]), 0);
    assert_eq!(status(at, &["config", "check"]), 0);
    assert_eq!(status(at, &["no-such-command"]), 2);
    assert_eq!(status(at, &["batch", "run"]), 2);
    assert_eq!(status(at, &["import", "x.csv", "--organization", "1", "--source", "s"]), 2);
    assert_eq!(status(at, &["batch", "status", "--organization", "7"]), 1);
    assert_eq!(status(at, &["import", "missing.jsonl", "--organization", "1", "--source", "s"]), 1);
    assert_eq!(status(at, &["--config", "missing.toml", "organization", "list"]), 1);
}

#[test]
fn a_wrong_configuration_is_told_whole_and_ends_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("own.toml"), "[server]\nlisten = \"x\"\n[batch]\nrows = 1\n").unwrap();
    let check = tributary(at, &["config", "check", "--json", "--config", "own.toml"]);
    assert_eq!(check.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&check.stdout).unwrap();
    assert_eq!(found["ok"], false);
    assert_eq!(found["problems"].as_array().unwrap().len(), 2);
    let list = tributary(at, &["organization", "list", "--config", "own.toml"]);
    assert_eq!(list.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&list.stderr).contains("batch.rows"));
    assert_eq!(status(at, &["doctor", "--config", "own.toml"]), 1);
}

#[test]
fn two_files_are_linked_without_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(&at.join("contacts.jsonl"), &on_file());
    write(&at.join("transactions.jsonl"), &incoming());
    let files = ["--contacts", "contacts.jsonl", "--transactions", "transactions.jsonl", "--decisions", "out.jsonl"];
    let result = json_of(at, &[&["link"], files.as_slice()].concat());
    assert_eq!((&result["contacts"], &result["transactions"]), (&json!(2), &json!(2)));
    assert_eq!(result["counts"]["merge"], 1);
    assert_eq!(result["counts"]["create"], 1);
    assert!(result["seconds"]["match"].is_number());
    let decisions: Vec<Value> = std::fs::read_to_string(at.join("out.jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(decisions[0]["referenceId"], "T1");
    assert_eq!(decisions[0]["contactReferenceId"], "C1");
    assert!(!at.join("data").exists(), "no database is made");
}

const LINK: [&str; 7] =
    ["link", "--contacts", "contacts.jsonl", "--transactions", "transactions.jsonl", "--decisions", "out.jsonl"];

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn link_decides_on_what_it_can_read_and_tells_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let mut on_file: Vec<String> = on_file().iter().map(Value::to_string).collect();
    on_file.push("{\"contactId\": \"H3\", ".to_owned());
    on_file.push(
        json!({"contactId": "H4", "referenceSource": "crm", "referenceId": "C4", "firstName": "Wilhelmina",
        "lastName": "Ostrowska", "email": "wilhelmina o@example.org", "phone": "253-555-0177"})
        .to_string(),
    );
    on_file.push(
        json!({"referenceId": "C5", "firstName": "Leocadia", "lastName": "Hallorann",
        "email": "leocadia@example.org"})
        .to_string(),
    );
    on_file.push(json!({"contactId": "H6"}).to_string());
    std::fs::write(at.join("contacts.jsonl"), on_file.join("\n")).unwrap();
    let mut rows: Vec<String> = incoming().iter().map(Value::to_string).collect();
    rows.push("no row at all".to_owned());
    rows.push(
        json!({"referenceSource": "online", "referenceId": "T3", "firstName": "Wilhelmina",
        "lastName": "Ostrowska", "email": "w. ostrowska@example.org", "phone": "2535550177"})
        .to_string(),
    );
    rows.push(
        json!({"referenceId": "T4", "firstName": "Leocadia", "lastName": "Hallorann",
        "email": "leocadia@example.org", "contactType": "Robot"})
        .to_string(),
    );
    rows.push(json!({"referenceSource": "online", "referenceId": "T5", "email": "@"}).to_string());
    rows.push("[]".to_owned());
    std::fs::write(at.join("transactions.jsonl"), rows.join("\n")).unwrap();

    let done = tributary(at, &[&LINK[..], &["--json"]].concat());
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{told}");
    let result: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&result["contacts"], &result["transactions"]), (&json!(4), &json!(6)));
    assert_eq!(result["problems"]["contacts"], json!({"rows": 3, "unreadableLines": 1}));
    assert_eq!(result["problems"]["transactions"], json!({"rows": 4, "unreadableLines": 1}));
    for sentence in [
        "contacts.jsonl: line 3: ",
        "contacts.jsonl: line 4: email: Not an e-mail address. (INVALID_FORMAT)",
        "contacts.jsonl: line 5: contactId: Says which rows are one contact. (REQUIRED)",
        "transactions.jsonl: line 3: not a JSON value (INVALID_FORMAT)",
        "transactions.jsonl: line 4: email: Not an e-mail address. (INVALID_FORMAT)",
        "transactions.jsonl: line 5: contactType: ",
        "transactions.jsonl: line 7: Not a JSON object. (INVALID_TYPE)",
    ] {
        assert!(told.contains(sentence), "{sentence} in {told}");
    }
    assert!(!told.to_lowercase().contains("ostrowska") && !told.contains("Robot"), "{told}");

    let decided: Vec<[String; 3]> = lines(&at.join("out.jsonl"))
        .iter()
        .map(|row| {
            ["referenceId", "decision", "contactReferenceId"].map(|name| row[name].as_str().unwrap_or("").to_owned())
        })
        .collect();
    let expected = [
        ["T1", "merge", "C1"],
        ["T2", "create", ""],
        ["T3", "merge", "C4"],
        ["T4", "merge", "C5"],
        ["T5", "review", ""],
        ["", "review", ""],
    ];
    assert_eq!(decided, expected.map(|row| row.map(str::to_owned)));
}

#[test]
fn ids_without_a_source_are_nobodys_reference() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(
        &at.join("contacts.jsonl"),
        &[json!({"contactId": "1", "referenceId": "1", "firstName": "Ann", "lastName": "Bo"})],
    );
    write(&at.join("transactions.jsonl"), &[json!({"referenceId": "1", "firstName": "Zoe", "lastName": "Quist"})]);
    assert_eq!(json_of(at, &LINK)["counts"]["create"], 1);
}

#[test]
fn link_fails_on_a_file_without_any_row() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(&at.join("contacts.jsonl"), &on_file());
    std::fs::write(at.join("transactions.jsonl"), "name,amount\nAnn,5\n12\n").unwrap();
    let done = tributary(at, &LINK);
    assert_eq!(done.status.code(), Some(1));
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(told.contains("line 1") && told.contains("no row can be read") && !told.contains("Ann"), "{told}");
    assert!(!at.join("out.jsonl").exists());
    std::fs::write(at.join("transactions.jsonl"), "").unwrap();
    assert_eq!(json_of(at, &LINK)["transactions"], 0);
}

#[test]
fn a_file_of_nothing_but_problems_is_not_told_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(&at.join("contacts.jsonl"), &on_file());
    write(&at.join("transactions.jsonl"), &vec![json!({"firstName": "Ann", "lastName": "Bo", "email": "ann bo"}); 600]);
    let done = tributary(at, &[&LINK[..], &["--json", "--threads", "2"]].concat());
    assert!(done.status.success());
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(told.lines().count(), 101);
    assert!(told.contains("and 500 more"), "{told}");
    assert_eq!(lines(&at.join("out.jsonl")).len(), 600);
}

#[test]
fn a_bad_row_is_named_by_line_and_nothing_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let made = json_of(at, &["organization", "create", "Bellford Food Share", "--time-zone", "America/Chicago"]);
    assert_eq!(made["timeZone"], "America/Chicago");
    let id = made["id"].to_string();
    let mut rows = incoming();
    rows.push(json!({"firstName": "Nobody", "email": "not a mailbox"}));
    write(&at.join("gifts.jsonl"), &rows);
    let import = ["import", "gifts.jsonl", "--organization", &id, "--source", "online"];
    let refused = tributary(at, &import);
    assert_eq!(refused.status.code(), Some(1));
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("line 3") && !told.contains("not a mailbox"), "{told}");
    assert_eq!(json_of(at, &["batch", "status", "--organization", &id])["held"], 0);
    let skipped = json_of(at, &[&import[..], &["--skip-invalid"]].concat());
    assert_eq!((&skipped["submitted"], &skipped["skipped"]), (&json!(2), &json!(1)));
}

#[test]
fn the_main_job_works_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let id = json_of(at, &["organization", "create", "Bellford Food Share"])["id"].to_string();
    write(&at.join("crm.jsonl"), &on_file());
    write(&at.join("gifts.jsonl"), &incoming());
    let loaded = json_of(at, &["import", "crm.jsonl", "--organization", &id, "--source", "crm", "--as", "contacts"]);
    assert_eq!(loaded["contacts"], 2);
    json_of(at, &["import", "gifts.jsonl", "--organization", &id, "--source", "online"]);
    let run = json_of(at, &["batch", "run", "--organization", &id]);
    assert_eq!(run["state"], "done");
    assert_eq!(run["counts"]["received"], 2);
    assert_eq!(run["counts"]["created"], 1);
    assert_eq!(run["counts"]["held"], 0);
    json_of(at, &["export", "decisions", "--organization", &id, "--output", "decisions.jsonl.gz"]);
    let exported = tributary(at, &["export", "decisions", "--organization", &id]);
    assert_eq!(String::from_utf8(exported.stdout).unwrap().lines().count(), 2);
    assert_eq!(json_of(at, &["needs-update", "list", "--organization", &id])["total"], 0);
    let key = json_of(at, &["key", "create", "--organization", &id, "--name", "partner", "--scope", "review"]);
    assert!(key["key"].as_str().unwrap().starts_with("trib_"));
    assert_eq!(key["scopes"], json!(["review"]));
    assert_eq!(json_of(at, &["key", "revoke", "--organization", &id, &key["id"].to_string()])["revoked"], true);
    assert_eq!(json_of(at, &["doctor"])["ok"], true);
    json_of(at, &["backup", "copy.db"]);
    assert!(at.join("copy.db").exists());
    assert_eq!(status(at, &["backup", "copy.db"]), 1);
}

#[test]
fn a_policy_is_checked_stored_tried_and_put_in_force() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(&at.join("bad.json"), &[json!({"fields": {"shoeSize": {}}, "sources": {"crm": {"trust": -1}}})]);
    let refused = tributary(at, &["policy", "check", "bad.json"]);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1));
    assert!(told.contains("fields.shoeSize") && told.contains("sources.crm.trust"), "{told}");

    write(&at.join("policy.json"), &[json!({"about": "crm leads", "fields": {"gender": {"rule": "recency"}}})]);
    assert_eq!(json_of(at, &["policy", "check", "policy.json"])["valid"], true);
    json_of(at, &["organization", "create", "Bellford Food Share"]);
    let rows = ["Female", "F"].map(|gender| {
        let mut row = incoming().pop().unwrap();
        (row["gender"], row["referenceSource"]) = (json!(gender), json!(gender));
        row
    });
    for row in rows {
        write(&at.join("row.jsonl"), &[row]);
        json_of(at, &["import", "row.jsonl", "--organization", "1", "--source", "online"]);
    }
    assert_eq!(json_of(at, &["batch", "run", "--organization", "1"])["policy"], "shipped");

    let stored = json_of(at, &["policy", "put", "policy.json", "--organization", "1"]);
    assert_eq!((&stored["version"], &stored["active"]), (&json!("policy-1"), &json!(false)));
    let refold = |arguments: &[&str]| json_of(at, &[&["policy", "refold", "--organization", "1"], arguments].concat());
    let dry = refold(&["policy-1", "--dry-run"]);
    assert_eq!((&dry["seen"], &dry["changed"]), (&json!(1), &json!(1)));
    assert_eq!(dry["list"][0]["changes"][0]["after"], "F");
    assert_eq!(refold(&["policy-1"])["list"], dry["list"]);
    assert_eq!(refold(&["--as-decided"])["changed"], 1);
    assert_eq!(json_of(at, &["policy", "activate", "1", "--organization", "1"])["active"], true);
    assert_eq!(json_of(at, &["policy", "show", "--organization", "1"])["document"]["about"], "crm leads");
    assert_eq!(json_of(at, &["policy", "revert", "--organization", "1"])["version"], "shipped");
    assert_eq!(status(at, &["policy", "activate", "9", "--organization", "1"]), 2);
}
