//! The shipped prior of calibration: how often each level shows in each class, given that its field can be
//! compared. Counted with `examples/level_counts.rs` on the generated data that the shipped weights were set
//! from (seeds 11, 12, 13).

use crate::level::Level;

/// Frequencies of a level, between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Expected {
    /// Among pairs of the same individual.
    pub same: f64,
    /// Among pairs of two people of one household.
    pub relative: f64,
    /// Among random pairs.
    pub stranger: f64,
}

/// What is expected of a level; none of one that is never learnt: levels that stand alone in their field, and
/// Jr and Sr, which are too rare to learn from.
pub(super) fn expected(level: Level) -> Option<Expected> {
    let row = EXPECTED.iter().find(|row| row.0 == level)?;
    Some(Expected { same: row.1, relative: row.2, stranger: row.3 })
}

// level, same, relative, stranger
const EXPECTED: &[(Level, f64, f64, f64)] = &[
    (Level::FirstSame, 0.81033, 0.11518, 0.00305),
    (Level::FirstNickname, 0.11168, 0.02014, 0.00376),
    (Level::FirstClose, 0.03261, 0.00028, 0.00026),
    (Level::FirstSimilar, 0.00067, 0.01163, 0.00230),
    (Level::FirstInitial, 0.01896, 0.00170, 0.00093),
    (Level::FirstMiddle, 0.00054, 0.00028, 0.00087),
    (Level::FirstPartner, 0.00466, 0.00028, 0.0000432),
    (Level::FirstSwapped, 0.00788, 0.00028, 0.0000039),
    (Level::FirstFuzzy, 0.00067, 0.00028, 0.00042),
    (Level::FirstDifferent, 0.01200, 0.84993, 0.98837),
    (Level::LastSame, 0.94168, 0.82700, 0.00101),
    (Level::LastPart, 0.00220, 0.00312, 0.0000433),
    (Level::LastClose, 0.03950, 0.01163, 0.00042),
    (Level::LastSwapped, 0.00784, 0.00028, 0.0000039),
    (Level::LastFuzzy, 0.00028, 0.00028, 0.00081),
    (Level::LastDifferent, 0.00848, 0.15769, 0.99772),
    (Level::MiddleSame, 0.10816, 0.00448, 0.00064),
    (Level::MiddleInitial, 0.88728, 0.09417, 0.06770),
    (Level::MiddleDifferent, 0.00456, 0.90134, 0.93167),
    (Level::EmailSame, 0.86743, 0.35257, 0.00027),
    (Level::EmailRole, 0.00050, 0.00053, 0.0000065),
    (Level::EmailShared, 0.0000460, 0.00053, 0.0000065),
    (Level::EmailHousehold, 0.01006, 0.01112, 0.0000065),
    (Level::EmailTypo, 0.00755, 0.00318, 0.0000065),
    (Level::EmailLocal, 0.00027, 0.00053, 0.0000065),
    (Level::EmailLocalName, 0.00937, 0.01641, 0.0000065),
    (Level::EmailDomain, 0.00619, 0.00053, 0.0000065),
    (Level::EmailDifferent, 0.09857, 0.61461, 0.99969),
    (Level::PhoneSame, 0.75109, 0.08827, 0.00028),
    (Level::PhoneHousehold, 0.01150, 0.00116, 0.0000134),
    (Level::PhoneShared, 0.0000950, 0.00116, 0.0000134),
    (Level::PhoneLocal, 0.0000950, 0.00116, 0.0000134),
    (Level::PhoneNear, 0.01007, 0.00116, 0.0000134),
    (Level::PhoneDifferent, 0.22715, 0.90709, 0.99967),
    (Level::AddressSame, 0.77336, 0.92607, 0.00024),
    (Level::AddressUnit, 0.01518, 0.01023, 0.0000359),
    (Level::AddressOtherUnit, 0.00127, 0.00033, 0.00045),
    (Level::AddressBox, 0.01477, 0.01353, 0.0000060),
    (Level::AddressOtherArea, 0.0000410, 0.00033, 0.0000060),
    (Level::AddressFuzzy, 0.03196, 0.02013, 0.0000060),
    (Level::AddressNear, 0.0000410, 0.00033, 0.0000060),
    (Level::AddressPostal, 0.00925, 0.00198, 0.00691),
    (Level::AddressCity, 0.07308, 0.01848, 0.06605),
    (Level::AddressState, 0.01293, 0.00198, 0.22263),
    (Level::AddressElsewhere, 0.02909, 0.00198, 0.64661),
    (Level::AreaPostal, 0.03196, 0.00363, 0.00051),
    (Level::AreaCity, 0.00454, 0.00033, 0.00383),
    (Level::AreaState, 0.00106, 0.00033, 0.01387),
    (Level::AreaElsewhere, 0.00147, 0.00033, 0.03882),
    (Level::OrganizationSame, 0.95076, 0.14286, 0.00209),
    (Level::OrganizationWords, 0.00026, 0.14286, 0.00035),
    (Level::OrganizationContained, 0.00821, 0.14286, 0.00209),
    (Level::OrganizationClose, 0.03601, 0.14286, 0.00035),
    (Level::OrganizationPartly, 0.00159, 0.14286, 0.01428),
    (Level::OrganizationBranch, 0.00291, 0.14286, 0.01079),
    (Level::OrganizationDifferent, 0.00026, 0.14286, 0.97006),
];

#[cfg(test)]
mod tests {
    use super::EXPECTED;

    #[test]
    fn the_frequencies_of_a_field_add_up_to_one() {
        for (level, ..) in EXPECTED {
            let field = EXPECTED.iter().filter(|row| row.0.field() == level.field());
            let sums = field.fold([0.0; 3], |[a, b, c], row| [a + row.1, b + row.2, c + row.3]);
            assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 1e-3), "{level:?} {sums:?}");
        }
    }
}
