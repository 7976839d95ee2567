//! Who follows contacts, where addresses are, pictures of individuals.

use super::audit::audit_from;
use super::{Tx, dialect};
use crate::convert::micros;
use crate::error;
use crate::rows::{AuditRecord, AvatarRecord, FollowRecord, PositionRecord, Present};
use crate::schema::{audit, contact_follow, contact_position, individual_avatar};
use diesel::prelude::*;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, ItemId, OrganizationId};
use tributary_store::{AuditRow, Avatar, PositionRow, ReadBeside, Rectangle, StoreResult, WriteBeside};

impl ReadBeside for Tx<'_> {
    fn follows(&mut self, organization: OrganizationId, follower: &str, contact: ContactId) -> StoreResult<bool> {
        let row: Option<i64> = contact_follow::table
            .find((organization.0, follower, contact.0))
            .select(contact_follow::contact_id)
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        Ok(row.is_some())
    }

    fn followed(
        &mut self,
        organization: OrganizationId,
        follower: &str,
        skip: i64,
        take: i64,
    ) -> StoreResult<(Vec<ContactId>, i64)> {
        let own = contact_follow::table
            .filter(contact_follow::organization_id.eq(organization.0))
            .filter(contact_follow::follower.eq(follower));
        let total = own.count().get_result(&mut self.session.conn).map_err(error::any)?;
        let ids: Vec<i64> = own
            .order(contact_follow::contact_id)
            .offset(skip)
            .limit(take)
            .select(contact_follow::contact_id)
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        Ok((ids.into_iter().map(ContactId).collect(), total))
    }

    fn followed_changes(
        &mut self,
        organization: OrganizationId,
        follower: &str,
        skip: i64,
        take: i64,
    ) -> StoreResult<(Vec<AuditRow>, i64)> {
        let followed = contact_follow::table
            .filter(contact_follow::organization_id.eq(organization.0))
            .filter(contact_follow::follower.eq(follower))
            .select(contact_follow::contact_id);
        let changes =
            audit::table.filter(audit::organization_id.eq(organization.0)).filter(audit::contact_id.eq_any(followed));
        let total = changes.count().get_result(&mut self.session.conn).map_err(error::any)?;
        let rows = changes
            .order((audit::at.desc(), audit::contact_id, audit::version.desc()))
            .offset(skip)
            .limit(take)
            .select(AuditRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        Ok((rows.into_iter().map(audit_from).collect::<StoreResult<_>>()?, total))
    }

    fn positions(&mut self, organization: OrganizationId, within: &Rectangle) -> StoreResult<Vec<PositionRow>> {
        let (south, north) = within.latitude;
        let (west, east) = within.longitude;
        let inside = contact_position::table
            .filter(contact_position::organization_id.eq(organization.0))
            .filter(contact_position::latitude.between(i64::from(south), i64::from(north)))
            .order((contact_position::contact_id, contact_position::address_id))
            .select(PositionRecord::as_select());
        let (west, east) = (i64::from(west), i64::from(east));
        let rows = if west <= east {
            inside.filter(contact_position::longitude.between(west, east)).load(&mut self.session.conn)
        } else {
            let beyond = contact_position::longitude.ge(west).or(contact_position::longitude.le(east));
            inside.filter(beyond).load(&mut self.session.conn)
        };
        Ok(rows.map_err(error::any)?.into_iter().map(position_from).collect())
    }

    fn avatar(&mut self, organization: OrganizationId, individual: ItemId) -> StoreResult<Option<Avatar>> {
        let row: Option<(String, Vec<u8>)> = individual_avatar::table
            .find((organization.0, individual.0))
            .select((individual_avatar::content_type, individual_avatar::image))
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        Ok(row.map(|(content_type, image)| Avatar { content_type, image }))
    }
}

impl WriteBeside for Tx<'_> {
    fn set_following(
        &mut self,
        organization: OrganizationId,
        follower: &str,
        contact: ContactId,
        since: Option<Timestamp>,
    ) -> StoreResult<()> {
        let Some(since) = since else {
            return diesel::delete(contact_follow::table.find((organization.0, follower, contact.0)))
                .execute(&mut self.session.conn)
                .map(|_| ())
                .map_err(error::any);
        };
        let row = FollowRecord {
            organization_id: organization.0,
            follower: follower.to_owned(),
            contact_id: contact.0,
            followed_at: micros(since),
        };
        dialect::insert(self, &[row], Present::Keep).map(|_| ())
    }

    fn add_positions(&mut self, organization: OrganizationId, new: &[PositionRow]) -> StoreResult<()> {
        let rows: Vec<_> = new.iter().map(|row| position_record(organization, row)).collect();
        dialect::insert(self, &rows, Present::Refuse).map(|_| ())
    }

    fn remove_positions(&mut self, organization: OrganizationId, gone: &[PositionRow]) -> StoreResult<()> {
        for row in gone {
            diesel::delete(contact_position::table.find((organization.0, row.contact.0, row.address.0)))
                .execute(&mut self.session.conn)
                .map_err(error::any)?;
        }
        Ok(())
    }

    fn put_avatar(
        &mut self,
        organization: OrganizationId,
        individual: ItemId,
        avatar: &Avatar,
        at: Timestamp,
    ) -> StoreResult<()> {
        diesel::delete(individual_avatar::table.find((organization.0, individual.0)))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        let row = AvatarRecord {
            organization_id: organization.0,
            individual_id: individual.0,
            content_type: avatar.content_type.clone(),
            image: avatar.image.clone(),
            stored_at: micros(at),
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }
}

fn position_record(organization: OrganizationId, row: &PositionRow) -> PositionRecord {
    PositionRecord {
        organization_id: organization.0,
        contact_id: row.contact.0,
        address_id: row.address.0,
        latitude: i64::from(row.latitude),
        longitude: i64::from(row.longitude),
    }
}

/// Nothing but what fits is ever written.
fn position_from(row: PositionRecord) -> PositionRow {
    let narrow = |value: i64| i32::try_from(value).unwrap_or_default();
    PositionRow {
        contact: ContactId(row.contact_id),
        address: ItemId(row.address_id),
        latitude: narrow(row.latitude),
        longitude: narrow(row.longitude),
    }
}
