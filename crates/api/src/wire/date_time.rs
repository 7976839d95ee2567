//! Instants as clients write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use tributary_contact::clock::Timestamp;

/// Forms without a zone: UTC then, as the contract's own stamps are (virtuous-contract.md 1.0).
const WITHOUT_ZONE: &[&str] = &["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%m/%d/%Y %H:%M:%S"];

/// The instant of a text; midnight for a day alone.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let zoned = DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
    let plain = || WITHOUT_ZONE.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let day = || {
        let day = ["%Y-%m-%d", "%m/%d/%Y"].iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok())?;
        day.and_hms_opt(0, 0, 0)
    };
    zoned.or_else(|| plain().or_else(day).map(|at| at.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn instants_are_read_in_every_form_clients_use() {
        let day =
            ["2026-11-23", "11/23/2026", "2026-11-23T00:00:00", "2026-11-23T00:00:00.000", "2026-11-22T19:00:00-05:00"];
        for text in day {
            assert_eq!(read(text).unwrap().timestamp(), 1_795_392_000, "{text}");
        }
        assert_eq!(read("soon"), None);
    }
}
