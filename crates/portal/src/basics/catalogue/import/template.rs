//! 模板和导出 — the template is the export of a sample; the export is what can be changed and brought back.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};
use regulation::basics::catalogue::Content;
use store::basics::catalogue::Entry;

use super::{check::own, lines};
use crate::{
    Door, answer,
    basics::catalogue::edit::author,
    export::{self, About, Cell},
};

/// 模板和导出 — the template is the export of a sample; the export is what can be changed and brought back.
pub async fn table(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(exported(&door, &headers, &uri).await, &headers, &uri)
}

async fn exported(door: &Door, headers: &HeaderMap, uri: &Uri) -> answer::Page {
    let visitor = author(door, headers).await?;
    let template = uri.path().contains("template");
    let rows: Vec<Vec<String>> = if template {
        lines::written("", &sample())
    } else {
        let own = own(door, &visitor.acting.org).await?;
        let mut own: Vec<&Entry> = own.values().map(|(entry, _)| entry).collect();
        own.sort_by(|one, other| one.id.cmp(&other.id));
        own.into_iter().flat_map(|entry| lines::written(&entry.id, entry.draft())).collect()
    };
    let about = About {
        file: if template { "entries-template" } else { "entries" },
        name: "目录条目".into(),
        meaning: MEANING.into(),
        query: String::new(),
        total: rows.len(),
        at: visitor.acting.at,
    };
    let head = lines::head();
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows = rows.into_iter().map(|row| row.into_iter().map(Cell::from).collect()).collect();
    Ok(export::table(about, &head, rows, (headers, uri)).await)
}

const MEANING: &str = "一行一个信息项；同一条目的各行相连，条目的各列只填首行，合并的单元格取首行的值。修改已有条目的保留条目编号，新增的不填编号。选项照样例的用词填写；是否一栏填“是”或“否”。";

/// 样例 — invented, to be overwritten.
fn sample() -> Content {
    use regulation::basics::{
        catalogue::{Cycle, Field, Masking, Personal},
        grading::{Degree, Grading},
        sector::Sector,
    };
    let field = |code: &str, name: &str| Field { code: code.into(), name: name.into(), ..Field::default() };
    let phone = Field { personal: Personal::General, masking: Masking::Cover, ..field("phone", "登记手机号") };
    Content {
        name: "（样例，请改写）停车场备案信息".into(),
        summary: "停车场的名称、地址、泊位数".into(),
        source_duty: "停车场备案管理职责".into(),
        sector: Some(Sector::Transport),
        refresh: Some(Cycle::Monthly),
        grading: Grading::alike(Degree::General, "写明为什么是这个程度"),
        fields: vec![field("name", "停车场名称"), phone],
        ..Content::default()
    }
}
