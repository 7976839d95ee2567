//! The rules of the policy in force, carried out on the rows that wait: after each run, and when somebody asks for it.
//! A row is given to a person, asked about, refused, or made a contact of its own; it is never merged.

use super::care::{assign_row, reviewer};
use super::resolve::{Resolution, waiting_row};
use crate::change::{Actor, Context};
use crate::{Engine, EngineError, policy};
use tributary_contact::policy::{PolicyDocument, TriageAction, TriageRule, Waiting};
use tributary_contact::{OrganizationId, RecordId};
use tributary_store::{Counter, NeedsUpdateFilter, ReadTx, ReviewRow, StoreExt, StoreResult, TransactionRow, WriteTx};

/// Rows looked at in one page at most.
const PAGE: i64 = 500;

/// Which rows are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Triage {
    /// Whether it is only told what would be done.
    pub dry_run: bool,
    /// Only rows that were received after this one.
    pub after: Option<RecordId>,
    /// Rows looked at, at most.
    pub take: i64,
}

/// What was done with a page of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TriageView {
    /// Rows looked at.
    pub seen: i64,
    /// What was done, or would be.
    pub done: Vec<Triaged>,
    /// Rows with which a rule could not be carried out; the log has the causes.
    pub failed: Vec<RecordId>,
    /// Where the next page begins; none after the last one.
    pub next: Option<RecordId>,
}

/// A rule that was carried out on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Triaged {
    /// The row.
    pub id: RecordId,
    /// What was done.
    pub action: TriageAction,
    /// Place of the rule in the policy, from 0.
    pub rule: usize,
}

/// Rows of a page with the rules that are due.
struct Due {
    rows: Vec<TransactionRow>,
    rules: Vec<Vec<(usize, TriageRule)>>,
}

impl Engine {
    /// Carries the rules of the policy in force out on a page of the bucket.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization; any failure of the store.
    pub fn triage(&self, org: OrganizationId, triage: Triage) -> Result<TriageView, EngineError> {
        self.with_context(org, &Actor::Triage, |context| {
            let due = self.parts.store.reading(|tx| due(tx, triage, context))?;
            let seen = i64::try_from(due.rows.len()).unwrap_or(i64::MAX);
            let next = due.rows.last().map(|row| row.id).filter(|_| seen >= triage.take);
            let mut view = TriageView { seen, next, ..TriageView::default() };
            for (row, rules) in due.rows.iter().zip(&due.rules).filter(|(_, rules)| !rules.is_empty()) {
                let done = if triage.dry_run { Ok(true) } else { self.carry_rules_out(row.id, rules, context) };
                match done {
                    Ok(true) => view.done.extend(rules.iter().map(|(at, rule)| triaged(row.id, *at, rule))),
                    Ok(false) => {}
                    Err(EngineError::Unavailable(error)) => return Err(EngineError::Unavailable(error)),
                    Err(error) => {
                        tracing::warn!(transaction = %row.id, error = %error, "a triage rule could not be carried out");
                        view.failed.push(row.id);
                    }
                }
            }
            self.wake_deliveries();
            Ok(view)
        })
    }

    /// Carries the rules out on the whole bucket, after a run. The run stands whatever becomes of it.
    pub(crate) fn triage_after_run(&self, org: OrganizationId) {
        let mut after = None;
        loop {
            match self.triage(org, Triage { dry_run: false, after, take: PAGE }) {
                Ok(TriageView { next: Some(next), .. }) if !self.is_stopping() => after = Some(next),
                Ok(_) => return,
                Err(error) => {
                    tracing::error!(organization = org.0, error = %error, "triage was cut off; the next run does it again");
                    return;
                }
            }
        }
    }

    /// All rules that are due for a row, in one transaction; `false` when it waits no more.
    fn carry_rules_out(
        &self,
        id: RecordId,
        rules: &[(usize, TriageRule)],
        context: &Context<'_>,
    ) -> Result<bool, EngineError> {
        let org = context.organization.id;
        let done = self.transact("triage", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            let row = waiting_row(tx, org, id)?;
            rules.iter().try_for_each(|(_, rule)| self.carry_rule_out(tx, &row, rule, context))
        });
        match done {
            // Somebody was faster.
            Err(EngineError::Conflict { .. }) if !self.still_waits(org, id)? => Ok(false),
            done => done.map(|()| true),
        }
    }

    fn still_waits(&self, org: OrganizationId, id: RecordId) -> Result<bool, EngineError> {
        let row = self.parts.store.reading(|tx| tx.transactions(org, &[id]))?.into_iter().next();
        Ok(row.is_some_and(|row| row.state == tributary_contact::state::State::NeedsUpdate))
    }

    fn carry_rule_out(
        &self,
        tx: &mut dyn WriteTx,
        row: &TransactionRow,
        rule: &TriageRule,
        context: &Context<'_>,
    ) -> Result<(), EngineError> {
        let org = context.organization.id;
        metrics::counter!("tributary_triaged_total", "action" => rule.action.as_str()).increment(1);
        match rule.action {
            TriageAction::Hold => Ok(()),
            TriageAction::Assign => {
                let user = rule.assignee.as_deref().map(|email| reviewer(tx, org, email)).transpose()?;
                assign_row(tx, row, user, context).map(drop)
            }
            TriageAction::AskPartner => self.ask_row(tx, row, rule.question.as_deref().unwrap_or_default(), context),
            TriageAction::Reject => self.resolve_row(tx, row, &Resolution::Reject, context),
            TriageAction::Create => self.resolve_row(tx, row, &Resolution::Create, context),
        }
    }
}

fn triaged(id: RecordId, rule: usize, own: &TriageRule) -> Triaged {
    Triaged { id, action: own.action, rule }
}

fn due(tx: &mut dyn ReadTx, triage: Triage, context: &Context<'_>) -> StoreResult<Due> {
    let org = context.organization.id;
    let policy = policy::in_force(tx, org)?;
    let Some(policy) = policy.filter(|policy| !policy.document().triage.is_empty()) else {
        return Ok(Due { rows: Vec::new(), rules: Vec::new() });
    };
    let filter = NeedsUpdateFilter { after: triage.after, ..NeedsUpdateFilter::default() };
    let rows = tx.needs_update_page(org, &filter, 0, triage.take)?;
    let said = tx.reviews(org, &rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    let rules = rows.iter().map(|row| rules_of(row, &said, policy.document(), context)).collect();
    Ok(Due { rows, rules })
}

/// The rules that are due for a row, each with its place.
fn rules_of(
    row: &TransactionRow,
    said: &[ReviewRow],
    document: &PolicyDocument,
    context: &Context<'_>,
) -> Vec<(usize, TriageRule)> {
    let Some(reason) = row.reason else { return Vec::new() };
    let said = said.iter().find(|own| own.transaction == row.id);
    let waiting = Waiting {
        reason,
        source: row.submission.reference.as_ref().map(|reference| reference.source.as_str()),
        days: (context.at - row.decided_at.unwrap_or(row.received_at)).num_days(),
        assigned: said.is_some_and(|own| own.assignee.is_some()),
        asked: said.is_some_and(|own| own.question.is_some()),
    };
    let place = |rule: &TriageRule| document.triage.iter().position(|own| std::ptr::eq(own, rule)).unwrap_or_default();
    document.due(waiting).into_iter().map(|rule| (place(rule), rule.clone())).collect()
}
