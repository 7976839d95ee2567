//! What a calibration came to, for people and for the record. No personal data: levels, counts and bits.

use super::check::{OnLabels, Trial};
use super::em::Learnt;
use super::{Label, Material};
use crate::explain::rounded;
use crate::level::{Field, Level};
use crate::{Thresholds, Weights};
use serde::{Deserialize, Serialize};

/// Fewest labels held back for a trial on them to count.
const ENOUGH_TO_TRY: usize = 20;
/// Fewest rows to learn from at all.
const ENOUGH_ROWS: usize = 200;
/// A gain smaller than this, in bits per row, is not worth other weights than the shipped ones: the rows are
/// what these expect.
const WORTH: f64 = 0.05;
/// A weight that moves by less, in bits, is not listed.
const LISTED: f64 = 0.05;

/// What a calibration came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Calibration {
    /// Whether the learnt weights are to be used.
    pub outcome: Outcome,
    /// Why, in one sentence.
    pub sentence: String,
    /// The weights to use: the learnt ones, or the shipped ones when these stay.
    pub weights: Weights,
    /// The thresholds to use.
    pub thresholds: Thresholds,
    /// Rows looked at.
    pub rows: usize,
    /// What people said about them.
    pub labels: LabelCounts,
    /// Rounds of expectation and maximisation.
    pub rounds: usize,
    /// Odds of the classes before.
    pub rates_before: Rates,
    /// Odds of the classes as learnt.
    pub rates_learnt: Rates,
    /// How both did on rows held back.
    pub held_back: HeldBack,
    /// Weights that moved, strongest move first; as learnt, whether used or not.
    pub changed: Vec<Changed>,
}

/// Whether what was learnt is to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// The learnt weights do at least as well on rows they have not seen.
    Adopted,
    /// The shipped weights stay.
    KeptShipped,
}

/// How many rows bear which label.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelCounts {
    /// A known individual.
    pub same: usize,
    /// A new person of a known household.
    pub relative: usize,
    /// Nobody on file, or not the contact that was taken.
    pub other: usize,
}

/// Odds of the classes against "nobody on file".
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rates {
    /// A row is of somebody on file.
    pub on_file: f64,
    /// A row is of a new person of a household on file.
    pub new_relative: f64,
}

/// How shipped and learnt weights do on rows held back. Shares between 0 and 1 of the labelled ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldBack {
    /// Rows held back.
    pub rows: usize,
    /// Those of them with a label.
    pub labels: usize,
    /// Mean surprise at the labels in bits, shipped weights.
    pub loss_shipped: f64,
    /// The same with what was learnt.
    pub loss_learnt: f64,
    /// Wrong automatic merges, shipped weights.
    pub wrong_shipped: f64,
    /// The same with what was learnt.
    pub wrong_learnt: f64,
    /// Right automatic merges, shipped weights.
    pub right_shipped: f64,
    /// The same with what was learnt.
    pub right_learnt: f64,
    /// How much likelier the rows are under what was learnt, in bits per row.
    pub gain: f64,
}

/// A weight that moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    /// Its field.
    pub field: Field,
    /// Its level.
    pub level: Level,
    /// The level in words.
    pub phrase: String,
    /// Bits for the same individual: shipped, learnt.
    pub same: (f64, f64),
    /// Bits for a relative: shipped, learnt.
    pub relative: (f64, f64),
}

/// Draws the conclusion.
pub(super) fn conclude(
    material: &Material,
    shipped: &Weights,
    in_force: Thresholds,
    (learnt, limits): (Learnt, Thresholds),
    trial: Trial,
) -> Calibration {
    let (outcome, sentence) = verdict(material.rows.len(), &trial);
    let adopted = outcome == Outcome::Adopted;
    Calibration {
        outcome,
        sentence: sentence.to_owned(),
        rows: material.rows.len(),
        labels: labels(material),
        rounds: learnt.rounds,
        rates_before: rates(shipped),
        rates_learnt: rates(&learnt.weights),
        held_back: held_back(&trial),
        changed: changed(shipped, &learnt.weights),
        weights: if adopted { learnt.weights } else { shipped.clone() },
        thresholds: if adopted { limits } else { in_force },
    }
}

fn verdict(rows: usize, trial: &Trial) -> (Outcome, &'static str) {
    let kept = |sentence| (Outcome::KeptShipped, sentence);
    let adopted = |sentence| (Outcome::Adopted, sentence);
    let enough = trial.labels >= ENOUGH_TO_TRY;
    match () {
        () if rows < ENOUGH_ROWS => kept("There are too few rows to learn from; the shipped weights stay."),
        () if enough && worse(trial) => kept("On labels held back the shipped weights do better; they stay."),
        () if trial.gain < 0.0 => kept("On rows held back the shipped weights fit better; they stay."),
        () if !enough && trial.gain < WORTH => kept("The rows are what the shipped weights expect; they stay."),
        () if enough => adopted("On labels held back the learnt weights do at least as well as the shipped ones."),
        () => adopted(
            "The learnt weights fit rows held back at least as well as the shipped ones; there were too few labels to try them on.",
        ),
    }
}

fn worse(trial: &Trial) -> bool {
    let OnLabels { loss, wrong, right } = trial.learnt;
    loss > trial.shipped.loss
        || wrong > trial.shipped.wrong
        || (right < trial.shipped.right && wrong >= trial.shipped.wrong)
}

fn labels(material: &Material) -> LabelCounts {
    let mut counts = LabelCounts::default();
    for label in material.rows.iter().filter_map(|row| row.label) {
        match label {
            Label::Same { .. } => counts.same += 1,
            Label::Relative { .. } => counts.relative += 1,
            Label::Nobody | Label::Not { .. } => counts.other += 1,
        }
    }
    counts
}

fn rates(weights: &Weights) -> Rates {
    Rates { on_file: rounded(weights.on_file), new_relative: (weights.new_relative * 10_000.0).round() / 10_000.0 }
}

fn held_back(trial: &Trial) -> HeldBack {
    let fine = |value: f64| (value * 10_000.0).round() / 10_000.0;
    HeldBack {
        rows: trial.rows,
        labels: trial.labels,
        loss_shipped: fine(trial.shipped.loss),
        loss_learnt: fine(trial.learnt.loss),
        wrong_shipped: fine(trial.shipped.wrong),
        wrong_learnt: fine(trial.learnt.wrong),
        right_shipped: fine(trial.shipped.right),
        right_learnt: fine(trial.learnt.right),
        gain: fine(trial.gain),
    }
}

fn changed(shipped: &Weights, learnt: &Weights) -> Vec<Changed> {
    let pair = |level: Level| {
        let (before, after) = (shipped.of(level), learnt.of(level));
        Changed {
            field: level.field(),
            level,
            phrase: level.phrase().to_owned(),
            same: (rounded(before.same), rounded(after.same)),
            relative: (rounded(before.relative), rounded(after.relative)),
        }
    };
    let move_of = |one: &Changed| (one.same.1 - one.same.0).abs().max((one.relative.1 - one.relative.0).abs());
    let mut changed: Vec<Changed> =
        Level::ALL.iter().map(|level| pair(*level)).filter(|one| move_of(one) >= LISTED).collect();
    changed.sort_by(|a, b| move_of(b).total_cmp(&move_of(a)).then_with(|| a.level.cmp(&b.level)));
    changed
}
