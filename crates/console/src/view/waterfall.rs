//! How the evidence for a candidate adds up, as a chart: one bar per step, each beginning where the last one ended.
//! Bars for the candidate are filled, bars against it dashed, and each has its signed number, so that the colour
//! says nothing alone.

use crate::format;
use crate::view::chart::coordinate;
use maud::{Markup, html};
use tributary_engine::Account;

/// Where the bars begin and how wide all of them are.
const LEFT: f64 = 250.0;
const ROOM: f64 = 330.0;
/// Height of a line.
const LINE: f64 = 22.0;
/// Least span in bits, so that little evidence does not look like much.
const LEAST_SPAN: f64 = 12.0;

struct Bar<'a> {
    label: &'a str,
    from: f64,
    to: f64,
    class: &'static str,
}

fn bars(account: &Account) -> Vec<Bar<'_>> {
    let class = |bits: f64| if bits < 0.0 { "against" } else { "for" };
    let mut at = account.prior;
    let mut bars = vec![Bar { label: "before anything is compared", from: 0.0, to: at, class: class(at) }];
    for (label, bits) in &account.steps {
        bars.push(Bar { label, from: at, to: at + bits, class: class(*bits) });
        at += bits;
    }
    bars.push(Bar { label: "all together", from: 0.0, to: at, class: "total" });
    bars
}

/// The chart, with a sentence for those who do not see it.
pub(crate) fn waterfall(account: &Account) -> Markup {
    let bars = bars(account);
    let ends = || bars.iter().flat_map(|bar| [bar.from, bar.to]);
    let (low, high) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
    let per_bit = ROOM / (high - low).max(LEAST_SPAN);
    let x = |bits: f64| LEFT + (bits - low) * per_bit;
    let height = LINE * bars.iter().fold(0.5, |lines, _| lines + 1.0);
    let said = format!("Evidence in bits: {}. Probability {}.", account.sentence, format::share(account.probability));
    html! {
        svg.chart.waterfall viewBox={ "0 0 640 " (coordinate(height)) } role="img" aria-label=(said) {
            line.axis x1=(coordinate(x(0.0))) x2=(coordinate(x(0.0))) y1="0" y2=(coordinate(height)) {}
            @for (bar, y) in bars.iter().zip((0_u16..).map(|place| f64::from(place) * LINE)) {
                text x="0" y=(coordinate(y + 15.0)) { (bar.label) }
                rect class=(bar.class) x=(coordinate(x(bar.from.min(bar.to)))) y=(coordinate(y + 4.0))
                    width=(coordinate(((bar.to - bar.from).abs() * per_bit).max(1.0))) height="14" rx="2" {}
                text x="640" y=(coordinate(y + 15.0)) text-anchor="end" { (format!("{:+.1}", bar.to - bar.from)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tributary_contact::ContactId;

    #[test]
    fn each_bar_begins_where_the_last_one_ended_and_the_last_one_is_the_sum() {
        let account = Account {
            contact: ContactId(1),
            prior: -12.0,
            steps: vec![("same e-mail", 14.0), ("other city", -4.0)],
            probability: 0.2,
            household_probability: 0.3,
            sentence: "same e-mail (+14.0), other city (-4.0)".to_owned(),
        };
        let spans: Vec<(f64, f64)> = bars(&account).iter().map(|bar| (bar.from, bar.to)).collect();
        assert_eq!(spans, [(0.0, -12.0), (-12.0, 2.0), (2.0, -2.0), (0.0, -2.0)]);
        let chart = waterfall(&account).into_string();
        assert!(chart.contains("class=\"against\"") && chart.contains("+14.0"), "{chart}");
    }
}
