//! Every change of a contact as a timeline, the latest first.

use super::{CHANGES, Shown};
use crate::format;
use crate::view::beside::path_words;
use crate::view::part;
use crate::visit::Visit;
use maud::{Markup, html};
use serde_json::Value;
use tributary_contact::diff::Change;
use tributary_engine::HistoryEntry;
use tributary_store::AuditRow;

/// The timeline.
pub(super) fn list(visit: &Visit, shown: &Shown) -> Markup {
    let changes = &shown.history.changes;
    let size = i64::try_from(CHANGES).unwrap_or(i64::MAX);
    let page = i64::try_from(shown.page).unwrap_or_default();
    html! {
        ol.history { @for entry in &changes.list { (one(visit, entry)) } }
        (part::pages(&part::contact_path(shown.of.contact.id), "", page, size, changes.total))
    }
}

fn one(visit: &Visit, entry: &HistoryEntry) -> Markup {
    let row = &entry.audit;
    html! { li {
        h3 { (deed(row)) }
        p.soft { (format::time(row.at, visit.zone)) ", version " (row.version)
            @if let Some(run) = row.run { ", " a href={ "/console/runs/" (run) } { "run " (run) } }
            @if let Some(record) = row.record.filter(|id| is_submission(row) && !id.0.is_nil()) { ", " a href=(part::transaction_path(record)) { "submission" } }
        }
        (changed(&entry.changes))
    } }
}

/// Whether the record that caused a change came through the batch; direct ones have no page.
fn is_submission(row: &AuditRow) -> bool {
    matches!(row.action.as_str(), "merge" | "undo" | "undoRun") || (row.action == "create" && row.run.is_some())
}

/// What was done and by whom, in words.
fn deed(row: &AuditRow) -> String {
    let what = match row.action.as_str() {
        "create" => "Created",
        "merge" => "Merged",
        "load" => return "Loaded from a file".to_owned(),
        "undo" | "undoRun" => "Taken back",
        "edit" => "Edited",
        "archive" => "Archived",
        "unarchive" => "Taken out of the archive",
        "mergeContact" => "Another contact merged into it",
        "mergedAway" => "Merged away",
        "unmergeContact" => "A merge into it taken back",
        "unmerged" => "Its merge taken back",
        other => return format!("{} by {}", format::words(other), row.actor),
    };
    format!("{what} by {}", row.actor)
}

/// Values before and after, folded away.
pub(crate) fn changed(changes: &[Change]) -> Markup {
    html! {
        @if !changes.is_empty() {
            details { summary { (format::counted(i64::try_from(changes.len()).unwrap_or_default(), "value", "values")) " changed" } (table(changes)) }
        }
    }
}

/// Values before and after.
pub(crate) fn table(changes: &[Change]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Changed values" { table {
            thead { tr { th scope="col" { "Value" } th scope="col" { "Before" } th scope="col" { "After" } } }
            tbody { @for change in changes { tr { th scope="row" { (path_words(&change.field)) } td { (text(change.before.as_ref())) } td { (text(change.after.as_ref())) } } } }
        } }
    }
}

/// A changed value: a text, or the values of a method or an address.
fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Object(map)) => map
            .iter()
            .filter(|(name, value)| map.len() == 1 || name.as_str() != "id" || !value.is_number())
            .map(|(name, value)| format!("{}: {}", format::words(name), text(Some(value))))
            .collect::<Vec<_>>()
            .join(", "),
        Some(Value::Array(list)) => list.iter().map(|one| text(Some(one))).collect::<Vec<_>>().join("; "),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_is_told_in_words() {
        assert_eq!(text(Some(&json!([{"source": "crm", "id": "c1"}]))), "Id: c1, Source: crm");
        assert_eq!(text(Some(&json!({"id": 5, "type": "Home Email"}))), "Type: Home Email");
        assert_eq!(text(Some(&json!({"id": 5}))), "Id: 5");
        assert_eq!(text(None), "–");
    }
}
