//! Organizations and API keys.

use crate::fixture::{Fixture, at, conflict_of, organization};
use tributary_contact::OrganizationId;
use tributary_store::{ApiKey, OnceRow, Organization, PermissionGroupRow, WHOLE_ORGANIZATION};
use uuid::Uuid;

cases!(
    an_organization_reads_back_as_it_was_stored,
    a_changed_organization_reads_back_changed,
    an_unknown_organization_cannot_be_changed,
    a_key_is_found_by_its_hash_in_its_organization_only,
    a_hash_is_unique_in_its_organization,
    a_key_is_revoked_once,
    a_key_ends_at_the_earlier_time,
    the_last_use_of_a_key_is_noted,
    a_permission_group_is_put_changed_and_taken_away,
    a_limit_is_set_changed_and_taken_away,
    requests_of_an_hour_add_up_and_earlier_hours_are_forgotten,
    a_request_to_be_done_once_is_there_until_its_time_is_over,
);

fn key(id: i64, hash: &str) -> ApiKey {
    ApiKey {
        id,
        name: "partner".to_owned(),
        hash: hash.to_owned(),
        scopes: vec!["submit".to_owned(), "read".to_owned()],
        sources: vec!["Harbor Giving".to_owned()],
        created_at: at(1),
        expires_at: Some(at(99)),
        revoked_at: None,
        last_used_at: None,
        replaces: None,
        group: Some("desk".to_owned()),
    }
}

fn a_permission_group_is_put_changed_and_taken_away(f: &Fixture) {
    let group = |name: &str, scope: &str| PermissionGroupRow { name: name.to_owned(), scopes: vec![scope.to_owned()] };
    for own in [group("Front desk", "read"), group("auditors", "read"), group("FRONT DESK", "write")] {
        f.writing(|tx| tx.put_permission_group(f.organization, &own));
    }
    let found = f.reading(|tx| tx.permission_groups(f.organization));
    assert_eq!(found, [group("auditors", "read"), group("FRONT DESK", "write")]);
    assert!(f.reading(|tx| tx.permission_groups(f.other)).is_empty());
    let gone = |organization, name: &str| f.writing(|tx| tx.delete_permission_group(organization, name));
    assert_eq!(
        [gone(f.other, "auditors"), gone(f.organization, "Auditors"), gone(f.organization, "auditors")],
        [false, true, false]
    );
}

fn an_organization_reads_back_as_it_was_stored(f: &Fixture) {
    let expected = Organization { id: f.organization, ..organization("Harbor") };
    assert_eq!(f.reading(|tx| tx.organization(f.organization)), Some(expected.clone()));
    assert_eq!(f.reading(|tx| tx.organizations()), [expected.clone(), Organization { id: f.other, ..expected }]);
    assert_eq!(f.reading(|tx| tx.organization(OrganizationId(99))), None);
}

fn a_changed_organization_reads_back_changed(f: &Fixture) {
    let changed = Organization { id: f.organization, last_due_at: at(50), key_version: 2, ..organization("Haven") };
    f.writing(|tx| tx.update_organization(&changed));
    assert_eq!(f.reading(|tx| tx.organization(f.organization)), Some(changed));
    assert_eq!(f.reading(|tx| tx.organization(f.other)).unwrap().name, "Harbor");
}

fn an_unknown_organization_cannot_be_changed(f: &Fixture) {
    let unknown = Organization { id: OrganizationId(99), ..organization("Nobody") };
    assert_eq!(conflict_of(f.try_writing(|tx| tx.update_organization(&unknown))), "organization");
}

fn a_key_is_found_by_its_hash_in_its_organization_only(f: &Fixture) {
    f.writing(|tx| tx.insert_api_key(f.organization, &key(1, "aa")));
    assert_eq!(f.reading(|tx| tx.api_key(f.organization, "aa")), Some(key(1, "aa")));
    assert_eq!(f.reading(|tx| tx.api_key(f.other, "aa")), None);
    assert_eq!(f.reading(|tx| tx.api_keys(f.organization)), [key(1, "aa")]);
}

fn a_hash_is_unique_in_its_organization(f: &Fixture) {
    f.writing(|tx| tx.insert_api_key(f.organization, &key(1, "aa")));
    assert_eq!(conflict_of(f.try_writing(|tx| tx.insert_api_key(f.organization, &key(2, "aa")))), "api_key");
    f.writing(|tx| tx.insert_api_key(f.other, &key(1, "aa")));
}

fn a_key_is_revoked_once(f: &Fixture) {
    f.writing(|tx| tx.insert_api_key(f.organization, &key(1, "aa")));
    assert!(f.writing(|tx| tx.revoke_api_key(f.organization, 1, at(5))));
    assert!(!f.writing(|tx| tx.revoke_api_key(f.organization, 1, at(6))));
    assert!(!f.writing(|tx| tx.revoke_api_key(f.other, 1, at(6))));
    assert_eq!(f.reading(|tx| tx.api_key(f.organization, "aa")).unwrap().revoked_at, Some(at(5)));
}

fn a_key_ends_at_the_earlier_time(f: &Fixture) {
    f.writing(|tx| tx.insert_api_key(f.organization, &key(1, "aa")));
    assert!(f.writing(|tx| tx.expire_api_key(f.organization, 1, at(50))));
    assert!(f.writing(|tx| tx.expire_api_key(f.organization, 1, at(70))));
    assert_eq!(f.reading(|tx| tx.api_key(f.organization, "aa")).unwrap().expires_at, Some(at(50)));
    assert!(!f.writing(|tx| tx.expire_api_key(f.other, 1, at(50))));
}

fn the_last_use_of_a_key_is_noted(f: &Fixture) {
    f.writing(|tx| tx.insert_api_key(f.organization, &key(1, "aa")));
    f.writing(|tx| tx.note_key_use(f.organization, 1, at(7)));
    assert_eq!(f.reading(|tx| tx.api_key(f.organization, "aa")).unwrap().last_used_at, Some(at(7)));
}

fn a_limit_is_set_changed_and_taken_away(f: &Fixture) {
    f.writing(|tx| tx.set_request_limit(f.organization, WHOLE_ORGANIZATION, Some(10)));
    f.writing(|tx| tx.set_request_limit(f.organization, 3, Some(5)));
    f.writing(|tx| tx.set_request_limit(f.organization, 3, Some(6)));
    assert_eq!(f.reading(|tx| tx.request_limits(f.organization)), [(0, 10), (3, 6)]);
    f.writing(|tx| tx.set_request_limit(f.organization, 0, None));
    assert_eq!(f.reading(|tx| tx.request_limits(f.organization)), [(3, 6)]);
    assert_eq!(f.reading(|tx| tx.request_limits(f.other)), []);
}

fn requests_of_an_hour_add_up_and_earlier_hours_are_forgotten(f: &Fixture) {
    let add = |organization, hour, requests| f.writing(|tx| tx.add_requests(organization, 1, hour, requests));
    assert_eq!(add(f.organization, 100, 3), 3);
    assert_eq!(add(f.organization, 100, 4), 7);
    assert_eq!(add(f.other, 100, 1), 1);
    assert_eq!(add(f.organization, 101, 2), 2);
    assert_eq!(add(f.organization, 100, 9), 0, "an hour that is over");
    assert_eq!(add(f.organization, 101, 0), 2);
}

fn a_request_to_be_done_once_is_there_until_its_time_is_over(f: &Fixture) {
    let mut row = OnceRow {
        key_id: 1,
        token: "a".to_owned(),
        fingerprint: "ff".to_owned(),
        seed: Uuid::from_u128(7),
        begun_at: at(1),
        expires_at: at(9),
        effect: None,
        answer: None,
    };
    f.writing(|tx| tx.insert_once(f.organization, &row));
    assert_eq!(conflict_of(f.try_writing(|tx| tx.insert_once(f.organization, &row))), "request_once");
    row = OnceRow { begun_at: at(2), effect: Some(4), answer: Some("{}".to_owned()), ..row };
    f.writing(|tx| tx.update_once(f.organization, &row));
    assert_eq!(f.reading(|tx| tx.once(f.organization, 1, "a")), Some(row.clone()));
    assert_eq!(f.reading(|tx| tx.once(f.other, 1, "a")), None);
    f.writing(|tx| tx.delete_expired_once(f.organization, at(8)));
    assert!(f.reading(|tx| tx.once(f.organization, 1, "a")).is_some());
    f.writing(|tx| tx.delete_expired_once(f.organization, at(9)));
    assert_eq!(f.reading(|tx| tx.once(f.organization, 1, "a")), None);
    f.writing(|tx| tx.insert_once(f.organization, &row));
    f.writing(|tx| tx.delete_once(f.organization, 1, "a"));
    assert_eq!(f.reading(|tx| tx.once(f.organization, 1, "a")), None);
}
