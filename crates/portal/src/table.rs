//! 表格 — a list as CSV, xlsx or JSON, so that people and programs open it with what they have.

use std::collections::BTreeMap;

use axum::{
    Json,
    http::{HeaderMap, Uri, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use store::Fault;
use workflow::Refused;

use crate::{
    answer,
    components::list::{Cell, List},
};

/// The mark by which spreadsheet programs know UTF-8.
const MARK: &str = "\u{feff}";

/// A table as a file of this name; `lines` are as long as `head`.
pub fn csv<const N: usize>(
    name: &str,
    head: [&str; N],
    lines: impl Iterator<Item = [String; N]>,
    headers: &HeaderMap,
    uri: &Uri,
) -> Response {
    answered(name, written(head, lines), headers, uri)
}

fn answered(name: &str, written: Result<Vec<u8>, csv::Error>, headers: &HeaderMap, uri: &Uri) -> Response {
    match written {
        Ok(body) => file(name, "csv", body),
        Err(why) => {
            let fault = Fault::Corrupt { what: "表格".into(), why: why.to_string() };
            answer::told(&Refused::Unavailable(fault), headers, uri)
        }
    }
}

/// The list as the file that its address asks for; nothing where it asks for a page.
pub fn export(list: &List, name: &str, headers: &HeaderMap, uri: &Uri) -> Option<Response> {
    let lines = || list.found().iter().map(|row| row.iter().map(Cell::told).collect::<Vec<_>>());
    let made = match list.format() {
        "csv" => written(list.head(), lines()).map_err(|why| why.to_string()),
        "xlsx" => book(list).map_err(|why| why.to_string()),
        "json" => {
            let row =
                |row: &Vec<Cell>| list.keys().into_iter().zip(row).map(|(key, cell)| (key, cell.json())).collect();
            let rows: Vec<BTreeMap<&str, Value>> = list.found().iter().map(row).collect();
            return Some(Json(json!({ name: rows })).into_response());
        }
        _ => return None,
    };
    Some(match made {
        Ok(body) => file(name, list.format(), body),
        Err(why) => answer::told(&Refused::Unavailable(Fault::Corrupt { what: "表格".into(), why }), headers, uri),
    })
}

/// A table as a workbook: text stays text, and what is a number is one.
fn book(list: &List) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let bold = rust_xlsxwriter::Format::new().set_bold();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(list.head()) {
        sheet.write_string_with_format(0, column, name, &bold)?;
    }
    for (line, row) in (1..).zip(list.found()) {
        for (column, cell) in (0..).zip(row) {
            match cell.value {
                #[expect(clippy::cast_precision_loss, reason = "a workbook knows no other numbers")]
                Some(value) => sheet.write_number(line, column, value as f64)?,
                None => sheet.write_string(line, column, cell.text.as_str())?,
            };
        }
    }
    sheet.set_freeze_panes(1, 0)?.autofit();
    book.save_to_buffer()
}

fn file(name: &str, format: &str, body: Vec<u8>) -> Response {
    let kind = match format {
        "csv" => "text/csv; charset=utf-8",
        _ => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    let file = format!("attachment; filename=\"{name}.{format}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, file)], body).into_response()
}

/// A table whose width is known only when it is made; every line is as long as `head`.
pub fn lines<'a>(
    name: &str,
    head: impl Iterator<Item = &'a str>,
    lines: impl Iterator<Item = Vec<String>>,
    headers: &HeaderMap,
    uri: &Uri,
) -> Response {
    answered(name, written(head, lines), headers, uri)
}

fn written<'a>(
    head: impl IntoIterator<Item = &'a str>,
    lines: impl Iterator<Item = impl IntoIterator<Item = String>>,
) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(MARK.as_bytes().to_vec());
    table.write_record(head)?;
    for line in lines {
        table.write_record(line.into_iter().map(harmless))?;
    }
    table.into_inner().map_err(|why| why.into_error().into())
}

/// Text that a spreadsheet program would run as a formula is kept text.
fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_quotes_lines_and_formulas_stay_what_they_are() {
        let lines = [["甲，乙,丙".to_owned(), "=1+1".to_owned()], ["说“好”\"好\"".to_owned(), "一\n二".to_owned()]];
        let text = String::from_utf8(written(["名称", "内容"], lines.into_iter().map(Vec::from)).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}名称,内容\r\n\"甲，乙,丙\",'=1+1\r\n\"说“好”\"\"好\"\"\",\"一\n二\"\r\n");
    }
}
