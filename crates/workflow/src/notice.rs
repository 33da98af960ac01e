//! 告知 — who is told of what: written together with the act itself, so that nothing is done and nobody told.
//!
//! | 发生了什么 | 告知谁 | 事由 | 为什么 |
//! |---|---|---|---|
//! | 转到一方手里，或者状态变了而仍在其手里 | 现在应办理的一方 | 待您办理 | 期限自收到起算，收到要说得清（第二十三条第一款） |
//! | 状态变了，或者转手了 | 卷宗上的其他各方 | 有进展 | 不予通过的理由、供给、暂停，各方都应当得知（第二十三、三十四条） |
//! | 新立的卷宗还在自己案头（编制、拟订、加工） | 谁也不告知 | | 没有离开案头，草稿不打扰别人 |
//! | 时限服务督办 | 逾期的一方和实施机构 | 逾期督办 | 届满不等于通过，由实施机构监督（第八条第一款） |
//! | 剩余不多于2个工作日 | 应办理的一方，每件每个期限一次 | 即将届满 | 平台规则，只为不误期限 |
//!
//! Nobody is told of their own act: the desk that acts knows. A desk is an organisation in a role; another
//! role of the same organisation is another desk.

pub mod address;
pub mod dispatch;
pub mod endpoint;
pub mod reading;

use std::collections::BTreeMap;

use jiff::civil::Date;
use regulation::{Provision, Role, Term, notice::Reason};
use store::{
    Record, Row,
    granting::{agreement::Agreement, plan::Plan},
    notice::{Notice, mailbox},
    operation::demand::Demand,
    record::{self, awaits},
};

use crate::{Acting, File, Office, Recorded, Refused, Request, refused::Overreach};

/// 所处 — whom a record waits for and in which state, before an act or after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    awaits: String,
    state: &'static str,
}

impl Standing {
    pub(crate) fn of<R: Record>(record: &R) -> Self {
        Self { awaits: record.awaits(), state: record.state() }
    }
}

/// 变动 — how an act moves one record.
#[derive(Clone, Debug)]
pub(crate) struct Move {
    about: String,
    before: Option<Standing>,
    after: Standing,
    parties: Vec<(Role, String)>,
    due: Option<Date>,
}

impl Move {
    pub(crate) fn of<R: Record>(record: &R, before: Option<&Standing>) -> Self {
        let mut parties: Vec<(Role, String)> =
            record.parties().into_iter().map(|(role, org)| (role, org.to_owned())).collect();
        let after = Standing::of(record);
        let awaited = after.awaits.split_once('@').and_then(|(role, org)| Some((Role::named(role)?, org.to_owned())));
        parties.extend(awaited.filter(|awaited| !parties.contains(awaited)));
        Self { about: record::key::<R>(record.id()), before: before.cloned(), after, parties, due: record.due() }
    }

    /// Who is told of this move, and why: the table above.
    fn told(&self, acting: &Acting, act: &str) -> Vec<(Role, &str, Reason)> {
        let own = awaits(acting.role, &acting.org);
        let parties = self.parties.iter().map(|(role, org)| (*role, org.as_str()));
        let waits = |role: Role, org: &str| awaits(role, org) == self.after.awaits;
        if acting.role == Role::Clock && act.ends_with(".escalate") {
            let told = parties.filter(|(role, org)| waits(*role, org) || *role == Role::ImplementingAgency);
            return told.map(|(role, org)| (role, org, Reason::Overdue)).collect();
        }
        let unmoved = self.before.as_ref() == Some(&self.after);
        let still_a_draft = self.before.is_none() && self.after.awaits == own;
        if unmoved || still_a_draft {
            return Vec::new();
        }
        let reason = |role, org: &str| if waits(role, org) { Reason::Yours } else { Reason::Progress };
        let others = parties.filter(|(role, org)| awaits(*role, org) != own);
        others.map(|(role, org)| (role, org, reason(role, org))).collect()
    }
}

/// 应当告知的 — the notices that an act owes, for everything it moves.
pub(crate) fn owed(file: &File<'_>, act: &str, basis: Provision, moves: BTreeMap<String, Move>) -> Vec<Notice> {
    let mut notices: Vec<Notice> = Vec::new();
    for moved in moves.into_values() {
        for (role, org, reason) in moved.told(file.acting, act) {
            notices.push(Notice {
                id: file.number("TZ"),
                mailbox: mailbox(role, org),
                org: org.to_owned(),
                reason,
                about: moved.about.clone(),
                act: act.to_owned(),
                by: file.acting.org.clone(),
                state: moved.after.state.to_owned(),
                basis: basis.to_string(),
                due: if matches!(reason, Reason::Progress) { None } else { moved.due },
                at: file.acting.at,
            });
        }
    }
    notices
}

/// 不必提醒.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Needless {
    #[error("本件的期限还不到提醒的时候，或者已经届满")]
    NotSoon,
    #[error("本件的这一期限已经提醒过")]
    Reminded,
}

impl regulation::Violation for Needless {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }
    fn kind(&self) -> regulation::Kind {
        regulation::Kind::State
    }
}

/// 提醒 — once for a case and a term: the number of the notice is made of both.
pub(crate) async fn remind(file: File<'_>, about: &str) -> Result<Recorded, Refused> {
    file.only(Role::Clock, "提醒即将届满的事项")?;
    match about.split_once('/') {
        Some((Plan::SUBJECT, id)) => remind_of::<Plan>(file, id).await,
        Some((Agreement::SUBJECT, id)) => remind_of::<Agreement>(file, id).await,
        Some((Demand::SUBJECT, id)) => remind_of::<Demand>(file, id).await,
        _ => Err(Refused::Missing { what: "有期限的卷宗", id: about.to_owned() }),
    }
}

async fn remind_of<R: Record>(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let record: R = file.read("卷宗", id).await?;
    let last = last_soon(file.office, file.today());
    let due = record.due().filter(|due| (file.today()..=last).contains(due)).ok_or(Needless::NotSoon)?;
    let party = record.parties().into_iter().find(|(role, org)| awaits(*role, org) == record.awaits());
    let (role, org) = party.ok_or(Needless::NotSoon)?;
    let about = record::key::<R>(id);
    let number = reminder(&about, due);
    if file.find::<Notice>(&number).await?.is_some() {
        return Err(Needless::Reminded.into());
    }
    let basis = Provision::PLATFORM;
    let notice = Notice {
        id: number,
        mailbox: mailbox(role, org),
        org: org.to_owned(),
        reason: Reason::Soon,
        about,
        act: "notice.remind".to_owned(),
        by: file.acting.org.clone(),
        state: record.state().to_owned(),
        basis: basis.to_string(),
        due: Some(due),
        at: file.acting.at,
    };
    file.write(&notice)?;
    file.record("remind", &notice, Reason::Soon.name(), basis, &due)
}

/// The number of the notice that brings a term to mind.
fn reminder(about: &str, due: Date) -> String {
    format!("TX-{}-{}", due.strftime("%Y%m%d"), about.replace('/', "-"))
}

/// The last day that is soon, seen from `today`.
fn last_soon(office: &Office, today: Date) -> Date {
    let length = regulation::Terms::in_force_on(today).length(Term::Reminder);
    office.calendar.due(today, length).date
}

impl Office {
    /// 届满前提醒 — tells everybody whose term ends soon and who has not been told yet; returns how many.
    pub async fn remind_of_what_is_due(&self, at: jiff::Timestamp) -> Result<usize, Refused> {
        let clock = Acting::clock(at);
        let today = clock.today();
        let last = last_soon(self, today);
        let rows = match last.tomorrow() {
            Ok(after) => self.store.due_before(&after.to_string()).await.map_err(Refused::unavailable)?,
            Err(_) => Vec::new(), // the end of time
        };
        let mut told = 0;
        for row in rows {
            if !self.wants_reminding(&row, today).await? {
                continue;
            }
            match self.perform(&clock, &Request::NoticeRemind { about: row.key }, None).await {
                Ok(_) => told += 1,
                Err(Refused::Against(_)) => {} // done in this very moment
                Err(refused) => return Err(refused),
            }
        }
        Ok(told)
    }

    async fn wants_reminding(&self, row: &Row, today: Date) -> Result<bool, Refused> {
        let timed = [Plan::SUBJECT, Agreement::SUBJECT, Demand::SUBJECT].contains(&row.subject());
        match row.due.parse::<Date>() {
            Ok(due) if timed && due >= today && !row.awaits.is_empty() => {
                let told = self.store.get::<Notice>(&reminder(&row.key, due)).await.map_err(Refused::unavailable)?;
                Ok(told.is_none())
            }
            _ => Ok(false),
        }
    }
}

/// 本单位的事 — settings are changed by those whom they concern; the auditor and the clock change nothing.
pub(crate) fn own(file: &File<'_>, org: &str) -> Result<(), Refused> {
    let Acting { role, org: ours, .. } = file.acting;
    match role {
        Role::Auditor | Role::Clock => Err(Overreach::Unentitled(*role, "改动单位的接收端点").into()),
        _ if ours == org => Ok(()),
        _ => Err(Overreach::Foreign.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENCY: (Role, &str) = (Role::ImplementingAgency, "ju");
    const PROVIDER: (Role, &str) = (Role::DataProvider, "jiaotong");
    const OPERATOR: (Role, &str) = (Role::Operator, "gongsi");

    /// 一行 — who acts, what they do, where the case stood, where it stands, and who is told.
    type Line<'a> = ((Role, &'a str), &'a str, Option<(&'a str, &'static str)>, (&'a str, &'static str), &'a str);

    #[test]
    fn each_party_is_told_what_concerns_it_and_nobody_of_their_own_act() {
        let [agency, provider, operator] = [AGENCY, PROVIDER, OPERATOR].map(|(role, org)| awaits(role, org));
        let table: [Line; 9] = [
            (OPERATOR, "demand.submit", None, (&agency, "形式审查"), "ju待您办理 jiaotong有进展"),
            (
                AGENCY,
                "demand.pass",
                Some((&agency, "形式审查")),
                (&provider, "提供单位审核"),
                "gongsi有进展 jiaotong待您办理",
            ),
            (AGENCY, "demand.refuse", Some((&agency, "形式审查")), ("", "不予通过"), "gongsi有进展 jiaotong有进展"),
            (
                PROVIDER,
                "demand.pass",
                Some((&provider, "提供单位审核")),
                (&provider, "待供给"),
                "gongsi有进展 ju有进展",
            ),
            (OPERATOR, "product.build", None, (&operator, "已加工"), ""),
            (OPERATOR, "entry.revise", Some((&operator, "编制")), (&operator, "编制"), ""),
            (
                AGENCY,
                "agreement.suspend",
                Some((&agency, "履行中")),
                (&agency, "已暂停"),
                "gongsi有进展 jiaotong有进展",
            ),
            (AGENCY, "x.change", Some((&provider, "甲")), (&provider, "乙"), "gongsi有进展 jiaotong待您办理"),
            (
                (Role::Clock, "platform"),
                "demand.escalate",
                Some((&provider, "待供给")),
                (&provider, "待供给"),
                "ju逾期督办 jiaotong逾期督办",
            ),
        ];
        for ((role, org), act, before, (waits, state), expected) in table {
            let standing = |(waits, state): (&str, &'static str)| Standing { awaits: waits.to_owned(), state };
            let moved = Move {
                about: "demand/XQ".into(),
                before: before.map(standing),
                after: standing((waits, state)),
                parties: [OPERATOR, AGENCY, PROVIDER].map(|(role, org)| (role, org.to_owned())).to_vec(),
                due: None,
            };
            let at = "2025-09-01T01:00:00Z".parse().unwrap();
            let acting = Acting { person: "p".into(), org: org.to_owned(), role, at };
            let mut told: Vec<String> =
                moved.told(&acting, act).iter().map(|(_, org, reason)| format!("{org}{reason}")).collect();
            told.sort();
            let mut expected: Vec<&str> = expected.split_whitespace().collect();
            expected.sort_unstable();
            assert_eq!(told, expected, "{act} {state}");
        }
    }

    #[test]
    fn another_role_of_the_same_organisation_is_another_desk() {
        let moved = Move {
            about: "x/1".into(),
            before: None,
            after: Standing { awaits: awaits(Role::MunicipalGovernment, "ju"), state: "审议" },
            parties: vec![(Role::ImplementingAgency, "ju".into()), (Role::MunicipalGovernment, "ju".into())],
            due: None,
        };
        let acting = Acting {
            person: "p".into(),
            org: "ju".into(),
            role: Role::ImplementingAgency,
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        assert_eq!(moved.told(&acting, "x.submit"), [(Role::MunicipalGovernment, "ju", Reason::Yours)]);
    }
}
