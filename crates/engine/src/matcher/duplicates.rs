//! Who on file may be meant: the question that a batch asks of a submission, asked beforehand or of a contact that is
//! on file already. The matcher, its version and what people said are those of the batch.

use super::around::Around;
use super::explain::current_matcher;
use super::in_force::in_force;
use crate::apart::Apart;
use crate::privacy::Tombstones;
use crate::review::Account;
use crate::{Engine, EngineError};
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::fold::{Matched, as_matched};
use tributary_contact::state::Reason;
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, SourceRecord, Submission};
use tributary_matching::{Candidate, Decision, Matcher, Outcome, Profile, Row};
use tributary_store::{ContactRow, Counter, Organization, PairBand, ReadTx, StoreExt, StoreResult};
use uuid::Uuid;

/// Who may be meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Duplicates {
    /// Contacts, best first, at most as many as a decision weighs.
    pub candidates: Vec<DuplicateCandidate>,
    /// What a batch would do with it.
    pub recommendation: Recommendation,
    /// Why a person would have to look.
    pub reason: Option<Reason>,
    /// Version of the weights.
    pub weights_version: String,
}

/// A contact that may be meant.
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicateCandidate {
    /// The contact.
    pub contact: ContactRow,
    /// The individual that fits best.
    pub individual: ItemId,
    /// How it compares.
    pub candidate: Candidate,
    /// The same, step by step.
    pub account: Account,
    /// How sure it is.
    pub band: Band,
}

/// What a batch would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recommendation {
    /// Merge it into the first candidate.
    Merge,
    /// Make it a new individual of the first candidate.
    AddIndividual,
    /// Ask a person.
    Review,
    /// Make a new contact.
    Create,
}

/// How sure a candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// Sure enough to merge without a person, were it alone.
    Certain,
    /// A person has to look.
    Likely,
    /// It shares something.
    Possible,
}

impl Recommendation {
    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::AddIndividual => "addIndividual",
            Self::Review => "review",
            Self::Create => "create",
        }
    }

    const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Merge { .. } => Self::Merge,
            Outcome::AddIndividual { .. } => Self::AddIndividual,
            Outcome::Review => Self::Review,
            Outcome::Create => Self::Create,
        }
    }
}

impl Band {
    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }

    /// As it is stored with a pair; none where a pair is not worth anybody's time.
    pub(crate) const fn of_pair(self) -> Option<PairBand> {
        match self {
            Self::Certain => Some(PairBand::Certain),
            Self::Likely => Some(PairBand::Likely),
            Self::Possible => None,
        }
    }

    fn of(candidate: &Candidate, matcher: &Matcher) -> Self {
        let limits = matcher.thresholds();
        match candidate.probability {
            sure if sure >= limits.merge && candidate.guard.is_none() => Self::Certain,
            likely if likely >= limits.review => Self::Likely,
            _ => Self::Possible,
        }
    }
}

impl Engine {
    /// What the next batch would make of this submission, as things stand. Nothing is stored.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn check_duplicates(&self, org: OrganizationId, submission: &Submission) -> Result<Duplicates, EngineError> {
        let organization = self.organization(org)?;
        let found = self.parts.store.reading(|tx| {
            let asking = Asking::read(tx, &organization, self)?;
            let decision = asking.decide(tx, submission)?;
            let decision = held_back(tx, &organization, submission, decision)?;
            asking.shown(tx, decision)
        })?;
        Ok(found)
    }

    /// The contacts that may be the same as one on file.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact.
    pub fn duplicates_of(&self, org: OrganizationId, contact: ContactId) -> Result<Duplicates, EngineError> {
        let organization = self.organization(org)?;
        self.contact(org, contact)?.ok_or(EngineError::NotFound)?;
        let found = self.parts.store.reading(|tx| {
            let asking = Asking::read(tx, &organization, self)?;
            let decision = asking.decide_contact(tx, contact)?;
            asking.shown(tx, decision)
        })?;
        Ok(found)
    }
}

/// The matcher as it is now, with what people said.
pub(crate) struct Asking<'a> {
    organization: &'a Organization,
    matcher: Matcher,
    apart: Apart,
}

/// What is said of a contact, each saying once with its normal form.
pub(crate) struct Said(Vec<(Submission, Profile)>);

impl Said {
    /// What these records of one contact say.
    pub(crate) fn of(records: &[SourceRecord], country: &str) -> Self {
        let said = said_once(records, country).into_iter();
        let with_profile = |said: Submission| {
            let profile = Profile::of(&said, country);
            (said, profile)
        };
        Self(said.map(with_profile).collect())
    }

    /// What it is found by.
    pub(crate) fn keys(&self) -> impl Iterator<Item = i64> {
        self.0.iter().flat_map(|(_, profile)| profile.keys().iter().copied())
    }
}

impl<'a> Asking<'a> {
    pub(crate) fn read(tx: &mut dyn ReadTx, organization: &'a Organization, engine: &Engine) -> StoreResult<Self> {
        let (org, country) = (organization.id, organization.country.as_str());
        let in_force = in_force(tx, org, &engine.settings().matching)?;
        let revision = tx.counter(org, Counter::Revision)?;
        let apart = Apart::read(tx, org, country, revision)?;
        Ok(Self { organization, matcher: current_matcher(tx, org, &in_force)?, apart })
    }

    /// Version of the weights.
    pub(crate) fn version(&self) -> &str {
        self.matcher.version()
    }

    /// The organization's revision as of which it knows what people said.
    pub(crate) const fn revision(&self) -> i64 {
        self.apart.revision
    }

    /// Learns what people have said since, if anything was changed.
    pub(crate) fn refresh(&mut self, tx: &mut dyn ReadTx) -> StoreResult<()> {
        let revision = tx.counter(self.organization.id, Counter::Revision)?;
        if revision != self.apart.revision {
            self.apart = Apart::read(tx, self.organization.id, &self.organization.country, revision)?;
        }
        Ok(())
    }

    /// How sure a candidate is.
    pub(crate) fn band(&self, candidate: &Candidate) -> Band {
        Band::of(candidate, &self.matcher)
    }

    /// The decision on a submission.
    fn decide(&self, tx: &mut dyn ReadTx, submission: &Submission) -> StoreResult<Decision> {
        let place = (self.organization.id, self.organization.country.as_str());
        let profile = Profile::of(submission, place.1);
        let references: Vec<_> = submission.reference.iter().cloned().collect();
        let around = Around::read(tx, place, (profile.keys(), &references), None)?;
        Ok(self.decide_around(&around, (submission, &profile), None))
    }

    /// The decision on a submission, or on what is said of a contact on file, which meets all but its own records.
    fn decide_around(
        &self,
        around: &Around,
        (submission, profile): (&Submission, &Profile),
        own: Option<ContactId>,
    ) -> Decision {
        let mut index = around.without(profile.keys(), own);
        match own {
            // Nothing has a reference, so only those who are met matter.
            Some(_) => self.apart.tell_of(&mut index, &around.met(profile.keys())),
            None => self.apart.tell(&mut index),
        }
        // No row has the nil id, so only its reference says what it is not.
        let mut others = self.apart.of_row(RecordId(Uuid::nil()), submission, profile);
        others.extend(own.into_iter().flat_map(|own| self.apart.others_of(own)));
        self.matcher.decide_without(&Row { profile, submission }, &index, &others)
    }

    /// The decisions on everything that is said of a contact, as one: each other contact at its best.
    fn decide_contact(&self, tx: &mut dyn ReadTx, contact: ContactId) -> StoreResult<Decision> {
        let place = (self.organization.id, self.organization.country.as_str());
        let records: Vec<SourceRecord> =
            tx.source_records(place.0, &[contact])?.into_iter().map(|own| own.record).collect();
        let said = Said::of(&records, place.1);
        let keys: Vec<i64> = said.keys().collect::<BTreeSet<_>>().into_iter().collect();
        let around = Around::read(tx, place, (&keys, &[]), None)?;
        Ok(self.weigh(contact, &said, &around))
    }

    /// As [`Engine::duplicates_of`], given everybody whom the contact can meet.
    pub(crate) fn weigh(&self, contact: ContactId, said: &Said, around: &Around) -> Decision {
        let mut best: BTreeMap<i64, Candidate> = BTreeMap::new();
        let mut verdict: Option<Decision> = None;
        for (submission, profile) in &said.0 {
            let decision = self.decide_around(around, (submission, profile), Some(contact));
            for candidate in &decision.candidates {
                let known = best.entry(candidate.contact).or_insert_with(|| candidate.clone());
                if candidate.probability > known.probability {
                    *known = candidate.clone();
                }
            }
            let surer = verdict.as_ref().is_none_or(|known| decision.score > known.score);
            verdict = if surer { Some(decision) } else { verdict };
        }
        let mut candidates: Vec<Candidate> = best.into_values().collect();
        candidates.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.contact.cmp(&b.contact)));
        let nobody = Decision::of_nobody(Outcome::Create, None);
        Decision { candidates, ..verdict.unwrap_or(nobody) }
    }

    fn shown(&self, tx: &mut dyn ReadTx, decision: Decision) -> StoreResult<Duplicates> {
        let ids: Vec<ContactId> = decision.candidates.iter().map(|one| ContactId(one.contact)).collect();
        let contacts = tx.contacts(self.organization.id, &ids)?;
        let shown = |candidate: Candidate| {
            let contact = contacts.iter().find(|contact| contact.id.0 == candidate.contact)?.clone();
            let (account, band) = (Account::of(&candidate), Band::of(&candidate, &self.matcher));
            Some(DuplicateCandidate { contact, individual: ItemId(candidate.individual), candidate, account, band })
        };
        Ok(Duplicates {
            recommendation: Recommendation::of(decision.outcome),
            reason: decision.reason,
            weights_version: self.matcher.version().to_owned(),
            candidates: decision.candidates.into_iter().filter_map(shown).collect(),
        })
    }
}

/// As the batch does with who was erased.
fn held_back(
    tx: &mut dyn ReadTx,
    organization: &Organization,
    submission: &Submission,
    decision: Decision,
) -> StoreResult<Decision> {
    let tombstones = Tombstones::read(tx, organization.id)?;
    let met = tombstones.met(tx, (organization.id, &organization.country), std::iter::once(submission))?;
    Ok(match met.first() {
        Some(met) if met.holds(decision.outcome) => {
            Decision { outcome: Outcome::Review, reason: Some(Reason::Erased), ..decision }
        }
        _ => decision,
    })
}

/// What is said of a contact, each saying once, without the references, which lead back to it.
fn said_once(records: &[SourceRecord], country: &str) -> Vec<Submission> {
    let mut said: Vec<Submission> = Vec::new();
    for Matched { submission, .. } in as_matched(records, country) {
        let plain =
            Submission { reference: None, pinned: None, gift: None, changed_at: None, ..submission.into_owned() };
        if !said.contains(&plain) {
            said.push(plain);
        }
    }
    said
}
