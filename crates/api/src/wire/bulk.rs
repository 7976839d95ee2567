//! One thing done with many rows of the bucket: the body that asks for it, and the answer.

use super::bucket::{Meant, filter_schema};
use super::schema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tributary_contact::RecordId;
use tributary_contact::flat::{Reader, get, limits};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::policy::QUESTION_AT_MOST;
use tributary_contact::state::State;
use tributary_engine::{BulkAction, BulkView, MergeInto, Principal};
use utoipa::ToSchema;
use uuid::Uuid;

/// Rows of a page at most, and when nothing is said.
const TAKE: (i64, i64) = (1_000, 500);
/// What can be done.
const ACTIONS: &[&str] = &["reject", "create", "retry", "merge", "assign", "ask"];
/// Members of the body.
const NAMES: &[&str] = &["action", "filter", "dryRun", "take", "after", "into", "assignee", "question"];

/// What is asked for.
pub(crate) struct BulkRequest {
    pub(crate) meant: Meant,
    pub(crate) action: BulkAction,
    pub(crate) dry_run: bool,
    pub(crate) take: i64,
}

/// Reads the body, with all problems at once.
pub(crate) fn parse(map: &Map<String, Value>, caller: &Principal) -> Result<BulkRequest, Vec<Issue>> {
    let mut reader = Reader::new("");
    let known = |name: &str| NAMES.iter().any(|known| known.eq_ignore_ascii_case(name));
    for name in map.keys().filter(|name| !known(name)) {
        reader.issue(name, IssueCode::InvalidValue, "Not a member of this body.");
    }
    let mut meant = Meant::of_body(map, caller, &mut reader);
    let action = action(map, &mut reader);
    let dry_run = get(map, "dryRun").and_then(|value| reader.boolean("dryRun", value)).unwrap_or(false);
    let take = get(map, "take").and_then(|value| reader.integer("take", value, 1..=TAKE.0)).unwrap_or(TAKE.1);
    meant.filter.after = after(map, &mut reader);
    reader.finish()?;
    let action = action.ok_or_else(Vec::new)?;
    Ok(BulkRequest { meant, action, dry_run, take })
}

fn after(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<RecordId> {
    let text = reader.text("after", get(map, "after")?, limits::SHORT)?;
    let id = Uuid::parse_str(&text).ok().map(RecordId);
    if id.is_none() {
        reader.issue("after", IssueCode::InvalidFormat, "Not the id of a submission.");
    }
    id
}

fn action(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<BulkAction> {
    let message = "One of reject, create, retry, merge, assign, ask.";
    let Some(action) = get(map, "action").and_then(|value| reader.text("action", value, limits::SHORT)) else {
        reader.require("action", message);
        return None;
    };
    let action = action.to_ascii_lowercase();
    // What belongs to another action is read too: nonsense is not passed over.
    let into = into(map, reader);
    let question = if action == "ask" { question(map, reader) } else { question_if_any(map, reader) };
    let assignee = if action == "assign" { assignee(map, reader) } else { assignee_if_any(map, reader) };
    match action.as_str() {
        "reject" => Some(BulkAction::Reject),
        "create" => Some(BulkAction::Create),
        "retry" => Some(BulkAction::Retry),
        "merge" => into.map(|into| BulkAction::Merge { into }),
        "assign" => Some(BulkAction::Assign { assignee }),
        "ask" => question.map(|question| BulkAction::Ask { question }),
        _ => {
            reader.issue("action", IssueCode::InvalidValue, message);
            None
        }
    }
}

fn into(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<MergeInto> {
    let text = get(map, "into").and_then(|value| reader.text("into", value, limits::SHORT));
    match text.as_deref() {
        None | Some("only") => Some(MergeInto::Only),
        Some("best") => Some(MergeInto::Best),
        Some(_) => {
            reader.issue("into", IssueCode::InvalidValue, "One of only, best.");
            None
        }
    }
}

/// To whom rows are given: the member has to be there, `null` is nobody.
pub(crate) fn assignee(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<String> {
    if get(map, "assignee").is_none() {
        reader.require("assignee", "The address of a user, or null for nobody.");
    }
    assignee_if_any(map, reader)
}

fn assignee_if_any(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<String> {
    reader.text("assignee", get(map, "assignee")?, limits::EMAIL)
}

/// What senders are asked.
pub(crate) fn question(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<String> {
    let question = question_if_any(map, reader);
    if question.is_none() {
        reader.require("question", "Says what the sender is asked.");
    }
    question
}

fn question_if_any(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<String> {
    reader.text("question", get(map, "question")?, QUESTION_AT_MOST)
}

/// What was done with a page of rows, or would be.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BulkJson {
    dry_run: bool,
    /// Rows that the filter selects, from where this page begins.
    matched: i64,
    done_count: i64,
    left_count: i64,
    done: Vec<BulkDoneJson>,
    /// Rows that stay as they are.
    left: Vec<BulkLeftJson>,
    /// `after` of the next page; null on the last one.
    next: Option<RecordId>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BulkDoneJson {
    transaction_id: RecordId,
    /// What the row is then.
    state: State,
    contact_id: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BulkLeftJson {
    transaction_id: RecordId,
    /// `reference_taken`, `one_by_one`, `no_candidate`, `several_candidates`, `guarded`, `nothing_to_do` or
    /// `changed_meanwhile`.
    reason: &'static str,
    sentence: &'static str,
}

impl BulkJson {
    /// The answer.
    pub(crate) fn of(view: BulkView, dry_run: bool) -> Self {
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let done = view.done.iter().map(|own| BulkDoneJson {
            transaction_id: own.id,
            state: own.state,
            contact_id: own.contact.map(|id| id.0),
        });
        let left = view.left.iter().map(|own| BulkLeftJson {
            transaction_id: own.id,
            reason: own.why.as_str(),
            sentence: own.why.sentence(),
        });
        Self {
            dry_run,
            matched: view.matched,
            done_count: count(view.done.len()),
            left_count: count(view.left.len()),
            done: done.collect(),
            left: left.collect(),
            next: view.next,
        }
    }
}

/// The body as a JSON Schema.
pub(crate) fn input_schema() -> Value {
    let others: Vec<&str> = ACTIONS.iter().copied().filter(|action| !["assign", "ask"].contains(action)).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["action", "filter"],
        "anyOf": [
            { "properties": { "action": { "enum": others } } },
            { "properties": { "action": { "const": "assign" } }, "required": ["assignee"] },
            { "properties": { "action": { "const": "ask" }, "question": schema::filled_text(QUESTION_AT_MOST) }, "required": ["question"] },
        ],
        "properties": {
            "action": { "enum": ACTIONS },
            "filter": filter_schema(),
            "dryRun": schema::flag(),
            "take": { "type": ["integer", "null"], "minimum": 1, "maximum": TAKE.0, "default": TAKE.1 },
            "after": { "anyOf": [{ "type": "string", "format": "uuid" }, schema::blank()], "description": "`next` of the page before." },
            "into": { "enum": ["only", "best", null], "description": "Into which candidate rows are merged." },
            "assignee": assignee_schema(),
            "question": schema::text(QUESTION_AT_MOST),
        },
        "example": { "action": "reject", "filter": { "reason": "too_little" }, "dryRun": true },
    })
}

fn assignee_schema() -> Value {
    json!({ "type": ["string", "number", "boolean", "null"], "maxLength": limits::EMAIL, "description": "The address of a user; null is nobody." })
}

/// The body that gives a row to somebody.
pub(crate) fn assign_schema() -> Value {
    json!({ "type": "object", "required": ["assignee"], "properties": { "assignee": assignee_schema() }, "example": { "assignee": null } })
}

/// The body that asks a sender something.
pub(crate) fn ask_schema() -> Value {
    json!({
        "type": "object",
        "required": ["question"],
        "properties": { "question": schema::filled_text(QUESTION_AT_MOST) },
        "example": { "question": "Is this Ines or her sister?" },
    })
}
