//! 授权运营目录 — an entry as it is kept: what is in force, and the next version while it is being worked on.

use jiff::civil::Date;
use regulation::{
    Role,
    basics::catalogue::{Content, Notice, Opinion, State, Suspension},
};
use serde::{Deserialize, Serialize};

use crate::record::{Record, awaits, key};

/// 目录条目.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// 编号
    pub id: String,
    /// 提供单位
    pub provider: String,
    /// 实施机构
    pub agency: String,
    /// 内容 — in force once the entry has been published, until then what is being compiled.
    pub content: Content,
    /// 状态
    pub state: State,
    /// 版次 — how often it has been published; 0 before the first time.
    #[serde(default)]
    pub version: u32,
    /// 编制人 — everybody who wrote the content; they neither screen nor publish it.
    #[serde(default)]
    pub authors: Vec<String>,
    /// 审查意见
    #[serde(default)]
    pub opinions: Vec<Opinion>,
    /// 退回的理由 — told to the authors until they submit again.
    #[serde(default)]
    pub returned: Option<String>,
    /// 下一版
    #[serde(default)]
    pub next: Option<Box<Next>>,
    /// 暂停
    #[serde(default)]
    pub suspension: Option<Suspension>,
    /// 终止公告
    #[serde(default)]
    pub ending: Option<Notice>,
}

/// 下一版 — what is to replace the version in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Next {
    /// 内容
    pub content: Content,
    /// 状态
    pub state: State,
    /// 编制人
    pub authors: Vec<String>,
    /// 审查意见
    pub opinions: Vec<Opinion>,
    /// 退回的理由
    pub returned: Option<String>,
}

/// 在办的一版 — the parts of an entry that an act on its version moves.
pub struct Working<'a> {
    /// 内容
    pub content: &'a mut Content,
    /// 状态
    pub state: &'a mut State,
    /// 编制人
    pub authors: &'a mut Vec<String>,
    /// 审查意见
    pub opinions: &'a mut Vec<Opinion>,
    /// 退回的理由
    pub returned: &'a mut Option<String>,
}

impl Entry {
    /// 在办的一步 — where the version that is being worked on stands; where none is, the entry itself.
    pub fn stage(&self) -> State {
        self.next.as_ref().map_or(self.state, |next| next.state)
    }

    /// 在办的内容.
    pub fn draft(&self) -> &Content {
        self.next.as_ref().map_or(&self.content, |next| &next.content)
    }

    /// 在办的一版的审查意见.
    pub fn given(&self) -> &[Opinion] {
        self.next.as_ref().map_or(&self.opinions, |next| &next.opinions)
    }

    /// 在办的一版退回的理由.
    pub fn sent_back(&self) -> Option<&str> {
        self.next.as_ref().map_or(&self.returned, |next| &next.returned).as_deref()
    }

    /// 在办的一版.
    pub fn working(&mut self) -> Working<'_> {
        match &mut self.next {
            Some(next) => Working {
                content: &mut next.content,
                state: &mut next.state,
                authors: &mut next.authors,
                opinions: &mut next.opinions,
                returned: &mut next.returned,
            },
            None => Working {
                content: &mut self.content,
                state: &mut self.state,
                authors: &mut self.authors,
                opinions: &mut self.opinions,
                returned: &mut self.returned,
            },
        }
    }
}

impl Record for Entry {
    const SUBJECT: &'static str = "entry";
    fn id(&self) -> &str {
        &self.id
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        let mut parties =
            vec![(Role::DataProvider, self.provider.as_str()), (Role::ImplementingAgency, self.agency.as_str())];
        if let Some(ending) = &self.ending {
            parties.extend(ending.operators.iter().map(|operator| (Role::Operator, operator.as_str())));
        }
        parties
    }
    fn submitters(&self) -> Vec<&str> {
        let authors = self.next.as_ref().map_or(&self.authors, |next| &next.authors);
        authors.iter().map(String::as_str).collect()
    }
    fn awaits(&self) -> String {
        match self.stage() {
            State::Draft | State::Screening => awaits(Role::DataProvider, &self.provider),
            State::Verification => awaits(Role::ImplementingAgency, &self.agency),
            State::Published | State::Suspended | State::Ending | State::Ended => String::new(),
        }
    }
    fn due(&self) -> Option<Date> {
        (self.state == State::Ending).then(|| self.ending.as_ref().map(|ending| ending.last_day)).flatten()
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}

/// 一版 — as it was published; written once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// 编号 — the entry's and the version's number.
    pub id: String,
    /// 目录条目
    pub entry: String,
    /// 版次
    pub number: u32,
    /// 内容
    pub content: Content,
    /// 审查意见
    pub opinions: Vec<Opinion>,
    /// 发布之日
    pub published: Date,
}

impl Version {
    /// The number of a version.
    pub fn number_of(entry: &str, number: u32) -> String {
        format!("{entry}-V{number}")
    }
}

impl Record for Version {
    const SUBJECT: &'static str = "entry_version";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        key::<Entry>(&self.entry)
    }
}
