//! When the nightly batch is due.
//!
//! The scheduler library only ticks once a minute. The due time is computed here in the organization's
//! zone, and the last one that was served lives in the database; so a missed night runs once when a process
//! is back, a change of the clock is right, and several nodes agree.

use crate::{Activation, Engine, EngineError, RunStart};
use chrono::{DateTime, SubsecRound, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::CronParser;
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_store::{Organization, StoreExt};

/// Problems of a cron line and a zone; to be asked before they are stored.
pub(crate) fn check(cron: &str, time_zone: &str) -> Vec<Issue> {
    let mut issues = Vec::new();
    if parse(cron).is_none() {
        issues.push(Issue::new("batchCron", IssueCode::InvalidFormat, "Not a five-field cron line."));
    }
    if time_zone.parse::<Tz>().is_err() {
        issues.push(Issue::new("timeZone", IssueCode::InvalidValue, "Not an IANA time zone, like America/Chicago."));
    }
    issues
}

fn parse(cron: &str) -> Option<Cron> {
    CronParser::new().parse(cron).ok()
}

/// The latest due time not after `now`; none for a line or a zone that cannot be read.
fn latest_due(cron: &str, time_zone: &str, now: Timestamp) -> Option<Timestamp> {
    let zone: Tz = time_zone.parse().ok()?;
    let local = now.trunc_subsecs(0).with_timezone(&zone);
    let due: DateTime<Tz> = parse(cron)?.find_previous_occurrence(&local, true).ok()?;
    Some(due.with_timezone(&Utc).trunc_subsecs(0))
}

/// The due time an organization's next run has to serve now, if one is open. However many were missed,
/// it is one: the latest.
pub(crate) fn open_due(organization: &Organization, now: Timestamp) -> Option<Timestamp> {
    latest_due(&organization.batch_cron, &organization.time_zone, now).filter(|due| *due > organization.last_due_at)
}

/// When the next run is due after `now`.
pub(crate) fn next_due(organization: &Organization, now: Timestamp) -> Option<Timestamp> {
    let zone: Tz = organization.time_zone.parse().ok()?;
    let next = parse(&organization.batch_cron)?.find_next_occurrence(&now.with_timezone(&zone), false).ok()?;
    Some(next.with_timezone(&Utc).trunc_subsecs(0))
}

impl Engine {
    /// Starts the run of every organization whose due time has come, and takes up runs, undos of runs and scans for
    /// duplicates that a crash cut off.
    /// Called once a minute; takes no input, so the path after a crash is the everyday one.
    ///
    /// # Errors
    /// The first failure that kept a run from ending; the others were still tried.
    pub fn schedule_tick(&self) -> Result<Vec<(OrganizationId, RunStart)>, EngineError> {
        let mut started = Vec::new();
        let mut failure = None;
        for organization in self.organizations()? {
            if self.is_stopping() {
                break;
            }
            match self.tick_one(&organization) {
                Ok(Some(start)) => started.push((organization.id, start)),
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(organization = organization.id.0, error = %error, "the scheduled batch failed");
                    failure = Some(error);
                }
            }
        }
        failure.map_or(Ok(started), Err)
    }

    fn tick_one(&self, organization: &Organization) -> Result<Option<RunStart>, EngineError> {
        self.resume_undo(organization)?;
        if let Some(due_at) = open_due(organization, self.now()) {
            return self.run_batch(organization.id, Activation::Scheduled { due_at }).map(Some);
        }
        let cut_off = self.parts.store.reading(|tx| {
            let latest = tx.runs(organization.id, 0, 1)?;
            Ok(latest.first().is_some_and(|run| run.state == tributary_store::RunState::Running))
        })?;
        let resumed = if cut_off { Some(self.run_batch(organization.id, Activation::Resume)?) } else { None };
        // Last, and for a while only: nothing waits for it.
        self.resume_scan(organization)?;
        Ok(resumed)
    }

    /// When the organization's next batch is due.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization.
    pub fn next_due(&self, organization: OrganizationId) -> Result<Option<Timestamp>, EngineError> {
        Ok(next_due(&self.organization(organization)?, self.now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organization(zone: &str, last: &str) -> Organization {
        Organization {
            id: OrganizationId(1),
            name: "Bellford Food Share".into(),
            time_zone: zone.into(),
            country: "US".into(),
            batch_cron: "0 0 * * *".into(),
            last_due_at: at(last),
            key_version: 1,
            created_at: at(last),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn midnight_is_the_organizations_own() {
        let ours = organization("America/Chicago", "2026-11-20T12:00:00Z");
        assert_eq!(open_due(&ours, at("2026-11-21T05:59:59Z")), None);
        assert_eq!(open_due(&ours, at("2026-11-21T06:00:30Z")), Some(at("2026-11-21T06:00:00Z")));
    }

    #[test]
    fn missed_nights_are_one_run() {
        let ours = organization("Europe/Berlin", "2026-11-01T12:00:00Z");
        assert_eq!(open_due(&ours, at("2026-11-20T09:00:00Z")), Some(at("2026-11-19T23:00:00Z")));
    }

    #[test]
    fn the_days_on_which_the_clock_changes_are_right() {
        // 25 October 2026: Berlin goes from +02:00 to +01:00 at 03:00.
        let autumn = organization("Europe/Berlin", "2026-10-24T22:00:00Z");
        assert_eq!(open_due(&autumn, at("2026-10-25T22:30:00Z")), None);
        assert_eq!(open_due(&autumn, at("2026-10-25T23:00:00Z")), Some(at("2026-10-25T23:00:00Z")));
        // 29 March 2026: from +01:00 to +02:00 at 02:00.
        let spring = organization("Europe/Berlin", "2026-03-28T23:00:00Z");
        assert_eq!(open_due(&spring, at("2026-03-29T21:59:00Z")), None);
        assert_eq!(open_due(&spring, at("2026-03-29T22:00:00Z")), Some(at("2026-03-29T22:00:00Z")));
    }

    #[test]
    fn a_midnight_that_does_not_exist_still_comes_once() {
        // Cairo goes from 00:00 to 01:00 on 24 April 2026.
        let ours = organization("Africa/Cairo", "2026-04-22T22:00:00Z");
        let due = open_due(&ours, at("2026-04-24T12:00:00Z")).unwrap();
        let served = Organization { last_due_at: due, ..ours };
        assert_eq!(open_due(&served, at("2026-04-24T20:59:00Z")), None);
    }

    #[test]
    fn a_bad_line_or_zone_is_named() {
        assert_eq!(check("0 0 * * *", "America/Chicago"), vec![]);
        assert_eq!(check("midnight", "Atlantis/Central").len(), 2);
    }
}
