//! “三重一大”决策 — a collective decision and what makes it one: a meeting, enough members, enough votes (Articles 13 and 16).
//!
//! The Measures say that the plan and the agreement are decided by this mechanism and not how many have to
//! agree. That half of the members have to be there, and more than half of all have to be in favour, is the
//! platform's own reading of the usual rules.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Provision, Violation};

/// 会议记录 — the collective decision that adopted something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    /// 会议名称
    pub meeting: String,
    /// 届次，如“第12次”
    #[serde(default)]
    pub session: String,
    /// 会议日期
    pub date: Date,
    /// 应到人数
    #[serde(default)]
    pub members: u32,
    /// 实到人数
    #[serde(default)]
    pub present: u32,
    /// 赞成票
    #[serde(default)]
    pub favour: u32,
    /// 反对票
    #[serde(default)]
    pub against: u32,
    /// 弃权票
    #[serde(default)]
    pub abstained: u32,
    /// 纪要要点
    #[serde(default)]
    pub digest: String,
}

/// 会议记录缺陷.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 没有会议
    #[error("审议通过应载明“三重一大”决策的{0}")]
    Missing(&'static str, &'static str, Provision),
    /// 会议在将来
    #[error("会议日期{0}还没有到")]
    Ahead(Date),
    /// 到会人数不足
    #[error("应到{members}人，实到{present}人，到会不足应到人数的一半，会议不能作出决定")]
    NoQuorum {
        /// 应到
        members: u32,
        /// 实到
        present: u32,
    },
    /// 人数对不上
    #[error("实到{present}人，票数合计{votes}，两者不一致")]
    Miscounted {
        /// 实到
        present: u32,
        /// 票数
        votes: u64,
    },
    /// 没有通过
    #[error("应到{members}人，赞成{favour}票，没有超过应到人数的一半，不能记为审议通过")]
    NotCarried {
        /// 应到
        members: u32,
        /// 赞成
        favour: u32,
    },
}

impl Minutes {
    /// Everything for which these minutes are no adoption, on the `basis` of the article that asks for them.
    pub fn flaws(&self, today: Date, basis: Provision) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let texts = [
            ("会议名称", "minutes.meeting", &self.meeting),
            ("届次", "minutes.session", &self.session),
            ("纪要要点", "minutes.digest", &self.digest),
        ];
        for (name, field, text) in texts {
            if text.trim().is_empty() {
                flaws.push(Flaw::Missing(name, field, basis));
            }
        }
        if self.date > today {
            flaws.push(Flaw::Ahead(self.date));
        }
        if self.members == 0 {
            flaws.push(Flaw::Missing("应到人数", "minutes.members", basis));
            return flaws;
        }
        let (members, present, favour) = (self.members, self.present, self.favour);
        let votes = u64::from(favour) + u64::from(self.against) + u64::from(self.abstained);
        if present > members || votes != u64::from(present) {
            flaws.push(Flaw::Miscounted { present, votes });
        }
        if u64::from(present) * 2 < u64::from(members) {
            flaws.push(Flaw::NoQuorum { members, present });
        } else if u64::from(favour) * 2 <= u64::from(members) {
            flaws.push(Flaw::NotCarried { members, favour });
        }
        flaws
    }

    /// 第12次市人民政府常务会议.
    pub fn called(&self) -> String {
        format!("{}{}", self.session.trim(), self.meeting.trim())
    }

    /// 应到11人，实到9人，赞成9票，反对0票，弃权0票.
    pub fn votes(&self) -> String {
        format!(
            "应到{}人，实到{}人，赞成{}票，反对{}票，弃权{}票",
            self.members, self.present, self.favour, self.against, self.abstained
        )
    }
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        match self {
            Self::Missing(.., basis) => *basis,
            _ => Provision::PLATFORM,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::Missing(_, field, _) => field,
            Self::Ahead(_) => "minutes.date",
            Self::NoQuorum { .. } | Self::Miscounted { .. } => "minutes.present",
            Self::NotCarried { .. } => "minutes.favour",
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::NoQuorum { .. } | Self::NotCarried { .. } => "没有作出决定的，请退回，或者另行开会后再记".to_owned(),
            _ => "请按会议纪要核对后填写".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::article;

    fn minutes(members: u32, present: u32, favour: u32) -> Minutes {
        Minutes {
            meeting: "市人民政府常务会议".into(),
            session: "第12次".into(),
            date: date(2025, 9, 1),
            members,
            present,
            favour,
            against: present.saturating_sub(favour),
            abstained: 0,
            digest: "同意".into(),
        }
    }

    #[test]
    fn a_meeting_without_a_quorum_or_a_majority_decides_nothing() {
        let told = |minutes: Minutes| {
            let flaws = minutes.flaws(date(2025, 9, 1), article(13));
            flaws.iter().map(|flaw| format!("{flaw}（{}）", flaw.provision())).collect::<Vec<_>>()
        };
        assert_eq!(told(minutes(11, 9, 8)), Vec::<String>::new());
        assert_eq!(
            told(minutes(11, 5, 5)),
            ["应到11人，实到5人，到会不足应到人数的一半，会议不能作出决定（平台规则）"]
        );
        assert_eq!(
            told(minutes(11, 9, 5)),
            ["应到11人，赞成5票，没有超过应到人数的一半，不能记为审议通过（平台规则）"]
        );
        assert_eq!(
            told(Minutes { session: String::new(), date: date(2025, 9, 2), abstained: 1, ..minutes(11, 9, 8) }),
            [
                "审议通过应载明“三重一大”决策的届次（第十三条）",
                "会议日期2025-09-02还没有到（平台规则）",
                "实到9人，票数合计10，两者不一致（平台规则）",
            ]
        );
    }

    proptest! {
        #[test]
        fn what_is_carried_has_more_than_half_of_all_members(members in 0u32..60, present in 0u32..60, favour in 0u32..60) {
            let carried = minutes(members, present, favour).flaws(date(2025, 9, 1), article(13)).is_empty();
            if carried {
                prop_assert!(favour * 2 > members && favour <= present && present <= members);
            }
        }
    }
}
