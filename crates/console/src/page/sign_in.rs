//! Signing in. The form carries the value of a cookie of its own, so that nobody is signed in by another site.

use super::{Answer, to};
use crate::Console;
use crate::failure::Failure;
use crate::form::{self, FormPairs, Pairs, QueryPairs};
use crate::format;
use crate::view::layout;
use crate::visit::{self, TOKEN_FIELD, blocking, cookie, forgotten, same};
use actix_web::{HttpRequest, HttpResponse, web};
use maud::html;
use tributary_contact::OrganizationId;
use tributary_engine::{Credentials, NewSession, SignIn};
use tributary_store::SessionPurpose;

/// Name of the cookie that the form is bound to.
const FORM_COOKIE: &str = "tributary_form";

/// The form as it is shown again.
#[derive(Default)]
struct Shown<'a> {
    email: &'a str,
    next: &'a str,
    problem: Option<String>,
    /// Organizations to choose from.
    choices: Vec<(OrganizationId, String)>,
}

/// `GET /console/sign-in`
pub(crate) async fn show(request: HttpRequest, query: QueryPairs) -> Answer {
    form(&request, Shown { next: form::raw(&query, "next"), ..Shown::default() })
}

/// `POST /console/sign-in`: 303 to where they wanted to go, or the form again.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, pairs: FormPairs) -> Answer {
    let bound = request.cookie(FORM_COOKIE);
    if !bound.is_some_and(|cookie| same(cookie.value(), form::raw(&pairs, TOKEN_FIELD))) {
        return Err(Failure::Forged);
    }
    let outcome = examine(&console, &request, &pairs).await?;
    let shown = Shown { email: form::raw(&pairs, "email"), next: form::raw(&pairs, "next"), ..Shown::default() };
    let problem = |text: &str| Some(text.to_owned());
    match outcome {
        Outcome::In(session) => Ok(welcome(&request, &session, shown.next)),
        Outcome::Out(SignIn::CodeNeeded) => {
            form(&request, Shown { problem: problem("Give the password again, and the code of your app."), ..shown })
        }
        Outcome::Out(SignIn::Choose(ids)) => {
            let choices = blocking(&console, move |engine| {
                ids.into_iter().map(|id| Ok((id, engine.organization(id)?.name))).collect()
            });
            let problem = problem("You have a user in several organizations. Choose one.");
            form(&request, Shown { problem, choices: choices.await?, ..shown })
        }
        Outcome::Out(SignIn::Throttled { seconds }) => {
            let wait = format::counted(seconds / 60 + 1, "minute", "minutes");
            form(&request, Shown { problem: Some(format!("Too many tries. Wait {wait}, then try again.")), ..shown })
        }
        Outcome::Out(_) => {
            form(&request, Shown { problem: problem("E-mail address, password or code is not right."), ..shown })
        }
    }
}

enum Outcome {
    In(NewSession),
    Out(SignIn),
}

/// Checks the credentials and begins a session; one that was there before is ended, so that nobody plants theirs.
async fn examine(console: &Console, request: &HttpRequest, pairs: &Pairs) -> Result<Outcome, Failure> {
    let (pairs, origin, before) = (pairs.clone(), origin(request), visit::token(request));
    blocking(console, move |engine| {
        let outcome = engine.sign_in(&Credentials {
            organization: form::number(&pairs, "organization").map(OrganizationId),
            email: form::raw(&pairs, "email"),
            password: form::raw(&pairs, "password"),
            code: form::value(&pairs, "code"),
            origin: &origin,
        })?;
        let SignIn::Accepted(user) = outcome else { return Ok(Outcome::Out(outcome)) };
        if let Some(before) = before {
            engine.end_session(&before)?;
        }
        engine.begin_session(&user, SessionPurpose::Console).map(Outcome::In)
    })
    .await
}

fn welcome(request: &HttpRequest, session: &NewSession, next: &str) -> HttpResponse {
    // Only paths of our own: whoever made the link must not choose another site.
    let ours = next == "/console" || next.starts_with("/console/") || next.starts_with("/console?");
    let mut answer = to(if ours && !next.contains('\\') { next } else { "/console" });
    // A cookie of ours is always well formed; if it were not, they would be asked to sign in again.
    let _ = answer.add_cookie(&cookie(request, visit::SESSION, session.token.clone()));
    let _ = answer.add_cookie(&forgotten(request, FORM_COOKIE));
    answer
}

/// The network address for the throttle. Behind a proxy on this machine it is the one the proxy saw.
fn origin(request: &HttpRequest) -> String {
    let Some(peer) = request.peer_addr().map(|address| address.ip()) else { return String::new() };
    let header = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let seen = header.and_then(|list| list.rsplit(',').next()).map(str::trim).filter(|_| peer.is_loopback());
    seen.map_or_else(|| peer.to_string(), str::to_owned)
}

fn form(request: &HttpRequest, shown: Shown<'_>) -> Answer {
    let mut random = [0_u8; 24];
    getrandom::fill(&mut random).map_err(|_| Failure::Internal)?;
    let token = hex::encode(random);
    let page = layout::bare(
        "Sign in",
        html! {
            h1 { "Sign in to Tributary" }
            @if let Some(problem) = &shown.problem { div.note.needs role="alert" { p { (problem) } } }
            form method="post" action="/console/sign-in" {
                input type="hidden" name=(TOKEN_FIELD) value=(token);
                input type="hidden" name="next" value=(shown.next);
                div.field { label for="email" { "E-mail address" } input #email name="email" type="email" value=(shown.email) required autocomplete="username" autofocus; }
                div.field { label for="password" { "Password" } input #password name="password" type="password" required autocomplete="current-password"; }
                div.field {
                    label for="code" { "Code of your app, if you use one" }
                    input #code name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8";
                }
                @if !shown.choices.is_empty() { div.field {
                    label for="organization" { "Organization" }
                    select #organization name="organization" { @for (id, name) in &shown.choices { option value=(id) { (name) } } }
                } }
                button.main { "Sign in" }
            }
        },
    );
    let mut answer = layout::answer(&page);
    let _ = answer.add_cookie(&cookie(request, FORM_COOKIE, token));
    Ok(answer)
}
