//! Folding of text: the step under every other normal form.

/// Lower-case ASCII letters and digits, parted by single spaces: accents and other scripts are
/// transliterated, apostrophes and full stops vanish, every other mark parts words.
#[must_use]
pub fn fold_text(raw: &str) -> String {
    let mut folded = String::with_capacity(raw.len());
    let ascii = if raw.is_ascii() { std::borrow::Cow::Borrowed(raw) } else { deunicode::deunicode(raw).into() };
    for c in ascii.chars() {
        match c {
            'a'..='z' | '0'..='9' => folded.push(c),
            'A'..='Z' => folded.push(c.to_ascii_lowercase()),
            '\'' | '.' | '`' => {}
            _ if folded.ends_with(' ') || folded.is_empty() => {}
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}
