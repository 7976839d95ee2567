//! Normal forms of people's and organizations' names, and nicknames.

use proptest::prelude::*;
use tributary_contact::normalise::{
    Generation, Nicknames, OrganizationForm, PersonForm, PersonText, nickname_classes, organization, person,
    share_nickname,
};

fn parts(first: &str, last: &str) -> Option<PersonForm> {
    person(&PersonText { first: Some(first), last: Some(last), ..PersonText::default() })
}

fn whole(name: &str) -> Option<PersonForm> {
    person(&PersonText { whole: Some(name), ..PersonText::default() })
}

/// `first|middle|last|partner|generation`.
fn line(form: Option<PersonForm>) -> String {
    let form = form.unwrap_or_default();
    let generation = form.generation.map(|generation| format!("{generation:?}")).unwrap_or_default();
    [form.first, form.middle, form.last, form.partner.unwrap_or_default(), generation].join("|")
}

fn core(name: &str) -> String {
    organization(name).map(|form| form.core).unwrap_or_default()
}

#[test]
fn a_whole_name_is_taken_apart() {
    let cases = [
        ("Bob Smith", "bob||smith||"),
        ("BOB   SMITH", "bob||smith||"),
        ("Smith, Bob", "bob||smith||"),
        ("Smith Jr, Bob", "bob||smith||Junior"),
        ("Smith, Bob, Jr.", "bob||smith||Junior"),
        ("Smith, Bob James", "bob|james|smith||"),
        ("Bob Smith Jr", "bob||smith||Junior"),
        ("Bob Smith, Jr.", "bob||smith||Junior"),
        ("Bob Smith III", "bob||smith||Third"),
        ("Bob Smith V", "bob||smith||Later"),
        ("Dr. Bob J. Smith, M.D.", "bob|j|smith||"),
        ("Dr. Bob J. Smith MD PhD", "bob|j|smith||"),
        ("Bob Smith Sr., Esq.", "bob||smith||Senior"),
        ("Mr. Smith", "||smith||"),
        ("The Smith Family", "||smith||"),
        ("Bob", "bob||||"),
        ("J.R. Smith", "j|r|smith||"),
        ("Juan de la Cruz", "juan||delacruz||"),
        ("Ludwig van Beethoven", "ludwig||vanbeethoven||"),
        ("Mary O'Brien", "mary||obrien||"),
        ("Mary St. John", "mary||stjohn||"),
        ("Mary Saint-John", "mary||stjohn||"),
        ("Robert \"Bob\" Smith", "robert||smith||"),
        ("Robert (Bob) Smith", "robert||smith||"),
        ("José Núñez", "jose||nunez||"),
        ("Terrance Sudderth-Hayes", "terrance||sudderthhayes||"),
        ("Nguyen, Do", "do||nguyen||"),
        ("Bob Smith, MA", "bob||smith||"),
        ("Tom Do", "tom||do||"),
        ("Major Tom Smith", "tom||smith||"),
        ("Major Smith", "major||smith||"),
        ("Bob Smith 3rd", "bob||smith||Third"),
    ];
    for (raw, expected) in cases {
        assert_eq!(line(whole(raw)), expected, "{raw}");
    }
}

#[test]
fn a_joint_name_gives_the_first_person_and_the_partner() {
    let cases = [
        ("Bob & Mary Smith", "bob||smith|mary|"),
        ("Bob and Mary Smith", "bob||smith|mary|"),
        ("Bob J. and Mary K. Smith", "bob|j|smith|mary|"),
        ("Bob Smith & Mary Jones", "bob||smith|mary|"),
        ("Bob Smith and Mary", "bob||smith|mary|"),
        ("Smith, Bob & Mary", "bob||smith|mary|"),
        ("Smith, Bob and Smith, Mary", "bob||smith|mary|"),
        ("Mr and Mrs Bob Smith", "bob||smith||"),
        ("Mr. & Mrs. Smith", "||smith||"),
        ("Dr. Bob and Mrs. Mary Smith", "bob||smith|mary|"),
        ("Bob and Mary de la Cruz", "bob||delacruz|mary|"),
        ("Christopher and Richard Garcia Martin", "christopher||martin|richard|"),
    ];
    for (raw, expected) in cases {
        assert_eq!(line(whole(raw)), expected, "{raw}");
    }
    let fields = [
        ("Bob & Mary", "Smith", "bob||smith|mary|"),
        ("Bob and Mary", "Smith", "bob||smith|mary|"),
        ("Bob/Mary", "Smith", "bob||smith|mary|"),
        ("Bob & Mary Smith", "Smith", "bob||smith|mary|"),
        ("Mr & Mrs Bob", "Smith", "bob||smith||"),
    ];
    for (first, last, expected) in fields {
        assert_eq!(line(parts(first, last)), expected, "{first} {last}");
    }
}

#[test]
fn fields_are_cleared_of_titles_suffixes_and_generations() {
    let cases = [
        ("Bob", "Smith", "bob||smith||"),
        ("Dr. Bob", "Smith", "bob||smith||"),
        ("Bob", "Smith Jr.", "bob||smith||Junior"),
        ("Bob", "Smith, III", "bob||smith||Third"),
        ("Bob", "Smith M.D.", "bob||smith||"),
        ("Bob Jr", "Smith", "bob||smith||Junior"),
        ("Bob J.", "Smith", "bob|j|smith||"),
        ("J.R.", "Smith", "j|r|smith||"),
        ("Bob V", "Smith", "bob|v|smith||"),
        ("Bob Smith", "Smith", "bob||smith||"),
        ("Mary Ann", "Smith", "mary ann||smith||"),
        ("Mary-Ann", "Smith", "mary ann||smith||"),
        ("Junior", "Senior", "junior||senior||"),
        ("Bob", "De La Cruz", "bob||delacruz||"),
        ("Bob", "O Brien", "bob||obrien||"),
        ("Bob", "Mc Donald", "bob||mcdonald||"),
        ("Bob", "van 't Hoff", "bob||vanthoff||"),
        ("Anh", "Do", "anh||do||"),
        ("Андрей", "Чехов", "andrei||chekhov||"),
    ];
    for (first, last, expected) in cases {
        assert_eq!(line(parts(first, last)), expected, "{first} {last}");
    }
}

#[test]
fn other_fields_complete_the_name() {
    let base = PersonText { first: Some("Bob"), last: Some("Smith"), ..PersonText::default() };
    let generation = |text: PersonText<'_>| person(&text).unwrap().generation;
    assert_eq!(generation(PersonText { suffix: Some("Jr."), ..base }), Some(Generation::Junior));
    assert_eq!(generation(PersonText { suffix: Some("MD, Sr"), ..base }), Some(Generation::Senior));
    assert_eq!(generation(PersonText { suffix: Some("I.I.I."), ..base }), Some(Generation::Third));
    assert_eq!(generation(PersonText { prefix: Some("Sr."), ..base }), None);
    assert_eq!(generation(PersonText { prefix: Some("Mr."), suffix: Some("Esq"), ..base }), None);
    assert_eq!(person(&PersonText { middle: Some("J."), ..base }).unwrap().middle, "j");
    let initial = PersonText { first: Some("Bob J"), middle: Some("James Jr"), ..base };
    assert_eq!(line(person(&initial)), "bob|james|smith||Junior");
}

#[test]
fn a_name_in_the_wrong_field_is_found() {
    let first = PersonText { first: Some("Bob Smith"), ..PersonText::default() };
    let last = PersonText { last: Some("Smith, Bob"), ..PersonText::default() };
    let both = PersonText { last: Some("Bob and Mary Smith"), ..PersonText::default() };
    let half = PersonText { last: Some("Smith"), whole: Some("Bob Smith"), ..PersonText::default() };
    assert_eq!(line(person(&first)), "bob||smith||");
    assert_eq!(line(person(&last)), "bob||smith||");
    assert_eq!(line(person(&both)), "bob||smith|mary|");
    assert_eq!(line(person(&half)), "bob||smith||");
    let alone = PersonText { last: Some("de la Cruz"), whole: Some("Community Fund"), ..PersonText::default() };
    assert_eq!(line(person(&alone)), "||delacruz||");
}

#[test]
fn nothing_and_placeholders_are_nobody() {
    for raw in ["", "  ", "N/A", "Anonymous", "Anonymous Donor", "unknown", "---", "&", ",", "( )", "\u{301}"] {
        assert_eq!(whole(raw), None, "{raw}");
    }
    assert_eq!(parts("Anonymous", "Anonymous"), None);
    assert_eq!(line(parts("Unknown", "Smith")), "||smith||");
    assert_eq!(person(&PersonText::default()), None);
}

#[test]
fn parts_of_a_last_name_leave_particles_out() {
    let parts_of = |last: &str| parts("Bob", last).unwrap().last_parts;
    assert_eq!(parts_of("Garcia-Lopez"), ["garcia", "lopez"]);
    assert_eq!(parts_of("de la Cruz Vega"), ["cruz", "vega"]);
    assert_eq!(parts_of("Smith & Jones"), ["smith", "jones"]);
    assert_eq!(parts_of("O Brien"), ["obrien"]);
    assert_eq!(parts_of("van"), ["van"]);
}

#[test]
fn organizations_differ_by_their_own_words_only() {
    let cases = [
        ("The Acme Company, Inc.", "acme"),
        ("ACME CO", "acme"),
        ("Acme L.L.C.", "acme"),
        ("Acme L L C", "acme"),
        ("Acme Inc of Ohio", "acme of ohio"),
        ("Byrum & Oakes Ltd", "byrum oakes"),
        ("Byrum and Oakes", "byrum oakes"),
        ("St. Mary's Catholic Church", "saint marys catholic church"),
        ("Saint Marys Catholic Church", "saint marys catholic church"),
        ("Natl Assn of Nurses", "national association of nurses"),
        ("Nat'l Ass'n of Nurses", "national association of nurses"),
        ("Islamic Ctr of Gahanna", "islamic center of gahanna"),
        ("First Baptist Church", "1st baptist church"),
        ("Y.M.C.A.", "ymca"),
        ("Y M C A", "ymca"),
        ("A & B Plumbing", "ab plumbing"),
        ("A and B Plumbing", "ab plumbing"),
        ("Müller Stiftung gGmbH", "muller stiftung"),
        ("Univ of Ohio Fdn", "university of ohio foundation"),
        ("The Company", "the company"),
        ("Inc", "inc"),
    ];
    for (raw, expected) in cases {
        assert_eq!(core(raw), expected, "{raw}");
    }
    assert_eq!(organization(" - "), None);
    let form = organization("Church of the Church").unwrap();
    assert_eq!(form.tokens, ["church", "of"]);
}

#[test]
fn nicknames_are_a_relation_by_classes() {
    for (a, b) in [
        ("bob", "robert"),
        ("peggy", "margaret"),
        ("bob", "rob"),
        ("bill", "william"),
        ("paco", "francisco"),
        ("pepe", "jose"),
        ("jo", "joan"),
        ("jo", "josephine"),
        ("katherine", "catherine"),
        ("tony", "antonio"),
        ("mike", "michael"),
        ("lupita", "guadalupe"),
        ("steven", "stephen"),
        ("chris", "christopher"),
        ("beth", "elizabeth"),
        ("jim", "james"),
        ("dick", "richard"),
    ] {
        assert!(share_nickname(a, b) && share_nickname(b, a), "{a} {b}");
    }
    for (a, b) in [("joan", "josephine"), ("robert", "william"), ("mary", "margaret"), ("zzz", "zzz"), ("", "bob")] {
        assert!(!share_nickname(a, b), "{a} {b}");
    }
    assert!(nickname_classes("bob").windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn nicknames_of_many_languages_are_known() {
    for (a, b) in [
        ("sasha", "aleksandr"),
        ("kasia", "katarzyna"),
        ("wolfi", "wolfgang"),
        ("uschi", "ursula"),
        ("gigi", "luigi"),
        ("toto", "salvatore"),
        ("kees", "cornelis"),
        ("pista", "istvan"),
        ("kostas", "konstantinos"),
        ("mohamed", "mehmet"),
        ("chico", "francisco"),
        ("dmitrii", "dima"),
        ("youssef", "joseph"),
        ("giovanni", "john"),
        ("seamus", "james"),
    ] {
        assert!(share_nickname(a, b) && share_nickname(b, a), "{a} {b}");
    }
}

#[test]
fn an_organization_adds_and_removes_pairs_of_nicknames() {
    let edited = Nicknames::edited(&[("Žužu", "Susan"), ("", "Bob"), ("Ann", "ann")], &[("Robert", "BOB")]);
    assert!(edited.share("zuzu", "susan") && edited.share("susan", "zuzu") && edited.share("susan", "sue"));
    assert!(!edited.share("zuzu", "sue"));
    assert!(!edited.share("robert", "bob") && edited.share("robert", "rob") && edited.share("bob", "rob"));
    assert_eq!(edited.related("zuzu"), ["susan"]);
    assert_eq!(edited.classes("bob"), nickname_classes("bob"));
    assert!(edited.classes("susan").windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(Nicknames::edited(&[("Zu", "Su")], &[("su", "zu")]).related("su"), Nicknames::default().related("su"));
}

const FIRSTS: &str = "Bob|Mary|mary ann|Jean-Luc|J|Señora|José|Dr Bob|Major|Junior";
const LASTS: &str = "Smith|O'Brien|de la Cruz|Smith-Jones|van Dyke|St\\. John|Mc Donald|Le";
const DOUBLE_LASTS: &str = "Núñez Vega|Smith|van Dyke|de la Cruz Ortiz";

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(a in ".{0,60}", b in ".{0,60}", c in ".{0,30}") {
        let text = PersonText { prefix: Some(&c), first: Some(&a), middle: Some(&c), last: Some(&b), suffix: Some(&c), whole: Some(&b) };
        let _ = (person(&text), whole(&a), organization(&a), parts(&a, ""), parts("", &b));
    }

    #[test]
    fn names_made_of_awkward_words_are_read_without_a_panic(
        words in prop::collection::vec("&|,|and|jr|sr|mr|mrs|v|i|de|la|the|family|m\\.d\\.|\\(|\"|-|a|smith|anonymous|md|/", 0..9),
    ) {
        let name = words.join(" ");
        let _ = (whole(&name), parts(&name, &name), parts(&name, ""), organization(&name));
    }

    #[test]
    fn case_spacing_and_accents_do_not_change_a_person(first in FIRSTS, last in DOUBLE_LASTS) {
        let plain = parts(&first, &last);
        prop_assert!(plain.is_some());
        prop_assert_eq!(parts(&first.to_uppercase(), &last.to_lowercase()), plain.clone());
        prop_assert_eq!(parts(&format!("  {first} "), &last.replace(' ', "   ")), plain.clone());
        prop_assert_eq!(parts(&first.replace('é', "e").replace('ñ', "n"), &last.replace('ú', "u").replace('ñ', "n")), plain);
    }

    #[test]
    fn a_form_of_a_person_is_its_own_form(first in FIRSTS, last in prop_oneof![LASTS, DOUBLE_LASTS]) {
        let form = parts(&first, &last).unwrap();
        let again = parts(&form.first, &form.last).unwrap();
        prop_assert_eq!((again.first, again.last), (form.first, form.last));
    }

    #[test]
    fn the_order_of_a_whole_name_does_not_change_it(first in "Bob|Mary|José|Al", last in LASTS) {
        prop_assert_eq!(whole(&format!("{last}, {first}")), whole(&format!("{first} {last}")));
        prop_assert_eq!(whole(&format!("{first} {last}")), parts(&first, &last));
    }

    #[test]
    fn an_organizations_core_is_its_own_form(
        words in prop::collection::vec("Acme|Saint|Ctr|of|Ohio|&|and|The|Inc|Univ|Natl|St|Co", 1..6),
    ) {
        let form: Option<OrganizationForm> = organization(&words.join(" "));
        let again = form.as_ref().and_then(|form| organization(&form.core));
        prop_assert_eq!(&again, &form);
        prop_assert_eq!(&organization(&words.join("  ").to_uppercase()), &form);
    }
}
