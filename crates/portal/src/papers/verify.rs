//! 核验公文 — whether the platform issued exactly this content: by the number and the digest printed on the paper.
//!
//! Nothing is told of a paper to whoever does not hold it: a wrong digest and a number that was never given have
//! one answer.

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
};
use documents::{Number, Paper, issue};
use serde::Deserialize;
use serde_json::json;
use workflow::Refused;

use super::gather;
use crate::{
    Door, answer,
    components::field::{Field, Input},
    frame::{Frame, time},
    session,
};

/// How long a digest is, in hexadecimal digits; both algorithms make the same.
const LENGTH: usize = 64;
/// How much of what was typed is kept, in characters.
const TYPED: usize = 300;

/// 要核验的.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// 编号
    number: Option<String>,
    /// 摘要
    digest: Option<String>,
}

/// 结论.
enum Finding {
    /// 还没有填
    Blank,
    /// 填的不合格式：编号处的话，摘要处的话
    Flawed(String, String),
    /// 没有与此相符的公文
    Unknown,
    /// 相符
    Issued(Box<Issued>),
}

/// 相符的公文.
struct Issued {
    paper: Paper,
    later: Option<Number>,
}

impl Issued {
    fn recorded(&self) -> String {
        time(self.paper.recorded)
    }
}

#[derive(Template)]
#[template(path = "papers/verify.html")]
struct Page {
    frame: Frame,
    inputs: [Input; 2],
    number: String,
    digest: String,
    finding: Finding,
}

impl Page {
    fn fields(&self) -> [Field<'_>; 2] {
        let faults = match &self.finding {
            Finding::Flawed(number, digest) => [number.as_str(), digest.as_str()],
            _ => ["", ""],
        };
        let [number, digest] = &self.inputs;
        let told = |place: usize| Some(faults[place]).filter(|fault| !fault.is_empty());
        [
            Field { input: number, id: "number".into(), typed: &self.number, fault: told(0) },
            Field { input: digest, id: "digest".into(), typed: &self.digest, fault: told(1) },
        ]
    }
}

/// Where a paper is verified, with its number and digest filled in.
pub fn address(paper: &Paper) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("number", &paper.number.to_string()).append_pair("digest", &paper.sha256());
    format!("/verify?{}", query.finish())
}

/// 核验公文.
pub async fn show(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    let page = async {
        let visitor = session::visitor(&door, &headers).await?;
        let finding = find(&door, &asked).await?;
        let kept = |typed: &Option<String>| typed.as_deref().unwrap_or_default().chars().take(TYPED).collect();
        let troubled = matches!(finding, Finding::Flawed(..));
        Ok(answer::page(&Page {
            frame: Frame::new("核验公文", "verify", visitor.as_ref()).troubled(troubled),
            inputs: [
                Input::new("number", "编号", "text", "如 XQ-20250901-7K3M9Q/数据需求受理通知书/37"),
                Input::new("digest", "摘要（SHA-256 或者 SM3）", "text", "64个字符，大小写、空格和换行不影响"),
            ],
            number: kept(&asked.number),
            digest: kept(&asked.digest),
            finding,
        }))
    };
    answer::faced(page.await, &headers, &uri)
}

/// 核验公文（程序）.
pub async fn json(State(door): State<Door>, Query(asked): Query<Asked>) -> Response {
    match find(&door, &asked).await {
        Ok(Finding::Issued(found)) => Json(json!({
            "issued": true,
            "number": found.paper.number,
            "kind": found.paper.kind,
            "form": found.paper.form,
            "issuer": found.paper.issuer,
            "title": found.paper.title,
            "position": found.paper.number.position,
            "recorded": found.paper.recorded,
            "certificate": format!("/log/control/{}", found.paper.number.position),
            "later": found.later,
        }))
        .into_response(),
        Ok(Finding::Unknown) => Json(json!({ "issued": false })).into_response(),
        Ok(Finding::Blank) => answer::as_problem(&Refused::Question("请给出编号 number 和摘要 digest".into())),
        Ok(Finding::Flawed(number, digest)) => {
            let said = [number, digest].into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>();
            answer::as_problem(&Refused::Question(said.join("；")))
        }
        Err(refused) => answer::as_problem(&refused),
    }
}

async fn find(door: &Door, asked: &Asked) -> Result<Finding, Refused> {
    let (number, digest) = match (&asked.number, &asked.digest) {
        (None, None) => return Ok(Finding::Blank),
        (number, digest) => (number.as_deref().unwrap_or_default(), digest.as_deref().unwrap_or_default()),
    };
    let (number, digest) = match (read(number), digest_of(digest)) {
        (Ok(number), Ok(digest)) => (number, digest),
        (number, digest) => {
            return Ok(Finding::Flawed(number.err().unwrap_or_default(), digest.err().unwrap_or_default()));
        }
    };
    let Some(subject) = issue::subject(number.kind) else { return Ok(Finding::Unknown) };
    let versions = gather::versions(door, subject, &number.id).await?;
    let of_kind = || versions.iter().filter(|version| version.issue.kind == number.kind);
    let latest = of_kind().map(|version| version.event.position).max();
    // Where the wording of a kind has changed, each wording is a line of the table, and what any of them wrote counts.
    for version in of_kind().filter(|version| version.event.position == number.position) {
        let paper = gather::written(door, version).await?;
        if paper.is(&digest) {
            let later = latest.filter(|latest| *latest > number.position);
            let later = later.map(|position| Number { position, ..number });
            return Ok(Finding::Issued(Box::new(Issued { paper, later })));
        }
    }
    Ok(Finding::Unknown)
}

fn read(number: &str) -> Result<Number, String> {
    if number.trim().is_empty() {
        return Err("请填写文末的编号".to_owned());
    }
    let told = || {
        "编号不合格式：它由卷宗编号、文种和一个数组成，以斜线隔开，如 XQ-20250901-7K3M9Q/数据需求受理通知书/37"
            .to_owned()
    };
    Number::read(number).ok_or_else(told)
}

fn digest_of(typed: &str) -> Result<String, String> {
    // Copied from a sheet it may be broken into lines; typed, it may be wide.
    let narrow = |letter: char| match letter {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        letter => letter,
    };
    let digest: String = typed
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| narrow(letter).to_ascii_lowercase())
        .collect();
    let length = digest.chars().count();
    match digest.chars().find(|letter| !letter.is_ascii_hexdigit()) {
        _ if length == 0 => Err("请填写文末的摘要".to_owned()),
        Some(letter) => Err(format!("摘要只含数字0至9和字母a至f，这里有“{letter}”，请核对")),
        None if length < LENGTH => Err(format!("摘要有{LENGTH}个字符，这里只有{length}个，可能没有复制完整")),
        None if length > LENGTH => Err(format!("摘要有{LENGTH}个字符，这里有{length}个，可能多复制了一段")),
        None => Ok(digest),
    }
}
