//! 表头 — legal code names out of the headers people write.

use crate::Defect;

/// The most columns a table may have.
pub(crate) const MOST_COLUMNS: usize = 1000;

/// A header's code name and its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    pub(crate) name: String,
    pub(crate) title: String,
}

/// Names every column of the header line, or tells which one cannot be named.
pub(crate) fn headings<'a>(line: u64, titles: impl ExactSizeIterator<Item = &'a str>) -> Result<Vec<Heading>, Defect> {
    if titles.len() > MOST_COLUMNS {
        return Err(Defect::TooWide { line, found: titles.len(), most: MOST_COLUMNS });
    }
    let mut named: Vec<Heading> = Vec::with_capacity(titles.len());
    for title in titles {
        let heading = Heading { name: code_name(title), title: title.trim().to_owned() };
        let column = named.len() + 1;
        if heading.name.is_empty() {
            return Err(Defect::BlankHeader { line, column });
        }
        if let Some(first) = named.iter().position(|earlier| earlier.name == heading.name) {
            return Err(Defect::TwinHeader {
                line,
                first: first + 1,
                first_title: named[first].title.clone(),
                second: column,
                second_title: heading.title,
                name: heading.name,
            });
        }
        named.push(heading);
    }
    Ok(named)
}

/// Letters, digits and Chinese characters in lower case, one underscore for all that stands
/// between them. It never begins with an underscore, so it never meets our own `_row`.
fn code_name(title: &str) -> String {
    let mut name = String::with_capacity(title.len());
    for letter in title.chars().map(folded) {
        if letter.is_alphanumeric() {
            name.extend(letter.to_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    name.truncate(name.trim_end_matches('_').len());
    name
}

/// The plain form of a full-width or raised character, as NFKC has it for those we meet.
fn folded(letter: char) -> char {
    match letter {
        '！'..='～' => char::from_u32(letter as u32 - 0xFEE0).unwrap_or(letter),
        '²' => '2',
        '³' => '3',
        '¹' => '1',
        'µ' => 'μ',
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_becomes_a_code_name() {
        let table = [
            ("PM_US Post", "pm_us_post"),
            ("No", "no"),
            (" 站点编号 ", "站点编号"),
            ("ＰＭ２．５（μg/m³）", "pm2_5_μg_m3"),
            ("PM10(µg/m³)", "pm10_μg_m3"),
            ("_row", "row"),
            ("a,b;c=d", "a_b_c_d"),
        ];
        for (title, name) in table {
            assert_eq!(code_name(title), name, "{title}");
        }
    }

    #[test]
    fn a_header_that_cannot_be_named_says_why() {
        let table: [(&[&str], &str); 3] = [
            (&["编号", "  "], "第 1 行第 2 列的表头是空的，或没有一个字母、数字或汉字：请为这一列写上名称"),
            (&["%"], "第 1 行第 1 列的表头是空的，或没有一个字母、数字或汉字：请为这一列写上名称"),
            (
                &["PM10", "温度", "ＰＭ１０"],
                "第 1 行第 1 列“PM10”与第 3 列“ＰＭ１０”的表头重复（都写作 pm10）：请改名以便区分",
            ),
        ];
        for (titles, sentence) in table {
            let defect = headings(1, titles.iter().copied()).unwrap_err();
            assert_eq!(defect.to_string(), sentence);
        }
        let many = vec!["x"; 1001];
        assert_eq!(
            headings(1, many.into_iter()).unwrap_err().to_string(),
            "第 1 行有 1001 列，最多 1000 列：请检查分隔符，或拆成几张表"
        );
    }
}
