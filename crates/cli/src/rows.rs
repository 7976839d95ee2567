//! Rows of the benchmark's flat shape: what is on file, and what comes in. Every bad row of a file is
//! told with its line, never with what stands in it.

use crate::output::say;
use tributary_contact::Submission;
use tributary_contact::flat::{FlatContext, parse_flat, parse_record};
use tributary_contact::issue::Issue;
use tributary_engine::OnFile;
use tributary_formats::{FormatError, Row, Rows};

/// How many problems are shown one by one.
const SHOWN: usize = 100;

/// A problem of a row.
#[derive(Debug)]
pub struct BadRow {
    /// Line of the file, from 1.
    pub line: usize,
    /// Field path; empty for the row as a whole.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for BadRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let field = if self.field.is_empty() { String::new() } else { format!("{}: ", self.field) };
        write!(f, "line {}: {field}{}", self.line, self.message)
    }
}

/// Rows that could be read, and the problems of the others.
#[derive(Debug)]
pub struct Parsed<T> {
    /// The good rows in order.
    pub rows: Vec<T>,
    /// Rows left out.
    pub bad_rows: usize,
    /// Their problems.
    pub problems: Vec<BadRow>,
}

impl<T> Parsed<T> {
    /// The rows, if all are good; else tells the problems.
    pub fn all(self, file: &str) -> anyhow::Result<Vec<T>> {
        if self.bad_rows == 0 {
            return Ok(self.rows);
        }
        tell(file, &self.problems);
        anyhow::bail!("{file}: {} row(s) cannot be read", self.bad_rows)
    }
}

/// Tells the problems of a file on standard error.
pub fn tell(file: &str, problems: &[BadRow]) {
    problems.iter().take(SHOWN).for_each(|problem| say(&format!("{file}: {problem}")));
    if problems.len() > SHOWN {
        say(&format!("{file}: and {} more", problems.len() - SHOWN));
    }
}

/// Rows of transactions; `source` is the reference source of rows that name none.
pub fn transactions(rows: Rows<'_>, source: Option<&str>) -> Result<Parsed<Submission>, FormatError> {
    let context = FlatContext { source, ..FlatContext::default() };
    each(rows, |row| parse_flat(&row.value, &context).map(|parsed| parsed.submission))
}

/// Rows of contacts on file; `source` as in [`transactions`].
pub fn contacts(rows: Rows<'_>, source: Option<&str>) -> Result<Parsed<OnFile>, FormatError> {
    let context = FlatContext { source, ..FlatContext::default() };
    each(rows, |row| parse_record(&row.value, &context).map(|(group, submission)| OnFile { group, submission }))
}

fn each<T>(rows: Rows<'_>, parse: impl Fn(&Row) -> Result<T, Vec<Issue>>) -> Result<Parsed<T>, FormatError> {
    let mut parsed = Parsed { rows: Vec::new(), bad_rows: 0, problems: Vec::new() };
    for row in rows {
        match row {
            Ok(row) => match parse(&row) {
                Ok(good) => parsed.rows.push(good),
                Err(issues) => {
                    parsed.bad_rows += 1;
                    parsed.problems.extend(issues.into_iter().map(|issue| BadRow {
                        line: row.line,
                        field: issue.field,
                        message: issue.message,
                    }));
                }
            },
            Err(FormatError::Json { line, problem, .. }) => {
                parsed.bad_rows += 1;
                parsed.problems.push(BadRow { line, field: String::new(), message: problem.to_owned() });
            }
            Err(broken) => return Err(broken),
        }
    }
    Ok(parsed)
}
