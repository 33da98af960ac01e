//! 电子邮件 — one letter to one person, through the mail server that the program was told of.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use workflow::notice::dispatch::Outcome;

use crate::{Told, message::Letter};

/// How long one step of the conversation with the mail server may take, and the whole of it.
const PATIENCE: Duration = Duration::from_secs(10);

/// 发信 — the mail server, and who the letters are from.
pub struct Mail {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// 不能用的设置.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// 服务器地址
    #[error("发信服务器的地址读不懂，应形如 smtps://用户:口令@主机:端口")]
    Server,
    /// 发件人
    #[error("发件人“{0}”不是电子邮箱地址，应形如“锦川数运 <notice@example.cn>”")]
    From(String),
}

impl Mail {
    /// A mail server at `smtp://` or `smtps://user:password@host:port`, and the sender.
    pub fn new(url: &str, from: &str) -> Result<Self, Unusable> {
        // What the library says of a bad address may hold its password: it is not passed on.
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| Unusable::Server)?;
        let from = from.parse().map_err(|_| Unusable::From(from.to_owned()))?;
        Ok(Self { server: server.timeout(Some(PATIENCE)).build(), from })
    }

    /// Sends a letter. The same `number` gives the same message id, by which mail programs know a repetition.
    pub(crate) async fn send(&self, to: &str, letter: &Letter, number: &str, at: Timestamp) -> Told {
        let Ok(to) = to.parse::<Mailbox>() else {
            return Told::new(Outcome::Hopeless, "收件地址不能用");
        };
        let id: String = number
            .bytes()
            .filter(u8::is_ascii)
            .map(|byte| if byte.is_ascii_alphanumeric() { byte } else { b'.' })
            .map(char::from)
            .collect();
        let id = format!("<{id}@{}>", self.from.email.domain());
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .date(SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(at.as_second()).unwrap_or(0)))
            .message_id(Some(id))
            .header(AutoSubmitted)
            .subject(&letter.subject)
            .multipart(MultiPart::alternative_plain_html(letter.plain.clone(), letter.html.clone()));
        let Ok(message) = message else { return Told::new(Outcome::Hopeless, "信写不成") };
        match tokio::time::timeout(PATIENCE, self.server.send(message)).await {
            Ok(Ok(answer)) => Told::new(Outcome::Taken, format!("SMTP {}", answer.code())),
            Ok(Err(why)) if why.is_permanent() => Told::new(Outcome::Hopeless, said(&why, "发信服务器拒收")),
            Ok(Err(why)) => Told::new(Outcome::Missed, said(&why, "发信没有成功")),
            Err(_) => Told::new(Outcome::Missed, "发信服务器没有答复"),
        }
    }
}

/// What a mail server said, without its words: they may repeat the address.
fn said(why: &lettre::transport::smtp::Error, otherwise: &str) -> String {
    why.status().map_or_else(|| otherwise.to_owned(), |code| format!("SMTP {code}，{otherwise}"))
}

/// Nobody's out-of-office note answers a letter that says this (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
