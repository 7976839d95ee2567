//! What holds for every route, written into the document once: the errors each can answer, the headers
//! of every answer, and how a key is sent. The errors and their examples are those of the one table.

use super::{links, parameter, put};
use crate::{ApiError, Problem};
use serde_json::{Map, Value, json};

/// Adds the key, the headers and the errors to the components.
pub(super) fn add(components: &mut Value) {
    let text = "An API key: `Authorization: Bearer <key>`. The scopes that a route needs stand beside it.";
    let person = json!({ "password": { "tokenUrl": "/Token", "refreshUrl": "/Token", "scopes": {} } });
    let key = json!({
        "key": { "type": "http", "scheme": "bearer", "description": text },
        "person": { "type": "oauth2", "description": "The access token is sent like a key.", "flows": person },
    });
    put(components, "securitySchemes", key);
    put(components, "headers", headers());
    put(components, "responses", Problem::ALL.iter().map(|problem| (problem.code(), response(*problem))).collect());
}

/// Completes every operation.
pub(super) fn complete(paths: &mut Value) {
    let items = paths.as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
    for operation in items.filter_map(Value::as_object_mut).flat_map(|item| item.values_mut()) {
        bytes_as_such(operation);
        operation.as_object_mut().into_iter().for_each(complete_operation);
    }
}

/// Bodies that are bytes are described as such, and not as lists of numbers.
fn bytes_as_such(operation: &mut Value) {
    for place in ["/requestBody/content", "/responses/200/content"] {
        let kinds = operation.pointer_mut(place).and_then(Value::as_object_mut).into_iter().flatten();
        let bytes = kinds.filter(|(kind, _)| {
            (kind.starts_with("image/") && *kind != "image/svg+xml") || *kind == "application/octet-stream"
        });
        bytes.for_each(|(_, body)| put(body, "schema", json!({ "type": "string", "format": "binary" })));
    }
}

fn complete_operation(operation: &mut Map<String, Value>) {
    links::add(operation);
    let scopes = operation.get("security").and_then(|list| list.pointer("/0/key")).and_then(Value::as_array).cloned();
    let has_body = operation.contains_key("requestBody");
    // A body that may be left out is not described.
    if let Some(body) = operation.get_mut("requestBody") {
        put(body, "required", true.into());
    }
    let once = is_once(operation);
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
    parameters.for_each(parameter::complete);
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for problem in possible(scopes.as_deref(), has_body).into_iter().chain(once.then_some(Problem::InProgress)) {
        let reference = json!({ "$ref": format!("#/components/responses/{}", problem.code()) });
        responses.entry(problem.status().as_str()).or_insert(reference);
    }
    for response in responses.values_mut().filter_map(Value::as_object_mut) {
        put_headers(response, scopes.is_some());
    }
}

/// Whether the operation takes a name for the request, so that its twin may be under way.
fn is_once(operation: &Map<String, Value>) -> bool {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    parameters
        .into_iter()
        .flatten()
        .any(|parameter| parameter.get("name").is_some_and(|name| name == "Idempotency-Key"))
}

/// The problems that a route can answer whatever it does.
fn possible(scopes: Option<&[Value]>, has_body: bool) -> Vec<Problem> {
    let mut problems = vec![Problem::Internal, Problem::Unavailable];
    if let Some(scopes) = scopes {
        problems.extend([Problem::BadRequest, Problem::Unauthenticated, Problem::RateLimited]);
        problems.extend((!scopes.is_empty()).then_some(Problem::Forbidden));
    }
    if has_body {
        problems.extend([Problem::TooLarge, Problem::Invalid]);
    }
    problems
}

fn put_headers(response: &mut Map<String, Value>, with_key: bool) {
    if response.contains_key("$ref") {
        return;
    }
    let names: &[&str] = if with_key { &HEADERS.map(|(name, _, _)| name) } else { &[REQUEST_ID] };
    let headers = response.entry("headers").or_insert_with(|| json!({}));
    for name in names {
        put(headers, name, json!({ "$ref": format!("#/components/headers/{name}") }));
    }
}

const REQUEST_ID: &str = "X-Request-Id";

/// Headers of answers: name, type, meaning.
const HEADERS: [(&str, &str, &str); 4] = [
    (REQUEST_ID, "string", "Quote it when you ask about this answer."),
    ("X-RateLimit-Limit", "integer", "Requests in an hour."),
    ("X-RateLimit-Remaining", "integer", "How many of them are left."),
    ("X-RateLimit-Reset", "integer", "When the hour ends, in Unix seconds."),
];

fn headers() -> Value {
    let header = |(name, kind, text): &(&str, &str, &str)| {
        ((*name).to_owned(), json!({ "description": text, "schema": { "type": kind } }))
    };
    let mut headers: Map<String, Value> = HEADERS.iter().map(header).collect();
    let wait = json!({ "description": "Seconds to wait.", "schema": { "type": "integer" } });
    headers.insert("Retry-After".to_owned(), wait);
    Value::Object(headers)
}

/// The answer to a problem, with an example.
fn response(problem: Problem) -> Value {
    let error = ApiError::example(problem);
    let mut headers = json!({ REQUEST_ID: { "$ref": format!("#/components/headers/{REQUEST_ID}") } });
    if matches!(problem, Problem::RateLimited | Problem::Unavailable) {
        put(&mut headers, "Retry-After", json!({ "$ref": "#/components/headers/Retry-After" }));
    }
    let content = json!({ "schema": { "$ref": "#/components/schemas/Error" }, "example": error.body() });
    json!({
        "description": problem.sentence(),
        "headers": headers,
        "content": { "application/json": content },
    })
}
