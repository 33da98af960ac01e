//! 走的是什么 — what is demanded and built: the city's own table, or a file that somebody named.

use std::path::Path;

use lake::{Condition, Recipe};
use regulation::basics::{
    catalogue::{Content, Cycle, Field},
    grading::{Degree, Grading},
    sector::Sector,
};

/// How many rows the demonstration takes in one page.
const PAGE: usize = 1000;

/// What is demanded and built, for the city's own table or for a named file.
pub struct Line {
    pub content: Content,
    pub recipe: Recipe,
    pub filter: Option<Condition>,
    pub name: String,
    pub summary: String,
}

/// The entry of a file that somebody named: what a survey can say of it.
pub fn described(file: &Path, survey: &lake::Survey) -> Content {
    let name = file.file_stem().map_or_else(|| "数据".into(), |name| name.to_string_lossy().into_owned());
    let field =
        |column: &lake::Column| Field { code: column.name.clone(), name: column.title.clone(), ..Field::default() };
    Content {
        summary: format!("演示时由 --csv 指定的文件“{name}”，{}行，{}列。", survey.rows, survey.columns.len()),
        name,
        source_duty: "演示用数据，假定由提供单位依法履职产生".into(),
        sector: Some(Sector::Living),
        refresh: Some(Cycle::Irregular),
        grading: Grading::alike(Degree::None, "演示用数据，假定公开后不造成影响"),
        fields: survey.columns.iter().map(field).collect(),
        ..Content::default()
    }
}

pub fn query(product: &str, filter: Option<&Condition>) -> String {
    let filter = filter.map(|condition| {
        let column: String = reqwest::Url::parse_with_params(
            "http://x/",
            [("f", format!("{},ge,{}", condition.column, condition.value))],
        )
        .map(|url| url.query().unwrap_or_default().trim_start_matches("f=").to_owned())
        .unwrap_or_default();
        format!("&filter={column}")
    });
    format!("/api/v1/products/{product}/rows?limit={PAGE}{}", filter.unwrap_or_default())
}
