//! Past decisions taken again under another version of the policy or of the weights, before it is put in force. Nothing
//! is stored.
//!
//! Each submission that a run decided meets the contacts as they are on file, of each only what was received before the
//! submission. It is decided twice: by what is in force, and with the other version. Where the two differ, the version
//! is why; where what is in force differs from what was decided then, what is on file has changed since. What people
//! said about submissions is held against both: it is left out of what the matcher sees.

use super::around::Around;
use super::explain::current_matcher;
use super::in_force::{in_force, of_document, version_name};
use super::labels::staff_label;
use crate::apart::Apart;
use crate::batch::{merges_unseen, waits_unseen};
use crate::merge::survivors;
use crate::policy::{self, policy_name};
use crate::{Engine, EngineError, Progress};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use tributary_contact::clock::Timestamp;
use tributary_contact::fold::fold;
use tributary_contact::policy::{Policy, says_more, source_profile, waiting_fields};
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, RecordKind, Reference, SourceRecord};
use tributary_matching::calibrate::Label;
use tributary_matching::{Decision, Matcher, Outcome, Profile, Row, sentence};
use tributary_store::{CorrectionRow, DecisionRow, Organization, ReadTx, StoreExt, StoreResult, TransactionRow};

/// Submissions read at once when all of them are replayed.
const PAGE: i64 = 500;
/// Stands for the item numbers that a row would be given.
const UNNUMBERED: ItemId = ItemId(1 << 60);

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

/// How decisions agree with what people decided about the same submissions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// Submissions that people said something about.
    pub labelled: i64,
    /// Merged into the contact that people say.
    pub right: i64,
    /// Merged into one that people say it is not.
    pub wrong: i64,
    /// Belongs to a contact that was on file, and was not merged into it.
    pub missed: i64,
    /// Left to a person.
    pub waits: i64,
}

impl Agreement {
    /// How many of the merges are right; none when nothing is known about any.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.wrong)
    }

    /// How many of those that belong to a contact on file are merged into it.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.right, self.missed)
    }

    /// With those of another page.
    pub const fn add(&mut self, other: Self) {
        self.labelled += other.labelled;
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.waits += other.waits;
    }

    fn count(&mut self, known: &Known, decided: &Replayed) {
        self.labelled += 1;
        self.waits += i64::from(decided.state == State::NeedsUpdate);
        if let Some(contact) = decided.contact {
            let right = known.belongs == Some(Belongs::To(contact.0));
            let wrong = !right && (known.belongs.is_some() || known.not.contains(&contact.0));
            (self.right, self.wrong) = (self.right + i64::from(right), self.wrong + i64::from(wrong));
        }
        let of = if let Some(Belongs::To(contact)) = known.belongs { Some(contact) } else { None };
        let missed = known.on_file && of.is_some() && decided.contact.map(|contact| contact.0) != of;
        self.missed += i64::from(missed);
    }
}

/// The share of the first count in both; counts are far below 2 to the power of 52.
#[expect(clippy::cast_precision_loss, reason = "counts of submissions")]
fn share(part: i64, rest: i64) -> Option<f64> {
    (part + rest > 0).then(|| part as f64 / (part + rest) as f64)
}

/// Whose people say that a submission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Belongs {
    To(i64),
    Nobody,
}

/// What people said about a submission.
#[derive(Debug, Default)]
struct Known {
    belongs: Option<Belongs>,
    not: BTreeSet<i64>,
    /// Whether the contact that it belongs to was on file before it.
    on_file: bool,
}

impl Known {
    fn is_anything(&self) -> bool {
        self.belongs.is_some() || !self.not.is_empty()
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

/// A past decision.
struct Past {
    row: TransactionRow,
    was: Replayed,
    known: Known,
    profile: Profile,
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

impl Past {
    fn record(&self, individual: i64, policy: Option<Arc<Policy>>) -> SourceRecord {
        SourceRecord {
            id: self.row.id,
            kind: RecordKind::Transaction,
            received_at: self.row.received_at,
            individual: ItemId(individual),
            first_item: UNNUMBERED,
            submission: self.row.submission.clone(),
            policy,
        }
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

/// What a run decided about these rows as they are now, and what people said about them.
fn past(tx: &mut dyn ReadTx, organization: &Organization, rows: Vec<TransactionRow>) -> StoreResult<Vec<Past>> {
    let org = organization.id;
    let ids: Vec<RecordId> = rows.iter().map(|row| row.id).collect();
    let corrections = tx.corrections(org, &ids)?;
    let mut decisions: FxHashMap<RecordId, Vec<DecisionRow>> = FxHashMap::default();
    for latest in tx.latest_decisions(org, &ids)? {
        let id = latest.transaction;
        let all = if latest.number > 1 { tx.decisions(org, id)? } else { vec![latest] };
        decisions.insert(id, all);
    }
    let apart = Apart::read(tx, org, &organization.country, 0)?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let own = decisions.get(&row.id).map_or(&[][..], Vec::as_slice);
        let Some(was) = decided_by_run(&row, own, &corrections) else { continue };
        let profile = Profile::of(&row.submission, &organization.country);
        let mut known = Known::default();
        match staff_label(&row, own) {
            Some(Label::Same { contact, .. } | Label::Relative { contact }) => {
                known.belongs = Some(Belongs::To(contact));
            }
            Some(Label::Nobody) => known.belongs = Some(Belongs::Nobody),
            Some(Label::Not { contact }) => drop(known.not.insert(contact)),
            None => {}
        }
        known.not.extend(apart.of_row(row.id, &row.submission, &profile));
        known.not.extend(row.contact.into_iter().flat_map(|contact| apart.others_of(contact)));
        found.push(Past { row, was: stored(was), known, profile });
    }
    said_since(tx, org, &mut found)?;
    Ok(found)
}

/// Contacts as they are now; merges that were taken back; and whether a contact was on file before the row.
fn said_since(tx: &mut dyn ReadTx, org: OrganizationId, past: &mut [Past]) -> StoreResult<()> {
    let was: Vec<ContactId> = past.iter().filter_map(|own| own.was.contact).collect();
    let survivors = survivors(tx, org, &was)?;
    let belong: BTreeSet<ContactId> = past
        .iter()
        .flat_map(|own| {
            [own.row.contact, if let Some(Belongs::To(id)) = own.known.belongs { Some(ContactId(id)) } else { None }]
        })
        .flatten()
        .collect();
    let belong: Vec<ContactId> = belong.into_iter().collect();
    let mut first: FxHashMap<i64, (Timestamp, RecordId)> = FxHashMap::default();
    for own in tx.source_records(org, &belong)? {
        let place = (own.record.received_at, own.record.id);
        first.entry(own.contact.0).and_modify(|known| *known = place.min(*known)).or_insert(place);
    }
    let undone = tx.merges_taken_back(org, &belong)?;
    for own in past {
        own.was.contact = own.was.contact.map(|id| survivors.get(&id.0).map_or(id, |survivor| ContactId(*survivor)));
        for merge in &undone {
            if own.row.contact == Some(merge.merged) {
                own.known.not.insert(merge.survivor.0);
            }
            if own.row.contact == Some(merge.survivor) {
                own.known.not.insert(merge.merged.0);
            }
        }
        if let Some(Belongs::To(contact)) = own.known.belongs {
            own.known.not.remove(&contact);
            own.known.on_file = first.get(&contact).is_some_and(|first| *first < (own.row.received_at, own.row.id));
        }
    }
    Ok(())
}

/// The latest decision of a run about a row, if it was about what the row says now. Whoever names a contact by its
/// number is not matched at all.
fn decided_by_run<'d>(
    row: &TransactionRow,
    decisions: &'d [DecisionRow],
    corrections: &[CorrectionRow],
) -> Option<&'d DecisionRow> {
    let decision = decisions.iter().rev().find(|decision| decision.run.is_some())?;
    let since = |own: &CorrectionRow| own.transaction == row.id && own.number > decision.number;
    let comparable = row.submission.pinned.is_none() && decision.reason != Some(Reason::Failed);
    Some(decision).filter(|_| comparable && !corrections.iter().any(since))
}

/// A stored decision, as far as it is compared.
fn stored(decision: &DecisionRow) -> Replayed {
    let (state, level) = match decision.outcome {
        State::Created => (State::Created, None),
        State::Merged if decision.level == Some(Level::Household) => (State::Merged, Some(Level::Household)),
        State::Merged | State::Unchanged => (State::Merged, Some(Level::Individual)),
        other => (other, None),
    };
    let contact = decision.contact.filter(|_| state == State::Merged);
    Replayed { state, level, reason: decision.reason, contact, score: decision.score }
}
