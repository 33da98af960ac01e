//! 记录 — RFC 4180 records out of a source, with the line of each, in bounded memory.

use crate::source::{Source, Whole, newlines};
use crate::{Defect, Fault};

/// The longest field.
pub(crate) const FIELD_LIMIT: usize = 4 << 20;
/// The longest record.
const RECORD_LIMIT: usize = 32 << 20;

/// Where a field's text is: in the buffer, or unescaped at the side.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    aside: bool,
}

/// 记录 — the file's records one after the other. Empty lines are skipped.
pub(crate) struct Records {
    source: Source,
    buffer: String,
    position: usize,
    ended: bool,
    line: u64,
    began: u64,
    spans: Vec<Span>,
    aside: String,
}

enum Scan {
    Record,
    Blank,
    Starved,
}

impl Records {
    pub(crate) fn new(source: Source) -> Self {
        Self {
            source,
            buffer: String::new(),
            position: 0,
            ended: false,
            line: 1,
            began: 1,
            spans: Vec::new(),
            aside: String::new(),
        }
    }

    /// The line on which the record begins.
    pub(crate) fn began(&self) -> u64 {
        self.began
    }

    /// The record's fields.
    pub(crate) fn fields(&self) -> impl ExactSizeIterator<Item = &str> {
        self.spans.iter().map(|span| {
            let text = if span.aside { &self.aside } else { &self.buffer };
            &text[span.start..span.end]
        })
    }

    /// What the file turned out to be; only after its end.
    pub(crate) fn whole(self) -> Whole {
        self.source.whole()
    }

    /// Goes on to the next record of the table; false at the end.
    pub(crate) fn next_row(&mut self, width: usize) -> Result<bool, Fault> {
        if !self.advance()? {
            return Ok(false);
        }
        let found = self.spans.len();
        if found == width {
            return Ok(true);
        }
        let line = self.began;
        if found < width && matches!(self.advance(), Ok(false)) {
            return Err(Defect::Cut { line, why: "最后一行的列数不够" }.into());
        }
        Err(Defect::Ragged { line, expected: width, found }.into())
    }

    /// Goes on to the next record, whatever its width; false at the end.
    pub(crate) fn advance(&mut self) -> Result<bool, Fault> {
        loop {
            match self.scan()? {
                Scan::Record => return Ok(true),
                Scan::Blank => {}
                Scan::Starved if self.ended => return Ok(false),
                Scan::Starved => {
                    self.buffer.drain(..self.position);
                    self.position = 0;
                    // Twice as much each time, so that a long record is not scanned too often.
                    let enough = 2 * self.buffer.len();
                    while !self.ended && self.buffer.len() <= enough {
                        self.ended = !self.source.more(&mut self.buffer)?;
                    }
                }
            }
        }
    }

    /// Finds the record at `position`, or sees that the buffer holds only a part of it.
    fn scan(&mut self) -> Result<Scan, Defect> {
        let bytes = self.buffer.as_bytes();
        let (first, mut at, mut line) = (self.position, self.position, self.line);
        self.spans.clear();
        self.aside.clear();
        if at == bytes.len() {
            return Ok(Scan::Starved);
        }
        loop {
            let column = self.spans.len() + 1;
            let start = at;
            let opened = line;
            let quoted = bytes.get(at) == Some(&b'"');
            let (end, doubled) = if quoted {
                let Some(found) = closing_quote(bytes, at + 1, &mut line, self.ended) else {
                    let starved = self.starved(opened, column, first, start)?;
                    let cut = Defect::Cut { line: opened, why: "引号没有结束" };
                    return if self.ended { Err(cut) } else { Ok(starved) };
                };
                found
            } else {
                let rest = bytes[at..].iter().position(|byte| matches!(byte, b',' | b'\n'));
                match rest {
                    Some(length) => (at + length, false),
                    None if self.ended => (bytes.len(), false),
                    None => return self.starved(opened, column, first, start),
                }
            };
            at = end + usize::from(quoted);
            let mut span = Span { start: start + usize::from(quoted), end, aside: false };
            if quoted {
                match bytes[at..] {
                    [] | [b',' | b'\n', ..] => {}
                    [b'\r'] if !self.ended => return Ok(Scan::Starved),
                    [b'\r'] | [b'\r', b'\n', ..] => at += 1,
                    _ => return Err(Defect::StrayQuote { line, column }),
                }
                if doubled {
                    let text = self.buffer[span.start..span.end].replace("\"\"", "\"");
                    span = Span { start: self.aside.len(), end: self.aside.len() + text.len(), aside: true };
                    self.aside.push_str(&text);
                }
            } else if bytes.get(at) != Some(&b',') && bytes[start..end].ends_with(b"\r") {
                span.end -= 1;
            }
            if span.end - span.start > FIELD_LIMIT {
                return Err(Defect::LongField { line: opened, column, most: FIELD_LIMIT >> 20 });
            }
            self.spans.push(span);
            match bytes.get(at) {
                Some(b',') => at += 1,
                next => {
                    let blank = matches!(self.spans[..], [only] if only.start == only.end);
                    self.began = self.line;
                    self.line = line + u64::from(next.is_some());
                    self.position = (at + 1).min(bytes.len());
                    return Ok(if blank && !quoted { Scan::Blank } else { Scan::Record });
                }
            }
        }
    }

    /// Asks for more text, unless what is there is too long already.
    fn starved(&self, line: u64, column: usize, first: usize, start: usize) -> Result<Scan, Defect> {
        let end = self.buffer.len();
        if end - start > FIELD_LIMIT {
            return Err(Defect::LongField { line, column, most: FIELD_LIMIT >> 20 });
        }
        if end - first > RECORD_LIMIT {
            return Err(Defect::LongRow { line: self.line, most: RECORD_LIMIT >> 20 });
        }
        Ok(Scan::Starved)
    }
}

/// The quote that ends a field and whether there are doubled ones before it.
fn closing_quote(bytes: &[u8], mut at: usize, line: &mut u64, ended: bool) -> Option<(usize, bool)> {
    let mut doubled = false;
    loop {
        let length = bytes[at..].iter().position(|byte| *byte == b'"');
        let quote = at + length.unwrap_or(bytes.len() - at);
        *line += newlines(&bytes[at..quote]);
        length?;
        match bytes.get(quote + 1) {
            Some(b'"') => (doubled, at) = (true, quote + 2),
            None if !ended => return None,
            _ => return Some((quote, doubled)),
        }
    }
}
