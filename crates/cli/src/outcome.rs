//! How a command ends: status 0 done, 1 failed, 2 wrong use.

use crate::output::say;
use std::process::ExitCode;
use tributary_engine::EngineError;

/// The command was asked for in a way that makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// The command told all there is to tell on standard output; it failed all the same.
#[derive(Debug, thiserror::Error)]
#[error("failed")]
pub struct Told;

/// An error for wrong use.
pub fn usage(message: impl Into<String>) -> anyhow::Error {
    Usage(message.into()).into()
}

/// The status, after the error was told on standard error.
pub fn exit_code(result: anyhow::Result<()>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    if is_closed_pipe(&error) {
        return ExitCode::SUCCESS;
    }
    if error.downcast_ref::<Told>().is_none() {
        say(&format!("error: {}", chain(&error)));
    }
    if error.downcast_ref::<Usage>().is_some() { ExitCode::from(2) } else { ExitCode::FAILURE }
}

/// The reader of our output, such as `head`, has had enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Each cause after what it caused, and every problem of refused input on a line of its own.
fn chain(error: &anyhow::Error) -> String {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    let mut text = causes.join(": ");
    if let Some(EngineError::Invalid(issues)) = error.downcast_ref() {
        for issue in issues {
            let field = if issue.field.is_empty() { "body" } else { &issue.field };
            text.push_str(&format!("\n  {field}: {} ({})", issue.message, issue.code));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use tributary_contact::issue::{Issue, IssueCode};

    #[test]
    fn every_problem_of_refused_input_is_told() {
        let issues = vec![
            Issue::new("name", IssueCode::Required, "A name is needed."),
            Issue::new("", IssueCode::InvalidType, "Not a JSON object."),
        ];
        let text = chain(&EngineError::Invalid(issues).into());
        assert!(text.contains("name: A name is needed. (REQUIRED)"), "{text}");
        assert!(text.contains("body: Not a JSON object."), "{text}");
    }

    #[test]
    fn causes_are_told_after_what_they_caused() {
        let error = anyhow::Error::from(std::io::Error::other("disk full")).context("backup failed");
        assert_eq!(chain(&error), "backup failed: disk full");
    }
}
