//! Steps 7 and 8: real ids, folded contacts, and one transaction with all of it.

use super::chunk::{Known, Surroundings, WorkRow};
use super::decide::{Fate, Slot, Verdict, resolved};
use super::gifts;
use super::numbers::Numbers;
use super::people::Seen;
use super::report::Report;
use super::session::{Session, from_fenced};
use crate::EngineError;
use crate::change::{Actor, Cause, Context, TransactionEnd, Working, Writes, of_transaction};
use crate::policy::number_of;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tributary_contact::policy::Policy;
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{ContactId, ItemId, RecordKind, SourceRecord};
use tributary_matching::{Decision, Outcome, Profile};
use tributary_store::{DecisionRow, EventRow, Organization, Settlement, StoreExt, TransactionRow};
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
struct Ledgered {
    new: Vec<TransactionRow>,
    changes: Vec<Settlement>,
    decisions: Vec<DecisionRow>,
    events: Vec<EventRow>,
}

impl Session<'_> {
    /// Decides and applies a chunk once.
    pub(super) fn settle_once(&mut self, rows: &[WorkRow]) -> Result<(), EngineError> {
        let organization = self.organization.clone();
        let context = self.context(&organization);
        let Worked { verdicts, numbers, folded } = self.work_out(rows, &context, Self::reserve)?;
        let mut ledgered = self
            .timed("explain", |session| Ok(session.ledgered(rows, &verdicts, &numbers, &folded.unchanged, &context)))?;
        let country = &organization.country;
        let seen: Vec<_> = folded
            .contacts
            .iter()
            .map(|contact| (contact.id().0, Seen::of(contact.version(), contact.records(), &self.profiles, country)))
            .collect();
        let told = std::mem::take(&mut ledgered.events);
        let writes = self.timed("collect", |session| {
            Ok(Writes::of(folded.contacts, &session.profiles, &context).without_terms().with_events(told))
        })?;
        let written = self.timed("write", |session| session.write(&ledgered, &writes));
        match written {
            Ok(()) => self.people.keep(seen),
            Err(_) => self.people.forget(targets(&verdicts)),
        }
        written
    }

    /// Steps 3 to 7 up to what is to be written; `number` gives the ids.
    pub(super) fn work_out(
        &mut self,
        rows: &[WorkRow],
        context: &Context<'_>,
        number: impl FnOnce(&Self, &[WorkRow], &[Verdict]) -> Result<Numbers, EngineError>,
    ) -> Result<Worked, EngineError> {
        let profiles = self.timed("normalise", |session| Ok(session.normalise(rows)))?;
        let mut around = self.timed("candidates", |session| session.surroundings(rows, &profiles))?;
        let verdicts = self.timed("decide", |session| session.decide(rows, &profiles, &mut around))?;
        self.engine.settings().probe.at("decided")?;
        self.timed("targets", |session| session.load_targets(&targets(&verdicts), &mut around))?;
        let numbers = self.timed("reserve", |session| number(session, rows, &verdicts))?;
        self.profiles
            .keep(rows.iter().zip(&profiles).map(|(row, profile): (_, &Arc<Profile>)| (row.id, profile.clone())));
        let folded = self.timed("fold", |session| Ok(session.fold(rows, &verdicts, &numbers, &mut around, context)))?;
        Ok(Worked { verdicts, numbers, folded })
    }

    /// Leaves a row for a person without looking at its content.
    pub(super) fn set_aside(&mut self, row: &WorkRow) -> Result<(), EngineError> {
        let decision = Decision::of_nobody(Outcome::Review, Some(Reason::Failed));
        let (rows, verdicts) = (std::slice::from_ref(row), [Verdict { decision, fate: Fate::Waits(Reason::Failed) }]);
        let numbers = self.reserve(rows, &verdicts)?;
        let organization = self.organization.clone();
        let context = self.context(&organization);
        let mut ledgered = self.ledgered(rows, &verdicts, &numbers, &[], &context);
        let writes = Writes::default().with_events(std::mem::take(&mut ledgered.events));
        self.write(&ledgered, &writes)
    }

    pub(super) fn context<'c>(&self, organization: &'c Organization) -> Context<'c> {
        Context {
            organization,
            actor: Actor::Batch.to_string(),
            run: Some(self.run.id),
            at: self.engine.now(),
            silent: false,
        }
    }

    /// Folds the rows into their contacts, contacts in parallel, the rows of one contact in order.
    fn fold(
        &self,
        rows: &[WorkRow],
        verdicts: &[Verdict],
        numbers: &Numbers,
        around: &mut Surroundings,
        context: &Context<'_>,
    ) -> Folded {
        let mut by_contact: BTreeMap<ContactId, (Option<Known>, Vec<usize>)> = BTreeMap::new();
        for (place, verdict) in verdicts.iter().enumerate() {
            let Fate::Assigned { contact, .. } = verdict.fate else { continue };
            let Some(id) = resolved(contact, &numbers.contacts) else { continue };
            by_contact.entry(id).or_insert_with(|| (around.contacts.remove(&id.0), Vec::new())).1.push(place);
        }
        let jobs: Vec<_> = by_contact.into_iter().collect();
        let fold_one = |(id, (known, places)): (ContactId, (Option<Known>, Vec<usize>))| {
            let mut contact = match known {
                Some(known) => Working::stored(known.head, known.records, context),
                None => Working::new(id, context),
            };
            let unchanged: Vec<usize> = places
                .into_iter()
                .filter(|place| {
                    let record = record_of(*place, rows, verdicts, numbers, self.policy.clone());
                    record.is_some_and(|(record, cause)| !contact.assign(record, &cause, context))
                })
                .collect();
            (contact, unchanged)
        };
        let folded: Vec<_> = self.pool.install(|| jobs.into_par_iter().map(fold_one).collect());
        let mut unchanged = vec![false; rows.len()];
        let mut contacts = Vec::with_capacity(folded.len());
        for (contact, places) in folded {
            contacts.push(contact);
            for place in places {
                unchanged.get_mut(place).into_iter().for_each(|flag| *flag = true);
            }
        }
        Folded { contacts, unchanged }
    }

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
    fn ledgered(
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

    /// One transaction: fence, transactions, decisions, contacts and all that follows, progress of the run.
    fn write(&mut self, ledgered: &Ledgered, writes: &Writes) -> Result<(), EngineError> {
        let (id, until) = (self.organization.id, self.lease_end());
        let mut run = self.run.clone();
        run.received += i64::try_from(ledgered.decisions.len()).unwrap_or(0);
        let report = Report { chunks: self.report.chunks + 1, ..self.report.clone() };
        run.report = report.text();
        let probe = &self.engine.settings().probe;
        let mut probed = Ok(());
        let written = self.engine.parts.store.writing("apply", |tx| {
            tx.extend_lease(id, &self.fence, until)?;
            tx.insert_transactions(id, &ledgered.new)?;
            tx.settle_transactions(id, &ledgered.changes)?;
            gifts::register(tx, id, &ledgered.new)?;
            tx.insert_decisions(id, &ledgered.decisions)?;
            writes.write(tx, id)?;
            tx.update_run(id, &run)?;
            probed = probe.at("writing");
            if probed.is_err() { Err(tributary_store::StoreError::NotRun) } else { Ok(()) }
        });
        probed?;
        written.map_err(from_fenced)?;
        (self.run, self.report) = (run, report);
        self.engine.wake_deliveries();
        self.count(&ledgered.decisions);
        Ok(())
    }

    fn count(&self, decisions: &[DecisionRow]) {
        for decision in decisions {
            let reason = decision.reason.map_or("", Reason::as_str);
            metrics::counter!("tributary_outcomes_total", "outcome" => decision.outcome.as_str(), "reason" => reason)
                .increment(1);
        }
    }
}

/// Stored contacts that rows are folded into, each once.
fn targets(verdicts: &[Verdict]) -> Vec<i64> {
    let stored = verdicts.iter().filter_map(|verdict| match verdict.fate {
        Fate::Assigned { contact: Slot::Stored(contact), .. } => Some(contact),
        _ => None,
    });
    stored.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Contacts after folding, and which rows brought nothing new.
pub(super) struct Folded {
    pub(super) contacts: Vec<Working>,
    unchanged: Vec<bool>,
}

/// Rows with everything that follows from them.
pub(super) struct Worked {
    verdicts: Vec<Verdict>,
    numbers: Numbers,
    pub(super) folded: Folded,
}

/// The record of a row that is folded into a contact, and why it is.
fn record_of(
    place: usize,
    rows: &[WorkRow],
    verdicts: &[Verdict],
    numbers: &Numbers,
    policy: Option<Arc<Policy>>,
) -> Option<(SourceRecord, Cause)> {
    let (row, verdict) = (rows.get(place)?, verdicts.get(place)?);
    let Fate::Assigned { individual, .. } = verdict.fate else { return None };
    let record = SourceRecord {
        id: row.id,
        kind: RecordKind::Transaction,
        received_at: row.received_at,
        individual: numbers.individual(individual)?,
        first_item: numbers.items.get(place).copied().flatten()?,
        submission: row.submission.clone(),
        policy,
    };
    let action = if verdict.decision.outcome == Outcome::Create { "create" } else { "merge" };
    let cause = Cause { record: row.id, action, event: numbers.events.get(place).copied()? };
    Some((record, cause))
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
