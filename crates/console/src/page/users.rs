//! `/console/users`: who may sign in. For admins.

use super::{Answer, to};
use crate::Console;
use crate::failure::Failure;
use crate::form::{self, FormPairs};
use crate::format;
use crate::view::layout::{self, token};
use crate::view::part;
use crate::visit::{Visit, action, blocking, visit};
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};
use tributary_contact::UserId;
use tributary_engine::{Engine, EngineError, NewUser, User};
use tributary_store::Role;

/// A password that was made and is shown once.
struct Made {
    email: String,
    password: String,
}

/// `GET /console/users`
pub(crate) async fn show(console: web::Data<Console>, request: HttpRequest) -> Answer {
    let visit = visit(&console, &request, Role::Admin).await?;
    list(&console, &visit, None).await
}

/// `POST /console/users`: creates one; the page shows the password this once.
pub(crate) async fn create(console: web::Data<Console>, request: HttpRequest, pairs: FormPairs) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Admin).await?;
    let org = visit.org();
    let text = |name| form::value(&pairs, name).unwrap_or_default().to_owned();
    let role = Role::parse(&text("role")).ok_or(Failure::NotFound)?;
    let new = NewUser { email: text("email"), name: text("name"), role, password: None };
    let (user, password) = blocking(&console, move |engine| engine.create_user(org, new)).await?;
    let made = password.map(|password| Made { email: user.email, password });
    list(&console, &visit, made).await
}

/// `POST /console/users/{id}`: another role, disabled or enabled, a new password.
pub(crate) async fn change(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<i64>,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Admin).await?;
    let (org, id) = (visit.org(), UserId(*id));
    if id == visit.user.id {
        return Err(Failure::Conflict("Nobody changes their own role here: another admin can.".to_owned()));
    }
    let made = blocking(&console, move |engine| changed(engine, org, id, &pairs)).await?;
    match made {
        Some(made) => list(&console, &visit, Some(made)).await,
        None => Ok(to("/console/users")),
    }
}

fn changed(
    engine: &Engine,
    org: tributary_contact::OrganizationId,
    id: UserId,
    pairs: &[(String, String)],
) -> Result<Option<Made>, EngineError> {
    match form::value(pairs, "action") {
        Some("disable") => engine.set_disabled(org, id, true).map(|_| None),
        Some("enable") => engine.set_disabled(org, id, false).map(|_| None),
        Some("second_factor") => engine.remove_second_factor(org, id).map(|_| None),
        Some("role") => match form::value(pairs, "role").and_then(Role::parse) {
            Some(role) => engine.set_role(org, id, role).map(|_| None),
            None => Err(EngineError::NotFound),
        },
        Some("password") => {
            let user = engine.users(org)?.into_iter().find(|user| user.id == id).ok_or(EngineError::NotFound)?;
            let password = engine.set_password(org, id, None)?;
            Ok(password.map(|password| Made { email: user.email, password }))
        }
        _ => Err(EngineError::NotFound),
    }
}

async fn list(console: &Console, visit: &Visit, made: Option<Made>) -> Result<HttpResponse, Failure> {
    let org = visit.org();
    let users = blocking(console, move |engine| engine.users(org)).await?;
    Ok(layout::page(
        visit,
        "Users",
        &html! {
            (part::lead("Users", &html! {}))
            @if let Some(made) = made { div.note role="status" {
                p { "Password of " (made.email) ", shown this once: " code { (made.password) } }
            } }
            div.panel { table.stack {
                thead { tr { th scope="col" { "Name" } th scope="col" { "E-mail address" } th scope="col" { "Role" } th scope="col" { "Last sign-in" } th scope="col" { "Change" } } }
                tbody { @for user in &users { (line(visit, user)) } }
            } }
            (create_form(visit))
        },
    ))
}

fn line(visit: &Visit, user: &User) -> Markup {
    html! { tr {
        th scope="row" { (user.name) @if user.disabled_at.is_some() { " " span.tag.bad { "disabled" } } }
        td data-name="E-mail" { (user.email) }
        td data-name="Role" { (user.role.as_str()) @if user.second_factor { " " span.tag { "two factors" } } }
        td data-name="Last sign-in" { @match user.last_sign_in_at { Some(at) => { (format::time(at, visit.zone)) } None => { "never" } } }
        td { @if user.id == visit.user.id { "this is you" } @else { (change_form(visit, user)) } }
    } }
}

fn change_form(visit: &Visit, user: &User) -> Markup {
    html! {
        form.row method="post" action={ "/console/users/" (user.id) } {
            (token(visit))
            label.hidden for={ "role-" (user.id) } { "Role of " (user.name) }
            select id={ "role-" (user.id) } name="role" { @for role in Role::ALL { option selected[role == user.role] { (role.as_str()) } } }
            button name="action" value="role" { "Set role" }
            button name="action" value="password" { "New password" }
            @if user.second_factor { button name="action" value="second_factor" { "Remove second factor" } }
            @if user.disabled_at.is_some() { button name="action" value="enable" { "Enable" } }
            @else { button name="action" value="disable" { "Disable" } }
        }
    }
}

fn create_form(visit: &Visit) -> Markup {
    html! {
        section.panel { h2 { "New user" }
            form.filters method="post" action="/console/users" {
                (token(visit))
                div { label for="email" { "E-mail address" } input #email name="email" type="email" required maxlength="200" autocomplete="off"; }
                div { label for="name" { "Name" } input #name name="name" maxlength="200" autocomplete="off"; }
                div { label for="role" { "Role" } select #role name="role" { @for role in Role::ALL { option selected[role == Role::Reviewer] { (role.as_str()) } } } }
                button.main { "Create" }
            }
            p.soft { "A viewer sees everything, a reviewer decides the bucket and starts runs, an admin manages users too. A password is made and shown once." }
        }
    }
}
