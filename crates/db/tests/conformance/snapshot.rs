//! What a transaction promises: one snapshot to read, all or nothing to write.

use crate::fixture::{Fixture, conflict_of, new_contact};
use tributary_store::{ReadTx, StoreError, StoreExt};

cases!(
    a_read_sees_one_snapshot,
    a_failed_body_leaves_nothing_behind,
    a_body_that_swallows_a_failed_statement_is_not_committed,
    a_panicking_body_is_rolled_back_and_the_store_goes_on,
    a_write_sees_what_it_wrote,
    only_sqlite_makes_its_own_backup,
);

fn count(f: &Fixture, tx: &mut dyn ReadTx) -> i64 {
    tx.contact_count(f.organization).unwrap()
}

fn a_read_sees_one_snapshot(f: &Fixture) {
    let counts = f.reading(|tx| {
        let before = count(f, tx);
        f.insert_contacts(&[1]);
        Ok((before, count(f, tx)))
    });
    assert_eq!(counts, (0, 0));
    assert_eq!(f.reading(|tx| Ok(count(f, tx))), 1);
}

fn a_failed_body_leaves_nothing_behind(f: &Fixture) {
    let failed = f.try_writing(|tx| {
        tx.insert_contacts(f.organization, &[new_contact(1)])?;
        Err::<(), _>(StoreError::Unsupported("on purpose"))
    });
    assert!(matches!(failed, Err(StoreError::Unsupported("on purpose"))));
    assert_eq!(f.reading(|tx| Ok(count(f, tx))), 0);
}

fn a_body_that_swallows_a_failed_statement_is_not_committed(f: &Fixture) {
    f.insert_contacts(&[1]);
    let swallowed = f.try_writing(|tx| {
        tx.insert_contacts(f.organization, &[new_contact(2)])?;
        conflict_of(tx.insert_contacts(f.organization, &[new_contact(1)]));
        Ok(())
    });
    assert!(swallowed.is_err());
    assert_eq!(f.reading(|tx| Ok(count(f, tx))), 1);
}

fn a_panicking_body_is_rolled_back_and_the_store_goes_on(f: &Fixture) {
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = f.store.writing("panic", |tx| {
            tx.insert_contacts(f.organization, &[new_contact(1)])?;
            panic!("on purpose");
            #[expect(unreachable_code, reason = "gives the closure its type")]
            Ok(())
        });
    }));
    assert!(panicked.is_err());
    f.insert_contacts(&[2]);
    assert_eq!(f.reading(|tx| Ok(count(f, tx))), 1);
}

fn a_write_sees_what_it_wrote(f: &Fixture) {
    let seen = f.writing(|tx| {
        tx.insert_contacts(f.organization, &[new_contact(1)])?;
        tx.contact_count(f.organization)
    });
    assert_eq!(seen, 1);
}

fn only_sqlite_makes_its_own_backup(f: &Fixture) {
    f.insert_contacts(&[1]);
    f.store.ledger().hold(&[f.held("a")]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.db");
    let done = f.store.backup(&path);
    if f.store.backend() == "postgres" {
        assert!(matches!(done, Err(StoreError::Unsupported(_))));
        return;
    }
    done.unwrap();
    let copy =
        tributary_db::open(&format!("sqlite:{}", path.display()), &tributary_db::OpenOptions::default()).unwrap();
    assert_eq!(copy.reading(|tx| tx.contact_count(f.organization)).unwrap(), 1);
    assert_eq!(copy.ledger().tally(f.organization).unwrap().received, 1);
    assert!(f.store.backup(&path).is_err(), "a copy is never overwritten");
    f.insert_contacts(&[2]);
}
