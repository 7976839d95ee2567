//! Unites what records brought by its normal form, and finds what edits are about.

use super::super::{Records, scalar, terms};
use crate::model::{ItemEdit, ItemField, ItemId, RecordId, RecordKind, SourceRecord};
use crate::policy::List;
use rustc_hash::FxHashMap;
use std::hash::Hash;

/// A method or an address.
pub(super) trait Thing: Clone + Eq + Hash + Sized {
    /// What a record brings, each with its number in the record.
    fn brought(record: &SourceRecord) -> Vec<(usize, &Self)>;
    /// What the item of an edit was; none when the edit is about something else.
    fn was(edit: &ItemEdit) -> Option<&Self>;
    /// The text under which two of them are the same one.
    fn key(&self, country: &str) -> String;
    /// Takes over what an edit says.
    fn change(&mut self, edit: &ItemEdit);
    /// Whether it is called the primary one.
    fn flagged(&self) -> bool;
    /// The list that it is part of.
    fn list(&self) -> List;
    /// Whether it is said that its owner does not want to be reached by it.
    fn opts_out(&self) -> bool;
}

/// One time that a record brought a thing.
#[derive(Clone, Copy)]
pub(super) struct Mention<'a, T> {
    /// Place of the record in order of receipt.
    pub at: usize,
    pub record: &'a SourceRecord,
    pub number: ItemId,
    pub said: &'a T,
}

/// One time that it was edited.
#[derive(Clone, Copy)]
pub(super) struct Word<'a> {
    /// Place of the record in order of receipt.
    pub at: usize,
    pub record: RecordId,
    pub edit: &'a ItemEdit,
}

/// One thing that records brought, perhaps many times, and that others edited.
pub(super) struct Group<'a, T> {
    pub mentions: Vec<Mention<'a, T>>,
    pub words: Vec<Word<'a>>,
    /// Places of records that say no more of it than that its owner opted out: their policy lets them say nothing
    /// else.
    pub opted_out: Vec<usize>,
    /// Every text under which it is known, when it was edited.
    pub keys: Vec<String>,
}

/// A thing as it stands after all edits.
pub(super) struct Settled<T> {
    /// The number that the record which first brought it reserved for it.
    pub id: ItemId,
    /// That record.
    pub record: RecordId,
    /// The record that edited it last.
    pub edited: Option<RecordId>,
    pub value: T,
    pub archived: bool,
    /// Place of the last edit that called it primary.
    pub called_primary: Option<usize>,
    /// Whether a direct record that brought it called it primary.
    pub made_primary: bool,
}

impl<'a, T: Thing> Group<'a, T> {
    /// The thing as it stands; none when it was taken away.
    pub(super) fn settled(&self) -> Option<Settled<T>> {
        let gone = self.words.iter().rev().find(|word| word.edit.removed).map(|word| word.at);
        let again = |mention: &&Mention<'_, T>| match gone {
            Some(gone) => mention.at > gone && scalar::may_clear(mention.record.kind),
            None => true,
        };
        let first = self.mentions.iter().find(again)?;
        let live = || self.mentions.iter().filter(|mention| mention.at >= first.at);
        let words = || self.words.iter().filter(|word| gone.is_none_or(|gone| word.at > gone));
        let mut value = first.said.clone();
        words().for_each(|word| value.change(word.edit));
        let flagged = live().filter(|mention| mention.said.flagged());
        let by_mention = flagged.clone().filter(|mention| mention.record.kind == RecordKind::Edit).map(|m| m.at).max();
        let by_word = words().filter(|word| word.edit.says(ItemField::Primary)).map(|word| word.at).max();
        Some(Settled {
            id: first.number,
            record: first.record.id,
            edited: words().next_back().map(|word| word.record),
            archived: words().rev().find_map(|word| word.edit.flag(ItemField::Archived)).unwrap_or(false),
            called_primary: by_mention.max(by_word),
            made_primary: flagged.clone().any(|m| matches!(m.record.kind, RecordKind::Create | RecordKind::Load)),
            value,
        })
    }

    /// The thing with all edits, also when it was taken away.
    fn edited(&self) -> Option<T> {
        let mut value = self.mentions.first()?.said.clone();
        self.words.iter().for_each(|word| value.change(word.edit));
        Some(value)
    }
}

/// Everything the records brought, in order of first mention.
pub(super) fn unite<'a, T: Thing + 'a>(records: Records<'_, 'a>, country: &str) -> Vec<Group<'a, T>> {
    let mentions: Vec<_> = records.iter().enumerate().flat_map(|(at, record)| mentions::<T>(at, record)).collect();
    let words: Vec<_> = records.iter().enumerate().flat_map(|(at, record)| words::<T>(at, record)).collect();
    // Normal forms are the dear part of a fold: a thing alone needs none.
    let alone = mentions.len() < 2 && words.is_empty();
    // A sender repeats itself word by word, so that each wording is brought to its normal form once.
    let mut keys: FxHashMap<&T, String> = FxHashMap::default();
    let mut groups = Groups { groups: Vec::with_capacity(mentions.len()), places: FxHashMap::default() };
    let (heard, aside) = heard(mentions);
    for mention in heard {
        let key = || if alone { String::new() } else { mention.said.key(country) };
        groups.put(keys.entry(mention.said).or_insert_with(key), mention);
    }
    for word in words {
        groups.edit(word, country);
    }
    for mention in aside.into_iter().filter(|mention| mention.said.opts_out()) {
        groups.opt_out(mention.at, &mention.said.key(country));
    }
    groups.finish()
}

/// The mentions that count, and those that the policy of their record leaves out.
fn heard<T: Thing>(mentions: Vec<Mention<'_, T>>) -> (Vec<Mention<'_, T>>, Vec<Mention<'_, T>>) {
    // Where the first thing of each list came from: a record fills a list with all it brings.
    let mut first: FxHashMap<List, usize> = FxHashMap::default();
    mentions.into_iter().partition(|mention| {
        let list = mention.said.list();
        let nothing = first.get(&list).is_none_or(|at| *at == mention.at);
        let counts = terms::heard(mention.record, list).after(nothing);
        if counts {
            first.entry(list).or_insert(mention.at);
        }
        counts
    })
}

fn mentions<'a, T: Thing + 'a>(at: usize, record: &'a SourceRecord) -> impl Iterator<Item = Mention<'a, T>> {
    let number = |number: usize| ItemId(record.first_item.0 + 1 + i64::try_from(number).unwrap_or(i64::MAX));
    let brought = T::brought(record).into_iter();
    brought.map(move |(place, said)| Mention { at, record, number: number(place), said })
}

fn words<'a, T: Thing>(at: usize, record: &'a SourceRecord) -> impl Iterator<Item = Word<'a>> {
    let about = scalar::edits(record).into_iter().flat_map(|edits| &edits.items).filter(|edit| T::was(edit).is_some());
    about.map(move |edit| Word { at, record: record.id, edit })
}

struct Groups<'a, T> {
    groups: Vec<Group<'a, T>>,
    places: FxHashMap<String, usize>,
}

impl<'a, T: Thing> Groups<'a, T> {
    fn put(&mut self, key: &str, mention: Mention<'a, T>) {
        let place = self.places.get(key).copied().unwrap_or(self.groups.len());
        if place == self.groups.len() {
            self.places.insert(key.to_owned(), place);
        }
        match self.groups.get_mut(place) {
            Some(group) => group.mentions.push(mention),
            None => {
                let (mentions, words) = (vec![mention], Vec::new());
                self.groups.push(Group { mentions, words, opted_out: Vec::new(), keys: Vec::new() });
            }
        }
    }

    fn opt_out(&mut self, at: usize, key: &str) {
        let known = self.places.get(key).and_then(|place| self.groups.get_mut(*place));
        known.into_iter().for_each(|group| group.opted_out.push(at));
    }

    /// Gives an edit to its thing: by number, or, when the record that gave the number is gone, by what it was.
    /// An edit about nothing is not heard. What the thing was and what it becomes are the same thing from then on.
    fn edit(&mut self, word: Word<'a>, country: &str) {
        let Some(was) = T::was(word.edit) else { return };
        let numbered = |group: &Group<'_, T>| group.mentions.iter().any(|mention| mention.number == word.edit.item);
        let known = || self.places.get(&was.key(country)).copied();
        let Some(place) = self.groups.iter().position(numbered).or_else(known) else { return };
        let Some(group) = self.groups.get_mut(place) else { return };
        group.words.push(word);
        let Some(key) = group.edited().map(|value| value.key(country)) else { return };
        match self.places.get(&key).copied() {
            Some(other) if other != place => self.join(place, other),
            Some(_) => {}
            None => drop(self.places.insert(key, place)),
        }
    }

    /// Makes one thing of two: the one that was mentioned first takes over the other.
    fn join(&mut self, a: usize, b: usize) {
        let (keep, give) = (a.min(b), a.max(b));
        let Some(given) = self.groups.get_mut(give) else { return };
        let (mentions, words) = (std::mem::take(&mut given.mentions), std::mem::take(&mut given.words));
        self.places.values_mut().filter(|place| **place == give).for_each(|place| *place = keep);
        let Some(kept) = self.groups.get_mut(keep) else { return };
        kept.mentions.extend(mentions);
        kept.mentions.sort_by_key(|mention| (mention.at, mention.number));
        kept.words.extend(words);
        kept.words.sort_by_key(|word| word.at);
    }

    fn finish(mut self) -> Vec<Group<'a, T>> {
        for (key, place) in self.places {
            let edited = self.groups.get_mut(place).filter(|group| !group.words.is_empty());
            edited.into_iter().for_each(|group| group.keys.push(key.clone()));
        }
        self.groups.retain(|group| !group.mentions.is_empty());
        self.groups
    }
}
