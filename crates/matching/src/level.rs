//! The comparison levels: one table with each level's field, its phrase for people, and its shipped
//! weights. A new signal starts with a row here.

use serde::{Deserialize, Serialize};

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// The sender's reference.
    Reference,
    /// Person or organization.
    Kind,
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// Middle name.
    MiddleName,
    /// Jr, Sr or a number after the name.
    Generation,
    /// E-mail address.
    Email,
    /// The words in an e-mail address against the other side's name.
    EmailName,
    /// Telephone number.
    Phone,
    /// Postal address.
    Address,
    /// Name of an organization.
    Organization,
}

/// What one level adds to the three hypotheses, in bits (base-2 logarithms of probability ratios).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bits {
    /// How much likelier the level is for the same person than for a stranger.
    pub same: f64,
    /// How much likelier the level is for another person of the same household than for a stranger.
    pub relative: f64,
    /// The share of `same` and `relative` that stands for a value of typical rarity: replaced by the
    /// rarity of the value at hand. Zero where rarity plays no part.
    pub typical: f64,
}

macro_rules! levels {
    ($($level:ident $field:ident $phrase:literal $same:literal $relative:literal $typical:literal)+) => {
        /// How two values of a field compare.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum Level { $(#[doc = $phrase] $level),+ }

        impl Level {
            /// Every level, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$level),+];

            /// The field that the level belongs to.
            #[must_use]
            pub const fn field(self) -> Field {
                match self { $(Self::$level => Field::$field),+ }
            }

            /// The level in words, for the one-sentence explanation.
            #[must_use]
            pub const fn phrase(self) -> &'static str {
                match self { $(Self::$level => $phrase),+ }
            }

            /// The shipped weights of the level (docs/matching.md says where they come from).
            #[must_use]
            pub const fn shipped(self) -> Bits {
                match self { $(Self::$level => Bits { same: $same, relative: $relative, typical: $typical }),+ }
            }
        }
    };
}

// level                field        phrase                                              same  rel.   typical
levels! {
    ReferenceSame         Reference    "same reference"                                    30.0    0.0    0.0
    KindDifferent         Kind         "person against organization"                       -5.6   -1.0    0.0

    FirstSame             FirstName    "same first name"                                    6.2    0.6    7.6
    FirstNickname         FirstName    "nickname"                                           3.6   -0.7    6.6
    FirstClose            FirstName    "first name spelt differently"                       5.2   -0.4    7.6
    FirstSimilar          FirstName    "similar first name, but both are known names"      -1.4    1.4    0.0
    FirstInitial          FirstName    "same initial"                                       3.9   -0.7    0.0
    FirstMiddle           FirstName    "first name is the other's middle name"              3.4   -0.9    0.0
    FirstPartner          FirstName    "one of two first names"                             4.9   -0.9    0.0
    FirstSwapped          FirstName    "first and last name swapped"                        7.6   -0.5    7.6
    FirstCrossed          FirstName    "first name is the other's last name"                1.9    0.5    7.6
    FirstFuzzy            FirstName    "first name somewhat alike"                          0.2   -1.1    0.0
    FirstDifferent        FirstName    "other first name"                                  -4.5    0.8    0.0

    LastSame              LastName     "same last name"                                    11.2    9.5   11.0
    LastPart              LastName     "part of a double last name"                         7.1    5.6   11.0
    LastClose             LastName     "last name spelt differently"                        9.7    5.5   11.0
    LastSwapped           LastName     "last name is the other's first name"                9.1    0.5   11.0
    LastFuzzy             LastName     "last name somewhat alike"                           1.3    0.4    0.0
    LastDifferent         LastName     "other last name"                                   -2.9   -3.0    0.0

    MiddleSame            MiddleName   "same middle name"                                   5.5   -0.2    0.0
    MiddleInitial         MiddleName   "same middle initial"                                3.6    0.6    0.0
    MiddleDifferent       MiddleName   "other middle name"                                 -6.1   -0.1    0.0

    GenerationSame        Generation   "same generation"                                    4.2   -2.9    0.0
    GenerationDifferent   Generation   "other generation"                                  -8.0    3.0    0.0
    GenerationExtra       Generation   "generation only in the submission"                 -4.7    5.4    0.0
    GenerationMissing     Generation   "generation only on file"                           -0.8    0.7    0.0

    EmailSame             Email        "same e-mail"                                       11.9   11.3   17.0
    EmailRole             Email        "same role mailbox"                                 10.1   10.0   17.0
    EmailShared           Email        "e-mail that many share"                            12.5   12.0   17.0
    EmailHousehold        Email        "e-mail of another person of the household"         11.5   13.2   17.0
    EmailTypo             Email        "e-mail spelt differently"                           7.2    5.2    0.0
    EmailLocal            Email        "same mailbox name at another provider"              6.5    1.9    0.0
    EmailLocalName        Email        "same mailbox name, made of the person's name"       -2.3    -0.3    0.0
    EmailDomain           Email        "same domain"                                        -2.9    0.0    0.0
    EmailDifferent        Email        "other e-mail"                                      -3.2   -0.2    0.0

    EmailNameWhole        EmailName    "e-mail spells the other's whole name"               3.3    1.8    0.0

    PhoneSame             Phone        "same phone"                                        11.9    9.4   16.0
    PhoneHousehold        Phone        "phone of another person of the household"          11.0   12.0   16.0
    PhoneShared           Phone        "phone that many share"                             11.5   10.2   16.0
    PhoneLocal            Phone        "same phone without area code"                       9.5    9.0   10.0
    PhoneNear             Phone        "phone off by a digit"                               7.9    6.7    0.0
    PhoneDifferent        Phone        "other phone"                                       -0.8    0.6    0.0
    PhoneElsewhere        Phone        "other phone, of another region"                    -8.4   -3.2    0.0
    RegionSame            Phone        "phone is of the other's region"                     2.2    2.1    4.0
    RegionDifferent       Phone        "phone is not of the other's region"                -5.7   -5.4    0.0

    AddressSame           Address      "same address"                                      10.7   12.2   13.0
    AddressUnit           Address      "same building, unit not given"                      7.7    6.9   11.0
    AddressOtherUnit      Address      "other unit of the building"                         0.6    1.0   11.0
    AddressBox            Address      "same PO box"                                       11.1   12.5   13.0
    AddressOtherArea      Address      "same street and number, other area"                 8.0    8.0    0.0
    AddressFuzzy          Address      "street spelt differently"                           9.4    8.1   13.0
    AddressNear           Address      "house number off by a digit"                        8.0    4.5   13.0
    AddressNoNumber       Address      "same street, house number not given"                9.7    6.0   13.0
    AddressStreet         Address      "same street, other house number"                    4.0   -0.2   13.0
    AddressNamed          Address      "same second line, other street"                     4.5    4.0    0.0
    AddressPostal         Address      "same postal code, other street"                    -1.4   -2.6    6.0
    AddressCity           Address      "same city, other street"                           -1.5   -1.5    4.0
    AddressState          Address      "same state, other city"                            -3.6   -5.1    0.0
    AddressElsewhere      Address      "other place"                                       -4.2   -5.8    0.0
    AddressBranch         Address      "organization on another street"                    -4.1   -6.0    0.0
    AreaPostal            Address      "same postal code"                                   3.6    4.0    6.0
    AreaCity              Address      "same city"                                         -1.5   -1.5    4.0
    AreaState             Address      "same state"                                        -2.8   -2.6    0.0
    AreaElsewhere         Address      "other area"                                        -4.5   -4.7    0.0

    OrganizationSame      Organization "same organization name"                             9.1    0.0   11.0
    OrganizationWords     Organization "same words in the organization name"                7.3    0.0   11.0
    OrganizationContained Organization "one organization name contains the other"           1.8    0.0   11.0
    OrganizationClose     Organization "organization name spelt differently"               11.1    0.0    0.0
    OrganizationPartly    Organization "some rare words in common"                          0.9    0.0    0.0
    OrganizationBranch    Organization "each organization name has its own words"           0.3    0.0    0.0
    OrganizationDifferent Organization "other organization name"                           -3.9    0.0    0.0
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn the_table_is_indexed_by_its_own_order() {
        assert!(Level::ALL.iter().enumerate().all(|(at, level)| *level as usize == at));
    }

    #[test]
    fn contradictions_never_speak_for_the_same_person() {
        let against = |level: &&Level| level.phrase().starts_with("other");
        assert!(Level::ALL.iter().filter(against).all(|level| level.shipped().same <= level.shipped().typical));
    }
}
