//! `POST /console/contacts/{id}/archive`: archives a contact, or takes it back.

use crate::Console;
use crate::failure::Failure;
use crate::form::{self, FormPairs};
use crate::page::{Answer, to};
use crate::view::part;
use crate::visit::{action, blocking};
use actix_web::{HttpRequest, web};
use tributary_contact::ContactId;
use tributary_store::Role;

/// 303 to the contact.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<i64>,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, id, who) = (visit.org(), ContactId(*id), visit.actor());
    let archived = match form::value(&pairs, "action") {
        Some("archive") => true,
        Some("unarchive") => false,
        _ => return Err(Failure::NotFound),
    };
    blocking(&console, move |engine| {
        engine.archive_contact(org, &who, id, archived, form::value(&pairs, "reason").filter(|_| archived))
    })
    .await?;
    Ok(to(&part::contact_path(id)))
}
