//! Files of rows read block by block, for commands that decide on every row: a row with problems counts for what can
//! be read of it, a line that is no row is left out, and both are told with their line, never with what stands in it.

use crate::rows::{BadRow, tell};
use anyhow::ensure;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender};
use tributary_contact::Submission;
use tributary_contact::flat::{FlatContext, Readable, read_flat, read_record, says_something};
use tributary_contact::issue::Issue;
use tributary_formats::{Block, Blocks, FormatError, Part};
use tributary_matching::link::OnFile;

/// Bytes of lines read at a time. A file is never in memory whole.
const BLOCK: usize = 1 << 19;
/// Bytes of a block that one thread understands at a time.
const PART: usize = 1 << 15;

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

/// What a row gives a command, if anything, and what is wrong with it.
pub type Understood<T> = (Option<T>, Vec<Issue>);

/// A transaction. Whatever is in it, it is decided on.
pub fn transaction(row: &Value) -> Understood<Submission> {
    let Readable { submission, issues } = read_flat(row, &FlatContext::default());
    (Some(submission), issues)
}

/// A row on file; none when nothing in it says who it is. A row of which the contact cannot be read is a contact of
/// its own.
pub fn on_file(row: &Value) -> Understood<OnFile> {
    let (group, Readable { submission, issues }) = read_record(row, &FlatContext::default());
    let known = says_something(&submission);
    (known.then(|| OnFile { group: group.unwrap_or_default(), submission }), issues)
}

/// Reads a file block by block on a thread of its own. A block is understood on the threads of the current rayon pool
/// while `take` has the one before. `quick` may understand a line without problems by itself; what it leaves alone is
/// read as JSON and given to `careful`. A file that is not empty and has no row at all is an error.
pub fn in_blocks<T: Send>(
    path: &Path,
    quick: impl Fn(&[u8]) -> Option<T> + Sync,
    careful: impl Fn(&Value) -> Understood<T> + Sync,
    mut take: impl FnMut(Vec<T>) -> anyhow::Result<()> + Send,
) -> anyhow::Result<Account> {
    let (sender, mut blocks) = std::sync::mpsc::sync_channel(2);
    let mut account = Account::default();
    std::thread::scope(|scope| {
        scope.spawn(move || read_ahead(path, &sender));
        let mut next = || next_of(&mut blocks, &quick, &careful);
        let mut understood = next()?;
        while let Some((rows, part)) = understood {
            account.append(part);
            let (taken, after) = rayon::join(|| take(rows), &mut next);
            taken?;
            understood = after?;
        }
        anyhow::Ok(())
    })?;
    let unreadable = account.objects == 0 && account.problems > 0;
    if unreadable {
        account.tell(path);
    }
    ensure!(!unreadable, "{}: no row can be read", path.display());
    Ok(account)
}

/// Sends block after block, until the end or until nobody wants more.
fn read_ahead(path: &Path, to: &SyncSender<Read>) {
    let blocks = Blocks::open(path).and_then(|mut blocks| {
        while let Some(block) = blocks.next_block(BLOCK)? {
            if to.send(Ok(block)).is_err() {
                break;
            }
        }
        Ok(())
    });
    if let Err(error) = blocks {
        // Nobody is left to be told when the receiver is gone.
        drop(to.send(Err(error)));
    }
}

type Read = Result<Block, FormatError>;

/// The rows of the next block; none at the end.
fn next_of<T: Send>(
    blocks: &mut Receiver<Read>,
    quick: &(impl Fn(&[u8]) -> Option<T> + Sync),
    careful: &(impl Fn(&Value) -> Understood<T> + Sync),
) -> Result<Option<(Vec<T>, Account)>, FormatError> {
    let Ok(block) = blocks.recv() else { return Ok(None) };
    let block = block?;
    let parts = block.parts(PART);
    let understood: Vec<_> = parts.into_par_iter().map(|part| part_of(part, quick, careful)).collect();
    let all = understood.into_iter().try_fold((Vec::new(), Account::default()), |(mut rows, mut account), part| {
        let (mut more, later) = part?;
        rows.append(&mut more);
        account.append(later);
        Ok((rows, account))
    });
    all.map(Some)
}

fn part_of<T>(
    part: Part<'_>,
    quick: impl Fn(&[u8]) -> Option<T>,
    careful: impl Fn(&Value) -> Understood<T>,
) -> Result<(Vec<T>, Account), FormatError> {
    let (mut rows, mut account) = (Vec::with_capacity(PART / 256), Account::default());
    for line in part.lines() {
        if let Some(row) = quick(line.text) {
            account.objects += 1;
            rows.push(row);
            continue;
        }
        match line.row() {
            Ok(row) => {
                let (understood, issues) = careful(&row.value);
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
