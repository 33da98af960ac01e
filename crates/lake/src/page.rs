//! 分页 — filtered rows of a product as JSON, always in the same order.

use std::collections::HashSet;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use arrow::error::ArrowError;
use arrow::json::WriterBuilder;
use arrow::json::writer::JsonArray;
use datafusion::common::DataFusionError;
use datafusion::logical_expr::{ident, lit};
use serde::{Deserialize, Serialize};

use crate::files::ROW;
use crate::table::{Place, Spot};
use crate::{Column, Condition, Fault, Lake, Mistake, Product};

/// 每页最多行数 — a larger limit is cut to this; `next` says where to go on.
pub const PAGE_LIMIT: usize = 10_000;

/// 请求 — which columns and rows of a product are wanted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// The columns in the wanted order; empty means all.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Conditions; all must hold.
    #[serde(default)]
    pub filter: Vec<Condition>,
    /// Where to go on: 0 at first, then the last page's `next`.
    #[serde(default)]
    pub offset: u64,
    /// How many rows at most, from one to [`PAGE_LIMIT`].
    pub limit: usize,
}

/// 页 — rows of a product as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The columns in the order of the rows' members.
    pub columns: Vec<Column>,
    /// A JSON array of objects, one per row; a missing value is null.
    pub json: Vec<u8>,
    /// How many rows.
    pub count: usize,
    /// The next page's `offset`, when there are more rows.
    pub next: Option<u64>,
}

impl Lake {
    /// Reads a page of a product.
    ///
    /// # Errors
    /// When there is no such product or version, when a column or value is not as the ask has it,
    /// or when the product cannot be read.
    pub async fn page(&self, product: &Product, ask: &Ask) -> Result<Page, Fault> {
        let spot = Spot::new(Place::Products, &product.table)?;
        let edition = self.inner.edition(&spot, product.version).await?;
        let mut columns = Vec::new();
        if ask.columns.is_empty() {
            columns.clone_from(&edition.columns);
        }
        let mut taken = HashSet::new();
        for name in &ask.columns {
            columns.push(edition.column(name)?.clone());
            if !taken.insert(name) {
                return Err(Mistake::TwiceTaken(name.clone()).into());
            }
        }
        let limit = ask.limit.clamp(1, PAGE_LIMIT);
        let offset = i64::try_from(ask.offset).unwrap_or(i64::MAX);
        let mut wanted = ident(ROW).gt(lit(offset));
        for condition in &ask.filter {
            wanted = wanted.and(condition.expression(&edition)?);
        }
        let chosen = std::iter::once(ROW).chain(columns.iter().map(|column| column.name.as_str()));
        let chosen: Vec<_> = chosen.map(ident).collect();
        let query = || -> Result<_, DataFusionError> {
            let frame = self.inner.engine.read_table(edition.clone())?.filter(wanted)?;
            let frame = frame.sort(vec![ident(ROW).sort(true, false)])?;
            frame.select(chosen)?.limit(0, Some(limit + 1))
        };
        let rows = query().map_err(Fault::storage("读取产品"))?;
        let rows = rows.collect().await.map_err(Fault::storage("读取产品"))?;
        let (json, count, last, more) = encode(&rows, limit).map_err(Fault::storage("读取产品"))?;
        let next = last.filter(|_| more).and_then(|last| u64::try_from(last).ok());
        Ok(Page { columns, json, count, next })
    }
}

/// Writes at most `limit` rows; tells how many, the last one's number, and whether there are more.
fn encode(rows: &[RecordBatch], limit: usize) -> Result<(Vec<u8>, usize, Option<i64>, bool), ArrowError> {
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, JsonArray>(Vec::new());
    let (mut count, mut last, mut more) = (0, None, false);
    for batch in rows {
        let length = batch.num_rows().min(limit - count);
        more |= length < batch.num_rows();
        if length == 0 {
            continue;
        }
        last = Some(batch.column(0).as_primitive::<Int64Type>().value(length - 1));
        count += length;
        let shown: Vec<usize> = (1..batch.num_columns()).collect();
        writer.write(&batch.slice(0, length).project(&shown)?)?;
    }
    writer.finish()?;
    let mut json = writer.into_inner();
    if json.is_empty() {
        json.extend_from_slice(b"[]");
    }
    Ok((json, count, last, more))
}
