//! 来源 — a file read once from front to back: digested, checked and decoded to UTF-8.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use encoding_rs::{Decoder, DecoderResult, GB18030};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::{Defect, Fault};

/// 进度 — how far a long read has come, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// 检查 or 装载.
    pub stage: &'static str,
    /// Bytes read.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}

/// 编码 — how the file's characters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8.
    #[serde(rename = "UTF-8")]
    Utf8,
    /// UTF-8 with a byte order mark, as spreadsheets write it.
    #[serde(rename = "UTF-8 BOM")]
    Utf8Bom,
    /// GB18030, and so GBK and GB2312.
    #[serde(rename = "GB18030")]
    Gb18030,
}

impl Encoding {
    /// The encoding's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8 BOM",
            Self::Gb18030 => "GB18030",
        }
    }
}

const CHUNK: usize = 1 << 18;
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// So many Chinese characters in UTF-8 do not come about by chance in GB18030.
const CERTAINLY_UTF8: u64 = 8;

/// 来源 — an open file and what has been seen of it.
pub(crate) struct Source {
    file: File,
    decoder: Option<Decoder>,
    marked: bool,
    chunk: Vec<u8>,
    /// Bytes of an unfinished character at the chunk's front.
    kept: usize,
    bytes: u64,
    lines: u64,
    wide: u64,
    hash: Sha256,
    seen: watch::Sender<u64>,
}

/// What a file turned out to be once it was read to its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Whole {
    pub(crate) bytes: u64,
    pub(crate) lines: u64,
    pub(crate) sha256: String,
    pub(crate) encoding: Encoding,
}

impl Source {
    /// Opens the file as UTF-8, marked or not, or as GB18030. When nobody watches `seen` any
    /// more, reading stops.
    pub(crate) fn open(path: &Path, gb18030: bool, seen: watch::Sender<u64>) -> Result<Self, Fault> {
        Ok(Self {
            file: File::open(path).map_err(Fault::storage("打开文件"))?,
            decoder: gb18030.then(|| GB18030.new_decoder_without_bom_handling()),
            marked: false,
            chunk: vec![0; CHUNK],
            kept: 0,
            bytes: 0,
            lines: 0,
            wide: 0,
            hash: Sha256::new(),
            seen,
        })
    }

    /// Adds the next piece of text; false at the end of the file.
    pub(crate) fn more(&mut self, text: &mut String) -> Result<bool, Fault> {
        if self.seen.send(self.bytes).is_err() {
            return Err(Fault::storage("读取")("nobody waits for it any more"));
        }
        let read = loop {
            match self.file.read(&mut self.chunk[self.kept..]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                read => break read.map_err(Fault::storage("读取文件"))?,
            }
        };
        let fresh = self.kept..self.kept + read;
        self.hash.update(&self.chunk[fresh.clone()]);
        if self.chunk[fresh.clone()].contains(&0) {
            let offset = self.chunk[fresh.clone()].iter().take_while(|byte| **byte != 0).count();
            let (line, byte) = self.place(self.kept + offset);
            return Err(Defect::Nul { line, byte }.into());
        }
        match self.decoder.take() {
            Some(decoder) => self.decode(decoder, read, text)?,
            None => self.validate(read, text)?,
        }
        Ok(read > 0)
    }

    /// Takes over the chunk's UTF-8 up to a character that the next read will finish.
    fn validate(&mut self, read: usize, text: &mut String) -> Result<(), Fault> {
        let mut filled = self.kept + read;
        let front = if self.bytes == 0 && self.chunk[..filled].starts_with(MARK) {
            self.marked = true;
            MARK.len()
        } else {
            0
        };
        let (valid, broken) = match std::str::from_utf8(&self.chunk[front..filled]) {
            Ok(valid) => (valid, false),
            Err(error) => {
                let end = front + error.valid_up_to();
                let broken = error.error_len().is_some() || read == 0;
                let valid = std::str::from_utf8(&self.chunk[front..end]).unwrap_or_default();
                (valid, broken)
            }
        };
        let end = front + valid.len();
        self.wide += valid.bytes().filter(|byte| (0xE0..0xF0).contains(byte)).count() as u64;
        if broken {
            let (line, byte) = self.place(end);
            let certain = self.marked || self.wide >= CERTAINLY_UTF8;
            return Err(if certain {
                Defect::Garbled { line, byte, encoding: "UTF-8" }.into()
            } else {
                Defect::Encoding { line, byte }.into()
            });
        }
        text.push_str(valid);
        self.count(end);
        self.chunk.copy_within(end..filled, 0);
        filled -= end;
        self.kept = filled;
        Ok(())
    }

    /// Decodes the chunk; the decoder itself keeps an unfinished character.
    fn decode(&mut self, mut decoder: Decoder, read: usize, text: &mut String) -> Result<(), Fault> {
        let room = decoder.max_utf8_buffer_length_without_replacement(read).unwrap_or(4 * CHUNK);
        text.reserve(room);
        let last = read == 0;
        let fresh = &self.chunk[..read];
        let (result, used) = decoder.decode_to_string_without_replacement(fresh, text, last);
        if let DecoderResult::Malformed(length, beyond) = result {
            let start = used.saturating_sub(usize::from(length) + usize::from(beyond));
            let (line, byte) = self.place(start);
            return Err(Defect::Encoding { line, byte }.into());
        }
        self.count(read);
        self.decoder = Some(decoder);
        Ok(())
    }

    /// Moves on over the first `length` bytes of the chunk.
    fn count(&mut self, length: usize) {
        self.bytes += length as u64;
        self.lines += newlines(&self.chunk[..length]);
    }

    /// The line and the byte, both counted from one, of an offset in the chunk.
    fn place(&self, offset: usize) -> (u64, u64) {
        (self.lines + newlines(&self.chunk[..offset]) + 1, self.bytes + offset as u64 + 1)
    }

    /// What the file turned out to be; only after its end.
    pub(crate) fn whole(self) -> Whole {
        Whole {
            bytes: self.bytes,
            lines: self.lines,
            sha256: hex::encode(self.hash.finalize()),
            encoding: match (&self.decoder, self.marked) {
                (Some(_), _) => Encoding::Gb18030,
                (None, true) => Encoding::Utf8Bom,
                (None, false) => Encoding::Utf8,
            },
        }
    }
}

#[expect(clippy::naive_bytecount, reason = "the compiler makes it fast enough")]
pub(crate) fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
