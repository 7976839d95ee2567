//! `GET /console/contacts/{id}/duplicates`: who on file may be the same, by the matcher of the batch, asked now.

use crate::Console;
use crate::page::{Answer, merging};
use crate::view::waterfall::waterfall;
use crate::view::{layout, part};
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_contact::ContactId;
use tributary_engine::{DuplicateCandidate, Duplicates};
use tributary_store::Role;

/// The page.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, id: web::Path<i64>) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let (org, id) = (visit.org(), ContactId(*id));
    let found = blocking(&console, move |engine| engine.duplicates_of(org, id)).await?;
    Ok(layout::page(&visit, "Duplicates", &content(&visit, id, &found)))
}

fn content(visit: &Visit, id: ContactId, found: &Duplicates) -> Markup {
    html! {
        (part::lead("Who may be the same", &html! { p { "as " a href=(part::contact_path(id)) { "contact " (id) } ", by weights " (found.weights_version) } }))
        @if found.candidates.is_empty() { (part::empty("Nobody comes near it", "No other contact shares enough with this one.")) }
        @for candidate in &found.candidates { (card(visit, id, candidate)) }
    }
}

fn card(visit: &Visit, id: ContactId, candidate: &DuplicateCandidate) -> Markup {
    let other = &candidate.contact;
    let path = part::contact_path(id);
    html! {
        section.panel.candidate {
            h2 {
                span { a href=(part::contact_path(other.id)) { (part::name(other)) } " " span.soft { "contact " (other.id) ", " (candidate.band.as_str()) } }
                (merging::sure(candidate.account.probability))
            }
            (waterfall(&candidate.account))
            p.soft { (candidate.account.sentence) }
            @if visit.may(Role::Reviewer) {
                div.row {
                    a.button href={ (path) "/merge?with=" (other.id) } { "Look at the merge" }
                    form method="post" action={ (path) "/not-duplicate" } {
                        (layout::token(visit))
                        input type="hidden" name="other" value=(other.id);
                        button { "Not a duplicate" }
                    }
                }
            }
        }
    }
}
