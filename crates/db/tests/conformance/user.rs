//! People who sign in, and their sessions.

use crate::fixture::{Fixture, at, conflict_of};
use tributary_contact::UserId;
use tributary_store::{Role, SessionPurpose, SessionRow, UserRow};

cases!(
    a_user_reads_back_as_stored_in_their_organization_only,
    a_changed_user_reads_back_changed,
    an_address_is_one_users_in_an_organization,
    a_session_reads_back_until_it_is_ended,
    a_use_of_a_session_is_noted,
    the_sessions_of_a_user_end_together_but_for_one,
    expired_sessions_are_forgotten,
);

fn user(id: i64, email: &str) -> UserRow {
    UserRow {
        id: UserId(id),
        email: email.to_owned(),
        name: "Ada Byron".to_owned(),
        role: Role::Reviewer,
        password_hash: "$argon2id$x".to_owned(),
        totp_secret: Some("ABC".to_owned()),
        totp_step: Some(5),
        created_at: at(1),
        last_sign_in_at: Some(at(2)),
        disabled_at: None,
    }
}

fn session(hash: &str, user: i64) -> SessionRow {
    SessionRow {
        hash: hash.to_owned(),
        user: UserId(user),
        purpose: SessionPurpose::Console,
        created_at: at(1),
        seen_at: at(1),
        expires_at: at(60),
    }
}

fn a_user_reads_back_as_stored_in_their_organization_only(f: &Fixture) {
    f.writing(|tx| tx.insert_user(f.organization, &user(1, "ada@example.org")));
    assert_eq!(f.reading(|tx| tx.user(f.organization, UserId(1))), Some(user(1, "ada@example.org")));
    assert_eq!(f.reading(|tx| tx.user_by_email(f.organization, "ada@example.org")).unwrap().id, UserId(1));
    assert_eq!(f.reading(|tx| tx.users(f.organization)).len(), 1);
    assert_eq!(f.reading(|tx| tx.user(f.other, UserId(1))), None);
    assert_eq!(f.reading(|tx| tx.user_by_email(f.other, "ada@example.org")), None);
    assert_eq!(f.reading(|tx| tx.users(f.other)), []);
}

fn a_changed_user_reads_back_changed(f: &Fixture) {
    f.writing(|tx| tx.insert_user(f.organization, &user(1, "ada@example.org")));
    let changed = UserRow {
        role: Role::Admin,
        totp_secret: None,
        totp_step: None,
        disabled_at: Some(at(9)),
        ..user(1, "b@x.org")
    };
    assert!(f.writing(|tx| tx.update_user(f.organization, &changed)));
    assert!(!f.writing(|tx| tx.update_user(f.other, &changed)));
    assert_eq!(f.reading(|tx| tx.user(f.organization, UserId(1))), Some(changed));
}

fn an_address_is_one_users_in_an_organization(f: &Fixture) {
    f.writing(|tx| tx.insert_user(f.organization, &user(1, "ada@example.org")));
    let again = f.try_writing(|tx| tx.insert_user(f.organization, &user(2, "ada@example.org")));
    assert_eq!(conflict_of(again), "app_user");
    f.writing(|tx| tx.insert_user(f.other, &user(1, "ada@example.org")));
}

fn a_session_reads_back_until_it_is_ended(f: &Fixture) {
    f.writing(|tx| tx.insert_user(f.organization, &user(1, "ada@example.org")));
    f.writing(|tx| tx.insert_session(f.organization, &session("aa", 1)));
    assert_eq!(f.reading(|tx| tx.session(f.organization, "aa")), Some(session("aa", 1)));
    assert_eq!(f.reading(|tx| tx.session(f.other, "aa")), None);
    assert!(!f.writing(|tx| tx.delete_session(f.other, "aa")));
    assert!(f.writing(|tx| tx.delete_session(f.organization, "aa")));
    assert!(!f.writing(|tx| tx.delete_session(f.organization, "aa")));
    assert_eq!(f.reading(|tx| tx.session(f.organization, "aa")), None);
}

fn a_use_of_a_session_is_noted(f: &Fixture) {
    f.writing(|tx| tx.insert_user(f.organization, &user(1, "ada@example.org")));
    f.writing(|tx| tx.insert_session(f.organization, &session("aa", 1)));
    f.writing(|tx| tx.note_session(f.organization, "aa", at(30)));
    f.writing(|tx| tx.note_session(f.organization, "bb", at(30)));
    assert_eq!(f.reading(|tx| tx.session(f.organization, "aa")).unwrap().seen_at, at(30));
}

fn the_sessions_of_a_user_end_together_but_for_one(f: &Fixture) {
    for id in [1, 2] {
        f.writing(|tx| tx.insert_user(f.organization, &user(id, &format!("{id}@example.org"))));
    }
    for (hash, owner) in [("aa", 1), ("bb", 1), ("cc", 2)] {
        f.writing(|tx| tx.insert_session(f.organization, &session(hash, owner)));
    }
    let live = || {
        let lives = |hash: &&&str| f.reading(|tx| tx.session(f.organization, hash)).is_some();
        ["aa", "bb", "cc"].iter().filter(lives).copied().collect::<Vec<_>>()
    };
    f.writing(|tx| tx.delete_sessions_of(f.organization, UserId(1), Some("bb")));
    assert_eq!(live(), ["bb", "cc"]);
    f.writing(|tx| tx.delete_sessions_of(f.organization, UserId(1), None));
    assert_eq!(live(), ["cc"]);
}

fn expired_sessions_are_forgotten(f: &Fixture) {
    f.writing(|tx| tx.insert_user(f.organization, &user(1, "ada@example.org")));
    f.writing(|tx| tx.insert_session(f.organization, &session("aa", 1)));
    f.writing(|tx| tx.insert_session(f.organization, &SessionRow { expires_at: at(90), ..session("bb", 1) }));
    f.writing(|tx| tx.delete_expired_sessions(f.organization, at(60)));
    assert_eq!(f.reading(|tx| tx.session(f.organization, "aa")), None);
    assert!(f.reading(|tx| tx.session(f.organization, "bb")).is_some());
}
