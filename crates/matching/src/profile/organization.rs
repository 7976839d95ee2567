//! An organization's name, and the words that tell organizations from people.

use super::word::Word;
use tributary_contact::normalise::{OrganizationForm, fold_text, organization};

/// The name of an organization, folded.
#[derive(Clone, PartialEq)]
pub(crate) struct OrganizationName<'a> {
    pub core: Word<'a>,
    /// `core` without spaces.
    pub glued: Word<'a>,
    /// The words of `core`, sorted, each once.
    pub words: Box<[Word<'a>]>,
    /// Whether a word of the name says that it is an organization.
    pub telling: bool,
}

/// Most words of a name that are compared, so that no input takes unbounded time.
const MOST_WORDS: usize = 128;

/// The normal form of an organization's name, and what of it is not in the form.
pub(super) struct Named {
    form: OrganizationForm,
    glued: String,
    pub telling: bool,
}

impl Named {
    pub(super) fn of(raw: &str) -> Option<Self> {
        let form = organization(raw)?;
        let telling = fold_text(raw).split(' ').any(is_telling);
        Some(Self { telling, glued: form.core.replace(' ', ""), form })
    }
}

impl<'a> OrganizationName<'a> {
    pub(super) fn of(Named { form, glued, telling }: &'a Named) -> Self {
        let words = form.tokens.iter().take(MOST_WORDS).map(Into::into).collect();
        Self { core: (&form.core).into(), glued: glued.into(), words, telling: *telling }
    }
}

fn is_telling(word: &str) -> bool {
    TELLING.binary_search(&word).is_ok()
}

/// Words that no person's name has and many organizations' names have; also the words that are too
/// common in them to be found by. Sorted.
const TELLING: &[&str] = &[
    "academy",
    "agency",
    "alliance",
    "assembly",
    "assn",
    "associates",
    "association",
    "bank",
    "baptist",
    "board",
    "cathedral",
    "catholic",
    "center",
    "centre",
    "chapel",
    "charitable",
    "charities",
    "charity",
    "christian",
    "church",
    "city",
    "clinic",
    "club",
    "co",
    "coalition",
    "college",
    "committee",
    "community",
    "company",
    "congregation",
    "construction",
    "consulting",
    "corp",
    "corporation",
    "council",
    "county",
    "daycare",
    "department",
    "dept",
    "enterprises",
    "episcopal",
    "federation",
    "fellowship",
    "financial",
    "foundation",
    "friends",
    "fund",
    "group",
    "holdings",
    "hospital",
    "inc",
    "incorporated",
    "industries",
    "institute",
    "insurance",
    "international",
    "islamic",
    "league",
    "learning",
    "library",
    "llc",
    "llp",
    "lp",
    "ltd",
    "lutheran",
    "methodist",
    "ministries",
    "ministry",
    "mission",
    "mosque",
    "museum",
    "national",
    "network",
    "office",
    "org",
    "organization",
    "parish",
    "partners",
    "partnership",
    "plumbing",
    "presbyterian",
    "preschool",
    "realty",
    "rotary",
    "school",
    "service",
    "services",
    "shelter",
    "society",
    "solutions",
    "sons",
    "store",
    "synagogue",
    "systems",
    "team",
    "temple",
    "trust",
    "umc",
    "union",
    "united",
    "university",
    "ymca",
    "youth",
    "ywca",
];

/// Whether the word is too common in names of organizations to find one by.
pub(crate) fn is_common(word: &str) -> bool {
    word.len() < 3 || is_telling(word) || matches!(word, "and" | "the" | "for" | "care" | "day" | "saint" | "first")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_telling_words_are_sorted() {
        assert!(super::TELLING.is_sorted());
    }
}
