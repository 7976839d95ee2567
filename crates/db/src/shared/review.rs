//! Rows that wait for a person, and what is said about them beside a decision.

use super::transaction::in_state;
use super::{Db, Tx, dialect};
use crate::convert::{Column, bytes, micros, uuids};
use crate::error;
use crate::rows::{ChoiceRecord, Present, ReviewRecord, ReviewStepRecord};
use crate::schema::{contact_transaction as t, decision_choice as c, review_step as s, transaction_review as r};
use diesel::dsl::{count_star, min, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use tributary_contact::state::{Reason, State};
use tributary_contact::{OrganizationId, RecordId, UserId};
use tributary_store::{
    Assignee, BucketCount, BucketOrder, NeedsUpdateFilter, ReadReviews, ReadTransactions, ReviewAction, ReviewRow,
    ReviewStepRow, StoreResult, TransactionRow, WriteReviews,
};

/// The rows of which something is said. A set, and not a look-up for each row: it is read once, by an index that has only
/// the rows meant.
const SAID: &str = "contact_transaction.id IN (SELECT r.transaction_id FROM transaction_review AS r \
    WHERE r.organization_id = ";

/// Leaves the rows of the bucket that a filter selects; a macro, since what is selected has its own type.
macro_rules! selected {
    ($rows:expr, $organization:expr, $filter:expr) => {{
        let filter: &NeedsUpdateFilter = $filter;
        let mut rows = $rows.filter(t::organization_id.eq($organization.0)).filter(in_state(State::NeedsUpdate));
        if let Some(reason) = filter.reason {
            rows = rows.filter(t::reason.eq(reason.as_str()));
        }
        if let Some(source) = &filter.source {
            rows = rows.filter(t::reference_source.eq(source));
        }
        if let Some(from) = filter.received_from {
            rows = rows.filter(t::received_at.ge(micros(from)));
        }
        if let Some(before) = filter.received_before {
            rows = rows.filter(t::received_at.lt(micros(before)));
        }
        if let Some(from) = filter.score_from {
            rows = rows.filter(t::best_score.ge(from));
        }
        if let Some(below) = filter.score_below {
            rows = rows.filter(t::best_score.lt(below));
        }
        if let Some(up_to) = filter.up_to {
            rows = rows.filter(t::id.le(bytes(up_to.0)));
        }
        // Last, since each row is looked up in the set.
        match filter.assignee {
            Some(Assignee::User(user)) => {
                let own = sql::<Bool>(SAID).bind::<BigInt, _>($organization.0).sql(" AND r.assignee = ");
                rows = rows.filter(own.bind::<BigInt, _>(user.0).sql(")"));
            }
            Some(Assignee::Nobody) => {
                let given = sql::<Bool>(&format!("NOT {SAID}")).bind::<BigInt, _>($organization.0);
                rows = rows.filter(given.sql(" AND r.assignee IS NOT NULL)"));
            }
            None => {}
        }
        if let Some(asked) = filter.asked {
            let not = if asked { "" } else { "NOT " };
            let said = sql::<Bool>(&format!("{not}{SAID}")).bind::<BigInt, _>($organization.0);
            rows = rows.filter(said.sql(" AND r.asked_at IS NOT NULL)"));
        }
        rows
    }};
}

impl ReadReviews for Tx<'_> {
    fn needs_update_page(
        &mut self,
        organization: OrganizationId,
        filter: &NeedsUpdateFilter,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<TransactionRow>> {
        // The keys alone first: an index has them and all that is asked for.
        let ids = self.needs_update_ids(organization, filter, skip, take)?;
        let mut rows = self.transactions(organization, &ids)?;
        rows.sort_by_cached_key(|row| ids.iter().position(|id| *id == row.id));
        Ok(rows)
    }

    fn needs_update_ids(
        &mut self,
        organization: OrganizationId,
        filter: &NeedsUpdateFilter,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<RecordId>> {
        let rows = selected!(t::table.select(t::id).into_boxed::<Db>(), organization, filter);
        let after = filter.after.map(|id| bytes(id.0));
        let rows = match (filter.order, after) {
            (BucketOrder::Oldest, None) => rows.order(t::id.asc()),
            (BucketOrder::Oldest, Some(id)) => rows.filter(t::id.gt(id)).order(t::id.asc()),
            (BucketOrder::Newest, None) => rows.order(t::id.desc()),
            (BucketOrder::Newest, Some(id)) => rows.filter(t::id.lt(id)).order(t::id.desc()),
            (BucketOrder::Surest, None) => rows.order((t::best_score.desc(), t::id.asc())),
            (BucketOrder::Surest, Some(id)) => {
                let score = score_of(self, organization, &id)?;
                let later = t::best_score.lt(score).or(t::id.gt(id));
                rows.filter(t::best_score.le(score)).filter(later).order((t::best_score.desc(), t::id.asc()))
            }
            (BucketOrder::LeastSure, None) => rows.order((t::best_score.asc(), t::id.desc())),
            (BucketOrder::LeastSure, Some(id)) => {
                let score = score_of(self, organization, &id)?;
                let later = t::best_score.gt(score).or(t::id.lt(id));
                rows.filter(t::best_score.ge(score)).filter(later).order((t::best_score.asc(), t::id.desc()))
            }
        };
        let keys: Vec<Vec<u8>> = rows.offset(skip).limit(take).load(&mut self.session.conn).map_err(error::any)?;
        let column = Column("contact_transaction", "id");
        keys.iter().map(|id| column.record(id)).collect()
    }

    fn needs_update_count(&mut self, organization: OrganizationId, filter: &NeedsUpdateFilter) -> StoreResult<i64> {
        let rows = selected!(t::table.select(count_star()).into_boxed::<Db>(), organization, filter);
        let after = filter.after.map(|id| bytes(id.0));
        let rows = match (filter.order, after) {
            (BucketOrder::Oldest, Some(id)) => rows.filter(t::id.gt(id)),
            (BucketOrder::Newest, Some(id)) => rows.filter(t::id.lt(id)),
            // By score nobody counts from a place on.
            _ => rows,
        };
        rows.first(&mut self.session.conn).map_err(error::any)
    }

    fn needs_update_counts(
        &mut self,
        organization: OrganizationId,
        filter: &NeedsUpdateFilter,
    ) -> StoreResult<Vec<BucketCount>> {
        let counted = t::table.group_by((t::reason, t::reference_source));
        let counted = counted.select((t::reason, t::reference_source, count_star(), min(t::received_at)));
        let found: Vec<Counted> = selected!(counted.into_boxed::<Db>(), organization, filter)
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let mut counts = found.into_iter().map(count_from).collect::<StoreResult<Vec<_>>>()?;
        counts.sort_unstable_by(|a, b| {
            b.count.cmp(&a.count).then_with(|| (a.reason, &a.source).cmp(&(b.reason, &b.source)))
        });
        Ok(counts)
    }

    fn reviews(&mut self, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<Vec<ReviewRow>> {
        let rows = r::table
            .filter(r::organization_id.eq(organization.0))
            .filter(dialect::among_uuids!(transaction_review, transaction_id, uuids(ids)))
            .order(r::transaction_id)
            .select(ReviewRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(review_from).collect()
    }

    fn review_steps(&mut self, organization: OrganizationId, id: RecordId) -> StoreResult<Vec<ReviewStepRow>> {
        let rows = s::table
            .filter(s::organization_id.eq(organization.0))
            .filter(s::transaction_id.eq(bytes(id.0)))
            .order(s::number)
            .select(ReviewStepRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(step_from).collect()
    }

    fn choices(&mut self, organization: OrganizationId, id: RecordId, number: i32) -> StoreResult<Vec<RecordId>> {
        let rows: Vec<Vec<u8>> = c::table
            .filter(c::organization_id.eq(organization.0))
            .filter(c::transaction_id.eq(bytes(id.0)))
            .filter(c::number.eq(number))
            .order(c::record_id)
            .select(c::record_id)
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.iter().map(|id| Column("decision_choice", "record_id").record(id)).collect()
    }
}

impl WriteReviews for Tx<'_> {
    fn put_reviews(&mut self, organization: OrganizationId, changed: &[ReviewRow]) -> StoreResult<()> {
        let ids: Vec<RecordId> = changed.iter().map(|row| row.transaction).collect();
        diesel::delete(r::table)
            .filter(r::organization_id.eq(organization.0))
            .filter(dialect::among_uuids!(transaction_review, transaction_id, uuids(&ids)))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        let record = |row: &ReviewRow| ReviewRecord {
            organization_id: organization.0,
            transaction_id: bytes(row.transaction.0),
            assignee: row.assignee.map(|user| user.0),
            question: row.question.clone(),
            asked_at: row.asked_at.map(micros),
            steps: row.steps,
        };
        dialect::insert(self, &changed.iter().map(record).collect::<Vec<_>>(), Present::Refuse).map(|_| ())
    }

    fn insert_review_steps(&mut self, organization: OrganizationId, new: &[ReviewStepRow]) -> StoreResult<()> {
        let record = |row: &ReviewStepRow| ReviewStepRecord {
            organization_id: organization.0,
            transaction_id: bytes(row.transaction.0),
            number: row.number,
            action: row.action.as_str().to_owned(),
            assignee: row.assignee.map(|user| user.0),
            question: row.question.clone(),
            actor: row.actor.clone(),
            at: micros(row.at),
        };
        dialect::insert(self, &new.iter().map(record).collect::<Vec<_>>(), Present::Refuse).map(|_| ())
    }

    fn insert_choices(
        &mut self,
        organization: OrganizationId,
        id: RecordId,
        number: i32,
        records: &[RecordId],
    ) -> StoreResult<()> {
        let record = |record: &RecordId| ChoiceRecord {
            organization_id: organization.0,
            transaction_id: bytes(id.0),
            number,
            record_id: bytes(record.0),
        };
        dialect::insert(self, &records.iter().map(record).collect::<Vec<_>>(), Present::Refuse).map(|_| ())
    }
}

/// A reason, a source, how many rows have both, and when the oldest of them was received.
type Counted = (Option<String>, Option<String>, i64, Option<i64>);

fn count_from((reason, source, count, oldest): Counted) -> StoreResult<BucketCount> {
    let column = |name| Column("contact_transaction", name);
    let reason = column("reason").code_or_none(Reason::parse, reason.as_deref())?;
    let received = column("received_at");
    Ok(BucketCount { reason, source, count, oldest: received.instant(received.present(oldest)?)? })
}

/// The score of a row, which may have been decided since; below every other when it is not there.
fn score_of(tx: &mut Tx<'_>, organization: OrganizationId, id: &[u8]) -> StoreResult<f64> {
    let score = t::table
        .filter(t::organization_id.eq(organization.0))
        .filter(t::id.eq(id))
        .select(t::best_score)
        .first(&mut tx.session.conn)
        .optional()
        .map_err(error::any)?;
    Ok(score.unwrap_or(-1000.0))
}

fn review_from(row: ReviewRecord) -> StoreResult<ReviewRow> {
    let column = |name| Column("transaction_review", name);
    Ok(ReviewRow {
        transaction: column("transaction_id").record(&row.transaction_id)?,
        assignee: row.assignee.map(UserId),
        question: row.question,
        asked_at: column("asked_at").instant_or_none(row.asked_at)?,
        steps: row.steps,
    })
}

fn step_from(row: ReviewStepRecord) -> StoreResult<ReviewStepRow> {
    let column = |name| Column("review_step", name);
    Ok(ReviewStepRow {
        transaction: column("transaction_id").record(&row.transaction_id)?,
        number: row.number,
        action: column("action").code(ReviewAction::parse, &row.action)?,
        assignee: row.assignee.map(UserId),
        question: row.question,
        actor: row.actor,
        at: column("at").instant(row.at)?,
    })
}
