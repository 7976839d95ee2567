//! The two steps, again and again: what each row probably is under the weights, and the weights under which
//! that would be likeliest.
//!
//! A weight moves from its shipped value by the logarithm of how much oftener (or more seldom) its level
//! shows in a class here than the shipped prior expects. So what was set by hand for fields that depend on
//! each other stays in force.

use super::expected::{Expected, expected};
use super::observe::{Hypothesis, bits};
use super::{Label, Material, Observation, Strangers, order};
use crate::Weights;
use crate::level::{Bits, Level};

/// Rounds at most.
const ROUNDS: usize = 30;
/// Rounds end when no weight moves by more than this, in bits.
const STILL: f64 = 0.005;
/// How many pairs of each field the shipped prior counts for.
const PRIOR_PAIRS: f64 = 1000.0;
/// Pairs on top of what is seen and what is expected, so that rare levels stay where they are.
const SLACK: f64 = 3.0;
/// How many rows the shipped rates of known and new people count for.
const PRIOR_ROWS: f64 = 50.0;
/// How many individuals the shipped share of people with relatives counts for.
const PRIOR_PEOPLE: f64 = 20.0;
/// Share of individuals on file with a relative on file that the shipped weights expect.
const WITH_RELATIVES: f64 = 0.29;
/// Fewest strangers a level must be seen with, or expected with, to move for it.
const ENOUGH_STRANGERS: f64 = 50.0;
/// Furthest a weight moves, in bits, for its class and for strangers.
const FURTHEST: f64 = 5.0;
const FURTHEST_STRANGERS: f64 = 2.0;
/// Bounds of the learnt odds of being on file, and of being a new relative.
const ON_FILE: (f64, f64) = (0.05, 50.0);
const NEW_RELATIVE: (f64, f64) = (0.002, 1.0);

/// What was learnt.
pub(super) struct Learnt {
    pub weights: Weights,
    /// The shipped weights with nothing but the frequencies among strangers of this file.
    pub strangers: Weights,
    pub rounds: usize,
}

/// Probable numbers of pairs at each level, in the class of the same individual and in that of relatives.
struct Counts {
    same: Vec<f64>,
    relative: Vec<f64>,
    /// Rows that came in and are of somebody on file, or of nobody.
    on_file: f64,
    nobody: f64,
}

/// Learns weights from rows, starting from the shipped ones.
pub(super) fn learn(shipped: &Weights, rows: &[&Observation], material: &Material) -> Learnt {
    let strangers = with_strangers(shipped, &material.strangers);
    let start = household_prior(&strangers, material.household);
    let mut weights = start.clone();
    let mut rounds = 0;
    while rounds < ROUNDS {
        let next = maximise(&start, &count(&weights, rows));
        let moved = distance(&weights, &next);
        weights = next;
        rounds += 1;
        if moved < STILL {
            break;
        }
    }
    Learnt { weights, strangers, rounds }
}

/// Moves weights for how often their levels show among strangers of this file.
fn with_strangers(shipped: &Weights, strangers: &Strangers) -> Weights {
    let moved = |level: Level| {
        let bits = shipped.of(level);
        let shift = stranger_shift(level, bits, strangers);
        Bits { same: bits.same - shift, relative: bits.relative - shift, ..bits }
    };
    Weights { bits: Level::ALL.iter().map(|level| moved(*level)).collect(), ..shipped.clone() }
}

/// Where rarity is taken value by value it needs no learning here.
fn stranger_shift(level: Level, bits: Bits, strangers: &Strangers) -> f64 {
    let Some(Expected { stranger, .. }) = expected(level) else { return 0.0 };
    let (seen, all) = strangers.seen(level);
    if bits.typical != 0.0 || seen.min(all * stranger) < ENOUGH_STRANGERS {
        return 0.0;
    }
    (seen / all / stranger).log2().clamp(-FURTHEST_STRANGERS, FURTHEST_STRANGERS)
}

/// New relatives come to households that have several people. Where the people on file have no relatives
/// beside them, another first name at an address is rather the same person misread.
fn household_prior(weights: &Weights, (people, with_relatives): (usize, usize)) -> Weights {
    if people == 0 {
        return weights.clone();
    }
    let share = (real(with_relatives) + PRIOR_PEOPLE * WITH_RELATIVES) / (real(people) + PRIOR_PEOPLE);
    let (least, most) = NEW_RELATIVE;
    let new_relative = (weights.new_relative * share / WITH_RELATIVES).clamp(least, most);
    Weights { new_relative, ..weights.clone() }
}

/// The first step: each row is shared out among the hypotheses about it.
fn count(weights: &Weights, rows: &[&Observation]) -> Counts {
    let levels = Level::ALL.len();
    let mut counts = Counts { same: vec![0.0; levels], relative: vec![0.0; levels], on_file: 0.0, nobody: 0.0 };
    for row in rows {
        let (shares, nobody) = shares(row, weights);
        if row.incoming {
            counts.on_file += shares
                .iter()
                .zip(&row.hypotheses)
                .filter(|(_, one)| one.individual.is_some())
                .map(|(share, _)| share)
                .sum::<f64>();
            counts.nobody += nobody;
        }
        for (hypothesis, share) in row.hypotheses.iter().zip(shares) {
            counts.add(hypothesis, share);
        }
    }
    counts
}

impl Counts {
    fn add(&mut self, hypothesis: &Hypothesis, share: f64) {
        let same = hypothesis.individual.is_some();
        let class = if same { &mut self.same } else { &mut self.relative };
        for (level, _) in &hypothesis.marks {
            if let Some(count) = class.get_mut(*level as usize) {
                *count += share;
            }
        }
    }
}

/// Probability of each hypothesis about a row and of "nobody on file"; a label settles it.
pub(super) fn shares(row: &Observation, weights: &Weights) -> (Vec<f64>, f64) {
    let priors = [weights.on_file.log2() - row.population, weights.new_relative.log2() - row.population];
    let score = |one: &Hypothesis| {
        let [same, relative] = priors;
        bits(one, weights) + if one.individual.is_some() { same } else { relative }
    };
    let allowed = |one: &Hypothesis| match row.label {
        None => true,
        Some(Label::Same { contact, individual }) => one.contact == contact && one.individual == Some(individual),
        Some(Label::Relative { contact }) => one.contact == contact && one.individual.is_none(),
        Some(Label::Nobody) => false,
        Some(Label::Not { contact }) => one.contact != contact,
    };
    let nobody_allowed = matches!(row.label, None | Some(Label::Nobody | Label::Not { .. }));
    let scores: Vec<f64> =
        row.hypotheses.iter().map(|one| if allowed(one) { score(one) } else { f64::NEG_INFINITY }).collect();
    let nobody = if nobody_allowed { 0.0 } else { f64::NEG_INFINITY };
    let highest = scores.iter().copied().fold(nobody, f64::max);
    if highest == f64::NEG_INFINITY {
        // The label names somebody whom no key leads to: the row teaches nothing.
        return (vec![0.0; scores.len()], 0.0);
    }
    let sum: f64 = scores.iter().chain([&nobody]).map(|bits| (bits - highest).exp2()).sum();
    let share = |bits: f64| (bits - highest).exp2() / sum;
    (scores.into_iter().map(share).collect(), share(nobody))
}

/// The second step: the weights under which the counts would be likeliest, pulled to the shipped prior.
fn maximise(start: &Weights, counts: &Counts) -> Weights {
    let learnt = |level: Level| {
        let bits = start.of(level);
        let Some(expected) = expected(level) else { return bits };
        Bits {
            same: bits.same + shift(level, expected.same, &counts.same),
            relative: bits.relative + shift(level, expected.relative, &counts.relative),
            ..bits
        }
    };
    let bits: Vec<Bits> = Level::ALL.iter().map(|level| learnt(*level)).collect();
    let all = start.on_file + start.new_relative + 1.0;
    let pulled = |rows: f64, rate: f64| rows + PRIOR_ROWS * rate / all;
    let on_file = pulled(counts.on_file, start.on_file) / pulled(counts.nobody, 1.0);
    Weights { on_file: on_file.clamp(ON_FILE.0, ON_FILE.1), bits: order::kept(bits, &counts.same), ..start.clone() }
}

/// How far a level moves in one class: the logarithm of how often it was seen over how often it was expected.
fn shift(level: Level, prior: f64, counts: &[f64]) -> f64 {
    let count = |level: Level| counts.get(level as usize).copied().unwrap_or_default();
    let field = Level::ALL.iter().copied().filter(|other| other.field() == level.field());
    let seen: f64 = field.filter(|level| expected(*level).is_some()).map(count).sum();
    let found = count(level) + PRIOR_PAIRS * prior + SLACK;
    let awaited = (seen + PRIOR_PAIRS) * prior + SLACK;
    (found / awaited).log2().clamp(-FURTHEST, FURTHEST)
}

fn distance(a: &Weights, b: &Weights) -> f64 {
    let pairs = a.bits.iter().zip(&b.bits);
    pairs.map(|(a, b)| (a.same - b.same).abs().max((a.relative - b.relative).abs())).fold(0.0, f64::max)
}

/// A count as a real number; counts stay far below 2^32.
pub(super) fn real(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}
