//! People who sign in: accounts, passwords, second factors, sessions.

use crate::world::{World, world};
use tributary_contact::OrganizationId;
use tributary_engine::{Credentials, EngineError, NewOrganization, NewUser, Scope, Settings, SignIn, User};
use tributary_store::{Role, SessionPurpose, StoreExt};
use tributary_webhook::SealKeys;

const PASSWORD: &str = "correct horse battery";

fn new(email: &str, role: Role) -> NewUser {
    NewUser { email: email.into(), name: "Ada Byron".into(), role, password: Some(PASSWORD.into()) }
}

fn ada(world: &World) -> User {
    world.engine.create_user(world.org, new("Ada@Example.org", Role::Reviewer)).unwrap().0
}

fn given(password: &str) -> Credentials<'_> {
    Credentials { organization: None, email: " ADA@example.org", password, code: None, origin: "10.0.0.1" }
}

fn accepted(outcome: &SignIn) -> &User {
    match outcome {
        SignIn::Accepted(user) => user,
        other => panic!("not accepted: {other:?}"),
    }
}

/// Another organization on the same database.
fn second_organization(world: &World) -> OrganizationId {
    let new = NewOrganization {
        name: "Harbor".into(),
        time_zone: "Europe/Berlin".into(),
        country: "DE".into(),
        batch_cron: None,
    };
    world.engine.create_organization(new).unwrap().id
}

/// The code an authenticator app shows now.
fn code(world: &World, secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("ada@example.org").build().unwrap();
    let now = tributary_contact::clock::Clock::now(world.clock.as_ref()).timestamp();
    totp.generate(u64::try_from(now).unwrap()).to_string()
}

#[test]
fn who_gives_the_right_password_is_let_in_and_nobody_else() {
    let world = world();
    let user = ada(&world);
    let found = world.engine.sign_in(&given(PASSWORD)).unwrap();
    assert_eq!((accepted(&found).id, accepted(&found).email.as_str()), (user.id, "ada@example.org"));
    assert_eq!(world.engine.sign_in(&given("correct horse batterz")).unwrap(), SignIn::Refused);
    let unknown = Credentials { email: "bob@example.org", ..given(PASSWORD) };
    assert_eq!(world.engine.sign_in(&unknown).unwrap(), SignIn::Refused);
    let elsewhere = Credentials { organization: Some(second_organization(&world)), ..given(PASSWORD) };
    assert_eq!(world.engine.sign_in(&elsewhere).unwrap(), SignIn::Refused);
}

#[test]
fn an_address_in_two_organizations_has_to_choose() {
    let world = world();
    let other = second_organization(&world);
    ada(&world);
    let twin = world.engine.create_user(other, new("ada@example.org", Role::Viewer)).unwrap().0;
    assert_eq!(world.engine.sign_in(&given(PASSWORD)).unwrap(), SignIn::Choose(vec![world.org, other]));
    let chosen = world.engine.sign_in(&Credentials { organization: Some(other), ..given(PASSWORD) }).unwrap();
    assert_eq!((accepted(&chosen).organization, accepted(&chosen).role), (other, Role::Viewer));
    // With another password the two are told apart by it.
    world.engine.set_password(other, twin.id, Some("another long password")).unwrap();
    assert_eq!(accepted(&world.engine.sign_in(&given(PASSWORD)).unwrap()).organization, world.org);
}

#[test]
fn guessing_is_slowed_down_for_known_and_unknown_addresses_alike() {
    let world = world();
    ada(&world);
    for email in ["ada@example.org", "nobody@example.org"] {
        for _ in 0..10 {
            let wrong = Credentials { email, ..given("a wrong password") };
            assert_eq!(world.engine.sign_in(&wrong).unwrap(), SignIn::Refused);
        }
        let right = world.engine.sign_in(&Credentials { email, ..given(PASSWORD) }).unwrap();
        assert_eq!(right, SignIn::Throttled { seconds: 900 });
    }
    world.clock.advance_ms(15 * 60_000);
    accepted(&world.engine.sign_in(&given(PASSWORD)).unwrap());
}

#[test]
fn a_second_factor_is_asked_for_once_confirmed_and_each_code_is_good_once() {
    let world = world();
    let user = ada(&world);
    let enrolment = world.engine.begin_second_factor(world.org, user.id).unwrap();
    assert!(enrolment.url.starts_with("otpauth://totp/Tributary:ada"), "{}", enrolment.url);
    accepted(&world.engine.sign_in(&given(PASSWORD)).unwrap());
    let wrong = world.engine.confirm_second_factor(world.org, user.id, "12345");
    assert!(matches!(wrong, Err(EngineError::Invalid(_))));
    let first = code(&world, &enrolment.secret);
    assert!(world.engine.confirm_second_factor(world.org, user.id, &first).unwrap().second_factor);
    assert!(matches!(world.engine.begin_second_factor(world.org, user.id), Err(EngineError::Conflict { .. })));

    assert_eq!(world.engine.sign_in(&given(PASSWORD)).unwrap(), SignIn::CodeNeeded);
    let again = Credentials { code: Some(&first), ..given(PASSWORD) };
    assert_eq!(world.engine.sign_in(&again).unwrap(), SignIn::Refused);
    world.clock.advance_ms(30_000);
    let next = code(&world, &enrolment.secret);
    let spaced = format!("{} {}", &next[..3], &next[3..]);
    accepted(&world.engine.sign_in(&Credentials { code: Some(&spaced), ..given(PASSWORD) }).unwrap());
    assert_eq!(world.engine.sign_in(&Credentials { code: Some(&next), ..given(PASSWORD) }).unwrap(), SignIn::Refused);

    world.engine.remove_second_factor(world.org, user.id).unwrap();
    accepted(&world.engine.sign_in(&given(PASSWORD)).unwrap());
}

#[test]
fn a_second_factor_is_sealed_at_rest_with_the_key_of_the_day() {
    let key = |letter: &str| SealKeys::parse(&[format!("{}A=", letter.repeat(42))]).unwrap();
    let with = |keys: SealKeys| {
        let mut settings = Settings::default();
        settings.delivery.secret_keys = keys;
        settings
    };
    let world = world();
    let user = ada(&world);
    let enrolment = world.engine.begin_second_factor(world.org, user.id).unwrap();
    world.engine.confirm_second_factor(world.org, user.id, &code(&world, &enrolment.secret)).unwrap();
    assert_eq!(world.engine.unsealed_secrets().unwrap(), (1, 0));
    let world = world.restarted(with(key("A")));
    assert_eq!((world.engine.seal_secrets().unwrap(), world.engine.seal_secrets().unwrap()), (1, 0));
    let stored = world.engine.store().reading(|tx| tx.user(world.org, user.id)).unwrap().unwrap().totp_secret.unwrap();
    assert!(stored.starts_with("sealed1:") && !stored.contains(&enrolment.secret));
    world.clock.advance_ms(30_000);
    let next = code(&world, &enrolment.secret);
    accepted(&world.engine.sign_in(&Credentials { code: Some(&next), ..given(PASSWORD) }).unwrap());
    // Without its key nobody gets past it, and everything else goes on.
    let world = world.restarted(with(key("B")));
    assert_eq!((world.engine.seal_secrets().unwrap(), world.engine.unsealed_secrets().unwrap()), (0, (0, 1)));
    assert!(world.engine.sign_in(&Credentials { code: Some(&next), ..given(PASSWORD) }).is_err());
}

#[test]
fn a_session_lives_until_it_is_ended_unused_or_old() {
    let world = world();
    let user = ada(&world);
    let begin = || world.engine.begin_session(&user, SessionPurpose::Console).unwrap().token;
    let live = |token: &str| world.engine.session(token, SessionPurpose::Console).unwrap().is_some();

    let ended = begin();
    assert!(live(&ended));
    assert!(world.engine.end_session(&ended).unwrap());
    assert!(!live(&ended) && !world.engine.end_session(&ended).unwrap());

    let unused = begin();
    world.clock.advance_ms(59 * 60_000);
    assert!(live(&unused));
    world.clock.advance_ms(59 * 60_000);
    assert!(live(&unused), "a use moves the end of the idle time");
    world.clock.advance_ms(60 * 60_000);
    assert!(!live(&unused));

    let old = begin();
    for _ in 0..14 {
        world.clock.advance_ms(50 * 60_000);
        assert!(live(&old));
    }
    world.clock.advance_ms(20 * 60_000);
    assert!(!live(&old));
}

#[test]
fn a_token_is_good_for_its_purpose_only() {
    let world = world();
    let user = ada(&world);
    let refresh = world.engine.begin_session(&user, SessionPurpose::Refresh).unwrap().token;
    assert!(world.engine.session(&refresh, SessionPurpose::Console).unwrap().is_none());
    assert!(world.engine.session(&refresh, SessionPurpose::Access).unwrap().is_none());
    assert!(world.engine.session(&refresh, SessionPurpose::Refresh).unwrap().is_some());
    for bad in ["", "1_", "x_y", &refresh[..refresh.len() - 1], &format!("9{refresh}")] {
        assert!(world.engine.session(bad, SessionPurpose::Refresh).unwrap().is_none(), "{bad}");
    }
}

#[test]
fn a_disabled_user_is_out_at_once() {
    let world = world();
    let user = ada(&world);
    let token = world.engine.begin_session(&user, SessionPurpose::Console).unwrap().token;
    world.engine.set_disabled(world.org, user.id, true).unwrap();
    assert!(world.engine.session(&token, SessionPurpose::Console).unwrap().is_none());
    assert_eq!(world.engine.sign_in(&given(PASSWORD)).unwrap(), SignIn::Refused);
    world.engine.set_disabled(world.org, user.id, false).unwrap();
    accepted(&world.engine.sign_in(&given(PASSWORD)).unwrap());
}

#[test]
fn a_changed_password_ends_the_other_sessions() {
    let world = world();
    let user = ada(&world);
    let begin = || world.engine.begin_session(&user, SessionPurpose::Console).unwrap().token;
    let live = |token: &str| world.engine.session(token, SessionPurpose::Console).unwrap().is_some();
    let (own, other) = (begin(), begin());
    let change = |present: &str, next: &str| world.engine.change_password(&user, present, next, &own);
    assert!(matches!(change("wrong", "a new long password"), Err(EngineError::Invalid(_))));
    assert!(matches!(change(PASSWORD, "short"), Err(EngineError::Invalid(_))));
    assert!(live(&other));
    change(PASSWORD, "a new long password").unwrap();
    assert!(live(&own) && !live(&other));
    accepted(&world.engine.sign_in(&given("a new long password")).unwrap());
    let made = world.engine.set_password(world.org, user.id, None).unwrap().unwrap();
    assert!(!live(&own));
    accepted(&world.engine.sign_in(&given(&made)).unwrap());
}

#[test]
fn users_are_created_once_with_an_acceptable_address_and_password() {
    let world = world();
    ada(&world);
    let twin = world.engine.create_user(world.org, new("ada@EXAMPLE.org", Role::Admin));
    assert!(matches!(twin, Err(EngineError::Conflict { .. })));
    let bad = NewUser { password: Some("short".into()), ..new("no address", Role::Admin) };
    let Err(EngineError::Invalid(issues)) = world.engine.create_user(world.org, bad) else { panic!("taken") };
    assert_eq!(issues.iter().map(|issue| issue.field.as_str()).collect::<Vec<_>>(), ["email", "password"]);
    let nowhere = world.engine.create_user(OrganizationId(99), new("bob@example.org", Role::Admin));
    assert!(matches!(nowhere, Err(EngineError::NotFound)));
    let blank = NewUser { name: " ".into(), password: None, ..new("bob@example.org", Role::Admin) };
    let (user, made) = world.engine.create_user(world.org, blank).unwrap();
    assert_eq!(user.name, "bob@example.org");
    assert_eq!(made.unwrap().len(), 23);
    assert_eq!(world.engine.users(world.org).unwrap().len(), 2);
}

#[test]
fn each_role_may_do_all_that_the_one_before_it_may() {
    let world = world();
    let user = ada(&world);
    let as_role = |role| User { role, ..user.clone() };
    for scope in Scope::ALL {
        let allowed: Vec<bool> = Role::ALL.into_iter().map(|role| as_role(role).allows(*scope)).collect();
        assert!(allowed.is_sorted() && allowed[2], "{scope:?}: {allowed:?}");
    }
    assert!(!as_role(Role::Viewer).allows(Scope::Review));
    assert!(as_role(Role::Reviewer).allows(Scope::Review));
    assert!(!as_role(Role::Reviewer).allows(Scope::Webhooks));
}
