//! Small pieces that several pages share.

use crate::format;
use crate::view::layout::token;
use crate::visit::Visit;
use maud::{Markup, html};
use tributary_contact::state::State;
use tributary_contact::{ContactId, OrganizationId, RecordId};
use tributary_engine::{Engine, EngineError, TransactionView, User};
use tributary_store::{ContactRow, Role};

/// The head of a page: its title and what stands beside it.
pub(crate) fn lead(title: &str, beside: &Markup) -> Markup {
    html! { div.lead { h1 { (title) } (beside) } }
}

/// A state as a tag.
pub(crate) fn state(state: State) -> Markup {
    let class = match state {
        State::NeedsUpdate => "tag needs",
        State::Rejected => "tag bad",
        State::Created | State::Merged => "tag good",
        State::Held | State::Unchanged => "tag",
    };
    html! { span class=(class) { (format::state(state)) } }
}

/// What a page has in place of an empty list.
pub(crate) fn empty(title: &str, advice: &str) -> Markup {
    html! { div.panel.empty { h2 { (title) } p { (advice) } } }
}

/// What became of a row that was just decided, with the way back.
pub(crate) fn toast(visit: &Visit, row: &TransactionView) -> Markup {
    html! {
        div.note.toast role="status" {
            p {
                @match (row.state, row.contact) {
                    (State::NeedsUpdate, _) => { "Taken back. The row waits again." }
                    (State::Held, _) => { "Sent back to the next run." }
                    (state, Some(contact)) => { "Row " (format::state(state)) ": contact " a href=(contact_path(contact)) { (contact) } "." }
                    (state, None) => { "Row " (format::state(state)) "." }
                }
            }
            @if visit.may(Role::Reviewer) { (undo(visit, row, true)) }
        }
    }
}

/// The form that takes the decision about a row back, when there is one.
pub(crate) fn undo(visit: &Visit, row: &TransactionView, key: bool) -> Markup {
    let decided = matches!(row.state, State::Created | State::Merged | State::Unchanged | State::Rejected);
    html! {
        @if decided {
            form method="post" action={ (transaction_path(row.id)) "/undo" } {
                (token(visit))
                button data-key=[key.then_some("u")] { "Undo" @if key { " " kbd { "u" } } }
            }
        }
    }
}

/// Links to the page before and after this one of a list; `query` has the other filters.
pub(crate) fn pages(path: &str, query: &str, page: i64, size: i64, total: i64) -> Markup {
    let last = (total.max(1) - 1) / size;
    let link = |page: i64| format!("{path}?{query}page={page}");
    html! {
        @if last > 0 {
            nav.row aria-label="Pages" {
                @if page > 0 { a.button rel="prev" href=(link(page - 1)) { "Previous" } }
                span { "Page " (format::count(page + 1)) " of " (format::count(last + 1)) }
                @if page < last { a.button rel="next" href=(link(page + 1)) { "Next" } }
            }
        }
    }
}

/// Name of a contact on file.
pub(crate) fn name(contact: &ContactRow) -> &str {
    contact.golden.fields.get(&tributary_contact::Field::Name).map_or("(no name)", String::as_str)
}

/// Page of a contact.
pub(crate) fn contact_path(id: ContactId) -> String {
    format!("/console/contacts/{id}")
}

/// Page of a transaction.
pub(crate) fn transaction_path(id: RecordId) -> String {
    format!("/console/transactions/{id}")
}

/// Page of a row of the bucket.
pub(crate) fn review_path(id: RecordId) -> String {
    format!("/console/bucket/{id}")
}

/// The users who may decide rows, by name.
pub(crate) fn reviewers(engine: &Engine, org: OrganizationId) -> Result<Vec<User>, EngineError> {
    let mut users = engine.users(org)?;
    users.retain(|user| user.disabled_at.is_none() && user.role >= Role::Reviewer);
    users.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(users)
}

/// A choice of whom rows are given to, by address; nobody is `none`.
pub(crate) fn assignees(id: &str, reviewers: &[User], present: Option<&str>) -> Markup {
    html! {
        select id=(id) name="assignee" {
            option value="none" { "Nobody" }
            @for user in reviewers { option value=(user.email) selected[present == Some(user.email.as_str())] { (user.name) } }
        }
    }
}
