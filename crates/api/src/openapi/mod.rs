//! The OpenAPI 3.1 document of the API: the pages that handlers carry, the shapes of the bodies that are
//! read by tables, and what is true of every route: errors, headers, the bearer key.

mod bodies;
mod common;
mod examples;
mod links;
mod parameter;
mod problem;
#[cfg(test)]
mod tests;

pub(crate) use parameter::IdempotencyKey;
pub(crate) use problem::{Absent, Conflict, Invalid, NoContact, NotFound, OtherMethods, RateLimited};

use crate::route;
use serde_json::{Value, json};

/// The document.
pub fn document() -> Value {
    let mut whole = utoipa::openapi::OpenApi::default();
    route::all().iter().for_each(|at| whole.merge(at.page()));
    // A document of texts, numbers and maps always has a JSON form.
    let mut document = serde_json::to_value(&whole).unwrap_or_default();
    put(&mut document, "info", info());
    put(&mut document, "tags", tags());
    if let Some(components) = document.pointer_mut("/components") {
        common::add(components);
    }
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        name_rows(schemas);
        bodies::add(schemas);
        examples::add(schemas);
    }
    if let Some(paths) = document.pointer_mut("/paths") {
        common::complete(paths);
    }
    document
}

/// The rows of a list by the name of their shape: generics are written out where they are used.
fn name_rows(schemas: &mut Value) {
    let named: Vec<String> = schemas.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect();
    for name in &named {
        let items = schemas.pointer_mut(&format!("/PageJson_{name}/properties/list/items"));
        if let Some(items) = items {
            *items = json!({ "$ref": format!("#/components/schemas/{name}") });
        }
    }
}

/// Puts a member into an object.
fn put(object: &mut Value, name: &str, member: Value) {
    if let Some(map) = object.as_object_mut() {
        map.insert(name.to_owned(), member);
    }
}

/// The document as text, as it is committed under `docs/openapi.json`.
pub fn json() -> String {
    format!("{:#}\n", document())
}

fn info() -> Value {
    json!({
        "title": "Tributary",
        "version": env!("CARGO_PKG_VERSION"),
        "description": DESCRIPTION,
        "license": { "name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT" },
    })
}

const DESCRIPTION: &str = "\
Streams of donor contacts flow in from partner platforms; one clean record flows out. The shapes are those that \
partners speak already; what is ours stands beside them and never in their place.

Names of request fields match in any letter case, unknown fields are passed over, blank means absent. Numbers, yes \
and no may also come as text. Query parameters must be known. A path that exists answers 405 to other methods.

Errors have a stable code (see `docs/errors.md`). Every answer carries `X-Request-Id`; answers to a valid key also \
carry how much of its hour is left.";

fn tags() -> Value {
    json!([
        { "name": "Transaction", "description": "Submit contacts, and follow what became of them." },
        { "name": "Contact", "description": "The golden records." },
        { "name": "ContactNote", "description": "Notes about contacts." },
        { "name": "Tag", "description": "Tags, and who has them." },
        { "name": "OrganizationGroup", "description": "Groups of contacts." },
        { "name": "Definition", "description": "Custom fields, custom collections and contact types of the organization." },
        { "name": "Gift", "description": "Gifts, as far as their contacts are concerned." },
        { "name": "ContactIndividual", "description": "The people of contacts." },
        { "name": "ContactMethod", "description": "E-mails, phones and profiles of people." },
        { "name": "ContactAddress", "description": "Addresses of contacts." },
        { "name": "ContactReference", "description": "What platforms call contacts." },
        { "name": "NeedsUpdate", "description": "Submissions that wait for a person." },
        { "name": "Privacy", "description": "Erasure, everything held about a person, consent." },
        { "name": "Batch", "description": "Runs that decide what was submitted." },
        { "name": "Policy", "description": "Which values survive, and what each source may do." },
        { "name": "Webhook", "description": "Subscriptions to events." },
        { "name": "Key", "description": "Credentials of partners and scripts." },
        { "name": "Organization", "description": "The tenant of the key." },
        { "name": "Service", "description": "The process itself." },
    ])
}
