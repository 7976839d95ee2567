//! Two sides of a comparison as a table: what each says, where that came from, and whose value is kept.

use crate::format;
use crate::view::compare::{Held, Line};
use crate::view::provenance::{Suppliers, value};
use maud::{Markup, html};
use tributary_contact::ItemId;
use tributary_contact::merge::{Difference, Side};

/// What a choice of a value is called in a form: this and the path of the difference.
pub(crate) const KEEP: &str = "keep:";

/// How a table is made of lines.
pub(crate) struct Table<'a> {
    /// Unique on the page.
    pub(crate) id: &'a str,
    /// Heads of the two sides.
    pub(crate) heads: [&'a str; 2],
    /// Whether the first side is on file too.
    pub(crate) pair: bool,
    /// Where the values of each side came from.
    pub(crate) suppliers: [Option<Suppliers<'a>>; 2],
    /// The person whose values are compared, by the number it has after a merge.
    pub(crate) individual: Option<ItemId>,
    /// The single values that a person can choose; `survivor` is the second side, `merged` the first one.
    pub(crate) differences: &'a [Difference],
    /// What was chosen before.
    pub(crate) chosen: &'a [(String, Side)],
    /// The form that the choices belong to; none leaves them out.
    pub(crate) form: Option<&'a str>,
}

impl Table<'_> {
    /// The table. Differences of values that no line shows follow at its end.
    pub(crate) fn markup(&self, lines: &[Line]) -> Markup {
        let shown: Vec<Option<&Difference>> = lines.iter().map(|line| self.of_line(line)).collect();
        let rest = self.differences.iter().filter(|own| !shown.contains(&Some(*own)));
        html! {
            table.stack.compared {
                thead { tr { th scope="col" { "Field" } th scope="col" { (self.heads[0]) } th scope="col" { (self.heads[1]) } th scope="col" { "Difference" } } }
                tbody {
                    @for (place, (line, difference)) in lines.iter().zip(&shown).enumerate() { (self.line(line, *difference, place)) }
                    @for own in rest { (self.further(own)) }
                }
            }
        }
    }

    fn of_line(&self, line: &Line) -> Option<&Difference> {
        let field = line.field?;
        let own = self.individual.map(|id| format!("individuals/{id}/{field}"));
        let is_it = |known: &&Difference| known.field == field.as_str() || Some(&known.field) == own.as_ref();
        self.differences.iter().find(is_it)
    }

    fn line(&self, line: &Line, difference: Option<&Difference>, place: usize) -> Markup {
        let word = if self.pair { line.mark.word_of_pair() } else { line.mark.word() };
        html! { tr.differs[line.mark.class() == "differs"] {
            th scope="row" { (line.name) }
            td data-name=(self.heads[0]) { (self.values(&line.first, 0, place)) }
            td data-name=(self.heads[1]) { (self.values(&line.second, 1, place)) }
            td { span class={ "mark " (line.mark.class()) } { (word) } @if let Some(own) = difference { (self.choice(own, &line.name)) } }
        } }
    }

    fn values(&self, values: &[Held], side: usize, line: usize) -> Markup {
        let suppliers = self.suppliers.get(side).and_then(Option::as_ref);
        html! { @for (place, held) in values.iter().enumerate() {
            @if place > 0 { br; }
            (value(held, suppliers, &format!("{}-{side}-{line}-{place}", self.id)))
        } }
    }

    /// A difference that no line shows: of the type, of a custom field, of another person.
    fn further(&self, own: &Difference) -> Markup {
        let name = path_words(&own.field);
        html! { tr.differs {
            th scope="row" { (name) }
            td data-name=(self.heads[0]) { (own.merged.as_deref().unwrap_or_default()) }
            td data-name=(self.heads[1]) { (own.survivor.as_deref().unwrap_or_default()) }
            td { span.mark.differs { "differs" } (self.choice(own, &name)) }
        } }
    }

    /// Whose value is kept. Choosing nothing leaves it to the rules, and says what they make of it.
    fn choice(&self, own: &Difference, name: &str) -> Markup {
        let chosen = self.chosen.iter().find(|(field, _)| *field == own.field).map(|(_, side)| *side);
        let option = |side: Side, head: &str, value: &Option<String>| {
            html! { option value=(side) selected[chosen == Some(side)] { (head) ": " (value.as_deref().unwrap_or("nothing")) } }
        };
        html! { @if let Some(form) = self.form {
            select.keep name={ (KEEP) (own.field) } form=(form) aria-label={ "Keep as " (name) } {
                option value="" { "by the rules" @if chosen.is_none() { ": " (own.result.as_deref().unwrap_or("nothing")) } }
                (option(Side::Merged, self.heads[0], &own.merged))
                (option(Side::Survivor, self.heads[1], &own.survivor))
            }
        } }
    }
}

/// The choices of a form.
pub(crate) fn choices(pairs: &[(String, String)]) -> Vec<(String, Side)> {
    let choice = |(name, value): &(String, String)| {
        let field = name.strip_prefix(KEEP)?;
        Some((field.to_owned(), Side::parse(value)?))
    };
    pairs.iter().filter_map(choice).collect()
}

/// A path of a value in words: `individuals/81/lastName` is `Person 81, Last name`.
pub(crate) fn path_words(path: &str) -> String {
    let mut parts = path.split('/');
    let whole = parts.next().unwrap_or(path);
    let kind = match whole {
        "individuals" => "Person".to_owned(),
        "methods" => "Contact point".to_owned(),
        "addresses" => "Address".to_owned(),
        "customFields" => String::new(),
        other => format::words(other),
    };
    let words = |part: &str| if part == "customFields" { String::new() } else { format::words(part) };
    let number = parts.next().map(|number| format!(" {number}")).unwrap_or_default();
    let rest: Vec<String> = parts.map(words).filter(|part| !part.is_empty()).collect();
    let field = if rest.is_empty() { String::new() } else { format!(", {}", rest.join(" ")) };
    format!("{kind}{number}{field}").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_in_words() {
        assert_eq!(path_words("individuals/81/lastName"), "Person 81, Last name");
        assert_eq!(path_words("individuals/81/customFields/diet"), "Person 81, Diet");
        assert_eq!(path_words("customFields/shirt size"), "shirt size");
        assert_eq!(path_words("addresses/84"), "Address 84");
        assert_eq!(path_words("contactType"), "Contact type");
    }

    #[test]
    fn choices_are_read_from_a_form() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let pairs = [pair("keep:website", "merged"), pair("keep:passion", ""), pair("contact", "merged")];
        assert_eq!(choices(&pairs), [("website".to_owned(), Side::Merged)]);
    }
}
