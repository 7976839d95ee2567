//! The hash under keys and terms. It is stored in databases, so it must give the same number on every
//! machine and in every version: FNV-1a over the parts, then a mixing step so that all 64 bits vary.

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;
const SEPARATOR: u8 = 0x1f;

/// Hash of a kind and its parts; the same parts in another order or of another kind give another number.
pub(crate) fn hash(kind: &str, parts: &[&str]) -> i64 {
    let mut state = eat(OFFSET, kind.as_bytes());
    for part in parts {
        state = eat(eat(state, &[SEPARATOR]), part.as_bytes());
    }
    mix(state).cast_signed()
}

fn eat(state: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(state, |state, byte| (state ^ u64::from(*byte)).wrapping_mul(PRIME))
}

/// The finaliser of MurmurHash3 (Austin Appleby, public domain).
fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let state = (state ^ (state >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    state ^ (state >> 33)
}

#[cfg(test)]
mod tests {
    use super::hash;

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
}
