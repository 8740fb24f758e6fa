//! A buffered reader that counts lines, can keep what passes through it, and gives up where one piece grows too large.

use std::io::{self, BufRead, BufReader, Read};

/// Larger than any tag, text or record of a catalogue.
pub(crate) const LARGEST_PIECE: usize = 4 << 20;

/// Reads text; between two calls of `begin_piece` at most `LARGEST_PIECE` bytes.
pub(crate) struct BoundedReader<R> {
    inner: BufReader<R>,
    line: u64,
    left: usize,
    kept: Option<Vec<u8>>,
}

impl<R: Read> BoundedReader<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { inner: BufReader::with_capacity(256 * 1024, source), line: 1, left: LARGEST_PIECE, kept: None }
    }

    /// From now on what passes through is kept until it is taken.
    pub(crate) fn keep(mut self) -> Self {
        self.kept = Some(Vec::new());
        self
    }

    /// The line at which reading stands, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Allows another piece.
    pub(crate) fn begin_piece(&mut self) {
        self.left = LARGEST_PIECE;
    }

    /// What has passed through since the last call.
    pub(crate) fn take_kept(&mut self) -> Vec<u8> {
        self.kept.as_mut().map(std::mem::take).unwrap_or_default()
    }

    pub(crate) fn source(&self) -> &R {
        self.inner.get_ref()
    }

    pub(crate) fn into_source(self) -> R {
        self.inner.into_inner()
    }
}

impl<R: Read> Read for BoundedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let taken = available.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&available[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

impl<R: Read> BufRead for BoundedReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::other("a single element is larger than 4 MiB"));
        }
        let left = self.left;
        self.inner.fill_buf().map(|bytes| &bytes[..bytes.len().min(left)])
    }

    fn consume(&mut self, amount: usize) {
        let passed = &self.inner.buffer()[..amount];
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        if let Some(kept) = &mut self.kept {
            kept.extend_from_slice(passed);
        }
        self.left = self.left.saturating_sub(amount);
        self.inner.consume(amount);
    }
}
