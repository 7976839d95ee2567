//! `tributary explain`: why a submission was matched as it was, or not with a certain contact.

use super::Context;
use crate::args::Tenant;
use crate::parse;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use tributary_contact::{ContactId, RecordId};
use tributary_engine::{AsOf, PairExplanation};

/// Arguments of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --contact it is about the contact that the submission became part of, or the best candidate. The
account has levels and bits, never names or addresses, so it can be passed on.

  tributary explain --organization 1 0199f0a0-0000-7000-8000-000000000001 --contact 5
  tributary explain --organization 1 0199f0a0-0000-7000-8000-000000000001 --format svg > why.svg")]
pub struct ExplainArgs {
    #[command(flatten)]
    tenant: Tenant,
    /// Transaction, by id
    #[arg(value_parser = parse::transaction)]
    id: RecordId,
    /// Compare with this contact
    #[arg(long, value_name = "ID")]
    contact: Option<i64>,
    /// Form of the answer; --json is the same as json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Forms of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table with running totals.
    Text,
    /// One JSON object.
    Json,
    /// A waterfall chart.
    Svg,
}

/// Runs the command.
pub fn run(args: &ExplainArgs, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    let pair = engine.explain(args.tenant.id(), args.id, args.contact.map(ContactId))?;
    let value = json!({"transaction": pair.transaction, "asOf": pair.as_of, "explanation": pair.explanation});
    let text = |value: &Value| match args.format {
        Format::Text => text(&pair),
        Format::Json => value.to_string(),
        Format::Svg => pair.explanation.svg(),
    };
    Ok(context.output.print(&value, text)?)
}

fn text(pair: &PairExplanation) -> String {
    let when = match pair.as_of {
        AsOf::Decision => "as it was decided",
        AsOf::Now => "as of now",
    };
    format!("Transaction {}, {when}\n{}", pair.transaction, pair.explanation)
}
