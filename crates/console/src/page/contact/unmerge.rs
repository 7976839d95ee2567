//! `POST /console/contacts/{id}/unmerge`: takes the merge of a contact into another one back, and tells what is not as it was.

use crate::Console;
use crate::form::FormPairs;
use crate::page::Answer;
use crate::view::{layout, part};
use crate::visit::{action, blocking};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_contact::ContactId;
use tributary_engine::{LeftoverKind, UnmergeView};
use tributary_store::{ContactRow, Role};

/// 200 with both contacts.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<i64>,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, id, who) = (visit.org(), ContactId(*id), visit.actor());
    let view = blocking(&console, move |engine| engine.unmerge_contacts(org, &who, id, None)).await?;
    Ok(layout::page(&visit, "Unmerged", &content(&view)))
}

fn content(view: &UnmergeView) -> Markup {
    html! {
        (part::lead("Unmerged", &html! {}))
        section.panel {
            div.note role="status" { p { "The merge was taken back. " (link(view.contact.as_ref())) " and " (link(view.survivor.as_ref())) " stand for themselves again." } }
            @if view.leftovers.is_empty() { p { "Both are what they were before the merge." } }
            @else {
                h2 { "What is not as it was" }
                table.stack {
                    thead { tr { th scope="col" { "What" } th scope="col" { "Record" } } }
                    tbody { @for own in &view.leftovers { tr { th scope="row" { (sentence(own.kind)) } td { (record(own.kind, own.record)) } } } }
                }
            }
        }
    }
}

fn link(contact: Option<&ContactRow>) -> Markup {
    html! {
        @match contact {
            Some(row) => { a href=(part::contact_path(row.id)) { (part::name(row)) " (" (row.id) ")" } }
            None => { "a contact all of whose submissions were taken back" }
        }
    }
}

/// Submissions have a page, direct changes do not.
fn record(kind: LeftoverKind, id: tributary_contact::RecordId) -> Markup {
    let sent = matches!(kind, LeftoverKind::TakenBack | LeftoverKind::StayedSubmission);
    html! { @if sent { a.id href=(part::transaction_path(id)) { (id) } } @else { span.id { (id) } } }
}

const fn sentence(kind: LeftoverKind) -> &'static str {
    match kind {
        LeftoverKind::TakenBack => "A submission was taken back since the merge, and stays so.",
        LeftoverKind::WentAlong => "What came since went with the reference or the person it is about.",
        LeftoverKind::StayedSubmission => "A submission that came since stays with the survivor.",
        LeftoverKind::StayedChange => "A change made since stays with the survivor.",
        LeftoverKind::OptOutKept => "An opt-out said since the merge holds for both.",
    }
}
