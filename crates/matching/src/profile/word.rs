//! Folded text that is compared very often: equality is one comparison of integers, and the letters it is made
//! of tell most texts apart before their spelling is looked at.

use crate::hash::hash;
use std::ops::Deref;

/// Longest text that is compared by spelling, in bytes; of longer ones only the heads are compared, so that no
/// input takes unbounded time.
const LONGEST: usize = 64;

/// Folded (ASCII) text with its hash and the set of its letters.
#[derive(Clone, Default)]
pub(crate) struct Word {
    text: Box<str>,
    hash: u32,
    letters: u32,
}

impl Word {
    /// The head of the text that is compared by spelling.
    pub(crate) fn spelling(&self) -> &str {
        (0..=LONGEST).rev().find_map(|end| self.text.get(..end)).filter(|_| self.text.len() > LONGEST).unwrap_or(self)
    }

    /// The letters of the text as a set of bits.
    pub(crate) const fn letters(&self) -> u32 {
        self.letters
    }
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Word {
    /// By hash, letters and length: about seventy bits, which no two words of a file share by accident.
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && self.letters == other.letters && self.text.len() == other.text.len()
    }
}

impl<T: Into<Box<str>>> From<T> for Word {
    fn from(text: T) -> Self {
        let text = text.into();
        if text.is_empty() {
            return Self::default();
        }
        let letters = text.bytes().take(LONGEST).fold(0, |set, byte| set | 1 << (byte & 31));
        let [a, b, c, d, ..] = hash("", &[&text]).to_le_bytes();
        Self { hash: u32::from_le_bytes([a, b, c, d]), letters, text }
    }
}
