//! `/console/bucket/{id}/edit`: corrects a submission and sends it back to the next run.

use super::asked::Asked;
use super::{Answer, record, to};
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
use serde_json::{Map, Value};
use tributary_contact::flat::{FlatContext, parse_flat, to_flat};
use tributary_contact::{RecordId, Submission};
use tributary_engine::{EngineError, Resolution};
use tributary_store::Role;

/// Fields that are always offered; others are when the submission has them.
const OFFERED: [&str; 14] = [
    "referenceSource",
    "referenceId",
    "title",
    "firstName",
    "middleName",
    "lastName",
    "suffix",
    "email",
    "phone",
    "address1",
    "city",
    "state",
    "postal",
    "country",
];
/// A field of the form that is a field of the submission.
const PREFIX: &str = "sent_";

/// The form.
pub(crate) async fn show(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<String>,
    query: QueryPairs,
) -> Answer {
    let visit = visit(&console, &request, Role::Reviewer).await?;
    let (org, id) = (visit.org(), record(&id)?);
    let item = blocking(&console, move |engine| engine.needs_update_item(org, id)).await?.ok_or(Failure::NotFound)?;
    let sent = &item.transaction.submission;
    Ok(layout::page(&visit, "Edit and retry", &content(&visit, id, sent, &Asked::of(&query, visit.user.id))))
}

/// Stores the correction: 303 to the next row.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<String>,
    query: QueryPairs,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, id, actor) = (visit.org(), record(&id)?, visit.actor());
    let asked = Asked::of(&query, visit.user.id);
    let next = blocking(&console, move |engine| {
        let item = engine.needs_update_item(org, id)?.ok_or(EngineError::NotFound)?;
        let submission = corrected(&item.transaction.submission, &pairs, &engine.catalogue(org)?.flat())?;
        engine.resolve(org, id, Resolution::Retry { submission: Some(Box::new(submission)) }, &actor)?;
        let next = asked.next(engine, org, id)?;
        Ok(asked.onward(next, id))
    })
    .await?;
    Ok(to(&next))
}

/// The submission in flat form with the form's values in place of its own. What the form does not show stays.
fn corrected(
    sent: &Submission,
    pairs: &[(String, String)],
    context: &FlatContext<'_>,
) -> Result<Submission, EngineError> {
    let mut flat = to_flat(sent);
    for (name, _) in pairs.iter().filter(|(name, _)| name.starts_with(PREFIX)) {
        let field = name.trim_start_matches(PREFIX);
        match form::value(pairs, name) {
            Some(value) => flat.insert(field.to_owned(), Value::from(value)),
            None => flat.remove(field),
        };
    }
    let parsed = parse_flat(&Value::Object(flat), context).map_err(EngineError::Invalid)?;
    Ok(parsed.submission)
}

/// Fields that can be typed: texts, numbers and flags, not lists.
fn fields(flat: &Map<String, Value>) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let offered = OFFERED.iter().map(|name| ((*name).to_owned(), flat.get(*name).and_then(text).unwrap_or_default()));
    let others = flat.iter().filter(|(name, _)| !OFFERED.contains(&name.as_str()));
    offered.chain(others.filter_map(|(name, value)| Some((name.clone(), text(value)?)))).collect()
}

fn content(visit: &Visit, id: RecordId, sent: &Submission, asked: &Asked) -> Markup {
    html! {
        (part::lead(&format!("Edit and retry: {}", sent_name(sent)), &html! {}))
        form.panel method="post" action={ (part::review_path(id)) "/edit?" (asked.query()) } {
            p { "The next run decides the row again, with what you write here." }
            (token(visit))
            div.grid { @for (name, value) in fields(&to_flat(sent)) { div.field {
                label for=(name) { (format::words(&name)) }
                input id=(name) name={ (PREFIX) (name) } value=(value) maxlength="4000" autocomplete="off";
            } } }
            div.row {
                button.main { "Send back to the next run" }
                a.button href=(asked.review(id)) { "Cancel" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_correction_changes_what_the_form_shows_and_keeps_the_rest() {
        let flat = json!({"firstName": "Ada", "lastName": "Byron", "email": "ada@x.org", "tags": "a,b"});
        let sent = parse_flat(&flat, &FlatContext::default()).unwrap().submission;
        let pairs =
            [("sent_firstName", " Augusta "), ("sent_email", ""), ("sent_phone", "614-555-0143"), ("other", "x")];
        let pairs: Vec<(String, String)> = pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let changed = to_flat(&corrected(&sent, &pairs, &FlatContext::default()).unwrap());
        assert_eq!((&changed["firstName"], &changed["lastName"]), (&json!("Augusta"), &json!("Byron")));
        assert_eq!((changed.get("email"), &changed["phone"]), (None, &json!("614-555-0143")));
        assert_eq!(changed["tags"], to_flat(&sent)["tags"]);
    }
}
