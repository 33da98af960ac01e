//! 逐行读条目 — one row for each field; the rows of an entry follow one another, and only the first need say what the
//! entry is. What cannot be read is told with its row and column.

use std::collections::HashMap;

use regulation::{
    Violation as _, Word,
    basics::{
        catalogue::{Content, Cycle, Field, Origin},
        grading::{Answer, Degree, Object},
        sector::Sector,
    },
};

use super::sheet::Sheet;

/// 条目的各列 — in the order of the template.
pub const OF_ENTRY: [&str; 14] = [
    "条目编号",
    "信息资源名称",
    "信息资源摘要",
    "来源职责",
    "信息资源格式",
    "所属领域",
    "更新周期",
    "获取方式",
    "共享数据提供单位",
    "同意书文号",
    "开放平台已开放",
    "数据量",
    "时间范围",
    "空间范围",
];

/// 信息项的各列.
pub const OF_FIELD: [&str; 7] =
    ["信息项代码", "信息项名称", "数据类型", "个人信息类别", "商业秘密", "准标识符", "拟脱敏方式"];

/// How many entries a file may hold.
pub const MOST: usize = 20_000;

/// 分级的各列 — two for each object.
fn of_grading() -> impl Iterator<Item = String> {
    Object::ALL.iter().flat_map(|object| [format!("对{object}的影响"), format!("对{object}的影响的理由")])
}

/// 表头 — every column of the template.
pub fn head() -> Vec<String> {
    let owned = |name: &&str| (*name).to_owned();
    OF_ENTRY.iter().map(owned).chain(of_grading()).chain(OF_FIELD.iter().map(owned)).collect()
}

/// 一处错误.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// 行
    pub row: usize,
    /// 列的名称；整行的为空
    pub column: String,
    /// 原因
    pub says: String,
}

/// 读出的一个条目.
#[derive(Clone, Debug)]
pub struct Line {
    /// 所在的首行
    pub row: usize,
    /// 条目编号；新的为空
    pub id: String,
    pub content: Content,
    pub faults: Vec<Fault>,
    said: HashMap<String, String>,
}

/// 读条目 — or what is wrong with the head, without which nothing can be read.
pub fn read(sheet: &Sheet) -> Result<Vec<Line>, Vec<Fault>> {
    let Some(((first, names), rows)) = sheet.rows.split_first() else { return Ok(Vec::new()) };
    let known = head();
    let mut faults = Vec::new();
    let mut fault = |column: &str, says: &str| {
        faults.push(Fault { row: *first, column: column.to_owned(), says: says.to_owned() });
    };
    for (place, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if !known.contains(name) {
            fault(name, "模板里没有这一列");
        } else if names[..place].contains(name) {
            fault(name, "这一列出现了两次");
        }
    }
    for name in ["信息资源名称", "信息项代码", "信息项名称"] {
        if !names.iter().any(|known| known == name) {
            fault(name, "缺少这一列");
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut lines: Vec<Line> = Vec::new();
    for (row, cells) in rows {
        add(&mut lines, *row, names, cells);
        if lines.len() > MOST {
            let says = format!("一个文件最多{MOST}个条目，请分成几个文件");
            return Err(vec![Fault { row: *row, column: String::new(), says }]);
        }
    }
    for line in &mut lines {
        finish(line);
    }
    Ok(lines)
}

/// One row: it begins an entry, or adds a field to the one before.
fn add(lines: &mut Vec<Line>, row: usize, names: &[String], cells: &[String]) {
    let said: HashMap<&str, &str> = names
        .iter()
        .zip(cells)
        .filter(|(name, cell)| !name.is_empty() && !cell.is_empty())
        .map(|(name, cell)| (name.as_str(), cell.as_str()))
        .collect();
    let get = |name: &str| said.get(name).copied().unwrap_or_default();
    let same =
        |line: &Line, name: &str| get(name).is_empty() || line.said.get(name).is_some_and(|was| was == get(name));
    let continues = lines.last().is_some_and(|line| same(line, "条目编号") && same(line, "信息资源名称"));
    if !continues {
        lines.push(Line {
            row,
            id: get("条目编号").to_owned(),
            content: Content::default(),
            faults: Vec::new(),
            said: said.iter().map(|(name, cell)| ((*name).to_owned(), (*cell).to_owned())).collect(),
        });
    }
    let Some(line) = lines.last_mut() else { return };
    let fault = |column: &str, says: String| Fault { row, column: column.to_owned(), says };
    if let Some(beyond) = cells.iter().skip(names.len()).find(|cell| !cell.is_empty()) {
        line.faults.push(fault("", format!("“{beyond}”在表头之外，没有列名")));
    }
    if continues {
        for (name, cell) in &said {
            if !OF_FIELD.contains(name) && line.said.get(*name).map(String::as_str) != Some(*cell) {
                line.faults.push(fault(name, format!("与首行（第{}行）不一致", line.row)));
            }
        }
    }
    if OF_FIELD.iter().all(|name| get(name).is_empty()) {
        return;
    }
    let mut faults = Vec::new();
    let field = Field {
        code: get("信息项代码").to_owned(),
        name: get("信息项名称").to_owned(),
        kind: word(row, "数据类型", get("数据类型"), &mut faults).unwrap_or_default(),
        personal: word(row, "个人信息类别", get("个人信息类别"), &mut faults).unwrap_or_default(),
        secret: yes(row, "商业秘密", get("商业秘密"), &mut faults),
        quasi: yes(row, "准标识符", get("准标识符"), &mut faults),
        masking: word(row, "拟脱敏方式", get("拟脱敏方式"), &mut faults).unwrap_or_default(),
    };
    line.faults.append(&mut faults);
    line.content.fields.push(field);
}

/// What the first row says of the entry as a whole.
fn finish(line: &mut Line) {
    let said = std::mem::take(&mut line.said);
    let get = |name: &str| said.get(name).map(String::as_str).unwrap_or_default();
    let (row, faults) = (line.row, &mut line.faults);
    let content = &mut line.content;
    for (name, text) in [
        ("信息资源名称", &mut content.name),
        ("信息资源摘要", &mut content.summary),
        ("来源职责", &mut content.source_duty),
        ("数据量", &mut content.volume),
        ("时间范围", &mut content.time_span),
        ("空间范围", &mut content.area),
    ] {
        get(name).clone_into(text);
    }
    if content.name.is_empty() {
        faults.push(Fault { row, column: "信息资源名称".to_owned(), says: "没有填写".to_owned() });
    }
    content.format = word(row, "信息资源格式", get("信息资源格式"), faults).unwrap_or_default();
    content.sector = word(row, "所属领域", get("所属领域"), faults);
    content.refresh = word(row, "更新周期", get("更新周期"), faults);
    content.open = yes(row, "开放平台已开放", get("开放平台已开放"), faults);
    content.origin = match get("获取方式") {
        "" | "本单位产生" => Origin::Own,
        "政务数据共享获得" => Origin::Shared {
            from: get("共享数据提供单位").to_owned(),
            consent: get("同意书文号").to_owned(),
        },
        other => {
            let says = format!("没有“{other}”这个选项，可填“本单位产生”或者“政务数据共享获得”");
            faults.push(Fault { row, column: "获取方式".to_owned(), says });
            Origin::Own
        }
    };
    for object in Object::ALL {
        let column = format!("对{object}的影响");
        let (degree, reason) = (get(&column), get(&format!("{column}的理由")));
        if !(degree.is_empty() && reason.is_empty()) {
            let degree = word(row, &column, degree, faults);
            content.grading.0.insert(*object, Answer { degree, reason: reason.to_owned() });
        }
    }
    *content = std::mem::take(content).tidied();
    for flaw in content.unkeepable() {
        faults.push(Fault { row, column: String::new(), says: flaw.to_string() });
    }
}

impl Line {
    /// 提交前还要补的 — what the entry lacks, and where.
    pub fn lacking(&self) -> Vec<String> {
        self.content.flaws().iter().map(|flaw| format!("{flaw}（{}）", flaw.provision())).collect()
    }
}

fn word<W: Word>(row: usize, column: &str, said: &str, faults: &mut Vec<Fault>) -> Option<W> {
    if said.is_empty() {
        return None;
    }
    let found = W::read(said);
    if found.is_none() {
        faults.push(Fault {
            row,
            column: column.to_owned(),
            says: format!("没有“{said}”这个选项，请照模板的说明填写"),
        });
    }
    found
}

fn yes(row: usize, column: &str, said: &str, faults: &mut Vec<Fault>) -> bool {
    if !matches!(said, "" | "是" | "否") {
        faults.push(Fault {
            row, column: column.to_owned(), says: format!("“{said}”既不是“是”也不是“否”")
        });
    }
    said == "是"
}

/// 一个条目的各行 — as [`read`] reads them back.
pub fn written(id: &str, content: &Content) -> Vec<Vec<String>> {
    let yes = |yes: bool| if yes { "是" } else { "" }.to_owned();
    let name = |word: Option<&str>| word.unwrap_or_default().to_owned();
    let (origin, from, letter) = match &content.origin {
        Origin::Own => ("本单位产生", "", ""),
        Origin::Shared { from, consent } => ("政务数据共享获得", from.as_str(), consent.as_str()),
    };
    let entry = [
        id.to_owned(),
        content.name.clone(),
        content.summary.clone(),
        content.source_duty.clone(),
        content.format.name().to_owned(),
        name(content.sector.map(Sector::name)),
        name(content.refresh.map(Cycle::name)),
        origin.to_owned(),
        from.to_owned(),
        letter.to_owned(),
        yes(content.open),
        content.volume.clone(),
        content.time_span.clone(),
        content.area.clone(),
    ];
    let grading = Object::ALL.iter().flat_map(|object| {
        [name(content.grading.degree(*object).map(Degree::name)), content.grading.reason(*object).to_owned()]
    });
    let mut first: Vec<String> = entry.into_iter().chain(grading).collect();
    let width = first.len();
    let mut rows = Vec::with_capacity(content.fields.len().max(1));
    for field in &content.fields {
        let mut row = if rows.is_empty() { std::mem::take(&mut first) } else { vec![String::new(); width] };
        row.extend([
            field.code.clone(),
            field.name.clone(),
            field.kind.name().to_owned(),
            field.personal.name().to_owned(),
            yes(field.secret),
            yes(field.quasi),
            field.masking.name().to_owned(),
        ]);
        rows.push(row);
    }
    if rows.is_empty() {
        rows.push(first);
    }
    rows
}

#[cfg(test)]
mod tests {
    use regulation::basics::{
        catalogue::{Masking, Personal},
        grading::Grading,
    };

    use super::*;

    fn sheet(rows: Vec<Vec<&str>>) -> Sheet {
        let row = |(place, row): (usize, Vec<&str>)| (place + 1, row.into_iter().map(str::to_owned).collect());
        Sheet { rows: rows.into_iter().enumerate().map(row).collect(), formulas: 0 }
    }

    #[test]
    fn what_is_exported_is_read_back_unchanged() {
        let field = |code: &str| Field {
            code: code.into(),
            name: format!("{code}的名称"),
            personal: Personal::Account,
            masking: Masking::Hash,
            quasi: true,
            ..Field::default()
        };
        let content = Content {
            name: "社保参保".into(),
            summary: "一行\n两行".into(),
            sector: Some(Sector::Employment),
            refresh: Some(Cycle::Monthly),
            origin: Origin::Shared { from: "省厅".into(), consent: "1号".into() },
            open: true,
            grading: Grading::alike(Degree::General, "理由"),
            fields: vec![field("a"), field("b")],
            ..Content::default()
        };
        let mut rows = vec![(1, head())];
        for id in ["ML-1", ""] {
            rows.extend(written(id, &content).into_iter().map(|row| (2, row)));
        }
        let lines = read(&Sheet { rows, formulas: 0 }).unwrap();
        // The second has no number and the same name: its rows could not be told from those of the first.
        assert_eq!(lines.len(), 1);
        let mut rows = vec![(1, head())];
        rows.extend(written("ML-1", &content).into_iter().map(|row| (2, row)));
        let lines = read(&Sheet { rows, formulas: 0 }).unwrap();
        assert_eq!((lines[0].id.as_str(), &lines[0].content, lines[0].faults.len()), ("ML-1", &content, 0));
    }

    #[test]
    fn each_fault_is_told_with_its_row_and_column() {
        let head = vec!["信息资源名称", "更新周期", "商业秘密", "信息项代码", "信息项名称"];
        let lines = read(&sheet(vec![
            head,
            vec!["甲", "常常", "", "a", "甲一"],
            vec!["", "每日", "也许", "b", "甲二", "多出来"],
            vec!["乙", "每日", "是", "c", "乙一"],
        ]))
        .unwrap();
        let told: Vec<String> = lines
            .iter()
            .flat_map(|line| &line.faults)
            .map(|fault| format!("{} {} {}", fault.row, fault.column, fault.says))
            .collect();
        assert_eq!(
            told,
            [
                "3  “多出来”在表头之外，没有列名",
                "3 更新周期 与首行（第2行）不一致",
                "3 商业秘密 “也许”既不是“是”也不是“否”",
                "2 更新周期 没有“常常”这个选项，请照模板的说明填写",
            ]
        );
        assert_eq!(lines[1].content.fields.len(), 1);
        let told = read(&sheet(vec![vec!["信息资源名称", "信息资源名称", "别名"]])).unwrap_err();
        let told: Vec<String> = told.iter().map(|fault| format!("{}：{}", fault.column, fault.says)).collect();
        assert_eq!(
            told,
            [
                "信息资源名称：这一列出现了两次",
                "别名：模板里没有这一列",
                "信息项代码：缺少这一列",
                "信息项名称：缺少这一列"
            ]
        );
    }
}
