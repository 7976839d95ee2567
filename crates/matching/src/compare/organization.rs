//! Names of organizations. What tells two chapters of one body apart is a word that each has and the
//! other has not; what ties two spellings together is that no such words remain.

use super::text::{misspelt, similarity};
use super::{Mark, Rarity};
use crate::Weights;
use crate::level::Level;
use crate::profile::{OrganizationName, Word};

/// Least share of the words' rarity that must be common for "some words in common".
const PARTLY: f64 = 0.4;

pub(super) fn compare(row: &OrganizationName, file: &OrganizationName, rarity: &Rarity, weights: &Weights) -> Mark {
    let surprise = rarity.organization;
    if row.glued == file.glued {
        return Mark::rare(Level::OrganizationSame, surprise, weights);
    }
    if row.words == file.words {
        return Mark::rare(Level::OrganizationWords, surprise, weights);
    }
    words(row, file, rarity, weights)
}

/// Rarity of the words that both have, that only one has, and that only the other has, in bits.
struct Shares {
    common: f64,
    mine: f64,
    theirs: f64,
    misspelt: bool,
}

fn words(row: &OrganizationName, file: &OrganizationName, rarity: &Rarity, weights: &Weights) -> Mark {
    let shares = shares(row, file, rarity);
    let total = shares.common + shares.mine.max(shares.theirs);
    let part = if total > 0.0 { shares.common / total } else { 0.0 };
    if shares.mine == 0.0 && shares.theirs == 0.0 {
        return Mark::plain(Level::OrganizationClose);
    }
    if shares.mine == 0.0 || shares.theirs == 0.0 {
        let level = Level::OrganizationContained;
        let surprise = shares.common.min(rarity.organization);
        return if part >= PARTLY {
            Mark::rare(level, surprise, weights)
        } else {
            Mark::plain(Level::OrganizationPartly)
        };
    }
    Mark::plain(match () {
        () if shares.misspelt && similarity(&row.core, &file.core) >= 0.94 => Level::OrganizationClose,
        () if part >= PARTLY => Level::OrganizationBranch,
        () if part > 0.15 => Level::OrganizationPartly,
        () => Level::OrganizationDifferent,
    })
}

fn shares(row: &OrganizationName, file: &OrganizationName, rarity: &Rarity) -> Shares {
    let mut left: Vec<&Word> = file.words.iter().collect();
    let mut shares = Shares { common: 0.0, mine: 0.0, theirs: 0.0, misspelt: false };
    let mut unmatched = Vec::new();
    for (word, bits) in row.words.iter().zip(&rarity.words) {
        match left.iter().position(|other| *other == word) {
            Some(at) => {
                left.swap_remove(at);
                shares.common += bits;
            }
            None => unmatched.push((word, *bits)),
        }
    }
    for (word, bits) in unmatched {
        match left.iter().position(|other| alike(word, other)) {
            Some(at) => {
                left.swap_remove(at);
                shares.common += bits * 0.8;
                shares.misspelt = true;
            }
            None => shares.mine += bits,
        }
    }
    shares.theirs = left.iter().map(|word| rarity.word(word)).sum();
    shares
}

/// One word is the other misspelt or shortened.
fn alike(a: &Word, b: &Word) -> bool {
    let shortened = |long: &Word, short: &Word| short.len() >= 3 && long.starts_with(&**short);
    misspelt(a, b) || shortened(a, b) || shortened(b, a)
}
