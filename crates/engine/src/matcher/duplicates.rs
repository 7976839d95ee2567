//! Who on file may be meant: the question that a batch asks of a submission, asked beforehand or of a contact that is
//! on file already. The matcher, its version and what people said are those of the batch.

use super::around::Around;
use super::explain::current_matcher;
use super::in_force::in_force;
use crate::apart::Apart;
use crate::review::Account;
use crate::{Engine, EngineError};
use std::collections::BTreeMap;
use tributary_contact::fold::{Matched, as_matched};
use tributary_contact::state::Reason;
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, SourceRecord, Submission};
use tributary_matching::{Candidate, Decision, Matcher, Outcome, Profile, Row};
use tributary_store::{ContactRow, Counter, Organization, ReadTx, StoreExt, StoreResult};
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
            // No row has the nil id, so only its reference says what it is not.
            let decision = asking.decide(tx, (RecordId(Uuid::nil()), submission), None)?;
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
pub(super) struct Asking<'a> {
    organization: &'a Organization,
    matcher: Matcher,
    apart: Apart,
}

impl<'a> Asking<'a> {
    pub(super) fn read(tx: &mut dyn ReadTx, organization: &'a Organization, engine: &Engine) -> StoreResult<Self> {
        let (org, country) = (organization.id, organization.country.as_str());
        let in_force = in_force(tx, org, &engine.settings().matching)?;
        let revision = tx.counter(org, Counter::Revision)?;
        let apart = Apart::read(tx, org, country, revision)?;
        Ok(Self { organization, matcher: current_matcher(tx, org, &in_force)?, apart })
    }

    /// The decision on a submission; of a contact that is on file it meets all but its own records.
    fn decide(
        &self,
        tx: &mut dyn ReadTx,
        (id, submission): (RecordId, &Submission),
        own: Option<ContactId>,
    ) -> StoreResult<Decision> {
        let (org, country) = (self.organization.id, self.organization.country.as_str());
        let profile = Profile::of(submission, country);
        let references: Vec<_> = submission.reference.iter().cloned().collect();
        let around = Around::read(tx, (org, country), (profile.keys(), &references), None)?;
        let mut index = around.without(profile.keys(), own);
        self.apart.tell(&mut index);
        let mut others = self.apart.of_row(id, submission, &profile);
        others.extend(own.into_iter().flat_map(|own| self.apart.others_of(own)));
        Ok(self.matcher.decide_without(&Row { profile: &profile, submission }, &index, &others))
    }

    /// The decisions on everything that is said of a contact, as one: each other contact at its best.
    fn decide_contact(&self, tx: &mut dyn ReadTx, contact: ContactId) -> StoreResult<Decision> {
        let records: Vec<SourceRecord> =
            tx.source_records(self.organization.id, &[contact])?.into_iter().map(|own| own.record).collect();
        let mut best: BTreeMap<i64, Candidate> = BTreeMap::new();
        let mut verdict: Option<Decision> = None;
        for said in said_once(&records, &self.organization.country) {
            let decision = self.decide(tx, (RecordId(Uuid::nil()), &said), Some(contact))?;
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
        Ok(Decision { candidates, ..verdict.unwrap_or(nobody) })
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
