//! 送达地址 — somebody's e-mail address for the notices of the desk they work at, and which of them they want.

use std::collections::BTreeSet;

use regulation::{Provision, notice::Reason};
use serde::{Deserialize, Serialize};
use store::notice::{Address, Reading, mailbox};

use crate::{File, Recorded, Refused};

/// The longest address that any mail server takes (RFC 5321).
const LONGEST: usize = 254;

/// 设置送达地址.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Set {
    /// 电子邮箱；空为不用
    #[serde(default)]
    pub mail: String,
    /// 哪些事由
    #[serde(default)]
    pub reasons: BTreeSet<Reason>,
}

/// 不能用的地址.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("“{0}”不是电子邮箱地址")]
    NotAnAddress(String),
    #[error("没有选择任何事由，这个地址收不到告知")]
    NoReason,
}

impl regulation::Violation for Fault {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }
    fn field(&self) -> &'static str {
        match self {
            Self::NotAnAddress(_) => "mail",
            Self::NoReason => "reasons",
        }
    }
    fn advice(&self) -> String {
        match self {
            Self::NotAnAddress(_) => "请填写形如 name@example.cn 的地址；不用电子邮件的，请清空",
            Self::NoReason => "请至少选择一项；不用电子邮件的，请清空地址",
        }
        .to_owned()
    }
}

/// 设置 — for the desk that they act at now; what was told before is not sent afterwards.
pub(crate) async fn set(mut file: File<'_>, ask: &Set) -> Result<Recorded, Refused> {
    let mailbox = mailbox(file.acting.role, &file.acting.org);
    let id = Reading::number(&file.acting.person, &mailbox);
    let mail = ask.mail.trim().to_owned();
    if !mail.is_empty() {
        if !plausible(&mail) {
            return Err(Fault::NotAnAddress(mail).into());
        }
        if ask.reasons.is_empty() {
            return Err(Fault::NoReason.into());
        }
    }
    let before = file.find::<Address>(&id).await?.filter(|before| before.mail == mail);
    let address = Address {
        id,
        person: file.acting.person.clone(),
        mailbox,
        reasons: if mail.is_empty() { BTreeSet::new() } else { ask.reasons.clone() },
        since: before.map_or(file.acting.at, |before| before.since),
        mail,
    };
    file.write(&address)?;
    let state = if address.mail.is_empty() { "不用电子邮件" } else { "已设置" };
    file.record("set", &address, state, Provision::PLATFORM, ask)
}

/// Whether this can be an address at all; whether somebody reads it, only a letter can tell.
fn plausible(mail: &str) -> bool {
    let plain = mail.len() <= LONGEST
        && mail.chars().all(|letter| letter.is_ascii_graphic() && !"<>()[],;:\\\"".contains(letter));
    let parts = mail.rsplit_once('@');
    plain
        && parts.is_some_and(|(local, host)| {
            let labels = host.split('.').all(|label| {
                !label.is_empty() && label.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
            });
            !local.is_empty() && local.len() <= 64 && !local.contains('@') && host.contains('.') && labels
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_an_address_is_told_before_anything_is_sent() {
        for mail in ["shi@data.jinchuan.example", "a.b+c@x.cn"] {
            assert!(plausible(mail), "{mail}");
        }
        let long = format!("{}@x.cn", "a".repeat(65));
        for mail in [
            "",
            "a",
            "张@x.cn",
            "@x.cn",
            "a@",
            "a@x",
            "a@@x.cn",
            "a b@x.cn",
            "a@x..cn",
            "a@x.cn\r\nBcc: b@x.cn",
            "<a@x.cn>",
            &long,
        ] {
            assert!(!plausible(mail), "{mail}");
        }
    }
}
