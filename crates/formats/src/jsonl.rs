//! JSON lines: one JSON value a line, blank lines between them ignored.

use crate::bytes::{self, Sink};
use crate::error::FormatError;
use serde::Serialize;
use serde_json::Value;
use serde_json::error::Category;
use std::fs::File;
use std::io::{BufRead, Read, Write};
use std::path::Path;

/// The longest line that is read: far above any row, far below what would fill the memory.
pub const MAX_LINE_BYTES: usize = 16 << 20;

/// A row and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Line, from 1.
    pub line: usize,
    /// Its value.
    pub value: Value,
}

/// Rows of a file, in order. A bad line is one error, and the rows after it still come; when reading
/// itself fails, that error is the last item.
pub struct Rows<'a> {
    text: Box<dyn BufRead + 'a>,
    line: usize,
    buffer: Vec<u8>,
    ended: bool,
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("line", &self.line).field("ended", &self.ended).finish_non_exhaustive()
    }
}

/// The rows of a file, plain or gzipped.
///
/// # Errors
/// [`FormatError::Open`]; everything later comes as an item.
pub fn open(path: &Path) -> Result<Rows<'static>, FormatError> {
    let failed = |source| FormatError::Open { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let text = bytes::source(file).map_err(failed)?;
    Ok(Rows::new(text))
}

/// The rows of bytes, plain or gzipped.
///
/// # Errors
/// [`FormatError::Read`] when the first bytes cannot be read.
pub fn read<'a>(raw: impl Read + 'a) -> Result<Rows<'a>, FormatError> {
    let text = bytes::source(raw).map_err(|source| FormatError::Read { line: 1, source })?;
    Ok(Rows::new(text))
}

/// Lines read but not yet understood, so that they can be understood on several threads.
#[derive(Debug, Default)]
pub struct Block {
    first_line: usize,
    text: Vec<u8>,
    /// Where each line ends.
    ends: Vec<usize>,
}

impl Block {
    /// The rows, in order; blank lines are left out.
    pub fn rows(&self) -> impl Iterator<Item = Result<Row, FormatError>> + '_ {
        (0..self.ends.len()).filter_map(|at| self.row(at))
    }

    /// How many lines there are, blank ones among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The row in one of the lines, counted from 0; none for a blank line and beyond the end.
    #[must_use]
    pub fn row(&self, at: usize) -> Option<Result<Row, FormatError>> {
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let text = self.text.get(from..*self.ends.get(at)?)?;
        (!text.iter().all(u8::is_ascii_whitespace)).then(|| parse(text, self.first_line + at))
    }
}

impl<'a> Rows<'a> {
    /// The next lines, at most so many; none at the end. An error is the last item.
    pub fn block(&mut self, lines: usize) -> Option<Result<Block, FormatError>> {
        let mut block = Block { first_line: self.line + 1, ..Block::default() };
        while !self.ended && block.ends.len() < lines {
            match self.advance() {
                Ok(true) => {
                    block.text.extend_from_slice(&self.buffer);
                    block.ends.push(block.text.len());
                }
                Ok(false) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        (!block.is_empty()).then_some(Ok(block))
    }

    fn new(text: Box<dyn BufRead + 'a>) -> Self {
        Self { text, line: 0, buffer: Vec::new(), ended: false }
    }

    /// Reads the next line into the buffer; `false` at the end.
    fn advance(&mut self) -> Result<bool, FormatError> {
        self.buffer.clear();
        self.line += 1;
        let line = self.line;
        let mut limited = self.text.by_ref().take(MAX_LINE_BYTES as u64 + 1);
        let read = limited.read_until(b'\n', &mut self.buffer).map_err(|source| FormatError::Read { line, source })?;
        if read > MAX_LINE_BYTES {
            return Err(FormatError::TooLong { line, limit: MAX_LINE_BYTES });
        }
        Ok(read > 0)
    }
}

fn parse(text: &[u8], line: usize) -> Result<Row, FormatError> {
    let bad = |error: &serde_json::Error| FormatError::Json {
        line,
        column: error.column(),
        problem: problem(error.classify()),
    };
    let value = serde_json::from_slice(text).map_err(|error| bad(&error))?;
    Ok(Row { line, value })
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.advance() {
                Ok(true) if self.buffer.iter().all(u8::is_ascii_whitespace) => {}
                Ok(true) => return Some(parse(&self.buffer, self.line)),
                Ok(false) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

const fn problem(category: Category) -> &'static str {
    match category {
        Category::Eof => "the JSON value ends too early",
        Category::Syntax | Category::Data | Category::Io => "not a JSON value",
    }
}

/// Writes rows to a file, gzipped when its name ends in `.gz`.
#[derive(Debug)]
pub struct Writer {
    sink: Sink,
}

impl Writer {
    /// Makes the file, or empties it.
    ///
    /// # Errors
    /// [`FormatError::Open`].
    pub fn create(path: &Path) -> Result<Self, FormatError> {
        Ok(Self { sink: bytes::sink(path)? })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// [`FormatError::Write`], also for a value that has no JSON form.
    pub fn write(&mut self, row: &impl Serialize) -> Result<(), FormatError> {
        serde_json::to_writer(&mut self.sink, row).map_err(|error| FormatError::Write(error.into()))?;
        self.sink.write_all(b"\n").map_err(FormatError::Write)
    }

    /// Writes what is left and ends the file. Without it the end of the file may be missing.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    pub fn finish(self) -> Result<(), FormatError> {
        self.sink.finish().map_err(FormatError::Write)
    }
}
