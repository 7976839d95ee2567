//! Charts of counts as inline SVG: one run as a bar, and outcomes per day as columns. The numbers stand beside
//! them in text, so that nothing is said by colour alone.

use crate::format;
use maud::{Markup, html};
use tributary_engine::Counts;

/// An outcome's class, its name and its count.
type Share = (&'static str, &'static str, i64);

/// Width of a chart in its own units.
const WIDTH: f64 = 720.0;
/// Height of the columns.
const HEIGHT: f64 = 150.0;

fn shares(counts: &Counts) -> [Share; 6] {
    [
        ("created", "created", counts.created),
        ("merged", "merged", counts.merged),
        ("unchanged", "unchanged", counts.unchanged),
        ("needs_update", "needs update", counts.needs_update),
        ("rejected", "rejected", counts.rejected),
        ("held", "held", counts.held),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "pixels of a chart need no 53 bits")]
const fn float(number: i64) -> f64 {
    number as f64
}

/// What became of the rows of a run, as one bar and its legend.
pub(crate) fn bar(counts: &Counts) -> Markup {
    let shares = shares(counts);
    let total = float(shares.iter().map(|share| share.2).sum::<i64>().max(1));
    let mut at = 0.0;
    html! {
        svg.chart viewBox="0 0 720 28" aria-hidden="true" preserveAspectRatio="none" {
            @for (class, _, count) in shares {
                @let width = WIDTH * float(count) / total;
                @if count > 0 { rect class=(class) x=(coordinate(at)) y="0" width=(coordinate((width - 1.5).max(1.0))) height="28" {} }
                ({ at += width; "" })
            }
        }
        (legend(&shares))
    }
}

fn legend(shares: &[Share]) -> Markup {
    html! {
        ul.legend { @for (class, name, count) in shares { @if *count > 0 {
            li { svg aria-hidden="true" viewBox="0 0 10 10" { rect class=(class) width="10" height="10" rx="2" {} } (name) " " b { (format::count(*count)) } }
        } } }
    }
}

/// Outcomes per day, the oldest day first, as stacked columns with a table for those who do not see them.
pub(crate) fn days(days: &[(String, Counts)]) -> Markup {
    let sum = |counts: &Counts| shares(counts).iter().map(|share| share.2).sum::<i64>();
    let most = days.iter().map(|(_, counts)| sum(counts)).max().unwrap_or_default().max(1);
    // One day alone is not as wide as a week.
    let step = WIDTH / float(i64::try_from(days.len()).unwrap_or_default().max(7));
    html! {
        svg.chart viewBox="0 0 720 190" aria-hidden="true" {
            line.axis x1="0" x2="720" y1="165" y2="165" {}
            text.quiet x="0" y="11" { "most in a day: " (format::count(most)) }
            @for (place, (day, counts)) in days.iter().enumerate() {
                @let x = step * float(i64::try_from(place).unwrap_or_default());
                (column(counts, x + step * 0.18, step * 0.64, HEIGHT / float(most)))
                text.quiet x=(coordinate(x + step / 2.0)) y="182" text-anchor="middle" { (day) }
            }
        }
        details { summary { "As a table" } div.scroll tabindex="0" role="region" aria-label="Outcomes per day" { table {
            thead { tr { th scope="col" { "Day" } @for (_, name, _) in shares(&Counts::default()) { th.number scope="col" { (name) } } } }
            tbody { @for (day, counts) in days { tr { th scope="row" { (day) } @for (_, _, count) in shares(counts) { td.number { (format::count(count)) } } } } }
        } } }
    }
}

fn column(counts: &Counts, x: f64, width: f64, per_row: f64) -> Markup {
    let mut top = 165.0;
    html! {
        @for (class, _, count) in shares(counts) {
            @let height = float(count) * per_row;
            ({ top -= height; "" })
            @if count > 0 { rect class=(class) x=(coordinate(x)) y=(coordinate(top)) width=(coordinate(width)) height=(coordinate(height)) {} }
        }
    }
}

/// A coordinate with one decimal.
pub(crate) fn coordinate(value: f64) -> String {
    format!("{value:.1}")
}
