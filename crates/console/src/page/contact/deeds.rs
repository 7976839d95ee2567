//! What can be done with a contact: the bar of its page, and the way back from a merge.

use crate::view::layout::token;
use crate::view::part;
use crate::visit::Visit;
use maud::{Markup, html};
use tributary_contact::ContactId;
use tributary_store::{ContactRow, Role};

/// The bar.
pub(super) fn bar(visit: &Visit, contact: &ContactRow) -> Markup {
    let path = part::contact_path(contact.id);
    let alone = contact.merged_into.is_none();
    html! {
        @if visit.may(Role::Reviewer) && alone {
            div.row.panel {
                @if !contact.archived {
                    a.button href={ (path) "/merge" } { "Merge with another contact" }
                    a.button href={ (path) "/duplicates" } { "Check duplicates" }
                }
                a.button href={ (path) "/consent" } { "Consent history" }
                @if visit.may(Role::Admin) { a.button href={ (path) "/export" } { "Export everything" } a.button href={ (path) "/erase" } { "Erase" } }
                (archiving(visit, contact))
            }
        }
    }
}

fn archiving(visit: &Visit, contact: &ContactRow) -> Markup {
    let path = format!("{}/archive", part::contact_path(contact.id));
    html! {
        @if contact.archived {
            form method="post" action=(path) { (token(visit)) button name="action" value="unarchive" { "Take out of the archive" } }
        } @else {
            details.menu { summary { "Archive" }
                form.stacked method="post" action=(path) {
                    (token(visit))
                    div.field { label for="reason" { "Why (kept with the change)" } input #reason name="reason" maxlength="400" autocomplete="off"; }
                    button name="action" value="archive" { "Archive it" }
                }
            }
        }
    }
}

/// The form that takes a merge back; the key presses it.
pub(crate) fn unmerge(visit: &Visit, merged: ContactId, key: Option<&str>) -> Markup {
    html! {
        form method="post" action={ (part::contact_path(merged)) "/unmerge" } {
            (token(visit))
            button data-key=[key] { "Unmerge" @if let Some(key) = key { " " kbd { (key) } } }
        }
    }
}

/// What was merged just now, with the way back.
pub(crate) fn merged_toast(visit: &Visit, survivor: ContactId, merged: ContactId) -> Markup {
    html! {
        div.note.toast role="status" {
            p { "Contact " a href=(part::contact_path(merged)) { (merged) } " was merged into " a href=(part::contact_path(survivor)) { "contact " (survivor) } "." }
            @if visit.may(Role::Reviewer) { (unmerge(visit, merged, Some("u"))) }
        }
    }
}
