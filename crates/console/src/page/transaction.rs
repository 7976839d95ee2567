//! `GET /console/transactions/{id}`: what was sent, what became of it, and every decision with its evidence.

use super::{Answer, record};
use crate::Console;
use crate::failure::Failure;
use crate::form::{self, QueryPairs};
use crate::format;
use crate::view::compare::sent_name;
use crate::view::waterfall::waterfall;
use crate::view::{layout, part};
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use serde_json::Value;
use tributary_contact::Submission;
use tributary_contact::flat::to_flat;
use tributary_contact::state::State;
use tributary_engine::{Account, TransactionView, policy_name};
use tributary_store::{DecisionRow, Role};

/// The page.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<String>,
    query: QueryPairs,
) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let (org, id) = (visit.org(), record(&id)?);
    let row = blocking(&console, move |engine| engine.transaction(org, id)).await?.ok_or(Failure::NotFound)?;
    let done = form::value(&query, "done").is_some();
    Ok(layout::page(&visit, "Transaction", &content(&visit, &row, done)))
}

fn content(visit: &Visit, row: &TransactionView, done: bool) -> Markup {
    html! {
        @if done { (part::toast(visit, row)) }
        (part::lead(&sent_name(&row.submission), &html! { div.row {
            (part::state(row.state))
            @if visit.may(Role::Reviewer) && !done { (part::undo(visit, row, true)) }
            @if row.state == State::NeedsUpdate { a.button href=(part::review_path(row.id)) data-key="Enter" { "Review " kbd { "Enter" } } }
            @else if done { a.button href="/console/bucket" { "Back to the bucket" } }
        } }))
        div.two {
            section.panel { h2 { "What was sent" } (values(row.as_sent())) }
            section.panel { h2 { "What became of it" } (fate(visit, row)) }
        }
        @for decision in row.decisions.iter().rev() { (one(visit, decision, row.correction(decision.number))) }
    }
}

fn fate(visit: &Visit, row: &TransactionView) -> Markup {
    html! {
        dl.pairs {
            dt { "State" } dd { (format::state(row.state)) @if let Some(level) = row.level { " " (format::level(level)) } }
            @if let Some(reason) = row.reason { dt { "Why" } dd { (reason.sentence()) } }
            @if let Some(id) = row.contact { dt { "Contact" } dd { a href=(part::contact_path(id)) { (id) } } }
            dt { "Received" } dd { (format::time(row.received_at, visit.zone)) }
            @if let Some(at) = row.decided_at { dt { "Decided" } dd { (format::time(at, visit.zone)) } }
            @if let Some(run) = row.run { dt { "Run" } dd { a href={ "/console/runs/" (run) } { (run) } } }
            @if let Some(key) = row.key_id { dt { "API key" } dd { (key) } }
            dt { "Id" } dd { span.id { (row.id) } }
        }
    }
}

fn values(submission: &Submission) -> Markup {
    html! { dl.pairs { @for (name, value) in to_flat(submission) { dt { (format::words(&name)) } dd { (shown(&value)) } } } }
}

fn one(visit: &Visit, decision: &DecisionRow, correction: Option<&Submission>) -> Markup {
    html! {
        section.panel {
            h2 { "Decision " (decision.number) ": " (format::state(decision.outcome)) @if decision.undone_at.is_some() { " (taken back)" } }
            p.soft { "by " (decision.actor) ", " (format::time(decision.decided_at, visit.zone)) ", weights " (decision.weights_version) ", policy " (policy_name(decision.policy)) }
            @if let Some(reason) = decision.reason { p { (reason.sentence()) } }
            @if let Some(correction) = correction { h3 { "Corrected to" } (values(correction)) }
            @for account in Account::of_decision(decision) {
                h3 { "Contact " a href=(part::contact_path(account.contact)) { (account.contact) } ": " (format::share(account.probability)) " the same person" }
                (waterfall(&account))
            }
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
