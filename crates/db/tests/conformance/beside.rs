//! Following, places of addresses, pictures, and the contact of an item.

use crate::fixture::{Fixture, at};
use tributary_contact::state::State;
use tributary_contact::{ContactId, ItemId, RecordKind};
use tributary_store::{AuditRow, Avatar, PositionRow, Rectangle, TransactionRow};

cases!(
    a_follower_follows_until_it_stops,
    changes_of_followed_contacts_come_latest_first,
    addresses_are_found_inside_a_rectangle_and_across_the_180th_meridian,
    a_picture_replaces_the_earlier_one,
    an_item_belongs_to_the_contact_of_the_record_that_numbered_it,
    an_archived_contact_says_so,
    followers_and_places_of_another_organization_are_not_seen,
);

fn follow(f: &Fixture, follower: &str, contact: i64) {
    f.writing(|tx| tx.set_following(f.organization, follower, ContactId(contact), Some(at(1))));
}

fn a_follower_follows_until_it_stops(f: &Fixture) {
    f.insert_contacts(&[1, 2, 3]);
    for contact in [3, 1, 1] {
        follow(f, "key:7", contact);
    }
    let ids = |skip, take| f.reading(|tx| tx.followed(f.organization, "key:7", skip, take));
    assert_eq!(ids(0, 9), (vec![ContactId(1), ContactId(3)], 2));
    assert_eq!(ids(1, 9), (vec![ContactId(3)], 2));
    let follows = |who: &str| f.reading(|tx| tx.follows(f.organization, who, ContactId(1)));
    assert!(follows("key:7") && !follows("key:8"));
    f.writing(|tx| tx.set_following(f.organization, "key:7", ContactId(1), None));
    assert!(!follows("key:7"));
}

fn change(contact: i64, version: i64, second: i64) -> AuditRow {
    AuditRow {
        contact: ContactId(contact),
        version,
        at: at(second),
        actor: "batch".to_owned(),
        action: "merge".to_owned(),
        record: None,
        run: None,
        changes: "[]".to_owned(),
    }
}

fn changes_of_followed_contacts_come_latest_first(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    follow(f, "key:7", 1);
    let rows = [change(1, 1, 1), change(1, 2, 5), change(2, 1, 9)];
    f.writing(|tx| tx.insert_audit(f.organization, &rows));
    let (found, total) = f.reading(|tx| tx.followed_changes(f.organization, "key:7", 0, 9));
    assert_eq!((found, total), (vec![change(1, 2, 5), change(1, 1, 1)], 2));
}

fn place(contact: i64, latitude: i32, longitude: i32) -> PositionRow {
    PositionRow { contact: ContactId(contact), address: ItemId(contact * 10), latitude, longitude }
}

fn addresses_are_found_inside_a_rectangle_and_across_the_180th_meridian(f: &Fixture) {
    f.insert_contacts(&[1, 2, 3]);
    let rows = [place(1, 10, 20), place(2, 11, 179_000_000), place(3, 12, -179_000_000)];
    f.writing(|tx| tx.add_positions(f.organization, &rows));
    let found = |latitude, longitude| {
        let rows = f.reading(|tx| tx.positions(f.organization, &Rectangle { latitude, longitude }));
        rows.iter().map(|row| row.contact.0).collect::<Vec<_>>()
    };
    assert_eq!(found((10, 12), (0, 20)), [1]);
    assert_eq!(found((10, 12), (178_000_000, -178_000_000)), [2, 3]);
    f.writing(|tx| tx.remove_positions(f.organization, &rows[..1]));
    assert_eq!(found((10, 12), (0, 20)), [0_i64; 0]);
}

fn a_picture_replaces_the_earlier_one(f: &Fixture) {
    let avatar = |byte| Avatar { content_type: "image/png".to_owned(), image: vec![byte; 3] };
    assert_eq!(f.reading(|tx| tx.avatar(f.organization, ItemId(1))), None);
    for byte in [1, 2] {
        f.writing(|tx| tx.put_avatar(f.organization, ItemId(1), &avatar(byte), at(1)));
    }
    assert_eq!(f.reading(|tx| tx.avatar(f.organization, ItemId(1))), Some(avatar(2)));
}

fn an_item_belongs_to_the_contact_of_the_record_that_numbered_it(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    let mut direct = f.direct(2, RecordKind::Create);
    direct.record.first_item = ItemId(20);
    let transaction = TransactionRow { first_item: Some(ItemId(10)), ..f.transaction(State::Created) };
    let waiting = f.transaction(State::NeedsUpdate);
    f.writing(|tx| {
        tx.insert_direct_records(f.organization, std::slice::from_ref(&direct))?;
        tx.insert_transactions(f.organization, &[transaction.clone(), waiting.clone()])
    });
    let contact = |item| f.reading(|tx| tx.contact_of_item(f.organization, ItemId(item))).map(|id| id.0);
    assert_eq!([9, 10, 12, 20, 25].map(contact), [None, Some(1), Some(1), Some(2), Some(2)]);
    assert_eq!(f.reading(|tx| tx.contact_of_item(f.other, ItemId(12))), None);
}

fn an_archived_contact_says_so(f: &Fixture) {
    f.insert_contacts(&[1]);
    let archived = || f.reading(|tx| tx.contacts(f.organization, &[ContactId(1)]))[0].archived;
    for now in [true, false] {
        f.writing(|tx| tx.set_archived(f.organization, ContactId(1), now));
        assert_eq!(archived(), now);
    }
}

fn followers_and_places_of_another_organization_are_not_seen(f: &Fixture) {
    f.insert_contacts(&[1]);
    follow(f, "key:7", 1);
    f.writing(|tx| tx.add_positions(f.organization, &[place(1, 10, 20)]));
    let everywhere = Rectangle { latitude: (-90_000_000, 90_000_000), longitude: (-180_000_000, 180_000_000) };
    assert!(f.reading(|tx| tx.positions(f.other, &everywhere)).is_empty());
    assert!(!f.reading(|tx| tx.follows(f.other, "key:7", ContactId(1))));
}
