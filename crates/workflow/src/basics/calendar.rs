//! 工作日历 — a year's arrangement is proposed by one person and comes into force by a second.

use regulation::{
    Calendar, Kind, Provision, Role, Violation,
    calendar::{
        Arrangement, Flaw, Import, Reading,
        proposal::{Act, PROCEDURE, State},
    },
};
use serde::{Deserialize, Serialize};
use store::basics::calendar::{Edition, InForce, Proposal};

use crate::{File, Recorded, Refused, approval, party::holder};

/// 修改 — the whole content anew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Revise {
    /// 编号
    pub id: String,
    /// 录入的内容
    #[serde(flatten)]
    pub import: Import,
}

/// 不能办理.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 没有不同
    #[error("与现行日历没有不同，不必提请")]
    Same,
    /// 现行日历已变
    #[error("提请时比照的是第{against}版日历，现行的已是第{now}版")]
    Outdated {
        /// 比照的
        against: u32,
        /// 现行的
        now: u32,
    },
    /// 还在重算
    #[error("第{0}版日历生效后的重算还没有完成")]
    Unsettled(u32),
    /// 没有理由
    #[error("撤回放假安排应当写明理由")]
    Unexplained,
}

impl Violation for Fault {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }

    fn advice(&self) -> String {
        match self {
            Self::Same => "请核对年份和内容；要更正通知的文号或者日期，也须内容不同",
            Self::Outdated { .. } => "请修改后重新提请，与现行的一版比照",
            Self::Unsettled(_) => "请等一分钟再办",
            Self::Unexplained => "请填写理由",
        }
        .to_owned()
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Outdated { .. } | Self::Unsettled(_) => Kind::State,
            Self::Same | Self::Unexplained => Kind::Content,
        }
    }
}

/// 提请 — an arrangement without a flaw, compared with the calendar in force.
pub async fn propose(mut file: File<'_>, ask: &Import) -> Result<Recorded, Refused> {
    file.entitled("calendar.propose", "提请放假安排")?;
    let agency = holder(&mut file, Role::ImplementingAgency).await?;
    let now = file.calendar();
    let Reading { arrangement, aside, .. } = checked(&file, &now, ask)?;
    let proposal = Proposal {
        id: file.number("RL"),
        agency,
        import: ask.clone(),
        against: now.edition(),
        state: State::Proposed,
        approval: approval::propose(&file, &arrangement),
        arrangement,
        aside,
        edition: None,
    };
    file.write(&proposal)?;
    file.record("propose", &proposal, proposal.state.name(), Provision::PLATFORM, ask)
}

/// 修改 — replaces the content and compares it anew; whoever revises is the proposer from then on.
pub async fn revise(mut file: File<'_>, ask: &Revise) -> Result<Recorded, Refused> {
    let mut proposal: Proposal = file.read("提请的放假安排", &ask.id).await?;
    let step = file.step(&PROCEDURE, (proposal.state, Act::Revise), &proposal)?;
    let now = file.calendar();
    let Reading { arrangement, aside, .. } = checked(&file, &now, &ask.import)?;
    proposal.import = ask.import.clone();
    proposal.against = now.edition();
    proposal.approval = approval::propose(&file, &arrangement);
    (proposal.arrangement, proposal.aside) = (arrangement, aside);
    file.write(&proposal)?;
    file.record("revise", &proposal, proposal.state.name(), step.basis, ask)
}

/// 复核同意 — by somebody else, to the content that was seen; the next edition is in force from the same moment.
/// The terms that run already are counted anew by the clock ([`crate::Office::recount`]).
pub async fn approve(mut file: File<'_>, id: &str, digest: &str) -> Result<Recorded, Refused> {
    let mut proposal: Proposal = file.read("提请的放假安排", id).await?;
    let step = file.step(&PROCEDURE, (proposal.state, Act::Approve), &proposal)?;
    approval::approve(&file, &mut proposal.approval, digest)?;
    let now = file.calendar();
    if proposal.against != now.edition() {
        return Err(Fault::Outdated { against: proposal.against, now: now.edition() }.into());
    }
    // What was sound when it was proposed may no longer be: the checks go with the program.
    Refused::if_any(&proposal.arrangement.flaws(file.today()))?;
    match file.find::<Edition>(&Edition::number(now.edition())).await? {
        Some(before) if before.since.is_some() && before.settled.is_none() => {
            return Err(Fault::Unsettled(before.number).into());
        }
        Some(_) => {}
        None => file.write(&edition(&now))?, // the calendar that came with the program, as it stood
    }
    let next = now.with(proposal.arrangement.clone());
    let year = Some(proposal.arrangement.year);
    file.write(&Edition { proposal: proposal.id.clone(), year, since: Some(file.acting.at), ..edition(&next) })?;
    file.write(&InForce { id: InForce::ID.to_owned(), edition: next.edition() })?;
    proposal.state = step.to;
    proposal.edition = Some(next.edition());
    file.write(&proposal)?;
    file.record("approve", &proposal, proposal.state.name(), step.basis, &proposal.approval.digest)
}

/// 撤回 — by either of them, with the reason.
pub async fn withdraw(mut file: File<'_>, id: &str, reason: &str) -> Result<Recorded, Refused> {
    let mut proposal: Proposal = file.read("提请的放假安排", id).await?;
    let step = file.step(&PROCEDURE, (proposal.state, Act::Withdraw), &proposal)?;
    if reason.trim().is_empty() {
        return Err(Fault::Unexplained.into());
    }
    proposal.state = step.to;
    file.write(&proposal)?;
    file.record("withdraw", &proposal, proposal.state.name(), step.basis, &reason)
}

/// What was handed in, if it can be counted with and changes anything.
fn checked(file: &File<'_>, now: &Calendar, import: &Import) -> Result<Reading, Refused> {
    let reading = import.read();
    Refused::if_any(&flaws(&reading, file.today()))?;
    let known = now.arrangements().get(&reading.arrangement.year);
    let same = |known: &Arrangement| known.citation() == reading.arrangement.citation();
    let next = now.with(reading.arrangement.clone());
    if known.is_some_and(same) && now.differences(&next).is_empty() {
        return Err(Fault::Same.into());
    }
    Ok(reading)
}

/// 缺陷 — of the reading and of what was read; what could not be read at all says nothing about the rest.
pub fn flaws(reading: &Reading, today: jiff::civil::Date) -> Vec<Flaw> {
    let nothing = matches!(reading.flaws[..], [Flaw::Nothing | Flaw::Both | Flaw::TooLarge(_) | Flaw::Unreadable(_)]);
    let mut flaws = reading.flaws.clone();
    let content = if nothing { Vec::new() } else { reading.arrangement.flaws(today) };
    for flaw in content {
        if !flaws.contains(&flaw) {
            flaws.push(flaw);
        }
    }
    flaws
}

fn edition(calendar: &Calendar) -> Edition {
    Edition {
        id: Edition::number(calendar.edition()),
        number: calendar.edition(),
        version: calendar.version().to_owned(),
        arrangements: calendar.arrangements().clone(),
        year: None,
        proposal: String::new(),
        since: None,
        settled: None,
    }
}
