//! Changes of contacts.

use crate::fixture::{Fixture, at, conflict_of};
use tributary_contact::{ContactId, RunId};
use tributary_store::{AuditRow, ChainHead};

cases!(changes_of_a_contact_come_oldest_first, a_version_is_made_once, every_row_is_chained_to_the_one_before,);

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

fn every_row_is_chained_to_the_one_before(f: &Fixture) {
    assert_eq!(f.reading(|tx| tx.audit_head(f.organization)), ChainHead::default());
    let rows = [row(f, 2, 1), row(f, 1, 1), row(f, 1, 2)];
    f.writing(|tx| tx.insert_audit(f.organization, &rows[..2]));
    f.writing(|tx| tx.insert_audit(f.organization, &[]));
    f.writing(|tx| tx.insert_audit(f.other, &[row(f, 1, 1)]));
    f.writing(|tx| tx.insert_audit(f.organization, &rows[2..]));
    let chain = f.reading(|tx| tx.audit_page(f.organization, 0, 10));
    assert_eq!(chain.iter().map(|own| own.row.clone()).collect::<Vec<_>>(), rows);
    let mut before = Vec::new();
    for (place, own) in (1..).zip(&chain) {
        let hash = own.row.chained(&before, f.organization, place);
        assert_eq!((own.position, own.hash.as_ref()), (place, Some(&hash)));
        assert_ne!(hash, own.row.chained(&before, f.other, place));
        before = hash;
    }
    assert_eq!(f.reading(|tx| tx.audit_head(f.organization)), ChainHead { position: 3, hash: before });
    assert_eq!(f.reading(|tx| tx.audit_page(f.organization, 1, 1)), chain[1..2]);
}
