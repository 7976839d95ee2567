//! `POST /console/sign-out`: ends the session.

use super::{Answer, to};
use crate::Console;
use crate::form::FormPairs;
use crate::visit::{self, SESSION, action, blocking, forgotten};
use actix_web::{HttpRequest, web};
use tributary_store::Role;

/// 303 to the sign-in page.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, pairs: FormPairs) -> Answer {
    action(&console, &request, &pairs, Role::Viewer).await?;
    if let Some(token) = visit::token(&request) {
        blocking(&console, move |engine| engine.end_session(&token)).await?;
    }
    let mut answer = to("/console/sign-in");
    let _ = answer.add_cookie(&forgotten(&request, SESSION));
    Ok(answer)
}
