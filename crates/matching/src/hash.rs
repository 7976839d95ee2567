//! The hash under keys and terms. It is stored in databases, so it must give the same number on every
//! machine and in every version: FNV-1a over the parts, then a mixing step so that all 64 bits vary.

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;
const SEPARATOR: u8 = 0x1f;

/// Hash of a kind and its parts; the same parts in another order or of another kind give another number.
pub(crate) fn hash(kind: &str, parts: &[&str]) -> i64 {
    parts.iter().fold(Hash::of(kind), |state, part| state.part(&[part])).end()
}

/// A hash under way.
#[derive(Clone, Copy)]
pub(crate) struct Hash(u64);

impl Hash {
    /// The hash of a kind, parts to follow.
    pub(crate) const fn of(kind: &str) -> Self {
        Self(eat(OFFSET, kind.as_bytes()))
    }

    /// One more part, given in pieces: the same as the pieces glued together.
    pub(crate) fn part(self, pieces: &[&str]) -> Self {
        let state = eat(self.0, &[SEPARATOR]);
        Self(pieces.iter().fold(state, |state, piece| eat(state, piece.as_bytes())))
    }

    /// One more part: the text without what `keep` refuses.
    pub(crate) fn part_without(self, text: &str, keep: impl Fn(&u8) -> bool) -> Self {
        let state = eat(self.0, &[SEPARATOR]);
        Self(text.as_bytes().iter().filter(|byte| keep(byte)).fold(state, |state, byte| eat(state, &[*byte])))
    }

    /// The number.
    pub(crate) const fn end(self) -> i64 {
        mix(self.0).cast_signed()
    }
}

const fn eat(mut state: u64, mut bytes: &[u8]) -> u64 {
    while let [byte, rest @ ..] = bytes {
        state = (state ^ *byte as u64).wrapping_mul(PRIME);
        bytes = rest;
    }
    state
}

/// The finaliser of MurmurHash3 (Austin Appleby, public domain).
const fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let state = (state ^ (state >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    state ^ (state >> 33)
}

#[cfg(test)]
mod tests {
    use super::{Hash, hash};

    #[test]
    fn stored_hashes_never_change() {
        assert_eq!(hash("email", &["ann@example.org"]), hash("email", &["ann@example.org"]));
        assert_eq!(hash("", &[]), 0xefd0_1f60_ba99_2926_u64.cast_signed());
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(hash("name", &["ann", "a"]), hash("name", &["anna", ""]));
        assert_ne!(hash("name", &["ann"]), hash("first", &["ann"]));
    }

    #[test]
    fn a_part_in_pieces_is_the_part_in_one() {
        assert_eq!(Hash::of("spelt").part(&["ann", "lee"]).end(), hash("spelt", &["annlee"]));
        assert_eq!(Hash::of("spelt").part_without("a n", |byte| *byte != b' ').end(), hash("spelt", &["an"]));
    }
}
