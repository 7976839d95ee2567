//! Requests with a name of the sender's own (`Idempotency-Key`): one effect, however often they are sent.
//!
//! The name is claimed in a transaction of its own before anything is done, with the ids that the effect will
//! have. A process that dies in between leaves a claim; whoever repeats the request after [`STALE`] goes on with the
//! same ids, and finds what was made already by them.

use crate::{Engine, EngineError, Receipt};
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use tributary_contact::{OrganizationId, RecordId, Submission};
use tributary_store::{OnceRow, StoreError, StoreExt, WriteTx};
use uuid::Uuid;

/// How long a request is remembered.
const REMEMBERED: TimeDelta = TimeDelta::hours(24);
/// From then on a request that was begun and not answered counts as cut off.
pub const STALE: TimeDelta = TimeDelta::seconds(60);

/// A request that may be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    organization: OrganizationId,
    row: OnceRow,
    resumed: bool,
}

/// What to do about a request with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Do it, and hand the ticket on.
    Go(Box<Ticket>),
    /// It was done; this was the answer.
    Done(String),
    /// The name was given to another request.
    Reused,
    /// What it made was erased.
    Erased,
    /// It is being done.
    Running,
}

impl Ticket {
    /// What was made before the process that did it died, if anything was.
    #[must_use]
    pub const fn effect(&self) -> Option<i64> {
        self.row.effect
    }

    /// Notes what is made, in the transaction that makes it.
    pub(crate) fn note(&self, tx: &mut dyn WriteTx, effect: i64) -> Result<(), StoreError> {
        tx.update_once(self.organization, &OnceRow { effect: Some(effect), ..self.row.clone() })
    }

    /// Ids of so many rows, in order, the same in every try.
    fn ids(&self, count: usize) -> impl Iterator<Item = RecordId> {
        // The last sixteen bits of a UUID are random in version 7, and a batch has far fewer items.
        let first = self.row.seed.as_u128() & !0xffff;
        (0..count as u128).map(move |number| RecordId(Uuid::from_u128(first | number)))
    }
}

impl Engine {
    /// Claims the name of a request of a key, or says what became of it.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn begin_once(
        &self,
        organization: OrganizationId,
        key_id: i64,
        token: &str,
        content: &[u8],
    ) -> Result<Begun, EngineError> {
        let fingerprint = hex::encode(Sha256::digest(content));
        let claim = || self.claim(organization, key_id, token, &fingerprint);
        match claim() {
            // Its twin was a moment earlier: look again.
            Err(StoreError::Conflict { .. }) => Ok(claim()?),
            done => Ok(done?),
        }
    }

    fn claim(
        &self,
        organization: OrganizationId,
        key_id: i64,
        token: &str,
        fingerprint: &str,
    ) -> Result<Begun, StoreError> {
        let now = self.now();
        let new = OnceRow {
            key_id,
            token: token.to_owned(),
            fingerprint: fingerprint.to_owned(),
            seed: self.parts.ids.next(),
            begun_at: now,
            expires_at: now + REMEMBERED,
            effect: None,
            answer: None,
        };
        self.parts.store.writing("begin_once", |tx| {
            tx.delete_expired_once(organization, now)?;
            let Some(known) = tx.once(organization, key_id, token)? else {
                tx.insert_once(organization, &new)?;
                return Ok(Begun::Go(Box::new(Ticket { organization, row: new.clone(), resumed: false })));
            };
            if known.fingerprint != fingerprint {
                return Ok(Begun::Reused);
            }
            if known.answer.as_deref() == Some(OnceRow::ERASED) {
                return Ok(Begun::Erased);
            }
            if let Some(answer) = known.answer {
                return Ok(Begun::Done(answer));
            }
            if now - known.begun_at < STALE {
                return Ok(Begun::Running);
            }
            let row = OnceRow { begun_at: now, ..known };
            tx.update_once(organization, &row)?;
            Ok(Begun::Go(Box::new(Ticket { organization, row, resumed: true })))
        })
    }

    /// Remembers the answer of a request that was done.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn end_once(&self, ticket: &Ticket, answer: &str) -> Result<(), EngineError> {
        let (organization, key_id, token) = (ticket.organization, ticket.row.key_id, &ticket.row.token);
        self.parts.store.writing("end_once", |tx| {
            let Some(known) = tx.once(organization, key_id, token)? else { return Ok(()) };
            if known.answer.as_deref() == Some(OnceRow::ERASED) {
                // What it made was erased before it was answered: the answer must not bring it back.
                return Ok(());
            }
            tx.update_once(organization, &OnceRow { answer: Some(answer.to_owned()), ..known })
        })?;
        Ok(())
    }

    /// Forgets a request that came to nothing, so that it can be sent again.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn forget_once(&self, ticket: &Ticket) -> Result<(), EngineError> {
        let (key_id, token) = (ticket.row.key_id, &ticket.row.token);
        self.parts.store.writing("forget_once", |tx| tx.delete_once(ticket.organization, key_id, token))?;
        Ok(())
    }

    /// The receipts of what an earlier try of this request held, if one did before its process died.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn held_before(&self, ticket: &Ticket, count: usize) -> Result<Option<Vec<Receipt>>, EngineError> {
        let Some(first) = ticket.ids(count).next().filter(|_| ticket.resumed) else { return Ok(None) };
        // All are held or none.
        let held = self.transaction(ticket.organization, first)?;
        let receipt = |received_at| move |id| Receipt { id, received_at };
        Ok(held.map(|held| ticket.ids(count).map(receipt(held.received_at)).collect()))
    }

    /// As [`Engine::submit`], under the ids of a ticket.
    ///
    /// # Errors
    /// As [`Engine::submit`].
    pub async fn submit_once(
        &self,
        ticket: &Ticket,
        key_id: Option<i64>,
        submissions: Vec<Submission>,
    ) -> Result<Vec<Receipt>, EngineError> {
        let ids = ticket.ids(submissions.len()).collect();
        self.submit_under(ticket.organization, key_id, submissions, Some(ids)).await
    }
}
