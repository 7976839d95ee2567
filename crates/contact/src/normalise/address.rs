//! Postal addresses, standardised after USPS Publication 28 (<https://pe.usps.com/text/pub28/welcome.htm>)
//! and in a simpler way elsewhere.

mod lines;
mod place;
mod street;
mod tables;
mod tokens;
mod unit;

use crate::model::Address;

/// Normal form of a postal address; parts are folded text, empty when missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressForm {
    /// House number.
    pub number: String,
    /// Street without suffix abbreviations differing: standard suffix and directionals (USPS Publication 28).
    pub street: String,
    /// Core of the street: without suffix and directionals.
    pub street_core: String,
    /// Unit (`apt 4` -> `4`).
    pub unit: String,
    /// Number of the PO box.
    pub po_box: String,
    /// City.
    pub city: String,
    /// State or region code, lower case.
    pub state: String,
    /// Postal code: the five digits of a ZIP, otherwise without spaces.
    pub postal: String,
    /// ISO country code, lower case.
    pub country: String,
}

/// Normal form of a postal address; `country` (ISO code) holds where the address names none and its
/// region and postal code point nowhere else.
///
/// None when all parts are blank. An address written into one line (`1 Main St, Salem, OR 97301`) is
/// taken apart when city and postal code have no fields of their own. Lines that are neither street,
/// unit nor PO box (`c/o …`, names of buildings) are left out.
#[must_use]
pub fn address(raw: &Address, country: &str) -> Option<AddressForm> {
    if raw.is_empty() {
        return None;
    }
    let mut place = place::read(raw, country);
    let text = [raw.address1.as_deref(), raw.address2.as_deref()].map(Option::unwrap_or_default).map(tokens::Line::new);
    let mut lines = lines::segments(&text);
    lines::take_place(&mut lines, &mut place);
    let (po_box, unit, street) = lines::sort_out(lines, &place.country);
    let form = AddressForm {
        number: street.number,
        street: street.standard,
        street_core: street.core,
        unit,
        po_box,
        city: place.city,
        state: place.state,
        postal: place.postal,
        country: place.country,
    };
    (form.says_where() || place.names_country).then_some(form)
}

impl AddressForm {
    /// The text under which two addresses are the same one: number, standard street, unit, PO box,
    /// postal code (city and region when there is none, or no street either), country.
    #[must_use]
    pub fn key(&self) -> String {
        let has_line = !(self.street.is_empty() && self.number.is_empty() && self.po_box.is_empty());
        let (city, state) = if has_line && !self.postal.is_empty() { ("", "") } else { (&*self.city, &*self.state) };
        [&self.number, &self.street, &self.unit, &self.po_box, &self.postal, city, state, &self.country].join("|")
    }

    /// Whether any part but the country is there.
    fn says_where(&self) -> bool {
        let parts = [&self.number, &self.street, &self.unit, &self.po_box, &self.city, &self.state, &self.postal];
        parts.iter().any(|part| !part.is_empty())
    }
}
