//! Word 文件 — a paper as an editable docx, laid out as GB/T 9704 lays out official papers, as far as that makes sense.
//!
//! Every part has a style of its own, so that whoever goes on with the file changes a style and not a hundred
//! paragraphs. Fonts are named by their usual Chinese names; a machine without them takes its own.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, Footer, Header, LineSpacing, LineSpacingType, PageMargin, PageNum, Paragraph, ParagraphBorder,
    ParagraphBorderPosition, ParagraphBorders, Run, RunFonts, Shading, SpecialIndentType, Style, StyleType, Table,
    TableCell, TableLayoutType, TableRow, WidthType, XMLDocx,
};

use crate::{
    body::{Block, Level},
    paper::{Form, Paper},
    text::date,
};

/// A4 and its margins, in twentieths of a point: 37 mm above, 35 below, 28 left, 26 right.
const PAGE: (u32, u32) = (11_906, 16_838);
const MARGIN: (i32, i32, i32, i32) = (2098, 1984, 1587, 1474);
/// What is left for the text.
const WIDTH: usize = 8845;
/// Twenty-two lines on a page.
const LINE: i32 = 579;
/// Two characters of 三号.
const INDENT: i32 = 640;

/// 三号、二号、小四、五号, in half points.
const BODY: usize = 32;
const TITLE: usize = 44;
const TABLE: usize = 24;
const SMALL: usize = 21;

const FANG: &str = "仿宋";
const HEI: &str = "黑体";
const KAI: &str = "楷体";
const SONG: &str = "宋体";
const BIAO: &str = "方正小标宋简体";

/// The file.
///
/// # Errors
/// It cannot be packed; in memory that does not happen.
pub fn file(paper: &Paper) -> Result<Vec<u8>, String> {
    let mut packed = Cursor::new(Vec::new());
    finished(paper).pack(&mut packed).map_err(|why| why.to_string())?;
    Ok(packed.into_inner())
}

/// What the library leaves out: header rows that come again on every page, and whose file it is.
fn finished(paper: &Paper) -> XMLDocx {
    let mut xml = laid_out(paper).build();
    xml.document = with_header_rows(&xml.document);
    let creator = format!(
        "<dc:title>{}</dc:title><dc:subject>{}</dc:subject><dc:creator>{}</dc:creator>",
        escaped(&paper.title),
        escaped(&paper.number.to_string()),
        escaped(&paper.issuer)
    );
    xml.doc_props.core = replaced(&xml.doc_props.core, "<dc:creator>unknown</dc:creator>", &creator);
    xml
}

/// The first row of each table comes again on every page that the table reaches. What was typed is escaped by now:
/// a mark is a mark.
fn with_header_rows(document: &[u8]) -> Vec<u8> {
    let document = String::from_utf8_lossy(document);
    let mut tables = document.split("<w:tbl>");
    let before = tables.next().unwrap_or_default().to_owned();
    let with_head = |table: &str| table.replacen("<w:cantSplit />", "<w:cantSplit /><w:tblHeader />", 1);
    tables.fold(before, |whole, table| whole + "<w:tbl>" + &with_head(table)).into_bytes()
}

fn replaced(part: &[u8], from: &str, to: &str) -> Vec<u8> {
    String::from_utf8_lossy(part).replace(from, to).into_bytes()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn laid_out(paper: &Paper) -> Docx {
    let (top, bottom, left, right) = MARGIN;
    let margin = PageMargin::new().top(top).bottom(bottom).left(left).right(right).header(850).footer(992);
    let day = paper.recorded.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut docx = Docx::new()
        .page_size(PAGE.0, PAGE.1)
        .page_margin(margin)
        .created_at(&day)
        .updated_at(&day)
        .default_fonts(face(FANG))
        .default_size(BODY);
    for style in styles() {
        docx = docx.add_style(style);
    }
    if paper.form != Form::Final {
        docx = docx.header(Header::new().add_paragraph(line("Mark", &paper.form.to_string())));
    }
    docx = docx.footer(footer(paper));
    docx = docx.add_paragraph(line("Issuer", &paper.issuer)).add_paragraph(ruled(
        line("Number", &paper.number.to_string()),
        "C00000",
        18,
    ));
    docx = docx.add_paragraph(line("Title", &paper.title));
    if !paper.addressee.is_empty() {
        docx = docx.add_paragraph(line("Addressee", &format!("{}：", paper.addressee)));
    }
    for block in &paper.blocks {
        docx = with_block(docx, block);
    }
    docx = docx.add_paragraph(line("Text", &format!("依据：{}。", paper.grounds())));
    for (place, signer) in paper.signers.iter().enumerate() {
        // Two lines are left above the first of them.
        let above =
            LineSpacing::new().line_rule(LineSpacingType::Exact).line(LINE).before(if place == 0 { 1000 } else { 0 });
        docx = docx.add_paragraph(line("Signature", signer).line_spacing(above).keep_next(true));
    }
    docx.add_paragraph(line("Signature", &date(paper.date)))
        .add_paragraph(ruled(line("Proof", "").line_spacing(LineSpacing::new().before(600)), "000000", 6))
        .add_paragraph(line("Proof", &format!("编号：{}", paper.number)))
        .add_paragraph(line("Proof", &format!("摘要（SHA-256）：{}", paper.sha256())))
        .add_paragraph(line("Proof", &format!("摘要（SM3）：{}", paper.sm3())))
        .add_paragraph(line("Proof", &paper.remark()))
}

/// With a rule below it.
fn ruled(mut paragraph: Paragraph, colour: &str, eighths: usize) -> Paragraph {
    let rule = ParagraphBorder::new(ParagraphBorderPosition::Bottom).color(colour).size(eighths).space(4);
    paragraph.property = paragraph.property.set_borders(ParagraphBorders::with_empty().set(rule));
    paragraph
}

/// The page's number between dashes, and what proves the paper.
fn footer(paper: &Paper) -> Footer {
    let dash = |text: &str| Run::new().add_text(text);
    let number = Paragraph::new().style("Folio").add_run(dash("— ")).add_page_num(PageNum::new()).add_run(dash(" —"));
    Footer::new()
        .add_paragraph(number)
        .add_paragraph(line("FolioNote", &format!("{}　SHA-256 {}", paper.number, paper.sha256())))
}

fn with_block(docx: Docx, block: &Block) -> Docx {
    match block {
        Block::Paragraph { text } => docx.add_paragraph(line("Text", text)),
        Block::Heading { level, text } => {
            let style = match level {
                Level::First => "Heading1",
                Level::Second => "Heading2",
            };
            docx.add_paragraph(line(style, text).keep_next(true))
        }
        Block::List { items } => {
            let numbered = (1..).zip(items);
            numbered.fold(docx, |docx, (place, item)| docx.add_paragraph(line("Text", &format!("{place}. {item}"))))
        }
        Block::Table { caption, head, rows } => {
            docx.add_paragraph(line("Caption", caption).keep_next(true)).add_table(table(head, rows))
        }
        Block::Gist { provision, text } => {
            docx.add_paragraph(line("Quote", &format!("{provision}（要旨，非原文）：{text}")))
        }
    }
}

fn table(head: &[String], rows: &[Vec<String>]) -> Table {
    let widths = widths(head, rows);
    let cell = |text: &String, width: usize, style: &str| {
        TableCell::new().width(width, WidthType::Dxa).add_paragraph(line(style, text))
    };
    let grey = || Shading::new().fill("EDEDED");
    let first = head.iter().zip(&widths).map(|(text, width)| cell(text, *width, "TableHead").shading(grey()));
    let first = TableRow::new(first.collect()).cant_split();
    let others = rows.iter().map(|row| {
        TableRow::new(row.iter().zip(&widths).map(|(text, width)| cell(text, *width, "TableText")).collect())
            .cant_split()
    });
    let all = std::iter::once(first).chain(others).collect();
    Table::new(all).set_grid(widths.clone()).width(WIDTH, WidthType::Dxa).layout(TableLayoutType::Fixed)
}

/// How wide each column is: by its longest text, within reason.
fn widths(head: &[String], rows: &[Vec<String>]) -> Vec<usize> {
    let longest = |place: usize| {
        let cells = rows.iter().filter_map(|row| row.get(place)).chain(head.get(place));
        // A Latin letter is half as wide as a character.
        let wide = |text: &String| text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum::<usize>();
        cells.map(wide).max().unwrap_or(0).clamp(9, 40)
    };
    let wanted: Vec<usize> = (0..head.len()).map(longest).collect();
    let all = wanted.iter().sum::<usize>().max(1);
    wanted.iter().map(|width| width * WIDTH / all).collect()
}

fn line(style: &str, text: &str) -> Paragraph {
    Paragraph::new().style(style).add_run(Run::new().add_text(text))
}

fn face(name: &str) -> RunFonts {
    RunFonts::new().ascii("Times New Roman").hi_ansi("Times New Roman").east_asia(name)
}

fn styles() -> Vec<Style> {
    let exact = || LineSpacing::new().line_rule(LineSpacingType::Exact).line(LINE);
    let loose = |before, after| LineSpacing::new().before(before).after(after);
    let style = |id: &str, name: &str, font: &str, size: usize| {
        Style::new(id, StyleType::Paragraph).name(name).fonts(face(font)).size(size)
    };
    let first = || Some(SpecialIndentType::FirstLine(INDENT));
    let body = |id: &str, name: &str, font: &str| {
        style(id, name, font, BODY).line_spacing(exact()).indent(Some(0), first(), None, None)
    };
    vec![
        body("Text", "正文文字", FANG).align(AlignmentType::Both),
        style("Issuer", "发文机关", BIAO, 56).color("C00000").align(AlignmentType::Center).line_spacing(loose(0, 240)),
        style("Number", "编号", FANG, 28).align(AlignmentType::Center).line_spacing(loose(0, 480)),
        style("Title", "标题", BIAO, TITLE)
            .align(AlignmentType::Center)
            .line_spacing(LineSpacing::new().line_rule(LineSpacingType::Exact).line(700).before(0).after(400)),
        style("Addressee", "主送", FANG, BODY).line_spacing(exact()),
        body("Heading1", "heading 1", HEI).outline_lvl(0).next("Text"),
        body("Heading2", "heading 2", KAI).outline_lvl(1).next("Text"),
        style("Caption", "表名", HEI, TABLE).align(AlignmentType::Center).line_spacing(loose(160, 80)),
        style("TableHead", "表头", HEI, TABLE).align(AlignmentType::Center),
        style("TableText", "表文", FANG, TABLE),
        style("Quote", "条文要旨", KAI, 28).line_spacing(loose(120, 120)).indent(
            Some(INDENT),
            None,
            Some(INDENT),
            None,
        ),
        style("Signature", "落款", FANG, BODY).align(AlignmentType::Right).line_spacing(exact()).indent(
            None,
            None,
            Some(INDENT),
            None,
        ),
        style("Proof", "核验", FANG, SMALL).line_spacing(loose(60, 0)),
        style("Mark", "稿次", HEI, BODY).color("C00000").align(AlignmentType::Right),
        style("Folio", "页码", SONG, 28).align(AlignmentType::Center),
        style("FolioNote", "页脚摘要", SONG, 15).align(AlignmentType::Center),
    ]
}
