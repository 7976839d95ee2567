//! Calibration on what an organization has: its submissions as they met what was on file before them, its
//! contacts, and what people decided.

use super::around::Around;
use super::explain::current_matcher;
use super::in_force::{in_force, of_document, version_name};
use super::labels::label;
use super::versions::adopt;
use crate::change::Actor;
use crate::{Engine, EngineError, Progress};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::sync::Arc;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId, RecordId, SourceRecord, Submission};
use tributary_matching::calibrate::{
    Calibration, Label, MOST_ROWS, Material, Observation, Outcome, Strangers, calibrate,
};
use tributary_matching::{Matcher, MatcherDocument, Profile, Row, StoredWeights, Thresholds};
use tributary_store::{DecisionRow, Organization, ReadTx, StoreExt, StoreResult, TransactionRow};

/// Rows read at once.
const PAGE: i64 = 500;
/// Contacts looked at for relatives and as strangers.
const MOST_CONTACTS: i64 = 2_000;

/// What a calibration came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Calibrated {
    /// The version that holds now, or would hold without a dry run.
    pub version: String,
    /// Whether nothing was stored.
    pub dry_run: bool,
    /// What was learnt, and whether it is used.
    #[serde(flatten)]
    pub calibration: Calibration,
}

/// A row to learn from.
struct Lesson {
    id: RecordId,
    received_at: Timestamp,
    submission: Submission,
    label: Option<Label>,
    incoming: bool,
    /// The contact it belongs to.
    contact: Option<ContactId>,
}

impl Engine {
    /// Learns weights from the organization's own rows and decisions. When they do at least as well as the
    /// shipped ones on rows held back, they are stored as a new version and put in force, unless it is a dry
    /// run; else nothing changes. Nicknames stay as they are in force.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization, [`EngineError::Conflict`] while a run is open.
    pub fn calibrate(&self, org: OrganizationId, dry_run: bool, actor: &Actor) -> Result<Calibrated, EngineError> {
        let organization = self.organization(org)?;
        let (in_force, matcher) = self.parts.store.reading(|tx| {
            let in_force = in_force(tx, org, &self.settings().matching)?;
            let mut shipped = of_document(None, &self.settings().matching)?;
            shipped.document.nicknames.clone_from(&in_force.document.nicknames);
            Ok((in_force, current_matcher(tx, org, &shipped)?))
        })?;
        let material = self.material(&organization, &matcher)?;
        let calibration = calibrate(&material, self.configured_thresholds());
        let adopted = calibration.outcome == Outcome::Adopted;
        let number = if adopted && !dry_run {
            let document = MatcherDocument {
                weights: Some(StoredWeights::of(&calibration.weights)),
                thresholds: Some(calibration.thresholds).filter(|learnt| *learnt != self.configured_thresholds()),
                nicknames: in_force.document.nicknames,
            };
            let report = serde_json::to_value(&calibration).map_err(EngineError::internal)?;
            let at = self.now();
            Some(self.transact("calibrate", |tx| adopt(tx, org, (&document, &report), (actor, at)))?)
        } else {
            in_force.number
        };
        Ok(Calibrated { version: version_name(number), dry_run, calibration })
    }

    fn configured_thresholds(&self) -> Thresholds {
        let matching = &self.settings().matching;
        Thresholds { merge: matching.auto_probability, review: matching.review_probability, ..Thresholds::default() }
    }

    fn material(&self, organization: &Organization, matcher: &Matcher) -> Result<Material, EngineError> {
        let mut gathered = Gathered { organization, matcher, rows: Vec::new(), profiles: Vec::new(), file: Vec::new() };
        self.incoming(&mut gathered)?;
        let household = self.on_file(&mut gathered)?;
        let strangers = Strangers::drawn(&gathered.profiles, &gathered.file, matcher);
        Ok(Material { rows: gathered.rows, strangers, household })
    }

    /// Submissions, evenly spread over all of them, and every one that is labelled.
    fn incoming(&self, gathered: &mut Gathered<'_>) -> Result<(), EngineError> {
        let org = gathered.organization.id;
        let counts = self.parts.store.reading(|tx| tx.state_counts(org))?;
        let total = counts.iter().map(|count| u64::try_from(count.count).unwrap_or(0)).sum();
        let every = usize::try_from(total).unwrap_or(usize::MAX).div_ceil(MOST_ROWS).max(1);
        let (mut after, mut place) = (None, 0_usize);
        loop {
            let (lessons, last) = self.parts.store.reading(|tx| lessons(tx, org, after, (place, every)))?;
            let Some((last, read)) = last else { return Ok(()) };
            gathered.observe(self, &lessons)?;
            (after, place) = (Some(last), place + read);
            self.tell_progress(Progress { organization: org, stage: "calibrate", done: place as u64, total });
        }
    }

    /// Contacts, evenly spread: as rows that met what was on file before them, as strangers, and for whether
    /// people on file have relatives on file.
    fn on_file(&self, gathered: &mut Gathered<'_>) -> Result<(usize, usize), EngineError> {
        let org = gathered.organization.id;
        let count = self.parts.store.reading(|tx| tx.contact_count(org))?;
        let every = usize::try_from(count / MOST_CONTACTS + 1).unwrap_or(1);
        let (mut after, mut place, mut household) = (None, 0_usize, (0, 0));
        loop {
            let page = self.parts.store.reading(|tx| tx.contact_page(org, after, PAGE))?;
            let Some(last) = page.last().map(|contact| contact.id) else { return Ok(household) };
            let chosen: Vec<_> = page.iter().enumerate().filter(|(at, _)| (place + at) % every == 0).collect();
            let sizes: FxHashMap<ContactId, usize> =
                chosen.iter().map(|(_, contact)| (contact.id, contact.golden.individuals.len())).collect();
            let ids: Vec<ContactId> = chosen.iter().map(|(_, contact)| contact.id).collect();
            let records = self.parts.store.reading(|tx| tx.source_records(org, &ids))?;
            let lessons = first_records(records.into_iter().map(|assigned| (assigned.contact, assigned.record)));
            let (people, related) = gathered.household(self, &lessons, &sizes)?;
            household = (household.0 + people, household.1 + related);
            (after, place) = (Some(last), place + page.len());
        }
    }
}

/// What has been gathered so far.
struct Gathered<'a> {
    organization: &'a Organization,
    matcher: &'a Matcher,
    rows: Vec<Observation>,
    /// Profiles of rows and of contacts, to draw strangers from.
    profiles: Vec<Arc<Profile>>,
    file: Vec<Arc<Profile>>,
}

impl Gathered<'_> {
    /// Observes rows that came in, and keeps them.
    fn observe(&mut self, engine: &Engine, lessons: &[Lesson]) -> Result<(), EngineError> {
        let (profiles, observed) = self.observed(engine, lessons)?;
        let room = usize::try_from(MOST_CONTACTS).unwrap_or(0).saturating_sub(self.profiles.len());
        self.profiles.extend(profiles.into_iter().take(room));
        self.rows.extend(observed);
        Ok(())
    }

    /// Observes rows on file, and counts the people among them and those with relatives.
    fn household(
        &mut self,
        engine: &Engine,
        lessons: &[Lesson],
        sizes: &FxHashMap<ContactId, usize>,
    ) -> Result<(usize, usize), EngineError> {
        let (profiles, observed) = self.observed(engine, lessons)?;
        let mut counts = (0, 0);
        for ((lesson, profile), row) in lessons.iter().zip(&profiles).zip(&observed) {
            let (Some(contact), true) = (lesson.contact, profile.is_person()) else { continue };
            let beside = row.has_relative_beside(contact.0);
            let related = beside || sizes.get(&contact).is_some_and(|size| *size > 1);
            counts = (counts.0 + 1, counts.1 + usize::from(related));
        }
        self.file.extend(profiles);
        self.rows.extend(observed);
        Ok(counts)
    }

    /// Rows as they met what was on file before them.
    fn observed(
        &self,
        engine: &Engine,
        lessons: &[Lesson],
    ) -> Result<(Vec<Arc<Profile>>, Vec<Observation>), EngineError> {
        let (org, country) = (self.organization.id, self.organization.country.as_str());
        let profiles: Vec<Arc<Profile>> =
            lessons.par_iter().map(|lesson| Arc::new(Profile::of(&lesson.submission, country))).collect();
        let mut keys: Vec<i64> = profiles.iter().flat_map(|profile| profile.keys().iter().copied()).collect();
        keys.sort_unstable();
        keys.dedup();
        let around = engine.parts.store.reading(|tx| Around::read(tx, (org, country), (&keys, &[]), None))?;
        let observe = |(lesson, profile): (&Lesson, &Arc<Profile>)| {
            let earlier = |record: &SourceRecord| (record.received_at, record.id) < (lesson.received_at, lesson.id);
            let index = around.index(profile.keys(), None, earlier);
            let row = Row { profile, submission: &lesson.submission };
            let mut observed = Observation::of(&row, &index, self.matcher, lesson.label);
            observed.incoming = lesson.incoming;
            observed
        };
        let observed = lessons.par_iter().zip(&profiles).map(observe).collect();
        Ok((profiles, observed))
    }
}

/// A page of submissions to learn from: every so-manyth, and the labelled ones. With the last id and how many were read.
#[expect(clippy::type_complexity, reason = "used once, right below its only caller")]
fn lessons(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    after: Option<RecordId>,
    (place, every): (usize, usize),
) -> StoreResult<(Vec<Lesson>, Option<(RecordId, usize)>)> {
    let rows = tx.transaction_page(org, after, PAGE)?;
    let last = rows.last().map(|row| (row.id, rows.len()));
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut decisions: FxHashMap<RecordId, Vec<DecisionRow>> = FxHashMap::default();
    for latest in tx.latest_decisions(org, &ids)? {
        // Only what was undone needs the decisions before the latest.
        let all = if latest.number > 1 { tx.decisions(org, latest.transaction)? } else { vec![latest] };
        if let Some(id) = all.first().map(|decision| decision.transaction) {
            decisions.insert(id, all);
        }
    }
    let lesson = |(at, row): (usize, TransactionRow)| {
        if row.erased.is_some() {
            return None;
        }
        let label = decisions.get(&row.id).and_then(|decisions| label(&row, decisions));
        let chosen = label.is_some() || (place + at) % every == 0;
        let TransactionRow { id, received_at, submission, contact, .. } = row;
        chosen.then_some(Lesson { id, received_at, submission, label, incoming: true, contact })
    };
    Ok((rows.into_iter().enumerate().filter_map(lesson).collect(), last))
}

/// The first record of each contact.
fn first_records(records: impl Iterator<Item = (ContactId, SourceRecord)>) -> Vec<Lesson> {
    let mut lessons: Vec<Lesson> = Vec::new();
    for (contact, record) in records {
        if lessons.last().is_some_and(|lesson| lesson.contact == Some(contact)) {
            continue;
        }
        let SourceRecord { id, received_at, submission, .. } = record;
        lessons.push(Lesson { id, received_at, submission, label: None, incoming: false, contact: Some(contact) });
    }
    lessons
}
