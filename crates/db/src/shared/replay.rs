//! Requests to send events again.

use super::event::{KeyColumns, key_from};
use super::{Tx, dialect};
use crate::convert::{Column, micros};
use crate::error;
use crate::rows::{Present, ReplayRecord};
use crate::schema::{delivery, event, replay};
use diesel::dsl::exists;
use diesel::prelude::*;
use tributary_contact::{ContactId, OrganizationId, WebhookId};
use tributary_store::{EventKey, ReadReplays, ReplayFilter, ReplayRow, StoreResult, WriteReplays};

const RUNNING: &str = "running";
const DONE: &str = "done";

impl ReadReplays for Tx<'_> {
    fn replays(&mut self, organization: OrganizationId, webhook: WebhookId, limit: i64) -> StoreResult<Vec<ReplayRow>> {
        let rows = replay::table
            .filter(replay::organization_id.eq(organization.0))
            .filter(replay::webhook_id.eq(webhook.0))
            .order(replay::id.desc())
            .limit(limit)
            .select(ReplayRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(replay_from).collect()
    }

    fn running_replays(&mut self, organization: OrganizationId) -> StoreResult<Vec<ReplayRow>> {
        let rows = replay::table
            .filter(replay::organization_id.eq(organization.0))
            // A literal, for the partial index.
            .filter(diesel::dsl::sql::<diesel::sql_types::Bool>("state = 'running'"))
            .order(replay::id)
            .select(ReplayRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(replay_from).collect()
    }

    fn events_to_replay(
        &mut self,
        organization: OrganizationId,
        asked: &ReplayRow,
        limit: i64,
    ) -> StoreResult<Vec<EventKey>> {
        let mut query = event::table
            .filter(event::organization_id.eq(organization.0))
            .filter(event::position.gt(asked.position))
            .filter(event::position.le(asked.last_position))
            .order(event::position)
            .limit(limit)
            .select((event::position, event::id, event::contact_id, event::sequence, event::kind))
            .into_boxed();
        if let Some(contact) = asked.filter.contact {
            query = query.filter(event::contact_id.eq(contact.0));
        }
        if let Some(since) = asked.filter.since {
            query = query.filter(event::created_at.ge(micros(since)));
        }
        if let Some(until) = asked.filter.until {
            query = query.filter(event::created_at.lt(micros(until)));
        }
        if asked.filter.only_dead {
            let dead = delivery::table
                .filter(delivery::organization_id.eq(organization.0))
                .filter(delivery::webhook_id.eq(asked.webhook.0))
                .filter(delivery::event_id.eq(event::id))
                .filter(delivery::state.eq("dead"));
            query = query.filter(exists(dead));
        }
        let rows: Vec<KeyColumns> = query.load(&mut self.session.conn).map_err(error::any)?;
        rows.into_iter().map(key_from).collect()
    }
}

impl WriteReplays for Tx<'_> {
    fn insert_replay(&mut self, organization: OrganizationId, new: &ReplayRow) -> StoreResult<()> {
        let row = ReplayRecord {
            organization_id: organization.0,
            id: new.id,
            webhook_id: new.webhook.0,
            contact_id: new.filter.contact.map(|contact| contact.0),
            since: new.filter.since.map(micros),
            until: new.filter.until.map(micros),
            only_dead: new.filter.only_dead,
            state: state(new).to_owned(),
            position: new.position,
            last_position: new.last_position,
            replayed: new.replayed,
            actor: new.actor.clone(),
            created_at: micros(new.created_at),
            finished_at: new.finished_at.map(micros),
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }

    fn update_replay(&mut self, organization: OrganizationId, seen: i64, changed: &ReplayRow) -> StoreResult<bool> {
        diesel::update(replay::table.find((organization.0, changed.id)))
            .filter(replay::position.eq(seen))
            .filter(replay::state.eq(RUNNING))
            .set((
                replay::state.eq(state(changed)),
                replay::position.eq(changed.position),
                replay::replayed.eq(changed.replayed),
                replay::finished_at.eq(changed.finished_at.map(micros)),
            ))
            .execute(&mut self.session.conn)
            .map(|updated| updated == 1)
            .map_err(error::any)
    }
}

const fn state(row: &ReplayRow) -> &'static str {
    if row.finished_at.is_some() { DONE } else { RUNNING }
}

fn replay_from(row: ReplayRecord) -> StoreResult<ReplayRow> {
    let instant = |column, value| Column("replay", column).instant_or_none(value);
    Ok(ReplayRow {
        id: row.id,
        webhook: WebhookId(row.webhook_id),
        filter: ReplayFilter {
            contact: row.contact_id.map(ContactId),
            since: instant("since", row.since)?,
            until: instant("until", row.until)?,
            only_dead: row.only_dead,
        },
        position: row.position,
        last_position: row.last_position,
        replayed: row.replayed,
        actor: row.actor,
        created_at: Column("replay", "created_at").instant(row.created_at)?,
        finished_at: instant("finished_at", row.finished_at)?,
    })
}
