//! Normal forms of postal addresses.

use proptest::prelude::*;
use tributary_contact::Address;
use tributary_contact::normalise::{AddressForm, address, address_key};

fn said(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn lines(address1: &str, address2: &str) -> Address {
    Address { address1: said(address1), address2: said(address2), ..Address::default() }
}

fn ohio(address1: &str, address2: &str) -> Address {
    Address { city: said("Columbus"), state: said("OH"), postal: said("43203"), ..lines(address1, address2) }
}

fn read(raw: &Address) -> AddressForm {
    address(raw, "US").unwrap_or_default()
}

/// `number|street|unit|po box`.
fn street(address1: &str, address2: &str) -> String {
    let form = read(&lines(address1, address2));
    [form.number, form.street, form.unit, form.po_box].join("|")
}

/// `city|state|postal|country`.
fn place(city: &str, state: &str, postal: &str, country: &str) -> String {
    let raw = Address {
        city: said(city),
        state: said(state),
        postal: said(postal),
        country: said(country),
        ..Address::default()
    };
    let form = read(&raw);
    [form.city, form.state, form.postal, form.country].join("|")
}

/// Asserts that all spellings of the lines have one key.
fn same(spellings: &[(&str, &str)]) {
    let keys: Vec<String> = spellings.iter().map(|(one, two)| address_key(&ohio(one, two), "US")).collect();
    for (key, spelling) in keys.iter().zip(spellings) {
        assert_eq!(Some(key), keys.first(), "{spelling:?}");
    }
}

#[test]
fn spellings_of_one_address_have_one_key() {
    same(&[
        ("271 East Gary Circle, Apartment 4", ""),
        ("271 E. Gary Cir. #4", ""),
        ("271 e gary circle", "apt 4"),
        ("271 E GARY CIRCLE APT 04", ""),
        ("271 E Gary Circle Apt. #4", ""),
        ("Apt 4, 271 E Gary Circle", ""),
        ("Apt 4", "271 E Gary Cir"),
        ("271 E Gary Cir 4", ""),
        ("271 E Gary Cir, Unit 4, Columbus, OH 43203", ""),
        ("c/o Bob Smith", "271 E Gary Circle Apt4"),
    ]);
    same(&[
        ("14278 West Sixty-First Place", ""),
        ("14278 W 61st Pl", ""),
        ("14278 W. 61 Place", ""),
        ("14278 west 61st pl.", ""),
    ]);
    same(&[
        ("PO Box 4895", ""),
        ("P.O. Box 4895", ""),
        ("P O BOX #4895", ""),
        ("POB 4895", ""),
        ("Post Office Box 4895", ""),
        ("", "pobox4895"),
    ]);
    same(&[("12 St. Mary's Ave", ""), ("12 Saint Marys Avenue", "")]);
    same(&[("18662 Post Cnyn Rd. Ste. 770", ""), ("18662 Post Canyon Road", "Suite 770")]);
    same(&[
        ("9806 Nebraska Rd Nw #21", ""),
        ("9806 Nebraska Road Northwest", "Unit 21"),
        ("9806 Nebraska Rd N.W. Apt 21", ""),
    ]);
    same(&[("12 County Road 7", ""), ("12 Co Rd 7", ""), ("12 CR 7", "")]);
    same(&[("1 Fifth Avenue", ""), ("One 5th Ave", "")]);
    same(&[("12-34 56th St", ""), ("1234 56 Street", "")]);
    same(&[("13231 S.Burley", ""), ("13231 South Burley", "")]);
}

#[test]
fn street_lines_are_taken_apart() {
    let cases = [
        ("123 Main St", "", "123|main st||"),
        ("0123 Main Street", "", "123|main st||"),
        ("123A Main St", "", "123a|main st||"),
        ("123 A Main St", "", "123a|main st||"),
        ("123 A St", "", "123|a st||"),
        ("123 1/2 Main St", "", "123 1 2|main st||"),
        ("123½ Main St", "", "123 1 2|main st||"),
        ("123 Main St", "4B", "123|main st|4b|"),
        ("123 Main St", "B-4", "123|main st|b4|"),
        ("123 Main St Apt 4-B", "", "123|main st|4b|"),
        ("123 Main St #C", "", "123|main st|c|"),
        ("123 Main St Bldg 3 Apt 4", "", "123|main st|3 4|"),
        ("123 Main St", "3rd Floor", "123|main st|3|"),
        ("123 Main St", "Fl 3", "123|main st|3|"),
        ("123 Main St Rear", "", "123|main st|rear|"),
        ("123 Main St", "Basement", "123|main st|bsmt|"),
        ("123 Front St", "", "123|front st||"),
        ("100 Avenue J", "", "100|ave j||"),
        ("2685 W 7800 S", "", "2685|w 7800 s||"),
        ("N6W23001 Bluemound Rd", "", "n6w23001|bluemound rd||"),
        ("5 Highway 12", "", "5|hwy 12||"),
        ("5 Old Highway 12", "", "5|old hwy 12||"),
        ("100 N St", "", "100|n st||"),
        ("100 La Brea Ave", "", "100|la brea ave||"),
        ("100 Whispering Cypress La", "", "100|whispering cypress ln||"),
        ("100 Dr Martin Luther King Jr Blvd", "", "100|dr martin luther king jr blvd||"),
        ("Smith Hall", "12 College Ave", "12|college ave||"),
        ("RR 2 Box 15", "", "|rr 2 box 15||"),
        ("12 Main St", "PO Box 9", "12|main st||9"),
        ("Rosetta Village", "", "|rosetta vlg||"),
        ("1", "", "1|||"),
        ("5th Ave", "", "|5 ave||"),
        ("489-27th Street", "", "489|27 st||"),
        ("12 CR 48", "", "12|cr 48||"),
    ];
    for (one, two, expected) in cases {
        assert_eq!(street(one, two), expected, "{one} / {two}");
    }
}

#[test]
fn the_core_of_a_street_has_neither_directionals_nor_suffix() {
    let cases = [
        ("1 W Post Canyon Rd", "post cyn"),
        ("1 North Ave", "n"),
        ("1 E St NW", "e"),
        ("1 N Main St S", "main"),
        ("1 Broadway", "broadway"),
        ("1 Park Ave", "park"),
        ("1 Nebraska Rd NW", "nebraska"),
    ];
    for (raw, core) in cases {
        assert_eq!(read(&lines(raw, "")).street_core, core, "{raw}");
    }
}

#[test]
fn places_have_standard_codes() {
    let cases = [
        (("Columbus", "Ohio", "43203-1234", "USA"), "columbus|oh|43203|us"),
        (("COLUMBUS", "O.H.", "432031234", ""), "columbus|oh|43203|us"),
        (("Boston", "Mass.", "2134", "United States of America"), "boston|ma|02134|us"),
        (("St. Louis", "MO", "", "U.S.A."), "saint louis|mo||us"),
        (("Saint Louis", "Missouri", "", "us"), "saint louis|mo||us"),
        (("Ft Worth", "Tex", "", ""), "fort worth|tx||us"),
        (("Columbus, OH 43203", "", "", ""), "columbus|oh|43203|us"),
        (("Washington DC", "", "20001", ""), "washington|dc|20001|us"),
        (("Washington", "D.C.", "20001", ""), "washington|dc|20001|us"),
        (("Toronto", "Ontario", "M5V 2T6", "Canada"), "toronto|on|m5v2t6|ca"),
        (("Toronto", "ON", "m5v2t6", ""), "toronto|on|m5v2t6|ca"),
        (("Montréal", "Québec", "", "CAN"), "montreal|qc||ca"),
        (("Edinburgh", "", "EH1 5TQ", "UK"), "edinburgh||eh15tq|gb"),
        (("Edinburgh", "", "EH1 5TQ", ""), "edinburgh||eh15tq|gb"),
        (("Sydney", "New South Wales", "2000", "Australia"), "sydney|nsw|2000|au"),
        (("Köln", "NRW", "50667", "Deutschland"), "koln|nrw|50667|de"),
        (("San Juan", "", "00901", "Puerto Rico"), "san juan|pr|00901|us"),
        (("Port of Spain", "", "", "Trinidad & Tobago"), "port of spain|||tt"),
        (("Abidjan", "", "", "Côte d’Ivoire"), "abidjan|||ci"),
        (("", "", "00000", "us"), "|||us"),
    ];
    for ((city, state, postal, country), expected) in cases {
        assert_eq!(place(city, state, postal, country), expected, "{city} {state} {postal} {country}");
    }
}

#[test]
fn an_address_in_one_line_is_taken_apart() {
    let cases = [
        "12 Main St, Salem, OR 97301",
        "12 Main St, Salem OR 97301-1234",
        "12 Main St, Salem, Oregon 97301, USA",
        "12 Main St\nSalem, OR 97301",
    ];
    for raw in cases {
        let form = read(&lines(raw, ""));
        let parts = [form.number, form.street, form.unit, form.city, form.state, form.postal].join("|");
        assert_eq!(parts, "12|main st||salem|or|97301", "{raw}");
    }
}

#[test]
fn addresses_elsewhere_are_read_in_their_own_order() {
    let abroad = |raw: &str, country: &str| {
        let form = address(&lines(raw, ""), country).unwrap();
        [form.number, form.street, form.unit, form.country].join("|")
    };
    assert_eq!(abroad("Hauptstraße 12a", "DE"), "12a|hauptstr||de");
    assert_eq!(abroad("Hauptstr. 12 a", "DE"), "12a|hauptstr||de");
    assert_eq!(abroad("Flat 3, 12 Mill Lane", "GB"), "12|ml ln|3|gb");
    assert_eq!(abroad("12 rue de la Paix", "FR"), "12|rue de la paix||fr");
    assert_eq!(abroad("Via Roma 7", "IT"), "7|via roma||it");
    assert_eq!(abroad("12 pinkerton circuit", "AU"), "12|pinkerton cct||au");
}

#[test]
fn an_empty_address_has_no_form() {
    assert_eq!(address(&Address::default(), "US"), None);
    assert_eq!(address(&lines(" ", ","), "US"), None);
    assert_eq!(address_key(&lines("", ""), "US"), "");
}

#[test]
fn keys_tell_units_boxes_and_places_apart() {
    let keys = [
        ohio("12 Main St", ""),
        ohio("12 Main St", "Apt 1"),
        ohio("12 Main St", "Apt 2"),
        ohio("14 Main St", ""),
        ohio("12 Main Ave", ""),
        ohio("12 N Main St", ""),
        ohio("PO Box 12", ""),
        lines("12 Main St", ""),
        ohio("", ""),
        Address { postal: None, ..ohio("12 Main St", "") },
        Address { country: said("CA"), ..ohio("12 Main St", "") },
    ]
    .map(|raw| address_key(&raw, "US"));
    for (at, key) in keys.iter().enumerate() {
        assert!(!keys[..at].contains(key), "{key}");
    }
    let suburb = Address { city: said("Bexley"), ..ohio("12 Main St", "") };
    assert_eq!(address_key(&suburb, "US"), keys[0]);
}

const WORDS: &str = "12|12a|N|West|St|Saint|Main|Oak|Ave|Rd|Lane|Apt|#|4|b|PO|Box|Suite|Floor|3rd|First|Twenty|Hwy|County|,|-|1/2|Rear|c/o|OH|43203";

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(one in ".{0,60}", two in ".{0,40}", city in ".{0,30}", code in ".{0,12}", country in ".{0,12}") {
        let raw = Address {
            city: Some(city), state: Some(code.clone()), postal: Some(code), country: Some(country.clone()), ..lines(&one, &two)
        };
        let _ = (address(&raw, "US"), address(&raw, &country), address_key(&raw, "de"));
    }

    #[test]
    fn lines_made_of_awkward_words_are_read_without_a_panic(words in prop::collection::vec(WORDS, 0..12), country in "US|CA|DE|FR") {
        let line = words.join(" ");
        let _ = (address(&lines(&line, ""), &country), address(&lines("", &line), &country), address(&lines(&line, &line), &country));
    }

    #[test]
    fn case_spacing_and_full_stops_do_not_change_an_address(words in prop::collection::vec(WORDS, 1..8)) {
        let plain = address(&ohio(&words.join(" "), ""), "US");
        prop_assert_eq!(address(&ohio(&words.join("   ").to_uppercase(), " "), "us"), plain.clone());
        prop_assert_eq!(address(&ohio(&words.join(". "), ""), "US"), plain);
    }

    #[test]
    fn suffixes_and_directionals_may_be_spelled_out(number in 1u32..9999, name in "Oak|Elm Hill|Saint Mary|61st", unit in 1u8..90) {
        let short = ohio(&format!("{number} N {name} Blvd #{unit}"), "");
        let long = ohio(&format!("{number} North {name} Boulevard"), &format!("Apartment {unit}"));
        prop_assert_eq!(address(&short, "US"), address(&long, "US"));
    }

    #[test]
    fn a_standard_street_is_its_own_form(number in 1u32..9999, name in "oak|elm|main|park|61|rosetta", suffix in "st|ave|blvd|cir|ln", dir in "n |sw |") {
        let form = read(&ohio(&format!("{number} {dir}{name} {suffix}"), ""));
        let again = read(&ohio(&format!("{} {}", form.number, form.street), ""));
        prop_assert_eq!(again, form);
    }
}
