//! Configuration: the shipped defaults, then a file, then the environment; checked as a whole, with
//! every mistake told at once.

mod layers;
mod rules;
mod sections;
mod show;
#[cfg(test)]
mod tests;

pub use sections::{Config, Log, LogFormat};
pub use show::{masked_url, to_json, to_toml};

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Every key with its default and what it means.
pub const DEFAULTS: &str = include_str!("../../../../config/tributary.toml");

/// A configuration in force, and which layer each key came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The values.
    pub config: Config,
    /// Where each `section.key` that is no default was set.
    pub origins: BTreeMap<String, String>,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `section.key`; empty for a file as a whole.
    pub key: String,
    /// The file or variable that says it.
    pub origin: String,
    /// What is wrong, and what would be right. Never holds the value of a secret.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => write!(f, "{}: {}", self.origin, self.message),
            key => write!(f, "{key} ({}): {}", self.origin, self.message),
        }
    }
}

/// All mistakes of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration has {} mistake(s)", self.0.len())?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for Problems {}

/// Loads the configuration: defaults, the file, the variables of this process.
///
/// # Errors
/// Every mistake.
pub fn load(file: Option<&Path>) -> Result<Loaded, Problems> {
    load_from(
        file,
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
    )
}

/// As [`load`], with these variables.
///
/// # Errors
/// Every mistake.
pub fn load_from(file: Option<&Path>, variables: impl Iterator<Item = (String, String)>) -> Result<Loaded, Problems> {
    let read = layers::read(file, variables)?;
    let mut problems = read.problems;
    problems.extend(rules::check(&read.config, &read.origins));
    if problems.is_empty() {
        Ok(Loaded { config: read.config, origins: read.origins })
    } else {
        Err(Problems(problems))
    }
}
