//! `tributary migrate`: brings the schema up to date, and seals secrets that are stored plain or under an older
//! key. Every command brings the schema up to date when it opens the database; this one does nothing else,
//! for rollouts in which several processes start at once.

use super::Context;
use crate::config::masked_url;
use crate::output::cell_at;
use crate::wire;
use serde_json::{Value, json};

/// Runs the command.
pub fn run(context: &Context) -> anyhow::Result<()> {
    let config = context.config();
    let applied = tributary_db::migrate(&config.database.url)?;
    let result = json!({
        "backend": wire::backend(config),
        "database": masked_url(&config.database.url),
        "applied": applied,
        "sealedSecrets": context.engine()?.seal_secrets()?,
    });
    Ok(context.output.print(&result, text)?)
}

fn text(result: &Value) -> String {
    let applied = result.get("applied").and_then(Value::as_array).map_or(0, Vec::len);
    let database = cell_at(result, &["database"]);
    match applied {
        0 => format!("{database} was up to date."),
        count => format!("{database}: {count} migration(s) applied."),
    }
}
