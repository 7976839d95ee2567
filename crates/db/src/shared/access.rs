//! Organizations and API keys.

use super::{Tx, count, dialect, once};
use crate::convert::{Column, json, micros};
use crate::error;
use crate::rows::{ApiKeyRecord, OrganizationRecord, PermissionGroupRecord, Present};
use crate::schema::{api_key, organization, permission_group};
use diesel::prelude::*;
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_store::{
    ApiKey, OnceRow, Organization, PermissionGroupRow, ReadAccess, StoreError, StoreResult, WriteAccess,
};

impl ReadAccess for Tx<'_> {
    fn organizations(&mut self) -> StoreResult<Vec<Organization>> {
        let rows = organization::table
            .order(organization::organization_id)
            .select(OrganizationRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(organization_from).collect()
    }

    fn organization(&mut self, id: OrganizationId) -> StoreResult<Option<Organization>> {
        let row = organization::table
            .find(id.0)
            .select(OrganizationRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(organization_from).transpose()
    }

    fn api_key(&mut self, organization: OrganizationId, hash: &str) -> StoreResult<Option<ApiKey>> {
        let row = api_key::table
            .filter(api_key::organization_id.eq(organization.0))
            .filter(api_key::hash.eq(hash))
            .select(ApiKeyRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(key_from).transpose()
    }

    fn api_keys(&mut self, organization: OrganizationId) -> StoreResult<Vec<ApiKey>> {
        let rows = api_key::table
            .filter(api_key::organization_id.eq(organization.0))
            .order(api_key::id)
            .select(ApiKeyRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(key_from).collect()
    }

    fn request_limits(&mut self, organization: OrganizationId) -> StoreResult<Vec<(i64, i64)>> {
        count::limits(&mut self.session.conn, organization)
    }

    fn permission_groups(&mut self, organization: OrganizationId) -> StoreResult<Vec<PermissionGroupRow>> {
        let rows = permission_group::table
            .filter(permission_group::organization_id.eq(organization.0))
            .select(PermissionGroupRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let mut groups = rows.into_iter().map(group_from).collect::<StoreResult<Vec<_>>>()?;
        // The two databases compare texts differently.
        groups.sort_by_cached_key(|group| group.name.to_lowercase());
        Ok(groups)
    }

    fn once(&mut self, organization: OrganizationId, key_id: i64, token: &str) -> StoreResult<Option<OnceRow>> {
        once::find(&mut self.session.conn, organization, key_id, token)
    }
}

impl WriteAccess for Tx<'_> {
    fn insert_organization(&mut self, new: &Organization) -> StoreResult<OrganizationId> {
        diesel::insert_into(organization::table)
            .values((
                organization::name.eq(&new.name),
                organization::time_zone.eq(&new.time_zone),
                organization::country.eq(&new.country),
                organization::batch_cron.eq(&new.batch_cron),
                organization::last_due_at.eq(micros(new.last_due_at)),
                organization::key_version.eq(new.key_version),
                organization::created_at.eq(micros(new.created_at)),
            ))
            .returning(organization::organization_id)
            .get_result(&mut self.session.conn)
            .map(OrganizationId)
            .map_err(error::on("organization"))
    }

    fn update_organization(&mut self, changed: &Organization) -> StoreResult<()> {
        let updated = diesel::update(organization::table.find(changed.id.0))
            .set((
                organization::name.eq(&changed.name),
                organization::time_zone.eq(&changed.time_zone),
                organization::country.eq(&changed.country),
                organization::batch_cron.eq(&changed.batch_cron),
                organization::last_due_at.eq(micros(changed.last_due_at)),
                organization::key_version.eq(changed.key_version),
            ))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        if updated == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "organization" }) }
    }

    fn insert_api_key(&mut self, organization: OrganizationId, new: &ApiKey) -> StoreResult<()> {
        let row = ApiKeyRecord {
            organization_id: organization.0,
            id: new.id,
            name: new.name.clone(),
            hash: new.hash.clone(),
            scopes: json(&new.scopes)?,
            sources: json(&new.sources)?,
            created_at: micros(new.created_at),
            expires_at: new.expires_at.map(micros),
            revoked_at: new.revoked_at.map(micros),
            last_used_at: new.last_used_at.map(micros),
            replaces: new.replaces,
            permission_group: new.group.clone(),
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }

    fn put_permission_group(&mut self, organization: OrganizationId, group: &PermissionGroupRow) -> StoreResult<()> {
        self.delete_permission_group(organization, &group.name)?;
        let row = PermissionGroupRecord {
            organization_id: organization.0,
            folded: group.name.to_lowercase(),
            name: group.name.clone(),
            scopes: json(&group.scopes)?,
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }

    fn delete_permission_group(&mut self, organization: OrganizationId, name: &str) -> StoreResult<bool> {
        diesel::delete(permission_group::table.find((organization.0, name.to_lowercase())))
            .execute(&mut self.session.conn)
            .map(|deleted| deleted == 1)
            .map_err(error::any)
    }

    fn revoke_api_key(&mut self, organization: OrganizationId, id: i64, at: Timestamp) -> StoreResult<bool> {
        diesel::update(api_key::table.find((organization.0, id)).filter(api_key::revoked_at.is_null()))
            .set(api_key::revoked_at.eq(micros(at)))
            .execute(&mut self.session.conn)
            .map(|revoked| revoked == 1)
            .map_err(error::any)
    }

    fn expire_api_key(&mut self, organization: OrganizationId, id: i64, at: Timestamp) -> StoreResult<bool> {
        let later = api_key::expires_at.is_null().or(api_key::expires_at.gt(micros(at)));
        let live = api_key::table.find((organization.0, id)).filter(api_key::revoked_at.is_null());
        let known: i64 = live.count().get_result(&mut self.session.conn).map_err(error::any)?;
        diesel::update(live.filter(later))
            .set(api_key::expires_at.eq(micros(at)))
            .execute(&mut self.session.conn)
            .map(|_| known == 1)
            .map_err(error::any)
    }

    fn note_key_use(&mut self, organization: OrganizationId, id: i64, at: Timestamp) -> StoreResult<()> {
        diesel::update(api_key::table.find((organization.0, id)))
            .set(api_key::last_used_at.eq(micros(at)))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }

    fn set_request_limit(
        &mut self,
        organization: OrganizationId,
        key_id: i64,
        per_hour: Option<i64>,
    ) -> StoreResult<()> {
        count::set_limit(&mut self.session.conn, organization, key_id, per_hour)
    }

    fn add_requests(
        &mut self,
        organization: OrganizationId,
        key_id: i64,
        hour: i64,
        requests: i64,
    ) -> StoreResult<i64> {
        count::add(&mut self.session.conn, organization, key_id, (hour, requests))
    }

    fn insert_once(&mut self, organization: OrganizationId, new: &OnceRow) -> StoreResult<()> {
        dialect::insert(self, &[once::record(organization, new)], Present::Refuse).map(|_| ())
    }

    fn update_once(&mut self, organization: OrganizationId, changed: &OnceRow) -> StoreResult<()> {
        once::update(&mut self.session.conn, organization, changed)
    }

    fn delete_once(&mut self, organization: OrganizationId, key_id: i64, token: &str) -> StoreResult<()> {
        once::delete(&mut self.session.conn, organization, key_id, token)
    }

    fn delete_expired_once(&mut self, organization: OrganizationId, now: Timestamp) -> StoreResult<()> {
        once::delete_expired(&mut self.session.conn, organization, now)
    }
}

fn organization_from(row: OrganizationRecord) -> StoreResult<Organization> {
    Ok(Organization {
        id: OrganizationId(row.organization_id),
        name: row.name,
        time_zone: row.time_zone,
        country: row.country,
        batch_cron: row.batch_cron,
        last_due_at: Column("organization", "last_due_at").instant(row.last_due_at)?,
        key_version: row.key_version,
        created_at: Column("organization", "created_at").instant(row.created_at)?,
    })
}

fn key_from(row: ApiKeyRecord) -> StoreResult<ApiKey> {
    Ok(ApiKey {
        id: row.id,
        name: row.name,
        hash: row.hash,
        scopes: Column("api_key", "scopes").json(&row.scopes)?,
        sources: Column("api_key", "sources").json(&row.sources)?,
        created_at: Column("api_key", "created_at").instant(row.created_at)?,
        expires_at: Column("api_key", "expires_at").instant_or_none(row.expires_at)?,
        revoked_at: Column("api_key", "revoked_at").instant_or_none(row.revoked_at)?,
        last_used_at: Column("api_key", "last_used_at").instant_or_none(row.last_used_at)?,
        replaces: row.replaces,
        group: row.permission_group,
    })
}

fn group_from(row: PermissionGroupRecord) -> StoreResult<PermissionGroupRow> {
    Ok(PermissionGroupRow { name: row.name, scopes: Column("permission_group", "scopes").json(&row.scopes)? })
}
