//! The verbs of the port. This folder is compiled twice, inside `sqlite` and inside `postgres`: `super`
//! supplies the connection and the `dialect`, and nothing here may know which backend it is in.

mod access;
mod audit;
mod batch;
mod beside;
mod contact;
mod contact_write;
mod correction;
mod count;
mod definition;
mod duplicate;
mod erase;
mod erasure;
mod event;
mod gift;
mod label;
mod ledger;
mod matcher;
mod merge;
mod not_duplicate;
mod note;
mod once;
mod outbox;
mod policy;
mod query;
mod record;
mod replay;
mod review;
mod run_undo;
mod suggestion;
mod transaction;
mod user;
mod webhook;

pub(super) use contact_write::Change;
pub(super) use outbox::Finished;
pub(super) use transaction::Settled;

use super::{Conn, Db, Session, State, dialect};

/// An open transaction; implements every verb.
pub(crate) struct Tx<'a> {
    /// The connection.
    pub(super) session: &'a mut Session,
    /// What the store remembers between transactions.
    pub(super) state: &'a State,
}
