//! 核对与确认 — a page between a form and an act that cannot be taken back: what was filled in, what it will affect.
//!
//! What is grave is confirmed by typing the file's number; the act itself asks for it again, so that no form
//! goes around this page. Programs say what they mean at once and are not asked.

use askama::Template;
use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use regulation::Standing;
use store::party::{Membership, Organisation, Person};
use workflow::{Notice, RefusalSort, Refused, Remark};

use crate::{
    Door, acts, answer, case,
    components::{
        crumbs::Crumbs,
        field::{Field, Input},
        notice::Faults,
        summary::Summary,
    },
    files,
    frame::{Frame, Trouble},
    names,
    party::people,
    session::Visitor,
};

/// 轻重 — how much stands between a form and its act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// 直接办理
    Plain,
    /// 先核对
    Checked,
    /// 核对，并输入编号确认
    Grave,
}

/// 须核对或者确认的行为，和办理之后会怎样.
#[rustfmt::skip] // It is a table; let it look like one.
const WEIGHTS: &[(&str, Weight, &str)] = &[
    ("application.agree",     Weight::Checked, "申请就此审签同意；依场景授权的，这一场景从此不再受理别的申请。"),
    ("application.deny",      Weight::Checked, "申请就此了结，申请单位会收到理由；要再提须另行编制。"),
    ("entry.publish",         Weight::Checked, "条目从此向社会公开，可以列入实施方案；修订的，新的一版从此施行。"),
    ("entry.suspend",         Weight::Grave,   "由这一条目加工的全部产品立即停止取数，也不能据此提出新的方案和需求，直到恢复。"),
    ("entry.announce",        Weight::Grave,   "授权包括这一条目的运营机构随即得到告知；最后一日过后，由它加工的产品不再提供数据。"),
    ("entry.end",             Weight::Grave,   "这一条目从此不能使用，不能恢复。"),
    ("plan.adopt",            Weight::Checked, "实施方案从此生效，可以据以选择运营机构；备案期限随即起算。"),
    ("candidate.withdraw",    Weight::Grave,   "这一份申请撤回之后不能恢复；截止之前可以重新申请。"),
    ("candidate.disqualify",  Weight::Checked, "这一家不再参加评审；理由告知参选单位，它可以提出异议。"),
    ("selection.publicise",   Weight::Checked, "候选人、得分和排名从此向社会公开；招标的，公示期随即起算。"),
    ("selection.reopen",      Weight::Checked, "已公示的候选人撤下，重新评分之后再公示。"),
    ("selection.select",      Weight::Checked, "结果向社会公开，遴选到此结束；可以据以拟订授权运营协议。"),
    ("selection.fail",        Weight::Grave,   "这一次遴选到此为止；需要时须重新公告。"),
    ("agreement.adopt",       Weight::Checked, "协议交由双方签订。"),
    ("agreement.sign",        Weight::Checked, "签订之后，协议内容不能再改动；双方都签订的，协议从此履行，备案期限随即起算。"),
    ("agreement.suspend",     Weight::Grave,   "这一协议之下的全部产品立即停止取数，下一次请求就不再放行，直到恢复。"),
    ("demand.refuse",         Weight::Grave,   "这一需求到此了结，不能恢复；理由和依据告知申请单位，申请单位可以修改后重新提出。"),
    ("product.publish",       Weight::Checked, "产品从此向社会公开，经营主体可以签订协议、领取凭据。"),
    ("product.withdraw",      Weight::Grave,   "这一产品的全部凭据立即不能取数。"),
    ("use_agreement.sign",    Weight::Checked, "签订之后，协议从此履行，可以领取凭据。"),
    ("use_agreement.decline", Weight::Grave,   "这一协议到此为止，不能恢复；需要时由运营机构重新提出。"),
    ("use_agreement.end",     Weight::Grave,   "这一协议的全部凭据立即不能取数，不能恢复。"),
    ("credential.revoke",     Weight::Grave,   "这一凭据立即不能取数，不能恢复；需要时重新领取。"),
    ("organisation.suspend",  Weight::Grave,   "这一单位的人员立即不能以它的名义办理任何事项，直到恢复；正在办理的件不因此了结，期限照常计算。"),
    ("organisation.end",      Weight::Grave,   "这一单位的人员从此不能以它的名义办理任何事项，不能恢复；办过的件和记录都保留。"),
    ("person.suspend",        Weight::Checked, "这一账号立即不能登录，没有退出的会话随即结束，直到恢复。"),
    ("person.end",            Weight::Grave,   "这一账号从此不能登录，不能恢复；办过的件和记录都保留。"),
    ("person.revoke_passkeys", Weight::Grave,  "这一账号的通行密钥全部移除，没有退出的会话随即结束；本人须重新登记。"),
    ("membership.suspend",    Weight::Checked, "这一任职立即停用，以它办理的会话随即结束，直到恢复。"),
    ("membership.end",        Weight::Checked, "这一任职从此终止，不能恢复；需要时重新邀请。"),
];

/// How much stands between a form and this act.
pub fn weight(act: &str) -> Weight {
    WEIGHTS.iter().find(|(known, ..)| *known == act).map_or(Weight::Plain, |(_, weight, _)| *weight)
}

/// Where a form of this act is sent.
pub fn address(act: &str) -> &'static str {
    if weight(act) == Weight::Plain { "/acts" } else { "/acts/check" }
}

fn effect(act: &str) -> &'static str {
    WEIGHTS.iter().find(|(known, ..)| *known == act).map_or("", |(.., effect)| effect)
}

#[derive(Template)]
#[template(path = "confirm.html")]
struct Page {
    frame: Frame,
    crumbs: Crumbs,
    label: String,
    summary: Summary,
    effect: &'static str,
    grave: bool,
    affected: Vec<files::Kind>,
    /// 单位的，受影响的任职
    people: Option<Vec<String>>,
    /// 对象是卷宗，不是单位、人员、任职
    on_file: bool,
    pairs: Vec<(String, String)>,
    number: Input,
    trouble: Trouble,
}

impl Page {
    fn field(&self) -> Field<'_> {
        Field::of(&self.number, "", &self.trouble)
    }

    fn faults(&self) -> Option<Faults<'_>> {
        Faults::of(&self.trouble, "")
    }
}

/// 核对.
pub async fn check(
    State(door): State<Door>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let (visitor, body) = match acts::sender(&door, &headers, &uri, body).await {
        Ok(sent) => sent,
        Err(response) => return *response,
    };
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    if let Some(response) = acts::unproven(&door, &visitor, &pairs, (&headers, &body)).await {
        return response;
    }
    // What would be refused is refused now, on the form, where it can be mended.
    let rehearsed = match acts::request(&pairs) {
        // Only what is weighed is rehearsed: these acts read and decide, and touch nothing else.
        Ok(_) if weight(acts::field(&pairs, "act")) == Weight::Plain => {
            Err(Refused::Question("这一事项不需要核对，请直接办理".to_owned()))
        }
        Ok(request) => {
            let seen = acts::field(&pairs, "_seen").parse().ok();
            door.office.rehearse(&visitor.acting, &request, seen).await
        }
        Err(refused) => Err(refused),
    };
    match rehearsed {
        Ok(()) => page(&door, &visitor, pairs, None, (&headers, &uri)).await,
        Err(refused) => acts::back(&door, &pairs, &headers, &uri, &refused).await,
    }
}

/// 修改 — back to the form, with everything that had been typed.
pub async fn revise(
    State(door): State<Door>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let (_, body) = match acts::sender(&door, &headers, &uri, body).await {
        Ok(sent) => sent,
        Err(response) => return *response,
    };
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    acts::form_again(&door, &pairs, &headers, &uri, None).await
}

/// Whether a form's grave act has been confirmed by its file's number; if not, the page that asks for it.
pub async fn unconfirmed(
    door: &Door,
    visitor: &Visitor,
    pairs: &[(String, String)],
    asked: (&HeaderMap, &Uri),
) -> Option<Response> {
    let (act, id, typed) = (acts::field(pairs, "act"), acts::field(pairs, "id"), acts::field(pairs, "_confirm"));
    if weight(act) != Weight::Grave || typed.trim() == id {
        return None;
    }
    let message = if typed.trim().is_empty() {
        "请输入编号，以确认办理的是这一件"
    } else {
        "输入的编号与本件不同，没有办理"
    };
    let notice = Notice {
        message: message.to_owned(),
        basis: regulation::Provision::PLATFORM.to_string(),
        article: None,
        advice: format!("确认要办理的，请输入“{id}”"),
        kind: RefusalSort::Content,
        remarks: vec![Remark { message: message.to_owned(), basis: String::new(), field: "_confirm".to_owned() }],
    };
    let mut response = page(door, visitor, pairs.to_vec(), Some(notice), asked).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Some(response)
}

async fn page(
    door: &Door,
    visitor: &Visitor,
    pairs: Vec<(String, String)>,
    notice: Option<Notice>,
    (headers, uri): (&HeaderMap, &Uri),
) -> Response {
    answer::faced(build(door, visitor, pairs, notice).await, headers, uri)
}

async fn build(door: &Door, visitor: &Visitor, pairs: Vec<(String, String)>, notice: Option<Notice>) -> answer::Page {
    let (act, id) = (acts::field(&pairs, "act").to_owned(), acts::field(&pairs, "id").to_owned());
    let subject = act.split_once('.').map_or("", |(subject, _)| subject);
    let label = names::act(&act).to_owned();
    let grave = weight(&act) == Weight::Grave;
    let mut summary = Summary::default().line("办理事项", format!("{}：{label}", names::subject(subject)));
    let mut crumbs = Crumbs::to(format!("核对：{label}")).through("/tasks", "我的待办");
    if !id.is_empty() {
        let called = called(door, subject, &id, visitor).await?;
        summary = summary.line("对象", format!("{called}（{id}）"));
        crumbs = crumbs.through(names::path(subject, &id), id.as_str());
    }
    for (name, value) in merged(&pairs) {
        summary = summary.line(names::field(&name), value);
    }
    let affected = if grave { affected(door, &format!("{subject}/{id}"), visitor).await? } else { Vec::new() };
    // A grave act is asked about before competence is: whoever may not see these people is not told them here.
    let told = subject == "organisation" && (people::keeps(visitor) || visitor.acting.org == id);
    let people = if told { Some(members(door, &id).await?) } else { None };
    let place = match subject {
        "organisation" | "membership" => "organisations",
        "person" => "people",
        _ => "files",
    };
    let frame = Frame::new(format!("核对：{label}"), place, Some(visitor)).troubled(notice.is_some());
    let typed = vec![("_confirm".to_owned(), acts::field(&pairs, "_confirm").to_owned())];
    let number = Input::new("_confirm", "输入编号以确认", "text", "请照抄上面“对象”括号里的编号");
    Ok(answer::page(&Page {
        frame,
        crumbs,
        effect: effect(&act),
        label,
        summary,
        grave,
        affected,
        people,
        on_file: place == "files",
        pairs: pairs.into_iter().filter(|(name, _)| name != "_confirm").collect(),
        number,
        trouble: Trouble { notice, typed },
    }))
}

/// What the object of an act is called, for those who may see it.
async fn called(door: &Door, subject: &str, id: &str, visitor: &Visitor) -> Result<String, Refused> {
    match subject {
        "organisation" => case::org(door, id).await,
        "person" if people::keeps(visitor) => Ok(case::read::<Person>(door, "人员", id).await?.name),
        "membership" => {
            let held: Membership = case::read(door, "任职", id).await?;
            if !people::keeps(visitor) && visitor.acting.org != held.org {
                return Err(Refused::Missing { what: "任职", id: id.to_owned() });
            }
            let person: Person = case::read(door, "人员", &held.person).await?;
            Ok(format!("{}在{}的任职：{}", person.name, case::org(door, &held.org).await?, held.role))
        }
        "person" => Err(Refused::Missing { what: "人员", id: id.to_owned() }),
        _ => case::title(door, subject, id, visitor).await,
    }
}

/// Who works for an organisation now, and as what.
async fn members(door: &Door, org: &str) -> Result<Vec<String>, Refused> {
    let key = store::record::key::<Organisation>(org);
    let held: Vec<Membership> = door.office.store.children(&key).await.map_err(Refused::Unavailable)?;
    let mut members = Vec::new();
    for held in held.iter().filter(|held| held.standing == Standing::InForce) {
        let person: Person = case::read(door, "人员", &held.person).await?;
        members.push(format!("{}（{}）", person.name, held.role));
    }
    Ok(members)
}

/// What a person filled in, each field once.
fn merged(pairs: &[(String, String)]) -> Vec<(String, String)> {
    let own = |name: &str| name.starts_with('_') || name == "act" || name == "id";
    let mut merged: Vec<(String, String)> = Vec::new();
    for (name, value) in pairs.iter().filter(|(name, _)| !own(name)) {
        match merged.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => *values = format!("{values}、{value}"),
            None => merged.push((name.clone(), value.clone())),
        }
    }
    merged
}

/// 影响 — every file that stands on this one, directly or not, kind by kind.
async fn affected(door: &Door, key: &str, visitor: &Visitor) -> Result<Vec<files::Kind>, Refused> {
    let mut affected: Vec<files::Kind> = Vec::new();
    let mut waiting = vec![key.to_owned()];
    while let Some(key) = waiting.pop() {
        for kind in files::all_below(door, &key, visitor).await? {
            waiting.extend(kind.files.iter().map(files::File::key));
            match affected.iter_mut().find(|known| known.name == kind.name) {
                Some(known) => known.files.extend(kind.files),
                None => affected.push(kind),
            }
        }
    }
    Ok(affected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weighed_act_is_an_act_and_says_what_becomes_of_it() {
        for (act, weight, effect) in WEIGHTS {
            assert!(names::ACTS.iter().any(|(known, _)| known == act), "{act}");
            assert!(*weight != Weight::Plain && effect.ends_with('。'), "{act}");
        }
    }
}
