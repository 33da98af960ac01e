//! 部件样例 — every component in each of its states; what the page shows, an expected file keeps.

mod samples;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use workflow::Refused;

use crate::{
    Door, answer,
    components::{chart, crumbs::Crumbs},
    frame::Frame,
    session,
};

/// 一个样例：什么状态，什么样子.
pub struct Sample {
    /// 状态
    pub state: &'static str,
    /// 样子
    pub html: String,
}

/// 一组样例.
pub struct Group {
    /// 地址中的名称
    pub code: &'static str,
    /// 名称
    pub name: &'static str,
    /// 什么时候用
    pub when: &'static str,
    /// 样例
    pub samples: fn() -> Vec<Sample>,
}

#[derive(Template)]
#[template(path = "gallery.html")]
struct Index {
    frame: Frame,
    groups: &'static [Group],
}

#[derive(Template)]
#[template(path = "gallery_group.html")]
struct Page {
    frame: Frame,
    crumbs: Crumbs,
    group: &'static Group,
    samples: Vec<Sample>,
}

impl Page {
    /// A group with charts brings the script that draws them.
    fn script(&self) -> Option<chart::Script> {
        (self.group.code == "charts").then_some(chart::Script)
    }
}

/// 全部部件.
pub async fn index(State(door): State<Door>, headers: HeaderMap) -> answer::Page {
    let visitor = session::visitor(&door, &headers).await?;
    Ok(answer::page(&Index { frame: Frame::new("部件样例", "", visitor.as_ref()), groups: samples::GROUPS }))
}

/// 一组部件.
pub async fn show(State(door): State<Door>, Path(code): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    let Some(group) = samples::GROUPS.iter().find(|group| group.code == code) else {
        return answer::told(&Refused::Missing { what: "部件", id: code }, &headers, &uri);
    };
    let visitor = session::visitor(&door, &headers).await.unwrap_or_default();
    let frame = Frame::new(format!("部件样例：{}", group.name), "", visitor.as_ref());
    let frame = if group.code == "wall" { frame.on_the_wall() } else { frame };
    let crumbs = Crumbs::to(group.name).through("/gallery", "部件样例");
    answer::page(&Page { frame, crumbs, samples: (group.samples)(), group })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_looks_as_it_did() {
        for group in samples::GROUPS {
            let samples = (group.samples)();
            let told: String = samples.iter().map(|one| format!("<!-- {} -->\n{}\n\n", one.state, one.html)).collect();
            expect_test::expect_file![format!(
                "{}/src/gallery/expected/{}.txt",
                env!("CARGO_MANIFEST_DIR"),
                group.code
            )]
            .assert_eq(&told);
        }
    }
}
