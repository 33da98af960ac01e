//! 告知的去处 — to which address notices are mailed, and which endpoints of my organisation take them.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use regulation::{Role, notice::Reason};
use store::{
    notice::{Address, Dispatch, Endpoint, Notice, Reading, mailbox},
    party::Organisation,
    record,
};
use workflow::{Notice as Told, Refused, Request};

use crate::{
    Door, acts, answer, case, form,
    frame::{self, Frame},
    names, session,
    session::Visitor,
};

/// How many dispatches are shown for each endpoint.
const LATEST: u32 = 10;
/// What is chosen before somebody has chosen.
const USUAL: [Reason; 3] = [Reason::Yours, Reason::Soon, Reason::Overdue];

/// 一个事由的选择框.
struct Choice {
    reason: Reason,
    code: String,
    chosen: bool,
}

/// 一个端点.
struct Place {
    endpoint: Endpoint,
    since: String,
    both_until: String,
    dispatches: Vec<Sent>,
}

/// 一次送达.
struct Sent {
    id: String,
    name: String,
    case: String,
    path: String,
    stage: &'static str,
    tone: &'static str,
    said: String,
    tries: u32,
    next: String,
    again: bool,
}

#[derive(Template)]
#[template(path = "notice_settings.html")]
struct Page {
    frame: Frame,
    notice: Option<Told>,
    mails: bool,
    mail: String,
    choices: Vec<Choice>,
    may_change: bool,
    places: Vec<Place>,
    url: String,
    key: String,
    saved: bool,
}

/// 设置页.
pub async fn show(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    let saved = uri.query() == Some("saved");
    answer::faced(respond(&door, &headers, None, saved).await, &headers, &uri)
}

async fn respond(
    door: &Door,
    headers: &HeaderMap,
    trouble: Option<(Told, Vec<(String, String)>)>,
    saved: bool,
) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    Ok(answer::page(&page(door, &visitor, trouble, saved).await?))
}

async fn page(
    door: &Door,
    visitor: &Visitor,
    trouble: Option<(Told, Vec<(String, String)>)>,
    saved: bool,
) -> Result<Page, Refused> {
    let store = &door.office.store;
    let (notice, typed) = trouble.map_or((None, Vec::new()), |(notice, typed)| (Some(notice), typed));
    let typed_in = |name: &str| typed.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    let number = Reading::number(&visitor.acting.person, &mailbox(visitor.acting.role, &visitor.acting.org));
    let address = store.get::<Address>(&number).await.map_err(Refused::Unavailable)?.map(|(address, _)| address);
    let kept = address.as_ref().filter(|address| !address.mail.is_empty());
    let chosen: BTreeSet<Reason> = match (typed_in("mail"), kept) {
        (Some(_), _) => {
            let ticked =
                |reason: &&Reason| typed.iter().any(|(name, code)| name == "reasons[]" && *code == coded(**reason));
            Reason::ALL.iter().filter(ticked).copied().collect()
        }
        (None, Some(address)) => address.reasons.clone(),
        (None, None) => USUAL.into(),
    };
    let choice = |reason: &Reason| Choice { reason: *reason, code: coded(*reason), chosen: chosen.contains(reason) };
    let mut places = Vec::new();
    let organisation = record::key::<Organisation>(&visitor.acting.org);
    for endpoint in store.children::<Endpoint>(&organisation).await.map_err(Refused::Unavailable)? {
        places.push(place(door, visitor, endpoint).await?);
    }
    Ok(Page {
        frame: Frame::new("告知的去处", "notices", Some(visitor)),
        notice,
        mails: door.office.posting.mail,
        mail: typed_in("mail").or(address.map(|address| address.mail)).unwrap_or_default(),
        choices: Reason::ALL.iter().map(choice).collect(),
        may_change: !matches!(visitor.acting.role, Role::Auditor | Role::Clock),
        places,
        url: typed_in("url").unwrap_or_default(),
        key: case::key(door),
        saved,
    })
}

/// The code of a reason, as rows and forms have it.
fn coded(reason: Reason) -> String {
    serde_json::to_value(reason).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
}

async fn place(door: &Door, visitor: &Visitor, endpoint: Endpoint) -> Result<Place, Refused> {
    let store = &door.office.store;
    let rows = store.latest::<Dispatch>(&record::key::<Endpoint>(&endpoint.id), None, LATEST).await;
    let mut dispatches = Vec::new();
    for row in rows.map_err(Refused::Unavailable)? {
        let dispatch: Dispatch = row.read().map_err(Refused::Unavailable)?;
        let notice = store.get::<Notice>(&dispatch.notice).await.map_err(Refused::Unavailable)?;
        let about = notice.map(|(notice, _)| notice.about).unwrap_or_default();
        let (subject, case) = about.split_once('/').unwrap_or_default();
        dispatches.push(Sent {
            name: names::subject(subject).to_owned(),
            case: case.to_owned(),
            path: names::path(subject, case),
            stage: dispatch.stage.name(),
            tone: tone(&dispatch),
            said: dispatch
                .tries
                .last()
                .map(|tried| format!("{} {}", frame::time(tried.at), tried.outcome))
                .unwrap_or_default(),
            tries: dispatch.round,
            next: if dispatch.stage.goes_on() && dispatch.round > 0 {
                frame::time(dispatch.next)
            } else {
                String::new()
            },
            again: endpoint.disabled.is_empty() && !dispatch.stage.goes_on(),
            id: dispatch.id,
        });
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

fn tone(dispatch: &Dispatch) -> &'static str {
    use regulation::notice::Stage;
    match dispatch.stage {
        Stage::Delivered => "ok",
        Stage::Failed => "danger",
        Stage::Waiting if dispatch.round > 0 => "warn",
        Stage::Waiting | Stage::Sending => "",
    }
}

#[derive(Template)]
#[template(path = "endpoint_secret.html")]
struct Secret {
    frame: Frame,
    id: String,
    key: String,
    rotated: bool,
}

/// 改动.
pub async fn change(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    let visitor = match session::visitor(&door, &headers).await {
        Ok(Some(visitor)) if session::same_site(&headers) => visitor,
        Ok(_) => {
            return answer::told(&session::unknown("改动告知的去处需要先登录，并从本平台的页面进行"), &headers, &uri);
        }
        Err(refused) => return answer::told(&refused, &headers, &uri),
    };
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let field = |name: &str| pairs.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    let fields: Vec<(String, String)> = pairs.iter().filter(|(name, _)| !name.starts_with('_')).cloned().collect();
    let key = Some(field("_key")).filter(|key| !key.is_empty());
    let performed = match serde_json::from_value::<Request>(form::to_json(&fields)) {
        Ok(request) if ours(&request) => acts::carry_out(&door, &visitor, &request, key, None).await,
        Ok(_) => Err(Refused::Question("这一页不办理别的事项".into())),
        Err(why) => Err(Refused::Question(format!("表单没有填写完整：{}", acts::plain(&why.to_string())))),
    };
    match performed {
        Ok(done) => match done.secret {
            Some(secret) => answer::page(&Secret {
                frame: Frame::new("签名密钥", "notices", Some(&visitor)),
                id: done.id,
                key: secret,
                rotated: field("act") == "endpoint.rotate",
            }),
            None => Redirect::to("/notices/settings?saved").into_response(),
        },
        Err(refused) => {
            let again = respond(&door, &headers, Some((answer::notice(&refused), fields)), false).await;
            let mut response = answer::faced(again, &headers, &uri);
            if response.status() == StatusCode::OK {
                *response.status_mut() = answer::status(&refused);
            }
            response
        }
    }
}

/// What this page is for.
fn ours(request: &Request) -> bool {
    matches!(
        request,
        Request::AddressSet(_)
            | Request::EndpointAdd { .. }
            | Request::EndpointRotate { .. }
            | Request::EndpointDisable { .. }
            | Request::EndpointEnable { .. }
            | Request::DispatchReplay { .. }
    )
}
