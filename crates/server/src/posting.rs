//! 送达的设置 — what can be typed about how notices leave the house.

use std::net::SocketAddr;

use clap::Args;
use post::{Mail, Post, Words};
use url::Url;
use workflow::Office;

use crate::{Fault, serving};

/// Where the mail server's address may stand instead, so that its password is on no list of processes.
const SMTP: &str = "SHUYUN_SMTP";

/// What can be typed.
#[derive(Args, Clone, Default)]
#[group(id = "posting")]
pub struct Options {
    /// 发信服务器，如 `smtps://用户:口令@主机:端口`，也可以写在环境变量 `SHUYUN_SMTP` 里；都没有则不发电子邮件
    #[arg(long, value_name = "地址")]
    pub smtp: Option<String>,
    /// 发件人，如 `锦川数运 <notice@example.cn>`；与发信服务器一起写
    #[arg(long, value_name = "地址")]
    pub mail_from: Option<String>,
    /// 允许 Webhook 送到本机，只供试验
    #[arg(long)]
    pub webhooks_allow_loopback: bool,
}

impl Options {
    /// Tells the office what it may do, and makes the worker that does it. Letters lead to `origin`; where there is
    /// none, to the address that is listened at.
    ///
    /// # Errors
    /// A mail server without a sender or the other way round, or an address that cannot be one.
    pub fn worker(&self, office: &mut Office, origin: Option<&Url>, listening: SocketAddr) -> Result<Post, Fault> {
        let mail = self.mail()?;
        office.posting.mail = mail.is_some();
        office.posting.loopback = self.webhooks_allow_loopback;
        let origin = origin.map_or_else(|| format!("http://{listening}"), ToString::to_string);
        let words = Words { subject: portal::names::subject, path: portal::names::path, origin };
        Ok(Post::new(office.clone(), serving::wall_clock(), mail, words))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the part that reads the environment")]
    fn mail(&self) -> Result<Option<Mail>, Fault> {
        let server = self.smtp.clone().or_else(|| std::env::var(SMTP).ok()).filter(|server| !server.is_empty());
        match (server, &self.mail_from) {
            (Some(server), Some(from)) => Ok(Some(Mail::new(&server, from)?)),
            (None, None) => Ok(None),
            (Some(_), None) => Err(Fault::HalfAMail("--mail-from")),
            (None, Some(_)) => Err(Fault::HalfAMail("--smtp")),
        }
    }
}
