//! Past decisions taken again under another version of the policy or of the weights, before it is put in force. Nothing
//! is stored.
//!
//! Each submission that a run decided meets the contacts as they are on file, of each only what was received before the
//! submission. It is decided twice: by what is in force, and with the other version. Where the two differ, the version
//! is why; where what is in force differs from what was decided then, what is on file has changed since. What people
//! said about submissions is held against both: it is left out of what the matcher sees.

mod agreement;
mod past;

pub use agreement::Agreement;

use super::around::Around;
use super::explain::current_matcher;
use super::in_force::{in_force, of_document, version_name};
use crate::batch::{merges_unseen, waits_unseen};
use crate::policy::{self, policy_name};
use crate::{Engine, EngineError, Progress};
use past::{Past, past};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use tributary_contact::fold::fold;
use tributary_contact::policy::{Policy, says_more, source_profile, waiting_fields};
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, Reference, SourceRecord};
use tributary_matching::{Decision, Matcher, Outcome, Row, sentence};
use tributary_store::{Organization, StoreExt};

/// Submissions read at once when all of them are replayed.
const PAGE: i64 = 500;

/// Under what past decisions are taken again. What is not named stays as it is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replay {
    /// Number of the policy; 0 is the shipped one.
    pub policy: Option<i64>,
    /// Number of the version of the matcher; 0 is the shipped one.
    pub weights: Option<i64>,
    /// Only submissions received after this one.
    pub after: Option<RecordId>,
    /// Submissions looked at, at most.
    pub take: i64,
}

/// What came of a page of past decisions.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayPage {
    /// Names of the policy and the weights in force.
    pub in_force: [String; 2],
    /// Names of those that the decisions were taken under again.
    pub replayed: [String; 2],
    /// Submissions looked at.
    pub seen: i64,
    /// Those of them that were compared; the others no run has decided as they are now.
    pub compared: i64,
    /// Those that would be decided otherwise than then by what is in force too: what is on file has changed since.
    pub drifted: i64,
    /// Those that the other version decides otherwise than what is in force.
    pub differing: Vec<Differing>,
    /// How what is in force agrees with what people decided.
    pub agreement_in_force: Agreement,
    /// How the other version does.
    pub agreement_replayed: Agreement,
    /// Where the next page begins; none after the last one.
    pub next: Option<RecordId>,
}

/// A submission that would be decided otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Differing {
    /// The submission.
    pub id: RecordId,
    /// What was decided then.
    pub was: Replayed,
    /// What is decided now by what is in force.
    pub now: Replayed,
    /// What is decided with the other version.
    pub would_be: Replayed,
    /// `policy` or `weights`: which of the two makes the difference.
    pub because: &'static str,
    /// The decision in a sentence.
    pub why: String,
}

/// A decision, as far as two of them are compared: not by the reason for which a row waits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Replayed {
    /// `created`, `merged` or `needs_update`; what brought nothing new counts as merged.
    pub state: State,
    /// How it is merged.
    pub level: Option<Level>,
    /// Why it waits.
    pub reason: Option<Reason>,
    /// The contact it is merged into.
    pub contact: Option<ContactId>,
    /// How sure it is, in bits.
    pub score: Option<f64>,
}

impl Replayed {
    fn differs(&self, other: &Self) -> bool {
        (self.state, self.level, self.contact) != (other.state, other.level, other.contact)
    }
}

/// A policy and a matcher.
struct Version<'v> {
    policy: Option<&'v Arc<Policy>>,
    matcher: &'v Matcher,
}

/// What is in force and what is tried.
struct Versions {
    organization: Organization,
    policies: [Option<Arc<Policy>>; 2],
    matchers: [Matcher; 2],
    names: [[String; 2]; 2],
}

impl Engine {
    /// Takes a page of past decisions again. Nothing is stored.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization or version.
    pub fn replay_decisions(&self, org: OrganizationId, replay: Replay) -> Result<ReplayPage, EngineError> {
        let versions = self.versions(org, replay)?;
        self.replay_page(&versions, replay)
    }

    /// Takes all past decisions again, page by page; each page is handed to `each`.
    ///
    /// # Errors
    /// As [`Engine::replay_decisions`].
    pub fn replay_all(
        &self,
        org: OrganizationId,
        replay: Replay,
        each: &mut dyn FnMut(ReplayPage),
    ) -> Result<(), EngineError> {
        let versions = self.versions(org, replay)?;
        let counts = self.parts.store.reading(|tx| tx.state_counts(org))?;
        let total = counts.iter().map(|count| u64::try_from(count.count).unwrap_or(0)).sum();
        let (mut after, mut done) = (replay.after, 0);
        loop {
            let page = self.replay_page(&versions, Replay { after, take: PAGE, ..replay })?;
            done += u64::try_from(page.seen).unwrap_or(0);
            self.tell_progress(Progress { organization: org, stage: "replay", done, total });
            after = page.next;
            each(page);
            if after.is_none() {
                return Ok(());
            }
        }
    }

    fn versions(&self, org: OrganizationId, replay: Replay) -> Result<Versions, EngineError> {
        let organization = self.organization(org)?;
        if let Some(number) = replay.policy {
            self.policy_version(org, number)?;
        }
        let settings = &self.settings().matching;
        let read = self.parts.store.reading(|tx| {
            let present = in_force(tx, org, settings)?;
            let other = match replay.weights {
                None => in_force(tx, org, settings)?,
                Some(0) => of_document(None, settings)?,
                Some(number) => match tx.matcher_document(org, number)? {
                    Some(row) => of_document(Some(&row), settings)?,
                    None => return Ok(None),
                },
            };
            let held = policy::in_force(tx, org)?;
            let tried = replay.policy.map_or(Ok(held.clone()), |number| policy::of_number(tx, org, number))?;
            let matchers = [current_matcher(tx, org, &present)?, current_matcher(tx, org, &other)?];
            Ok(Some(([held, tried], matchers, [present.number, other.number])))
        })?;
        let (policies, matchers, weights) = read.ok_or(EngineError::NotFound)?;
        let name = |at: usize| {
            let policy = policies.get(at).map_or(0, |policy| policy::number_of(policy.as_ref()));
            [policy_name(policy), version_name(weights.get(at).copied().flatten())]
        };
        Ok(Versions { names: [name(0), name(1)], organization, policies, matchers })
    }

    fn replay_page(&self, versions: &Versions, replay: Replay) -> Result<ReplayPage, EngineError> {
        let org = versions.organization.id;
        let (past, around, last, seen) = self.parts.store.reading(|tx| {
            let rows = tx.transaction_page(org, replay.after, replay.take)?;
            let (last, seen) = (rows.last().map(|row| row.id), rows.len());
            let past = past(tx, &versions.organization, rows)?;
            let mut keys: Vec<i64> = past.iter().flat_map(|own| own.profile.keys().iter().copied()).collect();
            keys.sort_unstable();
            keys.dedup();
            let references: BTreeSet<Reference> =
                past.iter().filter_map(|own| own.row.submission.reference.clone()).collect();
            let references: Vec<Reference> = references.into_iter().collect();
            let place = (org, versions.organization.country.as_str());
            Ok((past, Around::read(tx, place, (&keys, &references), None)?, last, seen))
        })?;
        let decided: Vec<_> = past.par_iter().map(|own| versions.decide(own, &around)).collect();
        let [in_force, replayed] = versions.names.clone();
        let seen = i64::try_from(seen).unwrap_or(i64::MAX);
        let mut page = ReplayPage {
            in_force,
            replayed,
            seen,
            compared: i64::try_from(past.len()).unwrap_or(i64::MAX),
            drifted: 0,
            differing: Vec::new(),
            agreement_in_force: Agreement::default(),
            agreement_replayed: Agreement::default(),
            next: last.filter(|_| seen >= replay.take),
        };
        for (own, decided) in past.iter().zip(decided) {
            page.take_up(own, decided);
        }
        Ok(page)
    }
}

/// A past decision taken again.
struct Again {
    now: Replayed,
    would_be: Replayed,
    because: &'static str,
    why: String,
}

impl ReplayPage {
    /// With the next page of the same replay.
    pub fn add(&mut self, next: Self) {
        self.seen += next.seen;
        self.compared += next.compared;
        self.drifted += next.drifted;
        self.differing.extend(next.differing);
        self.agreement_in_force.add(next.agreement_in_force);
        self.agreement_replayed.add(next.agreement_replayed);
        self.next = next.next;
    }

    fn take_up(&mut self, own: &Past, again: Again) {
        self.drifted += i64::from(own.was.differs(&again.now));
        if own.known.is_anything() {
            self.agreement_in_force.count(&own.known, &again.now);
            self.agreement_replayed.count(&own.known, &again.would_be);
        }
        if again.now.differs(&again.would_be) {
            let Again { now, would_be, because, why } = again;
            self.differing.push(Differing { id: own.row.id, was: own.was, now, would_be, because, why });
        }
    }
}

impl Versions {
    fn decide(&self, own: &Past, around: &Around) -> Again {
        let [held, tried] = self.policies.each_ref().map(Option::as_ref);
        let [present, other] = self.matchers.each_ref();
        let (now, _) = self.decide_by(own, around, &Version { policy: held, matcher: present });
        let (would_be, decision) = self.decide_by(own, around, &Version { policy: tried, matcher: other });
        let (by_weights, _) = self.decide_by(own, around, &Version { policy: held, matcher: other });
        let because = if by_weights.differs(&now) { "weights" } else { "policy" };
        Again { now, would_be, because, why: why(&would_be, &decision) }
    }

    fn decide_by(&self, own: &Past, around: &Around, version: &Version<'_>) -> (Replayed, Decision) {
        let submission = &own.row.submission;
        let place = (own.row.received_at, own.row.id);
        let earlier = |record: &SourceRecord| (record.received_at, record.id) < place;
        let index = around.before(own.profile.keys(), earlier);
        let decision = version.matcher.decide(&Row { profile: &own.profile, submission }, &index);
        let may = source_profile(version.policy.map(AsRef::as_ref), submission);
        let reason = waits_unseen(&decision, may).or_else(|| match decision.outcome {
            Outcome::Merge { contact, individual, by_reference } => {
                let before = around.records_of(contact, earlier);
                self.waits_beside(own, (&before, individual, by_reference), version)
            }
            _ => None,
        });
        (replayed(&decision, reason), decision)
    }

    /// Why a sure match waits all the same, as a run has it.
    fn waits_beside(
        &self,
        own: &Past,
        (before, individual, by_reference): (&[SourceRecord], i64, bool),
        version: &Version<'_>,
    ) -> Option<Reason> {
        let (country, submission) = (&self.organization.country, &own.row.submission);
        let policy = version.policy.map(AsRef::as_ref);
        let golden = fold(before, country)?;
        if !waiting_fields(policy, &golden, ItemId(individual), submission, by_reference).is_empty() {
            return Some(Reason::SensitiveChange);
        }
        if merges_unseen(source_profile(policy, submission), by_reference) {
            return None;
        }
        let record = own.record(individual, version.policy.cloned());
        let with_row: Vec<SourceRecord> = before.iter().cloned().chain([record]).collect();
        let after = fold(&with_row, country)?;
        says_more(&golden, &after).then_some(Reason::MergeWaits)
    }
}

fn replayed(decision: &Decision, waits: Option<Reason>) -> Replayed {
    let (state, level, contact) = match (waits, decision.outcome) {
        (Some(_), _) | (None, Outcome::Review) => (State::NeedsUpdate, None, None),
        (None, Outcome::Create) => (State::Created, None, None),
        (None, Outcome::AddIndividual { contact }) => (State::Merged, Some(Level::Household), Some(contact)),
        (None, Outcome::Merge { contact, .. }) => (State::Merged, Some(Level::Individual), Some(contact)),
    };
    Replayed { state, level, reason: waits, contact: contact.map(ContactId), score: Some(decision.score) }
}

fn why(decided: &Replayed, decision: &Decision) -> String {
    match (decided.state, decided.reason, decision.candidates.first()) {
        (State::NeedsUpdate, Some(reason), _) => reason.sentence().to_owned(),
        (State::Created, ..) | (_, _, None) => "Nobody on file fits well enough.".to_owned(),
        (_, _, Some(candidate)) => sentence(candidate),
    }
}
