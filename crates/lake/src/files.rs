//! 数据文件 — rows flow into Parquet files of bounded size; nothing shows until they are committed.

use std::future::Future;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use deltalake::kernel::Add;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use parquet::arrow::AsyncArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde_json::{Map, json};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::Fault;

/// 行号 — the hidden column that counts a table's rows from one; pages are ordered by it.
pub(crate) const ROW: &str = "_row";

/// In tests small, so that several files come about.
const FILE_BYTES: usize = if cfg!(test) { 1 << 16 } else { 128 << 20 };
const GROUP_BYTES: usize = 64 << 20;
const GROUP_ROWS: usize = 1 << 18;
const PAGE_ROWS: usize = 1 << 13;
const PART_BYTES: usize = 8 << 20;

/// The schema with the hidden row number in front.
pub(crate) fn numbered(schema: &SchemaRef) -> SchemaRef {
    let row = Arc::new(Field::new(ROW, DataType::Int64, false));
    let fields = std::iter::once(row).chain(schema.fields().iter().cloned());
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// 去处 — where batches are sent; `None` says that the table is whole.
pub(crate) type Sink = mpsc::Sender<Option<RecordBatch>>;

/// Starts a thread that writes the batches sent to it. Its files belong to no version until the
/// caller commits them. Their names start with `stem`, which stands for their content: a second
/// attempt puts the same files in place of the first's, and one that ends early names none.
pub(crate) fn writer(
    store: Arc<dyn ObjectStore>,
    folder: Path,
    stem: String,
    schema: &SchemaRef,
) -> (Sink, impl Future<Output = Result<Vec<Add>, Fault>> + use<>) {
    let (sink, mut batches) = mpsc::channel(2);
    let mut files = Files { store, folder, stem, schema: numbered(schema), open: None, done: vec![], rows: 0 };
    let runtime = Handle::current();
    // Encoding is heavy work: it stays off the async threads, which other people's requests need.
    let writing = tokio::task::spawn_blocking(move || {
        runtime.block_on(async move {
            while let Some(batch) = batches.recv().await {
                let Some(batch) = batch else {
                    files.close().await?;
                    return Ok(files.done);
                };
                files.write(&batch).await?;
            }
            Err(Fault::storage("写入数据文件")("the rows ended early"))
        })
    });
    (sink, async move { writing.await.map_err(Fault::storage("写入数据文件"))? })
}

struct Files {
    store: Arc<dyn ObjectStore>,
    folder: Path,
    stem: String,
    schema: SchemaRef,
    open: Option<Open>,
    done: Vec<Add>,
    rows: i64,
}

struct Open {
    name: String,
    path: Path,
    writer: AsyncArrowWriter<BufWriter>,
    first: i64,
    nulls: Vec<usize>,
}

impl Files {
    async fn write(&mut self, batch: &RecordBatch) -> Result<(), Fault> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let first = self.rows + 1;
        self.rows += i64::try_from(batch.num_rows()).unwrap_or(i64::MAX);
        let row: ArrayRef = Arc::new(Int64Array::from_iter_values(first..=self.rows));
        let columns = std::iter::once(row).chain(batch.columns().iter().cloned()).collect();
        let batch = RecordBatch::try_new(self.schema.clone(), columns).map_err(Fault::storage("写入数据文件"))?;
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.create(first)?,
        };
        for (nulls, column) in open.nulls.iter_mut().zip(batch.columns()) {
            *nulls += column.null_count();
        }
        open.writer.write(&batch).await.map_err(Fault::storage("写入数据文件"))?;
        if open.writer.in_progress_size() > GROUP_BYTES {
            open.writer.flush().await.map_err(Fault::storage("写入数据文件"))?;
        }
        let full = open.writer.bytes_written() + open.writer.in_progress_size() > FILE_BYTES;
        self.open = Some(open);
        if full { self.close().await } else { Ok(()) }
    }

    fn create(&self, first: i64) -> Result<Open, Fault> {
        let name = format!("{}-{:05}.zstd.parquet", self.stem, self.done.len());
        let path = self.folder.clone().join(name.as_str());
        let sink = BufWriter::with_capacity(self.store.clone(), path.clone(), PART_BYTES).with_max_concurrency(2);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_data_page_row_count_limit(PAGE_ROWS)
            .build();
        let writer = AsyncArrowWriter::try_new(sink, self.schema.clone(), Some(properties))
            .map_err(Fault::storage("写入数据文件"))?;
        Ok(Open { name, path, writer, first, nulls: vec![0; self.schema.fields().len()] })
    }

    /// Finishes the open file, on disk and described.
    async fn close(&mut self) -> Result<(), Fault> {
        let Some(open) = self.open.take() else { return Ok(()) };
        open.writer.close().await.map_err(Fault::storage("写入数据文件"))?;
        let written = self.store.head(&open.path).await.map_err(Fault::storage("写入数据文件"))?;
        let names = self.schema.fields().iter().map(|field| field.name().clone());
        let nulls: Map<_, _> = names.zip(open.nulls.iter().map(|nulls| json!(nulls))).collect();
        let stats = json!({
            "numRecords": self.rows - open.first + 1,
            "minValues": { ROW: open.first },
            "maxValues": { ROW: self.rows },
            "nullCount": nulls,
        });
        self.done.push(Add {
            path: open.name,
            size: i64::try_from(written.size).unwrap_or(i64::MAX),
            modification_time: written.last_modified.timestamp_millis(),
            data_change: true,
            stats: Some(stats.to_string()),
            ..Add::default()
        });
        Ok(())
    }
}
