//! Folded text, borrowed from where it stands, that is compared very often: most unlike spellings are told apart by
//! their length and the letters they are made of.

use std::ops::Deref;

/// Longest text that is compared by spelling, in bytes; of longer ones only the heads are compared, so that no
/// input takes unbounded time.
const LONGEST: usize = 64;

/// Folded text; ASCII, but for mailboxes with letters of other scripts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Word<'a>(&'a str);

impl<'a> Word<'a> {
    /// The head of the text that is compared by spelling.
    pub(crate) fn spelling(self) -> &'a str {
        if self.0.len() <= LONGEST {
            self.0
        } else {
            self.0.get(..self.0.floor_char_boundary(LONGEST)).unwrap_or(self.0)
        }
    }

    /// The letters of the text as a set of bits.
    pub(crate) fn letters(self) -> u32 {
        self.0.bytes().take(LONGEST).fold(0, |set, byte| set | 1 << (byte & 31))
    }
}

impl Deref for Word<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.0
    }
}

impl<'a> From<&'a str> for Word<'a> {
    fn from(text: &'a str) -> Self {
        Self(text)
    }
}

impl<'a> From<&'a String> for Word<'a> {
    fn from(text: &'a String) -> Self {
        Self(text)
    }
}
