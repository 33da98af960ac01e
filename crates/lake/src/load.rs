//! 装载 — a surveyed file becomes the next version of a raw table, whole and exactly once.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::batch::{BYTES, Batch, latest};
use crate::files::{Sink, writer};
use crate::records::Records;
use crate::scan::Edition;
use crate::sheet::{Sheet, schema_of};
use crate::source::Source;
use crate::survey::{follow, header};
use crate::table::{Place, Spot};
use crate::{Column, Defect, Encoding, Fault, Lake, Progress, Raw, Survey};

/// 装载结果 — the raw version that a batch made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// The raw table and its new version.
    pub raw: Raw,
    /// Its rows.
    pub rows: u64,
    /// The file's bytes.
    pub bytes: u64,
}

impl Lake {
    /// Loads a surveyed file as the table's next version. The same batch again gets the first
    /// result and loads nothing. Dropping the future leaves the last version as it was.
    ///
    /// # Errors
    /// When the name or the batch is not usable, when the file is no longer the surveyed one,
    /// or when it cannot be stored. Nothing of the batch is visible then.
    pub async fn load(
        &self,
        table: &str,
        path: &Path,
        survey: &Survey,
        batch: &str,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Loaded, Fault> {
        let spot = Spot::new(Place::Raw, table)?;
        let batch = Batch { id: batch, digest: &survey.sha256, bytes: survey.bytes };
        let ground = &self.inner;
        let _turn = ground.turn(&spot).await;
        let log = ground.log(&spot)?;
        let current = latest(&log).await?;
        if let Some(edition) = batch.made(ground, &spot, &log, current.as_ref()).await? {
            return Ok(loaded(table, &edition));
        }
        let schema = schema_of(&survey.columns);
        let stem = stem(&[batch.id, batch.digest]);
        let (sink, writing) = writer(ground.store.clone(), ground.root(&spot)?, stem, &schema);
        let (seen, watched) = watch::channel(0);
        let (path, expected) = (PathBuf::from(path), survey.clone());
        let reading = tokio::task::spawn_blocking(move || read(&path, &expected, seen, &sink));
        follow("装载", survey.bytes, watched, progress).await;
        let read = reading.await.map_err(Fault::storage("装载文件"))?;
        let written = writing.await;
        read?;
        let files = written?;
        let version = batch.commit(&spot, &log, current.as_ref(), &schema, files).await?;
        Ok(loaded(table, &*ground.edition(&spot, version).await?))
    }

    /// The columns of a raw table, with their original headers.
    ///
    /// # Errors
    /// When there is no such table or version.
    pub async fn raw_columns(&self, raw: &Raw) -> Result<Vec<Column>, Fault> {
        let spot = Spot::new(Place::Raw, &raw.table)?;
        Ok(self.inner.edition(&spot, raw.version).await?.columns.clone())
    }
}

fn loaded(table: &str, edition: &Edition) -> Loaded {
    Loaded {
        raw: Raw { table: table.to_owned(), version: edition.version },
        rows: edition.rows,
        bytes: edition.settings.get(BYTES).and_then(|bytes| bytes.parse().ok()).unwrap_or(0),
    }
}

/// The front of a batch's file names: the same batch of the same content, the same names.
pub(crate) fn stem(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\0"));
    format!("part-{}", hex::encode(&digest[..16]))
}

/// Reads the file once more, by the survey's rules, and sends its rows on in batches.
fn read(path: &Path, survey: &Survey, seen: watch::Sender<u64>, sink: &Sink) -> Result<(), Fault> {
    let changed = |loaded: String| {
        let surveyed = survey.sha256.clone();
        Fault::from(Defect::Changed { surveyed, loaded })
    };
    let gb18030 = survey.encoding == Encoding::Gb18030;
    let mut records = Records::new(Source::open(path, gb18030, seen)?);
    let headings = header(&mut records)?;
    let names = survey.columns.iter().map(|column| &column.name);
    if !headings.iter().map(|heading| &heading.name).eq(names) {
        return Err(changed("表头不同".to_owned()));
    }
    let mut sheet = Sheet::new(&survey.columns);
    while records.next_row(survey.columns.len())? {
        let line = records.began();
        let pushed = sheet.push(records.fields());
        pushed.map_err(|column| changed(format!("第 {line} 行第 {column} 列的类型不同")))?;
        if sheet.is_full() && sink.blocking_send(sheet.take()?).is_err() {
            return Ok(()); // The writer has failed and says why itself.
        }
    }
    let rest = sheet.take()?;
    let whole = records.whole();
    if whole.sha256 != survey.sha256 {
        return Err(changed(whole.sha256));
    }
    for batch in rest.map(Some).into_iter().chain([None]) {
        if sink.blocking_send(batch).is_err() {
            break;
        }
    }
    Ok(())
}
