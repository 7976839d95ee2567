//! Erasures, their tombstones, and the traces that go.

use crate::fixture::{Fixture, at, conflict_of, decision, event, submission};
use tributary_contact::clock::IdGen;
use tributary_contact::state::State;
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, Reference, Submission};
use tributary_store::{
    AuditRow, Avatar, CorrectionRow, DecisionRow, ErasureRow, Gone, MergeRow, NotDuplicateRow, OnceRow, Other,
    TombstoneKind, TombstoneRow, TransactionRow,
};
use uuid::Uuid;

cases!(
    an_erasure_is_listed_and_its_tombstone_lifted,
    the_salt_is_made_once,
    transactions_keep_their_states_and_say_nothing,
    changes_are_blanked_and_the_chain_holds,
    events_and_answers_to_them_are_blanked,
    what_is_beside_contacts_is_removed,
    answers_to_requests_are_forgotten,
    merges_are_found_by_either_side,
);

const NOTHING: Gone<'static> =
    Gone { contacts: &[], individuals: &[], records: &[], references: &[], gifts: &[], words: &[] };

fn erasure(id: i64) -> ErasureRow {
    ErasureRow {
        id,
        contact: ContactId(7),
        reason: "asked".to_owned(),
        detail: "{}".to_owned(),
        actor: "staff:ann".to_owned(),
        erased_at: at(5),
        lifted: None,
    }
}

fn an_erasure_is_listed_and_its_tombstone_lifted(f: &Fixture) {
    let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let row = |hash, kind, erasure| TombstoneRow { hash, kind, erasure };
    let (mail, phone) = (row(one, TombstoneKind::Email, 1), row(two, TombstoneKind::Phone, 1));
    let other = row(one, TombstoneKind::Email, 2);
    f.writing(|tx| {
        tx.insert_erasure(f.organization, &erasure(1))?;
        tx.insert_erasure(f.organization, &erasure(2))?;
        tx.insert_tombstones(f.organization, &[mail, phone, other, mail])
    });
    assert_eq!(conflict_of(f.try_writing(|tx| tx.insert_erasure(f.organization, &erasure(1)))), "erasure");
    let standing = |hashes: &[Uuid]| f.reading(|tx| tx.tombstones(f.organization, hashes));
    assert_eq!(standing(&[one, Uuid::from_u128(9)]), [mail, other]);
    assert_eq!(f.reading(|tx| tx.tombstones(f.other, &[one])), []);
    assert!(f.writing(|tx| tx.lift_tombstones(f.organization, 1, "staff:bo", at(9))));
    assert!(!f.writing(|tx| tx.lift_tombstones(f.organization, 1, "staff:bo", at(9))));
    assert!(!f.writing(|tx| tx.lift_tombstones(f.organization, 3, "staff:bo", at(9))));
    assert_eq!(standing(&[one, two]), [other]);
    let lifted = ErasureRow { lifted: Some(("staff:bo".to_owned(), at(9))), ..erasure(1) };
    assert_eq!(f.reading(|tx| tx.erasure_page(f.organization, 0, 9)), [erasure(2), lifted.clone()]);
    assert_eq!(f.reading(|tx| tx.erasure_page(f.organization, 1, 9)), std::slice::from_ref(&lifted));
    assert_eq!(f.reading(|tx| tx.erasure(f.organization, 1)), Some(lifted));
    assert_eq!(f.reading(|tx| tx.erasure_count(f.organization)), 2);
}

fn the_salt_is_made_once(f: &Fixture) {
    assert_eq!(f.reading(|tx| tx.erasure_salt(f.organization)), None);
    f.writing(|tx| tx.put_erasure_salt(f.organization, &[1; 32]));
    f.writing(|tx| tx.put_erasure_salt(f.organization, &[2; 32]));
    assert_eq!(f.reading(|tx| tx.erasure_salt(f.organization)), Some(vec![1; 32]));
    assert_eq!(f.reading(|tx| tx.erasure_salt(f.other)), None);
}

fn transactions_keep_their_states_and_say_nothing(f: &Fixture) {
    f.insert_contacts(&[1]);
    let (gone, stays) = (f.transaction(State::Created), f.transaction(State::Created));
    let made = |row: &TransactionRow| DecisionRow { explanation: "[1]".to_owned(), ..decision(row.id, 1, row.state) };
    let correction = CorrectionRow { transaction: gone.id, number: 2, submission: submission("corrected") };
    f.writing(|tx| {
        tx.insert_transactions(f.organization, &[gone.clone(), stays.clone()])?;
        tx.insert_decisions(f.organization, &[made(&gone), made(&stays)])?;
        tx.insert_corrections(f.organization, std::slice::from_ref(&correction))?;
        tx.erase_transactions(f.organization, &[gone.id], at(9))
    });
    let erased = TransactionRow {
        submission: Submission::default(),
        contact: None,
        individual: None,
        first_item: None,
        erased: Some(at(9)),
        ..gone.clone()
    };
    assert_eq!(f.reading(|tx| tx.transactions(f.organization, &[gone.id, stays.id])), [erased, stays.clone()]);
    assert_eq!(f.reading(|tx| tx.corrections(f.organization, &[gone.id])), []);
    assert_eq!(f.reading(|tx| tx.decisions(f.organization, gone.id))[0].explanation, "[]");
    assert_eq!(f.reading(|tx| tx.decisions(f.organization, stays.id))[0].explanation, "[1]");
    let reference = Reference { source: "Harbor".to_owned(), id: "corrected".to_owned() };
    assert_eq!(f.reading(|tx| tx.transactions_by_reference(f.organization, &reference, 9)), []);
    assert_eq!(f.reading(|tx| tx.source_records(f.organization, &[ContactId(1)])).len(), 1);
}

fn changes_are_blanked_and_the_chain_holds(f: &Fixture) {
    let row = |contact, version| AuditRow {
        contact: ContactId(contact),
        version,
        at: at(version),
        actor: "batch".to_owned(),
        action: "merge".to_owned(),
        record: None,
        run: None,
        changes: format!("[{version}]"),
    };
    f.writing(|tx| tx.insert_audit(f.organization, &[row(1, 1), row(2, 1), row(1, 2)]));
    let about = f.reading(|tx| tx.audit_about(f.organization, &[ContactId(1)]));
    assert_eq!(about.iter().map(|row| row.position).collect::<Vec<_>>(), [1, 3]);
    let blank = |tx: &mut dyn tributary_store::WriteTx, digest: Vec<u8>| tx.erase_audit(f.organization, &[(1, digest)]);
    f.writing(|tx| blank(tx, row(1, 1).digest()));
    f.writing(|tx| blank(tx, vec![0; 32]));
    let page = f.reading(|tx| tx.audit_page(f.organization, 0, 9));
    assert_eq!((page[0].row.changes.as_str(), page[0].erased.clone()), ("[]", Some(row(1, 1).digest())), "once");
    assert_eq!((page[1].row.changes.as_str(), page[1].erased.clone()), ("[1]", None));
    let mut last = Vec::new();
    for row in page {
        assert_eq!(row.hash.clone(), Some(row.expected(&last, f.organization)));
        last = row.hash.unwrap();
    }
}

fn events_and_answers_to_them_are_blanked(f: &Fixture) {
    let (of_one, of_two) = (f.emit(1, 1, 1, 1), f.emit(1, 2, 1, 1));
    let nobody = f.ids.next();
    f.writing(|tx| tx.insert_events(f.organization, &[event(nobody, 0, 0)]));
    let ids = |rows: Vec<tributary_store::EventRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(f.reading(|tx| tx.events_about(f.organization, &[ContactId(1)]))), [of_one]);
    let made = f.reading(|tx| tx.events_about(f.organization, &[ContactId(0)]))[0].created_at;
    assert_eq!(ids(f.reading(|tx| tx.events_about_nobody(f.organization, &[made]))), [nobody]);
    assert_eq!(ids(f.reading(|tx| tx.events_about_nobody(f.organization, &[at(77_777)]))), Vec::<Uuid>::new());
    f.writing(|tx| tx.erase_events(f.organization, &[(of_one, "{}".to_owned())]));
    let bodies = f.reading(|tx| tx.events_about(f.organization, &[ContactId(1), ContactId(2)]));
    assert_eq!(bodies.iter().find(|event| event.id == of_one).unwrap().body, "{}");
    assert_ne!(bodies.iter().find(|event| event.id == of_two).unwrap().body, "{}");
}

fn what_is_beside_contacts_is_removed(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    let said = |id, contact, other| NotDuplicateRow {
        id,
        contact: ContactId(contact),
        other,
        known: None,
        note: Some("x".to_owned()),
        actor: "staff:ann".to_owned(),
        created_at: at(1),
        revoked: None,
    };
    let reference = Reference { source: "Harbor".to_owned(), id: "r".to_owned() };
    let record = f.record_id();
    let rows = [
        said(1, 1, Other::Contact(ContactId(2))),
        said(2, 2, Other::Reference(reference.clone())),
        said(3, 2, Other::Transaction(record)),
        said(4, 2, Other::Contact(ContactId(3))),
    ];
    let picture = Avatar { content_type: "image/png".to_owned(), image: vec![1] };
    let words = ["okafor".to_owned(), "lund".to_owned()];
    f.writing(|tx| {
        tx.insert_not_duplicates(f.organization, &rows)?;
        tx.put_avatar(f.organization, ItemId(5), &picture, at(1))?;
        tx.put_avatar(f.organization, ItemId(6), &picture, at(1))?;
        tx.set_following(f.organization, "staff:ann", ContactId(1), Some(at(1)))?;
        tx.add_words(f.organization, &words)?;
        tx.erase_beside(
            f.organization,
            &Gone {
                contacts: &[ContactId(1)],
                individuals: &[ItemId(5)],
                records: &[record],
                references: std::slice::from_ref(&reference),
                gifts: &[("Harbor".to_owned(), "g".to_owned())],
                words: &words[..1],
            },
        )
    });
    assert_eq!(f.reading(|tx| tx.not_duplicate_page(f.organization, None, 0, 9)), [rows[3].clone()]);
    assert_eq!(f.reading(|tx| tx.avatar(f.organization, ItemId(5))), None);
    assert_eq!(f.reading(|tx| tx.avatar(f.organization, ItemId(6))), Some(picture));
    assert!(!f.reading(|tx| tx.follows(f.organization, "staff:ann", ContactId(1))));
}

fn once(token: &str, seed: u128, effect: Option<i64>) -> OnceRow {
    OnceRow {
        key_id: 1,
        token: token.to_owned(),
        fingerprint: "f".to_owned(),
        seed: Uuid::from_u128(seed),
        begun_at: at(1),
        expires_at: at(9),
        effect,
        answer: None,
    }
}

fn answers_to_requests_are_forgotten(f: &Fixture) {
    let rows = [once("contact", 1 << 20, Some(7)), once("row", 2 << 20, None), once("other", 3 << 20, Some(8))];
    let answer = |organization: OrganizationId, token: &str| {
        f.reading(|tx| tx.once(organization, 1, token)).and_then(|row| row.answer)
    };
    f.writing(|tx| {
        for row in &rows {
            tx.insert_once(f.organization, row)?;
            tx.update_once(f.organization, &OnceRow { answer: Some("{}".to_owned()), ..row.clone() })?;
        }
        let record = RecordId(Uuid::from_u128((2 << 20) | 3));
        tx.erase_beside(f.organization, &Gone { contacts: &[ContactId(7)], records: &[record], ..NOTHING })
    });
    assert_eq!(answer(f.organization, "contact").as_deref(), Some(OnceRow::ERASED));
    assert_eq!(answer(f.organization, "row").as_deref(), Some(OnceRow::ERASED));
    assert_eq!(answer(f.organization, "other").as_deref(), Some("{}"));
}

fn merges_are_found_by_either_side(f: &Fixture) {
    let merge = |id, survivor, merged| MergeRow {
        id,
        survivor: ContactId(survivor),
        merged: ContactId(merged),
        detail: "{}".to_owned(),
        actor: "staff:ann".to_owned(),
        merged_at: at(1),
        undone: None,
    };
    f.writing(|tx| {
        tx.insert_merge(f.organization, &merge(1, 1, 2))?;
        tx.mark_unmerged(f.organization, 1, "staff:ann", at(2))?;
        tx.insert_merge(f.organization, &merge(2, 3, 1))?;
        tx.insert_merge(f.organization, &merge(3, 5, 6))
    });
    let about = |ids: &[ContactId]| {
        f.reading(|tx| tx.merges_about(f.organization, ids)).into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(about(&[ContactId(1)]), [1, 2]);
    assert_eq!(about(&[ContactId(2), ContactId(1)]), [1, 2]);
    assert_eq!(about(&[ContactId(9)]), Vec::<i64>::new());
}
