//! 卷宗页 — one page for every file: what it says, where it stands, what happened, what may be done now.
//!
//! Each subject tells its own [`Facts`] in the file of its name; the page, the timeline, the clock
//! and the forms are the same for all of them.

use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
};
use regulation::{Due, Procedure, Provision, Role, procedure};
use serde_json::{Value, json};
use store::{
    Event, Outcome, Record,
    basics::catalogue::Entry,
    granting::{
        agreement::Agreement,
        application::Application,
        plan::Plan,
        selection::{Selection, candidate::Candidate, complaint::Complaint},
    },
    operation::{
        credential::Credential, demand::Demand, product::Product, supply::Supply, use_agreement::UseAgreement,
    },
    party::{Organisation, Person},
    record,
    supervision::feedback::Feedback,
};
use workflow::{Acting, Notice, Refused, competence};

mod beside;
mod scope;

pub use self::{
    beside::{Beside, Linked},
    scope::scope,
};
pub use crate::components::{field::Input, timeline::Line};
use crate::{
    Door, answer,
    components::{
        clock::Clock, crumbs::Crumbs, field::Field, notice::Faults, tag::Tag, timeline::Timeline, to_do::ToDo,
    },
    confirm, files,
    frame::{self, Frame, Trouble},
    lineage, names, papers,
    session::{self, Visitor},
    stage,
};

/// 要素 — what a subject's page says.
pub struct Facts {
    /// 标题
    pub title: String,
    /// 状态
    pub state: String,
    /// 名目与内容
    pub lines: Vec<(&'static str, String)>,
    /// 不予通过等须突出告知的内容
    pub notice: Option<Notice>,
    /// 期限
    pub due: Option<Due>,
    /// 期限的名目
    pub clock: &'static str,
    /// 依据条款
    pub basis: Provision,
    /// 现在可办的环节
    pub actions: Vec<Action>,
    /// 上位卷宗
    pub parent: String,
}

/// 环节 — one act that may be performed now, and what has to be filled in for it.
#[derive(Clone, Debug)]
pub struct Action {
    /// 请求，如 `demand.pass`
    pub act: &'static str,
    /// 按钮
    pub label: String,
    /// 依据
    pub basis: Provision,
    /// 须填写的内容
    pub inputs: Vec<Input>,
    /// 不可轻易撤回
    pub risk: bool,
    /// 提交时对象的字段名
    pub subject_field: &'static str,
}

impl Action {
    pub fn new(act: &'static str, inputs: Vec<Input>) -> Self {
        let label = names::act(act).to_owned();
        Self { act, label, basis: Provision::PLATFORM, inputs, risk: false, subject_field: "id" }
    }

    pub fn risky(self) -> Self {
        Self { risk: true, ..self }
    }
}

/// The acts that are open to this visitor now: procedure and competence are asked, as the act itself asks them.
pub fn open<S, A, R>(
    door: &Door,
    procedure: &Procedure<S, A>,
    state: S,
    record: &R,
    acting: Option<&Acting>,
    form: impl Fn(A) -> Action,
) -> Vec<Action>
where
    S: procedure::State,
    A: Copy + PartialEq + std::fmt::Display,
    R: Record,
{
    let Some(acting) = acting else { return Vec::new() };
    let (competence, subject) = (door.office.competence(), competence::Subject::of(record));
    let steps = procedure.open_to(state, acting.role).map(|step| Action { basis: step.basis, ..form(step.act) });
    steps.filter(|action| competence.rule(acting, action.act, &subject).allowed).collect()
}

/// 上位卷宗 — the file that this one stands on, linked for those who may open it.
struct Above {
    subject: &'static str,
    id: String,
    open: bool,
}

#[derive(Template)]
#[template(path = "case.html")]
struct Page {
    frame: Frame,
    crumbs: Crumbs,
    subject: &'static str,
    id: String,
    facts: Facts,
    clock: Option<Clock>,
    to_do: Option<ToDo>,
    above: Option<Above>,
    below: Vec<files::Kind>,
    beside: Beside,
    papers: Vec<papers::Listed>,
    timeline: Timeline,
    trouble: Trouble,
    key: String,
    seen: u64,
    here: String,
}

impl Page {
    fn gist(&self) -> &str {
        self.facts.basis.gist().unwrap_or_default()
    }

    fn state(&self) -> Tag {
        Tag::state(self.facts.state.as_str())
    }

    /// The form in which something went wrong: the ids of its fields begin with its act.
    fn faults(&self) -> Option<Faults<'_>> {
        Faults::of(&self.trouble, self.trouble.typed("act"))
    }

    /// What had been typed belongs to the form it was typed into.
    fn field<'a>(&'a self, action: &Action, input: &'a Input) -> Field<'a> {
        const CLEAN: &Trouble = &Trouble { notice: None, typed: Vec::new() };
        let typed_here = self.trouble.typed("act") == action.act;
        Field::of(input, action.act, if typed_here { &self.trouble } else { CLEAN })
    }

    /// Where the lineage of this file is drawn, if it has one.
    fn lineage(&self) -> Option<String> {
        lineage::COVERED.contains(&self.subject).then(|| lineage::path(self.subject, &self.id))
    }
}

/// 卷宗页.
pub async fn show(
    State(door): State<Door>,
    Path((subject, id)): Path<(String, String)>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    respond(&door, (&subject, &id), &headers, &uri, Trouble::default()).await
}

/// The page of a file, or why it cannot be shown.
pub async fn respond(
    door: &Door,
    (subject, id): (&str, &str),
    headers: &HeaderMap,
    uri: &Uri,
    trouble: Trouble,
) -> Response {
    answer::faced(build(door, subject, id, headers, trouble).await, headers, uri)
}

async fn build(door: &Door, subject: &str, id: &str, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let Some(visitor) = visitor else {
        return Err(session::unknown("查看卷宗需要先登录").into());
    };
    let facts = facts(door, subject, id, &visitor).await?;
    let subject = names::known(subject);
    let today = visitor.acting.today();
    let length = stage::term(door, subject, id).await?.map(|term| regulation::Terms::in_force_on(today).length(term));
    let clock = facts.due.as_ref();
    let clock = clock.map(|due| Clock::of(&door.office.calendar(), due, today).titled(facts.clock).long(length));
    let title = format!("{} {id}", names::subject(subject));
    let above = match facts.parent.split_once('/') {
        Some((above, id)) => Some(Above {
            subject: names::known(above),
            id: id.to_owned(),
            open: self::facts(door, above, id, &visitor).await.is_ok(),
        }),
        None => None,
    };
    let lines = timeline(door, &format!("{subject}/{id}")).await?;
    let to_do = match subject {
        "application" => crate::granting::application::to_do(&read(door, "授权申请", id).await?),
        "plan" => crate::granting::plan::to_do(&read(door, "实施方案", id).await?),
        "agreement" => crate::granting::agreement::to_do(&read(door, "授权运营协议", id).await?),
        _ => None,
    };
    let beside = match subject {
        "demand" => crate::operation::demand::beside(door, id, &visitor).await?,
        "application" => crate::granting::application::beside(door, id, &visitor).await?,
        "plan" => crate::granting::plan::beside(door, id, &visitor).await?,
        "entry" => crate::basics::catalogue::beside(door, id, &visitor).await?,
        _ => Beside::default(),
    };
    let page = Page {
        beside,
        papers: papers::listed(door, subject, id).await?,
        seen: lines.last().map_or(0, |line| line.position),
        timeline: Timeline { lines, next: stage::next(door, subject, id).await? },
        crumbs: Crumbs::to(id).through("/tasks", "我的待办").through("/files", names::subject(subject)),
        to_do,
        below: files::below(door, &format!("{subject}/{id}"), &visitor).await?,
        above,
        frame: Frame::new(title, "files", Some(&visitor)).troubled(trouble.notice.is_some()),
        here: names::path(subject, id),
        key: key(door),
        subject,
        id: id.to_owned(),
        clock,
        facts,
        trouble,
    };
    Ok(answer::page(&page))
}

/// 请求编号 — in every form, so that a double click is one act.
pub fn key(door: &Door) -> String {
    hex::encode(door.office.random::<12>())
}

/// The facts of any subject, if this visitor may see them.
pub async fn facts(door: &Door, subject: &str, id: &str, visitor: &Visitor) -> Result<Facts, Refused> {
    macro_rules! told {
        ($record:ty, $what:literal, $facts:path) => {{
            let record: $record = seen(door, $what, id, visitor).await?;
            $facts(door, &record, Some(&visitor.acting)).await
        }};
    }
    match subject {
        "calendar" => {
            told!(store::basics::calendar::Proposal, "提请的放假安排", crate::basics::calendar::proposal::facts)
        }
        "entry" => told!(Entry, "目录条目", crate::basics::catalogue::facts),
        "application" => told!(Application, "授权申请", crate::granting::application::facts),
        "plan" => told!(Plan, "实施方案", crate::granting::plan::facts),
        "selection" => told!(Selection, "遴选", crate::granting::selection::facts),
        "candidate" => told!(Candidate, "参选申请", crate::granting::selection::candidate::facts),
        "complaint" => told!(Complaint, "遴选异议", crate::granting::selection::complaint::facts),
        "agreement" => told!(Agreement, "授权运营协议", crate::granting::agreement::facts),
        "demand" => told!(Demand, "数据需求", crate::operation::demand::facts),
        "supply" => {
            let supply: Supply = read(door, "供给", id).await?;
            seen::<Demand>(door, "供给", &supply.demand, visitor).await?;
            crate::operation::supply::facts(door, &supply).await
        }
        "product" => told!(Product, "产品", crate::operation::product::facts),
        "use_agreement" => told!(UseAgreement, "数据开发利用协议", crate::operation::use_agreement::facts),
        "feedback" => told!(Feedback, "来件", crate::supervision::facts),
        "credential" => told!(Credential, "凭据", crate::operation::credential::facts),
        _ => Err(Refused::Missing { what: "卷宗", id: format!("{subject}/{id}") }),
    }
}

/// What a file is called, for those who may see it.
pub async fn title(door: &Door, subject: &str, id: &str, visitor: &Visitor) -> Result<String, Refused> {
    facts(door, subject, id, visitor).await.map(|facts| facts.title)
}

/// A record that this visitor may see: its parties, the agency and the auditor. To others it is not there.
pub async fn seen<R: Record>(door: &Door, what: &'static str, id: &str, visitor: &Visitor) -> Result<R, Refused> {
    let record: R = read(door, what, id).await?;
    if may_see(&record, visitor) { Ok(record) } else { Err(Refused::Missing { what, id: id.to_owned() }) }
}

/// Whether this visitor may open this file.
pub fn may_see<R: Record>(record: &R, visitor: &Visitor) -> bool {
    let everything = matches!(visitor.acting.role, Role::ImplementingAgency | Role::Auditor);
    let party = record.parties().iter().any(|(_, org)| *org == visitor.acting.org);
    let published = || {
        use regulation::basics::catalogue::State;
        State::named(record.state()).is_some_and(State::disclosed)
    };
    let public = R::SUBJECT == Entry::SUBJECT && crate::desk::reads_catalogue(visitor.acting.role) && published();
    everything || party || public
}

/// A record that must be there.
pub async fn read<R: Record>(door: &Door, what: &'static str, id: &str) -> Result<R, Refused> {
    let found = door.office.store.get::<R>(id).await.map_err(Refused::Unavailable)?;
    found.map(|(record, _)| record).ok_or_else(|| Refused::Missing { what, id: id.to_owned() })
}

/// An organisation's name; the number itself where it is not registered.
pub async fn org(door: &Door, id: &str) -> Result<String, Refused> {
    let found = door.office.store.get::<Organisation>(id).await.map_err(Refused::Unavailable)?;
    Ok(found.map_or_else(|| id.to_owned(), |(organisation, _)| organisation.name))
}

/// 办理过程.
pub async fn timeline(door: &Door, key: &str) -> Result<Vec<Line>, Refused> {
    let events = door.office.store.history(key).await.map_err(Refused::Unavailable)?;
    let mut lines = Vec::with_capacity(events.len());
    for event in events {
        lines.push(line(door, event).await?);
    }
    Ok(lines)
}

async fn line(door: &Door, event: Event) -> Result<Line, Refused> {
    let person = door.office.store.get::<Person>(&event.actor).await.map_err(Refused::Unavailable)?;
    let who = match person {
        Some((person, _)) => format!("{} · {}（{}）", org(door, &event.org).await?, person.name, event.role),
        None => event.role.clone(),
    };
    let refused = event.outcome == Outcome::Refused;
    let said = |name: &str| event.detail.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Line {
        act: names::act(&event.act).to_owned(),
        at: frame::time(event.at),
        who,
        said: event.detail.pointer("/said/told").and_then(Value::as_str).unwrap_or_default().to_owned(),
        outcome: if refused { said("message") } else { said("state") },
        basis: event.basis,
        refused,
        position: event.position,
    })
}

/// 卷宗（程序）.
pub async fn json(
    State(door): State<Door>,
    Path((subject, id)): Path<(String, String)>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    answer::faced(build_json(&door, &subject, &id, &headers).await, &headers, &uri)
}

async fn build_json(door: &Door, subject: &str, id: &str, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看卷宗需要先登录").into());
    };
    let facts = facts(door, subject, id, &visitor).await?;
    let row = door.office.store.row(&format!("{subject}/{id}")).await?;
    let mut body: Value = row.map(|row| row.read()).transpose()?.unwrap_or_default();
    if subject == "entry" {
        crate::basics::catalogue::withhold(&mut body, &visitor.acting);
    }
    let timeline = timeline(door, &format!("{subject}/{id}")).await?;
    let today = visitor.acting.today();
    let line = |line: &Line| json!({ "act": line.act, "at": line.at, "who": line.who, "outcome": line.outcome, "basis": line.basis, "refused": line.refused, "position": line.position });
    Ok(Json(json!({
        "subject": subject,
        "id": id,
        "state": facts.state,
        "due": facts.due,
        "remaining_working_days": facts.due.as_ref().map(|due| door.office.calendar().remaining(today, due.date)),
        "position": timeline.last().map(|line| line.position),
        "actions": facts.actions.iter().map(|action| json!({ "act": action.act, "name": action.label, "basis": action.basis })).collect::<Vec<_>>(),
        "papers": papers::listed_json(door, subject, id).await?,
        "record": body,
        "timeline": timeline.iter().map(line).collect::<Vec<_>>(),
    }))
    .into_response())
}

/// The key of the file above.
pub fn above<R: Record>(id: &str) -> String {
    record::key::<R>(id)
}
