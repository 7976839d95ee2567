//! Commands about many rows of the bucket: one action for all of them, and the triage rules of the policy.

use super::super::Context;
use super::filter::FilterArgs;
use super::staff;
use crate::args::Tenant;
use crate::outcome;
use crate::output::{Table, cell_at};
use crate::progress::Progress;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use tributary_engine::{Bulk, BulkAction, MergeInto, Triage};

/// Rows of a page.
const AT_ONCE: i64 = 500;

/// Arguments of `resolve-many`.
#[derive(Debug, Args)]
pub struct ManyArgs {
    #[command(flatten)]
    tenant: Tenant,
    /// What to do with each of them
    #[arg(long, value_enum)]
    action: ManyAction,
    /// Only tell what would be done
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    filter: FilterArgs,
    /// With `merge`: into the only candidate there is, or into the likeliest one
    #[arg(long, value_enum, default_value = "only")]
    into: IntoArg,
    /// With `assign`: a user, by e-mail address
    #[arg(long, value_name = "EMAIL", required_if_eq("action", "assign"))]
    to: Option<String>,
    /// With `ask`: what the senders are asked
    #[arg(long, value_name = "TEXT", required_if_eq("action", "ask"))]
    question: Option<String>,
}

/// What can be done with many rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ManyAction {
    /// Never become part of a contact.
    Reject,
    /// Become a new contact each.
    Create,
    /// Back to the next batch.
    Retry,
    /// Into a candidate.
    Merge,
    /// Given to a user.
    Assign,
    /// Nobody's again.
    Unassign,
    /// Their senders are asked something.
    Ask,
}

/// Into which candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum IntoArg {
    /// The only one there is.
    Only,
    /// The likeliest one.
    Best,
}

/// Arguments of `triage`.
#[derive(Debug, Args)]
pub struct TriageArgs {
    #[command(flatten)]
    tenant: Tenant,
    /// Only tell what would be done
    #[arg(long)]
    dry_run: bool,
}

impl ManyArgs {
    fn action(&self) -> anyhow::Result<BulkAction> {
        let needed = |name: &str| outcome::usage(format!("{name} is needed for this action"));
        Ok(match self.action {
            ManyAction::Reject => BulkAction::Reject,
            ManyAction::Create => BulkAction::Create,
            ManyAction::Retry => BulkAction::Retry,
            ManyAction::Merge if self.into == IntoArg::Best => BulkAction::Merge { into: MergeInto::Best },
            ManyAction::Merge => BulkAction::Merge { into: MergeInto::Only },
            ManyAction::Assign => {
                let email = self.to.clone().ok_or_else(|| needed("--to EMAIL"))?;
                BulkAction::Assign { assignee: Some(email) }
            }
            ManyAction::Unassign => BulkAction::Assign { assignee: None },
            ManyAction::Ask => {
                BulkAction::Ask { question: self.question.clone().ok_or_else(|| needed("--question TEXT"))? }
            }
        })
    }
}

/// One action for all rows that fit.
pub fn resolve_many(args: &ManyArgs, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    let org = args.tenant.id();
    engine.organization(org)?;
    let filter = args.filter.filter(&engine, org)?;
    let mut bulk = Bulk { filter, action: args.action()?, dry_run: args.dry_run, take: AT_ONCE };
    let stage = Progress::detect().stage("resolve", 0);
    let (mut done, mut left) = (Vec::new(), Vec::new());
    loop {
        let page = engine.resolve_many(org, &bulk, &staff())?;
        stage.add(u64::try_from(page.done.len() + page.left.len()).unwrap_or(0));
        done.extend(
            page.done.iter().map(|own| json!({"transactionId": own.id, "state": own.state, "contactId": own.contact})),
        );
        left.extend(
            page.left.iter().map(
                |own| json!({"transactionId": own.id, "reason": own.why.as_str(), "sentence": own.why.sentence()}),
            ),
        );
        bulk.filter.after = page.next;
        if page.next.is_none() {
            break;
        }
    }
    stage.finish();
    let result = json!({
        "dryRun": args.dry_run, "doneCount": done.len(), "leftCount": left.len(), "done": done, "left": left,
    });
    Ok(context.output.print(&result, many_text)?)
}

fn many_text(result: &Value) -> String {
    let mut table = Table::new(&["left out", "why"]);
    for own in result.get("left").and_then(Value::as_array).into_iter().flatten() {
        table.row([cell_at(own, &["transactionId"]), cell_at(own, &["sentence"])]);
    }
    let dry = result.get("dryRun") == Some(&Value::Bool(true));
    let verb = if dry { "would be done" } else { "done" };
    let count = |name: &str| cell_at(result, &[name]);
    let sum = format!("{} {verb}, {} left out\n", count("doneCount"), count("leftCount"));
    if count("leftCount") == "0" { sum } else { table.text() + &sum }
}

/// The rules of the policy in force, carried out on all rows that wait.
pub fn triage(args: &TriageArgs, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    let org = args.tenant.id();
    engine.organization(org)?;
    let stage = Progress::detect().stage("triage", 0);
    let (mut seen, mut done, mut failed, mut after) = (0, Vec::new(), Vec::new(), None);
    loop {
        let page = engine.triage(org, Triage { dry_run: args.dry_run, after, take: AT_ONCE })?;
        stage.add(u64::try_from(page.seen).unwrap_or(0));
        seen += page.seen;
        done.extend(
            page.done
                .iter()
                .map(|own| json!({"transactionId": own.id, "action": own.action.as_str(), "rule": own.rule})),
        );
        failed.extend(page.failed);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    stage.finish();
    let result = json!({"dryRun": args.dry_run, "seen": seen, "done": done, "failed": failed});
    Ok(context.output.print(&result, triage_text)?)
}

fn triage_text(result: &Value) -> String {
    let mut table = Table::new(&["transaction", "action", "rule"]);
    let done = result.get("done").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for own in done {
        table.row(["transactionId", "action", "rule"].map(|name| cell_at(own, &[name])));
    }
    let dry = result.get("dryRun") == Some(&Value::Bool(true));
    let verb = if dry { "would be carried out" } else { "carried out" };
    let sum = format!("{} rules {verb} on {} rows\n", done.len(), cell_at(result, &["seen"]));
    if done.is_empty() { sum } else { table.text() + &sum }
}
