//! `/console/account`: one's own password, second factor and sessions.

use super::{Answer, to};
use crate::Console;
use crate::failure::Failure;
use crate::form::{self, FormPairs, QueryPairs};
use crate::view::layout::{self, token};
use crate::view::part;
use crate::visit::{self, Visit, action, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_engine::{EngineError, Enrolment};
use tributary_store::Role;

/// `GET /console/account`; `?setup` begins to set up the second factor.
pub(crate) async fn show(console: web::Data<Console>, request: HttpRequest, query: QueryPairs) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let done = form::value(&query, "done").map(|what| match what {
        "password" => "Your password is changed. Other browsers were signed out.",
        "on" => "The second factor is on. From now on a code is asked for when you sign in.",
        "off" => "The second factor is off.",
        _ => "Other browsers were signed out.",
    });
    Ok(layout::page(&visit, "Account", &content(&visit, done, None)))
}

/// `POST /console/account/password`
pub(crate) async fn password(console: web::Data<Console>, request: HttpRequest, pairs: FormPairs) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Viewer).await?;
    let token = visit::token(&request).unwrap_or_default();
    let user = visit.user;
    blocking(&console, move |engine| {
        engine.change_password(&user, form::raw(&pairs, "present"), form::raw(&pairs, "password"), &token)
    })
    .await?;
    Ok(to("/console/account?done=password"))
}

/// `POST /console/account/second-factor`: begin, confirm or remove.
pub(crate) async fn second_factor(console: web::Data<Console>, request: HttpRequest, pairs: FormPairs) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Viewer).await?;
    let (org, id) = (visit.org(), visit.user.id);
    let what = form::value(&pairs, "action").unwrap_or_default().to_owned();
    match what.as_str() {
        "begin" => {
            let enrolment = blocking(&console, move |engine| engine.begin_second_factor(org, id)).await?;
            Ok(layout::page(&visit, "Account", &content(&visit, None, Some(&enrolment))))
        }
        "confirm" => {
            let code = form::value(&pairs, "code").unwrap_or_default().to_owned();
            blocking(&console, move |engine| engine.confirm_second_factor(org, id, &code)).await?;
            Ok(to("/console/account?done=on"))
        }
        "remove" => {
            blocking(&console, move |engine| engine.remove_second_factor(org, id)).await?;
            Ok(to("/console/account?done=off"))
        }
        _ => Err(Failure::NotFound),
    }
}

/// `POST /console/account/sessions`: ends all other sessions.
pub(crate) async fn sessions(console: web::Data<Console>, request: HttpRequest, pairs: FormPairs) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Viewer).await?;
    let (org, id, token) = (visit.org(), visit.user.id, visit::token(&request));
    blocking(&console, move |engine| -> Result<(), EngineError> { engine.end_sessions(org, id, token.as_deref()) })
        .await?;
    Ok(to("/console/account?done=sessions"))
}

fn content(visit: &Visit, done: Option<&str>, enrolment: Option<&Enrolment>) -> Markup {
    html! {
        @if let Some(done) = done { div.note role="status" { p { (done) } } }
        (part::lead(&visit.user.name, &html! { p.soft { (visit.user.email) ", " (visit.user.role.as_str()) @if visit.may(Role::Admin) { ", " a href="/console/users" { "manage users" } } } }))
        div.two {
            section.panel { h2 { "Password" } (password_form(visit)) }
            section.panel { h2 { "Second factor" } (second_factor_form(visit, enrolment)) }
            section.panel { h2 { "Sessions" }
                p { "A session ends after an hour without use." }
                form method="post" action="/console/account/sessions" { (token(visit)) button { "Sign out all other browsers" } }
            }
        }
    }
}

fn password_form(visit: &Visit) -> Markup {
    html! {
        form method="post" action="/console/account/password" {
            (token(visit))
            div.field { label for="present" { "Present password" } input #present name="present" type="password" required autocomplete="current-password"; }
            div.field { label for="password" { "New password, at least 12 characters" } input #password name="password" type="password" required minlength="12" maxlength="256" autocomplete="new-password"; }
            button.main { "Change password" }
        }
    }
}

fn second_factor_form(visit: &Visit, enrolment: Option<&Enrolment>) -> Markup {
    html! {
        form method="post" action="/console/account/second-factor" {
            (token(visit))
            @if visit.user.second_factor {
                p { "A code of your authenticator app is asked for when you sign in." }
                button name="action" value="remove" { "Remove the second factor" }
            } @else if let Some(enrolment) = enrolment {
                p { "Add this secret to your authenticator app, by hand or by " a href=(enrolment.url) { "opening the app" } ", then type the code it shows." }
                p { code { (enrolment.secret) } }
                div.field { label for="code" { "Code" } input #code name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8" required; }
                button.main name="action" value="confirm" { "Turn it on" }
            } @else {
                p { "With an authenticator app, a stolen password is not enough to sign in." }
                button name="action" value="begin" { "Set it up" }
            }
        }
    }
}
