//! 选择运营机构 — fair competition under an adopted plan, from the notice to the result (Articles 14 and 15).
#![doc = include_str!("../../text/measures/14.md")]

use jiff::civil::Date;

use crate::{
    Count, Instrument, Kind, Period, Provision, Role, Terms, Violation, article, procedure,
    procedure::{Procedure, step},
};

pub mod blacklist;
pub mod candidate;
pub mod complaint;
pub mod evaluation;
pub mod qualification;

pub use self::qualification::Condition;

/// 公平竞争.
pub const COMPETITION: Provision = article(14);
const INVITEES: Provision = Instrument::TenderLaw.article(17);
const BID_TIME: Provision = Instrument::TenderLaw.article(24);
const BIDDERS: Provision = Instrument::TenderLaw.article(28);
const PUBLICITY: Provision = Instrument::TenderRegulation.article(54);
const FIRST_RANKED: Provision = Instrument::TenderRegulation.article(55);

/// 办理程序 — announced, evaluated, shown to everybody, decided; every step is the agency's.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Announced,  Evaluate,  ImplementingAgency, Evaluating, COMPETITION),
        step(Announced,  Fail,      ImplementingAgency, Abandoned,  COMPETITION),
        step(Evaluating, Publicise, ImplementingAgency, Publicised, COMPETITION),
        step(Evaluating, Fail,      ImplementingAgency, Abandoned,  COMPETITION),
        step(Publicised, Reopen,    ImplementingAgency, Evaluating, COMPETITION),
        step(Publicised, Select,    ImplementingAgency, Selected,   COMPETITION),
        step(Publicised, Fail,      ImplementingAgency, Abandoned,  COMPETITION),
    ])
};

words! {
    /// 遴选状态.
    pub enum State {
        Announced = "已公告",
        Evaluating = "评审中",
        Publicised = "候选人公示",
        Selected = "已选定",
        Abandoned = "已终止",
    }
}

words! {
    /// 行为.
    pub enum Act {
        Evaluate = "组织评审",
        Publicise = "公示候选人",
        Reopen = "重新评审",
        Select = "选定",
        Fail = "终止遴选",
    }
}

impl procedure::State for State {}

impl State {
    /// 已有结果 — nothing more is decided.
    pub const fn over(self) -> bool {
        matches!(self, Self::Selected | Self::Abandoned)
    }
}

words! {
    /// 遴选方式 — the ways of fair competition that Article 14 names.
    pub enum Method { OpenTender = "公开招标", InvitedTender = "邀请招标", Negotiation = "谈判" }
}

impl Method {
    /// 招标 — what the law on tenders governs; a negotiation it does not.
    pub const fn is_tender(self) -> bool {
        matches!(self, Self::OpenTender | Self::InvitedTender)
    }

    /// 最早的截止日 — the first day on which applications may close.
    pub fn earliest_deadline(self, today: Date, terms: &Terms) -> Date {
        if self.is_tender() { terms.end_of(Period::BidTime, today) } else { today }
    }

    /// 公示至 — the last day on which candidates are shown before one may be selected.
    pub fn publicity_until(self, today: Date, terms: &Terms) -> Option<Date> {
        self.is_tender().then(|| terms.end_of(Period::CandidatePublicity, today))
    }

    /// 合同订立期限 — until when the agreement is signed after the result.
    pub fn contract_by(self, today: Date, terms: &Terms) -> Option<Date> {
        self.is_tender().then(|| terms.end_of(Period::AwardContract, today))
    }

    /// 答复异议的期限.
    pub fn answer_by(self, today: Date, terms: &Terms) -> Option<Date> {
        self.is_tender().then(|| terms.end_of(Period::ObjectionAnswer, today))
    }

    /// 最少的参选单位.
    pub fn fewest(self, terms: &Terms) -> u16 {
        let count = if self.is_tender() { Count::Bidders } else { Count::Negotiators };
        terms.count(count).value.is
    }
}

/// 公告的内容 — what is announced, as far as the law asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Announced<'a> {
    /// 方式
    pub method: Method,
    /// 公告
    pub notice: &'a str,
    /// 申请办法
    pub how: &'a str,
    /// 要求提交的材料
    pub asked: &'a str,
    /// 截止日
    pub deadline: Option<Date>,
    /// 受邀单位
    pub invitees: &'a [String],
}

impl Announced<'_> {
    /// Everything the notice lacks.
    pub fn flaws(&self, today: Date, terms: &Terms) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let written = [(self.notice, Part::Notice), (self.how, Part::How), (self.asked, Part::Asked)];
        flaws.extend(written.into_iter().filter(|(text, _)| text.trim().is_empty()).map(|(_, part)| Flaw::Lacks(part)));
        let earliest = self.method.earliest_deadline(today, terms);
        match self.deadline {
            None => flaws.push(Flaw::Lacks(Part::Deadline)),
            Some(given) if given < earliest && self.method.is_tender() => {
                flaws.push(Flaw::TooSoon { given, earliest, days: terms.period(Period::BidTime).value.is });
            }
            Some(given) if given < earliest => flaws.push(Flaw::Past(given)),
            Some(_) => {}
        }
        let (fewest, are) = (terms.count(Count::Invitees).value.is, self.invitees.len());
        if self.method == Method::InvitedTender && are < fewest.into() {
            flaws.push(Flaw::FewInvitees { fewest, are });
        }
        if self.method != Method::InvitedTender && are > 0 {
            flaws.push(Flaw::Uninvited(self.method));
        }
        flaws
    }
}

words! {
    /// 公告应当载明的.
    pub enum Part {
        Notice = "公告内容",
        How = "申请办法",
        Asked = "要求提交的材料",
        Deadline = "申请截止日",
    }
}

/// 遴选缺陷.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 公告缺项
    #[error("遴选公告应载明“{0}”")]
    Lacks(Part),
    /// 截止日过早
    #[error("申请截止日{given}过早：招标自公告至截止不得少于{days}日，最早为{earliest}")]
    TooSoon {
        /// 所定
        given: Date,
        /// 最早
        earliest: Date,
        /// 多少日
        days: u16,
    },
    /// 截止日已过
    #[error("申请截止日{0}已经过去")]
    Past(Date),
    /// 受邀单位太少
    #[error("邀请招标应邀请至少{fewest}家单位，现在写明{are}家")]
    FewInvitees {
        /// 至少
        fewest: u16,
        /// 现在
        are: usize,
    },
    /// 不是邀请招标
    #[error("{0}不限定受邀单位")]
    Uninvited(Method),
    /// 还没有截止
    #[error("申请尚未截止，{0}之后才可以办理")]
    StillOpen(Date),
    /// 有申请没有审查
    #[error("还有{0}份申请没有作资格审查")]
    Unchecked(usize),
    /// 参选单位太少
    #[error("{method}应有至少{fewest}家单位参选，现在{are}家")]
    Few {
        /// 方式
        method: Method,
        /// 至少
        fewest: u16,
        /// 现在
        are: usize,
    },
    /// 无人合格
    #[error("没有一家参选单位通过资格审查")]
    NobodyQualified,
    /// 没有评完
    #[error("“{candidate}”还没有“{evaluator}”的评分")]
    Unscored {
        /// 参选单位
        candidate: String,
        /// 评审人
        evaluator: String,
    },
    /// 公示期未满
    #[error("候选人公示到{0}为止，公示期满才可以选定")]
    StillPublicised(Date),
    /// 异议没有答复
    #[error("还有{0}件异议没有答复，答复之前不得选定")]
    OpenComplaints(usize),
    /// 异议成立
    #[error("有{0}件异议成立，应重新评审或者终止遴选")]
    Upheld(usize),
    /// 不是候选人
    #[error("“{0}”不是公示的候选人")]
    NotRanked(String),
    /// 越过第一名没有理由
    #[error("选定的不是排名第一的候选人，应说明理由")]
    PassedOver,
    /// 没有登记为运营机构
    #[error("“{0}”没有登记为运营机构")]
    NotAnOperator(String),
    /// 没有理由
    #[error("终止遴选、重新评审应说明理由")]
    NoReason,
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        match self {
            Self::TooSoon { .. } => BID_TIME,
            Self::FewInvitees { .. } => INVITEES,
            Self::Few { method, .. } if method.is_tender() => BIDDERS,
            Self::StillPublicised(_) => PUBLICITY,
            Self::PassedOver => FIRST_RANKED,
            Self::NotAnOperator(_) | Self::Unchecked(_) | Self::NobodyQualified => article(15),
            _ => COMPETITION,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::Lacks(Part::Notice) => "notice",
            Self::Lacks(Part::How) => "how",
            Self::Lacks(Part::Asked) => "asked",
            Self::Lacks(Part::Deadline) | Self::TooSoon { .. } | Self::Past(_) => "deadline",
            Self::FewInvitees { .. } | Self::Uninvited(_) => "invitees",
            Self::NotRanked(_) => "candidate",
            Self::PassedOver | Self::NoReason => "reason",
            _ => "",
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::Few { .. } | Self::NobodyQualified => "请终止本次遴选，说明理由后重新公告".to_owned(),
            Self::Unchecked(_) => "请先逐份审查合格或者不合格".to_owned(),
            Self::OpenComplaints(_) => "请先逐件答复异议".to_owned(),
            Self::NotAnOperator(_) => "请先由系统管理员把它登记为运营机构".to_owned(),
            Self::StillOpen(_) | Self::StillPublicised(_) => "请到期之后再办理".to_owned(),
            _ => "请改好后重新办理".to_owned(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::StillOpen(_)
            | Self::StillPublicised(_)
            | Self::Unchecked(_)
            | Self::Few { .. }
            | Self::NobodyQualified
            | Self::OpenComplaints(_)
            | Self::Upheld(_) => Kind::State,
            _ => Kind::Content,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn told(flaws: &[Flaw]) -> Vec<String> {
        flaws.iter().map(|flaw| format!("{}：{flaw}", flaw.provision())).collect()
    }

    #[test]
    fn a_notice_is_told_everything_it_lacks_at_once() {
        let (today, terms) = (date(2025, 9, 1), Terms::in_force_on(date(2025, 9, 1)));
        let invitees = ["甲".to_owned(), "乙".to_owned()];
        let mut notice = Announced {
            method: Method::InvitedTender,
            notice: "选择运营机构",
            how: " ",
            asked: "材料",
            deadline: Some(date(2025, 9, 20)),
            invitees: &invitees,
        };
        assert_eq!(
            told(&notice.flaws(today, &terms)),
            [
                "第十四条：遴选公告应载明“申请办法”",
                "《中华人民共和国招标投标法》第二十四条：申请截止日2025-09-20过早：招标自公告至截止不得少于20日，最早为2025-09-21",
                "《中华人民共和国招标投标法》第十七条：邀请招标应邀请至少3家单位，现在写明2家",
            ]
        );
        notice = Announced { method: Method::Negotiation, how: "平台申请", invitees: &[], ..notice };
        assert_eq!(notice.flaws(today, &terms), [], "招标投标法的期限不适用于谈判");
        notice.deadline = Some(date(2025, 8, 31));
        assert_eq!(notice.flaws(today, &terms), [Flaw::Past(date(2025, 8, 31))]);
    }

    #[test]
    fn the_tender_laws_terms_do_not_run_in_a_negotiation() {
        let (today, terms) = (date(2025, 9, 1), Terms::in_force_on(date(2025, 9, 1)));
        let dates = |method: Method| (method.publicity_until(today, &terms), method.contract_by(today, &terms));
        assert_eq!(dates(Method::OpenTender), (Some(date(2025, 9, 4)), Some(date(2025, 10, 1))));
        assert_eq!(dates(Method::Negotiation), (None, None));
        assert_eq!((Method::OpenTender.fewest(&terms), Method::Negotiation.fewest(&terms)), (3, 2));
    }
}
