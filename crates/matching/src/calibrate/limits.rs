//! Thresholds from labels: probabilities are held against what people said (isotonic regression), and the
//! limits put where the shipped targets hold.

use super::em::{real, shares};
use super::observe::{Label, Observation};
use super::order::rising;
use crate::{Thresholds, Weights};

/// Fewest labels to set thresholds from.
pub(super) const ENOUGH: usize = 200;
/// Least share of right ones among automatic merges at the limit.
const RIGHT: f64 = 0.99;
/// Most share of people on file among rows below the review limit.
const MISSED: f64 = 0.02;
/// Bounds of the learnt limits.
const MERGE: (f64, f64) = (0.9, 0.999);
const REVIEW: (f64, f64) = (0.02, 0.3);

/// Limits learnt from the labelled rows, or those in force when there are too few.
pub(super) fn learn(weights: &Weights, rows: &[&Observation], in_force: Thresholds) -> Thresholds {
    let mut judged: Vec<(f64, bool)> = rows.iter().filter_map(|row| judge(row, weights)).collect();
    if judged.len() < ENOUGH {
        return in_force;
    }
    judged.sort_by(|a, b| a.0.total_cmp(&b.0));
    let right: Vec<f64> = judged.iter().map(|(_, right)| f64::from(u8::from(*right))).collect();
    let curve = rising(&right);
    let at = |wanted: f64| {
        let found = judged.iter().zip(&curve).find(|(_, right)| **right >= wanted);
        found.map(|((probability, _), _)| *probability)
    };
    let merge = at(RIGHT).unwrap_or(MERGE.1).clamp(MERGE.0, MERGE.1);
    let review = at(MISSED).unwrap_or(in_force.review).clamp(REVIEW.0, REVIEW.1).min(merge);
    Thresholds { merge: rounded(merge), review: rounded(review), ..in_force }
}

/// Probability of the best individual, and whether it is the one the label names.
pub(super) fn judge(row: &Observation, weights: &Weights) -> Option<(f64, bool)> {
    let label = row.label?;
    let (shares, _) = shares(&Observation { label: None, ..row.clone() }, weights);
    let individuals = row.hypotheses.iter().zip(shares).filter(|(one, _)| one.individual.is_some());
    let (best, share) = individuals.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    let right = match label {
        Label::Same { contact, individual } => best.contact == contact && best.individual == Some(individual),
        Label::Not { contact } if best.contact != contact => return None,
        Label::Relative { .. } | Label::Nobody | Label::Not { .. } => false,
    };
    Some((share, right))
}

fn rounded(probability: f64) -> f64 {
    (probability * 1000.0).round() / 1000.0
}

/// The part of `labels` that `count` is, as a real number.
pub(super) fn part(count: usize, labels: usize) -> f64 {
    if labels == 0 { 0.0 } else { real(count) / real(labels) }
}
