//! Gzip or plain, told by the first bytes when reading and by the name when writing.

use crate::FormatError;
use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Result, Write};
use std::path::Path;

/// Large enough that a gigabyte takes few system calls.
const BUFFER_BYTES: usize = 1 << 17;
/// First two bytes of every gzip file (RFC 1952, 2.3.1).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// Many spreadsheet programs put it before UTF-8 text.
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// Whether the bytes begin as gzip does.
#[must_use]
pub fn is_gzip(start: &[u8]) -> bool {
    start.starts_with(&GZIP_MAGIC)
}

/// A reader of the text inside: unpacked when the bytes are gzip (also several members one after the
/// other), without a byte order mark.
///
/// # Errors
/// The first bytes cannot be read.
pub fn source<'a>(raw: impl Read + 'a) -> Result<Box<dyn BufRead + 'a>> {
    let (start, raw) = peek::<2>(raw)?;
    let packed = is_gzip(&start);
    let whole = BufReader::with_capacity(BUFFER_BYTES, start_again(start, raw));
    if packed { text(MultiGzDecoder::new(whole)) } else { text(whole) }
}

/// A writer to a new file, gzipped when its name ends in `.gz`. [`Write::flush`] does not end a gzip
/// file; dropping the writer does, without telling of errors. Use [`crate::Writer`] for rows.
///
/// # Errors
/// [`FormatError::Open`].
pub fn sink(path: &Path) -> std::result::Result<Sink, FormatError> {
    let file = File::create(path).map_err(|source| FormatError::Open { path: path.to_owned(), source })?;
    let file = BufWriter::with_capacity(BUFFER_BYTES, file);
    let packed = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
    Ok(if packed { Sink::Gzip(GzEncoder::new(file, Compression::default())) } else { Sink::Plain(file) })
}

/// A file being written, plain or gzipped.
#[derive(Debug)]
pub enum Sink {
    /// As is.
    Plain(BufWriter<File>),
    /// Compressed.
    Gzip(GzEncoder<BufWriter<File>>),
}

impl Sink {
    /// Writes what is left, and the end of a gzip file.
    ///
    /// # Errors
    /// Writing fails.
    pub fn finish(self) -> Result<()> {
        match self {
            Self::Plain(mut file) => file.flush(),
            Self::Gzip(packed) => packed.finish()?.flush(),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Gzip(packed) => packed.write(bytes),
        }
    }

    fn flush(&mut self) -> Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Gzip(packed) => packed.flush(),
        }
    }
}

fn text<'a>(unpacked: impl Read + 'a) -> Result<Box<dyn BufRead + 'a>> {
    let (start, rest) = peek::<3>(unpacked)?;
    let start = if start == BYTE_ORDER_MARK { Vec::new() } else { start };
    Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, start_again(start, rest))))
}

/// Up to `N` first bytes, and the reader that goes on after them.
fn peek<const N: usize>(mut raw: impl Read) -> Result<(Vec<u8>, impl Read)> {
    let mut start = Vec::with_capacity(N);
    raw.by_ref().take(N as u64).read_to_end(&mut start)?;
    Ok((start, raw))
}

fn start_again(start: Vec<u8>, rest: impl Read) -> impl Read {
    std::io::Cursor::new(start).chain(rest)
}
