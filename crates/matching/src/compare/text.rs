//! Small string measures.

/// Longest text that is compared by spelling, in bytes; longer ones are compared by their heads, so that no
/// input takes unbounded time.
const LONGEST: usize = 64;

fn cut(text: &str) -> &str {
    (0..=LONGEST).rev().find_map(|end| text.get(..end)).filter(|_| text.len() > LONGEST).unwrap_or(text)
}

/// Jaro-Winkler similarity, 0 to 1; zero at once for texts that have too few letters in common.
pub(crate) fn similarity(a: &str, b: &str) -> f64 {
    let common = (letters(a) & letters(b)).count_ones();
    let fewer = letters(a).count_ones().min(letters(b).count_ones());
    if 2 * common <= fewer { 0.0 } else { strsim::jaro_winkler(cut(a), cut(b)) }
}

/// The letters of a text as a set of bits.
fn letters(text: &str) -> u32 {
    text.bytes().take(LONGEST).fold(0, |set, byte| set | 1 << (byte & 31))
}

/// Whether one text turns into the other by at most `most` edits (a swap of neighbours is one).
pub(crate) fn within_edits(a: &str, b: &str, most: usize) -> bool {
    a.len().abs_diff(b.len()) <= most && within(a.as_bytes(), b.as_bytes(), most)
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
pub(crate) fn misspelt(a: &str, b: &str) -> bool {
    let shorter = a.len().min(b.len());
    let edits = if shorter >= 7 { 2 } else { 1 };
    let begins_alike = || a.bytes().next() == b.bytes().next();
    shorter >= 3 && (shorter >= 4 || begins_alike()) && within_edits(a, b, edits)
}
