//! The shapes of bodies that are read or written by a table rather than by a type.

use super::put;
use crate::Problem;
use crate::wire::dry_run::DryDecisionJson;
use crate::wire::transaction::{ReceiptJson, WarningJson};
use crate::wire::{self, schema};
use serde_json::{Value, json};
use tributary_contact::issue::IssueCode;
use tributary_contact::query::Subject;
use utoipa::PartialSchema;

/// Adds the shapes. A route names one by `ref("#/components/schemas/<name>")`.
pub(super) fn add(schemas: &mut Value) {
    let shapes = [
        ("Error", error()),
        ("ContactTransaction", schema::contact_transaction()),
        ("ContactBatch", schema::contact_batch()),
        ("ContactCreate", wire::contact_create::schema()),
        ("ContactUpdate", wire::contact_change::contact_schema()),
        ("ContactIndividualCreate", wire::contact_change::new_individual_schema()),
        ("ContactIndividualUpdate", wire::contact_change::individual_schema()),
        ("ContactMethodCreate", wire::item_change::method_schema(true)),
        ("ContactMethodUpdate", wire::item_change::method_schema(false)),
        ("ContactAddressCreate", wire::item_change::address_schema(true)),
        ("ContactAddressUpdate", wire::item_change::address_schema(false)),
        ("ContactReferenceCreate", crate::route::reference_schema()),
        ("ContactQuery", wire::query::schema(Subject::Contact)),
        ("NoteQuery", wire::query::schema(Subject::Note)),
        ("ContactSearch", wire::search::search_schema()),
        ("Proximity", wire::proximity::schema()),
        ("FollowedContacts", list_of(&followed())),
        ("EmailLists", list_of(&email_list())),
        ("KeyInput", wire::key::schema()),
        ("PolicyInput", wire::policy::schema()),
        ("PermissionGroupInput", wire::key::group_schema()),
        ("Resolution", schema::resolution()),
        ("BulkResolution", wire::bulk::input_schema()),
        ("Assignment", wire::bulk::assign_schema()),
        ("Question", wire::bulk::ask_schema()),
        ("Merge", wire::merge::input_schema()),
        ("Erase", wire::erasure::input_schema()),
        ("RunUndo", wire::run_undo::input_schema()),
        ("CheckDuplicates", wire::duplicates::input_schema()),
        ("MergeSuggestionInput", wire::suggestion::input_schema()),
        ("NotDuplicateInput", wire::not_duplicate::input_schema()),
        ("Unmerge", wire::merge::unmerge_schema()),
        ("TokenRequest", wire::token::schema()),
        ("WebhookInput", wire::webhook::input_schema()),
        ("Webhook", wire::webhook::schema()),
        ("WebhookList", page_of("Webhook")),
        ("NoteInput", wire::note::input_schema(true)),
        ("NoteUpdate", wire::note::input_schema(false)),
        ("EmailNote", wire::note::email_schema()),
        ("TagInput", wire::label::new_schema(["tagName", "tagGroupName"])),
        ("GroupInput", wire::label::new_schema(["name", ""])),
        ("TagSearch", wire::label::search_schema()),
        ("ContactTagInput", wire::label::given_schema()),
        ("CustomFieldInput", wire::definition::field_schema()),
        ("CollectionDefinitionInput", wire::definition::collection_schema()),
        ("ContactTypeInput", wire::definition::type_schema()),
        ("CollectionEntry", entry()),
        ("OrganizationSwitch", switch()),
        ("GiftTransaction", wire::gift::input_schema()),
        ("GiftTransactions", wire::gift::batch_schema()),
        ("Gift", wire::gift::read_schema()),
        ("GiftList", page_of("Gift")),
        ("RotationInput", wire::webhook::rotation_schema()),
        ("ReplayInput", wire::replay::schema()),
        ("EventPage", wire::event::schema()),
    ];
    // Answered where a header asks for them, beside the empty body that is documented.
    put(schemas, "Receipt", serde_json::to_value(ReceiptJson::schema()).unwrap_or_default());
    put(schemas, "WarningJson", serde_json::to_value(WarningJson::schema()).unwrap_or_default());
    put(schemas, "DryDecision", serde_json::to_value(DryDecisionJson::schema()).unwrap_or_default());
    shapes.into_iter().for_each(|(name, shape)| put(schemas, name, shape));
}

/// The values of an entry of a custom collection.
fn entry() -> Value {
    json!({ "type": "object", "required": ["fields"], "properties": { "fields": schema::given_values() } })
}

fn switch() -> Value {
    let properties = json!({ "organizationUserId": schema::id() });
    json!({ "type": "object", "required": ["organizationUserId"], "properties": properties })
}

/// A list of a shape of this file (`wire::page`).
fn page_of(name: &str) -> Value {
    list_of(&json!({ "$ref": format!("#/components/schemas/{name}") }))
}

fn followed() -> Value {
    json!({
        "type": "object",
        "required": ["contactId", "contactName", "contactViewUrl"],
        "properties": {
            "contactId": { "type": "integer", "format": "int64" },
            "contactName": { "type": ["string", "null"] },
            "activity": { "type": "string", "description": "What happened, in a word; in Activity only." },
            "contactViewUrl": { "type": "string" },
        },
    })
}

fn email_list() -> Value {
    json!({ "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } })
}

fn list_of(item: &Value) -> Value {
    let list = json!({ "type": "array", "items": item });
    let total = json!({ "type": "integer", "format": "int64", "description": "How many there are in all." });
    json!({ "type": "object", "required": ["list", "total"], "properties": { "list": list, "total": total } })
}

fn error() -> Value {
    let codes: Vec<&str> = Problem::ALL.iter().map(|problem| problem.code()).collect();
    let detail_codes: Vec<&str> = IssueCode::ALL.iter().map(|code| code.as_str()).collect();
    let text = json!({ "type": "string" });
    let detail = json!({
        "type": "object",
        "required": ["field", "code", "message"],
        "properties": {
            "field": { "type": "string", "description": "Path of the field, empty for the body as a whole." },
            "code": { "type": "string", "enum": detail_codes },
            "message": text,
        },
    });
    json!({
        "type": "object",
        "required": ["error", "message"],
        "description": "The canonical body of every error, with `message` and `modelState` for older clients.",
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message", "details"],
                "properties": {
                    "code": { "type": "string", "enum": codes },
                    "message": text,
                    "details": { "type": "array", "items": detail },
                    "existingContactId": {
                        "type": "integer",
                        "description": "On 409, where another contact has the reference: its number.",
                    },
                },
            },
            "message": text,
            "modelState": {
                "type": "object",
                "description": "On 400: sentences by `<model>.<field>`.",
                "additionalProperties": { "type": "array", "items": text },
            },
        },
    })
}
