//! 制度 — each article's gist in our own words, and where the platform carries it out.
//!
//! Nothing is said here a second time: steps, contents and terms are asked of `regulation`, who may do what of
//! the rules in force, and code and stories of the generated table that a test keeps true.

use std::{collections::BTreeSet, sync::LazyLock};

use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use regulation::{
    Chapter, Entry, Terms, article,
    fulfilment::{self, Contents, Leg},
    unwritten,
};
use serde::Serialize;
use serde_json::json;
use workflow::{Acting, Refused, competence::Rule};

use crate::{Door, answer, frame::Frame, names, session};

/// How many articles the Measures have.
const LAST: u16 = 37;

/// 条文对照 — the generated table, as it is committed.
const TRACED: &str = include_str!("../../../../docs/generated/traceability.md");

/// 看得到的地方 — on which public page each subject is to be seen.
#[rustfmt::skip] // It is a table; let it look like one.
const PAGES: &[(&str, &str, &str)] = &[
    ("entry",         "/catalogue",     "授权运营目录"),
    ("plan",          "/announcements", "公示公告"),
    ("selection",     "/selections",    "遴选公告"),
    ("candidate",     "/selections",    "遴选公告"),
    ("complaint",     "/selections",    "遴选公告"),
    ("agreement",     "/grants",        "授权运营名录"),
    ("demand",        "/statistics",    "统计"),
    ("supply",        "/statistics",    "统计"),
    ("product",       "/products",      "产品和服务"),
    ("use_agreement", "/products",      "产品和服务"),
    ("feedback",      "/feedback",      "意见反馈"),
    ("policies",      "/competence",    "职权规则"),
    ("calendar",      "/calendar",      "工作日历"),
];

/// 一处去处 — of the code or of the stories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Place {
    name: String,
    path: String,
}

/// 一条规则 — who may do what, by this article.
#[derive(Serialize)]
struct Permitted {
    id: String,
    says: String,
    basis: String,
    acts: Vec<Act>,
}

#[derive(Serialize)]
struct Act {
    act: String,
    name: String,
}

/// 一条.
#[derive(Serialize)]
struct Article {
    number: u16,
    name: String,
    chapter: String,
    gist: &'static str,
    steps: Vec<Leg>,
    contents: Vec<Contents>,
    terms: Vec<Entry>,
    rules: Vec<Permitted>,
    pages: Vec<(&'static str, &'static str)>,
    stories: Vec<Place>,
    code: Vec<Place>,
    unwritten: Vec<(&'static str, &'static str)>,
}

impl Article {
    fn read(door: &Door, number: u16) -> Option<Self> {
        let provision = article(number);
        let terms = Terms::in_force_on(Acting::clock(door.now()).today());
        let competence = door.office.competence();
        let here = |rule: &&Rule| {
            regulation::Provision::read(&rule.basis).and_then(regulation::Provision::measures_article) == Some(number)
        };
        let traced = TRACES.get(usize::from(number).checked_sub(1)?);
        let mut article = Self {
            number,
            name: provision.to_string(),
            chapter: Chapter::of(number)?.heading(),
            gist: provision.gist()?,
            steps: fulfilment::steps(number),
            contents: fulfilment::contents(number),
            terms: fulfilment::lengths(number, &terms),
            rules: competence.rules().iter().filter(here).map(permitted).collect(),
            pages: Vec::new(),
            code: traced.map(|(code, _)| code.clone()).unwrap_or_default(),
            stories: traced.map(|(_, stories)| stories.clone()).unwrap_or_default(),
            unwritten: unwritten().filter(|(of, ..)| *of == number).map(|(_, part, why)| (part, why)).collect(),
        };
        article.pages = article.seen();
        Some(article)
    }

    /// The pages on which its subjects are to be seen.
    fn seen(&self) -> Vec<(&'static str, &'static str)> {
        let acts = self.rules.iter().flat_map(|rule| &rule.acts).filter_map(|act| act.act.split('.').next());
        let steps = self.steps.iter().map(|leg| leg.subject).chain(self.contents.iter().map(|list| list.subject));
        let subjects: BTreeSet<&str> = steps.chain(acts).collect();
        let mut pages: Vec<(&str, &str)> = Vec::new();
        for (_, path, name) in PAGES.iter().filter(|(subject, ..)| subjects.contains(subject)) {
            if !pages.contains(&(*path, *name)) {
                pages.push((path, name));
            }
        }
        if !self.terms.is_empty() && !pages.iter().any(|(path, _)| *path == "/calendar") {
            pages.push(("/calendar", "工作日历"));
        }
        pages
    }

    /// 怎样落实 — in a word, with its colour.
    fn carried(&self) -> (&'static str, &'static str) {
        let whole = self.unwritten.iter().any(|(part, _)| part.is_empty());
        match (whole, self.unwritten.is_empty()) {
            (true, _) => ("没有写成代码", ""),
            (false, false) => ("部分落实", "warn"),
            (false, true) => ("已落实", "ok"),
        }
    }

    fn has_places(&self) -> bool {
        !(self.steps.is_empty() && self.contents.is_empty() && self.terms.is_empty() && self.rules.is_empty())
    }
}

/// A rule with the acts it speaks of.
fn permitted(rule: &Rule) -> Permitted {
    let spoken = rule.text.split("Action::\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut acts: Vec<Act> = Vec::new();
    for act in spoken {
        if !acts.iter().any(|known| known.act == act) {
            acts.push(Act { act: act.to_owned(), name: names::act(act).to_owned() });
        }
    }
    Permitted { id: rule.id.clone(), says: rule.says.clone(), basis: rule.basis.clone(), acts }
}

/// Code and stories of every article, in their order.
static TRACES: LazyLock<Vec<(Vec<Place>, Vec<Place>)>> = LazyLock::new(|| {
    let rows = TRACED.lines().filter(|line| line.starts_with("| 第"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let place = |place: usize| cells.get(place).map(|cell| links(cell)).unwrap_or_default();
        (place(2), place(3))
    })
    .collect()
});

/// `[name](../../path)<br>…`
fn links(cell: &str) -> Vec<Place> {
    let link = |text: &str| {
        let (name, path) = text.strip_prefix('[')?.strip_suffix(')')?.split_once("](")?;
        Some(Place { name: name.to_owned(), path: path.trim_start_matches("../").to_owned() })
    };
    cell.split("<br>").filter_map(link).collect()
}

#[derive(Template)]
#[template(path = "public/law.html")]
struct All {
    frame: Frame,
    chapters: Vec<(Chapter, Vec<Article>)>,
}

#[derive(Template)]
#[template(path = "public/article.html")]
struct One {
    frame: Frame,
    article: Article,
    before: Option<u16>,
    after: Option<u16>,
}

/// 全部条文.
pub async fn list(State(door): State<Door>, headers: HeaderMap) -> answer::Page {
    let visitor = session::visitor(&door, &headers).await?;
    Ok(answer::page(&All { frame: Frame::new("制度", "law", visitor.as_ref()), chapters: chapters(&door) }))
}

fn chapters(door: &Door) -> Vec<(Chapter, Vec<Article>)> {
    let articles = |chapter: &Chapter| chapter.articles().filter_map(|number| Article::read(door, number)).collect();
    Chapter::ALL.iter().map(|chapter| (*chapter, articles(chapter))).collect()
}

/// 一条.
pub async fn one(State(door): State<Door>, Path(number): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    let Some(article) = number.parse().ok().and_then(|number| Article::read(&door, number)) else {
        return answer::told(&Refused::Missing { what: "条文", id: number }, &headers, &uri);
    };
    let visitor = session::visitor(&door, &headers).await.unwrap_or_default();
    let number = article.number;
    answer::page(&One {
        frame: Frame::new(article.name.clone(), "law", visitor.as_ref()),
        article,
        before: (number > 1).then(|| number - 1),
        after: (number < LAST).then_some(number + 1),
    })
}

/// 全部条文（程序）.
pub async fn json(State(door): State<Door>) -> Response {
    let chapters = chapters(&door);
    let one =
        |(chapter, articles): &(Chapter, Vec<Article>)| json!({ "chapter": chapter.heading(), "articles": articles });
    Json(json!({ "instrument": regulation::Instrument::Measures.name(), "chapters": chapters.iter().map(one).collect::<Vec<_>>() }))
        .into_response()
}

/// 一条（程序）.
pub async fn one_json(State(door): State<Door>, Path(number): Path<String>) -> Response {
    match number.parse().ok().and_then(|number| Article::read(&door, number)) {
        Some(article) => Json(article).into_response(),
        None => answer::as_problem(&Refused::Missing { what: "条文", id: number }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generated_table_is_read_whole() {
        assert_eq!(TRACES.len(), usize::from(LAST));
        let (code, stories) = &TRACES[22];
        assert!(code.iter().any(|place| place.path == "crates/regulation/src/operation/demand.rs"), "{code:?}");
        assert!(stories.iter().any(|place| place.path == "stories/operation/demand_refused.md"), "{stories:?}");
        assert!(TRACES[0].0.is_empty() && TRACES[0].1.is_empty());
    }
}
