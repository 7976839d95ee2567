//! The scalar fields of a contact and of an individual, as one table, so that folding, comparing,
//! clearing, provenance and audit need no code per field.

use crate::state::text_enum;

text_enum! {
    /// A scalar field. The text is the name partners use.
    Field {
        /// Household or organization name.
        Name => "name",
        /// Short form of the name.
        InformalName => "informalName",
        /// Free text about the contact.
        Description => "description",
        /// Web address.
        Website => "website",
        /// Marital status of the household.
        MaritalStatus => "maritalStatus",
        /// Month of the anniversary, 1 to 12.
        AnniversaryMonth => "anniversaryMonth",
        /// Day of the anniversary, 1 to 31.
        AnniversaryDay => "anniversaryDay",
        /// Year of the anniversary.
        AnniversaryYear => "anniversaryYear",
        /// `true` when the contact is private.
        IsPrivate => "isPrivate",
        /// Marketing segment that produced the contact, by id.
        OriginSegmentId => "originSegmentId",
        /// Marketing segment that produced the contact, by code.
        OriginSegmentCode => "originSegmentCode",
        /// Name for formal letters.
        FormalContactName => "formalContactName",
        /// Another name of the contact.
        AlternateContactName => "alternateContactName",
        /// How a letter begins.
        PreferredSalutationName => "preferredSalutationName",
        /// What stands on an envelope.
        PreferredAddresseeName => "preferredAddresseeName",
        /// Honorific of the individual.
        Prefix => "prefix",
        /// First name of the individual.
        FirstName => "firstName",
        /// Middle name of the individual.
        MiddleName => "middleName",
        /// Last name of the individual.
        LastName => "lastName",
        /// Suffix or generation of the individual.
        Suffix => "suffix",
        /// Gender of the individual.
        Gender => "gender",
        /// Birth month, 1 to 12.
        BirthMonth => "birthMonth",
        /// Birth day, 1 to 31.
        BirthDay => "birthDay",
        /// Birth year.
        BirthYear => "birthYear",
        /// Age when the birth date is not known.
        ApproximateAge => "approximateAge",
        /// What the individual cares about.
        Passion => "passion",
        /// `true` when the individual has died.
        IsDeceased => "isDeceased",
        /// Day of death, as sent.
        DeceasedDate => "deceasedDate",
        /// A second honorific.
        Prefix2 => "prefix2",
        /// Last name before marriage.
        PreMarriageName => "preMarriageName",
        /// What friends call the individual.
        Nickname => "nickname",
        /// Where a picture of the individual is.
        AvatarUrl => "avatarUrl",
    }
}

impl Field {
    /// Whether the field belongs to the individual rather than to the contact.
    #[must_use]
    pub const fn is_individual(self) -> bool {
        self as u8 >= Self::Prefix as u8
    }

    /// Whether a change of a known value waits for a person: names, birth date, death.
    #[must_use]
    pub const fn is_sensitive(self) -> bool {
        matches!(
            self,
            Self::FirstName | Self::LastName | Self::BirthMonth | Self::BirthDay | Self::BirthYear | Self::IsDeceased
        )
    }
}
