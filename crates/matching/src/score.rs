//! Scores of the contacts a submission may mean, under three hypotheses: it is this individual; it is a
//! new person of this household; it is nobody on file. Their probabilities add up to one over all
//! candidates, so a second plausible contact takes from the first.

use crate::compare::{Mark, Marks, Rarity, better, compare};
use crate::decide::Case;
use crate::index::Seen;
use crate::level::Level;
use crate::profile::View;
use crate::{Index, Matcher, Weights};

/// A hypothesis this many bits below the best one is left out of the sum.
const NEGLIGIBLE: f64 = 60.0;

/// A contact of which nothing is likelier than this, in bits against "nobody on file", is not weighed at all:
/// a few dozen of them together are one chance in a thousand.
const IMPLAUSIBLE: f64 = -15.0;

/// Log-odds in bits from which two individuals on file are taken for one.
const TWIN: f64 = 4.0;

/// How one individual of a contact scores; bits include the prior.
pub(crate) struct PersonScore {
    pub individual: i64,
    pub marks: Marks,
    pub same: f64,
}

/// How a contact scores. `people` is never empty; the first one fits best.
pub(crate) struct ContactScore {
    pub contact: i64,
    pub people: Vec<PersonScore>,
    /// Bits of "a new person of this household", prior included; none for organizations.
    pub relative: Option<f64>,
    /// Bits of the strongest hypothesis about the contact.
    pub strongest: f64,
}

/// What the bits of all hypotheses add up to.
pub(crate) struct Total {
    highest: f64,
    sum: f64,
}

impl Total {
    /// `0.0` bits stand for "nobody on file".
    pub(crate) fn of<'s>(scores: impl Iterator<Item = &'s ContactScore> + Clone) -> Self {
        let bits = || scores.clone().flat_map(ContactScore::hypotheses).chain([0.0]);
        let highest = bits().fold(0.0, f64::max);
        Self { highest, sum: bits().map(|bit| (bit - highest).exp2()).sum() }
    }

    /// Probability of a hypothesis with these bits.
    pub(crate) fn probability(&self, bits: f64) -> f64 {
        if bits < self.highest - NEGLIGIBLE { 0.0 } else { ((bits - self.highest).exp2() / self.sum).min(1.0) }
    }
}

impl ContactScore {
    /// The individual that fits best.
    pub(crate) fn best(&self) -> Option<&PersonScore> {
        self.people.first()
    }

    pub(crate) fn best_bits(&self) -> f64 {
        self.best().map_or(f64::NEG_INFINITY, |person| person.same)
    }

    /// Bits of all hypotheses about the contact.
    pub(crate) fn hypotheses(&self) -> impl Iterator<Item = f64> {
        self.people.iter().map(|person| person.same).chain(self.relative)
    }
}

/// Scores every contact; the strongest first, the older of equals first.
pub(crate) fn contacts(
    row: &Case<'_>,
    index: &Index,
    (found, named): (&[i64], Option<i64>),
    rarity: &Rarity,
    weights: &Weights,
) -> Vec<ContactScore> {
    let scorer = Scorer { row: &row.profile, named, rarity, weights, priors: priors(&row.profile, rarity, weights) };
    index.touch(found);
    let (mut people, mut own) = (Vec::new(), Vec::new());
    let score = |contact: &i64| {
        index.people(*contact, &mut people);
        scorer.contact(*contact, &people, &mut own)
    };
    let mut scores: Vec<ContactScore> = found.iter().filter_map(score).collect();
    scores.sort_by(|a, b| b.strongest.total_cmp(&a.strongest).then_with(|| a.contact.cmp(&b.contact)));
    scores
}

/// Bits before anything is compared: someone in particular, a new person of a household in particular.
fn priors(row: &View<'_>, rarity: &Rarity, weights: &Weights) -> (f64, f64) {
    let people = rarity.population(row);
    ((weights.on_file / people).log2(), (weights.new_relative / people).log2())
}

/// Prior bits of "this individual".
pub(crate) fn prior(row: &View<'_>, rarity: &Rarity, weights: &Weights) -> f64 {
    priors(row, rarity, weights).0
}

/// Whether two contacts' best individuals are so alike that they are one person twice on file.
pub(crate) fn are_twins(one: &ContactScore, other: &ContactScore, index: &Index, matcher: &Matcher) -> bool {
    let weights = &matcher.weights;
    let (Some(a), Some(b)) = (one.best(), other.best()) else { return false };
    let (a, b) = (person(index, one.contact, a.individual), person(index, other.contact, b.individual));
    let marks = a.iter().map(|seen| {
        let marks = compare(&seen.profile, &b, &Rarity::between(&seen.profile, matcher), weights);
        Marks { email_name: None, ..marks }
    });
    let Some(marks) = marks.reduce(|best, marks| best.best(marks, weights)) else { return false };
    let organization = a.iter().any(|seen| seen.profile.is_organization);
    let prior = (weights.on_file / matcher.terms.population_of(organization)).log2();
    prior + marks.iter().map(|mark| mark.same(weights)).sum::<f64>() >= TWIN
}

/// What an individual of a contact said of itself.
fn person(index: &Index, contact: i64, individual: i64) -> Vec<Seen<'_>> {
    let mut people = Vec::new();
    index.people(contact, &mut people);
    people.retain(|seen| seen.individual == individual);
    people
}

const fn same_individual(one: &Seen<'_>, other: &Seen<'_>) -> bool {
    one.individual == other.individual
}

/// The one that fits better; the older of equals.
fn fitter(one: PersonScore, other: PersonScore) -> PersonScore {
    let order = one.same.total_cmp(&other.same).then_with(|| other.individual.cmp(&one.individual));
    if order.is_lt() { other } else { one }
}

struct Scorer<'a> {
    row: &'a View<'a>,
    /// The contact that the sender's reference names: weighed in any case.
    named: Option<i64>,
    rarity: &'a Rarity<'a>,
    weights: &'a Weights,
    priors: (f64, f64),
}

impl Scorer<'_> {
    /// The score of a contact; none when nothing about it is plausible. `own` is room to work in.
    fn contact(&self, contact: i64, people: &[Seen<'_>], own: &mut Vec<(i64, Marks)>) -> Option<ContactScore> {
        own.clear();
        own.extend(people.chunk_by(same_individual).filter_map(|person| {
            Some((person.first()?.individual, compare(self.row, person, self.rarity, self.weights)))
        }));
        let best = own.iter().map(|(id, marks)| self.scored(*id, *marks, own)).reduce(fitter)?;
        let relative = (!self.is_organization(&best)).then(|| self.relative(&best, own));
        let strongest = best.same.max(relative.unwrap_or(f64::NEG_INFINITY));
        if strongest < IMPLAUSIBLE && self.named != Some(contact) {
            return None;
        }
        let mut people: Vec<PersonScore> = own.iter().map(|(id, marks)| self.scored(*id, *marks, own)).collect();
        people.sort_by(|a, b| b.same.total_cmp(&a.same).then_with(|| a.individual.cmp(&b.individual)));
        Some(ContactScore { contact, people, relative, strongest })
    }

    fn scored(&self, individual: i64, own: Marks, household: &[(i64, Marks)]) -> PersonScore {
        let others = || household.iter().filter(|(id, _)| *id != individual).map(|(_, marks)| marks);
        let mut marks = own;
        marks.email = self.shared(own.email, others().map(|marks| marks.email), Level::EmailHousehold);
        marks.phone = self.shared(own.phone, others().map(|marks| marks.phone), Level::PhoneHousehold);
        marks.address = others().fold(own.address, |best, marks| better(best, marks.address, self.weights));
        let same = self.priors.0 + marks.iter().map(|mark| mark.same(self.weights)).sum::<f64>();
        PersonScore { individual, marks, same }
    }

    /// A contact point that only another person of the household has agrees at a level of its own.
    fn shared(&self, own: Option<Mark>, others: impl Iterator<Item = Option<Mark>>, level: Level) -> Option<Mark> {
        let equal = |mark: &Mark| matches!(mark.level, Level::EmailSame | Level::EmailRole | Level::PhoneSame);
        let surprise = |mark: Mark| mark.adjustment + self.weights.of(mark.level).typical;
        let agrees = own.is_some_and(|mark| mark.same(self.weights) > 0.0);
        let theirs = others.flatten().find(equal).map(|mark| Mark::rare(level, surprise(mark), self.weights));
        if agrees { own } else { theirs.or(own) }
    }

    fn is_organization(&self, best: &PersonScore) -> bool {
        self.row.is_organization || best.marks.organization.is_some() || best.marks.kind.is_some()
    }

    /// Bits of "a new person of this household": what the household shares, and a first name that should
    /// be none of its people's.
    fn relative(&self, best: &PersonScore, household: &[(i64, Marks)]) -> f64 {
        let last = household.iter().filter_map(|(_, marks)| marks.last).map(|mark| mark.relative(self.weights));
        let last = last.fold(None, |best: Option<f64>, bits| Some(best.map_or(bits, |best| best.max(bits))));
        let others = best.marks.iter().filter(|mark| Some(*mark) != best.marks.last);
        self.priors.1 + last.unwrap_or(0.0) + others.map(|mark| mark.relative(self.weights)).sum::<f64>()
    }
}
