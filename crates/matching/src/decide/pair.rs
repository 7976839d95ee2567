//! One contact in particular against a submission, for the question "why this one?" or "why not that one?".

use super::{Candidate, Case, Judged, Matcher, Row, found, plausible};
use crate::compare::Rarity;
use crate::explain::Explanation;
use crate::score::contacts;
use crate::{Index, Obstacle};

impl Matcher {
    /// How one contact compares with a submission, judged among the contacts that keys lead to; whether or
    /// not a key leads to this one. None when the index holds nobody of that contact.
    #[must_use]
    pub fn explain(&self, row: &Row<'_>, index: &Index, contact: i64) -> Option<Explanation> {
        let case = &Case::of(row);
        let named = case.reference.and_then(|reference| index.by_reference(reference));
        if named.is_some_and(|(named, _)| named == contact) {
            let all = self.decide(row, index).candidates;
            return self.account(&all, contact);
        }
        let rarity = Rarity::of(&case.profile, index, self);
        let asked = Some((contact, 0));
        let wanted = found(case, index, asked);
        let scores = contacts(case, index, (&wanted, Some(contact)), &rarity, &self.weights);
        let judged = Judged::of(case, plausible(&scores, asked), &rarity, (self, index));
        let all: Vec<Candidate> = judged.all.into_iter().map(|one| one.candidate).collect();
        let mut account = self.account(&all, contact)?;
        if named.is_some() {
            account.why_not.insert(0, Obstacle::ReferenceElsewhere);
        }
        let reached = found(case, index, None).binary_search(&contact).is_ok();
        Some(if reached { account } else { account.without_shared_key() })
    }

    fn account(&self, all: &[Candidate], contact: i64) -> Option<Explanation> {
        let own = all.iter().find(|candidate| candidate.contact == contact)?;
        Some(Explanation::of(own, all, &self.weights.version, self.thresholds))
    }
}
