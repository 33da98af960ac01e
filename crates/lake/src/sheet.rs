//! 批 — rows of a file become columns in memory, read by the same rules that found their kinds.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, RecordBatch, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow::datatypes::{Field, Schema, SchemaRef};

use crate::value;
use crate::{Column, Fault, Kind};

const ROWS: usize = 32 * 1024;
const TEXT: usize = 32 << 20;

/// The schema of columns; each keeps its original header as its comment.
pub(crate) fn schema_of(columns: &[Column]) -> SchemaRef {
    let field = |column: &Column| {
        let comment = [("comment".to_owned(), column.title.clone())].into();
        Field::new(&column.name, column.kind.stored(), true).with_metadata(comment)
    };
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

/// 批 — the rows collected so far, no more than fit comfortably in memory.
pub(crate) struct Sheet {
    schema: SchemaRef,
    cells: Vec<Cells>,
    rows: usize,
    text: usize,
}

enum Cells {
    Integer(Int64Builder),
    Decimal(Float64Builder),
    Text(StringBuilder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
    Boolean(BooleanBuilder),
}

impl Sheet {
    pub(crate) fn new(columns: &[Column]) -> Self {
        let cells = columns.iter().map(|column| Cells::new(column.kind)).collect();
        Self { schema: schema_of(columns), cells, rows: 0, text: 0 }
    }

    /// Adds a row, or tells the first column (counted from one) whose value is not of its kind.
    pub(crate) fn push<'a>(&mut self, fields: impl Iterator<Item = &'a str>) -> Result<(), usize> {
        for (column, (cells, text)) in self.cells.iter_mut().zip(fields).enumerate() {
            cells.push(text).ok_or(column + 1)?;
            self.text += text.len();
        }
        self.rows += 1;
        Ok(())
    }

    pub(crate) fn is_full(&self) -> bool {
        self.rows >= ROWS || self.text >= TEXT
    }

    /// Hands over the collected rows, if there are any, and starts anew.
    pub(crate) fn take(&mut self) -> Result<Option<RecordBatch>, Fault> {
        if self.rows == 0 {
            return Ok(None);
        }
        (self.rows, self.text) = (0, 0);
        let arrays = self.cells.iter_mut().map(Cells::finish).collect();
        RecordBatch::try_new(self.schema.clone(), arrays).map(Some).map_err(Fault::storage("装载"))
    }
}

impl Cells {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Integer => Self::Integer(Int64Builder::new()),
            Kind::Decimal => Self::Decimal(Float64Builder::new()),
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Date => Self::Date(Date32Builder::new()),
            Kind::Timestamp => {
                Self::Timestamp(TimestampMicrosecondBuilder::new().with_data_type(Kind::Timestamp.stored()))
            }
            Kind::Boolean => Self::Boolean(BooleanBuilder::new()),
        }
    }

    fn push(&mut self, text: &str) -> Option<()> {
        let trimmed = value::trim(text);
        if value::is_null(trimmed) {
            self.push_null();
            return Some(());
        }
        match self {
            Self::Integer(cells) => cells.append_value(value::integer(trimmed)?),
            Self::Decimal(cells) => cells.append_value(value::decimal(trimmed)?),
            Self::Text(cells) => cells.append_value(text),
            Self::Date(cells) => cells.append_value(value::date(trimmed)?),
            Self::Timestamp(cells) => cells.append_value(value::timestamp(trimmed)?),
            Self::Boolean(cells) => cells.append_value(value::boolean(trimmed)?),
        }
        Some(())
    }

    fn push_null(&mut self) {
        match self {
            Self::Integer(cells) => cells.append_null(),
            Self::Decimal(cells) => cells.append_null(),
            Self::Text(cells) => cells.append_null(),
            Self::Date(cells) => cells.append_null(),
            Self::Timestamp(cells) => cells.append_null(),
            Self::Boolean(cells) => cells.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Integer(cells) => Arc::new(cells.finish()),
            Self::Decimal(cells) => Arc::new(cells.finish()),
            Self::Text(cells) => Arc::new(cells.finish()),
            Self::Date(cells) => Arc::new(cells.finish()),
            Self::Timestamp(cells) => Arc::new(cells.finish()),
            Self::Boolean(cells) => Arc::new(cells.finish()),
        }
    }
}
