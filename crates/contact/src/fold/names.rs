//! Sets of names: tags, groups, e-mail lists.

use super::{Records, scalar, terms};
use crate::model::{RecordKind, Submission};
use crate::policy::List;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// What one record says about a set: names in it, and names taken away if the set knows that.
type Said<'a> = (&'a BTreeSet<String>, Option<&'a BTreeSet<String>>);

/// Names united in any letter case, each as it was spelled first. What a staff edit takes away only a later staff
/// edit brings back: the next repeat of the sender does not.
pub(super) fn united<'a>(
    records: Records<'_, 'a>,
    list: List,
    said: impl Fn(&'a Submission) -> Said<'a>,
) -> BTreeSet<String> {
    let away = taken_away(records, &said);
    let mut seen = FxHashSet::default();
    let (mut united, mut any) = (BTreeSet::new(), false);
    for record in records.iter().filter(|record| !said(&record.submission).0.is_empty()) {
        // What staff emptied is not filled again.
        if !terms::heard(record, list).after(!any) {
            continue;
        }
        any = true;
        for name in said(&record.submission).0.iter().filter(|name| !scalar::is_blank(name)) {
            let folded = name.to_lowercase();
            if !away.contains(&folded) && seen.insert(folded) {
                united.insert(name.clone());
            }
        }
    }
    united
}

/// The names whose last staff edit takes them away, in lower case.
fn taken_away<'a>(records: Records<'_, 'a>, said: &impl Fn(&'a Submission) -> Said<'a>) -> FxHashSet<String> {
    let mut last: FxHashMap<String, bool> = FxHashMap::default();
    for record in records.iter().filter(|record| record.kind == RecordKind::Edit) {
        let (named, removed) = said(&record.submission);
        last.extend(removed.into_iter().flatten().map(|name| (name.to_lowercase(), true)));
        last.extend(named.iter().map(|name| (name.to_lowercase(), false)));
    }
    last.into_iter().filter_map(|(name, away)| away.then_some(name)).collect()
}
