//! The verbs of the port. This folder is compiled twice, inside `sqlite` and inside `postgres`: `super`
//! supplies the connection and the `dialect`, and nothing here may know which backend it is in.

mod access;
mod audit;
mod batch;
mod contact;
mod contact_write;
mod ledger;
mod outbox;
mod record;
mod transaction;
mod webhook;

pub(super) use ledger::{claim, find, find_by_reference, forget, newest, tally};

use super::{Conn, Session, dialect};
use crate::marks::Marks;
use crate::meter::Meter;

/// An open transaction; implements every verb.
pub(crate) struct Tx<'a> {
    /// The connection.
    pub(super) conn: &'a mut Conn,
    /// Counts its statements.
    pub(super) meter: &'a Meter,
    /// Numbers given out by this process.
    pub(super) marks: &'a Marks,
}

impl<'a> Tx<'a> {
    /// The verbs on a connection.
    pub(super) fn new(session: &'a mut Session, marks: &'a Marks) -> Self {
        Self { conn: &mut session.conn, meter: &session.meter, marks }
    }
}
