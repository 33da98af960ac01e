//! 期限 — the terms and periods that are set for the parties (Articles 13, 16, 17, 23, 26, 28, 31, 32).
//!
//! The numbers stand in `terms.toml`, dated, each with its source and its layer, because a draft
//! changes and the law of the day applies: a case asks for the [`Terms`] in force on its own day.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use crate::WorkingDays;

/// 期限 — a term that runs in working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Term {
    /// 实施方案备案 — the plan is filed with the provincial data authority.
    PlanFiling,
    /// 授权运营协议备案 — the agreement is filed with the provincial data authority.
    AgreementFiling,
    /// 数据需求形式审查 — the implementing agency reviews the form of a demand.
    FormalReview,
    /// 数据需求审核 — the data provider reviews a demand.
    ProviderReview,
    /// 数据供给 — the data provider supplies what was approved.
    Supply,
    /// 终止数据保障的提前告知 — notice to the operator before supply ceases.
    CessationNotice,
    /// 主动终止的书面告知 — the operator's own notice before it ceases.
    OwnCessationNotice,
    /// 来件受理 — the implementing agency accepts what the public wrote, or says why not.
    FeedbackAcceptance,
    /// 来件答复 — the implementing agency answers what it accepted.
    FeedbackAnswer,
    /// 届满前提醒 — how long before its end a term is brought to mind.
    Reminder,
}

/// 时限 — a period that runs in years or in days of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// 授权运营期限 — how long an agreement may run, in principle.
    AgreementYears,
    /// 系统日志留存 — how long logs are kept, at least.
    LogRetention,
    /// 信息披露周期 — how often use is disclosed.
    DisclosureCycle,
    /// 运营评估周期 — how often an operator is evaluated.
    EvaluationCycle,
    /// 应急演练周期 — how often emergencies are drilled.
    DrillCycle,
    /// 凭据有效期 — how long a credential lives.
    CredentialLifetime,
    /// 草稿保留 — how long a draft is kept after it was last saved.
    DraftLifetime,
    /// 招标的申请时间 — from the notice until bids close, at least.
    BidTime,
    /// 候选人公示 — how long candidates are shown before one is selected, at least.
    CandidatePublicity,
    /// 异议答复 — how long the agency has to answer an applicant's objection.
    ObjectionAnswer,
    /// 合同订立 — within how long after the result the agreement is signed.
    AwardContract,
    /// 失信名单查询的有效期 — how old an answer of the public blacklists may be.
    BlacklistAnswer,
}

/// 最少数目 — how many there have to be, at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Count {
    /// 受邀单位 — whom an invited tender invites.
    Invitees,
    /// 投标人 — who takes part in a tender.
    Bidders,
    /// 谈判对象 — with whom a negotiation is held.
    Negotiators,
    /// 招标的评审人.
    TenderEvaluators,
    /// 谈判的评审人.
    NegotiationEvaluators,
}

/// 现行期限 — every term and period as it is in force on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "terms are made of terms, periods and counts")]
pub struct Terms {
    terms: BTreeMap<Term, Entry>,
    periods: BTreeMap<Period, Entry>,
    counts: BTreeMap<Count, Entry>,
}

/// 一项期限 — its length, and everything a page tells about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// 名称.
    pub name: String,
    /// 依据 — the provision that sets it, as it is cited.
    pub basis: String,
    /// The length in force, with its source.
    #[serde(flatten)]
    pub value: Value,
    /// 提前适用 — the day asked for lies before the first value; that value is used all the same.
    pub anticipated: bool,
}

/// 数值 — a length, from when on it holds, and who says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// 自何日起.
    pub from: Date,
    /// 多少.
    pub is: u16,
    /// 单位.
    pub unit: Unit,
    /// 来源 — the instrument.
    pub source: String,
    /// 层级.
    pub layer: Layer,
    /// 说明 — how we read it where the text is silent.
    pub note: String,
}

/// 单位 — what a length is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// 工作日.
    WorkingDays,
    /// 日 — days of the calendar.
    Days,
    /// 年.
    Years,
    /// 家 — organisations.
    Organisations,
    /// 人.
    People,
}

/// 层级 — who sets a number. What is our own rule and not the text is 平台, and is shown so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Layer {
    /// 国家.
    #[serde(rename = "国家")]
    Nation,
    /// 省.
    #[serde(rename = "省")]
    Province,
    /// 市.
    #[serde(rename = "市")]
    City,
    /// 平台.
    #[serde(rename = "平台")]
    Platform,
}

static TERMS: LazyLock<File> =
    LazyLock::new(|| toml::from_str(include_str!("../terms.toml")).expect("a test parses it"));

impl Terms {
    /// 某日的现行期限 — the terms in force on `day`.
    pub fn in_force_on(day: Date) -> Self {
        let terms = TERMS.term.iter().map(|(term, dated)| (*term, dated.on(day)));
        let periods = TERMS.period.iter().map(|(period, dated)| (*period, dated.on(day)));
        let counts = TERMS.count.iter().map(|(count, dated)| (*count, dated.on(day)));
        Self { terms: terms.collect(), periods: periods.collect(), counts: counts.collect() }
    }

    /// How long `term` is.
    pub fn length(&self, term: Term) -> WorkingDays {
        WorkingDays(self.entry(term).value.is)
    }

    /// `term` with its source, layer and note.
    pub fn entry(&self, term: Term) -> &Entry {
        &self.terms[&term] // a test finds every term in terms.toml
    }

    /// `period` with its source, layer and note.
    pub fn period(&self, period: Period) -> &Entry {
        &self.periods[&period] // a test finds every period in terms.toml
    }

    /// `count` with its source, layer and note.
    pub fn count(&self, count: Count) -> &Entry {
        &self.counts[&count] // a test finds every count in terms.toml
    }

    /// 到期之日 — the last day of `period`, when it runs from the day `from`.
    ///
    /// Years end on the day of the same number (Civil Code, Article 202), days after so many days.
    pub fn end_of(&self, period: Period, from: Date) -> Date {
        let value = &self.period(period).value;
        let length = match value.unit {
            Unit::Years => Span::new().try_years(value.is),
            Unit::Days | Unit::WorkingDays | Unit::Organisations | Unit::People => Span::new().try_days(value.is),
        };
        length.map_or(Date::MAX, |length| from.saturating_add(length))
    }

    /// Every term, for a page that lists them.
    pub fn terms(&self) -> impl Iterator<Item = (Term, &Entry)> {
        self.terms.iter().map(|(term, entry)| (*term, entry))
    }

    /// Every period, for a page that lists them.
    pub fn periods(&self) -> impl Iterator<Item = (Period, &Entry)> {
        self.periods.iter().map(|(period, entry)| (*period, entry))
    }

    /// Every count, for a page that lists them.
    pub fn counts(&self) -> impl Iterator<Item = (Count, &Entry)> {
        self.counts.iter().map(|(count, entry)| (*count, entry))
    }
}

impl Layer {
    /// 名称.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nation => "国家",
            Self::Province => "省",
            Self::City => "市",
            Self::Platform => "平台",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// 10个工作日, 5年, 365日.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::WorkingDays => WorkingDays(self.is).fmt(f),
            Unit::Days => write!(f, "{}日", self.is),
            Unit::Years => write!(f, "{}年", self.is),
            Unit::Organisations => write!(f, "{}家", self.is),
            Unit::People => write!(f, "{}人", self.is),
        }
    }
}

/// `terms.toml` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    term: BTreeMap<Term, Dated>,
    period: BTreeMap<Period, Dated>,
    count: BTreeMap<Count, Dated>,
}

/// One subject with its values, the oldest first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dated {
    name: String,
    basis: String,
    #[serde(rename = "value")]
    values: Values,
}

/// At least one value: a subject without a number cannot be read in.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<Value>")]
struct Values {
    first: Value,
    later: Vec<Value>,
}

impl Dated {
    fn on(&self, day: Date) -> Entry {
        let Values { first, later } = &self.values;
        let value = later.iter().rev().find(|value| value.from <= day).unwrap_or(first);
        Entry {
            name: self.name.clone(),
            basis: self.basis.clone(),
            value: value.clone(),
            anticipated: day < value.from,
        }
    }
}

impl TryFrom<Vec<Value>> for Values {
    type Error = &'static str;

    fn try_from(values: Vec<Value>) -> Result<Self, Self::Error> {
        if !values.is_sorted_by(|earlier, later| earlier.from < later.from) {
            return Err("the values of a term stand in the order of their dates");
        }
        let mut values = values.into_iter();
        let first = values.next().ok_or("a term has at least one value")?;
        Ok(Self { first, later: values.collect() })
    }
}

#[cfg(test)]
mod tests;
