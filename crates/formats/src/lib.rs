//! Bytes to rows and back: which format a file has, and rows as JSON values.
//!
//! Knows nothing of contacts. JSON lines, plain or gzipped, is the one format so far. Rows are
//! read one at a time or in blocks of lines, so that a file may be larger than memory.

mod blocks;
mod bytes;
mod error;
mod jsonl;

pub use blocks::{Block, Blocks, Line, Part};
pub use bytes::{Sink, is_gzip, sink, source};
pub use error::FormatError;
pub use jsonl::{MAX_LINE_BYTES, Row, Rows, Writer, open, read};

use std::path::Path;

/// A format this crate reads and writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON value a line; `.jsonl`, `.ndjson`, and either with `.gz`.
    JsonLines,
}

impl Format {
    /// The format that a file name tells by its ending, in any letter case.
    ///
    /// ```
    /// # use tributary_formats::Format;
    /// assert_eq!(Format::of("gifts.JSONL.gz".as_ref()), Some(Format::JsonLines));
    /// assert_eq!(Format::of("gifts.csv".as_ref()), None);
    /// ```
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let bare = name.strip_suffix(".gz").unwrap_or(&name);
        let json_lines = [".jsonl", ".ndjson"].iter().any(|end| bare.ends_with(end));
        json_lines.then_some(Self::JsonLines)
    }
}
