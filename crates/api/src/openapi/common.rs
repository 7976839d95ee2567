//! What holds for every route, written into the document once: the errors each can answer, the headers
//! of every answer, and how a key is sent. The errors and their examples are those of the one table.

use super::{parameter, put};
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
    let operations = items.filter_map(Value::as_object_mut).flat_map(|item| item.values_mut());
    operations.filter_map(Value::as_object_mut).for_each(complete_operation);
}

fn complete_operation(operation: &mut Map<String, Value>) {
    let scopes = operation.get("security").and_then(|list| list.pointer("/0/key")).and_then(Value::as_array).cloned();
    let has_body = operation.contains_key("requestBody");
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
    parameters.filter_map(|parameter| parameter.get_mut("schema")).for_each(parameter::without_null);
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for problem in possible(scopes.as_deref(), has_body) {
        let reference = json!({ "$ref": format!("#/components/responses/{}", problem.code()) });
        responses.entry(problem.status().as_str()).or_insert(reference);
    }
    for response in responses.values_mut().filter_map(Value::as_object_mut) {
        put_headers(response, scopes.is_some());
    }
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
