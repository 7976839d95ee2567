//! Tables of Publication 28, regions and countries.

use crate::normalise::fold_text;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

type Table = FxHashMap<&'static str, &'static str>;

/// Publication 28, appendix C1, with a few spellings it does not list: variant to standard abbreviation.
static SUFFIXES: LazyLock<Table> = LazyLock::new(|| {
    let variants = |line: &'static str| {
        let standard = line.split(' ').next().unwrap_or_default();
        line.split(' ').map(move |variant| (variant, standard))
    };
    include_str!("../data/street_suffixes.txt").lines().flat_map(variants).collect()
});

/// ISO 3166 codes and names. Names from the tz database (public domain) and common usage.
static COUNTRIES: LazyLock<FxHashMap<String, &'static str>> = LazyLock::new(|| {
    let names = |line: &'static str| {
        let code = line.split('|').next().unwrap_or_default();
        line.split('|').map(move |name| (place_key(name), code))
    };
    include_str!("../data/countries.txt").lines().flat_map(names).collect()
});

/// States and provinces by country, then by name.
static REGIONS: LazyLock<FxHashMap<&'static str, Table>> = LazyLock::new(|| {
    let mut regions: FxHashMap<&'static str, Table> = FxHashMap::default();
    for (country, names) in include_str!("../data/regions.txt").lines().filter_map(|line| line.split_once(' ')) {
        let code = names.split('|').next().unwrap_or_default();
        regions.entry(country).or_default().extend(names.split('|').map(|name| (name, code)));
    }
    regions
});

/// The standard abbreviation of a street suffix.
pub(super) fn suffix(word: &str) -> Option<&'static str> {
    SUFFIXES.get(word).copied()
}

/// The lower-case ISO code of a country's name or code.
pub(super) fn country(raw: &str) -> Option<&'static str> {
    COUNTRIES.get(&place_key(raw)).copied()
}

/// The lower-case code of a region of a country; `name` is folded.
pub(super) fn region(country: &str, name: &str) -> Option<&'static str> {
    REGIONS.get(country)?.get(name).copied()
}

/// A folded name without `and` and `the`.
fn place_key(raw: &str) -> String {
    let folded = fold_text(raw);
    let words: Vec<&str> = folded.split(' ').filter(|word| !matches!(*word, "and" | "the")).collect();
    words.join(" ")
}

/// The standard abbreviation of a directional.
pub(super) fn directional(word: &str) -> Option<&'static str> {
    Some(match word {
        "n" | "north" => "n",
        "s" | "south" => "s",
        "e" | "east" => "e",
        "w" | "west" => "w",
        "ne" | "northeast" => "ne",
        "nw" | "northwest" => "nw",
        "se" | "southeast" => "se",
        "sw" | "southwest" => "sw",
        _ => return None,
    })
}

/// A directional of two words.
pub(super) fn two_word_directional(first: &str, second: &str) -> Option<&'static str> {
    match (directional(first)?, directional(second)?) {
        ("n", "e") => Some("ne"),
        ("n", "w") => Some("nw"),
        ("s", "e") => Some("se"),
        ("s", "w") => Some("sw"),
        _ => None,
    }
}

/// The number that a cardinal word up to twelve stands for.
pub(super) fn cardinal(word: &str) -> Option<&'static str> {
    let at = CARDINALS.iter().position(|name| *name == word)?;
    number(at + 1)
}

/// The number that an ordinal word up to the twentieth, or a round one below a hundred, stands for.
pub(super) fn ordinal(word: &str) -> Option<&'static str> {
    let low = ORDINALS.iter().position(|name| *name == word).map(|at| at + 1);
    number(low.or_else(|| TENTHS.iter().position(|name| *name == word).map(|at| (at + 2) * 10))?)
}

/// The number of `twenty`, `first`.
pub(super) fn compound_ordinal(tens: &str, ones: &str) -> Option<&'static str> {
    let tens = TENS.iter().position(|name| *name == tens)? + 2;
    let ones = ORDINALS.iter().take(9).position(|name| *name == ones)? + 1;
    number(tens * 10 + ones)
}

fn number(value: usize) -> Option<&'static str> {
    static DIGITS: LazyLock<Vec<String>> = LazyLock::new(|| (0..100).map(|value: u8| value.to_string()).collect());
    DIGITS.get(value).map(String::as_str)
}

const CARDINALS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

const ORDINALS: [&str; 19] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];

const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

const TENTHS: [&str; 8] =
    ["twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth", "ninetieth"];
