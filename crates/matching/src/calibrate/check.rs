//! What was learnt, tried on rows it has not seen: on labels where there are any, and on how likely the
//! rows are altogether.

use super::em::{real, shares};
use super::limits::{judge, part};
use super::observe::{Label, Observation, bits};
use crate::{Thresholds, Weights};

/// A probability is not taken for less than this when it is scored, in bits.
const WORST: f64 = 20.0;

/// How one set of weights does on labels.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct OnLabels {
    /// Mean surprise at the labels in bits.
    pub loss: f64,
    /// Share of the labelled rows that would be merged wrongly.
    pub wrong: f64,
    /// Share of the labelled rows that would be merged rightly.
    pub right: f64,
}

/// How shipped and learnt weights do on the rows held back.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Trial {
    pub rows: usize,
    pub labels: usize,
    pub shipped: OnLabels,
    pub learnt: OnLabels,
    /// Mean gain in bits per row, labels or not.
    pub gain: f64,
}

/// Tries both. `strangers` are the shipped weights with this file's strangers, so that gains compare classes only.
pub(super) fn compare(
    shipped: (&Weights, Thresholds),
    learnt: (&Weights, Thresholds),
    strangers: &Weights,
    rows: &[&Observation],
) -> Trial {
    let labelled: Vec<&Observation> = rows.iter().copied().filter(|row| is_scored(row)).collect();
    // How often rows are of people on file is only true of rows that came in.
    let incoming: Vec<&Observation> = rows.iter().copied().filter(|row| row.incoming).collect();
    let gain: f64 = incoming.iter().map(|row| likelihood(row, learnt.0) - likelihood(row, strangers)).sum();
    Trial {
        rows: rows.len(),
        labels: labelled.len(),
        shipped: on_labels(shipped, &labelled),
        learnt: on_labels(learnt, &labelled),
        gain: if incoming.is_empty() { 0.0 } else { gain / real(incoming.len()) },
    }
}

/// Whether the label names a hypothesis that can be scored.
fn is_scored(row: &Observation) -> bool {
    let (shares, nobody) = shares(row, &Weights::shipped());
    row.label.is_some() && shares.iter().sum::<f64>() + nobody > 0.0
}

fn on_labels((weights, limits): (&Weights, Thresholds), rows: &[&Observation]) -> OnLabels {
    let loss: f64 = rows.iter().map(|row| surprise(row, weights)).sum();
    let merged: Vec<bool> = rows
        .iter()
        .filter_map(|row| judge(row, weights))
        .filter(|(probability, _)| *probability >= limits.merge)
        .map(|(_, right)| right)
        .collect();
    let right = merged.iter().filter(|right| **right).count();
    OnLabels {
        loss: if rows.is_empty() { 0.0 } else { loss / real(rows.len()) },
        wrong: part(merged.len() - right, rows.len()),
        right: part(right, rows.len()),
    }
}

/// How surprising the label is, in bits.
fn surprise(row: &Observation, weights: &Weights) -> f64 {
    let (open, nobody) = shares(&Observation { label: None, ..row.clone() }, weights);
    let of = |wanted: &dyn Fn(i64, Option<i64>) -> bool| -> f64 {
        let fitting = row.hypotheses.iter().zip(&open).filter(|(one, _)| wanted(one.contact, one.individual));
        fitting.map(|(_, share)| share).sum()
    };
    let probability = match row.label {
        Some(Label::Same { contact, individual }) => of(&|c, i| c == contact && i == Some(individual)),
        Some(Label::Relative { contact }) => of(&|c, i| c == contact && i.is_none()),
        Some(Label::Nobody) => nobody,
        Some(Label::Not { contact }) => 1.0 - of(&|c, _| c == contact),
        None => 1.0,
    };
    (-probability.log2()).clamp(0.0, WORST)
}

/// How likely the row's comparisons are in the mixture, in bits over "nobody on file" throughout.
fn likelihood(row: &Observation, weights: &Weights) -> f64 {
    let all = weights.on_file + weights.new_relative + 1.0;
    let odds = |individual: Option<i64>| if individual.is_some() { weights.on_file } else { weights.new_relative };
    let on_file: f64 = row
        .hypotheses
        .iter()
        .map(|one| (bits(one, weights) + odds(one.individual).log2() - row.population).min(1000.0).exp2())
        .sum();
    ((1.0 + on_file) / all).log2()
}
