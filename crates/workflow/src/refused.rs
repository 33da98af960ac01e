//! 不予办理 — why an act was not performed, ready to be shown, recorded and told again.

use regulation::{Kind, Provision, Violation};
use serde::{Deserialize, Serialize};
use store::Fault;

/// 不予办理.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// 违反规定
    #[error("{0}")]
    Against(Notice),
    /// 没有这一对象
    #[error("没有找到{what}“{id}”")]
    Missing {
        /// 什么
        what: &'static str,
        /// 编号
        id: String,
    },
    /// 凭据不实 — nobody known stands at the gate.
    #[error("{0}")]
    Unidentified(Notice),
    /// 须再次验证 — signed in, but too long ago for what is asked.
    #[error("{0}")]
    Unproven(Notice),
    /// 须等候 — tried too often; how long there is to wait.
    #[error("{0}")]
    Slow(Notice, jiff::SignedDuration),
    /// 所问有误 — a question that the product cannot answer.
    #[error("{0}")]
    Question(String),
    /// 数据湖故障
    #[error("{0}")]
    Lake(lake::Fault),
    /// 暂时无法办理
    #[error("{0}")]
    Unavailable(Fault),
}

/// 告知 — what the person concerned is told: what, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// 一句话
    pub message: String,
    /// 依据
    pub basis: String,
    /// 依据所在的条（本办法），供查看要旨
    pub article: Option<u16>,
    /// 怎么办
    pub advice: String,
    /// 类别：role 行为人不对，state 时机不对，content 内容不合规定
    pub kind: Sort,
    /// 逐项缺陷
    #[serde(default)]
    pub remarks: Vec<Remark>,
}

/// 逐项缺陷 — one of several things to mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// 一句话
    pub message: String,
    /// 依据
    pub basis: String,
    /// 所说的填写项，如 `minutes.meeting`
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
}

impl Remark {
    fn of(violation: &dyn Violation) -> Self {
        let basis = violation.provision().to_string();
        Self { message: violation.to_string(), basis, field: violation.field().to_owned() }
    }
}

/// [`Kind`], as it is kept and sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// 行为人不对
    Role,
    /// 时机不对
    State,
    /// 内容不合规定
    Content,
    /// 外部系统没有办成
    Outside,
}

impl Notice {
    /// The notice of one violation.
    pub fn of(violation: &dyn Violation) -> Self {
        let provision = violation.provision();
        Self {
            message: violation.to_string(),
            basis: provision.to_string(),
            article: provision.measures_article(),
            advice: violation.advice(),
            kind: match violation.kind() {
                Kind::Role => Sort::Role,
                Kind::State => Sort::State,
                Kind::Content => Sort::Content,
                Kind::Outside => Sort::Outside,
            },
            remarks: if violation.field().is_empty() { Vec::new() } else { vec![Remark::of(violation)] },
        }
    }

    /// The notice of several: the first speaks, all are listed.
    pub fn of_all<V: Violation>(violations: &[V]) -> Option<Self> {
        let mut notice = Self::of(violations.first()?);
        if violations.len() > 1 {
            notice.message = format!("{}，另有{}处需要补正", notice.message, violations.len() - 1);
        }
        notice.remarks = violations.iter().map(|violation| Remark::of(violation)).collect();
        Some(notice)
    }
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}（{}）", self.message, self.basis)
    }
}

impl<V: Violation> From<V> for Refused {
    fn from(violation: V) -> Self {
        Self::Against(Notice::of(&violation))
    }
}

impl Refused {
    /// 缺陷清单 — refuses with every flaw at once, or lets pass when there is none.
    pub fn if_any<V: Violation>(flaws: &[V]) -> Result<(), Self> {
        Notice::of_all(flaws).map_or(Ok(()), |notice| Err(Self::Against(notice)))
    }

    /// 几类缺陷 — refuses with every flaw of every kind at once: whoever asks mends them in one go.
    pub fn if_any_of(kinds: &[&dyn Flawed]) -> Result<(), Self> {
        let told: Vec<&dyn Violation> = kinds.iter().flat_map(|kind| kind.told()).collect();
        let Some(first) = told.first() else { return Ok(()) };
        let mut notice = Notice::of(*first);
        if told.len() > 1 {
            notice.message = format!("{}，另有{}处需要补正", notice.message, told.len() - 1);
            notice.remarks = told.iter().map(|violation| Remark::of(*violation)).collect();
        }
        Err(Self::Against(notice))
    }

    pub(crate) fn unavailable(fault: Fault) -> Self {
        Self::Unavailable(fault)
    }
}

/// 缺陷清单 — flaws of one kind, to be told together with those of another.
pub trait Flawed {
    /// Each of them.
    fn told(&self) -> Vec<&dyn Violation>;
}

impl<V: Violation> Flawed for Vec<V> {
    fn told(&self) -> Vec<&dyn Violation> {
        self.iter().map(|violation| violation as &dyn Violation).collect()
    }
}

/// 越权 — the wrong role, the wrong organisation, or what a rule forbids to this person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Overreach {
    /// 别家的事
    #[error("这一事项不由贵单位办理")]
    Foreign,
    /// 规则所禁止
    #[error("{says}")]
    Forbidden {
        /// 规则的一句话
        says: String,
        /// 规则的依据
        basis: String,
    },
    /// 身份不能办理
    #[error("{role}不能{to}")]
    Unentitled {
        /// 身份
        role: regulation::Role,
        /// 什么事
        to: String,
        /// 谁能
        able: Vec<regulation::Role>,
        /// 谁能办，依据何在
        basis: String,
    },
}

impl Violation for Overreach {
    fn provision(&self) -> Provision {
        match self {
            Self::Foreign => Provision::PLATFORM,
            Self::Forbidden { basis, .. } | Self::Unentitled { basis, .. } => {
                Provision::read(basis).unwrap_or(Provision::PLATFORM)
            }
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::Foreign => "请由卷宗上列明的单位办理".to_owned(),
            Self::Forbidden { .. } => "请由另一名有权限的人员办理".to_owned(),
            Self::Unentitled { able, .. } if able.is_empty() => "现行职权规则没有允许任何人办理这一事项".to_owned(),
            Self::Unentitled { able, .. } => {
                let names: Vec<&str> = able.iter().map(|role| role.name()).collect();
                format!("这一事项由{}办理", names.join("、"))
            }
        }
    }

    fn kind(&self) -> Kind {
        Kind::Role
    }
}

/// 已有新的办理 — the page on which this was asked is no longer how things stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("您打开这一页之后，本件又有{acts}次办理，现在的状态是“{state}”")]
pub struct Overtaken {
    /// 几次
    pub acts: usize,
    /// 现在的状态
    pub state: String,
}

impl Violation for Overtaken {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }

    fn advice(&self) -> String {
        "请看过办理过程中新的各条，再决定是否办理".to_owned()
    }

    fn kind(&self) -> Kind {
        Kind::State
    }
}
