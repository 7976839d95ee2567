//! Parameters that several routes have, for their descriptions: `params(IdempotencyKey)`.

use crate::wire::schema;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

/// The header of requests that can be repeated ([`crate::once`]).
pub(crate) struct IdempotencyKey;

impl IntoParams for IdempotencyKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[!-~]+$"));
        let schema = schema.min_length(Some(1)).max_length(Some(255));
        let text = "The sender's name for the request: repeated under it within a day, it has one effect.";
        let parameter = ParameterBuilder::new().name("Idempotency-Key").parameter_in(ParameterIn::Header);
        vec![parameter.description(Some(text)).schema(Some(schema)).build()]
    }
}

/// Completes a parameter: a text that a query must have is not blank, and a word that it may have may be.
pub(super) fn complete(parameter: &mut Value) {
    let says = |name: &str, value: Value| parameter.get(name) == Some(&value);
    let (in_query, required) = (says("in", "query".into()), says("required", true.into()));
    let Some(schema) = parameter.get_mut("schema") else { return };
    without_null(schema);
    if in_query && required && schema.get("pattern").is_none() {
        super::put(schema, "pattern", schema::FILLED.into());
    }
    let words = schema.get_mut("enum").and_then(Value::as_array_mut).filter(|_| in_query && !required);
    words.into_iter().for_each(|words| words.push("".into()));
}

/// Takes the null out of the schema of a parameter: one that is not there is left out.
fn without_null(schema: &mut Value) {
    if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            super::put(schema, "type", only);
        }
    }
    let is_null = |one: &Value| one.get("type").is_some_and(|kind| kind == "null");
    let others: Option<Vec<Value>> = schema
        .get("oneOf")
        .and_then(Value::as_array)
        .filter(|list| list.iter().any(is_null))
        .map(|list| list.iter().filter(|one| !is_null(one)).cloned().collect());
    if let Some([only]) = others.as_deref() {
        *schema = only.clone();
    }
}
