//! Precision and recall of automatic merges at the level of the individual, as the benchmark's
//! independent scorer defines them (`score.py`): a merge is right when its target is a row of that very
//! person; a second transaction of a new person merged into the first counts neither way; recall is
//! over all transactions of someone on file, so what waits for a person lowers it.

use super::sample::Truth;
use serde::Serialize;
use std::collections::HashMap;

/// What matters of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The row it was merged into: on file, or an earlier transaction.
    pub target: String,
}

/// How right the automatic merges are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// Transactions of someone on file.
    pub on_file: usize,
    /// Merges into the right person on file.
    pub right: usize,
    /// Merges into somebody else.
    pub wrong: usize,
    /// Right merges among right and wrong ones, between 0 and 1.
    pub precision: f64,
    /// Right merges among the transactions of someone on file, between 0 and 1.
    pub recall: f64,
}

/// Scores individual-level merges, given by the transaction's reference id.
pub fn score(truth: &[Truth], merges: &HashMap<String, Merge>) -> Score {
    let people: HashMap<&str, &str> =
        truth.iter().map(|one| (one.reference_id.as_str(), one.person_id.as_str())).collect();
    let mut score = Score::default();
    for one in truth {
        score.on_file += usize::from(!one.true_reference_ids.is_empty());
        let Some(Merge { target }) = merges.get(&one.reference_id) else { continue };
        if one.true_reference_ids.contains(target) {
            score.right += 1;
        } else if people.get(target.as_str()) != Some(&one.person_id.as_str()) {
            score.wrong += 1;
        }
    }
    score.precision = ratio(score.right, score.right + score.wrong);
    score.recall = ratio(score.right, score.on_file);
    score
}

#[expect(clippy::cast_precision_loss, reason = "counts of a demo are far below 2 to the power of 53")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(id: &str, rows: &[&str], person: &str) -> Truth {
        Truth {
            reference_id: id.to_owned(),
            true_reference_ids: rows.iter().map(|row| (*row).to_owned()).collect(),
            person_id: person.to_owned(),
        }
    }

    #[test]
    fn merges_are_counted_as_the_independent_scorer_does() {
        let truth = [
            truth("T1", &["C1", "C9"], "P1"),
            truth("T2", &["C2"], "P2"),
            truth("T3", &["C3"], "P3"),
            truth("T4", &[], "P4"),
            truth("T5", &[], "P4"),
            truth("T6", &[], "P6"),
        ];
        // right, wrong, left for a person, created, repeat of a new person, new person merged into another
        let merges = [("T1", "C9"), ("T2", "C1"), ("T5", "T4"), ("T6", "T4")]
            .map(|(id, target)| (id.to_owned(), Merge { target: target.to_owned() }));
        let score = score(&truth, &HashMap::from(merges));
        assert_eq!((score.on_file, score.right, score.wrong), (3, 1, 2));
        assert!((score.precision - 1.0 / 3.0).abs() < 1e-9 && (score.recall - 1.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_merged_is_no_precision() {
        assert_eq!(score(&[], &HashMap::new()), Score::default());
    }
}
