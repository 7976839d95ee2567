//! A script of cases as it stands in its file.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Script {
    /// What it is about.
    pub about: String,
    /// Further keys by name: the arguments of `tributary key create`.
    #[serde(default)]
    pub keys: BTreeMap<String, Vec<String>>,
    /// People who sign in, by name: the arguments of `tributary user create`. The e-mail address is `NAME@example.org`; the
    /// password is kept as `NAME.password`.
    #[serde(default)]
    pub users: BTreeMap<String, Vec<String>>,
    /// In order; later ones build on what earlier ones made.
    pub cases: Vec<Case>,
}

/// A request and its answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Case {
    /// What it shows, in one sentence.
    pub name: String,
    /// The lines of the reference it covers, each beginning with the section.
    #[serde(default)]
    pub covers: Vec<String>,
    /// Whose key is sent: one of the script's, `nobody` for none, the key that may do everything when not said.
    #[serde(default, rename = "as")]
    pub caller: Option<String>,
    /// `METHOD /path`, percent-encoded as it is to be sent.
    pub send: String,
    /// Further headers of the request.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// JSON body.
    #[serde(default)]
    pub body: Option<Value>,
    /// Body as it is, for anything but JSON.
    #[serde(default)]
    pub text: Option<String>,
    /// What is answered.
    pub answer: Expected,
    /// Values of the answer to be kept under a name: name and JSON pointer (or `header NAME`).
    #[serde(default)]
    pub keep: BTreeMap<String, String>,
}

/// What is answered.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Expected {
    /// Status.
    pub status: u16,
    /// Headers with these values; a pattern each.
    #[serde(default)]
    pub headers: BTreeMap<String, Value>,
    /// A pattern; `""` for no body at all.
    #[serde(default)]
    pub body: Option<Value>,
    /// Exact names of the members of objects, by JSON pointer.
    #[serde(default)]
    pub members: BTreeMap<String, Vec<String>>,
}
