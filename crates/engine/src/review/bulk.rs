//! One thing done with many rows of the bucket, chosen by a filter, after a look at what it would do. Each row is decided
//! on its own, in a transaction of its own, and can be taken back on its own. What a person has to look at row by row is
//! left out, with the reason.

use super::bucket::explained;
use super::care::{assign_row, checked_question, reviewer};
use super::resolve::{Resolution, waiting_row};
use crate::apart::Apart;
use crate::change::{Actor, Context};
use crate::merge::followed;
use crate::{Engine, EngineError};
use std::collections::BTreeSet;
use tributary_contact::policy::may_be_new;
use tributary_contact::state::{Reason, State};
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordId, Reference};
use tributary_matching::{Candidate, Profile};
use tributary_store::{
    BucketOrder, Counter, NeedsUpdateFilter, ReadTx, StoreExt, StoreResult, TransactionRow, WriteTx,
};

/// What is done with each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkAction {
    /// It will not become part of any contact.
    Reject,
    /// A new contact is made of it.
    Create,
    /// The next run decides it again.
    Retry,
    /// It is merged into a candidate.
    Merge {
        /// Which one.
        into: MergeInto,
    },
    /// It is given to the user of this address, or made nobody's.
    Assign {
        /// The address; none for nobody.
        assignee: Option<String>,
    },
    /// Its sender is asked something.
    Ask {
        /// The question.
        question: String,
    },
}

/// MergeInto which candidate rows are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeInto {
    /// The only one there is.
    Only,
    /// The likeliest one.
    Best,
}

/// Which rows, and what is done with them.
#[derive(Debug, Clone, PartialEq)]
pub struct Bulk {
    /// Which rows. They are taken in order of receipt, whatever order it names.
    pub filter: NeedsUpdateFilter,
    /// What is done.
    pub action: BulkAction,
    /// Whether it is only told what would be done.
    pub dry_run: bool,
    /// Rows looked at, at most.
    pub take: i64,
}

/// What was done with a page of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkView {
    /// Rows that the filter selected before anything was done, from where it began.
    pub matched: i64,
    /// Rows with which it was done, or would be.
    pub done: Vec<BulkDone>,
    /// Rows that stay as they are.
    pub left: Vec<BulkLeft>,
    /// Where the next page begins; none after the last one.
    pub next: Option<RecordId>,
}

/// A row with which something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkDone {
    /// The row.
    pub id: RecordId,
    /// What it is then.
    pub state: State,
    /// The contact it is merged into.
    pub contact: Option<ContactId>,
}

/// A row that stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkLeft {
    /// The row.
    pub id: RecordId,
    /// Why.
    pub why: WhyLeft,
}

/// Why a row stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyLeft {
    /// Its reference is another contact's.
    ReferenceTaken,
    /// Rows that wait for this reason have to be looked at one by one.
    OneByOne,
    /// Nobody on file may be meant.
    NoCandidate,
    /// More than one contact may be meant.
    SeveralCandidates,
    /// Something stands against the candidate.
    Guarded,
    /// It is so already.
    Nothing,
    /// It was decided, or its contact changed, meanwhile.
    Changed,
}

impl WhyLeft {
    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReferenceTaken => "reference_taken",
            Self::OneByOne => "one_by_one",
            Self::NoCandidate => "no_candidate",
            Self::SeveralCandidates => "several_candidates",
            Self::Guarded => "guarded",
            Self::Nothing => "nothing_to_do",
            Self::Changed => "changed_meanwhile",
        }
    }

    /// One plain sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::ReferenceTaken => "Its reference belongs to another contact.",
            Self::OneByOne => "Rows that wait for this reason have to be looked at one by one.",
            Self::NoCandidate => "No contact on file may be meant.",
            Self::SeveralCandidates => "More than one contact may be meant.",
            Self::Guarded => "Something stands against the candidate that only a look at the row can settle.",
            Self::Nothing => "It is so already.",
            Self::Changed => "The row or its contact was changed meanwhile.",
        }
    }
}

/// What comes of a row, or why nothing does.
type Fate = Result<Deed, WhyLeft>;

/// What is to be done with a row.
enum Deed {
    Resolve(Resolution),
    Care,
}

/// Reasons whose rows may be merged without a look at each: the candidate fits, and what is in doubt is the same for all.
const MERGED_IN_BULK: &[Reason] = &[Reason::Doubtful, Reason::SensitiveChange, Reason::MergeWaits];

impl Engine {
    /// Does something with a page of the rows that a filter selects, or tells what it would do.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] for a user who cannot decide rows, or a question that cannot be asked.
    pub fn resolve_many(&self, org: OrganizationId, bulk: &Bulk, actor: &Actor) -> Result<BulkView, EngineError> {
        self.with_context(org, actor, |context| {
            let filter = NeedsUpdateFilter { order: BucketOrder::Oldest, ..bulk.filter.clone() };
            let (rows, matched) = self.parts.store.reading(|tx| {
                Ok((tx.needs_update_page(org, &filter, 0, bulk.take)?, tx.needs_update_count(org, &filter)?))
            })?;
            let full = i64::try_from(rows.len()).is_ok_and(|read| read >= bulk.take);
            let next = rows.last().map(|row| row.id).filter(|_| full);
            let mut view = BulkView { matched, done: Vec::new(), left: Vec::new(), next };
            self.check_action(org, &bulk.action)?;
            if bulk.dry_run {
                self.preview(&rows, bulk, context, &mut view)?;
            } else {
                rows.iter().try_for_each(|row| self.do_one(row, bulk, context, &mut view))?;
                self.wake_deliveries();
            }
            Ok(view)
        })
    }

    fn check_action(&self, org: OrganizationId, action: &BulkAction) -> Result<(), EngineError> {
        match action {
            BulkAction::Assign { assignee: Some(email) } => self.reviewer(org, email).map(drop),
            BulkAction::Ask { question } => checked_question(question).map(drop),
            _ => Ok(()),
        }
    }

    /// All rows in one snapshot; a reference that one of them would take is taken for those after it.
    fn preview(
        &self,
        rows: &[TransactionRow],
        bulk: &Bulk,
        context: &Context<'_>,
        view: &mut BulkView,
    ) -> Result<(), EngineError> {
        let org = context.organization.id;
        let fates = self.parts.store.reading(|tx| {
            let mut planner = Planner::read(tx, bulk, context)?;
            rows.iter().map(|row| planner.fate(tx, org, row)).collect::<StoreResult<Vec<Fate>>>()
        })?;
        for (row, fate) in rows.iter().zip(fates) {
            match fate {
                Ok(deed) => view.done.push(foreseen(row, &deed)),
                Err(why) => view.left.push(BulkLeft { id: row.id, why }),
            }
        }
        Ok(())
    }

    fn do_one(
        &self,
        row: &TransactionRow,
        bulk: &Bulk,
        context: &Context<'_>,
        view: &mut BulkView,
    ) -> Result<(), EngineError> {
        let (org, id) = (context.organization.id, row.id);
        let done = self.transact("resolve_many", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            let row = waiting_row(tx, org, id)?;
            let fate = Planner::read(tx, bulk, context)?.fate(tx, org, &row)?;
            match fate {
                Ok(Deed::Resolve(resolution)) => self.resolve_row(tx, &row, &resolution, context)?,
                Ok(Deed::Care) if !self.care_for(tx, &row, &bulk.action, context)? => return Ok(Err(WhyLeft::Nothing)),
                Ok(Deed::Care) => {}
                Err(why) => return Ok(Err(why)),
            }
            let now = tx.transactions(org, &[id])?.into_iter().next().ok_or(EngineError::NotFound)?;
            Ok(Ok(BulkDone { id, state: now.state, contact: now.contact }))
        });
        match done {
            Ok(Ok(done)) => {
                metrics::counter!("tributary_resolutions_total", "outcome" => done.state.as_str()).increment(1);
                view.done.push(done);
            }
            Ok(Err(why)) => view.left.push(BulkLeft { id, why }),
            Err(EngineError::Conflict { .. } | EngineError::NotFound | EngineError::Raced) => {
                view.left.push(BulkLeft { id, why: WhyLeft::Changed });
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Gives the row to somebody or asks about it; whether that changes anything.
    fn care_for(
        &self,
        tx: &mut dyn WriteTx,
        row: &TransactionRow,
        action: &BulkAction,
        context: &Context<'_>,
    ) -> Result<bool, EngineError> {
        match action {
            BulkAction::Assign { assignee } => {
                let org = context.organization.id;
                let user = assignee.as_deref().map(|email| reviewer(tx, org, email)).transpose()?;
                assign_row(tx, row, user, context)
            }
            BulkAction::Ask { question } => {
                self.ask_row(tx, row, &checked_question(question)?, context)?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

/// What a row would be.
fn foreseen(row: &TransactionRow, deed: &Deed) -> BulkDone {
    let (state, contact) = match deed {
        Deed::Resolve(Resolution::Merge { contact, .. }) => (State::Merged, Some(*contact)),
        Deed::Resolve(Resolution::Create) => (State::Created, None),
        Deed::Resolve(Resolution::Retry { .. }) => (State::Held, None),
        Deed::Resolve(Resolution::Reject) => (State::Rejected, None),
        _ => (State::NeedsUpdate, None),
    };
    BulkDone { id: row.id, state, contact }
}

/// Says what is to be done with rows.
struct Planner<'a> {
    action: &'a BulkAction,
    country: &'a str,
    /// What people said is not one; only read for merges.
    apart: Apart,
    /// References that rows before have taken.
    taken: BTreeSet<Reference>,
    /// Whom rows are to be given to.
    assignee: Option<Option<tributary_contact::UserId>>,
}

impl<'a> Planner<'a> {
    fn read(tx: &mut dyn ReadTx, bulk: &'a Bulk, context: &'a Context<'_>) -> StoreResult<Self> {
        let (org, country) = (context.organization.id, context.organization.country.as_str());
        let apart = match bulk.action {
            BulkAction::Merge { .. } => Apart::read(tx, org, country, 0)?,
            _ => Apart::unread(),
        };
        let assignee = match &bulk.action {
            BulkAction::Assign { assignee: Some(email) } => reviewer(tx, org, email).ok().map(Some),
            BulkAction::Assign { assignee: None } => Some(None),
            _ => None,
        };
        Ok(Self { action: &bulk.action, country, apart, taken: BTreeSet::new(), assignee })
    }

    fn fate(&mut self, tx: &mut dyn ReadTx, org: OrganizationId, row: &TransactionRow) -> StoreResult<Fate> {
        Ok(match self.action {
            BulkAction::Reject => Ok(Deed::Resolve(Resolution::Reject)),
            BulkAction::Retry => Ok(Deed::Resolve(Resolution::Retry { submission: None })),
            BulkAction::Create => self.create(tx, org, row)?,
            BulkAction::Merge { into } => self.merge(tx, org, row, *into)?,
            BulkAction::Ask { .. } => Ok(Deed::Care),
            BulkAction::Assign { .. } => {
                let said = tx.reviews(org, &[row.id])?;
                let same = self.assignee == Some(said.first().and_then(|said| said.assignee));
                if same { Err(WhyLeft::Nothing) } else { Ok(Deed::Care) }
            }
        })
    }

    fn create(&mut self, tx: &mut dyn ReadTx, org: OrganizationId, row: &TransactionRow) -> StoreResult<Fate> {
        if !row.reason.is_some_and(may_be_new) {
            return Ok(Err(WhyLeft::OneByOne));
        }
        let Some(reference) = row.submission.reference.clone() else {
            return Ok(Ok(Deed::Resolve(Resolution::Create)));
        };
        let on_file = !tx.contacts_by_reference(org, std::slice::from_ref(&reference))?.is_empty();
        let free = !on_file && self.taken.insert(reference);
        Ok(if free { Ok(Deed::Resolve(Resolution::Create)) } else { Err(WhyLeft::ReferenceTaken) })
    }

    fn merge(
        &mut self,
        tx: &mut dyn ReadTx,
        org: OrganizationId,
        row: &TransactionRow,
        into: MergeInto,
    ) -> StoreResult<Fate> {
        if !row.reason.is_some_and(|reason| MERGED_IN_BULK.contains(&reason)) {
            return Ok(Err(WhyLeft::OneByOne));
        }
        let candidates = self.candidates(tx, org, row)?;
        let [best, others @ ..] = candidates.as_slice() else { return Ok(Err(WhyLeft::NoCandidate)) };
        if into == MergeInto::Only && !others.is_empty() {
            return Ok(Err(WhyLeft::SeveralCandidates));
        }
        if best.guard.is_some() {
            return Ok(Err(WhyLeft::Guarded));
        }
        let contact = ContactId(best.contact);
        let reference = row.submission.reference.as_slice();
        let owner = tx.contacts_by_reference(org, reference)?.into_iter().next();
        if owner.is_some_and(|owner| owner.contact != contact) {
            return Ok(Err(WhyLeft::ReferenceTaken));
        }
        Ok(Ok(Deed::Resolve(Resolution::merge(contact, Some(ItemId(best.individual))))))
    }

    /// The candidates that are still there and that nobody said the row is not.
    fn candidates(
        &self,
        tx: &mut dyn ReadTx,
        org: OrganizationId,
        row: &TransactionRow,
    ) -> StoreResult<Vec<Candidate>> {
        let decisions = tx.decisions(org, row.id)?;
        let candidates = followed(tx, org, explained(&decisions))?;
        let ids: Vec<ContactId> = candidates.iter().map(|candidate| ContactId(candidate.contact)).collect();
        let contacts = tx.contacts(org, &ids)?;
        let others = self.apart.of_row(row.id, &row.submission, &Profile::of(&row.submission, self.country));
        let there = |candidate: &Candidate| {
            let contact = contacts.iter().find(|contact| contact.id.0 == candidate.contact && !contact.archived);
            let person = contact.and_then(|contact| contact.golden.individual(ItemId(candidate.individual)));
            person.is_some() && !others.contains(&candidate.contact)
        };
        Ok(candidates.into_iter().filter(there).collect())
    }
}
