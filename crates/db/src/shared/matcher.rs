//! Matcher versions and which of them holds.

use super::{Tx, dialect};
use crate::convert::{Column, micros};
use crate::error;
use crate::rows::{MatcherActivationRecord, MatcherDocumentRecord, Present};
use crate::schema::{matcher_activation, matcher_document};
use diesel::prelude::*;
use tributary_contact::OrganizationId;
use tributary_store::{MatcherActivationRow, MatcherDocumentRow, ReadMatcher, StoreResult, WriteMatcher};

impl ReadMatcher for Tx<'_> {
    fn matcher_document(
        &mut self,
        organization: OrganizationId,
        number: i64,
    ) -> StoreResult<Option<MatcherDocumentRow>> {
        let row = matcher_document::table
            .find((organization.0, number))
            .select(MatcherDocumentRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(document_from).transpose()
    }

    fn matcher_documents(&mut self, organization: OrganizationId) -> StoreResult<Vec<MatcherDocumentRow>> {
        let rows = matcher_document::table
            .filter(matcher_document::organization_id.eq(organization.0))
            .order(matcher_document::number.desc())
            .select(MatcherDocumentRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(document_from).collect()
    }

    fn matcher_activations(
        &mut self,
        organization: OrganizationId,
        limit: i64,
    ) -> StoreResult<Vec<MatcherActivationRow>> {
        let rows = matcher_activation::table
            .filter(matcher_activation::organization_id.eq(organization.0))
            .order(matcher_activation::number.desc())
            .limit(limit)
            .select(MatcherActivationRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(activation_from).collect()
    }
}

impl WriteMatcher for Tx<'_> {
    fn insert_matcher_document(&mut self, organization: OrganizationId, new: &MatcherDocumentRow) -> StoreResult<()> {
        let row = MatcherDocumentRecord {
            organization_id: organization.0,
            number: new.number,
            document: new.document.clone(),
            report: new.report.clone(),
            actor: new.actor.clone(),
            created_at: micros(new.created_at),
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }

    fn insert_matcher_activation(
        &mut self,
        organization: OrganizationId,
        new: &MatcherActivationRow,
    ) -> StoreResult<()> {
        let row = MatcherActivationRecord {
            organization_id: organization.0,
            number: new.number,
            document_number: new.document,
            actor: new.actor.clone(),
            activated_at: micros(new.activated_at),
        };
        dialect::insert(self, &[row], Present::Refuse).map(|_| ())
    }
}

fn document_from(row: MatcherDocumentRecord) -> StoreResult<MatcherDocumentRow> {
    Ok(MatcherDocumentRow {
        number: row.number,
        document: row.document,
        report: row.report,
        actor: row.actor,
        created_at: Column("matcher_document", "created_at").instant(row.created_at)?,
    })
}

fn activation_from(row: MatcherActivationRecord) -> StoreResult<MatcherActivationRow> {
    Ok(MatcherActivationRow {
        number: row.number,
        document: row.document_number,
        actor: row.actor,
        activated_at: Column("matcher_activation", "activated_at").instant(row.activated_at)?,
    })
}
