//! The operators of conditions, in the spelling of `QueryOptions` and in the spaced one of guide pages.

use super::parameter::Kind;
use crate::state::text_enum;

text_enum! {
    /// What a condition asks of a parameter (virtuous-contract.md 4.2).
    Operator {
        /// One of the values is this one.
        Is => "Is",
        /// None of the values is this one.
        IsNot => "IsNot",
        /// There is a value.
        IsKnown => "IsKnown",
        /// There is no value.
        IsNotKnown => "IsNotKnown",
        /// There is a value.
        IsSet => "IsSet",
        /// There is no value.
        IsNotSet => "IsNotSet",
        /// The text is a part of one of the values.
        Contains => "Contains",
        /// One of the values begins with the text.
        StartsWith => "StartsWith",
        /// One of the values ends with the text.
        EndsWith => "EndsWith",
        /// Less.
        LessThan => "LessThan",
        /// Less or the same.
        LessThanOrEqual => "LessThanOrEqual",
        /// More.
        GreaterThan => "GreaterThan",
        /// More or the same.
        GreaterThanOrEqual => "GreaterThanOrEqual",
        /// Before the first moment of the value.
        Before => "Before",
        /// After the last moment of the value.
        After => "After",
        /// Before the end of the value.
        OnOrBefore => "OnOrBefore",
        /// From the beginning of the value on.
        OnOrAfter => "OnOrAfter",
        /// From the value to the secondary value, both included.
        Between => "Between",
        /// One of the values is in the list.
        In => "In",
        /// None of the values is in the list.
        NotIn => "NotIn",
        /// One of the values is in the list.
        IsAnyOf => "IsAnyOf",
        /// None of the values is in the list.
        IsNoneOf => "IsNoneOf",
        /// Yes.
        IsTrue => "IsTrue",
        /// No, or nothing said.
        IsFalse => "IsFalse",
    }
}

use Operator::{
    After, Before, Between, Contains, EndsWith, GreaterThan, GreaterThanOrEqual, In, Is, IsAnyOf, IsFalse, IsKnown,
    IsNoneOf, IsNot, IsNotKnown, IsNotSet, IsSet, IsTrue, LessThan, LessThanOrEqual, NotIn, OnOrAfter, OnOrBefore,
    StartsWith,
};

/// Other spellings of guide pages, without their spaces.
const SPELLINGS: &[(&str, Operator)] = &[
    ("IsOn", Is),
    ("IsAfter", After),
    ("IsBefore", Before),
    ("IsOnOrAfter", OnOrAfter),
    ("IsOnOrBefore", OnOrBefore),
    ("IsBetween", Between),
    ("IsLessThan", LessThan),
    ("IsLessThanOrEqual", LessThanOrEqual),
    ("IsLessThanOrEqualTo", LessThanOrEqual),
    ("LessThanOrEqualTo", LessThanOrEqual),
    ("IsGreaterThan", GreaterThan),
    ("IsGreaterThanOrEqual", GreaterThanOrEqual),
    ("IsGreaterThanOrEqualTo", GreaterThanOrEqual),
    ("GreaterThanOrEqualTo", GreaterThanOrEqual),
    ("IsIn", In),
    ("IsNotIn", NotIn),
    ("AnyOf", IsAnyOf),
    ("NoneOf", IsNoneOf),
];

impl Operator {
    /// The operator that a client names: in any letter case, with or without spaces.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let own = Self::ALL.iter().copied().find(|operator| operator.as_str().eq_ignore_ascii_case(&plain));
        own.or_else(|| SPELLINGS.iter().find(|(text, _)| text.eq_ignore_ascii_case(&plain)).map(|(_, own)| *own))
    }

    /// Whether it takes `values`.
    #[must_use]
    pub const fn takes_many(self) -> bool {
        matches!(self, In | NotIn | IsAnyOf | IsNoneOf)
    }

    /// Whether it takes a value at all.
    #[must_use]
    pub const fn takes_any(self) -> bool {
        !matches!(self, IsKnown | IsNotKnown | IsSet | IsNotSet | IsTrue | IsFalse)
    }

    /// The operators of a kind of parameter; `open` for those that can be without a value.
    #[must_use]
    pub fn of(kind: Kind, open: bool) -> Vec<Self> {
        const DATE: &[Operator] = &[
            Is,
            Before,
            After,
            OnOrBefore,
            OnOrAfter,
            LessThan,
            LessThanOrEqual,
            GreaterThan,
            GreaterThanOrEqual,
            Between,
        ];
        let own: &[Self] = match kind {
            Kind::Text | Kind::Phone => &[Is, IsNot, Contains, StartsWith, EndsWith],
            Kind::Int | Kind::Decimal => &[Is, LessThan, LessThanOrEqual, GreaterThan, GreaterThanOrEqual, Between],
            Kind::Date | Kind::Time => DATE,
            Kind::Boolean => &[IsTrue, IsFalse],
            Kind::List => &[Is, IsNot, IsAnyOf, IsNoneOf, In, NotIn],
            Kind::State => &[Is, IsNot, In, NotIn],
            Kind::Lookup => &[IsAnyOf, IsNoneOf, Is, IsNot],
        };
        let known: &[Self] = if open { &[IsKnown, IsNotKnown, IsSet, IsNotSet] } else { &[] };
        [own, known].concat()
    }
}
