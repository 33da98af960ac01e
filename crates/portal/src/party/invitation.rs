//! 邀请 — where whoever holds its link takes up a membership, or chooses a new password.

use askama::Template;
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use store::party::{Invitation, Person};
use workflow::{
    Notice, Refused,
    party::{self, invitation::Chosen},
};

use crate::{
    Door, answer, case,
    frame::{self, Frame},
    session,
};

#[derive(Template)]
#[template(path = "party/invitation.html")]
struct Page {
    frame: Frame,
    token: String,
    invitation: Invitation,
    organisation: String,
    until: String,
    /// 要设口令
    chooses: bool,
    /// 以本人登录着
    here: bool,
    notice: Option<Notice>,
    /// 单点登录的签发方
    issuer: Option<String>,
}

/// 邀请页.
pub async fn show(State(door): State<Door>, Path(token): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(page(&door, &token, &headers, None).await, &headers, &uri)
}

async fn page(door: &Door, token: &str, headers: &HeaderMap, notice: Option<Notice>) -> answer::Page {
    let invitation = party::invitation::behind(&door.office, token, door.now()).await?;
    let visitor = session::visitor(door, headers).await?;
    let known = door.office.store.get::<Person>(&invitation.person).await?.is_some();
    let page = Page {
        frame: Frame::new("接受邀请", "", visitor.as_ref()),
        token: token.to_owned(),
        organisation: case::org(door, &invitation.org).await?,
        until: frame::time(invitation.until),
        chooses: invitation.renews || !known,
        here: visitor.is_some_and(|visitor| visitor.person.id == invitation.person),
        issuer: door.entrance.sso.as_ref().filter(|_| !known).map(|sso| sso.issuer().to_owned()),
        invitation,
        notice,
    };
    Ok(answer::page(&page))
}

/// 接受.
pub async fn accept(
    State(door): State<Door>,
    Path(token): Path<String>,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> Response {
    answer::faced(accepted(&door, &token, &headers, &body).await, &headers, &uri)
}

async fn accepted(door: &Door, token: &str, headers: &HeaderMap, body: &[u8]) -> answer::Page {
    if !session::same_site(headers) {
        return Err(session::unknown("这一请求来自别的网站，没有办理").into());
    }
    let field = |name: &str| {
        let found = form_urlencoded::parse(body).find(|(field, _)| field == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let (new, repeated) = (field("new"), field("again"));
    let visitor = session::visitor(door, headers).await?;
    let who = visitor.as_ref().map(|visitor| visitor.person.id.as_str());
    let accepted = if new == repeated {
        party::invitation::accept(&door.office, token, Chosen::Password(&new), who, door.now()).await
    } else {
        Err(Refused::Question("两次输入的口令不一样".to_owned()))
    };
    match accepted {
        Ok(_) if who.is_some() => Ok(Redirect::to("/capacities").into_response()),
        Ok(_) => Ok(Redirect::to("/sign-in").into_response()),
        Err(refused) => again(door, token, headers, &refused).await,
    }
}

/// The page again, with what was refused.
pub async fn again(door: &Door, token: &str, headers: &HeaderMap, refused: &Refused) -> answer::Page {
    let mut response = page(door, token, headers, Some(answer::notice(refused))).await?;
    *response.status_mut() = answer::status(refused);
    Ok(response)
}
