//! The audit against its hashes.

use crate::world::{person, world};
use serde_json::Value;
use tributary_contact::{Field, Submission};
use tributary_engine::{Actor, AuditCheck};

#[test]
fn the_audit_is_exported_in_order_and_holds_against_its_hashes() {
    let world = world();
    let id = world.submit(&[person("r1", "Odalys", "Trent", "odalys@example.org")])[0];
    world.submit(&[person("r2", "Ines", "Lund", "ines@example.org")]);
    world.run();
    let contact = world.transaction(id).contact.unwrap();
    let said =
        Submission { fields: [(Field::Website, "https://a.example.org".to_owned())].into(), ..Submission::default() };
    world.engine.update_contact(world.org, &Actor::Staff("ann".into()), contact, &said).unwrap();
    let whole = AuditCheck { rows: 3, unchained: 0, broken_at: None };
    assert_eq!(world.engine.verify_audit(world.org).unwrap(), whole);
    let mut lines: Vec<Value> = Vec::new();
    let mut write = |line: &tributary_engine::AuditLine| {
        lines.push(serde_json::to_value(line)?);
        Ok(())
    };
    world.engine.export_audit(world.org, &mut write).unwrap();
    let actions: Vec<&str> = lines.iter().map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["create", "create", "edit"]);
    assert_eq!((&lines[2]["position"], &lines[2]["actor"]), (&Value::from(3), &Value::from("staff:ann")));
    assert_eq!(lines[2]["changes"][0]["after"], "https://a.example.org");
    assert_eq!(lines[0]["hash"].as_str().unwrap().len(), 64);
}
