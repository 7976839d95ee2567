//! What is done by rule with rows that wait for a person. No rule ever merges a row: that is for the matcher when it is
//! sure, and for a person when it is not.

use super::PolicyDocument;
use super::read::{choice, members, set, unknown};
use crate::flat::{Reader, limits};
use crate::issue::IssueCode;
use crate::state::{Reason, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Rules of one document at most.
const RULES_AT_MOST: usize = 200;
/// Days a rule can wait at most: ten years.
const DAYS_AT_MOST: i64 = 3_650;
/// Characters of a question to a sender at most.
pub const QUESTION_AT_MOST: usize = 1_000;

text_enum! {
    /// What a rule does.
    TriageAction {
        /// Nothing: the row waits, and no later rule is looked at.
        Hold => "hold",
        /// The row is given to a person, unless it is somebody's already.
        Assign => "assign",
        /// Its sender is asked something, unless it was asked already.
        AskPartner => "askPartner",
        /// It will not become part of any contact.
        Reject => "reject",
        /// A new contact is made of it.
        Create => "create",
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TriageRule {
    /// Only rows that wait for this reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Only rows of this reference source, exactly as it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What is done.
    pub action: TriageAction,
    /// Only once the row has waited for so many days.
    #[serde(default)]
    pub after: u16,
    /// Who gets the row: the address that they sign in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// What the sender is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
}

/// A row that waits, as rules see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// Why it waits.
    pub reason: Reason,
    /// Its reference source.
    pub source: Option<&'a str>,
    /// Whole days that it has waited.
    pub days: i64,
    /// Whether it is somebody's.
    pub assigned: bool,
    /// Whether its sender was asked something.
    pub asked: bool,
}

/// Reasons whose rows fit nobody on file for sure, so that a new contact of them doubles nobody who is known for sure.
const MAY_BE_NEW: &[Reason] = &[
    Reason::Ambiguous,
    Reason::Doubtful,
    Reason::Conflict,
    Reason::Household,
    Reason::Generation,
    Reason::CreateWaits,
    Reason::TooLittle,
];

/// Whether rules and bulk actions may make new contacts of rows that wait for this reason.
#[must_use]
pub fn may_be_new(reason: Reason) -> bool {
    MAY_BE_NEW.contains(&reason)
}

impl TriageRule {
    fn fits(&self, row: Waiting<'_>) -> bool {
        let reason = self.reason.is_none_or(|reason| reason == row.reason);
        let source = self.source.as_deref().is_none_or(|source| Some(source) == row.source);
        reason && source && row.days >= i64::from(self.after)
    }

    /// Whether the row is dealt with once the rule was carried out.
    const fn ends(&self) -> bool {
        matches!(self.action, TriageAction::Hold | TriageAction::Reject | TriageAction::Create)
    }
}

impl PolicyDocument {
    /// What is to be done with a row now, in order: rules are looked at from the first on, until one ends it.
    #[must_use]
    pub fn due(&self, row: Waiting<'_>) -> Vec<&TriageRule> {
        let Waiting { mut assigned, mut asked, .. } = row;
        let mut due = Vec::new();
        for rule in self.triage.iter().filter(|rule| rule.fits(row)) {
            let news = match rule.action {
                TriageAction::Hold => false,
                TriageAction::Assign => !std::mem::replace(&mut assigned, true),
                TriageAction::AskPartner => !std::mem::replace(&mut asked, true),
                TriageAction::Reject | TriageAction::Create => true,
            };
            due.extend(news.then_some(rule));
            if rule.ends() {
                break;
            }
        }
        due
    }
}

/// Reads the rules of a document.
pub(super) fn rules(path: &str, value: &Value, reader: &mut Reader<'_>) -> Vec<TriageRule> {
    let Value::Array(list) = value else {
        reader.issue(path, IssueCode::InvalidType, "Not a list.");
        return Vec::new();
    };
    if list.len() > RULES_AT_MOST {
        reader.issue(path, IssueCode::TooLong, &format!("At most {RULES_AT_MOST} rules."));
        return Vec::new();
    }
    let read = |(at, value): (usize, &Value)| rule(&format!("{path}[{at}]"), value, reader);
    list.iter().enumerate().filter_map(read).collect()
}

fn rule(path: &str, value: &Value, reader: &mut Reader<'_>) -> Option<TriageRule> {
    let mut rule =
        TriageRule { reason: None, source: None, action: TriageAction::Hold, after: 0, assignee: None, question: None };
    let mut action = None;
    let map = members(path, value, reader);
    for (part, value) in &map {
        let path = format!("{path}.{part}");
        match part.as_str() {
            "reason" => rule.reason = choice(&path, value, reader, Reason::parse),
            "source" => rule.source = reader.text(&path, value, limits::REFERENCE),
            "action" => action = choice(&path, value, reader, TriageAction::parse),
            "after" => set(&mut rule.after, days(&path, value, reader)),
            "assignee" => rule.assignee = reader.text(&path, value, limits::VALUE).map(|text| text.to_lowercase()),
            "question" => rule.question = reader.text(&path, value, QUESTION_AT_MOST),
            _ => unknown(&path, reader),
        }
    }
    if map.get("action").is_none_or(Value::is_null) {
        reader.require(&format!("{path}.action"), "One of hold, assign, askPartner, reject, create.");
    }
    rule.action = action?;
    check(path, &rule, reader);
    Some(rule)
}

fn days(path: &str, value: &Value, reader: &mut Reader<'_>) -> Option<u16> {
    reader.integer(path, value, 0..=DAYS_AT_MOST).and_then(|days| u16::try_from(days).ok())
}

/// What belongs to the action and what does not.
fn check(path: &str, rule: &TriageRule, reader: &mut Reader<'_>) {
    let (assigns, asks) = (rule.action == TriageAction::Assign, rule.action == TriageAction::AskPartner);
    if assigns && rule.assignee.is_none() {
        reader.require(&format!("{path}.assignee"), "Says who gets the row.");
    }
    if asks && rule.question.is_none() {
        reader.require(&format!("{path}.question"), "Says what the sender is asked.");
    }
    if !assigns && rule.assignee.is_some() {
        reader.issue(&format!("{path}.assignee"), IssueCode::InvalidValue, "Only assign gives a row to somebody.");
    }
    if !asks && rule.question.is_some() {
        reader.issue(&format!("{path}.question"), IssueCode::InvalidValue, "Only askPartner asks something.");
    }
    if rule.action == TriageAction::Create && !rule.reason.is_some_and(may_be_new) {
        let names: Vec<&str> = MAY_BE_NEW.iter().map(|reason| reason.as_str()).collect();
        let message = format!("New contacts are made of rows of one of these reasons: {}.", names.join(", "));
        reader.issue(&format!("{path}.reason"), IssueCode::InvalidValue, &message);
    }
}
