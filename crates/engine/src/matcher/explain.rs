//! Why a submission was matched as it was, and how it compares with any other contact.

use super::around::Around;
use super::in_force::{InForce, in_force, of_document, version_number};
use crate::review::explained;
use crate::{Engine, EngineError, TransactionView};
use serde::Serialize;
use tributary_contact::{ContactId, OrganizationId, RecordId};
use tributary_matching::{Candidate, Explanation, Matcher, Profile, Row, TermStats};
use tributary_store::{Organization, ReadTx, StoreExt, StoreResult};

/// The account of a submission and a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct PairExplanation {
    /// The submission.
    pub transaction: RecordId,
    /// Whether the bits are those of the decision or of now.
    pub as_of: AsOf,
    /// The account.
    pub explanation: Explanation,
}

/// When the bits are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AsOf {
    /// As they were when the submission was decided.
    Decision,
    /// As they are now, the submission itself being left out of what is on file.
    Now,
}

impl Engine {
    /// Why a submission was matched with its contact, or how it compares with any other contact.
    ///
    /// Without `contact` it is about the contact it became part of, or else the best candidate. A contact that
    /// was weighed by the decision is accounted for as it was then, any other as of now.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown submission or contact, [`EngineError::Conflict`] when there is
    /// nobody on file to compare with.
    pub fn explain(
        &self,
        org: OrganizationId,
        id: RecordId,
        contact: Option<ContactId>,
    ) -> Result<PairExplanation, EngineError> {
        let organization = self.organization(org)?;
        let view = self.transaction(org, id)?.ok_or(EngineError::NotFound)?;
        if let Some(contact) = contact {
            self.contact(org, contact)?.ok_or(EngineError::NotFound)?;
        }
        let candidates = explained(&view.decisions);
        let wanted = contact.or(view.contact).map(|contact| contact.0);
        let weighed = match wanted {
            Some(wanted) => candidates.iter().find(|candidate| candidate.contact == wanted),
            None => candidates.first(),
        };
        let (as_of, explanation) = match weighed {
            Some(candidate) => (AsOf::Decision, self.as_decided(org, &view, candidate, &candidates)?),
            None => (AsOf::Now, self.as_of_now(&organization, &view, wanted.map(ContactId))?),
        };
        Ok(PairExplanation { transaction: id, as_of, explanation })
    }

    fn as_decided(
        &self,
        org: OrganizationId,
        view: &TransactionView,
        candidate: &Candidate,
        all: &[Candidate],
    ) -> Result<Explanation, EngineError> {
        let decision = view.decisions.iter().rev().find(|decision| decision.explanation.len() > "[]".len());
        let version = decision.map(|decision| decision.weights_version.clone()).unwrap_or_default();
        let settings = &self.settings().matching;
        let thresholds = self.parts.store.reading(|tx| {
            let stored = version_number(&version).map(|number| tx.matcher_document(org, number)).transpose()?;
            Ok(of_document(stored.flatten().as_ref(), settings)?.thresholds)
        })?;
        Ok(Explanation::of(candidate, all, &version, thresholds))
    }

    fn as_of_now(
        &self,
        organization: &Organization,
        view: &TransactionView,
        asked: Option<ContactId>,
    ) -> Result<Explanation, EngineError> {
        let profile = Profile::of(&view.submission, &organization.country);
        let references: Vec<_> = view.submission.reference.iter().cloned().collect();
        let (matcher, around) = self.parts.store.reading(|tx| {
            let in_force = in_force(tx, organization.id, &self.settings().matching)?;
            let matcher = current_matcher(tx, organization.id, &in_force)?;
            let place = (organization.id, organization.country.as_str());
            Ok((matcher, Around::read(tx, place, (profile.keys(), &references), asked)?))
        })?;
        let index = around.index(profile.keys(), asked, |record| record.id != view.id);
        let row = Row { profile: &profile, submission: &view.submission };
        let best = || matcher.decide(&row, &index).candidates.first().map(|candidate| candidate.contact);
        let contact = asked.map(|contact| contact.0).or_else(best);
        let account = contact.and_then(|contact| matcher.explain(&row, &index, contact));
        account.ok_or_else(|| EngineError::conflict("There is nobody else on file to compare the submission with."))
    }
}

/// A matcher with the term frequencies of now.
pub(super) fn current_matcher(tx: &mut dyn ReadTx, org: OrganizationId, in_force: &InForce) -> StoreResult<Matcher> {
    let terms: TermStats = tx.term_counts(org)?.into_iter().collect();
    let matcher = Matcher::new(in_force.weights.clone(), in_force.thresholds, terms);
    Ok(matcher.with_nicknames(in_force.document.nicknames.relation()))
}
