//! What became of submissions, and contacts as they are.

use crate::review::{Review, Said};
use crate::{ContactAndItem, Engine, EngineError};
use tributary_contact::clock::Timestamp;
use tributary_contact::flat::clean;
use tributary_contact::normalise::email;
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{
    ContactId, GoldenIndividual, GoldenMethod, ItemId, Method, MethodKind, OrganizationId, RecordId, Reference, RunId,
    Submission,
};
use tributary_matching::{KEY_CAP, Profile};
use tributary_store::{
    AuditRow, ContactRow, CorrectionRow, DecisionRow, HeldRow, ReadTx, StoreExt, StoreResult, TransactionRow,
};

/// Rows of one reference that are looked at.
const REPEATS_SHOWN: i64 = 100;

/// A page of a longer list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows of this page.
    pub list: Vec<T>,
    /// How many rows there are in all.
    pub total: i64,
}

/// A submission, where it stands, and every decision about it.
#[derive(Debug, Clone, PartialEq)]
pub struct TransactionView {
    /// Id.
    pub id: RecordId,
    /// When it was received.
    pub received_at: Timestamp,
    /// The API key that sent it.
    pub key_id: Option<i64>,
    /// What counts: as it was sent, or as a person corrected it last.
    pub submission: Submission,
    /// As it was sent, when a correction counts in its place.
    pub sent: Option<Box<Submission>>,
    /// Where it stands.
    pub state: State,
    /// Why it waits or was rejected.
    pub reason: Option<Reason>,
    /// How it was merged.
    pub level: Option<Level>,
    /// The contact it became part of.
    pub contact: Option<ContactId>,
    /// The individual it speaks of.
    pub individual: Option<ItemId>,
    /// The run that decided it last.
    pub run: Option<RunId>,
    /// When it was decided last.
    pub decided_at: Option<Timestamp>,
    /// When its content was erased; it says nothing then.
    pub erased_at: Option<Timestamp>,
    /// Decisions, first to last.
    pub decisions: Vec<DecisionRow>,
    /// Corrections, first to last, each by the number of the decision that brought it.
    pub corrections: Vec<CorrectionRow>,
    /// Whose it is and what its sender was asked, while it waits for a person.
    pub review: Review,
}

impl TransactionView {
    /// As it was sent.
    #[must_use]
    pub fn as_sent(&self) -> &Submission {
        self.sent.as_deref().unwrap_or(&self.submission)
    }

    /// What a person put in its place with the decision of this number.
    #[must_use]
    pub fn correction(&self, number: i32) -> Option<&Submission> {
        let made = self.corrections.iter().find(|correction| correction.number == number);
        made.map(|correction| &correction.submission)
    }

    /// With those of the decisions and corrections that are the row's.
    pub(crate) fn decided(row: TransactionRow, decisions: &[DecisionRow], corrections: &[CorrectionRow]) -> Self {
        Self {
            id: row.id,
            received_at: row.received_at,
            key_id: row.key_id,
            submission: row.submission,
            sent: row.sent,
            state: row.state,
            reason: row.reason,
            level: row.level,
            contact: row.contact,
            individual: row.individual,
            run: row.run,
            decided_at: row.decided_at,
            erased_at: row.erased,
            decisions: decisions.iter().filter(|decision| decision.transaction == row.id).cloned().collect(),
            corrections: corrections.iter().filter(|correction| correction.transaction == row.id).cloned().collect(),
            review: Review::default(),
        }
    }

    /// With what is said about it while it waits.
    pub(crate) fn reviewed(self, review: Review) -> Self {
        Self { review, ..self }
    }

    pub(crate) fn held(row: HeldRow) -> Self {
        Self {
            id: row.id,
            received_at: row.received_at,
            key_id: row.key_id,
            submission: row.submission,
            sent: None,
            state: State::Held,
            reason: None,
            level: None,
            contact: None,
            individual: None,
            run: None,
            decided_at: None,
            erased_at: None,
            decisions: Vec::new(),
            corrections: Vec::new(),
            review: Review::default(),
        }
    }
}

/// A stored transaction with all its decisions.
pub(crate) fn stored_view(
    tx: &mut dyn ReadTx,
    organization: OrganizationId,
    id: RecordId,
) -> StoreResult<Option<TransactionView>> {
    let Some(row) = tx.transactions(organization, &[id])?.into_iter().next() else { return Ok(None) };
    let decisions = tx.decisions(organization, id)?;
    let review = Said::about(tx, organization, std::slice::from_ref(&row))?.take(id);
    Ok(Some(TransactionView::decided(row, &decisions, &tx.corrections(organization, &[id])?).reviewed(review)))
}

impl Engine {
    /// A submission by id.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn transaction(&self, org: OrganizationId, id: RecordId) -> Result<Option<TransactionView>, EngineError> {
        // The ledger first: a row that leaves it has been stored in the main database before.
        let held = self.parts.store.ledger().find(org, id)?;
        let stored = self.parts.store.reading(|tx| stored_view(tx, org, id))?;
        Ok(stored.or_else(|| held.map(TransactionView::held)))
    }

    /// Submissions with a reference, newest first.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn transactions_by_reference(
        &self,
        org: OrganizationId,
        reference: &Reference,
    ) -> Result<Vec<TransactionView>, EngineError> {
        let reference = &as_stored(reference);
        let held = self.parts.store.ledger().find_by_reference(org, reference, REPEATS_SHOWN)?;
        let mut views = self.parts.store.reading(|tx| {
            let rows = tx.transactions_by_reference(org, reference, REPEATS_SHOWN)?;
            let corrections = tx.corrections(org, &rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
            let mut said = Said::about(tx, org, &rows)?;
            rows.into_iter()
                .map(|row| {
                    let decisions = tx.decisions(org, row.id)?;
                    let own = said.take(row.id);
                    Ok(TransactionView::decided(row, &decisions, &corrections).reviewed(own))
                })
                .collect::<StoreResult<Vec<_>>>()
        })?;
        let known: Vec<RecordId> = views.iter().map(|view| view.id).collect();
        views.extend(held.into_iter().filter(|row| !known.contains(&row.id)).map(TransactionView::held));
        views.sort_by_key(|view| std::cmp::Reverse(view.id));
        Ok(views)
    }

    /// A contact by id.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn contact(&self, org: OrganizationId, id: ContactId) -> Result<Option<ContactRow>, EngineError> {
        Ok(self.parts.store.reading(|tx| tx.contacts(org, &[id]))?.into_iter().next())
    }

    /// The contact that carries a reference.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn contact_by_reference(
        &self,
        org: OrganizationId,
        reference: &Reference,
    ) -> Result<Option<ContactRow>, EngineError> {
        let reference = &as_stored(reference);
        let found = self.parts.store.reading(|tx| {
            let Some(entry) = tx.contacts_by_reference(org, std::slice::from_ref(reference))?.into_iter().next() else {
                return Ok(Vec::new());
            };
            tx.contacts(org, &[entry.contact])
        })?;
        Ok(found.into_iter().next())
    }

    /// The contact with this mailbox; of several the one with the smallest id, archived ones left out. Exact but for letter case
    /// and the provider's own rules; no fuzzy matching.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn contact_by_email(&self, org: OrganizationId, address: &str) -> Result<Option<ContactRow>, EngineError> {
        let Some(wanted) = email(address) else { return Ok(None) };
        let organization = self.organization(org)?;
        let keys = email_keys(address, &organization.country);
        let cap = i64::try_from(KEY_CAP).unwrap_or(i64::MAX);
        let found = self.parts.store.reading(|tx| {
            let mut ids: Vec<_> = tx.contacts_by_key(org, &keys, cap)?.into_iter().map(|entry| entry.contact).collect();
            ids.sort_unstable();
            ids.dedup();
            tx.contacts(org, &ids)
        })?;
        Ok(found.into_iter().find(|contact| !contact.archived && has_mailbox(contact, &wanted.canonical)))
    }

    /// The individual with this mailbox, as [`Engine::contact_by_email`] finds its contact.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn individual_by_email(
        &self,
        org: OrganizationId,
        address: &str,
    ) -> Result<Option<ContactAndItem>, EngineError> {
        let Some(wanted) = email(address) else { return Ok(None) };
        let Some(contact) = self.contact_by_email(org, address)? else { return Ok(None) };
        let owner = contact.golden.individuals.iter().find(|person| owns_mailbox(person, &wanted.canonical));
        let item = owner.map(|person| person.id);
        Ok(item.map(|item| ContactAndItem { contact, item }))
    }

    /// Every change of a contact, oldest first.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn contact_audit(&self, org: OrganizationId, id: ContactId) -> Result<Vec<AuditRow>, EngineError> {
        Ok(self.parts.store.reading(|tx| tx.audit(org, id))?)
    }
}

/// A reference in a path or a query, with the noise taken out that is taken out of submissions.
pub(crate) fn as_stored(reference: &Reference) -> Reference {
    Reference { source: clean(&reference.source), id: clean(&reference.id) }
}

/// The match keys of a submission that has nothing but this mailbox.
fn email_keys(address: &str, country: &str) -> Vec<i64> {
    let method = Method { label: "Home Email".into(), value: address.into(), opted_in: None, primary: false };
    Profile::of(&Submission { methods: vec![method], ..Submission::default() }, country).keys().to_vec()
}

fn has_mailbox(contact: &ContactRow, canonical: &str) -> bool {
    contact.golden.individuals.iter().any(|person| owns_mailbox(person, canonical))
}

/// Whether one of the methods in use is this mailbox.
fn owns_mailbox(person: &GoldenIndividual, canonical: &str) -> bool {
    person
        .methods
        .iter()
        .filter(|own| !own.archived)
        .map(GoldenMethod::plain)
        .any(|own| own.kind() == MethodKind::Email && email(&own.value).is_some_and(|form| form.canonical == canonical))
}
