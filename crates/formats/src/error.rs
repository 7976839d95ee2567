//! What can be wrong with a file. Messages name the line, never what stands in it.

use std::path::PathBuf;

/// A failure to read or write rows.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The file cannot be opened or made.
    #[error("cannot open {}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Cause.
        #[source]
        source: std::io::Error,
    },
    /// Reading broke off, also when compressed data is damaged or cut short.
    #[error("line {line}: reading failed")]
    Read {
        /// The line being read, from 1.
        line: usize,
        /// Cause.
        #[source]
        source: std::io::Error,
    },
    /// The line is not one JSON value.
    #[error("line {line}, column {column}: {problem}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Byte in the line, from 1.
        column: usize,
        /// What is wrong, without the text.
        problem: &'static str,
    },
    /// The line is longer than a row can be.
    #[error("line {line}: longer than {limit} bytes")]
    TooLong {
        /// Line, from 1.
        line: usize,
        /// The limit.
        limit: usize,
    },
    /// A row could not be written.
    #[error("writing failed")]
    Write(#[source] std::io::Error),
}

impl FormatError {
    /// The line it is about, if it is about one.
    #[must_use]
    pub const fn line(&self) -> Option<usize> {
        match self {
            Self::Read { line, .. } | Self::Json { line, .. } | Self::TooLong { line, .. } => Some(*line),
            Self::Open { .. } | Self::Write(_) => None,
        }
    }
}
