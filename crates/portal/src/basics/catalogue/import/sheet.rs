//! 表格 — the first sheet of a workbook, or a CSV file, as rows of text: read within bounds, and refused with a reason.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, Xlsx};

/// The largest file that is taken.
pub const LARGEST: usize = 16 * 1024 * 1024;
/// How many rows a file may have, its head included.
pub const MOST_ROWS: usize = 100_000;
/// How much a workbook may hold once it is unpacked, by what it says itself.
const UNPACKED: u64 = 512 * 1024 * 1024;
/// How many columns are looked at.
const MOST_COLUMNS: usize = 100;

/// 读出的表格.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// 行号（从1起）与各格；空行不在其内
    pub rows: Vec<(usize, Vec<String>)>,
    /// 是公式的单元格：取的是保存时的值
    pub formulas: usize,
}

/// 读不了.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("文件是空的")]
    Empty,
    #[error("文件有{0}字节，最多{LARGEST}字节")]
    Large(usize),
    #[error("行数超过{MOST_ROWS}，请分成几个文件")]
    Long,
    #[error("工作簿带有宏，不收；请另存为不带宏的 .xlsx")]
    Macros,
    #[error("工作簿解开后过大，不收")]
    Bomb,
    #[error("工作簿读不懂：{0}")]
    Workbook(String),
    #[error("是旧格式（.xls）或者加了密的工作簿；请另存为不加密的 .xlsx")]
    Old,
    #[error("文字既不是 UTF-8 也不是 GB18030 编码")]
    Encoding,
    #[error("第{0}行读不懂：引号没有配对")]
    Csv(usize),
    #[error("第{0}行第{1}列是错误值（{2}）")]
    Cell(usize, usize, String),
}

/// 读表格 — a workbook by its first bytes, else CSV.
pub fn read(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let sheet = match bytes {
        [] => Err(Unreadable::Empty),
        bytes if bytes.len() > LARGEST => Err(Unreadable::Large(bytes.len())),
        [b'P', b'K', 3, 4, ..] => workbook(bytes),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(Unreadable::Old),
        bytes => table(bytes),
    }?;
    if sheet.rows.is_empty() { Err(Unreadable::Empty) } else { Ok(sheet) }
}

fn workbook(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let broken = |why: calamine::XlsxError| Unreadable::Workbook(why.to_string());
    let (unpacked, names) = listed(bytes);
    if names.iter().any(|name| name.ends_with(b"vbaProject.bin")) {
        return Err(Unreadable::Macros);
    }
    if unpacked > UNPACKED {
        return Err(Unreadable::Bomb);
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let Some(name) = book.sheet_names().first().cloned() else { return Err(Unreadable::Empty) };
    let mut sheet = Sheet::default();
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = (cell.get_position().0 as usize + 1, cell.get_position().1 as usize);
        if row > MOST_ROWS {
            return Err(Unreadable::Long);
        }
        let text = said(cell.get_value(), row, column + 1)?;
        if text.is_empty() || column >= MOST_COLUMNS {
            continue; // what is only formatted says nothing
        }
        if sheet.rows.last().is_none_or(|(last, _)| *last != row) {
            sheet.rows.push((row, Vec::new()));
        }
        if let Some((_, cells)) = sheet.rows.last_mut() {
            cells.resize(cells.len().max(column + 1), String::new());
            cells[column] = text;
        }
    }
    drop(cells);
    let mut formulas = book.worksheet_cells_reader(&name).map_err(broken)?;
    while let Some(formula) = formulas.next_formula().map_err(broken)? {
        sheet.formulas += usize::from(!formula.get_value().is_empty());
    }
    Ok(sheet)
}

/// What a cell says, as people see it.
fn said(value: &DataRef<'_>, row: usize, column: usize) -> Result<String, Unreadable> {
    Ok(match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        DataRef::DateTime(moment) => moment.to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => return Err(Unreadable::Cell(row, column, error.to_string())),
    })
}

/// How much the files of an archive hold by its directory, and what they are called.
fn listed(bytes: &[u8]) -> (u64, Vec<&[u8]>) {
    let (mut unpacked, mut names, mut from) = (0u64, Vec::new(), 0);
    while let Some(found) = find(&bytes[from..], b"PK\x01\x02") {
        let entry = &bytes[from + found..];
        let number = |at: usize, length: usize| -> Option<u64> {
            let digits = entry.get(at..at + length)?;
            Some(digits.iter().rev().fold(0, |sum, digit| sum << 8 | u64::from(*digit)))
        };
        unpacked = unpacked.saturating_add(number(24, 4).unwrap_or_default());
        let length = number(28, 2).and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
        names.extend(entry.get(46..46 + length));
        from += found + 4;
    }
    (unpacked, names)
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}

fn table(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let text = decoded(bytes).ok_or(Unreadable::Encoding)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut row = 0; // as a spreadsheet program counts: a record of several lines is one row, an empty line is one too
    for record in reader.records() {
        let record = record.map_err(|_| Unreadable::Csv(row + 1))?;
        let begins = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
        row += 1 + empty_lines(text.as_bytes(), begins);
        if sheet.rows.len() >= MOST_ROWS {
            return Err(Unreadable::Long);
        }
        let cells: Vec<String> = record.iter().take(MOST_COLUMNS).map(|cell| plain(cell.trim()).to_owned()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            sheet.rows.push((row, cells));
        }
    }
    Ok(sheet)
}

/// How many empty lines stand before a record that is read from here.
fn empty_lines(text: &[u8], begins: usize) -> usize {
    let (before, rest) = text.split_at(begins.min(text.len()));
    // The end of the record before may not have been taken whole.
    let rest = if before.ends_with(b"\r") { rest.strip_prefix(b"\n").unwrap_or(rest) } else { rest };
    rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count()
}

/// What an export wrote with a mark in front, so that no spreadsheet program runs it.
fn plain(cell: &str) -> &str {
    let marked = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']));
    marked.unwrap_or(cell)
}

/// UTF-8, with or without its mark, else GB18030; nothing where it is neither.
fn decoded(bytes: &[u8]) -> Option<String> {
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(plain) {
        return (!text.contains('\0')).then(|| text.to_owned());
    }
    let (text, wrong) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
    (!wrong && !text.contains('\0')).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::Workbook;

    use super::*;

    fn rows(sheet: &Sheet) -> Vec<(usize, Vec<&str>)> {
        sheet.rows.iter().map(|(row, cells)| (*row, cells.iter().map(String::as_str).collect())).collect()
    }

    #[test]
    fn a_csv_is_read_in_either_encoding_with_ragged_rows_and_blank_lines() {
        let text = "信息资源名称,更新周期\n\n\"甲,乙\",每日,多\n丙\n";
        let expected = vec![(1, vec!["信息资源名称", "更新周期"]), (3, vec!["甲,乙", "每日", "多"]), (4, vec!["丙"])];
        assert_eq!(rows(&read(text.as_bytes()).unwrap()), expected);
        assert_eq!(rows(&read(format!("\u{feff}{text}").as_bytes()).unwrap()), expected);
        assert_eq!(rows(&read(text.replace('\n', "\r\n").as_bytes()).unwrap()), expected);
        let (chinese, ..) = encoding_rs::GB18030.encode(text);
        assert_eq!(rows(&read(&chinese).unwrap()), expected);
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_program_counts_them() {
        let read = read("甲\n\"两\n行\"\n\n乙\n".as_bytes()).unwrap();
        assert_eq!(rows(&read), [(1, vec!["甲"]), (2, vec!["两\n行"]), (4, vec!["乙"])]);
    }

    #[test]
    fn a_workbook_is_read_with_merged_cells_and_the_kept_values_of_formulas() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.merge_range(0, 0, 1, 0, "甲", &rust_xlsxwriter::Format::new()).unwrap();
        sheet.write(0, 1, 3.0).unwrap();
        sheet.write(1, 1, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
        let read = read(&book.save_to_buffer().unwrap()).unwrap();
        assert_eq!(rows(&read), [(1, vec!["甲", "3"]), (2, vec!["", "2"])]);
        assert_eq!(read.formulas, 1);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let table: [(&[u8], Unreadable); 5] = [
            (b"", Unreadable::Empty),
            (b" \n,,\n", Unreadable::Empty),
            (&[0xD0, 0xCF, 0x11, 0xE0, 0], Unreadable::Old),
            (&[0x81, 0x20, 0xff, 0xfe], Unreadable::Encoding),
            (&[0; 64], Unreadable::Encoding),
        ];
        for (bytes, why) in table {
            assert_eq!(read(bytes).unwrap_err(), why);
        }
        assert!(matches!(read(b"PK\x03\x04 not a workbook"), Err(Unreadable::Workbook(_))));
        assert!(matches!(read(b"PK\x03\x04PK\x01\x02"), Err(Unreadable::Workbook(_))));
        assert_eq!(read("a\n".repeat(MOST_ROWS + 1).as_bytes()).unwrap_err(), Unreadable::Long);
        let mut with_macros = b"PK\x03\x04PK\x01\x02".to_vec();
        with_macros.resize(28 + 4, 0);
        with_macros.extend([17, 0]);
        with_macros.resize(46 + 4, 0);
        with_macros.extend(b"xl/vbaProject.bin");
        assert_eq!(read(&with_macros).unwrap_err(), Unreadable::Macros);
    }
}
