//! What can become of a submission, and the reason codes that explain it.

macro_rules! text_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident => $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(::serde::Serialize, ::serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable text used in storage, answers, metrics and logs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value whose text this is.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text)
            }
        }

        // By hand: the derive does not see the texts, which come to it through this macro.
        impl ::utoipa::PartialSchema for $name {
            fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema> {
                let texts = ::utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(::utoipa::openapi::schema::Type::String)
                    .enum_values(Some(Self::ALL.iter().map(|value| value.as_str())));
                texts.into()
            }
        }

        impl ::utoipa::ToSchema for $name {}

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use text_enum;

text_enum! {
    /// Where a contact transaction stands. Everything but `held` follows from a decision.
    State {
        /// Stored, not decided yet.
        Held => "held",
        /// A new contact was made of it.
        Created => "created",
        /// It was folded into a contact (see [`Level`]).
        Merged => "merged",
        /// It belongs to a contact that already says all of it.
        Unchanged => "unchanged",
        /// A person has to decide (see [`Reason`]).
        NeedsUpdate => "needs_update",
        /// It will never become part of a contact.
        Rejected => "rejected",
    }
}

text_enum! {
    /// How a merged transaction entered its contact.
    Level {
        /// Into an individual the contact already had.
        Individual => "individual",
        /// As a new individual of the contact.
        Household => "household",
    }
}

text_enum! {
    /// Why a transaction waits for a person, or was rejected.
    Reason {
        /// More than one contact or individual fits.
        Ambiguous => "ambiguous",
        /// The best candidate fits, but not well enough to merge without a person.
        Doubtful => "doubtful",
        /// A contact point is shared, but the names contradict each other.
        Conflict => "conflict",
        /// A person of a known household, or its known member: it cannot be told which.
        Household => "household",
        /// The names agree but the generation (Jr, Sr, III) does not.
        Generation => "generation",
        /// The reference names one contact and the other data another.
        ReferenceConflict => "reference_conflict",
        /// A sure match that would change a name, a birth date or a death.
        SensitiveChange => "sensitive_change",
        /// Nobody fits, and the policy lets a person make the new contacts of this source.
        CreateWaits => "create_waits",
        /// A new person of a known contact, and the policy lets a person add those of this source.
        IndividualWaits => "individual_waits",
        /// A sure match that brings something new, and the policy lets a person merge those of this source.
        MergeWaits => "merge_waits",
        /// Too little to find or make a contact with.
        TooLittle => "too_little",
        /// A person took the decision back.
        Undone => "undone",
        /// The row could not be processed; the log of the run has the cause.
        Failed => "failed",
        /// Refused by a person.
        RejectedByStaff => "rejected_by_staff",
        /// Refused by a triage rule of the policy.
        RejectedByRule => "rejected_by_rule",
    }
}

impl Reason {
    /// One plain sentence for staff and partners.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Ambiguous => "More than one contact fits this submission.",
            Self::Doubtful => "A contact fits, but not well enough to merge without a person.",
            Self::Conflict => "A mailbox, phone or address is shared with a contact of another name.",
            Self::Household => "The household is known, but which of its people this is cannot be told.",
            Self::Generation => "The names agree, but Jr, Sr or a number after the name does not.",
            Self::ReferenceConflict => "The reference belongs to a contact that the other data contradicts.",
            Self::SensitiveChange => "It would change a name, a birth date or a death of a known person.",
            Self::CreateWaits => "Nobody on file fits, and a person makes the new contacts of this source.",
            Self::IndividualWaits => "It is a new person of a known contact, and a person adds those of this source.",
            Self::MergeWaits => {
                "It fits a contact and brings something new, and a person merges the rows of this source."
            }
            Self::TooLittle => "There is too little in it to find or make a contact.",
            Self::Undone => "The earlier decision was taken back.",
            Self::Failed => "It could not be processed; an operator has to look.",
            Self::RejectedByStaff => "A person refused it.",
            Self::RejectedByRule => "A rule of the organization refused it.",
        }
    }
}
