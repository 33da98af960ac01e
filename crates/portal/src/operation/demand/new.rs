//! 发起数据需求 — the form that raises a demand, one group a page, each kept as a draft before the next is shown.
//!
//! A page is shown for a step; where an earlier step still lacks something, that one is shown instead and says
//! what. Sending uses the draft up: what is sent is what the last page showed, and it is sent once.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse, Redirect, Response},
};
use regulation::{
    article, draft as kept,
    operation::demand::{Fault, Purpose, State as Stage},
};
use serde::Deserialize;
use store::{Record as _, draft::Draft, operation::demand::Demand, record};
use workflow::{Notice, Refused, draft};

use super::{
    difference::{Line, Said},
    form::{self, Ahead, Form, Lack, Step},
};
use crate::{
    Door, answer, case,
    components::crumbs::Crumbs,
    draft::Kept,
    form::spread,
    frame::Frame,
    names,
    session::{self, Visitor},
};

/// 打开哪一份、哪一步.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    draft: String,
    step: String,
    follows: String,
    agreement: String,
    entry: String,
    kept: String,
}

#[derive(Template)]
#[template(path = "operation/demand/new.html")]
struct Page {
    frame: Frame,
    crumbs: Crumbs,
    step: Step,
    form: Form,
    faults: Vec<Lack>,
    notice: Option<Notice>,
    draft: Option<Draft>,
    /// 已经提交成的数据需求
    became: Option<String>,
    seen: i64,
    key: String,
    saved: bool,
    drafts: Vec<Kept>,
    earlier: Option<Demand>,
    lines: Vec<Line>,
    ahead: Vec<Ahead>,
}

/// 表单的来处.
#[derive(Default)]
struct Source {
    typed: Vec<(String, String)>,
    draft: Option<Draft>,
    step: Option<Step>,
    notice: Option<Notice>,
    saved: bool,
}

impl Page {
    /// The names that this page carries: where a draft is kept, only they are replaced.
    fn carried(&self) -> Vec<String> {
        let names: &[&str] = match self.step {
            Step::Choose => &["agreement", "entry"],
            Step::Ask => &["fields[]", "purpose", "scenario"],
            Step::Explain => &["necessity"],
            Step::Check => &[],
        };
        let reasons = self.form.fields().into_iter().filter(|_| self.step == Step::Explain);
        names
            .iter()
            .map(|name| (*name).to_owned())
            .chain(reasons.map(|field| format!("reasons.{}", field.code)))
            .collect()
    }

    /// What was typed on other pages: sent along until there is a draft that keeps it.
    fn others(&self) -> Vec<&(String, String)> {
        let carried = self.carried();
        let typed = self.form.typed.typed.iter();
        typed.filter(|(name, _)| self.draft.is_none() && !carried.contains(name)).collect()
    }

    /// What is wrong with a field.
    fn fault(&self, place: &str) -> Option<&Lack> {
        self.faults.iter().find(|lack| lack.place == place)
    }

    /// The law behind a field, and its gist.
    #[expect(clippy::unused_self, reason = "templates call it on the page")]
    fn why(&self, number: u16, paragraph: u8) -> (String, &'static str) {
        let parts = article(number).parts();
        let wanted = if paragraph == 0 { article(number) } else { article(number).paragraph(paragraph) };
        let gist = parts.iter().find(|(part, _)| *part == wanted).map(|(_, gist)| *gist);
        (wanted.to_string(), gist.or(article(number).gist()).unwrap_or_default())
    }

    /// Where a step of this draft is opened again.
    fn at(&self, step: Step) -> String {
        let draft = self.draft.as_ref().map_or("", |draft| draft.id.as_str());
        format!("/operation/demands/new?draft={draft}&step={}", step.code())
    }

    /// The same, from the list of steps.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the template walks over references")]
    fn back_to(&self, step: &Step) -> String {
        self.at(*step)
    }

    /// 依场景授权只涵盖不可缺少的最小范围: each field has to be explained by itself.
    fn minimal(&self) -> bool {
        let mode = self.form.chosen.as_ref().map(|(agreement, _)| &agreement.mode);
        mode.is_some_and(|mode| matches!(mode, regulation::basics::mode::Mode::Scenario { .. }))
    }

    /// Whether any text can be sent at all.
    fn same(&self) -> bool {
        self.earlier.is_some() && self.lines.iter().all(|line| line.kind == "未变")
    }
}

/// 发起数据需求.
pub async fn show(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build(&door, &asked, &headers).await, &headers, &uri)
}

async fn build(door: &Door, asked: &Asked, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("发起数据需求需要以运营机构的身份登录").into());
    };
    let mut source = Source { step: Step::coded(&asked.step), saved: !asked.kept.is_empty(), ..Source::default() };
    if !asked.draft.is_empty() {
        let draft = draft::open(&door.office, &visitor.acting, &asked.draft).await?;
        if let Some(became) = &draft.became {
            return Ok(Redirect::to(&names::path(Demand::SUBJECT, became)).into_response());
        }
        draft.state.check_kept("").map_err(Refused::from)?;
        source.typed.clone_from(&draft.fields);
        source.draft = Some(draft);
    } else if !asked.follows.is_empty() {
        source.typed = form::pairs(&refused(door, &asked.follows, &visitor).await?);
        source.step = source.step.or(Some(Step::Ask));
    } else if !asked.agreement.is_empty() {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        source.typed = vec![one("agreement", &asked.agreement), one("entry", &asked.entry)];
        source.step = source.step.or(Some(Step::Ask));
    } else {
        source.step = Some(Step::Choose);
    }
    page(door, &visitor, source).await
}

/// One's own demand that was refused.
async fn refused(door: &Door, id: &str, visitor: &Visitor) -> Result<Demand, Refused> {
    let demand: Demand = case::seen(door, "数据需求", id, visitor).await?;
    if demand.operator == visitor.acting.org && demand.state == Stage::Refused {
        Ok(demand)
    } else {
        Err(Fault::NotRefused(demand.id).into())
    }
}

/// The same page again, with what had been typed and why it was refused.
pub async fn again(
    door: &Door,
    pairs: &[(String, String)],
    headers: &HeaderMap,
    uri: &Uri,
    notice: Option<Notice>,
) -> Response {
    answer::faced(fallen_back(door, pairs, headers, notice).await, headers, uri)
}

async fn fallen_back(
    door: &Door,
    pairs: &[(String, String)],
    headers: &HeaderMap,
    notice: Option<Notice>,
) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("发起数据需求需要以运营机构的身份登录").into());
    };
    let field = |name: &str| pairs.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    let keeping = pairs.iter().any(|(name, _)| name == "_draft");
    let id = if keeping { field("_draft") } else { field("draft.id") };
    let draft = match id {
        "" => None,
        id => draft::open(&door.office, &visitor.acting, id).await.ok(), // foreign or expired: what was typed is kept
    };
    let own = |name: &str| name.starts_with('_') || name == "act" || name.starts_with("draft.");
    let said = spread(pairs).into_iter().filter(|(name, _)| !own(name));
    let carries: Vec<&str> =
        pairs.iter().filter(|(name, _)| name == "_carries").map(|(_, name)| name.as_str()).collect();
    let before = draft.iter().flat_map(|draft| draft.fields.iter().cloned());
    let before = before.filter(|(name, _)| keeping && !carries.is_empty() && !carries.contains(&name.as_str()));
    let source = Source {
        typed: before.chain(said).collect(),
        draft,
        step: Step::coded(field("_step")).or(Some(Step::Check)),
        notice,
        saved: false,
    };
    page(door, &visitor, source).await
}

async fn page(door: &Door, visitor: &Visitor, source: Source) -> answer::Page {
    let form = Form::of(door, &visitor.acting, source.typed).await?;
    let lacks = form.lacks();
    let first = lacks.first().map_or(Step::Check, |lack| lack.step);
    // A step is shown when those before it lack nothing; else the first that does, and it says what.
    let (step, short) = match source.step {
        Some(step) if step <= first => (step, false),
        Some(_) => (first, true),
        None => (first, false),
    };
    let faults: Vec<Lack> = lacks.into_iter().filter(|lack| short && lack.step == step).collect();
    let became = source.draft.as_ref().and_then(|draft| draft.became.clone());
    let draft = source.draft.filter(|draft| draft.state == kept::State::Kept);
    let seen = match &draft {
        Some(draft) => door.office.store.row(&record::key::<Draft>(&draft.id)).await?.map_or(0, |row| row.position),
        None => 0,
    };
    let earlier = match form.text("follows") {
        "" => None,
        id => refused(door, id, visitor).await.ok(),
    };
    let lines = match &earlier {
        Some(earlier) if step == Step::Check => form::made(&form).since(&Said::by(door, earlier).await?),
        _ => Vec::new(),
    };
    let alone = step == Step::Choose && draft.is_none() && source.notice.is_none();
    let wrong = source.notice.is_some() || !faults.is_empty();
    let title = format!("{}：{step}", name(earlier.is_some()));
    Ok(answer::page(&Page {
        frame: Frame::new(title, "demand", Some(visitor)).troubled(wrong),
        crumbs: Crumbs::to("发起数据需求").through("/tasks", "我的待办"),
        // Sending the same page of the same draft twice is one act, however the page was come by.
        key: match &draft {
            Some(draft) if step == Step::Check => format!("{}-{}", draft.id, draft.saves),
            _ => case::key(door),
        },
        drafts: if alone {
            crate::draft::kept(door, &visitor.acting, Some("demand.submit")).await?
        } else {
            Vec::new()
        },
        ahead: if step == Step::Check { Form::ahead(&visitor.acting) } else { Vec::new() },
        saved: source.saved && !wrong,
        notice: source.notice,
        step,
        form,
        faults,
        draft,
        became,
        seen,
        earlier,
        lines,
    }))
}

/// What the form is called.
fn name(again: bool) -> &'static str {
    if again { "据此修改后再提出数据需求" } else { "发起数据需求" }
}
