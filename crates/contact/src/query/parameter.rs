//! The one table of parameters: what can be asked, of which kind it is, and where its values are. Reading a request,
//! evaluating it and describing what can be asked (`QueryOptions`) all go by it.

use super::facts::{Place, code};
use crate::model::{BaseType, Entity, FieldDefinition, FieldType};

/// What a query is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Contacts.
    Contact,
    /// Individuals, each with the contact it belongs to.
    Individual,
    /// Notes.
    Note,
}

/// Kind of a parameter's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, compared in any letter case.
    Text,
    /// A telephone number, compared by its digits.
    Phone,
    /// A whole number.
    Int,
    /// A decimal number.
    Decimal,
    /// A day, or an instant seen as a day.
    Date,
    /// An instant in UTC.
    Time,
    /// Yes or no.
    Boolean,
    /// One of a list.
    List,
    /// A state or province.
    State,
    /// A name out of a list that the organization keeps, such as a tag.
    Lookup,
}

impl Kind {
    /// The name in `QueryOptions` (virtuous-contract.md 4.5).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text | Self::Phone => "String",
            Self::Int => "Int",
            Self::Decimal => "Decimal",
            Self::Date | Self::Time => "Date",
            Self::Boolean => "Boolean",
            Self::List | Self::State => "List",
            Self::Lookup => "Lookup",
        }
    }
}

/// A parameter that records of every organization have.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) place: Place,
    /// Whether it can be asked whether there is a value.
    pub(super) open: bool,
}

const fn row(name: &'static str, kind: Kind, place: Place, open: bool) -> Row {
    Row { name, kind, place, open }
}

use Kind::{Boolean, Date, Decimal, Int, List, Lookup, Phone, State, Text, Time};
use Place::{Address, AddressPart, Archived, Created, Id, Individual, Line, Modified, ReferencePart, YearGiving};

/// Parameters of contacts; individuals are asked the same of themselves and of their contact.
const CONTACT: &[Row] = &[
    row("Contact Id", Int, Id, false),
    row("Legacy Contact Id", Int, Line(code::LEGACY_ID), true),
    row("Contact Name", Text, Line(code::NAME), false),
    row("Informal Name", Text, Line(code::INFORMAL_NAME), true),
    row("First Name", Text, Line(code::FIRST_NAME), false),
    row("Middle Name", Text, Line(code::MIDDLE_NAME), true),
    row("Last Name", Text, Line(code::LAST_NAME), false),
    row("Nickname", Text, Line(code::NICKNAME), true),
    row("Prefix", Text, Line(code::PREFIX), true),
    row("Suffix", Text, Line(code::SUFFIX), true),
    row("Gender", Text, Line(code::GENDER), true),
    row("Birth Month", Int, Line(code::BIRTH_MONTH), true),
    row("Birth Day", Int, Line(code::BIRTH_DAY), true),
    row("Birth Year", Int, Line(code::BIRTH_YEAR), true),
    row("Deceased", Boolean, Line(code::DECEASED), false),
    row("Individual Id", Int, Individual, false),
    row("Email Address", Text, Line(code::EMAIL), true),
    row("Phone Number", Phone, Line(code::PHONE), true),
    row("Fax", Phone, Line(code::FAX), true),
    row("Address", Text, Address, true),
    row("Address Line 1", Text, AddressPart(0), true),
    row("Address Line 2", Text, AddressPart(1), true),
    row("City", Text, AddressPart(2), true),
    row("State", State, AddressPart(3), true),
    row("Postal", Text, AddressPart(4), true),
    row("Country", Text, AddressPart(5), true),
    row("Contact Type", List, Line(code::TYPE), false),
    row("Tag", Lookup, Line(code::TAG), true),
    row("Organization Group", Lookup, Line(code::GROUP), true),
    row("Email List", Lookup, Line(code::EMAIL_LIST), true),
    row("Reference Source", Text, ReferencePart(0), true),
    row("Reference Id", Text, ReferencePart(1), true),
    row("Origin Segment", Text, Line(code::SEGMENT), true),
    row("Marital Status", Text, Line(code::MARITAL_STATUS), true),
    row("Website", Text, Line(code::WEBSITE), true),
    row("Create Date", Date, Created, false),
    row("Last Modified Date", Date, Modified, false),
    row("Create DateTime UTC", Time, Created, false),
    row("Last Modified DateTime UTC", Time, Modified, false),
    row("Private", Boolean, Line(code::PRIVATE), false),
    row("Contact Archived", Boolean, Archived, false),
    row("Life To Date Giving", Decimal, Line(code::GIVEN), true),
    row("Year To Date Giving", Decimal, YearGiving, true),
    row("Last Gift Amount", Decimal, Line(code::LAST_GIFT_AMOUNT), true),
    row("Last Gift Date", Date, Line(code::LAST_GIFT_DATE), true),
    row("Number Of Gifts", Int, Line(code::GIFTS), true),
];

/// Methods other than e-mail and telephone, by their types (virtuous-contract.md 2.4).
const METHODS: &[Row] = &[
    row("Facebook", Text, Line("fb"), true),
    row("Foursquare", Text, Line("fs"), true),
    row("Instagram", Text, Line("ig"), true),
    row("LinkedIn", Text, Line("lk"), true),
    row("Pinterest", Text, Line("pt"), true),
    row("RSS", Text, Line("rs"), true),
    row("Skype", Text, Line("sk"), true),
    row("Snapchat", Text, Line("sc"), true),
    row("Tumblr", Text, Line("tb"), true),
    row("Twitch Account", Text, Line("tc"), true),
    row("Twitter", Text, Line("tw"), true),
    row("Vimeo", Text, Line("vm"), true),
    row("Web", Text, Line("wb"), true),
    row("YouTube", Text, Line("yt"), true),
    row("Zoom", Text, Line("zm"), true),
    row("Other", Text, Line(code::OTHER), true),
];

/// Parameters of notes.
const NOTE: &[Row] = &[
    row("Note Id", Int, Id, false),
    row("Contact Id", Int, Line(code::CONTACT), false),
    row("Note Type", Text, Line(code::TYPE), false),
    row("Note", Text, Line(code::NAME), false),
    row("Note Date", Date, Line(code::NOTE_TIME), false),
    row("Important", Boolean, Line(code::IMPORTANT), false),
    row("Private", Boolean, Line(code::PRIVATE), false),
    row("Create Date", Date, Created, false),
    row("Last Modified Date", Date, Modified, false),
    row("Create DateTime UTC", Time, Created, false),
    row("Last Modified DateTime UTC", Time, Modified, false),
];

/// Where and of which kind the values of a parameter are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) place: Place,
    pub(super) open: bool,
    /// The values that are offered; empty where any can be asked for.
    pub(super) values: Vec<String>,
}

/// What an organization can ask: the table with its own contact types and custom fields.
#[derive(Debug, Clone, Copy)]
pub struct Dictionary<'a> {
    /// What is asked about.
    pub subject: Subject,
    /// The organization's contact types.
    pub types: &'a [(BaseType, String)],
    /// Its custom fields, each with what it belongs to.
    pub custom_fields: &'a [(Entity, FieldDefinition)],
}

impl Dictionary<'_> {
    /// Every parameter, in the order in which they are offered.
    pub(super) fn parameters(&self) -> impl Iterator<Item = Parameter> + '_ {
        let built_in = self.rows().map(|row| self.built_in(row));
        built_in.chain(self.custom_fields.iter().filter_map(|own| self.custom(own)))
    }

    /// The parameter of this name: in any letter case, with or without spaces. One of ours goes before a custom field.
    pub(super) fn parameter(&self, name: &str) -> Option<Parameter> {
        let wanted = plain(name);
        let row = self.rows().find(|row| plain(row.name) == wanted).map(|row| self.built_in(row));
        let own = || {
            let named =
                |own: &&(Entity, FieldDefinition)| plain(&own.1.display_name) == wanted || plain(&own.1.name) == wanted;
            self.custom_fields.iter().filter(named).find_map(|own| self.custom(own))
        };
        row.or_else(own)
    }

    fn rows(&self) -> impl Iterator<Item = &'static Row> + use<> {
        let tables: [&'static [Row]; 2] = match self.subject {
            Subject::Note => [NOTE, &[]],
            Subject::Contact | Subject::Individual => [CONTACT, METHODS],
        };
        tables.into_iter().flatten()
    }

    fn built_in(&self, row: &Row) -> Parameter {
        let values = match row.place {
            Line(code::TYPE) if row.kind == List => {
                let base = BaseType::ALL.iter().map(|base| base.as_str().to_owned());
                base.chain(self.types.iter().map(|(_, name)| name.clone())).collect()
            }
            _ => Vec::new(),
        };
        Parameter { name: row.name.to_owned(), kind: row.kind, place: row.place.clone(), open: row.open, values }
    }

    fn custom(&self, (entity, field): &(Entity, FieldDefinition)) -> Option<Parameter> {
        let code = match (self.subject, entity) {
            (Subject::Note, _) | (_, Entity::Note) => return None,
            (_, Entity::Contact) => code::CUSTOM,
            (_, Entity::Individual) => code::CUSTOM_OF_INDIVIDUAL,
        };
        let kind = match field.data_type {
            FieldType::Text => Text,
            FieldType::Number => Decimal,
            FieldType::Date => Date,
            FieldType::Boolean => Boolean,
            FieldType::Dropdown => List,
        };
        let place = Place::Custom(code, field.name.to_lowercase());
        let (name, values) = (field.display_name.clone(), field.options.clone());
        Some(Parameter { name, kind, place, open: true, values })
    }
}

/// A name as it is compared.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// The code under which methods of this type are kept; one that is not known is `Other`.
pub(super) fn code_of_method(label: &str) -> &'static str {
    let named = METHODS.iter().find(|row| row.name.eq_ignore_ascii_case(label));
    match named.map(|row| &row.place) {
        Some(Line(code)) => code,
        _ => code::OTHER,
    }
}
