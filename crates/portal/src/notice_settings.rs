//! 告知的去处 — to which address notices are mailed, and which endpoints of my organisation take them.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use regulation::notice::{Reason, Stage};
use store::{
    list::Page as Leaf,
    notice::{Address, Dispatch, Endpoint, Notice, Reading, mailbox},
    party::Organisation,
    record::{self, Record as _},
};
use workflow::{Done, Refused, competence};

use crate::{
    Door, answer, case,
    components::{
        crumbs::Crumbs,
        field::{Field, Input},
        notice::{Banner, Faults},
        summary::Summary,
        tag::{Tag, Tone},
    },
    frame::{self, Frame, Trouble},
    names, session,
    session::Visitor,
};

/// How many dispatches are shown for each endpoint.
const LATEST: Leaf = Leaf { skip: 0, show: 10 };
/// What is chosen before somebody has chosen.
const USUAL: [Reason; 4] = [Reason::Yours, Reason::Soon, Reason::Overdue, Reason::Expired];

/// 一个事由的选择框.
struct Choice {
    reason: Reason,
    told: &'static str,
    chosen: bool,
}

/// 一个端点.
struct Place {
    endpoint: Endpoint,
    since: String,
    both_until: String,
    dispatches: Vec<Sent>,
}

impl Place {
    fn tag(&self) -> Tag {
        if self.endpoint.disabled.is_empty() { Tag::state("在用") } else { Tag::new("已停用", Tone::Danger) }
    }

    fn summary(&self) -> Summary {
        let summary = Summary::default().line("地址", &*self.endpoint.url).line("自何时起", &*self.since);
        let summary = match &*self.endpoint.disabled {
            "" => summary,
            why => summary.line("停用的缘由", why),
        };
        match &*self.both_until {
            "" => summary,
            until => summary.line("新旧密钥", format!("同时签名至 {until}")),
        }
    }

    /// What can be done with it: the act, its name, and how its button looks.
    fn doings(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        if self.endpoint.disabled.is_empty() {
            vec![("endpoint.rotate", "更换签名密钥", "sec"), ("endpoint.disable", "停用", "risk")]
        } else {
            vec![("endpoint.enable", "重新启用", "sec")]
        }
    }
}

/// 一次送达.
struct Sent {
    id: String,
    name: String,
    case: String,
    path: String,
    tag: Tag,
    said: String,
    tries: u32,
    next: String,
    again: bool,
}

#[derive(Template)]
#[template(path = "notice_settings.html")]
struct Page {
    frame: Frame,
    crumbs: Crumbs,
    trouble: Trouble,
    off: Option<Tag>,
    mail: Input,
    choices: Vec<Choice>,
    may_change: bool,
    places: Vec<Place>,
    url: Input,
    key: String,
    saved: Option<Banner>,
}

impl Page {
    fn field<'a>(&'a self, input: &'a Input) -> Field<'a> {
        Field::of(input, "", &self.trouble)
    }

    fn faults(&self) -> Option<Faults<'_>> {
        Faults::of(&self.trouble, "")
    }
}

/// 设置页.
pub async fn show(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    let saved = uri.query() == Some("saved");
    respond(&door, &headers, &uri, Trouble::default(), saved).await
}

/// The page again, with what had been typed.
pub async fn again(door: &Door, headers: &HeaderMap, uri: &Uri, trouble: Trouble) -> Response {
    respond(door, headers, uri, trouble, false).await
}

async fn respond(door: &Door, headers: &HeaderMap, uri: &Uri, trouble: Trouble, saved: bool) -> Response {
    answer::faced(build(door, headers, trouble, saved).await, headers, uri)
}

async fn build(door: &Door, headers: &HeaderMap, trouble: Trouble, saved: bool) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let store = &door.office.store;
    let number = Reading::number(&visitor.acting.person, &mailbox(visitor.acting.role, &visitor.acting.org));
    let address = store.get::<Address>(&number).await.map_err(Refused::Unavailable)?.map(|(address, _)| address);
    let kept = address.as_ref().filter(|address| !address.mail.is_empty());
    let typing = trouble.typed("act") == "address.set";
    let chosen = |reason: Reason| match kept {
        _ if typing => trouble.ticked("reasons[]", &reason.code()),
        Some(address) => address.reasons.contains(&reason),
        None => USUAL.contains(&reason),
    };
    let choice = |reason: &Reason| Choice { reason: *reason, told: told(*reason), chosen: chosen(*reason) };
    let choices = Reason::ALL.iter().map(choice).collect();
    let mut places = Vec::new();
    let organisation = record::key::<Organisation>(&visitor.acting.org);
    for endpoint in store.children::<Endpoint>(&organisation).await.map_err(Refused::Unavailable)? {
        places.push(place(door, &visitor, endpoint).await?);
    }
    // What had been typed stands, even where that is nothing.
    let mail = if typing { String::new() } else { address.map(|address| address.mail).unwrap_or_default() };
    Ok(answer::page(&Page {
        frame: Frame::new("告知的去处", "notice_settings", Some(&visitor)).troubled(trouble.notice.is_some()),
        crumbs: Crumbs::to("告知的去处").through("/notices", "告知"),
        off: (!door.office.posting.mail).then(|| Tag::new("没有启用", Tone::Warn)),
        mail: Input::new("mail", "电子邮箱", "text", "形如 name@example.cn；不用电子邮件的，请清空").filled(mail),
        choices,
        may_change: competence::may(&door.office.competence(), visitor.acting.role, "endpoint.add"),
        places,
        url: Input::new("url", "新端点的地址", "text", "公网上以 https:// 开头的完整地址；登记后显示一次签名密钥"),
        key: case::key(door),
        trouble,
        saved: saved.then(|| Banner::new("done", "已保存", "")),
    }))
}

/// When somebody is told for this reason.
const fn told(reason: Reason) -> &'static str {
    match reason {
        Reason::Yours => "事项转到本单位手里，期限开始计算",
        Reason::Progress => "本单位参与的事项状态变了，或者转到了别人手里",
        Reason::Soon => "应由本单位办理的事项，只剩两个工作日",
        Reason::Overdue => "事项逾期，已经督办",
        Reason::Expired => "选定的运营机构有资格证明到期",
    }
}

async fn place(door: &Door, visitor: &Visitor, endpoint: Endpoint) -> Result<Place, Refused> {
    let store = &door.office.store;
    let (rows, _) = store
        .standing(&record::key::<Endpoint>(&endpoint.id), Dispatch::SUBJECT, "", LATEST)
        .await
        .map_err(Refused::Unavailable)?;
    let mut dispatches = Vec::new();
    for row in rows {
        let dispatch: Dispatch = row.read().map_err(Refused::Unavailable)?;
        let notice = store.get::<Notice>(&dispatch.notice).await.map_err(Refused::Unavailable)?;
        let about = notice.map(|(notice, _)| notice.about).unwrap_or_default();
        dispatches.push(sent(dispatch, &about, endpoint.disabled.is_empty()));
    }
    let at = visitor.acting.at;
    let both_until = endpoint.salts.iter().filter_map(|salt| salt.until).find(|until| at < *until);
    Ok(Place {
        since: frame::time(endpoint.since),
        both_until: both_until.map(frame::time).unwrap_or_default(),
        dispatches,
        endpoint,
    })
}

/// A dispatch of what is told `about` a case, to an endpoint that is in use or not.
fn sent(dispatch: Dispatch, about: &str, in_use: bool) -> Sent {
    let (subject, case) = about.split_once('/').unwrap_or_default();
    let last = dispatch.tries.last().map(|tried| format!("{} {}", frame::time(tried.at), tried.outcome));
    let tried_again = dispatch.stage.goes_on() && dispatch.round > 0;
    Sent {
        name: names::subject(subject).to_owned(),
        case: case.to_owned(),
        path: names::path(subject, case),
        tag: Tag::new(dispatch.stage.name(), tone(&dispatch)),
        said: last.unwrap_or_default(),
        tries: dispatch.round,
        next: if tried_again { frame::time(dispatch.next) } else { String::new() },
        again: in_use && !dispatch.stage.goes_on(),
        id: dispatch.id,
    }
}

fn tone(dispatch: &Dispatch) -> Tone {
    match dispatch.stage {
        Stage::Delivered => Tone::Ok,
        Stage::Failed => Tone::Danger,
        Stage::Waiting if dispatch.round > 0 => Tone::Warn,
        Stage::Waiting | Stage::Sending => Tone::Info,
    }
}

#[derive(Template)]
#[template(path = "endpoint_secret.html")]
struct Secret {
    frame: Frame,
    crumbs: Crumbs,
    id: String,
    shown: String,
    rotated: bool,
}

/// Where somebody arrives who changed something here: at the key that is shown once, or at the page again.
pub fn arrived(visitor: &Visitor, done: &Done, act: &str) -> Response {
    match &done.secret {
        Some(secret) => answer::page(&Secret {
            frame: Frame::new("签名密钥", "notice_settings", Some(visitor)),
            crumbs: Crumbs::to("签名密钥").through("/notices", "告知").through("/notices/settings", "告知的去处"),
            id: done.id.clone(),
            shown: secret.clone(),
            rotated: act == "endpoint.rotate",
        }),
        None => Redirect::to("/notices/settings?saved").into_response(),
    }
}
