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

impl<'a> Rows<'a> {
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

pub(crate) fn parse(text: &[u8], line: usize) -> Result<Row, FormatError> {
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

    /// Writes rows that are JSON lines already.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    pub fn write_lines(&mut self, lines: &[u8]) -> Result<(), FormatError> {
        self.sink.write_all(lines).map_err(FormatError::Write)
    }

    /// Writes what is left and ends the file. Without it the end of the file may be missing.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    pub fn finish(self) -> Result<(), FormatError> {
        self.sink.finish().map_err(FormatError::Write)
    }
}
