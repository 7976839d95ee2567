//! What is stored of an organization's matcher: weights, thresholds and nicknames, by name, so that a
//! document outlives levels that come and go.

use crate::level::{Bits, Level};
use crate::{Sharing, Thresholds, Weights};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tributary_contact::normalise::{Nicknames, fold_text, share_nickname};

/// An organization's own matcher. Every part that is missing is as shipped.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MatcherDocument {
    /// Learnt weights.
    pub weights: Option<StoredWeights>,
    /// Learnt thresholds; they take the place of the configured ones.
    pub thresholds: Option<Thresholds>,
    /// Changes of the nickname relation.
    pub nicknames: NicknameEdits,
}

/// Weights by the name of their level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredWeights {
    /// Odds that a submission is of someone on file.
    pub on_file: f64,
    /// Odds that a submission is of a new person of a household on file.
    pub new_relative: f64,
    /// How often strangers share a contact point.
    pub sharing: Sharing,
    /// Bits by level.
    pub bits: BTreeMap<String, Bits>,
}

/// Pairs of first names that an organization takes for one name, or does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NicknameEdits {
    /// Pairs that are related here.
    pub added: Vec<(String, String)>,
    /// Pairs of the shipped relation that are not related here.
    pub removed: Vec<(String, String)>,
}

impl NicknameEdits {
    /// The shipped relation with these edits.
    #[must_use]
    pub fn relation(&self) -> Nicknames {
        Nicknames::edited(&self.added, &self.removed)
    }

    /// The edits after one more: two names are related from now on, or no longer. Names are kept folded, the lesser
    /// first; an edit that says what the shipped table says takes back an earlier one. Nothing changes for a blank name
    /// or for one name twice.
    #[must_use]
    pub fn edited(mut self, (one, other): (&str, &str), related: bool) -> Self {
        let (one, other) = (fold_text(one), fold_text(other));
        if one.is_empty() || other.is_empty() || one == other {
            return self;
        }
        let pair = if one < other { (one, other) } else { (other, one) };
        self.added.retain(|known| *known != pair);
        self.removed.retain(|known| *known != pair);
        if share_nickname(&pair.0, &pair.1) != related {
            let list = if related { &mut self.added } else { &mut self.removed };
            list.push(pair);
            list.sort_unstable();
        }
        self
    }
}

impl StoredWeights {
    /// The stored form of weights.
    #[must_use]
    pub fn of(weights: &Weights) -> Self {
        let bits = Level::ALL.iter().map(|level| (name(*level), weights.of(*level))).collect();
        Self { on_file: weights.on_file, new_relative: weights.new_relative, sharing: weights.sharing, bits }
    }
}

impl MatcherDocument {
    /// The weights under the name of a version; a level that the document does not know is as shipped.
    #[must_use]
    pub fn weights(&self, version: &str) -> Weights {
        let version = version.to_owned();
        let shipped = Weights::shipped();
        let Some(stored) = &self.weights else { return Weights { version, ..shipped } };
        let of = |level: &Level| stored.bits.get(&name(*level)).copied().unwrap_or_else(|| shipped.of(*level));
        Weights {
            version,
            on_file: stored.on_file,
            new_relative: stored.new_relative,
            sharing: stored.sharing,
            bits: Level::ALL.iter().map(of).collect(),
        }
    }
}

/// The name of a level on the wire.
fn name(level: Level) -> String {
    serde_json::to_value(level).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{MatcherDocument, NicknameEdits, StoredWeights};
    use crate::{Level, Weights};

    #[test]
    fn weights_come_back_as_they_were_stored() {
        let weights = Weights { version: "matcher-3".to_owned(), on_file: 2.5, ..Weights::shipped() };
        let document = MatcherDocument { weights: Some(StoredWeights::of(&weights)), ..MatcherDocument::default() };
        let text = serde_json::to_string(&document).unwrap_or_default();
        let read: MatcherDocument = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!(read.weights("matcher-3"), weights);
    }

    #[test]
    fn an_edit_of_the_nicknames_takes_back_the_one_before() {
        let edits = NicknameEdits::default().edited(("Zuzu", "Susan"), true).edited(("Robert", "Bob"), false);
        assert!(edits.relation().share("zuzu", "susan") && !edits.relation().share("bob", "robert"));
        assert_eq!(edits.clone().edited(("Bob", "Robert"), false), edits, "said twice");
        let back = edits.edited(("susan", " ZUZU"), false).edited(("Bob", "Robert"), true);
        assert_eq!(back, NicknameEdits::default());
        assert_eq!(back.edited(("", "Ann"), true).edited(("Ann", "ann"), true), NicknameEdits::default());
    }

    #[test]
    fn a_level_that_the_document_does_not_know_is_as_shipped() {
        let text = r#"{"weights":{"onFile":1.0,"newRelative":0.1,"sharing":{"email":0.1,"phone":0.1,"address":0.1},
            "bits":{"firstSame":{"same":1.0,"relative":1.0,"typical":1.0},"gone":{"same":9.0,"relative":9.0,"typical":0.0}}}}"#;
        let read: MatcherDocument = serde_json::from_str(text).unwrap_or_default();
        let weights = read.weights("matcher-1");
        assert_eq!(weights.of(Level::LastSame), Weights::shipped().of(Level::LastSame));
        assert!((weights.of(Level::FirstSame).same - 1.0).abs() < 1e-12);
    }
}
