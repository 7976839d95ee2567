//! Nicknames, as a relation: each formal name and its nicknames are a class, and two names are related
//! when they share one. So Peggy is related to Margaret, Jo to Joan and to Josephine, Joan not to Josephine.
//!
//! `data/nicknames.txt` comes from the table `nicknames` 1.0.1 (Carlton Northern, Nick Crews and
//! contributors, <https://github.com/carltonnorthern/nicknames>, Apache-2.0); changed: one line a
//! class, four doubtful pairs and the classes of Bill and Billy (which held Robert) left out. The other tables are our own.

use super::fold_text;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// One class a line, the formal name first. Lines with the same formal name are one class.
const TABLES: [&str; 3] = [
    include_str!("data/nicknames.txt"),
    include_str!("data/nicknames_more.txt"),
    include_str!("data/nicknames_languages.txt"),
];

static CLASSES: LazyLock<FxHashMap<&'static str, Vec<u32>>> = LazyLock::new(read_classes);

/// The classes of a folded first name in the shipped tables, in ascending order; empty for a name
/// without nicknames. A class keeps its number for as long as its formal name stays in the tables.
#[must_use]
pub fn nickname_classes(first: &str) -> &'static [u32] {
    CLASSES.get(first).map_or(&[], Vec::as_slice)
}

/// Which list of classes each name has, and the lists.
type Lists = (FxHashMap<&'static str, u16>, Vec<&'static [u32]>);

/// The shipped lists of classes, each once, and which of them a name has.
static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists: Vec<&'static [u32]> = CLASSES.values().map(Vec::as_slice).collect();
    lists.sort_unstable();
    lists.dedup();
    let number = |list: &Vec<u32>| u16::try_from(lists.binary_search(&list.as_slice()).ok()? + 1).ok();
    let numbers = CLASSES.iter().filter_map(|(name, list)| Some((*name, number(list)?))).collect();
    (numbers, lists)
});

/// The number, in this process, of the list of classes that a folded first name has; 0 for a name without nicknames.
#[must_use]
pub fn nickname_number(first: &str) -> u16 {
    LISTS.0.get(first).copied().unwrap_or(0)
}

/// The list of classes of this number: [`nickname_classes`] of the names that have it.
#[must_use]
pub fn nickname_list(number: u16) -> &'static [u32] {
    usize::from(number).checked_sub(1).and_then(|at| LISTS.1.get(at)).copied().unwrap_or_default()
}

/// Whether two folded first names are a name and its nickname, or two nicknames of one name, by the
/// shipped tables. A name is related to itself only when the tables know it.
#[must_use]
pub fn share_nickname(a: &str, b: &str) -> bool {
    is_shared(nickname_classes(a), nickname_classes(b))
}

/// The folded first names that are related to this one by the shipped tables, itself left out.
pub fn related_names(first: &str) -> impl Iterator<Item = &'static str> {
    let classes = nickname_classes(first);
    let related = move |(name, own): (&&'static str, &Vec<u32>)| (is_shared(classes, own)).then_some(*name);
    CLASSES.iter().filter_map(related).filter(move |name| *name != first)
}

/// The shipped relation with an organization's own edits; the default has none.
///
/// ```
/// use tributary_contact::normalise::Nicknames;
/// let edited = Nicknames::edited(&[("Zuzu", "Susan")], &[("Bob", "Robert")]);
/// assert!(edited.share("zuzu", "susan") && !edited.share("robert", "bob") && edited.share("rob", "bob"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nicknames {
    /// Classes of the names that an added pair touches, the shipped ones among them.
    touched: FxHashMap<Box<str>, Vec<u32>>,
    /// Pairs taken out, the lesser name first.
    removed: FxHashSet<(Box<str>, Box<str>)>,
}

impl Nicknames {
    /// The shipped relation with pairs of names added and removed; a pair in both lists is removed.
    ///
    /// A pair concerns its two names only: with `Zuzu` and `Susan` added, Zuzu is not related to Sue.
    /// Names are folded here; a pair with a blank name, or of one name twice, has no effect.
    #[must_use]
    pub fn edited<S: AsRef<str>>(added: &[(S, S)], removed: &[(S, S)]) -> Self {
        let removed: FxHashSet<_> = removed.iter().filter_map(folded_pair).collect();
        let mut touched: FxHashMap<Box<str>, Vec<u32>> = FxHashMap::default();
        for pair in added.iter().filter_map(folded_pair).filter(|pair| !removed.contains(pair)) {
            let class = class_number(&[&pair.0, " ", &pair.1]);
            for name in [pair.0, pair.1] {
                let classes = touched.entry(name).or_insert_with_key(|name| nickname_classes(name).to_vec());
                insert_sorted(classes, class);
            }
        }
        Self { touched, removed }
    }

    /// Whether nothing was edited.
    #[must_use]
    pub fn is_shipped(&self) -> bool {
        self.touched.is_empty() && self.removed.is_empty()
    }

    /// The classes of a folded first name in ascending order. Removed pairs still share theirs, so that
    /// keys made of classes stay as they are: ask [`is_removed`](Self::is_removed) too, or [`share`](Self::share).
    #[must_use]
    pub fn classes(&self, first: &str) -> &[u32] {
        self.touched.get(first).map_or_else(|| nickname_classes(first), Vec::as_slice)
    }

    /// Whether the pair of folded names was taken out of the relation.
    #[must_use]
    pub fn is_removed(&self, a: &str, b: &str) -> bool {
        !self.removed.is_empty() && self.removed.contains(&ordered(a, b))
    }

    /// Whether two folded first names are related.
    #[must_use]
    pub fn share(&self, a: &str, b: &str) -> bool {
        is_shared(self.classes(a), self.classes(b)) && !self.is_removed(a, b)
    }

    /// All names related to a folded first name, in alphabetical order, without itself.
    #[must_use]
    pub fn related(&self, first: &str) -> Vec<String> {
        let known = CLASSES.keys().copied().chain(self.touched.keys().map(|name| &**name));
        let related: BTreeSet<&str> = known.filter(|name| *name != first && self.share(name, first)).collect();
        related.into_iter().map(str::to_owned).collect()
    }
}

fn is_shared(a: &[u32], b: &[u32]) -> bool {
    a.iter().any(|class| b.contains(class))
}

/// Both names folded, the lesser first.
fn folded_pair<S: AsRef<str>>(pair: &(S, S)) -> Option<(Box<str>, Box<str>)> {
    let (a, b) = (fold_text(pair.0.as_ref()), fold_text(pair.1.as_ref()));
    (!a.is_empty() && !b.is_empty() && a != b).then(|| ordered(&a, &b))
}

fn ordered(a: &str, b: &str) -> (Box<str>, Box<str>) {
    if a < b { (a.into(), b.into()) } else { (b.into(), a.into()) }
}

/// The number of a class: FNV-1a over its text, so that stored keys outlive a longer table.
fn class_number(text: &[&str]) -> u32 {
    let bytes = text.iter().flat_map(|part| part.bytes());
    bytes.fold(0x811c_9dc5, |state, byte| (state ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn insert_sorted(classes: &mut Vec<u32>, class: u32) {
    if let Err(at) = classes.binary_search(&class) {
        classes.insert(at, class);
    }
}

fn read_classes() -> FxHashMap<&'static str, Vec<u32>> {
    let mut classes: FxHashMap<&'static str, Vec<u32>> = FxHashMap::default();
    for line in TABLES.iter().flat_map(|table| table.lines()) {
        let class = class_number(&[line.split(' ').next().unwrap_or_default()]);
        line.split(' ').for_each(|name| insert_sorted(classes.entry(name).or_default(), class));
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::{TABLES, class_number, nickname_classes, nickname_list, nickname_number};
    use crate::normalise::fold_text;
    use std::collections::{HashMap, HashSet};

    #[test]
    fn every_formal_name_has_a_number_of_its_own() {
        let heads: HashSet<&str> =
            TABLES.iter().flat_map(|table| table.lines()).filter_map(|line| line.split(' ').next()).collect();
        let numbers: HashMap<u32, &str> = heads.iter().map(|head| (class_number(&[head]), *head)).collect();
        assert_eq!(numbers.len(), heads.len());
    }

    #[test]
    fn a_number_stands_for_the_classes_of_its_names() {
        for name in TABLES.iter().flat_map(|table| table.lines()).flat_map(|line| line.split(' ')).chain(["zzyzx"]) {
            assert_eq!(nickname_list(nickname_number(name)), nickname_classes(name));
        }
    }

    #[test]
    fn the_tables_hold_folded_names() {
        for name in TABLES.iter().flat_map(|table| table.lines()).flat_map(|line| line.split(' ')) {
            assert_eq!(fold_text(name), name);
        }
    }
}
