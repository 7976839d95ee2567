//! Rows of the benchmark's flat shape: what is on file, and what comes in. Every bad row of a file is
//! told with its line, never with what stands in it.

use crate::output::say;
use tributary_contact::Submission;
use tributary_contact::flat::{FlatContext, parse_flat, parse_record};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_engine::OnFile;
use tributary_formats::{FormatError, Row, Rows};

/// How many problems are shown one by one.
pub const SHOWN: usize = 100;

/// A problem of a row.
#[derive(Debug)]
pub struct BadRow {
    /// Line of the file, from 1.
    pub line: usize,
    /// Field path; empty for the row as a whole.
    pub field: String,
    /// What is wrong.
    pub message: String,
    /// The same as a stable code.
    pub code: &'static str,
}

impl BadRow {
    /// A problem of a row that is JSON.
    pub fn of(line: usize, issue: Issue) -> Self {
        Self { line, field: issue.field, message: issue.message, code: issue.code.as_str() }
    }

    /// A line that is not JSON.
    pub fn unreadable(line: usize, problem: &str) -> Self {
        Self { line, field: String::new(), message: problem.to_owned(), code: IssueCode::InvalidFormat.as_str() }
    }
}

impl std::fmt::Display for BadRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let field = if self.field.is_empty() { String::new() } else { format!("{}: ", self.field) };
        write!(f, "line {}: {field}{} ({})", self.line, self.message, self.code)
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
        tell(file, &self.problems, self.problems.len());
        anyhow::bail!("{file}: {} row(s) cannot be read", self.bad_rows)
    }
}

/// Tells the first problems of a file on standard error, and how many there are in all.
pub fn tell(file: &str, problems: &[BadRow], count: usize) {
    problems.iter().take(SHOWN).for_each(|problem| say(&format!("{file}: {problem}")));
    if count > SHOWN {
        say(&format!("{file}: and {} more", count - SHOWN));
    }
}

/// Rows of transactions; `source` is the reference source of rows that name none.
pub fn transactions(rows: Rows<'_>, source: Option<&str>) -> Result<Parsed<Submission>, FormatError> {
    each(rows, |row| transaction(row, source))
}

/// Rows of contacts on file; `source` as in [`transactions`].
pub fn contacts(rows: Rows<'_>, source: Option<&str>) -> Result<Parsed<OnFile>, FormatError> {
    each(rows, |row| on_file(row, source))
}

/// One transaction.
pub fn transaction(row: &Row, source: Option<&str>) -> Result<Submission, Vec<Issue>> {
    let context = FlatContext { source, ..FlatContext::default() };
    parse_flat(&row.value, &context).map(|parsed| parsed.submission)
}

/// One row of a contact on file.
pub fn on_file(row: &Row, source: Option<&str>) -> Result<OnFile, Vec<Issue>> {
    let context = FlatContext { source, ..FlatContext::default() };
    parse_record(&row.value, &context).map(|(group, submission)| OnFile { group, submission })
}

fn each<T>(
    rows: impl Iterator<Item = Result<Row, FormatError>>,
    parse: impl Fn(&Row) -> Result<T, Vec<Issue>>,
) -> Result<Parsed<T>, FormatError> {
    let mut parsed = Parsed::default();
    rows.into_iter().try_for_each(|row| parsed.take(row, &parse))?;
    Ok(parsed)
}

impl<T> Default for Parsed<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), bad_rows: 0, problems: Vec::new() }
    }
}

impl<T> Parsed<T> {
    /// Takes one row, good or bad.
    fn take(
        &mut self,
        row: Result<Row, FormatError>,
        parse: impl Fn(&Row) -> Result<T, Vec<Issue>>,
    ) -> Result<(), FormatError> {
        match row.map(|row| (parse(&row), row.line)) {
            Ok((Ok(good), _)) => self.rows.push(good),
            Ok((Err(issues), line)) => {
                self.bad_rows += 1;
                self.problems.extend(issues.into_iter().map(|issue| BadRow::of(line, issue)));
            }
            Err(FormatError::Json { line, problem, .. }) => {
                self.bad_rows += 1;
                self.problems.push(BadRow::unreadable(line, problem));
            }
            Err(broken) => return Err(broken),
        }
        Ok(())
    }
}
