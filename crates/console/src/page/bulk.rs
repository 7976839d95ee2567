//! `/console/bucket/bulk`: one answer for many rows. First it is told what would be done and what would be left out, then it
//! is done with just those rows: what has come since is not touched.

use super::Answer;
use super::asked::Asked;
use crate::Console;
use crate::failure::Failure;
use crate::form::{self, FormPairs, QueryPairs};
use crate::format;
use crate::view::compare::sent_name;
use crate::view::layout::{self, token};
use crate::view::part;
use crate::visit::{Visit, action, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use std::collections::BTreeMap;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::policy::QUESTION_AT_MOST;
use tributary_contact::state::State;
use tributary_contact::{OrganizationId, RecordId};
use tributary_engine::{Bulk, BulkAction, BulkView, Engine, EngineError, MergeInto, TransactionView, User};
use tributary_store::{BucketOrder, NeedsUpdateFilter, Role};

/// Rows of one portion.
const PORTION: i64 = 500;
/// Rows that the preview names.
const NAMED: usize = 10;
/// What can be done, by its code.
const ACTIONS: [(&str, &str); 7] = [
    ("assign", "Give to somebody"),
    ("ask", "Ask the senders"),
    ("retry", "Send back to the next run"),
    ("merge_only", "Merge into the only candidate"),
    ("merge_best", "Merge into the best candidate"),
    ("create", "Make new contacts"),
    ("reject", "Reject"),
];

/// A portion before anything is done with it.
struct Preview {
    view: BulkView,
    named: Vec<TransactionView>,
}

/// The preview.
pub(crate) async fn show(console: web::Data<Console>, request: HttpRequest, query: QueryPairs) -> Answer {
    let visit = visit(&console, &request, Role::Reviewer).await?;
    let asked = Asked::of(&query, visit.user.id);
    let (org, who) = (visit.org(), visit.actor());
    let bulk = Bulk { action: wanted(&query)?, filter: oldest_first(&asked, &visit), dry_run: true, take: PORTION };
    let pairs = query.into_inner();
    let preview = blocking(&console, move |engine| {
        let view = engine.resolve_many(org, &bulk, &who)?;
        let named = named(engine, org, &view)?;
        Ok(Preview { view, named })
    })
    .await?;
    Ok(layout::page(&visit, "Preview", &content(&visit, &asked, &pairs, &preview)))
}

/// Does it, and tells what was done.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, pairs: FormPairs) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let asked = Asked::of(&pairs, visit.user.id);
    let (org, who) = (visit.org(), visit.actor());
    let up_to = form::value(&pairs, "up_to").and_then(|text| text.parse().ok()).map(RecordId);
    let up_to = Some(up_to.ok_or(Failure::NotFound)?);
    let filter = NeedsUpdateFilter { up_to, ..oldest_first(&asked, &visit) };
    let bulk = Bulk { action: wanted(&pairs)?, filter, dry_run: false, take: PORTION };
    let view = blocking(&console, move |engine| engine.resolve_many(org, &bulk, &who)).await?;
    Ok(layout::page(&visit, "Done", &done(&asked, &pairs, &view, up_to)))
}

/// Portions go by the order of receipt, whatever order the list has.
fn oldest_first(asked: &Asked, visit: &Visit) -> NeedsUpdateFilter {
    NeedsUpdateFilter { order: BucketOrder::Oldest, ..asked.filter(visit.now) }
}

fn wanted(pairs: &[(String, String)]) -> Result<BulkAction, Failure> {
    let text = |name| form::value(pairs, name).map(str::to_owned);
    match form::value(pairs, "action") {
        Some("assign") => match text("assignee") {
            Some(email) => Ok(BulkAction::Assign { assignee: Some(email).filter(|email| email != "none") }),
            None => Err(missing("Whose", "Choose who is to have the rows.")),
        },
        Some("ask") => text("question")
            .map(|question| BulkAction::Ask { question })
            .ok_or_else(|| missing("Question", "Write what the senders are asked.")),
        Some("retry") => Ok(BulkAction::Retry),
        Some("merge_only") => Ok(BulkAction::Merge { into: MergeInto::Only }),
        Some("merge_best") => Ok(BulkAction::Merge { into: MergeInto::Best }),
        Some("create") => Ok(BulkAction::Create),
        Some("reject") => Ok(BulkAction::Reject),
        _ => Err(missing("Action", "Choose what is to be done.")),
    }
}

fn missing(field: &str, message: &str) -> Failure {
    Failure::Invalid(vec![Issue::new(field, IssueCode::Required, message)])
}

fn named(engine: &Engine, org: OrganizationId, view: &BulkView) -> Result<Vec<TransactionView>, EngineError> {
    let rows = view.done.iter().take(NAMED).map(|done| engine.transaction(org, done.id));
    rows.filter_map(Result::transpose).collect()
}

/// The form below the list that leads to the preview.
pub(super) fn choice(asked: &Asked, total: &str, reviewers: &[User]) -> Markup {
    html! {
        details.panel.bulk {
            summary { "Do something with " @if total == "1" { "this row" } @else { "all " (total) " rows" } }
            p.soft { "You see first what would be done and what would be left out." }
            form action="/console/bucket/bulk" {
                @for (name, value) in asked.pairs() { input type="hidden" name=(name) value=(value); }
                fieldset { legend { "What" }
                    @for (code, name) in ACTIONS { label { input type="radio" name="action" value=(code) required; " " (name) } }
                }
                div.field { label for="bulk-assignee" { "Give to" } (part::assignees("bulk-assignee", reviewers, None)) }
                div.field { label for="bulk-question" { "Question to the senders" } textarea #bulk-question name="question" rows="2" maxlength=(QUESTION_AT_MOST) {} }
                button { "Preview" }
            }
        }
    }
}

fn action_name(pairs: &[(String, String)]) -> &'static str {
    let code = form::value(pairs, "action").unwrap_or_default();
    ACTIONS.iter().find(|(known, _)| *known == code).map_or("", |(_, name)| *name)
}

fn content(visit: &Visit, asked: &Asked, pairs: &[(String, String)], preview: &Preview) -> Markup {
    let view = &preview.view;
    let (count, seen) = (counted(view.done.len()), counted(view.done.len() + view.left.len()));
    html! {
        (part::lead(&format!("Preview: {}", action_name(pairs)), &html! { p.soft { "Nothing has been done yet." } }))
        section.panel { h2 { "What would be done" }
            p { "Of " (format::counted(view.matched, "row that is selected", "rows that are selected"))
                @if seen < view.matched { ", the first " (format::count(seen)) " by receipt" } ": "
                b { (format::count(count)) " would be done" } ", " b { (format::count(seen - count)) " left as they are" } "." }
            @if let Some(question) = form::value(pairs, "question").filter(|_| action_name(pairs) == "Ask the senders") { blockquote { (question) } }
            @if let Some(email) = form::value(pairs, "assignee").filter(|_| action_name(pairs) == "Give to somebody") {
                p { "To: " @if email == "none" { "nobody" } @else { (email) } }
            }
            @if count > 0 { (confirm(visit, asked, pairs, view)) }
            (left(view))
            (onward(asked, pairs, view.next))
        }
        @if !preview.named.is_empty() { section.panel { h2 { "Among them" } ul {
            @for row in &preview.named { li { a href=(part::review_path(row.id)) { (sent_name(&row.submission)) } " " span.soft { @if let Some(reason) = row.reason { (format::reason(reason)) } } } }
        } } }
    }
}

/// The same question again, for just the rows that were looked at.
fn confirm(visit: &Visit, asked: &Asked, pairs: &[(String, String)], view: &BulkView) -> Markup {
    let last = view.done.iter().map(|own| own.id).chain(view.left.iter().map(|own| own.id)).max();
    let given = ["action", "assignee", "question", "after"];
    html! {
        form method="post" action="/console/bucket/bulk" {
            (token(visit))
            @for (name, value) in asked.pairs() { input type="hidden" name=(name) value=(value); }
            @for name in given { @if let Some(value) = form::value(pairs, name) { input type="hidden" name=(name) value=(value); } }
            @if let Some(last) = last { input type="hidden" name="up_to" value=(last); }
            div.row {
                button.main { (action_name(pairs)) ": " (format::counted(counted(view.done.len()), "row", "rows")) }
                a.button href={ "/console/bucket?" (asked.query()) } { "Cancel" }
            }
        }
    }
}

fn left(view: &BulkView) -> Markup {
    let mut why: BTreeMap<&str, i64> = BTreeMap::new();
    for own in &view.left {
        *why.entry(own.why.sentence()).or_default() += 1;
    }
    html! {
        @if !why.is_empty() { table {
            thead { tr { th scope="col" { "Left as they are, since" } th.number scope="col" { "Rows" } } }
            tbody { @for (sentence, count) in &why { tr { td { (sentence) } td.number { (format::count(*count)) } } } }
        } }
    }
}

/// The preview of what comes after a portion.
fn onward(asked: &Asked, pairs: &[(String, String)], next: Option<RecordId>) -> Markup {
    let given =
        ["action", "assignee", "question"].into_iter().filter_map(|name| Some((name, form::value(pairs, name)?)));
    let given: String = given.map(|(name, value)| format!("{name}={}&", format::encoded(value))).collect();
    html! {
        @if let Some(next) = next {
            p { a.button href={ "/console/bucket/bulk?" (asked.query()) (given) "after=" (next) } { "Preview the rows after these" } }
        }
    }
}

fn done(asked: &Asked, pairs: &[(String, String)], view: &BulkView, up_to: Option<RecordId>) -> Markup {
    let mut states: BTreeMap<State, i64> = BTreeMap::new();
    for own in &view.done {
        *states.entry(own.state).or_default() += 1;
    }
    html! {
        (part::lead(action_name(pairs), &html! {}))
        section.panel {
            div.note role="status" { p {
                "Done with " (format::counted(counted(view.done.len()), "row", "rows"))
                @for (state, count) in &states { ", " (format::count(*count)) " " (format::state(*state)) }
                ". " (format::counted(counted(view.left.len()), "row was", "rows were")) " left as they are."
            } }
            (left(view))
            p.soft { "Each is a decision of its own, and can be taken back on the page of its row." }
            div.row {
                a.button href={ "/console/bucket?" (asked.query()) } { "Back to the bucket" }
                (onward(asked, pairs, up_to))
            }
        }
    }
}

fn counted(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
