//! A profile as one run of bytes: lengths and numbers first, then all its texts. What is on file is read far more often
//! than made, and hardly ever from the cache of the processor: so all of it stands together, without pointers.

use super::few::Few;
use super::parts::{Mailbox, Name, Number, Place};
use super::word::Word;
use super::{OrganizationName, View};
use crate::index::Fresh;
use tributary_contact::normalise::Generation;

/// Lengths from this on take more than one byte.
const LONG: usize = 0x80;

const GENERATIONS: [Generation; 5] =
    [Generation::Senior, Generation::Junior, Generation::Third, Generation::Fourth, Generation::Later];

/// The bits of the first byte.
mod flag {
    pub const NAME: u8 = 1;
    pub const ORGANIZATION: u8 = 2;
    pub const IS_ORGANIZATION: u8 = 4;
    pub const TELLING: u8 = 8;
    pub const PARTNER: u8 = 16;
}

/// Packs the parts of a profile that are fresh.
pub(crate) fn pack(view: &View<'_>, fresh: Fresh) -> Box<[u8]> {
    let mut pack = Pack { head: Vec::with_capacity(96), text: String::with_capacity(160) };
    let name = view.name.as_ref().filter(|_| fresh.name);
    let organization = view.organization.as_ref().filter(|_| fresh.name);
    let flags = [
        (name.is_some(), flag::NAME),
        (organization.is_some(), flag::ORGANIZATION),
        (view.is_organization, flag::IS_ORGANIZATION),
        (organization.is_some_and(|name| name.telling), flag::TELLING),
        (name.is_some_and(|name| name.partner.is_some()), flag::PARTNER),
    ];
    pack.byte(flags.into_iter().filter(|(set, _)| *set).map(|(_, flag)| flag).sum());
    name.into_iter().for_each(|name| pack.name(name));
    organization.into_iter().for_each(|organization| pack.organization(organization));
    pack.list(only(fresh.mailboxes, &view.mailboxes), Pack::mailbox);
    pack.list(only(fresh.numbers, &view.numbers), Pack::number);
    pack.list(only(fresh.places, &view.places), Pack::place);
    pack.end()
}

fn only<T>(fresh: bool, list: &[T]) -> &[T] {
    if fresh { list } else { &[] }
}

/// The profile in packed bytes.
pub(crate) fn unpack(packed: &[u8]) -> View<'_> {
    let mut bytes = Unpack::new(packed);
    let flags = bytes.byte();
    let has = |flag: u8| flags & flag != 0;
    View {
        name: has(flag::NAME).then(|| bytes.name(has(flag::PARTNER))),
        organization: has(flag::ORGANIZATION).then(|| Box::new(bytes.organization(has(flag::TELLING)))),
        is_organization: has(flag::IS_ORGANIZATION),
        mailboxes: bytes.list(Unpack::mailbox),
        numbers: bytes.list(Unpack::number),
        places: bytes.list(Unpack::place),
    }
}

struct Pack {
    head: Vec<u8>,
    text: String,
}

impl Pack {
    fn byte(&mut self, byte: u8) {
        self.head.push(byte);
    }

    fn long(&mut self, number: i64) {
        self.head.extend(number.to_le_bytes());
    }

    /// A length, seven bits a byte, the lowest first.
    fn length(&mut self, mut length: usize) {
        while length >= LONG {
            self.byte(0x80 | (length & 0x7f) as u8);
            length >>= 7;
        }
        self.byte(length as u8);
    }

    fn word(&mut self, word: Word<'_>) {
        self.length(word.len());
        self.text.push_str(&word);
    }

    fn words<'w>(&mut self, words: impl IntoIterator<Item = &'w Word<'w>>) {
        words.into_iter().for_each(|word| self.word(*word));
    }

    fn list<T>(&mut self, list: &[T], put: impl Fn(&mut Self, &T)) {
        self.length(list.len());
        list.iter().for_each(|one| put(self, one));
    }

    fn name(&mut self, name: &Name<'_>) {
        let generation = name.generation.and_then(|one| GENERATIONS.iter().position(|other| *other == one));
        self.byte(generation.map_or(0, |at| at as u8 + 1));
        [name.called, name.last_called].into_iter().for_each(|number| self.head.extend(number.to_le_bytes()));
        self.words([&name.first, &name.middle, &name.last]);
        self.words(&name.partner);
        self.list(&name.last_parts, |pack, word| pack.word(*word));
    }

    fn organization(&mut self, name: &OrganizationName<'_>) {
        self.words([&name.core, &name.glued]);
        self.list(&name.words, |pack, word| pack.word(*word));
    }

    fn mailbox(&mut self, mailbox: &Mailbox<'_>) {
        self.byte(u8::from(mailbox.role));
        self.long(mailbox.key);
        self.words([&mailbox.local, &mailbox.domain]);
    }

    fn number(&mut self, number: &Number) {
        self.long(number.national.cast_signed());
        self.long(number.key);
        self.head.extend(number.region.unwrap_or_default());
    }

    fn place(&mut self, place: &Place<'_>) {
        place.building.into_iter().chain([place.door]).for_each(|key| self.long(key));
        self.words([&place.number, &place.street, &place.glued_street, &place.unit, &place.second]);
        self.words([&place.po_box, &place.city, &place.state, &place.postal, &place.country]);
    }

    /// The length of the head, the head, the texts.
    fn end(self) -> Box<[u8]> {
        let length = u32::try_from(self.head.len()).unwrap_or(u32::MAX).to_le_bytes();
        [length.as_slice(), &self.head, self.text.as_bytes()].concat().into()
    }
}

struct Unpack<'a> {
    head: &'a [u8],
    text: &'a str,
}

impl<'a> Unpack<'a> {
    fn new(packed: &'a [u8]) -> Self {
        let (length, rest) = packed.split_first_chunk().unwrap_or((&[0; 4], &[]));
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(0);
        let (head, text) = rest.split_at_checked(length).unwrap_or_default();
        Self { head, text: std::str::from_utf8(text).unwrap_or_default() }
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let Some((bytes, rest)) = self.head.split_first_chunk() else { return [0; N] };
        self.head = rest;
        *bytes
    }

    fn byte(&mut self) -> u8 {
        let [byte] = self.bytes();
        byte
    }

    fn long(&mut self) -> i64 {
        i64::from_le_bytes(self.bytes())
    }

    fn length(&mut self) -> usize {
        let (mut length, mut shift) = (0, 0);
        loop {
            let byte = usize::from(self.byte());
            length |= (byte & 0x7f) << shift;
            shift += 7;
            if byte < LONG || shift > 21 {
                return length;
            }
        }
    }

    fn word(&mut self) -> Word<'a> {
        let length = self.length();
        let (word, rest) = self.text.split_at_checked(length).unwrap_or((self.text, ""));
        self.text = rest;
        word.into()
    }

    fn words(&mut self) -> Box<[Word<'a>]> {
        (0..self.length()).map(|_| self.word()).collect()
    }

    fn list<T>(&mut self, get: impl Fn(&mut Self) -> T) -> Few<T> {
        (0..self.length()).map(|_| get(self)).collect()
    }

    fn name(&mut self, has_partner: bool) -> Name<'a> {
        let generation = usize::from(self.byte()).checked_sub(1).and_then(|at| GENERATIONS.get(at)).copied();
        let (called, last_called) = (u16::from_le_bytes(self.bytes()), u16::from_le_bytes(self.bytes()));
        let (first, middle, last) = (self.word(), self.word(), self.word());
        let partner = has_partner.then(|| self.word());
        Name { first, middle, last, last_parts: self.words(), generation, partner, called, last_called }
    }

    fn organization(&mut self, telling: bool) -> OrganizationName<'a> {
        OrganizationName { core: self.word(), glued: self.word(), words: self.words(), telling }
    }

    fn mailbox(&mut self) -> Mailbox<'a> {
        Mailbox { role: self.byte() != 0, key: self.long(), local: self.word(), domain: self.word() }
    }

    fn number(&mut self) -> Number {
        let (national, key) = (self.long().cast_unsigned(), self.long());
        Number { national, key, region: Some(self.bytes()).filter(|region| *region != [0; 2]) }
    }

    fn place(&mut self) -> Place<'a> {
        Place {
            building: [self.long(), self.long()],
            door: self.long(),
            number: self.word(),
            street: self.word(),
            glued_street: self.word(),
            unit: self.word(),
            second: self.word(),
            po_box: self.word(),
            city: self.word(),
            state: self.word(),
            postal: self.word(),
            country: self.word(),
        }
    }
}
