//! 表格 — a list as CSV, so that people open it in the program they have.

use axum::{
    http::{HeaderMap, Uri, header},
    response::{IntoResponse as _, Response},
};
use store::Fault;
use workflow::Refused;

use crate::answer;

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
        Ok(body) => {
            let file = format!("attachment; filename=\"{name}.csv\"");
            let headers =
                [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, file)];
            (headers, body).into_response()
        }
        Err(why) => {
            let fault = Fault::Corrupt { what: "表格".into(), why: why.to_string() };
            answer::told(&Refused::Unavailable(fault), headers, uri)
        }
    }
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
        let text = String::from_utf8(written(["名称", "内容"], lines.into_iter()).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}名称,内容\r\n\"甲，乙,丙\",'=1+1\r\n\"说“好”\"\"好\"\"\",\"一\n二\"\r\n");
    }
}
