//! The audit of an organization as a whole: exported, and held against its hashes.

use crate::{Engine, EngineError};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use tributary_contact::clock::Timestamp;
use tributary_contact::diff::Change;
use tributary_contact::{ContactId, OrganizationId, RecordId, RunId};
use tributary_store::{ChainHead, ChainedRow, StoreExt};

/// Action of the row that tells of an erasure.
pub(crate) const ERASE: &str = "erase";
/// The change of it that names the rows whose changes were erased.
pub(crate) const ERASED_CHANGES: &str = "erasedChanges";

/// Rows read at once.
const PAGE: i64 = 2_000;

/// What became of holding the audit against its hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditCheck {
    /// Rows that were looked at.
    pub rows: i64,
    /// Rows among them from before there was a chain.
    pub unchained: i64,
    /// Place of the first row that is not what was stored, or that is not there.
    pub broken_at: Option<i64>,
}

/// A row of the audit as it is exported.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditLine {
    /// Place in the chain, from 1.
    pub position: i64,
    /// The contact.
    pub contact_id: ContactId,
    /// Its version after the change.
    pub version: i64,
    /// When.
    pub at_utc: Timestamp,
    /// `batch`, or who did it.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// The record that caused it.
    pub record_id: Option<RecordId>,
    /// The run in which it was done.
    pub batch_id: Option<RunId>,
    /// What was before and after.
    pub changes: Value,
    /// Hash of the row, hexadecimal; none from before there was a chain.
    pub hash: Option<String>,
    /// SHA-256 of what was before and after, hexadecimal, where that was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased_changes_hash: Option<String>,
}

impl From<ChainedRow> for AuditLine {
    fn from(chained: ChainedRow) -> Self {
        let row = chained.row;
        Self {
            position: chained.position,
            contact_id: row.contact,
            version: row.version,
            at_utc: row.at,
            actor: row.actor,
            action: row.action,
            record_id: row.record,
            batch_id: row.run,
            changes: serde_json::from_str(&row.changes).unwrap_or_default(),
            hash: chained.hash.map(hex::encode),
            erased_changes_hash: chained.erased.map(hex::encode),
        }
    }
}

impl Engine {
    /// Hands every row of the organization's audit to `write`, in order of commit.
    ///
    /// # Errors
    /// Any failure of the store or of `write`.
    pub fn export_audit(
        &self,
        org: OrganizationId,
        write: &mut dyn FnMut(&AuditLine) -> std::io::Result<()>,
    ) -> Result<(), EngineError> {
        self.each_audit_page(org, &mut |page| {
            page.into_iter().try_for_each(|row| write(&AuditLine::from(row))).map_err(EngineError::internal)
        })
    }

    /// Holds the audit against its hashes: a row that was changed, put in or taken out since it was stored shows.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn verify_audit(&self, org: OrganizationId) -> Result<AuditCheck, EngineError> {
        // The newest row first: rows that are added meanwhile come after it.
        let head = self.parts.store.reading(|tx| tx.audit_head(org))?;
        let mut check = Checking::of(org, head);
        self.each_audit_page(org, &mut |page| {
            page.iter().for_each(|row| check.take(row));
            Ok(())
        })?;
        Ok(check.found())
    }

    fn each_audit_page(
        &self,
        org: OrganizationId,
        take: &mut dyn FnMut(Vec<ChainedRow>) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let mut after = 0;
        loop {
            let page = self.parts.store.reading(|tx| tx.audit_page(org, after, PAGE))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.position;
            take(page)?;
        }
    }
}

/// The places of the rows that an erasure blanked.
fn erased_places(changes: &str) -> Vec<i64> {
    let changes: Vec<Change> = serde_json::from_str(changes).unwrap_or_default();
    let named = changes.into_iter().filter(|change| change.field == ERASED_CHANGES).filter_map(|change| change.after);
    named.flat_map(|places| serde_json::from_value::<Vec<i64>>(places).unwrap_or_default()).collect()
}

/// A check under way.
struct Checking {
    org: OrganizationId,
    /// The newest row when it began.
    head: ChainHead,
    head_seen: bool,
    last: ChainHead,
    /// Rows whose changes are gone, and those of which a row says that they were erased.
    erased: BTreeSet<i64>,
    accounted_for: BTreeSet<i64>,
    found: AuditCheck,
}

impl Checking {
    fn of(org: OrganizationId, head: ChainHead) -> Self {
        let (erased, accounted_for) = (BTreeSet::new(), BTreeSet::new());
        let (last, found) = (ChainHead::default(), AuditCheck::default());
        Self { org, head, head_seen: false, last, erased, accounted_for, found }
    }

    fn take(&mut self, chained: &ChainedRow) {
        self.found.rows += 1;
        self.found.unchained += i64::from(chained.hash.is_none());
        self.erased.extend(chained.erased.as_ref().map(|_| chained.position));
        if chained.row.action == ERASE {
            self.accounted_for.extend(erased_places(&chained.row.changes));
        }
        let follows = chained.position == self.last.position + 1;
        let right = match &chained.hash {
            Some(hash) => *hash == chained.expected(&self.last.hash, self.org),
            // Only before the first row with a hash can there be one without.
            None => self.last.hash.is_empty(),
        };
        if !(follows && right) {
            self.found.broken_at.get_or_insert(self.last.position + 1);
        }
        self.last = ChainHead { position: chained.position, hash: chained.hash.clone().unwrap_or_default() };
        self.head_seen |= self.last == self.head;
    }

    fn found(mut self) -> AuditCheck {
        if self.head.position > 0 && !self.head_seen {
            self.found.broken_at.get_or_insert(self.head.position);
        }
        // Whoever blanks a row has to say so in a later one, whose hash covers that.
        let unaccounted = self.erased.difference(&self.accounted_for).next().copied();
        self.found.broken_at = [self.found.broken_at, unaccounted].into_iter().flatten().min();
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tributary_store::AuditRow;

    const ORG: OrganizationId = OrganizationId(1);

    /// A row from before there was a chain, and three of the chain.
    fn chain() -> Vec<ChainedRow> {
        let row = |version| AuditRow {
            contact: ContactId(7),
            version,
            at: Timestamp::UNIX_EPOCH,
            actor: "batch".to_owned(),
            action: "merge".to_owned(),
            record: None,
            run: None,
            changes: "[]".to_owned(),
        };
        let mut rows = vec![ChainedRow { position: 1, hash: None, erased: None, row: row(1) }];
        let mut last = Vec::new();
        for position in 2..5 {
            let row = row(position);
            last = row.chained(&last, ORG, position);
            rows.push(ChainedRow { position, hash: Some(last.clone()), erased: None, row });
        }
        rows
    }

    fn check(change: impl FnOnce(&mut Vec<ChainedRow>)) -> AuditCheck {
        let mut rows = chain();
        let newest = rows.last().unwrap();
        let head = ChainHead { position: newest.position, hash: newest.hash.clone().unwrap() };
        change(&mut rows);
        let mut check = Checking::of(ORG, head);
        rows.iter().for_each(|row| check.take(row));
        check.found()
    }

    #[test]
    fn an_untouched_audit_is_whole() {
        assert_eq!(check(|_| ()), AuditCheck { rows: 4, unchained: 1, broken_at: None });
    }

    #[test]
    fn a_row_that_was_changed_or_taken_out_shows() {
        assert_eq!(check(|rows| rows[1].row.actor = "staff:bo".to_owned()).broken_at, Some(2));
        assert_eq!(check(|rows| rows[2].row.changes = "[1]".to_owned()).broken_at, Some(3));
        assert_eq!(check(|rows| drop(rows.remove(2))).broken_at, Some(3));
        assert_eq!(check(|rows| drop(rows.pop())).broken_at, Some(4), "the newest one");
        assert_eq!(check(|rows| rows[2].hash = None).broken_at, Some(3));
        assert_eq!(check(|rows| drop(rows.remove(0))).broken_at, Some(1), "one from before");
        assert_eq!(check(Vec::clear).broken_at, Some(4));
    }

    /// Takes the changes of a row away and keeps their hash.
    fn blank(row: &mut ChainedRow) {
        row.erased = Some(row.row.digest());
        row.row.changes = "[]".to_owned();
    }

    /// One more row, which says what was erased before it.
    fn erasure(rows: &mut Vec<ChainedRow>, places: &str) -> ChainHead {
        let newest = rows.last().unwrap().clone();
        let position = newest.position + 1;
        let changes = format!(r#"[{{"field":"erasedChanges","before":null,"after":{places}}}]"#);
        let row = AuditRow { version: position, action: "erase".to_owned(), changes, ..newest.row };
        let hash = row.chained(&newest.hash.unwrap(), ORG, position);
        rows.push(ChainedRow { position, hash: Some(hash.clone()), erased: None, row });
        ChainHead { position, hash }
    }

    #[test]
    fn a_row_that_was_erased_is_right_when_a_later_one_says_so() {
        let check = |places: &str, change: fn(&mut Vec<ChainedRow>)| {
            let mut rows = chain();
            let head = erasure(&mut rows, places);
            change(&mut rows);
            let mut check = Checking::of(ORG, head);
            rows.iter().for_each(|row| check.take(row));
            check.found().broken_at
        };
        assert_eq!(check("[2,3]", |rows| rows[1..3].iter_mut().for_each(blank)), None);
        assert_eq!(check("[3]", |rows| rows[1..3].iter_mut().for_each(blank)), Some(2), "nobody says so");
        let other = |rows: &mut Vec<ChainedRow>| {
            blank(&mut rows[1]);
            rows[1].erased = Some(vec![7; 32]);
        };
        assert_eq!(check("[2]", other), Some(2), "another hash");
    }

    #[test]
    fn a_row_of_another_organization_is_not_this_ones() {
        let mut check = Checking::of(OrganizationId(2), ChainHead::default());
        chain().iter().for_each(|row| check.take(row));
        assert_eq!(check.found().broken_at, Some(2));
    }
}
