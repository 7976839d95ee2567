//! Organizations and API keys.

use crate::fixture::{Fixture, at, conflict_of, organization};
use tributary_contact::OrganizationId;
use tributary_store::{ApiKey, Organization};

cases!(
    an_organization_reads_back_as_it_was_stored,
    a_changed_organization_reads_back_changed,
    an_unknown_organization_cannot_be_changed,
    a_key_is_found_by_its_hash_in_its_organization_only,
    a_hash_is_unique_in_its_organization,
    a_key_is_revoked_once,
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
    }
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
