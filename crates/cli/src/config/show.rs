//! The configuration as text for people and as JSON, secrets masked.

use super::{Config, Loaded};
use serde_json::Value;
use std::fmt::Write as _;

/// What stands where a secret was.
const MASK: &str = "***";

/// A database URL without its password.
///
/// A URL that cannot be taken apart is masked as a whole, since the password may be anywhere in it.
#[must_use]
pub fn masked_url(text: &str) -> String {
    if text.starts_with("sqlite:") {
        return text.to_owned();
    }
    let Ok(mut url) = url::Url::parse(text) else { return MASK.to_owned() };
    if url.password().is_some() && url.set_password(Some(MASK)).is_err() {
        return MASK.to_owned();
    }
    let secret = |name: &str| matches!(name, "password" | "sslpassword" | "sslkey");
    if url.query_pairs().any(|(name, _)| secret(&name)) {
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let shown = pairs.iter().map(|(name, value)| (name, if secret(name) { MASK } else { value }));
        url.query_pairs_mut().clear().extend_pairs(shown);
    }
    url.to_string()
}

/// The values in force by section, under the names of the file, secrets masked.
///
/// # Errors
/// None in practice: every section has a JSON form.
pub fn to_json(config: &Config) -> serde_json::Result<Value> {
    let mut config = config.clone();
    config.database.url = masked_url(&config.database.url);
    config.webhook.secret_keys.fill(MASK.to_owned());
    serde_json::to_value(config)
}

/// The values in force as TOML that can be loaded again (but for secrets), each with where it was set.
///
/// # Errors
/// As [`to_json`].
pub fn to_toml(loaded: &Loaded) -> serde_json::Result<String> {
    let mut text = String::new();
    let Value::Object(sections) = to_json(&loaded.config)? else { return Ok(text) };
    for (section, values) in &sections {
        let gap = if text.is_empty() { "" } else { "\n" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{gap}[{section}]");
        for (name, value) in values.as_object().into_iter().flatten() {
            let origin = loaded.origins.get(&format!("{section}.{name}"));
            let remark = origin.map(|origin| format!("  # {origin}")).unwrap_or_default();
            // JSON texts, numbers, flags and lists of them are written the same way in TOML.
            let _ = writeln!(text, "{name} = {value}{remark}");
        }
    }
    Ok(text)
}
