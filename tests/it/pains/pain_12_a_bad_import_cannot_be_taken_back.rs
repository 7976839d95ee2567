//! "A bad import cannot be taken back."

use super::{row, with};
use crate::support::{Stage, World, write_rows};
use serde_json::json;

on_both_databases!(an_import_is_taken_back_but_for_what_people_touched_since);

fn an_import_is_taken_back_but_for_what_people_touched_since(make: fn() -> World) {
    let stage = Stage::set(make);
    stage.decide(&row("Harbor", "h-1", "Ines Lund", "ines@example.org"));
    let contact = stage.contact("Harbor", "h-1")["id"].clone();
    let before = stage.everything(&[&contact]);
    // A file of the wrong year: one known person, two new ones, one that waits.
    let file = stage.world.file("gala-2019.jsonl");
    write_rows(
        &file,
        &[
            with(row("Gala", "g-1", "Ines Lund", "ines@example.org"), &json!({"tags": "Gala 2019"})),
            row("Gala", "g-2", "Walter Brandt", "walter@example.org"),
            row("Gala", "g-3", "Odalys Trent", "odalys@example.org"),
            row("Gala", "g-4", "Bram Fennimore", "ines@example.org"),
        ],
    );
    stage.cli(&["import", &file.display().to_string(), "--source", "Gala"]);
    let run = stage.client.run_batch();
    assert_eq!((&run["counts"]["created"], &run["counts"]["merged"]), (&json!(2), &json!(1)), "{run}");
    let (gone, edited) = (stage.contact("Gala", "g-2")["id"].clone(), stage.contact("Gala", "g-3")["id"].clone());
    let website = json!({"website": "https://trent.example.org"});
    assert_eq!(stage.client.put(&format!("/api/Contact/{edited}"), &website).status, 200);

    let undone = stage.cli(&["batch", "undo", &run["id"].to_string(), "--rows", "reject"]);
    let count = |name: &str| undone[name].as_i64().unwrap();
    assert_eq!((count("reversed"), count("kept"), count("failed"), count("untouched")), (2, 1, 0, 1), "{undone}");
    assert_eq!(before, stage.everything(&[&contact]), "the known person is as before");
    assert_eq!(stage.client.get(&format!("/api/Contact/{gone}")).status, 404);
    assert_eq!(stage.contact("Gala", "g-3")["website"], "https://trent.example.org");
    let left = stage.client.get(&format!("/api/Batch/{}/Undo", run["id"])).json();
    let kept = left.to_string();
    assert!(kept.contains("editedSince"), "{kept}");
    // Subscribers are told of what changed back, and of nothing else.
    assert_eq!(stage.told(&gone, 2), ["contactCreate", "contactDelete"]);
    assert_eq!(stage.told(&contact, 3), ["contactCreate", "contactUpdate", "contactUpdate"]);
    assert_eq!(stage.told(&edited, 2), ["contactCreate", "contactUpdate"]);
    // Once, and the next batch has nothing to do.
    assert_eq!(stage.client.post(&format!("/api/Batch/{}/Undo", run["id"]), &json!({})).status, 409);
    assert_eq!(stage.client.run_batch()["counts"]["received"], 0);
}
