//! `/console/contacts/{id}/erase`: erases a contact for good, after its number was typed. For admins.

use crate::Console;
use crate::failure::Failure;
use crate::form::{self, FormPairs};
use crate::format;
use crate::page::Answer;
use crate::view::layout::{self, token};
use crate::view::part;
use crate::visit::{Visit, action, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_contact::ContactId;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_engine::{EngineError, Erasure};
use tributary_store::{ContactRow, Role};

/// Says what goes, and asks for the number.
pub(crate) async fn show(console: web::Data<Console>, request: HttpRequest, id: web::Path<i64>) -> Answer {
    let visit = visit(&console, &request, Role::Admin).await?;
    let (org, id) = (visit.org(), ContactId(*id));
    let contact = blocking(&console, move |engine| engine.contact(org, id)?.ok_or(EngineError::NotFound)).await?;
    Ok(layout::page(&visit, "Erase a contact", &content(&visit, &contact)))
}

/// Erases it, and tells what went.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<i64>,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Admin).await?;
    let (org, id, who) = (visit.org(), ContactId(*id), visit.actor());
    if form::number(&pairs, "number") != Some(id.0) {
        // Whose contact it is comes before what was typed.
        blocking(&console, move |engine| engine.contact(org, id)?.ok_or(EngineError::NotFound)).await?;
        let message = "Type the number of the contact to confirm. Nothing was erased.";
        return Err(Failure::Invalid(vec![Issue::new("Number", IssueCode::InvalidValue, message)]));
    }
    let reason = form::value(&pairs, "reason").unwrap_or_default().to_owned();
    let erasure = blocking(&console, move |engine| engine.erase_contact(org, &who, id, &reason)).await?;
    Ok(layout::page(&visit, "Erased", &erased(&erasure)))
}

fn content(visit: &Visit, contact: &ContactRow) -> Markup {
    let path = part::contact_path(contact.id);
    html! {
        (part::lead("Erase a contact", &html! { p { a href=(path) { (part::name(contact)) ", contact " (contact.id) } } }))
        div.note.bad { p { b { "This cannot be taken back. " } "The contact goes with all its people, everything that was sent about it, and all contacts that were merged into it. That there were rows, and what became of them, stays. Hashes keep the next submission from bringing the person back without somebody looking." } }
        form.panel method="post" action={ (path) "/erase" } {
            (token(visit))
            div.field { label for="reason" { "Why (kept for good: put nothing about the person into it)" } input #reason name="reason" required maxlength="1000" autocomplete="off"; }
            div.field { label for="number" { "Type the number of the contact, " (contact.id) ", to confirm" } input #number name="number" required inputmode="numeric" autocomplete="off"; }
            div.row { button.danger { "Erase for good" } a.button href=(path) { "Cancel" } a.button href={ (path) "/export" } { "Export everything first" } }
        }
    }
}

fn erased(erasure: &Erasure) -> Markup {
    let counts = &erasure.counts;
    let lines = [
        ("Submissions", counts.transactions + counts.loose_transactions),
        ("Direct records", counts.direct_records),
        ("Changes blanked in the audit", counts.changes),
        ("Events blanked", counts.events),
        ("Hashes kept", counts.hashes),
    ];
    html! {
        (part::lead("Erased", &html! {}))
        section.panel {
            div.note role="status" { p { "Contact " (erasure.row.contact) " was erased" @for merged in &erasure.merged { ", with contact " (merged) } "." } }
            dl.pairs { @for (name, count) in lines { dt { (name) } dd { (format::count(i64::try_from(count).unwrap_or(i64::MAX))) } } }
            @if !erasure.left.is_empty() {
                h2 { "Rows that may be about somebody else" }
                p { "They share something with the contact and wait as before. Decide them one by one." }
                ul { @for row in &erasure.left { li { a.id href=(part::review_path(*row)) { (row) } } } }
            }
        }
    }
}
