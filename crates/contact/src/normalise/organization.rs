//! Names of organizations: legal forms, articles and abbreviations do not tell two of them apart.

use super::fold_text;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Normal form of an organization's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationForm {
    /// Folded name, abbreviations spelled out, `the`, `and`, legal forms left out.
    pub core: String,
    /// The words of `core`, sorted, each once.
    pub tokens: Vec<String>,
}

/// Legal forms that are nothing else wherever they stand (`Acme Inc of Ohio`), but at the beginning.
const FORMS: &[&str] = &[
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lllp",
    "pllc",
    "ltd",
    "gmbh",
    "ggmbh",
    "plc",
    "sarl",
    "pty",
    "ltda",
    "501c3",
];

/// Legal forms only at the end, where they cannot be another word.
const FINAL_FORMS: &[&str] = &[
    "co",
    "company",
    "corp",
    "corporation",
    "limited",
    "lp",
    "pc",
    "pa",
    "pvt",
    "pte",
    "sa",
    "sas",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
    "oy",
    "as",
    "asa",
    "aps",
    "ag",
    "kg",
    "ohg",
    "ug",
    "ev",
    "eg",
    "se",
    "kk",
    "cic",
    "cio",
    "nfp",
    "npo",
    "unlimited",
];

/// Words spelled out, British ones to American ones, ordinals as digits.
const SPELLED: &str = include_str!("data/organization_words.txt");

static WORDS: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let pairs = |line: &'static str| {
        line.split_once(' ').into_iter().flat_map(|(full, short)| short.split(' ').map(move |word| (word, full)))
    };
    SPELLED.lines().flat_map(pairs).collect()
});

/// Normal form of an organization's name; none when no letter or digit is in it.
///
/// A name that consists of legal forms and articles only keeps all its words.
#[must_use]
pub fn organization(raw: &str) -> Option<OrganizationForm> {
    let folded = fold_text(raw);
    let glued = glue_initials(folded.split(' ').filter(|word| !is_article(word)));
    let all: Vec<&str> = glued.split(' ').filter(|word| !word.is_empty()).collect();
    let mut words = telling_words(&all);
    if words.is_empty() {
        words = folded.split(' ').filter(|word| !word.is_empty()).map(spelled).collect();
    }
    if words.is_empty() {
        return None;
    }
    let core = words.join(" ");
    words.sort_unstable();
    words.dedup();
    Some(OrganizationForm { core, tokens: words.into_iter().map(str::to_owned).collect() })
}

/// The words without legal forms, spelled out.
fn telling_words<'a>(all: &[&'a str]) -> Vec<&'a str> {
    let mut end = all.len();
    while all.get(..end).and_then(<[&str]>::last).is_some_and(|word| is_form(word)) {
        end -= 1;
    }
    let told = all.iter().take(end).enumerate();
    let kept = told.filter(|(at, word)| *at == 0 || !FORMS.contains(word));
    kept.map(|(_, word)| spelled(word)).collect()
}

fn is_form(word: &str) -> bool {
    FORMS.contains(&word) || FINAL_FORMS.contains(&word)
}

fn is_article(word: &str) -> bool {
    matches!(word, "the" | "and")
}

fn spelled(word: &str) -> &str {
    WORDS.get(word).copied().unwrap_or(word)
}

/// `y m c a` and `l l c` as one word each.
fn glue_initials<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut glued = String::new();
    let mut after_initial = false;
    for word in words {
        let initial = word.len() == 1 && word.bytes().all(|b| b.is_ascii_lowercase());
        let continues = initial && after_initial;
        if !(glued.is_empty() || continues) {
            glued.push(' ');
        }
        glued.push_str(word);
        after_initial = initial;
    }
    glued
}
