//! Rows of the benchmark's flat shape: what is on file, and what comes in. Every bad row of a file is
//! told with its line, never with what stands in it.

use crate::output::say;
use rayon::prelude::*;
use std::path::Path;
use std::sync::mpsc::SyncSender;
use tributary_contact::Submission;
use tributary_contact::flat::{FlatContext, parse_flat, parse_record};
use tributary_contact::issue::Issue;
use tributary_engine::OnFile;
use tributary_formats::{Block, FormatError, Row, Rows};

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
                let problem = |issue: Issue| BadRow { line, field: issue.field, message: issue.message };
                self.problems.extend(issues.into_iter().map(problem));
            }
            Err(FormatError::Json { line, problem, .. }) => {
                self.bad_rows += 1;
                self.problems.push(BadRow { line, field: String::new(), message: problem.to_owned() });
            }
            Err(broken) => return Err(broken),
        }
        Ok(())
    }

    /// Adds what comes after.
    pub fn append(&mut self, mut later: Self) {
        self.rows.append(&mut later.rows);
        self.bad_rows += later.bad_rows;
        self.problems.append(&mut later.problems);
    }
}

/// Lines read at a time. A file is never in memory whole.
const BLOCK: usize = 16_384;
/// Lines of a block that one thread understands at a time.
const PIECE: usize = 256;

/// Reads a file block by block on a thread of its own, while the blocks before are understood on the threads of
/// the current rayon pool and given to `take`. What is wrong with rows is told at the end.
pub fn in_blocks<T: Send>(
    path: &Path,
    parse: impl Fn(&Row) -> Result<T, Vec<Issue>> + Sync,
    mut take: impl FnMut(Vec<T>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (sender, blocks) = std::sync::mpsc::sync_channel(1);
    let mut bad = Parsed::default();
    std::thread::scope(|scope| {
        scope.spawn(move || read_ahead(path, &sender));
        for block in blocks {
            let mut parsed = understood(&block?, &parse)?;
            let rows = std::mem::take(&mut parsed.rows);
            bad.append(parsed);
            take(rows)?;
        }
        anyhow::Ok(())
    })?;
    bad.all(&path.display().to_string()).map(drop)
}

/// Sends block after block, until the end or until nobody wants more.
fn read_ahead(path: &Path, to: &SyncSender<Result<Block, FormatError>>) {
    match tributary_formats::open(path) {
        Ok(mut rows) => while rows.block(BLOCK).is_some_and(|block| to.send(block).is_ok()) {},
        // Nobody is left to be told when the receiver is gone.
        Err(error) => drop(to.send(Err(error))),
    }
}

fn understood<T: Send>(
    block: &Block,
    parse: &(impl Fn(&Row) -> Result<T, Vec<Issue>> + Sync),
) -> Result<Parsed<T>, FormatError> {
    let pieces = (0..block.len()).into_par_iter().step_by(PIECE);
    let parsed: Vec<Result<Parsed<T>, FormatError>> =
        pieces.map(|from| each((from..from + PIECE).filter_map(|at| block.row(at)), parse)).collect();
    parsed.into_iter().try_fold(Parsed::default(), |mut all, part| {
        all.append(part?);
        Ok(all)
    })
}
