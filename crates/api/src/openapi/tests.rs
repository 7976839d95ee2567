//! The document says what the routes are, no more and no less.

use super::document;
use crate::route;
use serde_json::Value;
use std::collections::BTreeSet;
use tributary_engine::Scope;

type Described = BTreeSet<(String, String)>;

/// Method and path of everything that a document describes.
fn described(document: &Value) -> Described {
    let of_path = |(path, item): (&String, &Value)| {
        let methods: Vec<_> =
            item.as_object().unwrap().keys().map(|name| (name.to_uppercase(), path.clone())).collect();
        methods
    };
    document["paths"].as_object().unwrap().iter().flat_map(of_path).collect()
}

/// A path as the document writes it: a parameter without its pattern.
fn without_patterns(path: &str) -> String {
    let plain = |segment: &str| match segment.split_once(':') {
        Some((name, _)) if segment.starts_with('{') => format!("{name}}}"),
        _ => segment.to_owned(),
    };
    path.split('/').map(plain).collect::<Vec<_>>().join("/")
}

#[test]
fn a_route_describes_itself_under_its_own_path_and_methods() {
    for at in route::all() {
        let path = without_patterns(at.pattern);
        let registered: Described = at.methods.iter().map(|method| ((*method).to_owned(), path.clone())).collect();
        assert_eq!(described(&serde_json::to_value(at.page()).unwrap()), registered, "{}", at.pattern);
    }
}

#[test]
fn the_document_holds_every_route_and_nothing_else() {
    let routes = route::all().into_iter();
    let registered = routes.flat_map(|at| at.methods.into_iter().map(move |method| (method, at.pattern)));
    let registered: Described =
        registered.map(|(method, pattern)| (method.to_owned(), without_patterns(pattern))).collect();
    assert_eq!(described(&document()), registered);
}

fn operations(document: &Value) -> Vec<Value> {
    let items = document["paths"].as_object().unwrap().values();
    items.flat_map(|item| item.as_object().unwrap().values().cloned()).collect()
}

#[test]
fn every_operation_has_a_name_of_its_own_a_summary_and_a_known_tag() {
    let document = document();
    let tags: Vec<&Value> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let mut names = BTreeSet::new();
    for operation in operations(&document) {
        assert!(
            names.insert(operation["operationId"].as_str().unwrap().to_owned()),
            "twice: {}",
            operation["operationId"]
        );
        assert!(operation["summary"].is_string(), "{operation:#}");
        assert!(operation["tags"].as_array().unwrap().iter().all(|tag| tags.contains(&tag)), "{operation:#}");
    }
}

#[test]
fn every_operation_says_which_scope_it_needs() {
    for operation in operations(&document()) {
        let security = operation["security"].as_array().unwrap();
        let scopes = security.iter().filter_map(|one| one["key"].as_array()).flatten();
        for scope in scopes {
            assert!(Scope::parse(scope.as_str().unwrap()).is_some(), "{operation:#}");
        }
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|value| references(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_shape_is_used() {
    let document = document();
    let mut used = BTreeSet::new();
    references(&document, &mut used);
    for reference in &used {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(used.contains(&format!("#/components/schemas/{name}")), "{name} is not used");
    }
}

/// Pictures are bytes; there is no example of them.
#[test]
fn every_body_that_is_sent_has_an_example() {
    let document = document();
    let bodies = operations(&document).into_iter().filter_map(|operation| operation.get("requestBody").cloned());
    for body in bodies.filter(|body| body["content"].get("application/octet-stream").is_none()) {
        let mut shapes = BTreeSet::new();
        references(&body["content"], &mut shapes);
        let has = |shape: &String| document.pointer(shape.trim_start_matches('#')).unwrap().get("example").is_some();
        assert!(!shapes.is_empty() && shapes.iter().all(has), "{shapes:?}");
    }
}
