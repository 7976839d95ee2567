//! Rows that wait for a person, and what is said about them beside a decision.

use super::correction::transactions_from;
use super::transaction::in_state;
use super::{Db, Tx, dialect};
use crate::convert::{Column, bytes, micros, uuids};
use crate::error;
use crate::rows::{ChoiceRecord, Present, ReviewRecord, ReviewStepRecord, TransactionRecord};
use crate::schema::{contact_transaction as t, decision_choice as c, review_step as s, transaction_review as r};
use diesel::dsl::{count_star, min, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Double};
use tributary_contact::state::State;
use tributary_contact::{OrganizationId, RecordId, UserId};
use tributary_store::{
    Assignee, BucketCount, BucketOrder, BucketPart, NeedsUpdateFilter, ReadReviews, ReviewAction, ReviewRow,
    ReviewStepRow, StoreResult, TransactionRow, WriteReviews,
};

/// What is said about a row, by its key.
const SAID: &str = "SELECT 1 FROM transaction_review AS r WHERE r.organization_id = contact_transaction.organization_id \
    AND r.transaction_id = contact_transaction.id";

/// The score of the latest decision that has one; below every other when there is none.
const SCORE: &str = "coalesce((SELECT d.score FROM decision AS d \
    WHERE d.organization_id = contact_transaction.organization_id AND d.transaction_id = contact_transaction.id \
    AND d.score IS NOT NULL ORDER BY d.number DESC LIMIT 1), -1000.0)";

fn score() -> SqlLiteral<Double> {
    sql::<Double>(SCORE)
}

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
        match filter.assignee {
            Some(Assignee::User(user)) => {
                let own = sql::<Bool>(&format!("EXISTS ({SAID} AND r.assignee = "));
                rows = rows.filter(own.bind::<BigInt, _>(user.0).sql(")"));
            }
            Some(Assignee::Nobody) => {
                rows = rows.filter(sql::<Bool>(&format!("NOT EXISTS ({SAID} AND r.assignee IS NOT NULL)")));
            }
            None => {}
        }
        if let Some(asked) = filter.asked {
            let not = if asked { "" } else { "NOT " };
            rows = rows.filter(sql::<Bool>(&format!("{not}EXISTS ({SAID} AND r.asked_at IS NOT NULL)")));
        }
        if let Some(from) = filter.score_from {
            rows = rows.filter(score().ge(from));
        }
        if let Some(below) = filter.score_below {
            rows = rows.filter(score().lt(below));
        }
        if let Some(after) = filter.after {
            let after = bytes(after.0);
            let newest = filter.order == BucketOrder::Newest;
            rows = if newest { rows.filter(t::id.lt(after)) } else { rows.filter(t::id.gt(after)) };
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
        let rows = selected!(t::table.into_boxed::<Db>(), organization, filter);
        let rows = match filter.order {
            BucketOrder::Oldest => rows.order(t::id.asc()),
            BucketOrder::Newest => rows.order(t::id.desc()),
            BucketOrder::Surest => rows.order((score().desc(), t::id.asc())),
            BucketOrder::LeastSure => rows.order((score().asc(), t::id.asc())),
        };
        let rows = rows
            .offset(skip)
            .limit(take)
            .select(TransactionRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        transactions_from(self, organization, rows)
    }

    fn needs_update_count(&mut self, organization: OrganizationId, filter: &NeedsUpdateFilter) -> StoreResult<i64> {
        let rows = selected!(t::table.into_boxed::<Db>(), organization, filter);
        rows.select(count_star()).first(&mut self.session.conn).map_err(error::any)
    }

    fn needs_update_counts(
        &mut self,
        organization: OrganizationId,
        filter: &NeedsUpdateFilter,
        by: BucketPart,
    ) -> StoreResult<Vec<BucketCount>> {
        let found: Vec<(Option<String>, i64, Option<i64>)> = match by {
            BucketPart::Reason => {
                let counted = t::table.group_by(t::reason).select((t::reason, count_star(), min(t::received_at)));
                selected!(counted.into_boxed::<Db>(), organization, filter).load(&mut self.session.conn)
            }
            BucketPart::Source => {
                let counted = t::table.group_by(t::reference_source);
                let counted = counted.select((t::reference_source, count_star(), min(t::received_at)));
                selected!(counted.into_boxed::<Db>(), organization, filter).load(&mut self.session.conn)
            }
        }
        .map_err(error::any)?;
        let mut counts = found.into_iter().map(count_from).collect::<StoreResult<Vec<_>>>()?;
        counts.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
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

fn count_from((name, count, oldest): (Option<String>, i64, Option<i64>)) -> StoreResult<BucketCount> {
    let column = Column("contact_transaction", "received_at");
    Ok(BucketCount { name, count, oldest: column.instant(column.present(oldest)?)? })
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
