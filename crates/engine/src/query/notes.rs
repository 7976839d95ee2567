//! Queries over notes.

use super::window::Sorted;
use crate::{Engine, EngineError, Page};
use std::collections::HashMap;
use tributary_contact::OrganizationId;
use tributary_contact::query::{Facts, Query, Record, note_facts};
use tributary_store::{NoteRow, StoreExt};

/// Notes of one page.
const PAGE: i64 = 2_000;

impl Engine {
    /// A part of the notes that a query asks for.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn query_notes(
        &self,
        org: OrganizationId,
        query: &Query,
        skip: i64,
        take: i64,
    ) -> Result<Page<NoteRow>, EngineError> {
        let year = self.year(org)?;
        Ok(self.parts.store.reading(|tx| {
            let mut found = Sorted::new(skip, take, |a: &(_, i64), b: &(_, _)| query.compare(a, b));
            let ids = query.narrow().ids;
            let mut after = ids.start().saturating_sub(1);
            loop {
                let page = tx.notes_after(org, after, PAGE)?;
                for note in page.iter().filter(|note| ids.contains(&note.id)) {
                    let facts = facts(note);
                    let record = record(note, Facts::all(&facts, year));
                    if query.holds(&record) {
                        found.push((query.key(&record), note.id));
                    }
                }
                match page.last() {
                    Some(last) if last.id < *ids.end() => after = last.id,
                    _ => break,
                }
            }
            let (found, total) = found.finish();
            let ids: Vec<i64> = found.into_iter().map(|(_, id)| id).collect();
            let mut notes: HashMap<i64, NoteRow> =
                tx.notes(org, &ids)?.into_iter().map(|note| (note.id, note)).collect();
            Ok(Page { list: ids.iter().filter_map(|id| notes.remove(id)).collect(), total })
        })?)
    }
}

fn facts(note: &NoteRow) -> String {
    let flags = [note.important, note.private];
    note_facts(note.contact.0, &note.kind, &note.note, note.note_at.timestamp_micros(), flags)
}

fn record<'a>(note: &NoteRow, facts: Facts<'a>) -> Record<'a> {
    let (created, modified) = (note.created_at.timestamp_micros(), note.modified_at.timestamp_micros());
    Record { id: note.id, created, modified, archived: false, facts }
}
