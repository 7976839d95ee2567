//! The account of a pair as a waterfall chart: one bar per step, each beginning where the last one ended.
//! Meaning is never in the colour alone: bars for a match are filled, bars against it hatched, and each has
//! its signed number beside it. Readable on light and on dark ground.

use super::text::share;
use super::{Explanation, Obstacle};
use std::fmt::Write;

/// Width of the whole chart in pixels.
const WIDTH: f64 = 760.0;
/// Where the bars begin and end.
const LEFT: f64 = 300.0;
const RIGHT: f64 = 690.0;
/// Height of a line in pixels.
const LINE: f64 = 24.0;
/// Room above the first bar.
const TOP: f64 = 56.0;
/// Least span of the axis in bits, so that small totals do not look large.
const LEAST_SPAN: f64 = 10.0;

const STYLE: &str = "\
.t{font:13px system-ui,sans-serif;fill:#1b1f24}.h{font-weight:600}.n{text-anchor:end}\
.for{fill:#1f6f5c}.against{fill:url(#hatch);stroke:#a03a1e}.sum{fill:#44546a}\
.axis{stroke:#6b7480}.limit{stroke:#1b1f24;stroke-dasharray:4 3}.stripe{stroke:#a03a1e}\
@media (prefers-color-scheme:dark){.t{fill:#e6e9ee}.for{fill:#58c4a7}.against{stroke:#f0926f}\
.stripe{stroke:#f0926f}.sum{fill:#9fb3cc}.axis{stroke:#8a94a0}.limit{stroke:#e6e9ee}}";

/// A bar of the chart.
struct Bar {
    label: String,
    from: f64,
    to: f64,
    class: &'static str,
}

impl Explanation {
    /// The waterfall chart as a standalone SVG document. Pure: the same account gives the same bytes.
    #[must_use]
    pub fn svg(&self) -> String {
        let bars = bars(self);
        let scale = Scale::of(&bars, limit(self));
        let notes = notes(self);
        let count = |lines: usize| f64::from(u16::try_from(lines).unwrap_or(u16::MAX));
        let height = TOP + LINE * (count(bars.len() + notes.len()) + 1.5);
        let mut svg = head(self, height);
        frame(&mut svg, &scale, count(bars.len()), limit(self));
        for (place, bar) in bars.iter().enumerate() {
            draw(&mut svg, bar, &scale, TOP + LINE * count(place));
        }
        for (place, note) in notes.iter().enumerate() {
            let y = TOP + LINE * (count(bars.len() + place) + 1.5);
            text(&mut svg, 16.0, y, "t", note);
        }
        svg.push_str("</svg>\n");
        svg
    }
}

fn bars(account: &Explanation) -> Vec<Bar> {
    let class = |from: f64, to: f64| if to >= from { "for" } else { "against" };
    let bar = |label: &str, from: f64, to: f64| Bar { label: label.to_owned(), from, to, class: class(from, to) };
    let mut bars = vec![bar("before anything is compared", 0.0, account.prior)];
    let mut at = account.prior;
    for step in &account.steps {
        bars.push(bar(&step.phrase, at, at + step.bits));
        at += step.bits;
        if let Some(kind) = step.adjustment_kind.filter(|_| step.adjustment != 0.0) {
            bars.push(bar(&format!("\u{2003}{}", kind.phrase()), at, at + step.adjustment));
            at += step.adjustment;
        }
    }
    bars.push(Bar { label: "total".to_owned(), from: 0.0, to: account.total, class: "sum" });
    bars
}

/// Log-odds in bits of the least probability for a merge; none when it is certainty.
fn limit(account: &Explanation) -> Option<f64> {
    let odds = account.thresholds.merge / (1.0 - account.thresholds.merge);
    Some(odds.log2()).filter(|bits| bits.is_finite())
}

/// From bits to pixels.
struct Scale {
    low: f64,
    per_bit: f64,
}

impl Scale {
    fn of(bars: &[Bar], limit: Option<f64>) -> Self {
        let ends = || bars.iter().flat_map(|bar| [bar.from, bar.to]).chain(limit).chain([0.0]);
        let (low, high) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
        Self { low, per_bit: (RIGHT - LEFT) / (high - low).max(LEAST_SPAN) }
    }

    fn x(&self, bits: f64) -> f64 {
        LEFT + (bits - self.low) * self.per_bit
    }
}

fn head(account: &Explanation, height: f64) -> String {
    let summary = format!(
        "Waterfall of {} steps from {:+.1} to {:+.1} bits. Probability of this individual {}. {}",
        account.steps.len(),
        account.prior,
        account.total,
        share(account.probability),
        notes(account).join(" ")
    );
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\" role=\"img\" \
         aria-labelledby=\"title desc\">\n<title id=\"title\">Why this contact</title>\n<desc id=\"desc\">{}</desc>\n\
         <defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><line class=\"stripe\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" \
         stroke-width=\"2\"/></pattern></defs>\n<style>{STYLE}</style>\n",
        escaped(&summary)
    )
}

fn frame(svg: &mut String, scale: &Scale, bars: f64, limit: Option<f64>) {
    text(svg, 16.0, 24.0, "t h", "Evidence in bits: filled bars speak for this individual, hatched ones against");
    let bottom = TOP + LINE * bars;
    vertical(svg, scale.x(0.0), bottom, "axis");
    if let Some(limit) = limit {
        vertical(svg, scale.x(limit), bottom, "limit");
        text(svg, scale.x(limit) + 4.0, 44.0, "t", "merge");
    }
}

fn vertical(svg: &mut String, x: f64, bottom: f64, class: &str) {
    let _ = writeln!(svg, "<line class=\"{class}\" x1=\"{x:.1}\" y1=\"48\" x2=\"{x:.1}\" y2=\"{bottom:.1}\"/>");
}

fn draw(svg: &mut String, bar: &Bar, scale: &Scale, y: f64) {
    let (from, to) = (scale.x(bar.from.min(bar.to)), scale.x(bar.from.max(bar.to)));
    text(svg, 16.0, y + 16.0, "t", &bar.label);
    let _ = writeln!(
        svg,
        "<rect class=\"{}\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"16\"/>",
        bar.class,
        y + 4.0,
        (to - from).max(1.0)
    );
    text(svg, WIDTH - 12.0, y + 16.0, "t n", &format!("{:+.1}", bar.to - bar.from));
}

fn text(svg: &mut String, x: f64, y: f64, class: &str, content: &str) {
    let _ = writeln!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(content));
}

fn notes(account: &Explanation) -> Vec<String> {
    let mut notes = vec![format!(
        "Probability: this individual {}, this contact {}. Weights {}.",
        share(account.probability),
        share(account.household_probability),
        account.weights_version
    )];
    let against = account.why_not.iter().map(|obstacle: &Obstacle| format!("Against merging: {obstacle}."));
    notes.extend(against);
    if account.why_not.is_empty() {
        notes.push("Nothing stands against merging.".to_owned());
    }
    notes
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
