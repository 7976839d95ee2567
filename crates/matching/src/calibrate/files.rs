//! Calibration on two lists without labels: what is on file, and what comes in.

use super::{Calibration, Material, Observation, Strangers, calibrate};
use crate::link::{OnFile, Settings};
use crate::{Index, Matcher, Profile, Row, TermStats, Weights};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;
use tributary_contact::Submission;

/// Rows looked at; of longer lists every so-manyth.
pub const MOST_ROWS: usize = 20_000;
/// Rows on file looked at for relatives.
const MOST_PEOPLE: usize = 2_000;

/// Learns weights from the rows themselves: no labels are needed, and references play no part.
///
/// # Errors
/// When the threads cannot be started.
pub fn calibrate_lists(
    contacts: &[OnFile],
    transactions: &[Submission],
    settings: &Settings,
) -> Result<Calibration, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build()?;
    let material = pool.install(|| material(contacts, transactions, settings));
    Ok(calibrate(&material, settings.thresholds))
}

/// What the lists show, without labels: one observation for each of the transactions looked at.
#[must_use]
pub fn material(contacts: &[OnFile], transactions: &[Submission], settings: &Settings) -> Material {
    let file = File::of(contacts, settings);
    let rows: Vec<(&Submission, Profile)> = sampled(transactions, MOST_ROWS)
        .into_par_iter()
        .map(|row| (row, Profile::of(row, &settings.country)))
        .collect();
    let observe = |(submission, profile): &(&Submission, Profile)| {
        Observation::of(&Row { profile, submission }, &file.index, &file.matcher, None)
    };
    Material {
        rows: rows.par_iter().map(observe).collect(),
        strangers: Strangers::drawn(
            &rows.iter().map(|(_, profile)| profile).collect::<Vec<_>>(),
            &file.profiles,
            &file.matcher,
        ),
        household: household(contacts, &file),
    }
}

/// The list on file, ready to be met.
struct File {
    index: Index,
    matcher: Matcher,
    profiles: Vec<Arc<Profile>>,
    groups: Vec<i64>,
}

impl File {
    fn of(contacts: &[OnFile], settings: &Settings) -> Self {
        let profiles: Vec<Arc<Profile>> =
            contacts.par_iter().map(|row| Arc::new(Profile::of(&row.submission, &settings.country))).collect();
        let mut numbers: HashMap<&str, i64> = HashMap::with_capacity(contacts.len());
        let (mut index, mut terms, mut groups) = (Index::default(), TermStats::default(), Vec::new());
        for ((individual, row), profile) in (0..).zip(contacts).zip(&profiles) {
            let next = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
            let group = *numbers.entry(row.group.as_str()).or_insert(next);
            terms.add(profile, 1);
            index.insert(group, individual, Arc::clone(profile), None);
            groups.push(group);
        }
        let matcher = Matcher::new(Weights::shipped(), settings.thresholds, terms);
        Self { index, matcher, profiles, groups }
    }
}

/// At most `most` of the rows, evenly spread.
fn sampled<T: Sync>(rows: &[T], most: usize) -> Vec<&T> {
    rows.iter().step_by(rows.len().div_ceil(most).max(1)).collect()
}

/// How many of the people on file were looked at, and how many have a relative on file: in their own
/// contact, or by name and address in another one.
fn household(contacts: &[OnFile], file: &File) -> (usize, usize) {
    let mut sizes: HashMap<i64, usize> = HashMap::new();
    file.groups.iter().for_each(|group| *sizes.entry(*group).or_default() += 1);
    let rows: Vec<_> = contacts.iter().zip(&file.profiles).zip(&file.groups).collect();
    let people: Vec<_> = sampled(&rows, MOST_PEOPLE).into_iter().filter(|((_, p), _)| p.is_person()).collect();
    let has_relative = |((row, profile), group): &&((&OnFile, &Arc<Profile>), &i64)| {
        let row = Row { profile, submission: &row.submission };
        sizes.get(group).is_some_and(|size| *size > 1)
            || Observation::of(&row, &file.index, &file.matcher, None).has_relative_beside(**group)
    };
    (people.len(), people.into_par_iter().filter(has_relative).count())
}
