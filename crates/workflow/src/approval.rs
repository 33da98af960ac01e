//! 会签 — four eyes: nobody agrees to what they proposed, nobody twice, and an edit voids what was agreed.

use regulation::{Kind, Provision, Violation};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use store::approval::{Approval, Consent};

use crate::{File, office::hex};

/// 不能同意.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 自己提请的
    #[error("提请人不得同意自己提请的事项")]
    Own,
    /// 已经同意过
    #[error("您已经同意过")]
    Twice,
    /// 不是所见的内容
    #[error("内容已经改动，您看到的不是现在的内容")]
    Changed,
}

impl Violation for Fault {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }

    fn advice(&self) -> String {
        match self {
            Self::Own => "请由另一名有权限的人员办理",
            Self::Twice => "还须另一名有权限的人员同意",
            Self::Changed => "请看过新的内容再决定",
        }
        .to_owned()
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Own => Kind::Role,
            Self::Twice | Self::Changed => Kind::State,
        }
    }
}

/// 内容摘要 — of the content as it is kept.
pub fn digest(content: &impl Serialize) -> String {
    hex(&Sha256::digest(serde_json::to_vec(content).unwrap_or_default()))
}

/// 提请 — by whoever acts; whatever had been agreed to before is void.
pub(crate) fn propose(file: &File<'_>, content: &impl Serialize) -> Approval {
    Approval { proposer: file.acting.person.clone(), digest: digest(content), given: Vec::new() }
}

/// 同意 — to the content whose digest was seen. Tells how many have agreed now.
pub(crate) fn approve(file: &File<'_>, approval: &mut Approval, seen: &str) -> Result<usize, Fault> {
    let person = &file.acting.person;
    match () {
        () if approval.proposer == *person => Err(Fault::Own),
        () if approval.digest != seen => Err(Fault::Changed),
        () if approval.given.iter().any(|consent| consent.person == *person) => Err(Fault::Twice),
        () => {
            let consent = Consent { person: person.clone(), org: file.acting.org.clone(), at: file.acting.at };
            approval.given.push(consent);
            Ok(approval.given.len())
        }
    }
}
