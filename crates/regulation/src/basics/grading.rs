//! 数据分级 — the grade of data, derived from what its leaking or misuse would harm and how badly (Article 5).
#![doc = include_str!("../../text/measures/05.md")]
//!
//! The table is that of GB/T 43697-2024, as secondary notes tell it; it is shown as the platform's reading
//! (docs/decisions/entry.md). Nobody types a grade: they answer six questions, each with a reason.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Provision, article};

words! {
    /// 数据级别 — grading under the data classification and grading system; a later one is a higher one.
    pub enum Grade { General = "一般数据", Important = "重要数据", Core = "核心数据" }
}

words! {
    /// 影响对象 — whom or what it would harm if the data were leaked, altered, destroyed or misused.
    pub enum Object {
        NationalSecurity = "国家安全",
        Economy = "经济运行",
        SocialOrder = "社会秩序",
        PublicInterest = "公共利益",
        OrganisationRights = "组织权益",
        PersonalRights = "个人权益",
    }
}

words! {
    /// 影响程度 — how badly; a later one is a worse one.
    pub enum Degree { None = "无影响", General = "一般危害", Serious = "严重危害", Grave = "特别严重危害" }
}

/// 一问之答 — how badly one object would be harmed, and why so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// 影响程度 — nothing while it has not been chosen.
    #[serde(default, deserialize_with = "crate::words::chosen")]
    pub degree: Option<Degree>,
    /// 理由
    #[serde(default)]
    pub reason: String,
}

/// 分级表 — every object with its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grading(pub BTreeMap<Object, Answer>);

/// 依据 — the duty to classify and grade.
pub const BASIS: Provision = article(5).paragraph(1);

impl Object {
    /// 对照表 — the grade that harm of this degree to this object gives.
    #[must_use]
    #[expect(clippy::match_same_arms, reason = "it is the table of the standard, object by object")]
    pub const fn grade(self, degree: Degree) -> Grade {
        use Object::{Economy, NationalSecurity, OrganisationRights, PersonalRights, PublicInterest, SocialOrder};
        match (self, degree) {
            (_, Degree::None) | (OrganisationRights | PersonalRights, _) => Grade::General,
            (NationalSecurity, Degree::General) => Grade::Important,
            (NationalSecurity, Degree::Serious | Degree::Grave) => Grade::Core,
            (Economy | SocialOrder | PublicInterest, Degree::General) => Grade::General,
            (Economy | SocialOrder | PublicInterest, Degree::Serious) => Grade::Important,
            (Economy | SocialOrder | PublicInterest, Degree::Grave) => Grade::Core,
        }
    }
}

impl Grading {
    /// 同一答复 — the same degree and reason for every object.
    #[must_use]
    pub fn alike(degree: Degree, reason: &str) -> Self {
        let answer = Answer { degree: Some(degree), reason: reason.to_owned() };
        Self(Object::ALL.iter().map(|object| (*object, answer.clone())).collect())
    }

    /// How badly this object would be harmed, as far as it has been answered.
    pub fn degree(&self, object: Object) -> Option<Degree> {
        self.0.get(&object).and_then(|answer| answer.degree)
    }

    /// Why so; empty where nothing was said.
    pub fn reason(&self, object: Object) -> &str {
        self.0.get(&object).map_or("", |answer| answer.reason.trim())
    }

    /// 就高定级 — the highest grade over all objects; nothing as long as one has not been answered.
    pub fn grade(&self) -> Option<Grade> {
        let each = Object::ALL.iter().map(|object| self.degree(*object).map(|degree| object.grade(degree)));
        each.collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// 定级所据 — the objects whose answers give the grade.
    pub fn decisive(&self) -> Vec<Object> {
        let Some(grade) = self.grade() else { return Vec::new() };
        let gives = |object: &Object| self.degree(*object).is_some_and(|degree| object.grade(degree) == grade);
        Object::ALL.iter().copied().filter(gives).collect()
    }

    /// The objects that have not been answered, and those whose answer has no reason.
    pub fn lacking(&self) -> impl Iterator<Item = (Object, &'static str)> {
        Object::ALL.iter().filter_map(|object| match self.degree(*object) {
            None => Some((*object, "影响程度")),
            Some(_) if self.reason(*object).is_empty() => Some((*object, "理由")),
            Some(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn degree() -> impl Strategy<Value = Degree> {
        proptest::sample::select(Degree::ALL)
    }

    fn grading() -> impl Strategy<Value = Grading> {
        proptest::collection::vec(degree(), Object::ALL.len()).prop_map(|degrees| {
            let answers = Object::ALL.iter().zip(degrees);
            Grading(
                answers
                    .map(|(object, degree)| (*object, Answer { degree: Some(degree), reason: "理由".into() }))
                    .collect(),
            )
        })
    }

    #[test]
    fn the_table_is_that_of_the_standard() {
        use {Degree::*, Grade as G};
        let table = [
            (Object::NationalSecurity, [G::Important, G::Core, G::Core]),
            (Object::Economy, [G::General, G::Important, G::Core]),
            (Object::SocialOrder, [G::General, G::Important, G::Core]),
            (Object::PublicInterest, [G::General, G::Important, G::Core]),
            (Object::OrganisationRights, [G::General; 3]),
            (Object::PersonalRights, [G::General; 3]),
        ];
        for (object, grades) in table {
            assert_eq!([General, Serious, Grave].map(|degree| object.grade(degree)), grades, "{object}");
            assert_eq!(object.grade(None), G::General, "{object}");
        }
    }

    #[test]
    fn an_unanswered_question_leaves_the_data_without_a_grade() {
        let mut grading = Grading::alike(Degree::None, "公开数据");
        assert_eq!(grading.grade(), Some(Grade::General));
        grading.0.remove(&Object::Economy);
        assert_eq!(grading.grade(), None);
        assert_eq!(grading.lacking().collect::<Vec<_>>(), [(Object::Economy, "影响程度")]);
    }

    proptest! {
        #[test]
        fn raising_a_degree_never_lowers_the_grade(
            grading in grading(), object in proptest::sample::select(Object::ALL), raised in degree()
        ) {
            let mut worse = grading.clone();
            let answer = worse.0.get_mut(&object).unwrap();
            answer.degree = answer.degree.max(Some(raised));
            prop_assert!(worse.grade() >= grading.grade());
        }

        #[test]
        fn the_grade_depends_only_on_the_worst(grading in grading(), object in proptest::sample::select(Object::ALL)) {
            // What alone gives less than the whole can be answered with no harm, and nothing changes.
            let mut without = grading.clone();
            if !grading.decisive().contains(&object) {
                without.0.get_mut(&object).unwrap().degree = Some(Degree::None);
            }
            prop_assert_eq!(without.grade(), grading.grade());
            let worst = Object::ALL.iter().filter_map(|one| Some(one.grade(grading.degree(*one)?))).max();
            prop_assert_eq!(grading.grade(), worst);
        }
    }
}
