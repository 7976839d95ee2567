//! Lines read but not yet understood, many at a time, so that they can be understood on several threads.

use crate::jsonl::{self, MAX_LINE_BYTES, Row};
use crate::{FormatError, bytes};
use std::fs::File;
use std::io::{BufRead, Read};
use std::path::Path;

/// A run of whole lines.
#[derive(Debug, Default)]
pub struct Block {
    first_line: usize,
    text: Vec<u8>,
}

/// One line that is not blank.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Line of the file, from 1.
    pub number: usize,
    /// Its bytes.
    pub text: &'a [u8],
}

impl Line<'_> {
    /// The row in the line.
    ///
    /// # Errors
    /// [`FormatError::Json`].
    pub fn row(&self) -> Result<Row, FormatError> {
        jsonl::parse(self.text, self.number)
    }
}

impl Block {
    /// The lines in order; blank ones are left out.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        lines(self.first_line, &self.text)
    }

    /// The lines in runs of about so many bytes, in order.
    #[must_use]
    pub fn parts(&self, bytes: usize) -> Vec<Part<'_>> {
        let (mut parts, mut rest, mut line) = (Vec::new(), self.text.as_slice(), self.first_line);
        while !rest.is_empty() {
            let wanted = bytes.clamp(1, rest.len()) - 1;
            let after = rest.get(wanted..).and_then(|tail| tail.iter().position(|byte| *byte == b'\n'));
            let (text, tail) = rest.split_at(after.map_or(rest.len(), |at| wanted + at + 1));
            parts.push(Part { first_line: line, text });
            line += newlines(text);
            rest = tail;
        }
        parts
    }
}

/// Some lines of a block.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    first_line: usize,
    text: &'a [u8],
}

impl<'a> Part<'a> {
    /// The lines in order; blank ones are left out.
    pub fn lines(self) -> impl Iterator<Item = Line<'a>> {
        lines(self.first_line, self.text)
    }
}

fn lines(first: usize, mut rest: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let all = std::iter::from_fn(move || {
        let mut after = rest;
        // Reading from memory cannot fail.
        let length = after.skip_until(b'\n').unwrap_or(rest.len());
        let line = rest.get(..length).filter(|line| !line.is_empty());
        rest = after;
        line
    });
    let numbered = (first..).zip(all).map(|(number, text)| Line { number, text });
    numbered.filter(|line| !line.text.iter().all(u8::is_ascii_whitespace))
}

fn newlines(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte == b'\n').count()
}

/// The lines of a file, plain or gzipped, block by block.
pub struct Blocks<'a> {
    text: Box<dyn BufRead + 'a>,
    /// Lines in the blocks so far.
    lines: usize,
    /// What was read of the line after them.
    begun: Vec<u8>,
}

impl std::fmt::Debug for Blocks<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blocks").field("lines", &self.lines).finish_non_exhaustive()
    }
}

impl Blocks<'static> {
    /// The blocks of a file.
    ///
    /// # Errors
    /// [`FormatError::Open`]; everything later comes with the block it concerns.
    pub fn open(path: &Path) -> Result<Self, FormatError> {
        let failed = |source| FormatError::Open { path: path.to_owned(), source };
        let text = bytes::source(File::open(path).map_err(failed)?).map_err(failed)?;
        Ok(Self { text, lines: 0, begun: Vec::new() })
    }
}

impl<'a> Blocks<'a> {
    /// The blocks of bytes.
    ///
    /// # Errors
    /// [`FormatError::Read`] when the first bytes cannot be read.
    pub fn read(raw: impl Read + 'a) -> Result<Self, FormatError> {
        let text = bytes::source(raw).map_err(|source| FormatError::Read { line: 1, source })?;
        Ok(Self { text, lines: 0, begun: Vec::new() })
    }

    /// The next whole lines, about so many bytes of them; none at the end.
    ///
    /// # Errors
    /// Reading fails, or a line is longer than a row can be. There is nothing to read then any more.
    pub fn next_block(&mut self, bytes: usize) -> Result<Option<Block>, FormatError> {
        let mut text = Vec::with_capacity(self.begun.len() + bytes);
        text.append(&mut self.begun);
        let whole = loop {
            let ended = self.fill(&mut text, bytes)?;
            match text.iter().rposition(|byte| *byte == b'\n') {
                _ if ended => break text.len(),
                Some(at) => break at + 1,
                None if text.len() > MAX_LINE_BYTES => return Err(self.too_long()),
                None => {}
            }
        };
        self.begun = text.split_off(whole);
        let first_line = self.lines + 1;
        self.lines += newlines(&text);
        if self.begun.len() > MAX_LINE_BYTES {
            return Err(self.too_long());
        }
        Ok((!text.is_empty()).then_some(Block { first_line, text }))
    }

    /// Reads so many bytes more; whether that was the end.
    fn fill(&mut self, text: &mut Vec<u8>, bytes: usize) -> Result<bool, FormatError> {
        let mut limited = self.text.by_ref().take(bytes as u64);
        let read = limited.read_to_end(text);
        read.map(|read| read < bytes).map_err(|source| FormatError::Read { line: self.lines + 1, source })
    }

    const fn too_long(&self) -> FormatError {
        FormatError::TooLong { line: self.lines + 1, limit: MAX_LINE_BYTES }
    }
}
