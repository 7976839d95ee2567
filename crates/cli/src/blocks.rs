//! Files of rows read block by block, for commands that decide on every row: a row with problems counts for what can
//! be read of it, a line that is no row is left out, and both are told with their line, never with what stands in it.

use crate::rows::{BadRow, tell};
use anyhow::ensure;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::mpsc::SyncSender;
use tributary_contact::Submission;
use tributary_contact::flat::{FlatContext, Readable, read_flat, read_record, says_something};
use tributary_contact::issue::Issue;
use tributary_formats::{Block, FormatError};
use tributary_matching::link::OnFile;

/// Lines read at a time. A file is never in memory whole.
const BLOCK: usize = 16_384;
/// Lines of a block that one thread understands at a time.
const PIECE: usize = 256;

/// What a file had, and what was wrong with it.
#[derive(Debug, Default)]
pub struct Account {
    /// Lines that are a JSON object, good or bad.
    objects: usize,
    /// Rows with problems; what can be read of them counts.
    rows: usize,
    /// Lines that are not JSON.
    lines: usize,
    /// The first problems.
    first: Vec<BadRow>,
    /// How many there are.
    problems: usize,
}

impl Account {
    /// The counts, for the result of a command.
    pub fn json(&self) -> Value {
        json!({"rows": self.rows, "unreadableLines": self.lines})
    }

    /// Tells the problems on standard error.
    pub fn tell(&self, path: &Path) {
        tell(&path.display().to_string(), &self.first, self.problems);
    }

    fn line(&mut self, line: usize, problem: &str) {
        self.lines += 1;
        self.note([BadRow::unreadable(line, problem)]);
    }

    fn row(&mut self, line: usize, issues: Vec<Issue>) {
        self.rows += usize::from(!issues.is_empty());
        self.note(issues.into_iter().map(|issue| BadRow::of(line, issue)));
    }

    fn note(&mut self, problems: impl IntoIterator<Item = BadRow>) {
        for problem in problems {
            self.problems += 1;
            if self.first.len() < crate::rows::SHOWN {
                self.first.push(problem);
            }
        }
    }

    fn append(&mut self, later: Self) {
        self.objects += later.objects;
        self.rows += later.rows;
        self.lines += later.lines;
        let more = later.problems - later.first.len();
        self.note(later.first);
        self.problems += more;
    }
}

/// One transaction. Whatever is in it, it is decided on.
pub fn transaction(row: &Value) -> (Option<Submission>, Vec<Issue>) {
    let Readable { submission, issues } = read_flat(row, &FlatContext::default());
    (Some(submission), issues)
}

/// One row on file; none when nothing in it says who it is. A row of which the contact cannot be read is a contact of
/// its own.
pub fn on_file(row: &Value) -> (Option<OnFile>, Vec<Issue>) {
    let (group, Readable { submission, issues }) = read_record(row, &FlatContext::default());
    let known = says_something(&submission);
    (known.then(|| OnFile { group: group.unwrap_or_default(), submission }), issues)
}

/// Reads a file block by block on a thread of its own, while the blocks before are understood on the threads of
/// the current rayon pool and given to `take`. A file that is not empty and has no row at all is an error.
pub fn in_blocks<T: Send>(
    path: &Path,
    understand: impl Fn(&Value) -> (Option<T>, Vec<Issue>) + Sync,
    mut take: impl FnMut(Vec<T>) -> anyhow::Result<()>,
) -> anyhow::Result<Account> {
    let (sender, blocks) = std::sync::mpsc::sync_channel(1);
    let mut account = Account::default();
    std::thread::scope(|scope| {
        scope.spawn(move || read_ahead(path, &sender));
        for block in blocks {
            let (rows, part) = understood(&block?, &understand)?;
            account.append(part);
            take(rows)?;
        }
        anyhow::Ok(())
    })?;
    if account.objects == 0 && account.problems > 0 {
        account.tell(path);
    }
    ensure!(account.objects > 0 || account.problems == 0, "{}: no row can be read", path.display());
    Ok(account)
}

/// Sends block after block, until the end or until nobody wants more.
fn read_ahead(path: &Path, to: &SyncSender<Result<Block, FormatError>>) {
    match tributary_formats::open(path) {
        Ok(mut rows) => while rows.block(BLOCK).is_some_and(|block| to.send(block).is_ok()) {},
        // Nobody is left to be told when the receiver is gone.
        Err(error) => drop(to.send(Err(error))),
    }
}

type Part<T> = (Vec<T>, Account);

fn understood<T: Send>(
    block: &Block,
    understand: &(impl Fn(&Value) -> (Option<T>, Vec<Issue>) + Sync),
) -> Result<Part<T>, FormatError> {
    let pieces = (0..block.len()).into_par_iter().step_by(PIECE);
    let parts: Vec<Result<Part<T>, FormatError>> = pieces.map(|from| piece(block, from, understand)).collect();
    parts.into_iter().try_fold((Vec::new(), Account::default()), |(mut rows, mut account), part| {
        let (mut more, later) = part?;
        rows.append(&mut more);
        account.append(later);
        Ok((rows, account))
    })
}

fn piece<T>(
    block: &Block,
    from: usize,
    understand: impl Fn(&Value) -> (Option<T>, Vec<Issue>),
) -> Result<Part<T>, FormatError> {
    let (mut rows, mut account) = (Vec::with_capacity(PIECE), Account::default());
    for row in (from..from + PIECE).filter_map(|at| block.row(at)) {
        match row {
            Ok(row) => {
                let (understood, issues) = understand(&row.value);
                account.objects += usize::from(row.value.is_object());
                account.row(row.line, issues);
                rows.extend(understood);
            }
            Err(FormatError::Json { line, problem, .. }) => account.line(line, problem),
            Err(broken) => return Err(broken),
        }
    }
    Ok((rows, account))
}
