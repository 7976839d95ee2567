//! Whether a JSON value is as a pattern says.

use serde_json::Value;

/// What differs, as one line each with the path of the value.
///
/// Objects: the members named by the pattern have to fit, others may stand beside them. Lists: as long as the
/// pattern, fitting one by one. Some texts say a kind: `$any`, `$text`, `$number`, `$flag`, `$list`, `$time` (an audit
/// stamp of the contract), `$absent` (no such member). Everything else, `$0` too, is meant as it stands.
pub fn differences(pattern: &Value, value: Option<&Value>, path: &str) -> Vec<String> {
    let differs = || vec![format!("{path}: expected {pattern}, got {}", value.map_or("nothing".to_owned(), show))];
    let fits = |fits: bool| if fits { Vec::new() } else { differs() };
    match (pattern, value) {
        (Value::String(kind), _) if is_a(kind, value).is_some() => fits(is_a(kind, value) == Some(true)),
        (Value::Object(members), Some(Value::Object(found))) => members
            .iter()
            .flat_map(|(name, own)| differences(own, found.get(name), &format!("{path}/{name}")))
            .collect(),
        (Value::Array(list), Some(Value::Array(found))) if list.len() == found.len() => {
            let each = list.iter().zip(found).enumerate();
            each.flat_map(|(at, (own, found))| differences(own, Some(found), &format!("{path}/{at}"))).collect()
        }
        (own, found) => fits(Some(own) == found),
    }
}

/// Whether the value is of a kind; none when the text names no kind.
fn is_a(kind: &str, value: Option<&Value>) -> Option<bool> {
    Some(match kind {
        "$any" => value.is_some(),
        "$absent" => value.is_none(),
        "$text" => value.is_some_and(Value::is_string),
        "$number" => value.is_some_and(Value::is_number),
        "$flag" => value.is_some_and(Value::is_boolean),
        "$list" => value.is_some_and(Value::is_array),
        "$time" => value.and_then(Value::as_str).is_some_and(is_stamp),
        _ => return None,
    })
}

/// Section 1.0: no zone letter, two to seven digits of the second.
fn is_stamp(text: &str) -> bool {
    let Some((whole, fraction)) = text.split_once('.') else { return false };
    let shape: String = whole.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00:00:00" && (2..=7).contains(&fraction.len()) && fraction.chars().all(|c| c.is_ascii_digit())
}

fn show(value: &Value) -> String {
    value.to_string().chars().take(400).collect()
}
