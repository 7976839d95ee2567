//! Step 7 for the rows themselves: their transactions, decisions and events as they are written.

use super::apply::Worked;
use super::chunk::WorkRow;
use super::decide::{Fate, Slot, Verdict, resolved};
use super::numbers::Numbers;
use super::session::Session;
use crate::change::{Context, TransactionEnd, of_transaction};
use crate::policy::number_of;
use rayon::prelude::*;
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{ContactId, ItemId};
use tributary_matching::Outcome;
use tributary_store::{DecisionRow, EventRow, Settlement, TransactionRow};
use uuid::Uuid;

/// A row with everything decided and numbered.
struct Settled<'a> {
    row: &'a WorkRow,
    verdict: &'a Verdict,
    state: State,
    contact: Option<ContactId>,
    individual: Option<ItemId>,
    first_item: Option<ItemId>,
    /// Number of the policy of the run.
    policy: i64,
}

impl Settled<'_> {
    fn reason(&self) -> Option<Reason> {
        match self.verdict.fate {
            Fate::Waits(reason) => Some(reason),
            Fate::Assigned { .. } => None,
        }
    }

    fn level(&self) -> Option<Level> {
        let household = matches!(self.verdict.decision.outcome, Outcome::AddIndividual { .. });
        (self.state == State::Merged).then_some(if household { Level::Household } else { Level::Individual })
    }
}

/// What the applying transaction writes about the transactions themselves.
pub(super) struct Ledgered {
    pub(super) new: Vec<TransactionRow>,
    pub(super) changes: Vec<Settlement>,
    pub(super) decisions: Vec<DecisionRow>,
    pub(super) events: Vec<EventRow>,
}

impl Session<'_> {
    fn all_settled<'r>(
        &self,
        rows: &'r [WorkRow],
        verdicts: &'r [Verdict],
        numbers: &Numbers,
        unchanged: &[bool],
    ) -> Vec<Settled<'r>> {
        let policy = number_of(self.policy.as_ref());
        let places = rows.iter().zip(verdicts).enumerate();
        let one = |(place, (row, verdict)): (usize, (&'r WorkRow, &'r Verdict))| {
            settled(row, verdict, numbers, place, (unchanged.get(place) == Some(&true), policy))
        };
        places.map(one).collect()
    }

    /// The transactions and decisions to write.
    pub(super) fn ledgered(
        &self,
        rows: &[WorkRow],
        verdicts: &[Verdict],
        numbers: &Numbers,
        unchanged: &[bool],
        context: &Context<'_>,
    ) -> Ledgered {
        let rows = self.all_settled(rows, verdicts, numbers, unchanged);
        let version = self.matcher.version();
        let decisions =
            self.pool.install(|| rows.par_iter().map(|row| decision(row, numbers, context, version)).collect());
        let ids = numbers.events.iter();
        let events = rows.iter().zip(ids).filter_map(|(row, id)| told(row, *id, context)).collect();
        let (first, again): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.row.decision == 1);
        Ledgered {
            new: first.into_iter().map(|row| transaction(row, context)).collect(),
            changes: again.into_iter().map(|row| settlement(row, context)).collect(),
            decisions,
            events,
        }
    }

    /// The transactions and their decisions as they would be stored.
    pub(super) fn shown(
        &self,
        rows: &[WorkRow],
        worked: &Worked,
        context: &Context<'_>,
    ) -> Vec<(TransactionRow, DecisionRow)> {
        let Worked { verdicts, numbers, folded } = worked;
        let version = self.matcher.version();
        let rows = self.all_settled(rows, verdicts, numbers, &folded.unchanged);
        rows.iter().map(|row| (transaction(row, context), decision(row, numbers, context, version))).collect()
    }
}

fn settled<'a>(
    row: &'a WorkRow,
    verdict: &'a Verdict,
    numbers: &Numbers,
    place: usize,
    (unchanged, policy): (bool, i64),
) -> Settled<'a> {
    let (contact, individual) = match verdict.fate {
        Fate::Assigned { contact, individual } => {
            (resolved(contact, &numbers.contacts), numbers.individual(individual))
        }
        Fate::Waits(_) => (None, None),
    };
    let state = match (verdict.fate, verdict.decision.outcome) {
        (Fate::Waits(_), _) => State::NeedsUpdate,
        (_, Outcome::Create) => State::Created,
        _ if unchanged => State::Unchanged,
        _ => State::Merged,
    };
    let first_item = numbers.items.get(place).copied().flatten();
    Settled { row, verdict, state, contact, individual, first_item, policy }
}

/// The event of a row that no contact tells of. Its id is the one reserved for the row's change, which there is
/// none of.
fn told(settled: &Settled<'_>, event: Uuid, context: &Context<'_>) -> Option<EventRow> {
    let end = TransactionEnd {
        transaction: settled.row.id,
        reference: settled.row.submission.reference.as_ref(),
        state: settled.state,
        reason: settled.reason(),
        received_at: settled.row.received_at,
        question: None,
    };
    of_transaction(event, &end, context.organization, context.at)
}

fn transaction(settled: &Settled<'_>, context: &Context<'_>) -> TransactionRow {
    TransactionRow {
        id: settled.row.id,
        received_at: settled.row.received_at,
        key_id: settled.row.key_id,
        submission: settled.row.submission.clone(),
        sent: None,
        state: settled.state,
        reason: settled.reason(),
        level: settled.level(),
        contact: settled.contact,
        individual: settled.individual,
        first_item: settled.first_item,
        run: context.run,
        decided_at: Some(context.at),
        policy: settled.policy,
    }
}

fn settlement(settled: &Settled<'_>, context: &Context<'_>) -> Settlement {
    Settlement {
        id: settled.row.id,
        expected: State::Held,
        state: settled.state,
        reason: settled.reason(),
        level: settled.level(),
        contact: settled.contact,
        individual: settled.individual,
        first_item: settled.first_item,
        run: context.run,
        decided_at: Some(context.at),
        policy: settled.policy,
    }
}

fn decision(settled: &Settled<'_>, numbers: &Numbers, context: &Context<'_>, version: &str) -> DecisionRow {
    DecisionRow {
        transaction: settled.row.id,
        number: settled.row.decision,
        run: context.run,
        outcome: settled.state,
        level: settled.level(),
        reason: settled.reason(),
        contact: settled.contact,
        individual: settled.individual,
        score: Some(settled.verdict.decision.score),
        explanation: explanation(settled, numbers),
        weights_version: version.to_owned(),
        policy: settled.policy,
        actor: context.actor.clone(),
        decided_at: context.at,
        undone_at: None,
    }
}

/// Candidates with their evidence; those made by the same chunk under the ids they were given.
fn explanation(settled: &Settled<'_>, numbers: &Numbers) -> String {
    let mut candidates = settled.verdict.decision.candidates.clone();
    for candidate in &mut candidates {
        let contact = resolved(Slot::of(candidate.contact), &numbers.contacts);
        candidate.contact = contact.map_or(candidate.contact, |id| id.0);
        let individual = numbers.individual(Slot::of(candidate.individual));
        candidate.individual = individual.map_or(candidate.individual, |id| id.0);
    }
    serde_json::to_string(&candidates).unwrap_or_default()
}
