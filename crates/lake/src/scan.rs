//! 扫描 — a table at one version as DataFusion reads it: plain Parquet files, in row order.
//!
//! The scan is an ordinary `DataSourceExec`, so the same plan can be sent to other machines; the
//! declared order lets pages and builds stream without sorting.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::compute::SortOptions;
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, Result, ScalarValue, Statistics};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::CachedParquetFileReaderFactory;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::Expr;
use datafusion::physical_expr::expressions::Column as PhysicalColumn;
use datafusion::physical_expr::{LexOrdering, PhysicalSortExpr};
use datafusion::physical_plan::ExecutionPlan;
use deltalake::kernel::EagerSnapshot;
use object_store::path::Path;
use serde::Deserialize;
use serde_json::Value;

use crate::files::{ROW, numbered};
use crate::sheet::schema_of;
use crate::{Column, Fault, Kind, Mistake};

/// 版次 — a table at one version: its columns, its files and what it was made from.
#[derive(Debug)]
pub(crate) struct Edition {
    pub(crate) version: i64,
    pub(crate) rows: u64,
    pub(crate) columns: Vec<Column>,
    pub(crate) settings: HashMap<String, String>,
    schema: SchemaRef,
    files: Vec<PartitionedFile>,
}

/// What we note about each file as we write it; a checkpoint may add what it knows besides.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notes {
    num_records: u64,
    min_values: HashMap<String, Value>,
    max_values: HashMap<String, Value>,
    null_count: HashMap<String, Value>,
}

impl Edition {
    pub(crate) fn new(version: i64, root: &Path, snapshot: &EagerSnapshot) -> Result<Self, Fault> {
        let unknown = |what: &'static str| Fault::storage("读取数据表")(what);
        let mut columns = Vec::new();
        for field in snapshot.arrow_schema().fields().iter().filter(|field| field.name() != ROW) {
            let kind = Kind::from_stored(field.data_type());
            columns.push(Column {
                name: field.name().clone(),
                title: field.metadata().get("comment").unwrap_or(field.name()).clone(),
                kind: kind.ok_or_else(|| unknown("a column of a foreign kind"))?,
                nulls: 0,
            });
        }
        let schema = numbered(&schema_of(&columns));
        let (mut rows, mut files) = (0, Vec::new());
        for file in snapshot.log_data().iter() {
            let stats = file.stats().ok_or_else(|| unknown("a file without statistics"))?;
            let notes: Notes = serde_json::from_str(&stats).map_err(Fault::storage("读取数据表"))?;
            rows += notes.num_records;
            for column in &mut columns {
                column.nulls += notes.null_count.get(&column.name).and_then(Value::as_u64).unwrap_or(0);
            }
            let row = |values: &HashMap<String, Value>| values.get(ROW).and_then(Value::as_i64);
            let (Some(first), Some(last)) = (row(&notes.min_values), row(&notes.max_values)) else {
                return Err(unknown("a file without row numbers"));
            };
            let path = root.parts().chain(file.object_store_path().parts()).collect::<Path>();
            let size = u64::try_from(file.size()).unwrap_or(0);
            let mut part = PartitionedFile::new("", size);
            part.object_meta.location = path;
            let part = part.with_statistics(Arc::new(statistics(&schema, &notes, first, last)));
            files.push((first, part));
        }
        files.sort_by_key(|(first, _)| *first);
        let files = files.into_iter().map(|(_, file)| file).collect();
        let settings = snapshot.metadata().configuration().clone();
        Ok(Self { version, rows, columns, settings, schema, files })
    }

    /// The column of this name.
    pub(crate) fn column(&self, name: &str) -> Result<&Column, Mistake> {
        let found = self.columns.iter().find(|column| column.name == name);
        found.ok_or_else(|| Mistake::NoColumn(name.to_owned()))
    }
}

/// The row numbers' range, so that files are kept in order and skipped when they are not needed.
fn statistics(schema: &SchemaRef, notes: &Notes, first: i64, last: i64) -> Statistics {
    let exactly = |value: i64| Precision::Exact(ScalarValue::Int64(Some(value)));
    let mut statistics = Statistics::new_unknown(schema);
    statistics.num_rows = Precision::Exact(usize::try_from(notes.num_records).unwrap_or(0));
    if let Some(row) = statistics.column_statistics.first_mut() {
        *row = ColumnStatistics {
            null_count: Precision::Exact(0),
            min_value: exactly(first),
            max_value: exactly(last),
            ..ColumnStatistics::new_unknown()
        };
    }
    statistics
}

#[async_trait]
impl TableProvider for Edition {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let url = ObjectStoreUrl::local_filesystem();
        let runtime = state.runtime_env();
        let store = runtime.object_store(&url)?;
        let footers = runtime.cache_manager.get_file_metadata_cache();
        let reader = Arc::new(CachedParquetFileReaderFactory::new(store, footers));
        let source = ParquetSource::new(self.schema.clone())
            .with_table_parquet_options(state.default_table_options().parquet)
            .with_parquet_file_reader_factory(reader);
        let row = Arc::new(PhysicalColumn::new(ROW, 0));
        let ascending = SortOptions { descending: false, nulls_first: false };
        let order = LexOrdering::new([PhysicalSortExpr::new(row, ascending)]);
        let scan = FileScanConfigBuilder::new(url, Arc::new(source))
            .with_file_group(FileGroup::new(self.files.clone()))
            .with_projection_indices(projection.cloned())?
            .with_output_ordering(order.into_iter().collect())
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(scan))
    }
}
