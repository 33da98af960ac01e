//! 告知 — who is told of what: written together with the act itself, so that nothing is done and nobody told.
//!
//! | 发生了什么 | 告知谁 | 事由 | 为什么 |
//! |---|---|---|---|
//! | 转到一方手里，或者状态变了而仍在其手里 | 现在应办理的一方 | 待您办理 | 期限自收到起算，收到要说得清（第二十三条第一款） |
//! | 状态变了，或者转手了 | 卷宗上的其他各方 | 有进展 | 不予通过的理由、供给、暂停，各方都应当得知（第二十三、三十四条） |
//! | 新立的卷宗还在自己案头（编制、拟订、加工） | 谁也不告知 | | 没有离开案头，草稿不打扰别人 |
//! | 时限服务督办 | 逾期的一方和实施机构 | 逾期督办 | 届满不等于通过，由实施机构监督（第八条第一款） |
//! | 社会公众来件 | 实施机构 | 待您办理 | 来件人没有收件处，凭查询码查看（第三十二条第一款） |
//! | 选定的运营机构的资格证明到期 | 它和实施机构，每项一次 | 证明到期 | 条件应当一直具备（第十五条） |
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
use regulation::{Calendar, Provision, Role, Term, notice::Reason};
use store::{
    Record, Row,
    granting::{agreement::Agreement, plan::Plan},
    list::Place,
    notice::{Notice, mailbox},
    operation::demand::Demand,
    record::{self, awaits},
    supervision::feedback::Feedback,
};

use crate::{Acting, File, Office, Recorded, Refused, Request, competence, competence::Subject, deadlines::Timed};

/// 告知什么 — the cases that parties are told of; what somebody keeps for themselves or for their organisation
/// (sessions, memberships, drafts, endpoints) is no case.
const CASES: [&str; 14] = [
    "calendar",
    "policies",
    "entry",
    "application",
    "plan",
    "selection",
    "candidate",
    "complaint",
    "agreement",
    "demand",
    "product",
    "use_agreement",
    "credential",
    "feedback",
];

/// How many cases under a term are held at a time.
const PAGE: u32 = 200;

/// 所处 — whom a record waits for and in which state, before an act or after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stood {
    awaits: String,
    state: &'static str,
}

impl Stood {
    pub(crate) fn of<R: Record>(record: &R) -> Self {
        Self { awaits: record.awaits(), state: record.state() }
    }
}

/// 变动 — how an act moves one record.
#[derive(Clone, Debug)]
pub(crate) struct Move {
    about: String,
    before: Option<Stood>,
    after: Stood,
    parties: Vec<(Role, String)>,
    due: Option<Date>,
}

impl Move {
    pub(crate) fn of<R: Record>(record: &R, before: Option<&Stood>) -> Self {
        let parties = if CASES.contains(&R::SUBJECT) { record.parties() } else { Vec::new() };
        // Nobody signs in as the public or as the program: there is no mailbox for them.
        let people = parties.into_iter().filter(|(role, _)| !role.is_the_program());
        let mut parties: Vec<(Role, String)> = people.map(|(role, org)| (role, org.to_owned())).collect();
        let after = Stood::of(record);
        let awaited = after.awaits.split_once('@').and_then(|(role, org)| Some((Role::named(role)?, org.to_owned())));
        let awaited = awaited.filter(|awaited| CASES.contains(&R::SUBJECT) && !parties.contains(awaited));
        parties.extend(awaited);
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
    file.entitled("notice.remind", "提醒即将届满的事项")?;
    match about.split_once('/') {
        Some((Plan::SUBJECT, id)) => remind_of::<Plan>(file, id).await,
        Some((Agreement::SUBJECT, id)) => remind_of::<Agreement>(file, id).await,
        Some((Demand::SUBJECT, id)) => remind_of::<Demand>(file, id).await,
        Some((Feedback::SUBJECT, id)) => remind_of::<Feedback>(file, id).await,
        _ => Err(Refused::Missing { what: "有期限的卷宗", id: about.to_owned() }),
    }
}

async fn remind_of<R: Timed>(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let record: R = file.read(R::NAME, id).await?;
    let last = last_soon(&file.calendar(), file.today());
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
fn last_soon(calendar: &Calendar, today: Date) -> Date {
    let length = regulation::Terms::in_force_on(today).length(Term::Reminder);
    calendar.due(today, length).date
}

impl Office {
    /// 届满前提醒 — tells everybody whose term ends soon and who has not been told yet; returns how many.
    pub async fn remind_of_what_is_due(&self, at: jiff::Timestamp) -> Result<usize, Refused> {
        let clock = Acting::clock(at);
        let today = clock.today();
        // Where the rules in force are older than this program, nothing is tried and nothing recorded.
        if !competence::may(&self.competence(), Role::Clock, "notice.remind") {
            return Ok(0);
        }
        let Ok(after) = last_soon(&self.calendar(), today).tomorrow() else { return Ok(0) }; // the end of time
        let (mut place, mut told): (Place, _) = ((today.to_string(), i64::MIN, String::new()), 0);
        loop {
            let rows =
                self.store.overdue_after(&after.to_string(), &place, PAGE).await.map_err(Refused::unavailable)?;
            let Some(last) = rows.last() else { return Ok(told) };
            place = (last.due.clone(), last.since, last.key.clone());
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
        }
    }

    async fn wants_reminding(&self, row: &Row, today: Date) -> Result<bool, Refused> {
        let timed = [Plan::SUBJECT, Agreement::SUBJECT, Demand::SUBJECT, Feedback::SUBJECT].contains(&row.subject());
        match row.due.parse::<Date>() {
            Ok(due) if timed && due >= today && !row.awaits.is_empty() => {
                let told = self.store.get::<Notice>(&reminder(&row.key, due)).await.map_err(Refused::unavailable)?;
                Ok(told.is_none())
            }
            _ => Ok(false),
        }
    }
}

/// 职权 — whether whoever acts may do this with the record, before anything is decided about it.
pub(crate) fn permitted<R: Record>(file: &File<'_>, act: &str, to: &str, record: &R) -> Result<(), Refused> {
    Ok(file.competence().check(file.acting, act, to, &Subject::of(record))?)
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
            let standing = |(waits, state): (&str, &'static str)| Stood { awaits: waits.to_owned(), state };
            let moved = Move {
                about: "demand/XQ".into(),
                before: before.map(standing),
                after: standing((waits, state)),
                parties: [OPERATOR, AGENCY, PROVIDER].map(|(role, org)| (role, org.to_owned())).to_vec(),
                due: None,
            };
            let at = "2025-09-01T01:00:00Z".parse().unwrap();
            let acting = Acting { person: "p".into(), org: org.to_owned(), role, post: String::new(), at };
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
            after: Stood { awaits: awaits(Role::MunicipalGovernment, "ju"), state: "审议" },
            parties: vec![(Role::ImplementingAgency, "ju".into()), (Role::MunicipalGovernment, "ju".into())],
            due: None,
        };
        let acting = Acting {
            person: "p".into(),
            org: "ju".into(),
            role: Role::ImplementingAgency,
            post: String::new(),
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        assert_eq!(moved.told(&acting, "x.submit"), [(Role::MunicipalGovernment, "ju", Reason::Yours)]);
    }
}
