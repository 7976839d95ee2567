//! `POST /console/contacts/{id}/not-duplicate`: two contacts are two, or that is taken back. What was said is listed on the
//! page of the contact.

use crate::Console;
use crate::failure::Failure;
use crate::form::{self, FormPairs};
use crate::format;
use crate::page::{Answer, to};
use crate::view::layout::token;
use crate::view::part;
use crate::visit::{Visit, action, blocking};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_contact::ContactId;
use tributary_engine::{EngineError, NotDuplicate, NotThis};
use tributary_store::{NotDuplicateRow, Other, Role};

/// 303 to the contact.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<i64>,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, id, who) = (visit.org(), ContactId(*id), visit.actor());
    let (revoked, other) = (form::number(&pairs, "revoke"), form::number(&pairs, "other").map(ContactId));
    if revoked.or(other.map(|id| id.0)).is_none() {
        return Err(Failure::NotFound);
    }
    blocking(&console, move |engine| match (revoked, other) {
        (Some(number), _) => {
            // Another organization's contact is not there, whatever the number is.
            engine.contact(org, id)?.ok_or(EngineError::NotFound)?;
            engine.revoke_not_duplicate(org, &who, number)
        }
        (None, Some(other)) => engine.say_not_duplicate(org, &who, &said(id, other, &pairs)).map(drop),
        (None, None) => Err(EngineError::NotFound),
    })
    .await?;
    Ok(to(&part::contact_path(id)))
}

/// What a form says.
pub(crate) fn said(contact: ContactId, other: ContactId, pairs: &[(String, String)]) -> NotDuplicate {
    NotDuplicate {
        contact,
        other: NotThis::Contact(other),
        until_more_is_known: form::value(pairs, "until_more_is_known").is_some(),
        note: form::value(pairs, "note").map(str::to_owned),
    }
}

/// Everything that was said of the contact, also what was taken back.
pub(super) fn list(visit: &Visit, contact: ContactId, marks: &[NotDuplicateRow]) -> Markup {
    html! {
        table.stack {
            thead { tr { @for head in ["It is not", "Said by", "When", "Action"] { th scope="col" { (head) } } } }
            tbody { @for mark in marks { tr {
                th scope="row" { (other(contact, mark)) @if mark.known.is_some() { " " span.soft { "until more is known" } } @if let Some(note) = &mark.note { p.soft { (note) } } }
                td data-name="Said by" { (mark.actor) }
                td data-name="When" { (format::time(mark.created_at, visit.zone)) }
                td { @match &mark.revoked {
                    Some((by, at)) => { span.soft { "taken back by " (by) ", " (format::time(*at, visit.zone)) } }
                    None => { @if visit.may(Role::Reviewer) { (take_back(visit, contact, mark.id)) } }
                } }
            } } }
        }
    }
}

fn other(contact: ContactId, mark: &NotDuplicateRow) -> Markup {
    html! {
        @match &mark.other {
            Other::Contact(other) => {
                @let other = if *other == contact { mark.contact } else { *other };
                a href=(part::contact_path(other)) { "contact " (other) }
            }
            Other::Reference(reference) => { "what " (reference.source) " calls " span.id { (reference.id) } }
            Other::Transaction(id) => { a href=(part::transaction_path(*id)) { "a submission" } }
        }
    }
}

fn take_back(visit: &Visit, contact: ContactId, mark: i64) -> Markup {
    html! {
        form method="post" action={ (part::contact_path(contact)) "/not-duplicate" } {
            (token(visit))
            input type="hidden" name="revoke" value=(mark);
            button.small { "Take back" }
        }
    }
}
