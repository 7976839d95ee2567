//! Steps 7 and 8: real ids, folded contacts, and one transaction with all of it.

use super::ahead::Ahead;
use super::chunk::{Known, Surroundings, WorkRow};
use super::decide::{Fate, Slot, Verdict, resolved};
use super::gifts;
use super::ledgered::Ledgered;
use super::numbers::Numbers;
use super::people::Seen;
use super::report::Report;
use super::session::{Session, from_fenced};
use crate::EngineError;
use crate::change::{Actor, Cause, Context, Working, Writes};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tributary_contact::policy::Policy;
use tributary_contact::state::Reason;
use tributary_contact::{ContactId, RecordKind, SourceRecord};
use tributary_matching::{Decision, Outcome, Profile};
use tributary_store::{DecisionRow, Organization, RunRow, StoreExt};

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

    /// One transaction: fence, transactions, decisions, contacts and all that follows, progress of the run.
    /// The next chunk is prepared meanwhile.
    fn write(&mut self, ledgered: &Ledgered, writes: &Writes) -> Result<(), EngineError> {
        let (session, phase, mut ahead) = (&*self, self.phase, None);
        let stored = session.pool.in_place_scope(|scope| {
            if session.ahead.is_none() {
                scope.spawn(|_| ahead = Ahead::prepare(session, phase));
            }
            session.store(ledgered, writes)
        });
        self.ahead = self.ahead.take().or(ahead);
        (self.run, self.report) = stored?;
        self.engine.wake_deliveries();
        self.count(&ledgered.decisions);
        Ok(())
    }

    fn store(&self, ledgered: &Ledgered, writes: &Writes) -> Result<(RunRow, Report), EngineError> {
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
        Ok((run, report))
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
    pub(super) unchanged: Vec<bool>,
}

/// Rows with everything that follows from them.
pub(super) struct Worked {
    pub(super) verdicts: Vec<Verdict>,
    pub(super) numbers: Numbers,
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
