//! Two contacts before they are merged: side by side, who is whom, whose values are kept, and what survives. The page of a
//! merge and the page of a pair of duplicates show it.

use super::contact::history;
use crate::form;
use crate::format;
use crate::view::beside::{Table, choices};
use crate::view::compare::{Side as Beside, compare, person_name};
use crate::view::layout::token;
use crate::view::part;
use crate::view::provenance::Suppliers;
use crate::visit::Visit;
use maud::{Markup, html};
use std::collections::BTreeMap;
use tributary_contact::merge::Side;
use tributary_contact::{ContactId, Golden, ItemId, OrganizationId};
use tributary_engine::{ContactRecords, Engine, EngineError, MergeRequest, MergeView};
use tributary_store::Role;

/// What a choice of a person is called in a form: this and the number of the person who is merged away.
const PERSON: &str = "person:";
/// The form of the page.
const FORM: &str = "merge";

/// A merge that is looked at.
pub(super) struct Preview {
    view: MergeView,
    survivor: ContactRecords,
    merged: ContactRecords,
    chosen: Vec<(String, Side)>,
}

/// What a form asks for.
pub(super) fn request(pairs: &[(String, String)], survivor: ContactId, merged: ContactId) -> MergeRequest {
    let person = |(name, value): &(String, String)| {
        let from = ItemId(name.strip_prefix(PERSON)?.parse().ok()?);
        match value.as_str() {
            "new" => Some((from, None)),
            into => Some((from, Some(ItemId(into.parse().ok()?)))),
        }
    };
    MergeRequest {
        survivor,
        merged,
        people: pairs.iter().filter_map(person).collect(),
        choices: choices(pairs).into_iter().collect(),
    }
}

impl Preview {
    /// Works it out.
    pub(super) fn read(engine: &Engine, org: OrganizationId, request: &MergeRequest) -> Result<Self, EngineError> {
        let view = engine.preview_merge(org, request)?;
        let survivor = engine.contact_records(org, request.survivor)?;
        let merged = engine.contact_records(org, request.merged)?;
        let chosen = request.choices.iter().map(|(field, side)| (field.clone(), *side)).collect();
        Ok(Self { view, survivor, merged, chosen })
    }

    fn goldens(&self) -> (&Golden, &Golden) {
        (&self.merged.contact.golden, &self.survivor.contact.golden)
    }

    /// The contact that is merged away.
    pub(super) const fn merged(&self) -> ContactId {
        self.view.merged
    }

    /// Both contacts by name, with the numbers.
    pub(super) fn heading(&self) -> Markup {
        let link = |of: &ContactRecords| html! { a href=(part::contact_path(of.contact.id)) { (part::name(&of.contact)) } " (" (of.contact.id) ")" };
        html! { p { (link(&self.merged)) " goes into " (link(&self.survivor)) ", which keeps its number." } }
    }

    /// The two side by side, and the form. `path` is where the form is sent, `beside` more buttons of its row.
    pub(super) fn markup(&self, visit: &Visit, path: &str, beside: &Markup) -> Markup {
        let may = visit.may(Role::Reviewer);
        html! {
            section.panel { h2 { "Side by side" } (self.tables(visit, may)) }
            @if may { form.panel #(FORM) method="post" action=(path) {
                (token(visit))
                input type="hidden" name="survivor" value=(self.view.contact.id);
                input type="hidden" name="merged" value=(self.view.merged);
                (self.people())
                div.row {
                    button.main name="action" value="merge" data-key="m" { "Merge into contact " (self.view.contact.id) " " kbd { "m" } }
                    button name="action" value="preview" { "Show what my choices make" }
                    (beside)
                }
            } }
            section.panel { h2 { "What changes of contact " (self.view.contact.id) }
                @if self.view.changes.is_empty() { p { "Nothing: it says all of it already." } }
                @else { (history::table(&self.view.changes)) }
                p.soft { "References, gifts, tags and notes of both stay; an opt-out of either holds. It can be taken back." }
            }
        }
    }

    /// One table per pair of people; the first has the values of the contacts too.
    fn tables(&self, visit: &Visit, may: bool) -> Markup {
        let pairs: Vec<(ItemId, ItemId)> =
            self.view.people.iter().filter_map(|(from, into)| Some((*from, (*into)?))).collect();
        let (from, into) = self.goldens();
        let alone =
            self.view.people.iter().filter(|(_, into)| into.is_none()).filter_map(|(id, _)| from.individual(*id));
        html! {
            (self.table(visit, pairs.first().copied(), true, may))
            @for pair in pairs.iter().skip(1) {
                h3 { (into.individual(pair.1).map(person_name).unwrap_or_default()) }
                (self.table(visit, Some(*pair), false, may))
            }
            @for person in alone { p { b { (person_name(person)) } " becomes a further person." } }
        }
    }

    fn table(&self, visit: &Visit, pair: Option<(ItemId, ItemId)>, whole: bool, may: bool) -> Markup {
        let (from, into) = self.goldens();
        let nobody = Golden::default();
        let side = |golden: &Golden, id: Option<ItemId>| {
            let person = id.and_then(|id| golden.individual(id));
            Beside::on_file(if whole { golden } else { &nobody }, person)
        };
        let lines = compare(
            &side(from, pair.map(|own| own.0)),
            &side(into, pair.map(|own| own.1)),
            &visit.organization.country,
        );
        let own = pair.map(|own| format!("individuals/{}/", own.1));
        let mine = |field: &str| match field.starts_with("individuals/") {
            true => own.as_ref().is_some_and(|own| field.starts_with(own.as_str())),
            false => whole,
        };
        let differences: Vec<_> = self.view.differences.iter().filter(|own| mine(&own.field)).cloned().collect();
        let heads = [self.merged.contact.id, self.survivor.contact.id].map(|id| format!("Contact {id}"));
        let id = pair.map_or("whole".to_owned(), |own| format!("pair-{}", own.1));
        let table = Table {
            id: &id,
            heads: [&heads[0], &heads[1]],
            pair: true,
            suppliers: [Some(suppliers(&self.merged, visit)), Some(suppliers(&self.survivor, visit))],
            individual: pair.map(|own| own.1),
            differences: &differences,
            chosen: &self.chosen,
            form: may.then_some(FORM),
        };
        table.markup(&lines)
    }

    /// Who of the one is whom of the other.
    fn people(&self) -> Markup {
        let (from, into) = self.goldens();
        let whom: BTreeMap<ItemId, Option<ItemId>> = self.view.people.iter().copied().collect();
        html! { fieldset { legend { "Who is whom" }
            @for person in &from.individuals {
                @let present = whom.get(&person.id).copied().flatten();
                @let id = format!("person-{}", person.id);
                div.field { label for=(id) { (person_name(person)) " of contact " (self.view.merged) " is" }
                    select id=(id) name={ (PERSON) (person.id) } {
                        @for own in &into.individuals { option value=(own.id) selected[present == Some(own.id)] { (person_name(own)) } }
                        option value="new" selected[present.is_none()] { "a further person" }
                    }
                }
            }
        } }
    }
}

fn suppliers<'a>(of: &'a ContactRecords, visit: &Visit) -> Suppliers<'a> {
    Suppliers { golden: &of.contact.golden, records: &of.records, zone: visit.zone }
}

/// The form that says that the two are two.
pub(super) fn two(visit: &Visit, path: &str, (contact, other): (ContactId, ContactId), key: bool) -> Markup {
    html! {
        form.row method="post" action=(path) {
            (token(visit))
            input type="hidden" name="contact" value=(contact);
            input type="hidden" name="other" value=(other);
            label.inline for="note" { "Note" } input #note name="note" maxlength="400" autocomplete="off";
            label.inline { input type="checkbox" name="until_more_is_known" value="1"; " only until more is known" }
            button data-key=[key.then_some("n")] { "Not a duplicate" @if key { " " kbd { "n" } } }
        }
    }
}

/// How sure a pair is.
pub(super) fn sure(probability: f64) -> Markup {
    html! { span.tag { (format::share(probability)) " the same person" } }
}

/// The two contacts that a form names.
pub(super) fn both(pairs: &[(String, String)]) -> Option<(ContactId, ContactId)> {
    Some((ContactId(form::number(pairs, "survivor")?), ContactId(form::number(pairs, "merged")?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_who_is_whom_and_what_is_kept() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let pairs = [
            pair("person:91", "81"),
            pair("person:92", "new"),
            pair("person:x", "1"),
            pair("keep:website", "survivor"),
        ];
        let request = request(&pairs, ContactId(1), ContactId(2));
        assert_eq!(request.people, [(ItemId(91), Some(ItemId(81))), (ItemId(92), None)].into());
        assert_eq!(request.choices, [("website".to_owned(), Side::Survivor)].into());
    }
}
