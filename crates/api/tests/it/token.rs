//! `POST /Token`: people who sign in for a token.

use crate::support::{Answer, World};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use insta::assert_snapshot;
use tributary_engine::NewUser;
use tributary_store::Role;

const PASSWORD: &str = "correct horse battery";

fn with_user(role: Role) -> World {
    let world = World::new();
    let (email, name) = ("ada@example.org".to_owned(), "Ada".to_owned());
    world
        .engine
        .create_user(world.organization, NewUser { email, name, role, password: Some(PASSWORD.to_owned()) })
        .unwrap();
    world
}

async fn ask(world: &World, form: &str) -> Answer {
    let request = TestRequest::post().uri("/Token").set_payload(form.to_owned());
    world.call(request.insert_header(("Content-Type", "application/x-www-form-urlencoded"))).await
}

async fn by_password(world: &World) -> Answer {
    ask(world, "grant_type=password&username=Ada%40example.org&password=correct+horse+battery").await
}

/// A text member of the answer.
fn text(answer: &Answer, name: &str) -> String {
    answer.json()[name].as_str().unwrap_or_else(|| panic!("no {name}: {answer}")).to_owned()
}

#[actix_web::test]
async fn a_password_gives_a_token_that_may_what_the_role_may() {
    let world = with_user(Role::Viewer);
    let mut answer = by_password(&world).await;
    let token = text(&answer, "access_token");
    for name in ["access_token", "refresh_token"] {
        answer.body = answer.body.replace(&text(&answer, name), "<token>");
    }
    assert_snapshot!(answer, @r#"
    200
    cache-control: no-store
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      ".expires": "Fri, 02 Jan 2026 04:04:05 GMT",
      ".issued": "Fri, 02 Jan 2026 03:04:05 GMT",
      "access_token": "<token>",
      "expires_in": 3600,
      "refresh_token": "<token>",
      "token_type": "bearer",
      "twoFactorEnabled": "False",
      "userName": "ada@example.org"
    }
    "#);
    let status = async |path: &str| world.send_as(&token, Method::GET, path, ()).await.status;
    assert_eq!(
        [status("/api/Contact/1").await, status("/api/NeedsUpdate").await, status("/api/Key").await],
        [404, 403, 403]
    );
    world.clock.advance_ms(3_600_000);
    assert_eq!(status("/api/Contact/1").await, 401);
}

#[actix_web::test]
async fn with_a_second_factor_the_first_answer_is_202_and_the_code_gives_the_token() {
    let world = with_user(Role::Admin);
    let user = world.engine.users(world.organization).unwrap()[0].id;
    let secret = world.engine.begin_second_factor(world.organization, user).unwrap().secret;
    world.engine.confirm_second_factor(world.organization, user, &code(&world, &secret)).unwrap();
    let first = by_password(&world).await;
    assert_eq!((first.status, first.body.as_str()), (202, ""));
    world.clock.advance_ms(30_000);
    let form = "grant_type=password&username=ada%40example.org&password=correct+horse+battery&otp=";
    let wrong = ask(&world, &format!("{form}000000")).await;
    assert_eq!((wrong.status, text(&wrong, "error")), (400, "invalid_grant".into()));
    let second = ask(&world, &format!("{form}{}", code(&world, &secret))).await;
    assert_eq!((second.status, text(&second, "twoFactorEnabled")), (200, "True".into()));
}

/// The code an authenticator app shows now.
fn code(world: &World, secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("ada@example.org").build().unwrap();
    let now = tributary_contact::clock::Clock::now(world.clock.as_ref()).timestamp();
    totp.generate(u64::try_from(now).unwrap()).to_string()
}

#[actix_web::test]
async fn a_refresh_token_gives_new_tokens_once() {
    let world = with_user(Role::Admin);
    let first = by_password(&world).await;
    let form = format!("grant_type=refresh_token&refresh_token={}", text(&first, "refresh_token"));
    let second = ask(&world, &form).await;
    assert_eq!(second.status, 200);
    assert_eq!(world.send_as(&text(&second, "access_token"), Method::GET, "/api/Key", ()).await.status, 200);
    assert_eq!(
        (ask(&world, &form).await.status, text(&ask(&world, &form).await, "error")),
        (400, "invalid_grant".into())
    );
    let refresh = text(&second, "refresh_token");
    assert_eq!(world.send_as(&refresh, Method::GET, "/api/Key", ()).await.status, 401, "no access token");
}

#[actix_web::test]
async fn every_refusal_has_the_shape_of_oauth() {
    let world = with_user(Role::Admin);
    assert_snapshot!(ask(&world, "grant_type=password&username=ada@example.org&password=wrong").await, @r#"
    400
    cache-control: no-store
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": "invalid_grant",
      "error_description": "The user name or password is incorrect."
    }
    "#);
    let forms = [
        ("", "unsupported_grant_type"),
        ("grant_type=client_credentials", "unsupported_grant_type"),
        ("grant_type=password&username=ada@example.org", "invalid_request"),
        ("grant_type=password&username=nobody@example.org&password=wrong", "invalid_grant"),
        ("grant_type=refresh_token", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=1_x", "invalid_grant"),
    ];
    for (form, error) in forms {
        let answer = ask(&world, form).await;
        assert_eq!((answer.status, text(&answer, "error")), (400, error.to_owned()), "{form}");
    }
}

#[actix_web::test]
async fn a_disabled_person_loses_their_tokens() {
    let world = with_user(Role::Admin);
    let token = text(&by_password(&world).await, "access_token");
    let user = world.engine.users(world.organization).unwrap()[0].clone();
    world.engine.set_disabled(world.organization, user.id, true).unwrap();
    assert_eq!(world.send_as(&token, Method::GET, "/api/Key", ()).await.status, 401);
    assert_eq!(by_password(&world).await.status, 400);
}

#[actix_web::test]
async fn what_a_person_does_is_noted_under_their_name() {
    let world = with_user(Role::Admin);
    let token = text(&by_password(&world).await, "access_token");
    let id = world.submit(crate::support::ines()).await;
    world.run_batch().await;
    let path = format!("/api/Contact/Transaction/{id}/Undo");
    world.send_as(&token, Method::POST, &path, ()).await;
    let detail = world.get(&format!("/api/Contact/Transaction/{id}")).await;
    assert!(!detail.body.contains("key:-"), "{detail}");
}
