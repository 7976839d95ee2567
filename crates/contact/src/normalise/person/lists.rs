//! Word lists for names of people: titles, suffixes, particles.

use super::Generation;

/// Honorifics that are no names.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "mister",
    "missus",
    "messrs",
    "dr",
    "drs",
    "doctor",
    "prof",
    "professor",
    "rev",
    "revd",
    "reverend",
    "hon",
    "honorable",
    "honourable",
    "msgr",
    "monsignor",
    "sir",
    "dame",
    "madam",
    "mme",
    "mlle",
    "herr",
    "frau",
    "sr",
    "sra",
    "srta",
    "senor",
    "senora",
    "senorita",
    "dna",
    "capt",
    "sgt",
    "lt",
    "cpl",
    "col",
    "maj",
    "adm",
    "cmdr",
    "ltcol",
    "gov",
    "rabbi",
    "imam",
    "pastor",
    "senator",
];

/// Honorifics that are first or last names too: taken off only when two names follow.
const TITLES_OR_NAMES: &[&str] = &[
    "major",
    "captain",
    "colonel",
    "general",
    "sergeant",
    "lieutenant",
    "admiral",
    "judge",
    "father",
    "fr",
    "sister",
    "brother",
    "br",
    "bishop",
    "deacon",
    "elder",
    "lord",
    "lady",
    "rep",
    "gen",
    "pres",
    "president",
    "ambassador",
    "mayor",
    "master",
    "don",
    "dona",
];

/// Degrees, orders and the like after a name.
const SUFFIXES: &[&str] = &[
    "md", "phd", "dds", "dmd", "dvm", "edd", "jd", "llm", "llb", "esq", "esquire", "cpa", "rn", "bsn", "msn", "np",
    "pa", "mba", "mph", "msw", "lcsw", "mdiv", "dmin", "thd", "psyd", "pharmd", "dpt", "od", "dpm", "dc", "pe", "aia",
    "cfp", "cfa", "cfre", "ret", "retired", "usn", "usaf", "usmc", "usa", "uscg", "obe", "mbe", "cbe", "kc", "qc",
    "sj", "osb", "op", "ofm", "csc", "dd", "bs", "ba", "bsc", "msc", "med", "mfa", "facs",
];

/// Degrees that are last names too: taken off only after a comma.
const SUFFIXES_OR_NAMES: &[&str] =
    &["do", "ma", "ms", "pe", "pa", "op", "od", "dc", "med", "ba", "bs", "dd", "ret", "sj", "kc"];

/// Words that belong to the last name that follows them.
const PARTICLES: &[&str] = &[
    "de", "del", "dela", "della", "delle", "delos", "delas", "dei", "degli", "di", "da", "das", "do", "dos", "du",
    "des", "la", "las", "le", "les", "lo", "los", "van", "von", "vander", "vanden", "vonder", "der", "den", "ter",
    "ten", "te", "het", "zu", "zum", "zur", "af", "av", "al", "el", "bin", "ibn", "bint", "abu", "y", "e", "t", "s",
];

/// Particles that are more often a first or middle name or an initial when they stand inside a whole name.
const PARTICLES_OR_NAMES: &[&str] = &["y", "e", "t", "s", "lo", "te", "al", "do", "av", "af"];

/// What is written when nobody wants to be named.
const PLACEHOLDERS: &[&str] = &[
    "anonymous",
    "anon",
    "anonymus",
    "unknown",
    "notprovided",
    "not provided",
    "notgiven",
    "not given",
    "noname",
    "no name",
];

/// Words of a household's name that are nobody's name.
pub(super) const HOUSEHOLD: &[&str] = &["family", "household", "residence"];

pub(super) fn is_title(word: &str) -> bool {
    TITLES.contains(&word)
}

pub(super) fn is_title_or_name(word: &str) -> bool {
    TITLES_OR_NAMES.contains(&word)
}

/// Whether the word is a suffix of its own; after a comma also when it could be a name.
pub(super) fn is_suffix(word: &str, after_comma: bool) -> bool {
    let ambiguous = SUFFIXES_OR_NAMES.contains(&word);
    if ambiguous { after_comma } else { SUFFIXES.contains(&word) }
}

pub(super) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

pub(super) fn is_placeholder(name: &str) -> bool {
    PLACEHOLDERS.contains(&name)
}

/// How many words at the end of a whole name's inner words belong to the last name after them.
pub(super) fn particles_before(inner: &[&str]) -> usize {
    let joins = |word: &&&str| {
        let particle = is_particle(word) && !PARTICLES_OR_NAMES.contains(*word);
        particle || matches!(**word, "st" | "saint" | "mc" | "mac" | "san")
    };
    inner.iter().rev().take_while(joins).count()
}

/// The generation that a word after a name stands for.
pub(super) fn generation(word: &str) -> Option<Generation> {
    Some(match word {
        "sr" | "snr" | "senior" | "i" | "1st" => Generation::Senior,
        "jr" | "jnr" | "junior" | "ii" | "2nd" => Generation::Junior,
        "iii" | "3rd" => Generation::Third,
        "iv" | "4th" => Generation::Fourth,
        "v" | "vi" | "vii" | "viii" | "ix" | "5th" | "6th" | "7th" | "8th" => Generation::Later,
        _ => return None,
    })
}
