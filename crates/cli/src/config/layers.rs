//! The layers of the configuration laid over each other, and every key read by itself, so that one
//! mistake does not hide the next.

use super::sections::Config;
use super::{DEFAULTS, Problem, Problems};
use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// What the layers say.
pub(super) struct Read {
    /// The values; keys with a mistake have their default.
    pub(super) config: Config,
    /// Where keys were set.
    pub(super) origins: BTreeMap<String, String>,
    /// Unknown keys and values of the wrong kind.
    pub(super) problems: Vec<Problem>,
}

/// Reads the layers.
pub(super) fn read(file: Option<&Path>, variables: impl Iterator<Item = (String, String)>) -> Result<Read, Problems> {
    let mut given = Vec::new();
    if let Some(file) = file {
        let text = std::fs::read_to_string(file).map_err(|error| whole(file, &error))?;
        let toml = Figment::from(Toml::string(&text));
        given.push((file.display().to_string(), toml.extract::<Dict>().map_err(|error| whole(file, &error))?));
    }
    let environment = Environment::of(variables);
    let mut read = Read { config: extract(&shipped())?, origins: BTreeMap::new(), problems: Vec::new() };
    let mut good = shipped();
    for (origin, layer) in &given {
        good = lay_over(good, &mut read, layer, |_| origin.clone());
    }
    good = lay_over(good, &mut read, &environment.values, |key| environment.name(key));
    read.config = extract(&good)?;
    Ok(read)
}

fn shipped() -> Figment {
    Figment::from(Toml::string(DEFAULTS))
}

fn whole(file: &Path, error: &dyn std::fmt::Display) -> Problems {
    let message = format!("cannot be read: {error}");
    Problems(vec![Problem { key: String::new(), origin: file.display().to_string(), message }])
}

fn extract(figment: &Figment) -> Result<Config, Problems> {
    let broken = |error: figment::Error| Problem {
        key: error.path.join("."),
        origin: "built-in defaults".to_owned(),
        message: error.kind.to_string(),
    };
    figment.extract().map_err(|error| Problems(error.into_iter().map(broken).collect()))
}

/// Lays the keys of a layer over the others, each if it can be read; notes origins and problems.
fn lay_over(mut good: Figment, read: &mut Read, layer: &Dict, origin: impl Fn(&str) -> String) -> Figment {
    for (section, values) in layer {
        let Some(values) = values.as_dict() else {
            read.problems.push(unknown(section.clone(), origin(section), "a value outside of any section"));
            continue;
        };
        for (name, value) in values {
            let key = format!("{section}.{name}");
            let from = origin(&key);
            match try_key(&key, value) {
                Ok(()) => {
                    good = good.merge(Serialized::global(&key, value));
                    read.origins.insert(key, from);
                }
                Err(message) => read.problems.push(unknown(key, from, &message)),
            }
        }
    }
    good
}

fn unknown(key: String, origin: String, message: &str) -> Problem {
    Problem { key, origin, message: message.to_owned() }
}

/// Whether the defaults with this one key changed are still a configuration.
fn try_key(key: &str, value: &Value) -> Result<(), String> {
    let defaults = shipped();
    if !defaults.contains(key) {
        return Err("there is no such key".to_owned());
    }
    let changed = defaults.merge(Serialized::global(key, value));
    changed.extract::<Config>().map(drop).map_err(|error| wrong_kind(key, &error))
}

/// What is wrong with the kind of a value; a secret is not repeated.
fn wrong_kind(key: &str, error: &figment::Error) -> String {
    match &error.kind {
        figment::error::Kind::InvalidType(_, expected) if key == "database.url" => format!("must be {expected}"),
        kind => kind.to_string(),
    }
}

/// The variables `TRIBUTARY_<SECTION>__<KEY>` as values by section.
struct Environment {
    values: Dict,
}

impl Environment {
    const PREFIX: &'static str = "TRIBUTARY_";

    /// Variables without the double underscore are not meant for the configuration.
    fn of(variables: impl Iterator<Item = (String, String)>) -> Self {
        let mut values = Dict::new();
        for (name, text) in variables {
            let Some((section, key)) = name.strip_prefix(Self::PREFIX).and_then(|rest| rest.split_once("__")) else {
                continue;
            };
            let section = values.entry(section.to_ascii_lowercase()).or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, keys) = section {
                keys.insert(key.to_ascii_lowercase(), value_of(text));
            }
        }
        Self { values }
    }

    fn name(&self, key: &str) -> String {
        format!("{}{}", Self::PREFIX, key.to_ascii_uppercase().replacen('.', "__", 1))
    }
}

/// The text as TOML if it is some (a number, a flag, a list), else as it stands.
fn value_of(text: String) -> Value {
    Figment::from(Toml::string(&format!("value = {text}"))).find_value("value").unwrap_or_else(|_| Value::from(text))
}
