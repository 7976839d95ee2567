//! Small string measures on folded text.

use crate::profile::Word;

/// Jaro-Winkler similarity, 0 to 1; zero at once for texts that have too few letters in common.
pub(crate) fn similarity(a: &Word, b: &Word) -> f64 {
    let common = (a.letters() & b.letters()).count_ones();
    let fewer = a.letters().count_ones().min(b.letters().count_ones());
    if 2 * common <= fewer { 0.0 } else { jaro_winkler(a.spelling().as_bytes(), b.spelling().as_bytes()) }
}

/// Jaro-Winkler similarity of at most 64 bytes each, after Winkler 1990: a common head of up to four letters
/// brings texts that are alike already (above 0.7) closer.
fn jaro_winkler(a: &[u8], b: &[u8]) -> f64 {
    let jaro = jaro(a, b);
    let head = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    let head = f64::from(u8::try_from(head).unwrap_or(0));
    if jaro > 0.7 { (jaro + 0.1 * head * (1.0 - jaro)).min(1.0) } else { jaro }
}

/// Jaro similarity: letters met within half the longer length, those met out of order counting half.
fn jaro(a: &[u8], b: &[u8]) -> f64 {
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (mut met, mut order, mut count) = (0_u64, [0_u8; 64], 0_usize);
    for (at, letter) in a.iter().enumerate() {
        let from = at.saturating_sub(reach);
        let near = b.iter().enumerate().skip(from).take(at + reach + 1 - from);
        let free = near.into_iter().find(|(place, other)| *other == letter && met & (1 << place) == 0);
        if let (Some((place, _)), Some(slot)) = (free, order.get_mut(count)) {
            met |= 1 << place;
            *slot = *letter;
            count += 1;
        }
    }
    if count == 0 {
        return 0.0;
    }
    let theirs = b.iter().enumerate().filter(|(place, _)| met & (1 << place) != 0).map(|(_, letter)| letter);
    let moved = order.iter().take(count).zip(theirs).filter(|(x, y)| x != y).count() / 2;
    let real = |count: usize| f64::from(u8::try_from(count).unwrap_or(u8::MAX));
    let common = real(count);
    (common / real(a.len()) + common / real(b.len()) + (common - real(moved)) / common) / 3.0
}

/// Whether one text turns into the other by at most `most` edits (a swap of neighbours is one).
pub(crate) fn within_edits(a: &Word, b: &Word, most: usize) -> bool {
    let near = a.len().abs_diff(b.len()) <= most;
    // One edit takes at most one letter out of the set and puts one in.
    near && (a.letters() ^ b.letters()).count_ones() as usize <= 2 * most && within(a.as_bytes(), b.as_bytes(), most)
}

/// Tries every edit at the first difference; `most` is at most two, so this is a handful of steps.
fn within(a: &[u8], b: &[u8], most: usize) -> bool {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    match (a.get(head..).unwrap_or_default(), b.get(head..).unwrap_or_default()) {
        ([], rest) | (rest, []) => rest.len() <= most,
        _ if most == 0 => false,
        (a @ [v, left @ ..], b @ [x, right @ ..]) => {
            let swap = match (left, right) {
                ([w, left @ ..], [y, right @ ..]) if v == y && w == x => within(left, right, most - 1),
                _ => false,
            };
            swap || within(left, right, most - 1) || within(left, b, most - 1) || within(a, right, most - 1)
        }
    }
}

/// Whether the texts are the same name misspelt: one edit from three letters on (the first letter being
/// right in three), two from seven letters on.
pub(crate) fn misspelt(a: &Word, b: &Word) -> bool {
    let shorter = a.len().min(b.len());
    let edits = if shorter >= 7 { 2 } else { 1 };
    let begins_alike = || a.bytes().next() == b.bytes().next();
    shorter >= 3 && (shorter >= 4 || begins_alike()) && within_edits(a, b, edits)
}

#[cfg(test)]
mod tests {
    use super::{similarity, within_edits};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn similarity_is_that_of_the_reference_implementation(a in "[a-f]{1,20}", b in "[a-f]{1,20}") {
            let ours = similarity(&a.as_str().into(), &b.as_str().into());
            let theirs = strsim::jaro_winkler(&a, &b);
            prop_assert!(ours == 0.0 || (ours - theirs).abs() < 1e-9, "{ours} {theirs}");
        }

        #[test]
        fn one_edit_is_within_one_edit(a in "[a-z0-9 ]{1,20}", at in 0..20_usize, letter in "[a-z]") {
            let mut b = a.clone();
            let at = at.min(a.len() - 1);
            b.replace_range(at..=at, &letter);
            prop_assert!(within_edits(&a.as_str().into(), &b.as_str().into(), 1));
        }
    }
}
