//! 检查 — reads a file from front to back before anything is loaded: its shape, kinds and digest.

use std::path::Path;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::header::{Heading, headings};
use crate::records::Records;
use crate::source::{Source, Whole};
use crate::value::{self, EXACT, Number};
use crate::{Column, Defect, Encoding, Fault, Kind, Progress};

/// 检查结果 — what the file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// Data rows, without the header.
    pub rows: u64,
    /// Line ends, with the header's and those inside quotes.
    pub lines: u64,
    /// The file's size.
    pub bytes: u64,
    /// The file's SHA-256 in hexadecimal.
    pub sha256: String,
    /// How its characters are written.
    pub encoding: Encoding,
    /// Its columns in order.
    pub columns: Vec<Column>,
}

/// 清单 — what the sender says about the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The file's name.
    pub file: String,
    /// Data rows, without the header.
    pub rows: u64,
    /// The file's size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Surveys the file in bounded memory, off the async threads. Dropping the future stops it.
///
/// # Errors
/// The first [`Defect`] found, or a failure to read.
pub async fn survey(path: &Path, progress: &(dyn Fn(Progress) + Send + Sync)) -> Result<Survey, Fault> {
    let total = std::fs::metadata(path).map_err(Fault::storage("打开文件"))?.len();
    let (seen, watched) = watch::channel(0);
    let path = path.to_owned();
    let reading = tokio::task::spawn_blocking(move || examine(&path, &seen));
    follow("检查", total, watched, progress).await;
    reading.await.map_err(Fault::storage("检查文件"))?
}

/// Passes on how far a reading has come, until it ends.
pub(crate) async fn follow(
    stage: &'static str,
    total: u64,
    mut watched: watch::Receiver<u64>,
    progress: &(dyn Fn(Progress) + Send + Sync),
) {
    while watched.changed().await.is_ok() {
        let done = *watched.borrow_and_update();
        progress(Progress { stage, done, total });
    }
}

/// Reads the file as UTF-8 and, when it is not, once more as GB18030.
fn examine(path: &Path, seen: &watch::Sender<u64>) -> Result<Survey, Fault> {
    let utf8 = match examine_as(path, false, seen.clone()) {
        Err(Fault::Defect(Defect::Encoding { line, byte })) => (line, byte),
        other => return other,
    };
    match examine_as(path, true, seen.clone()) {
        Err(Fault::Defect(Defect::Encoding { line, byte })) => {
            // The encoding that got further is the likelier one: show where that broke.
            let (line, byte) = if byte > utf8.1 { (line, byte) } else { utf8 };
            Err(Defect::Encoding { line, byte }.into())
        }
        other => other,
    }
}

fn examine_as(path: &Path, gb18030: bool, seen: watch::Sender<u64>) -> Result<Survey, Fault> {
    let mut records = Records::new(Source::open(path, gb18030, seen)?);
    let headings = header(&mut records)?;
    let line = records.began();
    let mut guesses = vec![Guess::default(); headings.len()];
    let mut rows = 0;
    while records.next_row(headings.len())? {
        rows += 1;
        for (guess, text) in guesses.iter_mut().zip(records.fields()) {
            guess.see(text);
        }
    }
    if rows == 0 {
        return Err(Defect::NoRows { line }.into());
    }
    let named = |(Heading { name, title }, guess): (Heading, Guess)| Column {
        name,
        title,
        kind: guess.kind.unwrap_or(Kind::Text),
        nulls: guess.nulls,
    };
    let columns = headings.into_iter().zip(guesses).map(named).collect();
    let Whole { bytes, lines, sha256, encoding } = records.whole();
    Ok(Survey { rows, lines, bytes, sha256, encoding, columns })
}

/// Reads and names the header line.
pub(crate) fn header(records: &mut Records) -> Result<Vec<Heading>, Fault> {
    if !records.advance()? {
        return Err(Defect::Empty.into());
    }
    Ok(headings(records.began(), records.fields())?)
}

/// 推断 — what a column may still be after the values seen so far.
#[derive(Clone, Default)]
struct Guess {
    kind: Option<Kind>,
    /// It has integers that a decimal column would round.
    large: bool,
    nulls: u64,
}

impl Guess {
    fn see(&mut self, text: &str) {
        let trimmed = value::trim(text);
        if value::is_null(trimmed) {
            self.nulls += 1;
            return;
        }
        if self.kind == Some(Kind::Text) {
            return;
        }
        let kind = Kind::of(trimmed);
        if kind == Kind::Integer && trimmed.len() > 15 {
            self.large |= matches!(
                value::number(trimmed),
                Some(Number::Integer(value)) if value.unsigned_abs() > EXACT
            );
        }
        let joined = match (self.kind, kind) {
            (None, kind) => kind,
            (Some(before), kind) if before == kind => kind,
            (Some(Kind::Integer), Kind::Decimal) | (Some(Kind::Decimal), Kind::Integer) => Kind::Decimal,
            _ => Kind::Text,
        };
        self.kind = Some(if joined == Kind::Decimal && self.large { Kind::Text } else { joined });
    }
}

/// Compares the file with what its sender says about it.
///
/// # Errors
/// The first difference, as a [`Defect::Manifest`].
pub fn manifest_matches(survey: &Survey, manifest: &Manifest) -> Result<(), Fault> {
    let digest = |text: &str| text.trim().to_ascii_lowercase();
    let pairs = [
        ("字节数", manifest.bytes.to_string(), survey.bytes.to_string()),
        ("行数", manifest.rows.to_string(), survey.rows.to_string()),
        ("SHA-256", digest(&manifest.sha256), digest(&survey.sha256)),
    ];
    for (what, claimed, actual) in pairs {
        if claimed != actual {
            return Err(Defect::Manifest { what, claimed, actual }.into());
        }
    }
    Ok(())
}
