//! 失信名单 — whether the three public lists were asked, not long ago, and name neither the organisation nor its
//! legal representative (Article 15 paragraph 2 item 2).

use jiff::{Timestamp, civil::Date, tz::Offset};
use serde::{Deserialize, Serialize};

use super::Condition;
use crate::{Kind, Period, Provision, Terms, Violation, basics::mode::Mode};

words! {
    /// 名单.
    pub enum List {
        Defaulters = "失信被执行人名单",
        TaxOffenders = "重大税收违法案件当事人名单",
        GraveOffenders = "严重违法失信企业名单",
    }
}

words! {
    /// 查谁.
    pub enum Subject { Organisation = "单位", Representative = "法定代表人" }
}

/// 查询回执 — which list was asked for whom and when, and what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// 名单
    pub list: List,
    /// 查谁
    pub subject: Subject,
    /// 所查的名称、姓名
    pub name: String,
    /// 查询时间
    pub at: Timestamp,
    /// 是否在名单上
    pub listed: bool,
    /// 说明
    pub said: String,
    /// 来源
    pub source: String,
    /// 答复原文的 SHA-256
    pub sha256: String,
}

impl Receipt {
    /// 查询之日 — in the city.
    pub fn day(&self) -> Date {
        Offset::constant(8).to_datetime(self.at).date()
    }
}

/// 名单上的问题 — with the item of the mode that asks for a clean record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct Flaw {
    /// 什么问题
    pub fault: Fault,
    basis: Provision,
}

/// 什么问题.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 没有查
    #[error("没有查询{subject}是否在“{list}”上")]
    Unasked {
        /// 名单
        list: List,
        /// 查谁
        subject: Subject,
    },
    /// 查得太早
    #[error("{subject}在“{list}”的查询是{on}作的，已超过{days}日，应重新查询")]
    Stale {
        /// 名单
        list: List,
        /// 查谁
        subject: Subject,
        /// 查询之日
        on: Date,
        /// 多少日
        days: u16,
    },
    /// 在名单上
    #[error("{subject}“{name}”在“{list}”上")]
    Listed {
        /// 名单
        list: List,
        /// 查谁
        subject: Subject,
        /// 名称、姓名
        name: String,
    },
    /// 没有答复
    #[error("没有查到“{list}”：{why}")]
    Unanswered {
        /// 名单
        list: List,
        /// 为什么
        why: String,
    },
    /// 没有配置
    #[error("平台没有配置失信名单的查询服务")]
    Unconfigured,
}

impl Fault {
    /// The same with the item that asks for a clean record in this mode.
    pub fn under(self, mode: &Mode) -> Flaw {
        let condition = match mode {
            Mode::Whole => Condition::Standing,
            Mode::Sector { .. } => Condition::SectorRecord,
            Mode::Scenario { .. } => Condition::ScenarioOther,
        };
        Flaw { fault: self, basis: condition.provision() }
    }
}

/// Everything that the receipts do not show on `today`: each list, for the organisation and its representative.
pub fn flaws(receipts: &[Receipt], mode: &Mode, today: Date, terms: &Terms) -> Vec<Flaw> {
    let days = terms.period(Period::BlacklistAnswer).value.is;
    let mut faults = Vec::new();
    for list in List::ALL.iter().copied() {
        for subject in Subject::ALL.iter().copied() {
            let of = |receipt: &&Receipt| receipt.list == list && receipt.subject == subject;
            match receipts.iter().filter(of).max_by_key(|receipt| receipt.at) {
                None => faults.push(Fault::Unasked { list, subject }),
                Some(receipt) if receipt.listed => {
                    faults.push(Fault::Listed { list, subject, name: receipt.name.clone() });
                }
                Some(receipt) if terms.end_of(Period::BlacklistAnswer, receipt.day()) < today => {
                    faults.push(Fault::Stale { list, subject, on: receipt.day(), days });
                }
                Some(_) => {}
            }
        }
    }
    faults.into_iter().map(|fault| fault.under(mode)).collect()
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        self.basis
    }

    fn advice(&self) -> String {
        match self.fault {
            Fault::Listed { .. } => "请审查不合格，说明理由；已移出名单的，重新查询".to_owned(),
            Fault::Unconfigured | Fault::Unanswered { .. } => {
                "请联系系统管理员恢复查询服务，再查询；没有答复不当作不在名单上".to_owned()
            }
            Fault::Unasked { .. } | Fault::Stale { .. } => "请在参选申请的页面查询失信名单".to_owned(),
        }
    }

    fn kind(&self) -> Kind {
        match self.fault {
            Fault::Unanswered { .. } | Fault::Unconfigured => Kind::Outside,
            _ => Kind::Content,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn each_list_is_asked_for_both_lately_and_names_neither() {
        let terms = Terms::in_force_on(date(2025, 9, 1));
        let receipt = |list, subject, at: &str, listed| Receipt {
            list,
            subject,
            name: "某".into(),
            at: at.parse().unwrap(),
            listed,
            said: String::new(),
            source: "模拟".into(),
            sha256: String::new(),
        };
        let all = |at: &str| -> Vec<Receipt> {
            let both = |list: &List| Subject::ALL.iter().map(|who| receipt(*list, *who, at, false)).collect::<Vec<_>>();
            List::ALL.iter().flat_map(both).collect()
        };
        let clean = all("2025-08-31T17:00:00Z");
        assert_eq!(flaws(&clean, &Mode::Whole, date(2025, 9, 1), &terms), [], "在本市已是九月一日");
        assert_eq!(flaws(&[], &Mode::Whole, date(2025, 9, 1), &terms).len(), 6);
        let late = flaws(&clean, &Mode::Whole, date(2025, 9, 17), &terms);
        assert_eq!(late.len(), 6);
        assert_eq!(
            format!("{}：{}", late[0].provision(), late[0]),
            "第十五条第一款第一项：单位在“失信被执行人名单”的查询是2025-09-01作的，已超过15日，应重新查询"
        );
        let mut listed = clean;
        listed.push(receipt(List::TaxOffenders, Subject::Representative, "2025-09-01T01:00:00Z", true));
        let told = flaws(&listed, &Mode::Whole, date(2025, 9, 1), &terms);
        assert_eq!(
            told.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["法定代表人“某”在“重大税收违法案件当事人名单”上"]
        );
    }
}
