//! 导出 — a list as a file, so that people open it in the program they have: CSV as long as it is, a workbook up to a bound.
//!
//! Whatever stands in a cell stays what it is: text that a spreadsheet program would run as a formula is kept text.

use std::{borrow::Cow, convert::Infallible};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, Uri, header},
    response::{IntoResponse as _, Response},
};
use futures::{Stream, StreamExt as _};
use jiff::{Timestamp, tz::Offset};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};
use store::Fault;
use tokio::sync::Semaphore;
use workflow::Refused;

use crate::{answer, frame};

/// The mark by which spreadsheet programs know UTF-8.
const MARK: &str = "\u{feff}";
/// The most lines of a workbook: it is put together in memory.
pub const LONGEST: usize = 20_000;
/// How many workbooks are put together at the same time; whoever comes then waits.
static BOOKS: Semaphore = Semaphore::const_new(2);
/// The longest text that a cell of a workbook holds, in characters.
const CELL: usize = 32_000;
/// How many lines are looked at for the width of a column.
const MEASURED: usize = 500;

/// 一格.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// 文字
    Text(String),
    /// 数
    Number(i64),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// 没有的，格子空着.
impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(maybe: Option<T>) -> Self {
        maybe.map_or_else(|| Self::Text(String::new()), Into::into)
    }
}

impl Cell {
    fn told(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// 一行.
pub type Line = Vec<Cell>;

/// 说明 — what a list is, so that a file that has left the platform still says it.
#[derive(Clone, Debug)]
pub struct About {
    /// 文件名，不带后缀
    pub file: &'static str,
    /// 名称
    pub name: Cow<'static, str>,
    /// 口径
    pub meaning: Cow<'static, str>,
    /// 查询条件
    pub query: String,
    /// 符合条件的总数
    pub total: usize,
    /// 生成时间
    pub at: Timestamp,
}

/// A list that is all there, as its address asks for it: `.xlsx` is a workbook, anything else CSV.
pub async fn table(about: About, head: &[&str], lines: Vec<Line>, (headers, uri): (&HeaderMap, &Uri)) -> Response {
    match uri.path().rsplit_once('.') {
        Some((_, "xlsx")) => {
            xlsx(about, head, lines).await.unwrap_or_else(|refused| answer::told(&refused, headers, uri))
        }
        _ => csv(about.file, head, futures::stream::iter([lines])),
    }
}

/// CSV, as it comes: a list of any length needs no more memory than a page of it.
pub fn csv(file: &str, head: &[&str], pages: impl Stream<Item = Vec<Line>> + Send + 'static) -> Response {
    let first = written(MARK, [head.iter().map(|name| Cell::from(*name)).collect()]);
    // Compression asks once more after the end; a fused stream then still says that it has ended.
    let pages = futures::stream::once(async { first }).chain(pages.map(|lines| written("", lines))).fuse();
    attached(
        file,
        "csv",
        "text/csv; charset=utf-8",
        Body::from_stream(pages.map(|page| Ok::<_, Infallible>(Bytes::from(page)))),
    )
}

fn written(mark: &str, lines: impl IntoIterator<Item = Line>) -> Vec<u8> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(mark.as_bytes().to_vec());
    for line in lines {
        let _ = table.write_record(line.iter().map(|cell| harmless(cell.told()))); // 不会失败：写进内存
    }
    table.into_inner().unwrap_or_default()
}

/// Text that a spreadsheet program would run as a formula is kept text.
fn harmless(text: String) -> String {
    if runs(&text) { format!("'{text}") } else { text }
}

fn runs(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// A workbook: the list with its head frozen, and a second sheet that says what it is.
pub async fn xlsx(about: About, head: &[&str], mut lines: Vec<Line>) -> Result<Response, Refused> {
    let _place = BOOKS.acquire().await;
    lines.truncate(LONGEST);
    let file = about.file;
    let head: Vec<String> = head.iter().map(|name| (*name).to_owned()).collect();
    let broken = |why: String| Refused::Unavailable(Fault::Corrupt { what: "表格".into(), why });
    let made = tokio::task::spawn_blocking(move || {
        workbook(&about, &head.iter().map(String::as_str).collect::<Vec<_>>(), &lines)
    });
    let body = made.await.map_err(|why| broken(why.to_string()))?.map_err(|why| broken(why.to_string()))?;
    Ok(attached(file, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body.into()))
}

fn workbook(about: &About, head: &[&str], lines: &[Line]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The time of the request, never that of the machine: the same question gives the same file.
    let local = Offset::constant(8).to_datetime(about.at);
    let year = u16::try_from(local.year()).unwrap_or(1900);
    let made = ExcelDateTime::from_ymd(year, local.month().unsigned_abs(), local.day().unsigned_abs())?;
    book.set_properties(&DocProperties::new().set_title(&*about.name).set_creation_datetime(&made));
    let bold = Format::new().set_bold().set_background_color("#E9EEF3");
    let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let quoted = plain.clone().set_quote_prefix();
    let sheet = book.add_worksheet().set_name(&*about.name)?;
    for (column, name) in (0..).zip(head) {
        sheet.write_string_with_format(0, column, *name, &bold)?;
        let place = usize::from(column);
        let cells = lines.iter().take(MEASURED).filter_map(|line| line.get(place)).map(Cell::told);
        sheet.set_column_width(column, cells.map(|text| width(&text)).fold(width(name), f64::max).clamp(8.0, 48.0))?;
    }
    for (row, line) in (1..).zip(lines) {
        for (column, cell) in (0..).zip(line) {
            match cell {
                #[expect(clippy::cast_precision_loss, reason = "a workbook knows no other numbers")]
                Cell::Number(number) => sheet.write_number_with_format(row, column, *number as f64, &plain)?,
                Cell::Text(text) => {
                    let format = if runs(text) { &quoted } else { &plain };
                    sheet.write_string_with_format(row, column, text.chars().take(CELL).collect::<String>(), format)?
                }
            };
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let (rows, columns) = (u32::try_from(lines.len()).unwrap_or(u32::MAX), u16::try_from(head.len()).unwrap_or(1));
    sheet.autofilter(0, 0, rows, columns.saturating_sub(1))?;
    let told = [
        ("名称", about.name.clone().into_owned()),
        ("口径", about.meaning.clone().into_owned()),
        ("查询条件", about.query.clone()),
        ("生成时间", frame::time(about.at)),
        ("符合条件", format!("{} 条", about.total)),
        (
            "本表",
            if lines.len() < about.total {
                format!("前 {} 条；全部请导出 CSV", lines.len())
            } else {
                "全部".to_owned()
            },
        ),
    ];
    let sheet = book.add_worksheet().set_name("说明")?;
    sheet.set_column_width(0, 12)?.set_column_width(1, 80)?;
    for (row, (name, text)) in (0..).zip(told) {
        sheet.write_string_with_format(row, 0, name, &bold)?;
        sheet.write_string_with_format(
            row,
            1,
            text.chars().take(CELL).collect::<String>(),
            if runs(&text) { &quoted } else { &plain },
        )?;
    }
    book.save_to_buffer()
}

/// How wide a text stands, Chinese characters twice as wide as others; of several lines the widest.
fn width(text: &str) -> f64 {
    let wide = |line: &str| line.chars().take(60).map(|letter| if letter.is_ascii() { 1.0 } else { 2.0 }).sum::<f64>();
    text.lines().map(wide).fold(0.0, f64::max) + 2.0
}

fn attached(file: &str, ending: &str, kind: &'static str, body: Body) -> Response {
    let name = format!("attachment; filename=\"{file}.{ending}\"");
    let name = HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment"));
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, name)], body)
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_quotes_lines_and_formulas_stay_what_they_are() {
        let lines: [Line; 3] = [
            vec!["甲，乙,丙".into(), "=1+1".into()],
            vec!["说“好”\"好\"".into(), "一\n二".into()],
            vec!["＝SUM(1)".into(), 7_u64.into()],
        ];
        let text = String::from_utf8(written(MARK, lines)).unwrap();
        assert_eq!(text, "\u{feff}\"甲，乙,丙\",'=1+1\r\n\"说“好”\"\"好\"\"\",\"一\n二\"\r\n'＝SUM(1),7\r\n");
    }

    #[test]
    fn a_workbook_takes_any_text_and_comes_out_the_same_twice() {
        let about = About {
            file: "catalogue",
            name: "授权运营目录".into(),
            meaning: "已发布的条目".into(),
            query: "=cmd".into(),
            total: 9,
            at: "2025-09-01T01:00:00Z".parse().unwrap(),
        };
        let weird = ["=HYPERLINK(\"http://x\")", "\u{0}\u{1}\u{ffff}", "<b>&", "", "\u{202e}右"]
            .map(|text| vec![Cell::from(text), Cell::from(text.repeat(9000))]);
        let book = workbook(&about, &["名称", "内容"], &weird).unwrap();
        assert!(book.starts_with(b"PK"));
        assert_eq!(book, workbook(&about, &["名称", "内容"], &weird).unwrap());
    }
}
