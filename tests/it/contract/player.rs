//! Sends the cases of a script one by one and remembers what they ask to keep.

use super::case::{Case, Script};
use super::pattern::differences;
use crate::support::{Answer, Client, Server, World, conserved};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A script while it is played.
pub struct Player {
    script: String,
    clients: BTreeMap<String, Client>,
    kept: BTreeMap<String, Value>,
}

impl Player {
    /// Makes an organization for the script, and its keys.
    pub fn new(world: &World, server: &Server, script: &Script) -> Self {
        let organization = world.organization(&script.about);
        let mut clients = BTreeMap::from([(String::new(), server.client(&world.key(&organization)))]);
        clients.insert("nobody".to_owned(), server.client(""));
        for (name, arguments) in &script.keys {
            let mut command = vec!["key", "create", "--organization", &organization, "--name", name];
            command.extend(arguments.iter().map(String::as_str));
            let made = world.cli(&command);
            clients.insert(name.clone(), server.client(made["key"].as_str().unwrap()));
        }
        let mut kept = BTreeMap::from([("organization".to_owned(), Value::from(organization.clone()))]);
        for (name, arguments) in &script.users {
            let email = format!("{name}@example.org");
            let mut command = vec!["user", "create", "--organization", &organization, "--email", &email];
            command.extend(arguments.iter().map(String::as_str));
            kept.insert(format!("{name}.password"), world.cli(&command)["password"].clone());
        }
        Self { script: script.about.clone(), clients, kept }
    }

    /// Sends a case and compares the answer; tells what differs.
    pub fn play(&mut self, case: &Case) -> Result<(), String> {
        let answer = self.send(case);
        if !case.send.starts_with("GET ") {
            conserved::everywhere(&self.clients[""]);
        }
        let body: Option<Value> = serde_json::from_str(&answer.body).ok();
        let wrong = self.compare(case, &answer, body.as_ref());
        for (name, place) in &case.keep {
            let value = match place.strip_prefix("header ") {
                Some(header) => Some(Value::from(answer.header(header))),
                None => body.as_ref().and_then(|body| body.pointer(place)).cloned(),
            };
            self.kept.insert(name.clone(), value.unwrap_or_default());
        }
        if wrong.is_empty() {
            return Ok(());
        }
        let Case { name, send, .. } = case;
        Err(format!("{}: {name}\n  {send}\n  {}\n  body: {}", self.script, wrong.join("\n  "), answer.body))
    }

    fn send(&self, case: &Case) -> Answer {
        let client = &self.clients[case.caller.as_deref().unwrap_or_default()];
        let (method, path) = case.send.split_once(' ').expect("METHOD /path");
        let headers: Vec<(String, String)> =
            case.headers.iter().map(|(name, value)| (name.clone(), self.filled(value))).collect();
        let json = case.body.as_ref().map(|body| self.put_in(body).to_string());
        let body = json.or_else(|| case.text.as_ref().map(|text| self.filled(text)));
        client.call(method, &self.filled(path), &headers, body, case.body.is_some())
    }

    fn compare(&self, case: &Case, answer: &Answer, body: Option<&Value>) -> Vec<String> {
        let mut wrong = Vec::new();
        if answer.status != case.answer.status {
            wrong.push(format!("status: expected {}, got {}", case.answer.status, answer.status));
        }
        for (name, pattern) in &case.answer.headers {
            let value = Some(Value::from(answer.header(name))).filter(|value| value != "");
            wrong.extend(differences(&self.put_in(pattern), value.as_ref(), name));
        }
        match &case.answer.body {
            Some(Value::String(none)) if none.is_empty() && !answer.body.is_empty() => {
                wrong.push("body: expected none".to_owned());
            }
            Some(Value::String(none)) if none.is_empty() => {}
            Some(pattern) => wrong.extend(differences(&self.put_in(pattern), body, "")),
            None => {}
        }
        for (pointer, names) in &case.answer.members {
            let object = body.and_then(|body| body.pointer(pointer)).and_then(Value::as_object);
            let found: BTreeSet<&str> = object.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            let wanted: BTreeSet<&str> = names.iter().map(String::as_str).collect();
            if found != wanted {
                let (more, less): (Vec<_>, Vec<_>) =
                    (found.difference(&wanted).collect(), wanted.difference(&found).collect());
                wrong.push(format!("members of {pointer:?}: too many {more:?}, missing {less:?}"));
            }
        }
        wrong
    }

    /// The text with `{{name}}` replaced by what was kept under the name.
    fn filled(&self, text: &str) -> String {
        self.kept.iter().fold(text.to_owned(), |text, (name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            text.replace(&format!("{{{{{name}}}}}"), &value)
        })
    }

    /// The value with the same done everywhere; a text that is nothing but a name becomes what was kept.
    fn put_in(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let name = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
                name.and_then(|name| self.kept.get(name)).cloned().unwrap_or_else(|| Value::from(self.filled(text)))
            }
            Value::Array(list) => list.iter().map(|value| self.put_in(value)).collect(),
            Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), self.put_in(value))).collect(),
            same => same.clone(),
        }
    }
}
