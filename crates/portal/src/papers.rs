//! 公文 — the papers of a file: which there are, and each as a page to print, a Word file, plain text and JSON.
//!
//! Whoever may open the file may read its papers; those that are public, everybody may. What they say is written
//! by `documents` from the event they come from; this door only brings what stood then.

mod gather;
pub mod verify;

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use documents::{Block, Form, Kind, Level, Paper, docx};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Fault;
use workflow::Refused;

use self::gather::Version;
use crate::{
    Door, answer, case,
    components::{crumbs::Crumbs, tag::Tag},
    frame::{Frame, date, time},
    names, session,
    session::Visitor,
};

/// 一份公文，在卷宗页上 — the latest version of its kind.
pub struct Listed {
    /// 文种
    pub kind: Kind,
    /// 稿次；正式的为空
    pub form: &'static str,
    /// 日期
    pub day: String,
    /// 地址
    pub path: String,
    /// 办理日志中的位置
    pub position: u64,
}

impl Listed {
    fn of(version: &Version, id: &str) -> Self {
        Self {
            kind: version.issue.kind,
            form: face(version.issue.form),
            day: date(documents::day(version.event.at)),
            path: path(version.issue.subject(), id, version.issue.kind),
            position: version.event.position,
        }
    }

    /// 稿次的标签
    pub fn tag(&self) -> Tag {
        Tag::state(self.form)
    }

    fn json(&self) -> Value {
        json!({
            "kind": self.kind, "name": self.kind.name(), "form": self.form, "position": self.position,
            "public": self.kind.public(), "page": self.path, "docx": format!("{}.docx", self.path),
            "text": format!("{}.txt", self.path), "json": format!("/api/v1{}", self.path),
        })
    }
}

/// What the face of a paper says of how far it has got; nothing where it is final.
fn face(form: Form) -> &'static str {
    if form == Form::Final { "" } else { form.name() }
}

/// Where a paper is read.
pub fn path(subject: &str, id: &str, kind: Kind) -> String {
    format!("/files/{subject}/{id}/papers/{}", kind.code())
}

/// 卷宗的公文 — the latest of each kind, in the order of the procedure.
pub async fn listed(door: &Door, subject: &str, id: &str) -> Result<Vec<Listed>, Refused> {
    let versions = gather::versions(door, subject, id).await?;
    let latest = Kind::ALL.iter().filter_map(|kind| versions.iter().rfind(|version| version.issue.kind == *kind));
    Ok(latest.map(|version| Listed::of(version, id)).collect())
}

/// Those of them that everybody may read.
pub async fn public(door: &Door, subject: &str, id: &str) -> Result<Vec<Listed>, Refused> {
    let all = listed(door, subject, id).await?;
    Ok(all.into_iter().filter(|paper| paper.kind.public()).collect())
}

/// The same for programs.
pub async fn listed_json(door: &Door, subject: &str, id: &str) -> Result<Value, Refused> {
    Ok(listed(door, subject, id).await?.iter().map(Listed::json).collect())
}

/// 哪一版 — as its address asks for it.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// 办理日志中的位置；没有写的是最近的一版
    #[serde(default)]
    at: String,
}

/// 版次 — one version in the list beside a paper.
struct Edition {
    form: Form,
    day: String,
    path: String,
    shown: bool,
}

#[derive(Template)]
#[template(path = "papers/paper.html")]
struct Page {
    frame: Frame,
    crumbs: Crumbs,
    paper: Paper,
    path: String,
    query: String,
    later: bool,
    editions: Vec<Edition>,
    verify: String,
}

impl Page {
    fn mark(&self) -> &'static str {
        face(self.paper.form)
    }

    fn day(&self) -> String {
        date(self.paper.date)
    }

    fn recorded(&self) -> String {
        time(self.paper.recorded)
    }
}

/// 找到的公文 — one version, with what is needed to show it.
struct Found {
    paper: Paper,
    visitor: Option<Visitor>,
    opens: bool,
    versions: Vec<Version>,
}

impl Found {
    fn latest(&self) -> u64 {
        self.versions.last().map_or(0, |version| version.event.position)
    }
}

/// 公文页，以及同名的 Word 文件和文本.
pub async fn show(
    State(door): State<Door>,
    Path((subject, id, name)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let (name, ending) = name.split_once('.').unwrap_or((&name, ""));
    let answer = match find(&door, (&subject, &id, name), &asked, &headers).await {
        Ok(found) => dressed(found, (&subject, &id), ending),
        Err(told) => Err(told),
    };
    answer::faced(answer, &headers, &uri)
}

fn dressed(found: Found, (subject, id): (&str, &str), ending: &str) -> answer::Page {
    match ending {
        "" => Ok(page(found, subject, id)),
        "docx" => {
            const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
            let body = docx::file(&found.paper).map_err(|why| Fault::Corrupt { what: "公文".into(), why })?;
            Ok(attached(&found.paper, "docx", WORD, body))
        }
        "txt" => Ok(attached(&found.paper, "txt", "text/plain; charset=utf-8", found.paper.text().into_bytes())),
        _ => Err(Refused::Missing { what: "公文的版式", id: ending.to_owned() }.into()),
    }
}

fn page(found: Found, subject: &str, id: &str) -> Response {
    let latest = found.latest();
    let Found { paper, visitor, opens, versions } = found;
    let path = path(subject, id, paper.kind);
    let edition = |version: &Version| Edition {
        form: version.issue.form,
        day: date(documents::day(version.event.at)),
        path: format!("{path}?at={}", version.event.position),
        shown: version.event.position == paper.number.position,
    };
    let crumbs = Crumbs::to(paper.kind.name());
    let crumbs = if opens {
        crumbs.through("/files", names::subject(subject)).through(names::path(subject, id), id)
    } else {
        crumbs.through("/announcements", "公示公告")
    };
    let section = if opens { "files" } else { "announcements" };
    answer::page(&Page {
        frame: Frame::new(format!("{} {id}", paper.kind), section, visitor.as_ref()),
        crumbs,
        later: latest > paper.number.position,
        query: format!("?at={}", paper.number.position),
        editions: versions.iter().map(edition).collect(),
        verify: verify::address(&paper),
        path,
        paper,
    })
}

fn attached(paper: &Paper, ending: &str, kind: &'static str, body: Vec<u8>) -> Response {
    let plain = format!("{}-{}-{}.{ending}", paper.number.id, paper.kind.code(), paper.number.position);
    let named: String = form_urlencoded::byte_serialize(format!("{}.{ending}", paper.title).as_bytes()).collect();
    let named = named.replace('+', "%20");
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{named}");
    let disposition = HeaderValue::try_from(disposition).unwrap_or(HeaderValue::from_static("attachment"));
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, disposition)], body)
        .into_response()
}

/// The paper that an address asks for, if this visitor may read it.
async fn find(
    door: &Door,
    (subject, id, code): (&str, &str, &str),
    asked: &Asked,
    headers: &HeaderMap,
) -> Result<Found, answer::Told> {
    let missing = || Refused::Missing { what: "公文", id: format!("{id}/{code}") };
    let kind =
        Kind::coded(code).filter(|kind| documents::issue::subject(*kind) == Some(subject)).ok_or_else(missing)?;
    let visitor = session::visitor(door, headers).await?;
    let opens = match &visitor {
        Some(visitor) => match case::title(door, subject, id, visitor).await {
            Ok(_) => true,
            Err(Refused::Missing { .. }) => false,
            Err(refused) => return Err(refused.into()),
        },
        None => false,
    };
    if !opens && !kind.public() {
        return Err(match visitor {
            Some(_) => missing().into(), // to others it is not there
            None => session::unknown("查看这份公文需要先登录").into(),
        });
    }
    let mut versions = gather::versions(door, subject, id).await?;
    versions.retain(|version| version.issue.kind == kind);
    versions.reverse(); // of two wordings of one act the later line of the table is given
    versions.dedup_by_key(|version| version.event.position);
    versions.reverse();
    let wanted = if asked.at.is_empty() {
        versions.last()
    } else {
        versions.iter().find(|version| asked.at == version.event.position.to_string())
    };
    let version = wanted.ok_or_else(missing)?;
    let paper = gather::written(door, version).await?;
    Ok(Found { paper, visitor, opens, versions })
}

/// 卷宗的公文（程序）.
pub async fn list_json(
    State(door): State<Door>,
    Path((subject, id)): Path<(String, String)>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let list = async {
        let visitor = session::visitor(&door, &headers).await?;
        let opens = match &visitor {
            Some(visitor) => case::title(&door, &subject, &id, visitor).await.is_ok(),
            None => false,
        };
        let papers = if opens { listed(&door, &subject, &id).await? } else { public(&door, &subject, &id).await? };
        if papers.is_empty() && !opens {
            return Err(Refused::Missing { what: "公文", id: id.clone() }.into());
        }
        let papers: Vec<Value> = papers.iter().map(Listed::json).collect();
        Ok(Json(json!({ "subject": subject, "id": id, "papers": papers })).into_response())
    };
    answer::faced(list.await, &headers, &uri)
}

/// 公文（程序） — the same content and the same digests as the page and the Word file.
pub async fn json(
    State(door): State<Door>,
    Path((subject, id, name)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let answer = find(&door, (&subject, &id, &name), &asked, &headers).await.map(|found| {
        let later = found.latest() > found.paper.number.position;
        let mut body = serde_json::to_value(&found.paper).unwrap_or_default();
        body["name"] = found.paper.kind.name().into();
        body["position"] = found.paper.number.position.into();
        body["sha256"] = found.paper.sha256().into();
        body["sm3"] = found.paper.sm3().into();
        body["later"] = later.into();
        body["versions"] = found.versions.iter().map(|version| version.event.position).collect();
        Json(body).into_response()
    });
    answer::faced(answer, &headers, &uri)
}

#[cfg(test)]
mod tests {
    use documents::Number;
    use regulation::article;

    use super::*;

    #[test]
    fn the_sheet_of_a_draft_is_laid_out_as_expected() {
        let number = Number { id: "XY-20250810-DDDDDD".into(), kind: Kind::AgreementFiling, position: 10 };
        let paragraph = |text: &str| Block::Paragraph { text: text.to_owned() };
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let paper = Paper {
            kind: Kind::AgreementFiling,
            form: Form::Draft,
            number,
            issuer: "锦川市数据局".into(),
            title: "关于报送<协议>备案的报告".into(),
            addressee: "省级数据主管部门".into(),
            blocks: vec![
                paragraph("现按规定报备。"),
                Block::Heading { level: Level::First, text: "一、协议概要".into() },
                Block::Heading { level: Level::Second, text: "（一）范围".into() },
                Block::Table {
                    caption: "授权范围".into(),
                    head: row(&["名目", "内容"]),
                    rows: vec![row(&["编号", "ML-1"]), row(&["信息项", "总泊位 & 空余泊位"])],
                },
                Block::List { items: row(&["第一件", "第二件"]) },
                Block::Gist { provision: article(16), text: "十个工作日内备案。".into() },
            ],
            basis: vec![article(16), article(17).item(1)],
            signers: row(&["锦川市数据局"]),
            date: "2025-09-01".parse().unwrap(),
            recorded: "2025-09-01T01:00:00Z".parse().unwrap(),
        };
        let page = Page {
            frame: Frame::new("公文", "files", None),
            crumbs: Crumbs::to("公文"),
            path: String::new(),
            query: String::new(),
            later: false,
            editions: Vec::new(),
            verify: verify::address(&paper),
            paper,
        };
        let page = page.render().unwrap();
        let sheet = page.split_once("<article").unwrap().1.split_once("</article>").unwrap().0;
        let sheet: Vec<&str> = sheet.lines().filter(|line| !line.trim().is_empty()).collect();
        expect_test::expect_file!["papers/expected/sheet.txt"]
            .assert_eq(&format!("<article{}</article>\n", sheet.join("\n")));
    }
}
