//! What histories are made of.

use crate::world::{person, submission};
use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use tributary_contact::clock::Timestamp;
use tributary_contact::{Field, Submission};

/// A row as its sender says it.
#[derive(Debug, Clone)]
pub struct Said {
    source: &'static str,
    reference: &'static str,
    first: &'static str,
    last: &'static str,
    mailbox: &'static str,
    phone: &'static str,
    website: &'static str,
    /// Said to have changed so many seconds after the beginning.
    changed: Option<i64>,
    opted_out: bool,
}

impl Said {
    /// The submission of a history that began then.
    pub fn submission(&self, begin: Timestamp) -> Submission {
        let mut row = person(self.reference, self.first, self.last, self.mailbox);
        row["referenceSource"] = json!(self.source);
        row["phone"] = json!(self.phone);
        let mut said = submission(&row);
        if !self.website.is_empty() {
            said.fields.insert(Field::Website, self.website.to_owned());
        }
        said.changed_at = self.changed.map(|seconds| begin + TimeDelta::seconds(seconds));
        if self.opted_out {
            said.methods.iter_mut().for_each(|method| method.opted_in = Some(false));
        }
        said
    }
}

/// A direct change. Its value is one that nobody else says.
#[derive(Debug, Clone, Copy)]
pub enum Edit {
    Website,
    MiddleName,
    AddMailbox,
    OptOut,
}

/// One step; numbers pick what it is about.
#[derive(Debug, Clone)]
pub enum Step {
    /// A row comes and the batch runs. `doomed`: it will be taken back.
    Submit {
        said: Said,
        doomed: bool,
    },
    /// A row comes, is decided, and is taken back at once.
    Flash(Said),
    /// A person decides a row that waits; `keep`: and chooses what comes in.
    Resolve {
        row: usize,
        how: usize,
        keep: bool,
    },
    Edit(usize, Edit),
    /// Two contacts become one, `apart` with all people further ones. It will be taken back.
    Merge {
        survivor: usize,
        merged: usize,
        apart: bool,
        keep: bool,
    },
    Unmerge(usize),
    /// A row is taken back, `run`: with its run.
    Undo {
        row: usize,
        run: bool,
    },
    /// A policy is put in force.
    Govern(usize),
    /// Contacts are folded anew by one, or as their records were decided.
    Refold(Option<usize>),
}

/// Steps, and the order in which the rest is taken back.
#[derive(Debug, Clone)]
pub struct History {
    pub steps: Vec<Step>,
    pub order: Vec<u16>,
}

/// The policies that a step may put in force; number 0 is the shipped one.
pub fn policies() -> [Value; 3] {
    [
        json!({ "fields": { "*": { "rule": "recency" } } }),
        json!({ "fields": { "*": { "rule": "trust" }, "middleName": { "rule": "recency", "lock": false } },
                "sources": { "Harbor": { "trust": 90, "may": { "website": "fill" } }, "Online": { "trust": 10 } } }),
        json!({ "fields": { "*": { "rule": "fillOnly" }, "lists": { "rule": "union" } },
                "sources": { "Online": { "strict": true } } }),
    ]
}

pub fn history() -> impl Strategy<Value = History> {
    let steps = prop::collection::vec(step(), 4..14);
    (steps, prop::collection::vec(any::<u16>(), 24)).prop_map(|(steps, order)| History { steps, order })
}

fn step() -> impl Strategy<Value = Step> {
    let pick = || 0usize..12;
    let policy = || 0usize..4;
    prop_oneof![
        10 => (said(), any::<bool>()).prop_map(|(said, doomed)| Step::Submit { said, doomed }),
        1 => said().prop_map(Step::Flash),
        4 => (pick(), 0usize..3, any::<bool>()).prop_map(|(row, how, keep)| Step::Resolve { row, how, keep }),
        2 => (pick(), edit()).prop_map(|(contact, edit)| Step::Edit(contact, edit)),
        3 => (pick(), pick(), any::<bool>(), any::<bool>())
            .prop_map(|(survivor, merged, apart, keep)| Step::Merge { survivor, merged, apart, keep }),
        1 => pick().prop_map(Step::Unmerge),
        2 => (pick(), any::<bool>()).prop_map(|(row, run)| Step::Undo { row, run }),
        1 => policy().prop_map(Step::Govern),
        1 => prop::option::of(policy()).prop_map(Step::Refold),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    select(vec![Edit::Website, Edit::MiddleName, Edit::AddMailbox, Edit::OptOut])
}

/// People from small lists, so that names, mailboxes and references collide.
fn said() -> impl Strategy<Value = Said> {
    let person = (
        select(vec!["Ann", "Anna", "Robert", "Bob", "Ines"]),
        select(vec!["Okafor", "Lund"]),
        select(vec!["a@example.org", "b@example.org", "c@example.org", ""]),
        select(vec!["614-555-0134", "(614) 555-0134", "", ""]),
    );
    let rest = (
        select(vec!["Harbor", "Online"]),
        select(vec!["r1", "r2", "r3", "r4", ""]),
        select(vec!["https://x.example.org", "https://y.example.org", ""]),
        prop::option::of(0i64..200),
        prop::bool::weighted(0.15),
    );
    (person, rest).prop_map(|((first, last, mailbox, phone), (source, reference, website, changed, opted_out))| Said {
        source,
        reference,
        first,
        last,
        mailbox,
        phone,
        website,
        changed,
        opted_out,
    })
}
