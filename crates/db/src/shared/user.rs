//! People who sign in, and their sessions.

use super::{Tx, dialect};
use crate::convert::{Column, micros};
use crate::error;
use crate::rows::{Present, SessionRecord, UserRecord};
use crate::schema::{app_user, user_session};
use diesel::prelude::*;
use tributary_contact::clock::Timestamp;
use tributary_contact::{OrganizationId, UserId};
use tributary_store::{ReadUsers, Role, SessionPurpose, SessionRow, StoreResult, UserRow, WriteUsers};

impl ReadUsers for Tx<'_> {
    fn users(&mut self, organization: OrganizationId) -> StoreResult<Vec<UserRow>> {
        let rows = app_user::table
            .filter(app_user::organization_id.eq(organization.0))
            .order(app_user::id)
            .select(UserRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(user_from).collect()
    }

    fn user(&mut self, organization: OrganizationId, id: UserId) -> StoreResult<Option<UserRow>> {
        let row = app_user::table
            .find((organization.0, id.0))
            .select(UserRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(user_from).transpose()
    }

    fn user_by_email(&mut self, organization: OrganizationId, email: &str) -> StoreResult<Option<UserRow>> {
        let row = app_user::table
            .filter(app_user::organization_id.eq(organization.0))
            .filter(app_user::email.eq(email))
            .select(UserRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(user_from).transpose()
    }

    fn session(&mut self, organization: OrganizationId, hash: &str) -> StoreResult<Option<SessionRow>> {
        let row = user_session::table
            .find((organization.0, hash))
            .select(SessionRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(session_from).transpose()
    }
}

impl WriteUsers for Tx<'_> {
    fn insert_user(&mut self, organization: OrganizationId, new: &UserRow) -> StoreResult<()> {
        let row = UserRecord {
            organization_id: organization.0,
            id: new.id.0,
            email: new.email.clone(),
            name: new.name.clone(),
            role: new.role.as_str().to_owned(),
            password_hash: new.password_hash.clone(),
            totp_secret: new.totp_secret.clone(),
            totp_step: new.totp_step,
            created_at: micros(new.created_at),
            last_sign_in_at: new.last_sign_in_at.map(micros),
            disabled_at: new.disabled_at.map(micros),
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }

    fn update_user(&mut self, organization: OrganizationId, changed: &UserRow) -> StoreResult<bool> {
        diesel::update(app_user::table.find((organization.0, changed.id.0)))
            .set((
                app_user::email.eq(&changed.email),
                app_user::name.eq(&changed.name),
                app_user::role.eq(changed.role.as_str()),
                app_user::password_hash.eq(&changed.password_hash),
                app_user::totp_secret.eq(&changed.totp_secret),
                app_user::totp_step.eq(changed.totp_step),
                app_user::last_sign_in_at.eq(changed.last_sign_in_at.map(micros)),
                app_user::disabled_at.eq(changed.disabled_at.map(micros)),
            ))
            .execute(&mut self.session.conn)
            .map(|updated| updated == 1)
            .map_err(error::on("app_user"))
    }

    fn insert_session(&mut self, organization: OrganizationId, new: &SessionRow) -> StoreResult<()> {
        let row = SessionRecord {
            organization_id: organization.0,
            hash: new.hash.clone(),
            user_id: new.user.0,
            purpose: new.purpose.as_str().to_owned(),
            created_at: micros(new.created_at),
            seen_at: micros(new.seen_at),
            expires_at: micros(new.expires_at),
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }

    fn note_session(&mut self, organization: OrganizationId, hash: &str, seen_at: Timestamp) -> StoreResult<()> {
        diesel::update(user_session::table.find((organization.0, hash)))
            .set(user_session::seen_at.eq(micros(seen_at)))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }

    fn delete_session(&mut self, organization: OrganizationId, hash: &str) -> StoreResult<bool> {
        diesel::delete(user_session::table.find((organization.0, hash)))
            .execute(&mut self.session.conn)
            .map(|deleted| deleted == 1)
            .map_err(error::any)
    }

    fn delete_sessions_of(&mut self, organization: OrganizationId, user: UserId, but: Option<&str>) -> StoreResult<()> {
        diesel::delete(user_session::table)
            .filter(user_session::organization_id.eq(organization.0))
            .filter(user_session::user_id.eq(user.0))
            // No hash is empty.
            .filter(user_session::hash.ne(but.unwrap_or_default()))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }

    fn delete_expired_sessions(&mut self, organization: OrganizationId, now: Timestamp) -> StoreResult<()> {
        diesel::delete(user_session::table)
            .filter(user_session::organization_id.eq(organization.0))
            .filter(user_session::expires_at.le(micros(now)))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }
}

fn user_from(row: UserRecord) -> StoreResult<UserRow> {
    Ok(UserRow {
        id: UserId(row.id),
        email: row.email,
        name: row.name,
        role: Column("app_user", "role").code(Role::parse, &row.role)?,
        password_hash: row.password_hash,
        totp_secret: row.totp_secret,
        totp_step: row.totp_step,
        created_at: Column("app_user", "created_at").instant(row.created_at)?,
        last_sign_in_at: Column("app_user", "last_sign_in_at").instant_or_none(row.last_sign_in_at)?,
        disabled_at: Column("app_user", "disabled_at").instant_or_none(row.disabled_at)?,
    })
}

fn session_from(row: SessionRecord) -> StoreResult<SessionRow> {
    Ok(SessionRow {
        hash: row.hash,
        user: UserId(row.user_id),
        purpose: Column("user_session", "purpose").code(SessionPurpose::parse, &row.purpose)?,
        created_at: Column("user_session", "created_at").instant(row.created_at)?,
        seen_at: Column("user_session", "seen_at").instant(row.seen_at)?,
        expires_at: Column("user_session", "expires_at").instant(row.expires_at)?,
    })
}
