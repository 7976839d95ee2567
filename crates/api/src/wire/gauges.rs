//! The gauges of a scrape as Prometheus text (exposition format 0.0.4). Written here rather than kept
//! in the recorder, since a recorder goes on printing a label set that no longer exists.

use std::fmt::Write;
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_engine::Health;

type Tally = (OrganizationId, Health);

/// A gauge with one value per organization.
struct Gauge {
    name: &'static str,
    help: &'static str,
    value: fn(&Health, Timestamp) -> i64,
}

const GAUGES: &[Gauge] = &[
    Gauge {
        name: "tributary_received",
        help: "Submissions ever received: those that are held and tributary_transactions add up to it.",
        value: |health, _| health.ledger.received,
    },
    Gauge {
        name: "tributary_held",
        help: "Submissions that wait for the next batch.",
        value: |health, _| health.ledger.held,
    },
    Gauge {
        name: "tributary_held_oldest_age_seconds",
        help: "Age of the submission that waits longest, 0 when none does.",
        value: |health, now| age(health.ledger.oldest, now),
    },
    Gauge { name: "tributary_contacts", help: "Contacts on file.", value: |health, _| health.contacts },
    Gauge {
        name: "tributary_deliveries_pending",
        help: "Webhook deliveries not made yet, due or not.",
        value: |health, _| health.deliveries.pending,
    },
    Gauge {
        name: "tributary_deliveries_due",
        help: "Webhook deliveries that are due.",
        value: |health, _| health.deliveries.due,
    },
    Gauge {
        name: "tributary_deliveries_oldest_due_age_seconds",
        help: "How long the delivery that waits longest could have been sent, 0 when none waits.",
        value: |health, now| age(health.oldest_due, now),
    },
    Gauge {
        name: "tributary_deliveries_dead",
        help: "Webhook deliveries given up.",
        value: |health, _| health.deliveries.dead,
    },
    Gauge {
        name: "tributary_webhooks_failing",
        help: "Webhooks whose latest deliveries failed, the paused ones among them.",
        value: |health, _| health.webhooks.failing,
    },
    Gauge {
        name: "tributary_webhooks_failing_a_day",
        help: "Webhooks that took nothing for a day or longer.",
        value: |health, _| health.webhooks.failing_a_day,
    },
    Gauge {
        name: "tributary_webhooks_paused",
        help: "Webhooks paused after days of failure; their events are kept.",
        value: |health, _| health.webhooks.paused,
    },
    Gauge {
        name: "tributary_webhooks_gone",
        help: "Webhooks switched off because their receivers answered 410.",
        value: |health, _| health.webhooks.gone,
    },
];

fn age(since: Option<Timestamp>, now: Timestamp) -> i64 {
    since.map_or(0, |since| (now - since).num_seconds().max(0))
}

/// The gauges of all organizations at a time.
pub(crate) fn render(tallies: &[Tally], now: Timestamp) -> String {
    let mut text = String::new();
    for gauge in GAUGES {
        head(&mut text, gauge.name, gauge.help);
        for (organization, health) in tallies {
            let value = (gauge.value)(health, now);
            line(&mut text, format_args!("{}{{organization=\"{organization}\"}} {value}", gauge.name));
        }
    }
    states(&mut text, tallies);
    text
}

fn states(text: &mut String, tallies: &[Tally]) {
    head(text, "tributary_transactions", "Transactions by state and reason.");
    for (organization, health) in tallies {
        for state in &health.states {
            let reason = state.reason.map_or("", |reason| reason.as_str());
            let labels = format_args!("organization=\"{organization}\",state=\"{}\",reason=\"{reason}\"", state.state);
            line(text, format_args!("tributary_transactions{{{labels}}} {}", state.count));
        }
    }
}

fn head(text: &mut String, name: &str, help: &str) {
    line(text, format_args!("# HELP {name} {help}"));
    line(text, format_args!("# TYPE {name} gauge"));
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}
