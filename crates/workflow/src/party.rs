//! 各方 — organisations are registered, people invited; they act as one of their memberships, under sessions.

pub mod attempts;
pub mod ceremony;
pub mod federation;
pub mod invitation;
pub mod membership;
pub mod organisation;
pub mod passkey;
pub mod password;
pub mod person;
pub mod proving;
pub mod session;

use regulation::{Provision, Role};
use store::party::Appointment;

use crate::{File, Refused};

/// The roles that the city has exactly one holder of.
pub(crate) const APPOINTED: [Role; 2] = [Role::ImplementingAgency, Role::MunicipalGovernment];

/// 不予办理 — of organisations, people and memberships.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 已经登记
    #[error("“{0}”已经登记")]
    Taken(String),
    /// 信用代码重复
    #[error("统一社会信用代码 {0} 已由另一单位登记")]
    SameCode(String),
    /// 编号不合格式
    #[error("“{0}”不能作编号：用2至32个小写字母、数字或者连字符，以字母开头")]
    Unnameable(String),
    /// 没有写
    #[error("没有填写{0}")]
    Blank(&'static str),
    /// 太长
    #[error("{0}最多{1}个字")]
    Long(&'static str, usize),
    /// 邮箱不合格式
    #[error("“{0}”不是电子邮箱地址")]
    Mail(String),
    /// 已由另一单位担任
    #[error("{0}已由另一单位担任")]
    Occupied(Role),
    /// 单位没有这一身份
    #[error("“{0}”没有{1}的身份")]
    NotTheirs(String, Role),
    /// 全市还没有
    #[error("全市还没有确定{0}")]
    Vacant(Role),
    /// 三员分立
    #[error("三员分立：任{0}的人不能再任{1}")]
    NotSeparate(Role, Role),
    /// 不能邀请这一身份
    #[error("{0}不能邀请{1}")]
    Uninvited(Role, Role),
    /// 不在用
    #[error("{0}“{1}”{2}")]
    NotInForce(&'static str, String, regulation::Standing),
    /// 邀请失效
    #[error("这一邀请不存在、已经用过、已经撤回或者已经到期")]
    NoInvitation,
    /// 不是本人
    #[error("这一邀请是给“{0}”的，请以该账号登录后接受")]
    SomebodyElses(String),
    /// 还有别处的任职
    #[error("“{0}”在几个单位任职，本单位不能重置其口令")]
    ActsElsewhere(String),
    /// 交接对象不合
    #[error("交接给的任职应当在用，且与交出的单位、身份相同")]
    NoSuccessor,
    /// 最后一名
    #[error("这是在用的最后一名{0}，停用之后就没有人能办了")]
    Last(Role),
}

impl regulation::Violation for Fault {
    fn provision(&self) -> Provision {
        match self {
            Self::Occupied(_) | Self::Vacant(_) => regulation::article(8).paragraph(1),
            _ => Provision::PLATFORM,
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::Vacant(_) => "请系统管理员先登记",
            Self::NotSeparate(..) => "请另外指定一人",
            Self::NoInvitation => "请向邀请人要一份新的邀请",
            Self::ActsElsewhere(_) => "请安全管理员重置",
            Self::Last(_) => "请先邀请另一名，再停用这一名",
            Self::NotInForce(..) => "请系统管理员或者单位管理员恢复后再办",
            _ => "请核对后重新办理",
        }
        .to_owned()
    }
}

/// The organisation that holds a role of which the city has one.
pub(crate) async fn holder(file: &mut File<'_>, role: Role) -> Result<String, Refused> {
    let appointment = file.find::<Appointment>(role.name()).await?;
    appointment.map(|appointment| appointment.org).ok_or_else(|| Fault::Vacant(role).into())
}

/// 编号 — what addresses and records call an organisation or an account.
pub(crate) fn number(text: &str) -> Result<(), Fault> {
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let right = (2..=32).contains(&text.len())
        && text.starts_with(|letter: char| letter.is_ascii_lowercase())
        && text.chars().all(fits);
    if right { Ok(()) } else { Err(Fault::Unnameable(text.chars().take(40).collect())) }
}

/// A text that must be there and not be endless, trimmed.
pub(crate) fn text(what: &'static str, text: &str, longest: usize) -> Result<String, Fault> {
    let plain: String = text.trim().chars().filter(|letter| !letter.is_control()).collect();
    match plain.chars().count() {
        0 => Err(Fault::Blank(what)),
        length if length > longest => Err(Fault::Long(what, longest)),
        _ => Ok(plain),
    }
}

/// An address that mail can be sent to; empty where there is none.
pub(crate) fn mail(text: &str) -> Result<String, Fault> {
    let mail = text.trim();
    let right = mail.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    });
    let plain =
        !mail.contains(|letter: char| letter.is_whitespace() || letter.is_control() || "<>,;\"".contains(letter));
    match () {
        () if mail.is_empty() => Ok(String::new()),
        () if right && plain && mail.len() <= 254 && mail.matches('@').count() == 1 => Ok(mail.to_owned()),
        () => Err(Fault::Mail(mail.chars().take(60).collect())),
    }
}
