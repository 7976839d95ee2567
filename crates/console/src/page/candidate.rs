//! One candidate of a row: the row beside it, its household, the evidence, and what can be done with it.

use super::review::Shown;
use crate::format;
use crate::view::beside::Table;
use crate::view::compare::{Side, compare, person_name};
use crate::view::layout::token;
use crate::view::provenance::Suppliers;
use crate::view::{part, waterfall};
use crate::visit::Visit;
use maud::{Markup, html};
use tributary_contact::{Field, Golden, GoldenIndividual, ItemId, MethodKind, SourceRecord};
use tributary_engine::BucketCandidate;
use tributary_store::{NotDuplicateRow, Role};

/// A candidate in its place on the page.
pub(super) struct Card<'a> {
    pub(super) candidate: &'a BucketCandidate,
    /// Its records.
    pub(super) records: &'a [SourceRecord],
    /// 0 for the first.
    pub(super) place: usize,
}

impl Card<'_> {
    fn golden(&self) -> &Golden {
        &self.candidate.contact.golden
    }

    /// The person that fits best.
    fn person(&self) -> Option<&GoldenIndividual> {
        let best = self.candidate.individual.and_then(|id| self.golden().individual(id));
        best.or_else(|| self.golden().individuals.first())
    }

    pub(super) fn markup(&self, visit: &Visit, shown: &Shown) -> Markup {
        let (contact, account) = (&self.candidate.contact, &self.candidate.account);
        let number = self.place + 1;
        html! {
            section.panel.candidate aria-labelledby={ "candidate-" (number) } {
                h2 #{ "candidate-" (number) } {
                    span { (number) ". " a href=(part::contact_path(contact.id)) { (part::name(contact)) } " " span.soft { "contact " (contact.id) @if contact.archived { ", archived" } } }
                    span.tag { (format::share(account.probability)) " the same person" }
                }
                @if let Some(said) = &self.candidate.is_not { (said_not(visit, shown, said)) }
                div.two {
                    div { (self.comparison(visit, shown)) }
                    div {
                        h3 { "Why it may be the same" }
                        (waterfall::waterfall(account))
                        p.soft { (self.candidate.sentence) ". Of this household at all: " (format::share(account.household_probability)) "." }
                    }
                }
                @if visit.may(Role::Reviewer) && self.candidate.is_not.is_none() { (self.decide(visit, shown)) (self.not(visit, shown)) }
                @else { (people(self.golden(), None)) }
            }
        }
    }

    fn comparison(&self, visit: &Visit, shown: &Shown) -> Markup {
        let (number, sent) = (self.place + 1, Side::sent(&shown.item.transaction.submission));
        let lines = compare(&sent, &Side::on_file(self.golden(), self.person()), &visit.organization.country);
        let (id, form) = (format!("from-{number}"), format!("decide-{number}"));
        let may = visit.may(Role::Reviewer) && self.candidate.is_not.is_none();
        let table = Table {
            id: &id,
            heads: ["Sent", "On file"],
            pair: false,
            suppliers: [None, Some(Suppliers { golden: self.golden(), records: self.records, zone: visit.zone })],
            individual: self.person().map(|person| person.id),
            differences: &self.candidate.beside.differences,
            chosen: &[],
            form: may.then_some(form.as_str()),
        };
        table.markup(&lines)
    }

    /// Merge into one of the people, or add as a new one.
    fn decide(&self, visit: &Visit, shown: &Shown) -> Markup {
        let (first, number, id) = (self.place == 0, self.place + 1, self.candidate.contact.id);
        html! {
            form #{ "decide-" (number) } method="post" action=(shown.asked.review(shown.item.transaction.id)) {
                (token(visit))
                input type="hidden" name="contact" value=(id);
                (people(self.golden(), Some((self.person().map(|person| person.id), number))))
                div.row {
                    @if first { button.main name="action" value="merge" data-key="m" { "Merge into contact " (id) " " kbd { "m" } } }
                    @else { button.main name="action" value="merge" data-key=[(number < 10).then_some(number)] data-press="focus" { "Merge into contact " (id) " " kbd { (number) } } }
                    button name="action" value="add_individual" data-key=[first.then_some("a")] { "Add as a new person" @if first { " " kbd { "a" } } }
                }
            }
        }
    }

    fn not(&self, visit: &Visit, shown: &Shown) -> Markup {
        html! {
            form.row.not method="post" action={ (part::review_path(shown.item.transaction.id)) "/not?" (shown.asked.query()) } {
                (token(visit))
                input type="hidden" name="contact" value=(self.candidate.contact.id);
                label.inline { input type="checkbox" name="until_more_is_known" value="1"; " only until more is known" }
                button data-key=[(self.place == 0).then_some("n")] { "Not this contact" @if self.place == 0 { " " kbd { "n" } } }
            }
        }
    }
}

/// What was said before, and the way back.
fn said_not(visit: &Visit, shown: &Shown, said: &NotDuplicateRow) -> Markup {
    html! {
        div.note.toast {
            p { "Not this contact: said by " (said.actor) ", " (format::time(said.created_at, visit.zone)) @if let Some(note) = &said.note { ": " (note) } "." }
            @if visit.may(Role::Reviewer) {
                form method="post" action={ (part::review_path(shown.item.transaction.id)) "/not?" (shown.asked.query()) } {
                    (token(visit))
                    input type="hidden" name="revoke" value=(said.id);
                    button { "Take that back" }
                }
            }
        }
    }
}

/// The people of a contact with what they are to it. With a choice, one can be chosen: who is beforehand, and the number of
/// the candidate.
fn people(golden: &Golden, choice: Option<(Option<ItemId>, usize)>) -> Markup {
    html! {
        @if golden.individuals.len() > 1 {
            fieldset.household { legend { "The household: " @if choice.is_some() { "which person is it" } @else { (golden.individuals.len()) " people" } }
                table.stack {
                    thead { tr { @for head in ["Person", "Relation", "E-mail", "Phone"] { th scope="col" { (head) } } } }
                    tbody { @for (place, person) in golden.individuals.iter().enumerate() { tr {
                        th scope="row" {
                            @match choice {
                                Some((best, number)) => { label for={ "person-" (number) "-" (person.id) } {
                                    input #{ "person-" (number) "-" (person.id) } type="radio" name="individual" value=(person.id) checked[best == Some(person.id)];
                                    " " (person_name(person))
                                } }
                                None => { (person_name(person)) }
                            }
                        }
                        td data-name="Relation" { (relation(person, place)) }
                        td data-name="E-mail" { (methods(person, MethodKind::Email)) }
                        td data-name="Phone" { (methods(person, MethodKind::Phone)) }
                    } } }
                }
            }
        }
    }
}

/// What a person is to the contact.
pub(super) fn relation(person: &GoldenIndividual, place: usize) -> String {
    let place = match place {
        0 => "primary",
        1 => "secondary",
        _ => "further",
    };
    let died = person.fields.get(&Field::IsDeceased).is_some_and(|value| value == "true");
    if died { format!("{place}, deceased") } else { place.to_owned() }
}

fn methods(person: &GoldenIndividual, kind: MethodKind) -> String {
    let own = person.methods.iter().filter(|own| !own.archived && own.plain().kind() == kind);
    own.map(|own| own.value.as_str()).collect::<Vec<_>>().join(", ")
}
