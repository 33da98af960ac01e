//! 评审 — criteria that the notice announced, evaluators without an interest, and how their scores add up (Article 14).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{COMPETITION, Method};
use crate::{Count, Instrument, Provision, Terms, Violation};

const COMMITTEE: Provision = Instrument::TenderLaw.article(37);
/// What all criteria add up to.
const WHOLE: u32 = 100;
/// How many criteria there may be.
pub const MOST: usize = 8;

/// 评审标准.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// 名称
    pub name: String,
    /// 满分
    pub most: u16,
}

/// 评审人.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluator {
    /// 姓名
    pub name: String,
    /// 单位
    pub organisation: String,
}

/// 评分 — of one evaluator, by the place of each criterion, counted from 1.
pub type Scores = BTreeMap<String, u16>;

/// 评分的填写项.
pub const SCORE_FIELDS: [&str; MOST] =
    ["scores.1:n", "scores.2:n", "scores.3:n", "scores.4:n", "scores.5:n", "scores.6:n", "scores.7:n", "scores.8:n"];
const SCORE_NAMES: [&str; MOST] =
    ["scores.1", "scores.2", "scores.3", "scores.4", "scores.5", "scores.6", "scores.7", "scores.8"];

/// 评审缺陷.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 没有标准
    #[error("公告应写明评审标准，一行一项，如“技术方案 40”")]
    NoCriteria,
    /// 读不懂的一行
    #[error("评审标准“{0}”没有写明名称和分值")]
    Criterion(String),
    /// 太多
    #[error("评审标准最多{MOST}项，现在{0}项")]
    Many(usize),
    /// 重名
    #[error("“{0}”写了两遍")]
    Twice(String),
    /// 不是一百分
    #[error("评审标准的分值应合计{WHOLE}分，现在合计{0}分")]
    Sum(u32),
    /// 评审人太少
    #[error("{method}应有至少{fewest}名评审人，现在{are}名")]
    FewEvaluators {
        /// 方式
        method: Method,
        /// 至少
        fewest: u16,
        /// 现在
        are: usize,
    },
    /// 双数
    #[error("评审人应为单数，现在{0}名")]
    Even(usize),
    /// 评审人的一行读不懂
    #[error("评审人“{0}”应写明姓名、单位和利害关系声明，如“张三，市大数据研究院，无利害关系”")]
    Evaluator(String),
    /// 有利害关系
    #[error("评审人“{name}”声明“{said}”，应当回避")]
    Interested {
        /// 姓名
        name: String,
        /// 声明
        said: String,
    },
    /// 来自参选单位
    #[error("评审人“{name}”来自参选单位“{candidate}”，应当回避")]
    FromCandidate {
        /// 姓名
        name: String,
        /// 参选单位
        candidate: String,
    },
    /// 不认识的评审人
    #[error("“{0}”不是本次遴选的评审人")]
    Unknown(String),
    /// 漏评
    #[error("没有给“{}”评分", criterion)]
    Missing {
        /// 哪一项
        criterion: String,
        /// 第几项
        place: usize,
    },
    /// 超过满分
    #[error("“{criterion}”满分{most}分，评了{given}分")]
    Over {
        /// 哪一项
        criterion: String,
        /// 第几项
        place: usize,
        /// 满分
        most: u16,
        /// 评分
        given: u16,
    },
    /// 多出的评分
    #[error("公告没有第{0}项评审标准")]
    Foreign(String),
}

/// The criteria that a notice writes, one a line.
///
/// # Errors
/// Every [`Flaw`].
pub fn criteria(text: &str) -> Result<Vec<Criterion>, Vec<Flaw>> {
    let (mut criteria, mut flaws): (Vec<Criterion>, Vec<Flaw>) = Default::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let plain = line.trim_end_matches('分').trim_end();
        let number = plain.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
        let (name, most) = plain.split_at(number);
        let name = name.trim_end_matches(|letter: char| letter.is_whitespace() || "：:，,".contains(letter)).trim();
        match most.parse() {
            Ok(most) if most > 0 && !name.is_empty() => criteria.push(Criterion { name: name.to_owned(), most }),
            _ => flaws.push(Flaw::Criterion(line.to_owned())),
        }
    }
    for (place, criterion) in criteria.iter().enumerate() {
        if criteria.iter().take(place).any(|other| other.name == criterion.name) {
            flaws.push(Flaw::Twice(criterion.name.clone()));
        }
    }
    let sum = criteria.iter().map(|criterion| u32::from(criterion.most)).sum();
    match criteria.len() {
        0 if flaws.is_empty() => flaws.push(Flaw::NoCriteria),
        many if many > MOST => flaws.push(Flaw::Many(many)),
        _ if sum != WHOLE && flaws.is_empty() => flaws.push(Flaw::Sum(sum)),
        _ => {}
    }
    if flaws.is_empty() { Ok(criteria) } else { Err(flaws) }
}

/// 参选单位与其人员 — whoever may not evaluate.
#[derive(Clone, Debug)]
pub struct Contender<'a> {
    /// 名称
    pub name: &'a str,
    /// 单位编号、统一社会信用代码
    pub codes: [&'a str; 2],
    /// 法定代表人和申报的人员
    pub people: Vec<&'a str>,
}

/// The evaluators that the agency names, one a line; none of them has an interest, none is a candidate's.
///
/// # Errors
/// Every [`Flaw`].
pub fn evaluators(
    text: &str,
    method: Method,
    contenders: &[Contender],
    terms: &Terms,
) -> Result<Vec<Evaluator>, Vec<Flaw>> {
    let (mut evaluators, mut flaws): (Vec<Evaluator>, Vec<Flaw>) = Default::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let parts: Vec<&str> = line.splitn(3, ['，', ',']).map(str::trim).collect();
        let [name, organisation, said] = parts[..] else {
            flaws.push(Flaw::Evaluator(line.to_owned()));
            continue;
        };
        if name.is_empty() || organisation.is_empty() || said.is_empty() {
            flaws.push(Flaw::Evaluator(line.to_owned()));
            continue;
        }
        if said != "无利害关系" {
            flaws.push(Flaw::Interested { name: name.to_owned(), said: said.to_owned() });
        }
        let theirs = |contender: &&Contender| {
            contender.name == organisation
                || contender.codes.contains(&organisation)
                || contender.people.contains(&name)
        };
        if let Some(contender) = contenders.iter().find(theirs) {
            flaws.push(Flaw::FromCandidate { name: name.to_owned(), candidate: contender.name.to_owned() });
        }
        if evaluators.iter().any(|other| other.name == name) {
            flaws.push(Flaw::Twice(name.to_owned()));
        }
        evaluators.push(Evaluator { name: name.to_owned(), organisation: organisation.to_owned() });
    }
    let count = if method.is_tender() { Count::TenderEvaluators } else { Count::NegotiationEvaluators };
    let (fewest, are) = (terms.count(count).value.is, evaluators.len());
    if are < fewest.into() {
        flaws.push(Flaw::FewEvaluators { method, fewest, are });
    } else if are % 2 == 0 {
        flaws.push(Flaw::Even(are));
    }
    if flaws.is_empty() { Ok(evaluators) } else { Err(flaws) }
}

/// 评审人的姓名 — as they stand in such a list.
pub fn evaluators_named(text: &str) -> Vec<String> {
    let names = text.lines().filter_map(|line| line.split(['，', ',']).next());
    names.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// What is wrong with one evaluator's scores: every announced criterion is scored, within its bounds.
pub fn flaws(criteria: &[Criterion], scores: &Scores) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (place, Criterion { name, most }) in criteria.iter().enumerate() {
        let (place, criterion) = (place + 1, name.clone());
        match scores.get(&place.to_string()) {
            None => flaws.push(Flaw::Missing { criterion, place }),
            Some(given) if given > most => flaws.push(Flaw::Over { criterion, place, most: *most, given: *given }),
            Some(_) => {}
        }
    }
    let known = |place: &String| place.parse().is_ok_and(|place: usize| (1..=criteria.len()).contains(&place));
    flaws.extend(scores.keys().filter(|place| !known(place)).map(|place| Flaw::Foreign(place.clone())));
    flaws
}

/// 得分 — the mean of all evaluators' sums, in hundredths of a point.
pub fn total<'a>(scores: impl ExactSizeIterator<Item = &'a Scores>) -> u32 {
    let count = u32::try_from(scores.len()).unwrap_or(u32::MAX);
    let sum: u32 = scores.map(|scores| scores.values().map(|score| u32::from(*score)).sum::<u32>()).sum();
    (sum * 100).checked_div(count).unwrap_or_default()
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        match self {
            Self::FewEvaluators { method, .. } if method.is_tender() => COMMITTEE,
            Self::Interested { .. } | Self::FromCandidate { .. } | Self::Even(_) => COMMITTEE,
            _ => COMPETITION,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::NoCriteria | Self::Criterion(_) | Self::Many(_) | Self::Sum(_) => "criteria",
            Self::FewEvaluators { .. }
            | Self::Even(_)
            | Self::Evaluator(_)
            | Self::Interested { .. }
            | Self::FromCandidate { .. } => "evaluators",
            Self::Unknown(_) => "evaluator",
            Self::Missing { place, .. } | Self::Over { place, .. } => {
                SCORE_NAMES.get(place - 1).copied().unwrap_or_default()
            }
            Self::Twice(_) | Self::Foreign(_) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn criteria_are_read_however_they_are_written_and_add_up() {
        let read = criteria("技术方案 40\n 服务能力：30分\n\n安全保障,30").unwrap();
        assert_eq!(
            read.iter().map(|one| (one.name.as_str(), one.most)).collect::<Vec<_>>(),
            [("技术方案", 40), ("服务能力", 30), ("安全保障", 30)]
        );
        assert_eq!(criteria(" \n"), Err(vec![Flaw::NoCriteria]));
        assert_eq!(criteria("方案 40\n服务 50"), Err(vec![Flaw::Sum(90)]));
        assert_eq!(criteria("方案\n99"), Err(vec![Flaw::Criterion("方案".into()), Flaw::Criterion("99".into())]));
    }

    #[test]
    fn whoever_has_an_interest_or_comes_from_a_candidate_does_not_evaluate() {
        let terms = Terms::in_force_on(date(2025, 9, 1));
        let company = Contender { name: "甲公司", codes: ["a", "9151"], people: vec!["王甲"] };
        let named = |lines: &str| evaluators(lines, Method::Negotiation, std::slice::from_ref(&company), &terms);
        let good = "张一，研究院，无利害关系\n李二，大学,无利害关系\n赵三，协会，无利害关系";
        assert_eq!(named(good).unwrap().len(), 3);
        let told: Vec<String> =
            named("张一，甲公司，无利害关系\n王甲，大学，无利害关系\n李二，协会，配偶在甲公司\n孙四，所")
                .unwrap_err()
                .iter()
                .map(ToString::to_string)
                .collect();
        assert_eq!(
            told,
            [
                "评审人“张一”来自参选单位“甲公司”，应当回避",
                "评审人“王甲”来自参选单位“甲公司”，应当回避",
                "评审人“李二”声明“配偶在甲公司”，应当回避",
                "评审人“孙四，所”应写明姓名、单位和利害关系声明，如“张三，市大数据研究院，无利害关系”",
            ]
        );
        assert!(matches!(
            evaluators(good, Method::OpenTender, &[], &terms).unwrap_err()[..],
            [Flaw::FewEvaluators { fewest: 5, are: 3, .. }]
        ));
    }

    #[test]
    fn each_criterion_is_scored_within_its_bounds_and_the_mean_counts() {
        let criteria = criteria("方案 60\n服务 40").unwrap();
        let scores = |pairs: &[(&str, u16)]| {
            pairs.iter().map(|(place, score)| ((*place).to_owned(), *score)).collect::<Scores>()
        };
        assert_eq!(flaws(&criteria, &scores(&[("1", 60), ("2", 0)])), []);
        let told = flaws(&criteria, &scores(&[("1", 61), ("3", 1)]));
        assert_eq!(told.iter().map(Violation::field).collect::<Vec<_>>(), ["scores.1", "scores.2", ""]);
        let all = [scores(&[("1", 50), ("2", 30)]), scores(&[("1", 51), ("2", 30)]), scores(&[("1", 50), ("2", 30)])];
        assert_eq!(total(all.iter()), 8033);
        assert_eq!(total([].iter()), 0);
    }
}
