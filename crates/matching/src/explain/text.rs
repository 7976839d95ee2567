//! The account of a pair as text: the same lines in the API, the command line and the console.

use super::{Adjustment, Explanation, Obstacle};
use std::fmt;

/// Width of the column of phrases.
const WIDE: usize = 46;

impl Adjustment {
    /// The adjustment in words.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Rarer => "rarer than usual",
            Self::Commoner => "commoner than usual",
            Self::Hub => "many contacts share the value",
            Self::Household => "another person of the household has it",
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSharedKey => f.write_str("the two have no key in common, so they were not compared by themselves"),
            Self::ReferenceElsewhere => f.write_str("the reference names another contact"),
            Self::Guard { guard } => f.write_str(guard.phrase()),
            Self::BelowLimit { probability, limit } => {
                write!(f, "probability {} is below {}", share(*probability), share(*limit))
            }
            Self::RelativeLikelier { bits } => {
                write!(f, "a new person of the household is likelier by {bits:.1} bits")
            }
            Self::OtherFitsBetter { bits } => write!(f, "another contact fits better by {bits:.1} bits"),
            Self::RivalTooNear { lead, needed } => {
                write!(f, "another contact is only {lead:.1} bits behind; {needed:.1} are needed")
            }
        }
    }
}

/// The waterfall in lines, with the running total, then probabilities, guard and obstacles.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(contact), Some(individual)) = (self.contact, self.individual) {
            writeln!(f, "Contact {contact}, individual {individual}")?;
        }
        writeln!(f, "Weights {}\n", self.weights_version)?;
        writeln!(f, "{:WIDE$} {:>7} {:>7}", "", "bits", "total")?;
        line(f, "before anything is compared", self.prior, Some(self.prior))?;
        for step in &self.steps {
            let shown = step.adjustment_kind.filter(|_| step.adjustment != 0.0);
            line(f, &step.phrase, step.bits, shown.is_none().then_some(step.after))?;
            if let Some(kind) = shown {
                line(f, &format!("  {}", kind.phrase()), step.adjustment, Some(step.after))?;
            }
        }
        writeln!(f, "{:WIDE$} {:>7} {:>+7.1}\n", "total", "", self.total)?;
        writeln!(f, "Probability of this individual: {}", share(self.probability))?;
        writeln!(f, "Probability of this contact: {}", share(self.household_probability))?;
        if self.against_relative != 0.0 {
            writeln!(f, "Against a new person of the household: {:+.1} bits", self.against_relative)?;
        }
        obstacles(f, &self.why_not)
    }
}

fn line(f: &mut fmt::Formatter<'_>, phrase: &str, bits: f64, total: Option<f64>) -> fmt::Result {
    let total = total.map(|total| format!("{total:+.1}")).unwrap_or_default();
    writeln!(f, "{phrase:WIDE$} {bits:>+7.1} {total:>7}")
}

fn obstacles(f: &mut fmt::Formatter<'_>, found: &[Obstacle]) -> fmt::Result {
    if found.is_empty() {
        return writeln!(f, "Nothing stands against merging.");
    }
    writeln!(f, "Against merging without a person:")?;
    found.iter().try_for_each(|obstacle| writeln!(f, "- {obstacle}"))
}

/// A probability in per cent, with as many digits as tell it from 0 and 1.
pub(super) fn share(probability: f64) -> String {
    let percent = probability * 100.0;
    if (1.0..=99.0).contains(&percent) || percent == 0.0 || percent == 100.0 {
        format!("{percent:.0} %")
    } else {
        format!("{percent:.2} %")
    }
}
