//! Small string measures.

/// Longest text that is compared by spelling, in bytes; longer ones are compared by their heads, so that no
/// input takes unbounded time.
const LONGEST: usize = 64;

fn cut(text: &str) -> &str {
    (0..=LONGEST).rev().find_map(|end| text.get(..end)).filter(|_| text.len() > LONGEST).unwrap_or(text)
}

/// Jaro-Winkler similarity, 0 to 1.
pub(crate) fn similarity(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(cut(a), cut(b))
}

/// Whether one text turns into the other by at most `most` edits (a swap of neighbours is one).
pub(crate) fn within_edits(a: &str, b: &str, most: usize) -> bool {
    a.len().abs_diff(b.len()) <= most && strsim::osa_distance(cut(a), cut(b)) <= most
}

/// Whether the texts are the same name misspelt: one edit from four letters on, two from seven letters
/// on, or a high Jaro-Winkler similarity of like lengths.
pub(crate) fn misspelt(a: &str, b: &str) -> bool {
    let shorter = a.len().min(b.len());
    let edits = if shorter >= 7 { 2 } else { 1 };
    shorter >= 3 && (within_edits(a, b, edits) && (shorter >= 4 || a.bytes().next() == b.bytes().next()))
}
