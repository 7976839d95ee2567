//! Contacts near a place, by the coordinates that senders and staff gave with addresses.

use crate::{Engine, EngineError, Page};
use std::collections::HashMap;
use tributary_contact::{ContactId, Degrees, ItemId, OrganizationId};
use tributary_store::{ContactRow, PositionRow, Rectangle, StoreExt};

/// Mean radius of the earth in miles (6371.0088 km, IUGG).
const EARTH_MILES: f64 = 3_958.761_3;
/// Miles of a degree of latitude on that sphere.
const MILES_PER_DEGREE: f64 = EARTH_MILES * std::f64::consts::PI / 180.0;

/// A place and how far around it is looked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Miles.
    pub miles: f64,
}

/// A contact with the address of it that is nearest.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearby {
    /// The contact.
    pub contact: ContactRow,
    /// The address.
    pub address: ItemId,
    /// How far away it is.
    pub miles: f64,
}

impl Engine {
    /// A page of the contacts with an address near a place, nearest first. Archived ones are left out.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn contacts_near(
        &self,
        org: OrganizationId,
        near: &Near,
        skip: usize,
        take: usize,
    ) -> Result<Page<Nearby>, EngineError> {
        Ok(self.parts.store.reading(|tx| {
            let around = ranked(near, &tx.positions(org, &rectangle(near))?);
            let heads = tx.contact_heads(org, &around.iter().map(|(id, ..)| *id).collect::<Vec<_>>())?;
            let open = |id: ContactId| heads.iter().any(|head| head.id == id && !head.archived);
            let around: Vec<_> = around.into_iter().filter(|(id, ..)| open(*id)).collect();
            let total = i64::try_from(around.len()).unwrap_or(i64::MAX);
            let shown: Vec<_> = around.into_iter().skip(skip).take(take).collect();
            let rows = tx.contacts(org, &shown.iter().map(|(id, ..)| *id).collect::<Vec<_>>())?;
            let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
            let nearby = |(id, address, miles)| Some(Nearby { contact: rows.remove(&id)?, address, miles });
            Ok(Page { list: shown.into_iter().filter_map(nearby).collect(), total })
        })?)
    }
}

/// Each contact once, with its nearest address, nearest first.
fn ranked(near: &Near, rows: &[PositionRow]) -> Vec<(ContactId, ItemId, f64)> {
    let mut nearest: HashMap<ContactId, (ItemId, f64)> = HashMap::new();
    for row in rows {
        let far = miles(near, row);
        let best = nearest.entry(row.contact).or_insert((row.address, far));
        if far < best.1 {
            *best = (row.address, far);
        }
    }
    let within = nearest.into_iter().filter(|(_, (_, far))| *far <= near.miles);
    let mut all: Vec<_> = within.map(|(contact, (address, far))| (contact, address, far)).collect();
    all.sort_by(|a, b| a.2.total_cmp(&b.2).then(a.0.cmp(&b.0)));
    all
}

/// Great-circle distance by the haversine formula (R. W. Sinnott, Sky and Telescope 68, 1984).
fn miles(near: &Near, row: &PositionRow) -> f64 {
    let degrees = |millionths: i32| f64::from(millionths) / 1_000_000.0;
    let (from, to) = (near.latitude.to_radians(), degrees(row.latitude).to_radians());
    let (north, east) = (to - from, (degrees(row.longitude) - near.longitude).to_radians());
    let chord = (north / 2.0).sin().powi(2) + from.cos() * to.cos() * (east / 2.0).sin().powi(2);
    2.0 * EARTH_MILES * chord.sqrt().clamp(0.0, 1.0).asin()
}

/// Everything within the distance lies inside; near a pole, and far around, that is every longitude.
fn rectangle(near: &Near) -> Rectangle {
    let high = near.miles / MILES_PER_DEGREE;
    let (south, north) = (near.latitude - high, near.latitude + high);
    let narrow = (high.to_radians().sin() / near.latitude.to_radians().cos()).asin().to_degrees();
    let around = !narrow.is_finite() || south <= -90.0 || north >= 90.0;
    let turned = |degrees: f64| (degrees + 540.0).rem_euclid(360.0) - 180.0;
    let millionths = |degrees: f64| {
        Degrees::parse(&degrees.clamp(-180.0, 180.0).to_string()).map(Degrees::millionths).unwrap_or_default()
    };
    let wide =
        if around { (-180.0, 180.0) } else { (turned(near.longitude - narrow), turned(near.longitude + narrow)) };
    Rectangle {
        latitude: (millionths(south) - 1, millionths(north) + 1),
        longitude: (millionths(wide.0) - 1, millionths(wide.1) + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(latitude: i32, longitude: i32) -> PositionRow {
        PositionRow { contact: ContactId(1), address: ItemId(2), latitude, longitude }
    }

    #[test]
    fn columbus_is_about_126_miles_from_cleveland() {
        let columbus = Near { latitude: 39.9612, longitude: -82.9988, miles: 1.0 };
        let far = miles(&columbus, &row(41_499_300, -81_694_400));
        assert!((125.0..127.0).contains(&far), "{far}");
    }

    fn inside(value: i32, (low, high): (i32, i32)) -> bool {
        if low <= high { (low..=high).contains(&value) } else { value >= low || value <= high }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn whatever_is_near_enough_lies_in_the_rectangle(
            latitude in -90.0f64..=90.0, longitude in -180.0f64..=180.0, miles_around in 1.0f64..=100.0,
            north in -2_000_000i32..=2_000_000, east in -180_000_000i32..=180_000_000, close in any::<bool>(),
        ) {
            let near = Near { latitude, longitude, miles: miles_around };
            #[expect(clippy::cast_possible_truncation, reason = "degrees are small")]
            let (y, x) = ((latitude * 1e6) as i32 + north, (longitude * 1e6) as i32 + if close { east / 60 } else { east });
            let x = (x + 540_000_000).rem_euclid(360_000_000) - 180_000_000;
            prop_assume!(y.abs() <= 90_000_000);
            if miles(&near, &row(y, x)) <= miles_around {
                let area = rectangle(&near);
                prop_assert!(inside(y, area.latitude) && inside(x, area.longitude), "{y} {x} {area:?}");
            }
        }
    }
}
