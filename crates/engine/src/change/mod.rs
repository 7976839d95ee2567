//! Step 7 and 8 of the flow, for every use case alike: a contact's source records change, the contact is
//! folded again, and everything that follows from that is collected to be written in one transaction:
//! the contact, its references and match keys, the audit row, the event, the deliveries.

mod event;
mod labels;
mod profiles;
mod working;
mod writes;

pub(crate) use event::{TransactionEnd, of_transaction};
pub(crate) use profiles::Profiles;
pub(crate) use working::{Cause, Context, Pair, Working};
pub(crate) use writes::Writes;

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A script, by the number of its API key.
    Key(i64),
    /// A person, by the name they sign in with.
    Staff(String),
    /// The nightly batch.
    Batch,
    /// A triage rule of the policy.
    Triage,
}

impl Actor {
    /// Whether the stored text of an actor stands for a person, or a script of one.
    #[must_use]
    pub fn is_person(stored: &str) -> bool {
        stored != Self::Batch.to_string() && stored != Self::Triage.to_string()
    }
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(id) => write!(f, "key:{id}"),
            Self::Staff(name) => write!(f, "staff:{name}"),
            Self::Batch => f.write_str("batch"),
            Self::Triage => f.write_str("triage"),
        }
    }
}
