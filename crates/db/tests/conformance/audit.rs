//! Changes of contacts.

use crate::fixture::{Fixture, at, conflict_of};
use tributary_contact::{ContactId, RunId};
use tributary_store::AuditRow;

cases!(changes_of_a_contact_come_oldest_first, a_version_is_made_once);

fn row(f: &Fixture, contact: i64, version: i64) -> AuditRow {
    AuditRow {
        contact: ContactId(contact),
        version,
        at: at(version),
        actor: "batch".to_owned(),
        action: "merge".to_owned(),
        record: Some(f.record_id()),
        run: Some(RunId(3)),
        changes: "{}".to_owned(),
    }
}

fn changes_of_a_contact_come_oldest_first(f: &Fixture) {
    let (second, first) = (row(f, 1, 2), row(f, 1, 1));
    let by_hand = AuditRow { record: None, run: None, ..row(f, 2, 1) };
    f.writing(|tx| tx.insert_audit(f.organization, &[second.clone(), first.clone(), by_hand.clone()]));
    assert_eq!(f.reading(|tx| tx.audit(f.organization, ContactId(1))), [first, second]);
    assert_eq!(f.reading(|tx| tx.audit(f.organization, ContactId(2))), [by_hand]);
    assert!(f.reading(|tx| tx.audit(f.other, ContactId(1))).is_empty());
}

fn a_version_is_made_once(f: &Fixture) {
    f.writing(|tx| tx.insert_audit(f.organization, &[row(f, 1, 1)]));
    assert_eq!(conflict_of(f.try_writing(|tx| tx.insert_audit(f.organization, &[row(f, 1, 1)]))), "audit");
}
