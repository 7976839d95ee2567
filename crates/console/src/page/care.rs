//! Who looks at a row, and what its sender is asked. `POST /console/bucket/{id}/assign` and `…/ask`.

use super::asked::Asked;
use super::review::Shown;
use super::{Answer, record, to};
use crate::Console;
use crate::form::{self, FormPairs, QueryPairs};
use crate::format;
use crate::view::layout::token;
use crate::view::part;
use crate::visit::{Visit, action, blocking};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_contact::policy::QUESTION_AT_MOST;
use tributary_engine::TransactionView;
use tributary_store::{ReviewAction, ReviewStepRow, Role};

/// Gives the row to somebody, or nobody: 303 to the row.
pub(crate) async fn assign(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<String>,
    query: QueryPairs,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, id, who) = (visit.org(), record(&id)?, visit.actor());
    let asked = Asked::of(&query, visit.user.id);
    blocking(&console, move |engine| {
        let email = form::value(&pairs, "assignee").filter(|email| *email != "none");
        engine.assign(org, id, email, &who).map(drop)
    })
    .await?;
    Ok(to(&asked.review(id)))
}

/// Asks the sender: 303 to the row.
pub(crate) async fn ask(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<String>,
    query: QueryPairs,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, id, who) = (visit.org(), record(&id)?, visit.actor());
    let asked = Asked::of(&query, visit.user.id);
    blocking(&console, move |engine| {
        engine.ask_sender(org, id, form::value(&pairs, "question").unwrap_or_default(), &who).map(drop)
    })
    .await?;
    Ok(to(&asked.review(id)))
}

/// What was asked, and the answer when there is one.
pub(super) fn question(row: &TransactionView) -> Markup {
    html! { @if let Some(question) = &row.review.question {
        div.note {
            p { "The sender was asked: " (question.text) }
            p { @match question.answered_by {
                Some(answer) => { "It has sent the contact again since: " a href=(part::transaction_path(answer)) { "the answer" } "." }
                None => { "It has not sent the contact again yet." }
            } }
        }
    } }
}

/// Takes a row that is nobody's.
pub(super) fn mine(visit: &Visit, shown: &Shown) -> Markup {
    html! { @if shown.item.transaction.review.assignee.is_none() {
        form method="post" action=(path(shown, "assign")) {
            (token(visit))
            input type="hidden" name="assignee" value=(visit.user.email);
            button data-key="i" { "Give to me " kbd { "i" } }
        }
    } }
}

/// The forms and the steps so far.
pub(super) fn panel(visit: &Visit, shown: &Shown) -> Markup {
    html! {
        div.two {
            @if visit.may(Role::Reviewer) { section.panel { h2 { "Ask around" } (forms(visit, shown)) } }
            section.panel { h2 { "Steps so far" } (steps(visit, &shown.item.steps)) }
        }
    }
}

fn forms(visit: &Visit, shown: &Shown) -> Markup {
    let present = shown.item.transaction.review.assignee.as_ref().map(|own| own.email.as_str());
    html! {
        form method="post" action=(path(shown, "assign")) {
            (token(visit))
            div.field { label for="assignee" { "Who looks at it" } div.row { (part::assignees("assignee", &shown.reviewers, present)) button { "Give" } } }
        }
        form method="post" action=(path(shown, "ask")) {
            (token(visit))
            div.field {
                label for="question" { "Question to the sender" }
                textarea #question name="question" rows="3" maxlength=(QUESTION_AT_MOST) required {}
                p.soft { "The sender sees it with the status of the row. Write nothing that is known of anybody else." }
            }
            button { "Ask" }
        }
    }
}

fn steps(visit: &Visit, steps: &[(ReviewStepRow, Option<String>)]) -> Markup {
    html! {
        @if steps.is_empty() { p { "Nobody was given it, and nothing was asked." } }
        @else { ol.history { @for (step, email) in steps { li {
            p { (deed(step, email.as_deref())) @if let Some(question) = &step.question { ": " (question) } }
            p.soft { (step.actor) ", " (format::time(step.at, visit.zone)) }
        } } } }
    }
}

fn deed(step: &ReviewStepRow, email: Option<&str>) -> String {
    match step.action {
        ReviewAction::Assign => format!("Given to {}", email.unwrap_or("somebody")),
        ReviewAction::Unassign => "Made nobody’s".to_owned(),
        ReviewAction::Ask => "The sender was asked".to_owned(),
    }
}

fn path(shown: &Shown, verb: &str) -> String {
    format!("{}/{verb}?{}", part::review_path(shown.item.transaction.id), shown.asked.query())
}
