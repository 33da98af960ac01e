//! 期限的检验 — that every term has its number, its source and its day.

use expect_test::expect;
use jiff::civil::date;

use super::*;

/// The compiler asks for a new line here when a term is added.
#[rustfmt::skip] // The same list twice; let it look so.
const fn all(any: Term) -> [Term; 10] {
    use Term::*;
    match any {
        PlanFiling | AgreementFiling | FormalReview | ProviderReview | Supply | CessationNotice | OwnCessationNotice | FeedbackAcceptance | FeedbackAnswer | Reminder =>
       [PlanFiling , AgreementFiling , FormalReview , ProviderReview , Supply , CessationNotice , OwnCessationNotice , FeedbackAcceptance , FeedbackAnswer , Reminder],
    }
}

#[rustfmt::skip] // As above.
const fn all_periods(any: Period) -> [Period; 12] {
    use Period::*;
    match any {
        AgreementYears | LogRetention | DisclosureCycle | EvaluationCycle | DrillCycle | CredentialLifetime | DraftLifetime | BidTime | CandidatePublicity | ObjectionAnswer | AwardContract | BlacklistAnswer =>
       [AgreementYears , LogRetention , DisclosureCycle , EvaluationCycle , DrillCycle , CredentialLifetime , DraftLifetime , BidTime , CandidatePublicity , ObjectionAnswer , AwardContract , BlacklistAnswer],
    }
}

#[rustfmt::skip] // As above.
const fn all_counts(any: Count) -> [Count; 5] {
    use Count::*;
    match any {
        Invitees | Bidders | Negotiators | TenderEvaluators | NegotiationEvaluators =>
       [Invitees , Bidders , Negotiators , TenderEvaluators , NegotiationEvaluators],
    }
}

#[test]
fn every_term_and_every_period_has_an_entry() {
    for day in [Date::MIN, date(2025, 9, 1), Date::MAX] {
        let terms = Terms::in_force_on(day);
        for term in all(Term::Supply) {
            let entry = terms.entry(term);
            assert_eq!(entry.value.unit, Unit::WorkingDays, "{term:?}");
            assert!(terms.length(term) > WorkingDays(0), "{term:?}");
        }
        for period in all_periods(Period::LogRetention) {
            assert_ne!(terms.period(period).value.unit, Unit::WorkingDays, "{period:?}");
            assert!(terms.end_of(period, day) >= day, "{period:?}");
        }
        for count in all_counts(Count::Bidders) {
            let value = &terms.count(count).value;
            assert!(matches!(value.unit, Unit::Organisations | Unit::People) && value.is > 0, "{count:?}");
        }
    }
}

#[test]
fn the_terms_on_the_day_of_the_sample_city() {
    let terms = Terms::in_force_on(date(2025, 9, 1));
    let entries = terms.terms().map(|(_, entry)| entry);
    let lines = entries
        .chain(terms.periods().map(|(_, entry)| entry))
        .chain(terms.counts().map(|(_, entry)| entry))
        .map(|entry| format!("{} {} {} {}\n", entry.basis, entry.name, entry.value, entry.value.layer));
    expect![[r"
        第十三条 实施方案备案 10个工作日 市
        第十六条 授权运营协议备案 10个工作日 市
        第二十三条第一款 数据需求形式审查 5个工作日 市
        第二十三条第一款 数据需求审核 5个工作日 市
        第二十三条第一款 数据供给 5个工作日 市
        第二十六条第二款 终止数据保障的提前告知 10个工作日 市
        第二十六条第三款 运营机构主动终止的书面告知 10个工作日 市
        平台规则 来件受理 3个工作日 平台
        平台规则 来件答复 10个工作日 平台
        平台规则 届满前提醒 2个工作日 平台
        第十七条第二项 授权运营期限 5年 市
        第二十六条第二款 系统日志留存 1年 市
        第三十二条 信息披露周期 1年 平台
        第三十一条 运营评估周期 1年 平台
        第二十八条第二款 应急演练周期 1年 平台
        平台规则 凭据有效期 365日 平台
        平台规则 草稿保留 90日 平台
        《中华人民共和国招标投标法》第二十四条 招标自公告至申请截止 20日 国家
        《中华人民共和国招标投标法实施条例》第五十四条 候选人公示 3日 平台
        《中华人民共和国招标投标法实施条例》第五十四条 遴选异议答复 3日 平台
        《中华人民共和国招标投标法》第四十六条 中选后订立协议 30日 国家
        第十五条第二款第二项 失信名单查询的有效期 15日 平台
        《中华人民共和国招标投标法》第十七条 邀请招标的受邀单位 3家 国家
        《中华人民共和国招标投标法》第二十八条 招标的参选单位 3家 平台
        平台规则 谈判的参选单位 2家 平台
        《中华人民共和国招标投标法》第三十七条 招标的评审人 5人 平台
        平台规则 谈判的评审人 3人 平台
    "]]
    .assert_eq(&lines.collect::<String>());
}

#[test]
fn a_later_value_holds_from_its_day_on() {
    let layer = |day| Terms::in_force_on(day).period(Period::DisclosureCycle).value.layer;
    assert_eq!(layer(date(2026, 2, 9)), Layer::Platform);
    assert_eq!(layer(date(2026, 2, 10)), Layer::Nation);
}

#[test]
fn before_the_first_value_that_value_is_used_and_marked() {
    let entry = |day| Terms::in_force_on(day).entry(Term::Supply).clone();
    let (early, later) = (entry(date(2024, 12, 31)), entry(date(2025, 1, 1)));
    assert!(early.anticipated && !later.anticipated);
    assert_eq!(early.value, later.value);
}

#[test]
fn an_agreement_ends_on_the_day_of_the_same_number() {
    let terms = Terms::in_force_on(date(2025, 9, 1));
    let end = |from| terms.end_of(Period::AgreementYears, from);
    assert_eq!(end(date(2025, 9, 1)), date(2030, 9, 1));
    assert_eq!(end(date(2024, 2, 29)), date(2029, 2, 28));
    assert_eq!(end(Date::MAX), Date::MAX);
}

#[test]
fn a_number_of_our_own_says_so() {
    let terms = Terms::in_force_on(date(2026, 9, 1));
    let entries = terms.terms().map(|(_, e)| e).chain(terms.periods().map(|(_, e)| e));
    for Entry { name, value, .. } in entries {
        assert_eq!(value.layer == Layer::Platform, value.source == "平台规则", "{name}");
        assert!(!value.note.is_empty(), "{name}");
    }
}
