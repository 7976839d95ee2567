//! Nicknames, as a relation: each formal name and its nicknames are a class, and two names are related
//! when they share one. So Peggy is related to Margaret, Jo to Joan and to Josephine, Joan not to Josephine.
//!
//! `data/nicknames.txt` comes from the table `nicknames` 1.0.1 (Carlton Northern, Nick Crews and
//! contributors, <https://github.com/carltonnorthern/nicknames>, Apache-2.0); changed: one line a
//! class, four doubtful pairs and the classes of Bill and Billy (which held Robert) left out. `data/nicknames_more.txt` is our own.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

static CLASSES: LazyLock<FxHashMap<&'static str, Vec<u16>>> = LazyLock::new(read_classes);

/// The classes of a folded first name, in ascending order; empty for a name without nicknames.
#[must_use]
pub fn nickname_classes(first: &str) -> &'static [u16] {
    CLASSES.get(first).map_or(&[], Vec::as_slice)
}

/// Whether two folded first names are a name and its nickname, or two nicknames of one name. A name
/// is related to itself only when the table knows it.
#[must_use]
pub fn share_nickname(a: &str, b: &str) -> bool {
    let others = nickname_classes(b);
    nickname_classes(a).iter().any(|class| others.contains(class))
}

fn read_classes() -> FxHashMap<&'static str, Vec<u16>> {
    let lines = include_str!("data/nicknames.txt").lines().chain(include_str!("data/nicknames_more.txt").lines());
    let mut classes: FxHashMap<&'static str, Vec<u16>> = FxHashMap::default();
    for (class, line) in (0u16..).zip(lines) {
        for name in line.split(' ') {
            let known = classes.entry(name).or_default();
            if known.last() != Some(&class) {
                known.push(class);
            }
        }
    }
    classes
}
