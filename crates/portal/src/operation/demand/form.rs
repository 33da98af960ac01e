//! 需求表单 — what stands in it, which of its parts still lack something, and what lies ahead once it is sent.

use std::collections::{BTreeMap, BTreeSet};

use regulation::{
    Provision, Terms, Violation, article,
    granting::scope::Scope,
    operation::demand::{Fault, Purpose, ahead},
};
use store::{basics::catalogue::Entry, granting::agreement::Agreement, operation::demand::Demand};
use workflow::{Acting, Refused};

use crate::{Door, frame::Trouble};

regulation::words! {
    /// 步骤 — one group of fields a page.
    pub enum Step {
        Choose = "选择协议与条目",
        Ask = "信息项与用途",
        Explain = "必要性",
        Check = "核对并提交",
    }
}

impl Step {
    /// The step after this one.
    pub fn next(self) -> Self {
        Self::ALL.iter().copied().find(|step| *step > self).unwrap_or(Self::Check)
    }
}

/// 还缺什么 — where, in whose words, on what basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    pub step: Step,
    /// 页面上的编号
    pub place: &'static str,
    pub says: String,
    pub basis: Provision,
}

/// 一项信息项，如授权范围所列.
pub struct Field {
    pub code: String,
    pub name: String,
    pub personal: bool,
    pub ticked: bool,
    /// 为什么需要这一项
    pub reason: String,
}

/// 接下来 — who acts within how many working days.
pub struct Ahead {
    pub what: String,
    pub who: String,
    pub within: String,
    pub basis: String,
}

/// 填写的内容 — wherever it comes from: a draft, a refused demand, a form that was refused.
pub struct Form {
    pub typed: Trouble,
    /// 本单位履行中的协议，各带目录条目
    pub agreements: Vec<(Agreement, Vec<Entry>)>,
    pub chosen: Option<(Agreement, Entry)>,
}

impl Form {
    /// Reads the agreements of whoever fills it in, and finds what was chosen among them.
    pub async fn of(door: &Door, acting: &Acting, typed: Vec<(String, String)>) -> Result<Self, Refused> {
        let mut agreements = Vec::new();
        for agreement in door.office.store.list::<Agreement>("", 200).await.map_err(Refused::Unavailable)? {
            if agreement.operator == acting.org && agreement.state.active() && agreement.period.covers(acting.today()) {
                let mut entries = Vec::new();
                for id in agreement.scope.0.keys() {
                    let entry = door.office.store.get::<Entry>(id).await.map_err(Refused::Unavailable)?;
                    entries.extend(entry.map(|(entry, _)| entry));
                }
                agreements.push((agreement, entries));
            }
        }
        let typed = Trouble { notice: None, typed };
        let (agreement, entry) = choice(&typed);
        let pair = agreements.iter().find(|(candidate, _)| candidate.id == agreement);
        let chosen = pair.and_then(|(agreement, entries)| {
            entries.iter().find(|candidate| candidate.id == entry).map(|entry| (agreement.clone(), entry.clone()))
        });
        Ok(Self { typed, agreements, chosen })
    }

    /// What was typed into a field.
    pub fn text(&self, name: &str) -> &str {
        self.typed.typed(name)
    }

    /// The fields of the chosen entry that the agreement grants.
    pub fn fields(&self) -> Vec<Field> {
        let Some((agreement, entry)) = &self.chosen else { return Vec::new() };
        let granted = agreement.scope.0.get(&entry.id);
        let fields =
            entry.content.fields.iter().filter(|field| granted.is_some_and(|granted| granted.contains(&field.code)));
        let told = |field: &regulation::basics::catalogue::Field| Field {
            ticked: self.typed.ticked("fields[]", &field.code),
            reason: self.text(&format!("reasons.{}", field.code)).to_owned(),
            code: field.code.clone(),
            name: field.name.clone(),
            personal: field.personal.any(),
        };
        fields.map(told).collect()
    }

    /// Those that are asked for.
    pub fn asked(&self) -> Vec<Field> {
        self.fields().into_iter().filter(|field| field.ticked).collect()
    }

    /// Whether any of them is explained by itself.
    pub fn explained(&self) -> bool {
        self.asked().iter().any(|field| !field.reason.is_empty())
    }

    /// What had been asked for and cannot be any more: the catalogue or the agreement has changed since.
    pub fn lost(&self) -> Vec<&str> {
        let known: BTreeSet<String> = self.fields().into_iter().map(|field| field.code).collect();
        let asked = self.typed.typed.iter().filter(|(name, _)| name == "fields[]").map(|(_, code)| code.as_str());
        asked.filter(|code| !known.contains(*code)).collect()
    }

    pub fn purpose(&self) -> Option<Purpose> {
        Purpose::coded(self.text("purpose"))
    }

    /// Whether this purpose was chosen.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the template walks over references")]
    pub fn is_for(&self, purpose: &Purpose) -> bool {
        self.purpose() == Some(*purpose)
    }

    /// Whether this is the first choice on the page, to which what is wrong with all of them leads.
    pub fn is_first(&self, agreement: &Agreement, entry: &Entry) -> bool {
        let mut pairs =
            self.agreements.iter().flat_map(|(held, entries)| entries.iter().map(move |entry| (held, entry)));
        pairs.next().is_some_and(|(held, first)| held.id == agreement.id && first.id == entry.id)
    }

    /// 还缺什么 — the same questions that submitting asks, before it is asked.
    pub fn lacks(&self) -> Vec<Lack> {
        let lack = |step, place, violation: &dyn Violation| Lack {
            step,
            place,
            says: violation.to_string(),
            basis: violation.provision(),
        };
        let mut lacks = Vec::new();
        let Some((agreement, entry)) = &self.chosen else {
            let (agreement, _) = choice(&self.typed);
            lacks.push(if agreement.is_empty() || self.agreements.iter().any(|(held, _)| held.id == agreement) {
                Lack {
                    step: Step::Choose, place: "choice-1", says: "没有选择目录条目".into(), basis: article(21)
                }
            } else {
                lack(Step::Choose, "choice-1", &Fault::Unauthorised(agreement.to_owned()))
            });
            return lacks;
        };
        let asked: BTreeSet<String> = self.asked().into_iter().map(|field| field.code).collect();
        let scope = Scope([(entry.id.clone(), asked)].into());
        let within = scope.check_filled("数据需求").and_then(|()| scope.check_within(&agreement.scope, "授权运营协议"));
        lacks.extend(within.err().map(|beyond| lack(Step::Ask, "fields-1", &beyond)));
        if self.purpose().is_none() {
            let basis = article(24).paragraph(1);
            lacks.push(Lack { step: Step::Ask, place: "purpose-1", says: "没有选择用途类别".into(), basis });
        }
        for (step, place) in [(Step::Ask, "scenario"), (Step::Explain, "necessity")] {
            if self.text(place).trim().is_empty() {
                lacks.push(lack(step, place, &Fault::Unexplained));
            }
        }
        lacks
    }

    /// 接下来会怎样 — from the procedure and the terms in force on that day.
    pub fn ahead(acting: &Acting) -> Vec<Ahead> {
        let terms = Terms::in_force_on(acting.today());
        let told =
            |(_, roles, term): (regulation::operation::demand::State, Vec<regulation::Role>, regulation::Term)| {
                let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
                let entry = terms.entry(term);
                Ahead {
                    what: entry.name.clone(),
                    who: names.join("、"),
                    within: entry.value.to_string(),
                    basis: entry.basis.clone(),
                }
            };
        ahead().into_iter().map(told).collect()
    }
}

/// Which agreement and entry were chosen: one radio button names both.
fn choice(typed: &Trouble) -> (&str, &str) {
    (typed.typed("agreement"), typed.typed("entry"))
}

/// The fields of a form that says again what a demand said.
pub fn pairs(demand: &Demand) -> Vec<(String, String)> {
    let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut pairs = vec![
        one("follows", &demand.id),
        one("agreement", &demand.agreement),
        one("entry", &demand.entry),
        one("purpose", &demand.purpose.code()),
        one("scenario", &demand.scenario),
        one("necessity", &demand.necessity),
    ];
    pairs.extend(demand.fields.iter().map(|field| one("fields[]", field)));
    pairs.extend(demand.reasons.iter().map(|(field, reason)| one(&format!("reasons.{field}"), reason)));
    pairs
}

/// The demand that a form would make, as far as it can be compared with another.
pub fn made(form: &Form) -> super::difference::Said {
    super::difference::Said {
        entry: form.chosen.as_ref().map(|(_, entry)| entry.content.name.clone()).unwrap_or_default(),
        fields: form.asked().into_iter().map(|field| field.code).collect(),
        purpose: form.purpose().map(|purpose| purpose.name().to_owned()).unwrap_or_default(),
        scenario: form.text("scenario").trim().to_owned(),
        necessity: form.text("necessity").trim().to_owned(),
        reasons: form
            .asked()
            .into_iter()
            .filter(|field| !field.reason.is_empty())
            .map(|field| (field.code, field.reason))
            .collect::<BTreeMap<_, _>>(),
    }
}
