//! 去往单点登录，和从那里回来 — to sign in, to link an account to oneself, or to prove again who one is.

use askama::Template;
use axum::{
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, Uri, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use workflow::{
    Refused,
    party::{
        self,
        ceremony::{CARRIED, Errand, Outside},
        federation,
        invitation::Chosen,
        proving::{self, Proof, prove},
    },
};

use crate::{
    Door, answer, entrance,
    frame::Frame,
    party as pages,
    passkeys::{self, field, remember},
    proving as again_proving, session, sign_in,
    sso::{Fault, SingleSignOn},
};

#[derive(Template)]
#[template(path = "outside.html")]
struct Page {
    frame: Frame,
    issuer: String,
    address: String,
}

/// 去往单点登录 — a page that leads on by itself: a form may not lead elsewhere, a page may.
pub async fn go(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    if !session::same_site(&headers) {
        return answer::told(&session::unknown("这一请求来自别的网站，没有办理"), &headers, &uri);
    }
    let Some(sso) = door.entrance.sso.clone() else {
        return answer::told(&Fault::Unconfigured.into(), &headers, &uri);
    };
    let errand = field(&body, "for");
    let (typed, back, token) = (field(&body, "_resume"), field(&body, "back"), field(&body, "token"));
    let begun = begin(&door, &sso, &headers, (&errand, typed.clone(), back.clone(), token)).await;
    match begun {
        Ok((number, address)) => {
            let frame = Frame::new("前往单点登录", "", None);
            let onward = HeaderValue::from_str(&format!("0; url={address}"));
            let mut response = answer::page(&Page { frame, issuer: sso.issuer().to_owned(), address });
            if let Ok(onward) = onward {
                response.headers_mut().insert(header::REFRESH, onward);
            }
            remember(&door, &number, &mut response);
            response
        }
        Err(refused @ Refused::Unproven(_)) => again_proving::again(&door, &headers, &refused, ("", "/passkeys")).await,
        Err(refused) if errand == "prove" => again_proving::again(&door, &headers, &refused, (&typed, &back)).await,
        Err(refused) => sign_in::again(&door, &refused, &typed),
    }
}

async fn begin(
    door: &Door,
    sso: &SingleSignOn,
    headers: &HeaderMap,
    (errand, typed, back, token): (&str, String, String, String),
) -> Result<(String, String), Refused> {
    if typed.len() > CARRIED {
        return Err(Fault::Long.into());
    }
    let visitor = session::visitor(door, headers).await?;
    let errand = match (errand, visitor) {
        ("link" | "prove", None) => return Err(session::unknown("会话已经结束")),
        ("link", Some(visitor)) => {
            proving::recent("federation.link", &visitor.session, visitor.acting.at)?;
            Errand::Link { session: visitor.session.id }
        }
        ("prove", Some(visitor)) => Errand::Prove { session: visitor.session.id },
        ("accept", _) => {
            party::invitation::behind(&door.office, &token, door.now()).await?;
            Errand::Accept { token }
        }
        _ => Errand::Enter,
    };
    let secret = || hex::encode(door.office.random::<32>());
    let since = door.now();
    let outside = Outside { state: secret(), nonce: secret(), verifier: secret(), errand, since, typed, back };
    let anew = matches!(outside.errand, Errand::Prove { .. });
    let address = sso.address(&outside, anew).await?;
    Ok((door.office.goes_outside(outside), address.into()))
}

/// 答复 — what the provider sent somebody back with.
#[derive(Deserialize)]
pub struct Answer {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    iss: Option<String>,
    #[serde(default)]
    error: Option<String>,
}

/// 从单点登录回来.
pub async fn back(State(door): State<Door>, Query(told): Query<Answer>, headers: HeaderMap, uri: Uri) -> Response {
    let Some(sso) = door.entrance.sso.clone() else {
        return answer::told(&Fault::Unconfigured.into(), &headers, &uri);
    };
    let number = session::cookie(&door, &headers, entrance::CEREMONY).unwrap_or_default();
    let begun = door.office.comes_back(number, door.now()).filter(|outside| outside.state == told.state);
    let Some(outside) = begun else {
        return sign_in::again(&door, &Fault::Spent.into(), "");
    };
    let account = vouched(&door, &sso, &outside, &told).await;
    match outside.errand {
        Errand::Enter => match enter(&door, &headers, account).await {
            Ok(token) => sign_in::entered(&door, &headers, &token, &outside.typed).await,
            Err(refused) => sign_in::again(&door, &refused, &outside.typed),
        },
        Errand::Accept { ref token } => match accept(&door, &headers, token, account).await {
            Ok(token) => sign_in::entered(&door, &headers, &token, "").await,
            Err(refused) => {
                let page = pages::invitation::again(&door, token, &headers, &refused).await;
                answer::faced(page, &headers, &uri)
            }
        },
        Errand::Link { ref session } => link(&door, &headers, session, account).await,
        Errand::Prove { ref session } => {
            let proven = proven(&door, &headers, session, account).await;
            let (typed, back) = (&outside.typed, &outside.back);
            match proven {
                Ok(token) => again_proving::onward(&door, &token, typed, back),
                Err(refused) => again_proving::again(&door, &headers, &refused, (typed, back)).await,
            }
        }
    }
}

/// The account that the provider vouches for, or why it does not.
async fn vouched(
    door: &Door,
    sso: &SingleSignOn,
    outside: &Outside,
    told: &Answer,
) -> Result<federation::Account, Fault> {
    if let Some(code) = &told.error {
        return Err(Fault::answered(code));
    }
    // Where the answer names its issuer (RFC 9207), it has to be ours.
    if told.iss.as_deref().is_some_and(|issuer| issuer.trim_end_matches('/') != sso.issuer().trim_end_matches('/')) {
        return Err(Fault::Untrue("签发方不对"));
    }
    let anew = matches!(outside.errand, Errand::Prove { .. });
    sso.account(outside, &told.code, anew, door.now()).await
}

async fn enter(
    door: &Door,
    headers: &HeaderMap,
    account: Result<federation::Account, Fault>,
) -> Result<String, Refused> {
    let entered = federation::sign_in(&door.office, &account?, sign_in::agent(headers), door.now()).await?;
    Ok(entered.0)
}

/// Takes up what somebody was invited to, and goes in at once.
async fn accept(
    door: &Door,
    headers: &HeaderMap,
    token: &str,
    account: Result<federation::Account, Fault>,
) -> Result<String, Refused> {
    let account = account?;
    party::invitation::accept(&door.office, token, Chosen::Outside(&account), None, door.now()).await?;
    enter(door, headers, Ok(account)).await
}

async fn link(
    door: &Door,
    headers: &HeaderMap,
    begun_in: &str,
    account: Result<federation::Account, Fault>,
) -> Response {
    let visitor = match session::visitor(door, headers).await {
        Ok(Some(visitor)) if visitor.session.id == begun_in => visitor,
        Ok(_) => return sign_in::again(door, &Fault::Spent.into(), ""),
        Err(refused) => return answer::as_page(&refused),
    };
    let linked = match account {
        Ok(account) => federation::link(&door.office, &visitor.acting, &account).await,
        Err(fault) => Err(fault.into()),
    };
    match linked {
        Ok(()) => Redirect::to("/passkeys").into_response(),
        Err(refused) => passkeys::again(door, &visitor, &refused, "").await,
    }
}

async fn proven(
    door: &Door,
    headers: &HeaderMap,
    begun_in: &str,
    account: Result<federation::Account, Fault>,
) -> Result<String, Refused> {
    let visitor = session::visitor(door, headers).await?.filter(|visitor| visitor.session.id == begun_in);
    let visitor = visitor.ok_or(Fault::Spent)?;
    let account = account?;
    prove(&door.office, &visitor, Proof::Outside(&account)).await
}
