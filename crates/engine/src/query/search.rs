//! What staff search for: a number, a reference, or anything of a name, an e-mail address, a telephone number or an
//! address, with slips. Words lead to candidates; how well each is what was typed decides.

use super::ask::record;
use super::stream::{WORD_CAP, facts_of, is_indexed, stream};
use super::window::Sorted;
use crate::read::as_stored;
use crate::{Engine, EngineError, Page};
use std::collections::{BTreeSet, HashMap};
use tributary_contact::query::{Facts, Query, Search, Variant, sections};
use tributary_contact::{ContactId, ItemId, OrganizationId, Reference};
use tributary_matching::word_key;
use tributary_store::{ContactRow, FactsRange, FactsRow, ReadTx, StoreExt, StoreResult};

/// Stored words that can stand for a typed one, at most.
const MOST_VARIANTS: usize = 60;
/// Stored words that are compared with a typed one, at most.
const WORDS_LOOKED_AT: i64 = 50_000;
/// Contacts whose facts are compared with what was typed, at most.
const MOST_CANDIDATES: usize = 20_000;
/// Contacts of a search that no word leads to, at most.
const MOST_SCANNED: i64 = 1_000;
/// Typed words shorter than this are not looked for with slips.
const FUZZY: usize = 4;

/// A contact that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// The contact.
    pub contact: ContactRow,
    /// The person of it that fits best.
    pub individual: Option<ItemId>,
}

/// A contact that may be shown: how well it fits, its number and the best of its people.
type Found = (f64, i64, Option<i64>);

impl Engine {
    /// A part of the contacts that fit what was typed, the best first. Archived ones are left out, and those that carry
    /// no reference of one of these platforms, if any is named.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn search_contacts(
        &self,
        org: OrganizationId,
        text: &str,
        sources: &[String],
        skip: i64,
        take: i64,
    ) -> Result<Page<SearchHit>, EngineError> {
        let visible = Query::everything().of_sources(sources);
        Ok(self.parts.store.reading(|tx| {
            let mut found = Sorted::new(skip, take, |a: &Found, b: &Found| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let named = named(tx, org, text)?;
            for row in facts_of(tx, org, &named)?.iter().filter(|row| is_visible(&visible, row)) {
                found.push((2.0, row.contact.0, None));
            }
            if let Some(search) = Search::read(text) {
                let hits = hits(tx, org, &search, &visible)?;
                hits.into_iter().filter(|hit| !named.contains(&ContactId(hit.1))).for_each(|hit| found.push(hit));
            }
            let (found, total) = found.finish();
            let ids: Vec<ContactId> = found.iter().map(|(_, id, _)| ContactId(*id)).collect();
            let mut contacts: HashMap<i64, ContactRow> =
                tx.contacts(org, &ids)?.into_iter().map(|row| (row.id.0, row)).collect();
            let hit = |(_, id, individual): Found| {
                let contact = contacts.remove(&id)?;
                let first = || contact.golden.individuals.first().map(|person| person.id);
                let individual = individual.map(ItemId).or_else(first);
                Some(SearchHit { contact, individual })
            };
            Ok(Page { list: found.into_iter().filter_map(hit).collect(), total })
        })?)
    }
}

fn is_visible(visible: &Query, row: &FactsRow) -> bool {
    visible.holds(&record(row, Facts::all(&row.facts, 0)))
}

/// The contact of a number, or of a reference as `source/id`.
fn named(tx: &mut dyn ReadTx, org: OrganizationId, text: &str) -> StoreResult<Vec<ContactId>> {
    if let Ok(id) = text.trim().parse() {
        return Ok(vec![ContactId(id)]);
    }
    let Some((source, id)) = text.split_once('/') else { return Ok(Vec::new()) };
    let reference = as_stored(&Reference { source: source.to_owned(), id: id.to_owned() });
    Ok(tx.contacts_by_reference(org, &[reference])?.into_iter().map(|entry| entry.contact).collect())
}

fn hits(tx: &mut dyn ReadTx, org: OrganizationId, search: &Search, visible: &Query) -> StoreResult<Vec<Found>> {
    let score = |row: &FactsRow| is_visible(visible, row).then(|| best(search, row)).flatten();
    if !is_indexed(tx, org)? {
        let mut found = Vec::new();
        stream(tx, org, &Query::everything(), &mut |row| found.extend(score(row)))?;
        return Ok(found);
    }
    let candidates = candidates(tx, org, &search.variants())?;
    let found: Vec<Found> = tx.facts(org, &candidates)?.iter().filter_map(score).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    // No name, mailbox or number: a street, a town, or a part of a mailbox. Read for the longest of the texts.
    let everything = FactsRange { ids: i64::MIN..=i64::MAX, archived: false };
    Ok(tx.facts_page(org, &everything, &[search.needle()], MOST_SCANNED)?.iter().filter_map(score).collect())
}

/// How well a contact fits, by the best of its people.
fn best(search: &Search, row: &FactsRow) -> Option<Found> {
    let people = sections(&row.facts, 0).map(|(id, facts)| (Some(id), facts));
    let whole = std::iter::once((None, Facts::all(&row.facts, 0)));
    let scored = people.chain(whole).filter_map(|(id, facts)| Some((search.score(facts)?, row.contact.0, id)));
    // The first of equals, so a person goes before the contact as a whole.
    scored.reduce(|best, next| if next.0 > best.0 { next } else { best })
}

/// The contacts to which the words lead, those of most terms first.
fn candidates(tx: &mut dyn ReadTx, org: OrganizationId, variants: &[Variant]) -> StoreResult<Vec<ContactId>> {
    let mut terms: HashMap<i64, Vec<usize>> = HashMap::new();
    for (term, variant) in variants.iter().enumerate() {
        for word in stored_words(tx, org, variant)? {
            terms.entry(word_key(&word)).or_default().push(term);
        }
    }
    let keys: Vec<i64> = terms.keys().copied().collect();
    let mut hit: HashMap<ContactId, BTreeSet<usize>> = HashMap::new();
    for entry in tx.contacts_by_key(org, &keys, WORD_CAP)? {
        hit.entry(entry.contact).or_default().extend(terms.get(&entry.key).into_iter().flatten());
    }
    let mut ordered: Vec<(std::cmp::Reverse<usize>, ContactId)> =
        hit.into_iter().map(|(contact, terms)| (std::cmp::Reverse(terms.len()), contact)).collect();
    ordered.sort_unstable();
    ordered.truncate(MOST_CANDIDATES);
    Ok(ordered.into_iter().map(|(_, contact)| contact).collect())
}

/// The stored words that can stand for a typed one: itself, those it begins, and those a slip away. A slip in the first
/// letter is found when it was swapped with the second one or is one too many.
fn stored_words(tx: &mut dyn ReadTx, org: OrganizationId, variant: &Variant) -> StoreResult<BTreeSet<String>> {
    let mut words = BTreeSet::from([variant.word.clone()]);
    if !variant.fuzzy {
        return Ok(words);
    }
    words.extend(variant.related().map(str::to_owned));
    let letters: Vec<char> = variant.word.chars().collect();
    let mut starts = vec![variant.word.clone()];
    if letters.len() >= FUZZY {
        starts = letters.iter().take(2).map(char::to_string).collect();
    }
    let mut close: Vec<String> = Vec::new();
    for start in starts {
        // Words are ASCII: nothing of theirs comes after a tilde.
        let stored = tx.words_between(org, &start, &format!("{start}~"), WORDS_LOOKED_AT)?;
        close.extend(stored.into_iter().filter(|word| variant.is_like(word)));
    }
    close.sort_by_key(|word| word.len().abs_diff(variant.word.len()));
    words.extend(close.into_iter().take(MOST_VARIANTS));
    Ok(words)
}
