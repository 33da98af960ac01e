//! 证明到期 — the clock finds what a selected operator proved and what does not hold any more, and says so (Article 15).
//!
//! Nothing is decided by time: the selection stands, both sides are told, and the page shows it.

use jiff::{Timestamp, civil::Date};
use regulation::{
    Kind, Provision, Role, Violation, article,
    granting::selection::{Condition, State, qualification::expired},
    notice::Reason,
};
use store::{
    Record as _,
    granting::selection::{Selection, candidate::Candidate},
    notice::{Notice, mailbox},
    record,
};

use crate::{Acting, File, Office, Recorded, Refused, Request, competence};

/// How many selections are held at a time.
const PAGE: u32 = 200;

/// 没有新到期的.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("选定的运营机构没有新到期的资格证明")]
struct Nothing;

impl Violation for Nothing {
    fn provision(&self) -> Provision {
        article(15)
    }
    fn kind(&self) -> Kind {
        Kind::State
    }
}

/// 提示到期 — once for each condition and each day on which its proof ended.
pub(crate) async fn warn(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    file.entitled("selection.warn", "提示到期的资格证明")?;
    let mut selection: Selection = file.read("遴选", id).await?;
    let (Some(chosen), Some(operator)) = (selection.chosen.clone(), selection.operator.clone()) else {
        return Err(Nothing.into());
    };
    let candidate: Candidate = file.read("参选申请", &chosen).await?;
    let found = unsaid(&selection, &candidate, file.today());
    if found.is_empty() {
        return Err(Nothing.into());
    }
    for (role, org) in [(Role::ImplementingAgency, selection.agency.clone()), (Role::Operator, operator)] {
        let notice = Notice {
            id: file.number("TZ"),
            mailbox: mailbox(role, &org),
            org,
            reason: Reason::Expired,
            about: record::key::<Candidate>(&chosen),
            act: "selection.warn".to_owned(),
            by: file.acting.org.clone(),
            state: candidate.state().to_owned(),
            basis: article(15).to_string(),
            due: None,
            at: file.acting.at,
        };
        file.write(&notice)?;
    }
    selection.expired.extend(found.iter().copied());
    file.write(&selection)?;
    file.record("warn", &selection, selection.state.name(), article(15), &found)
}

/// What has expired and was not said yet.
fn unsaid(selection: &Selection, candidate: &Candidate, today: Date) -> Vec<(Condition, Date)> {
    expired(&candidate.evidence, today).into_iter().filter(|found| !selection.expired.contains(found)).collect()
}

impl Office {
    /// 查到期的证明 — of every operator that was selected; returns for how many something new was found.
    pub async fn warn_of_what_expired(&self, at: Timestamp) -> Result<usize, Refused> {
        let clock = Acting::clock(at);
        // Where the rules in force are older than this program, nothing is tried and nothing recorded.
        if !competence::may(&self.competence(), Role::Clock, "selection.warn") {
            return Ok(0);
        }
        let (mut after, mut told) = (String::new(), 0);
        loop {
            let page: Vec<Selection> = self.store.list(&after, PAGE).await.map_err(Refused::unavailable)?;
            let Some(last) = page.last() else { return Ok(told) };
            after.clone_from(&last.id);
            for selection in page.iter().filter(|selection| selection.state == State::Selected) {
                let Some(chosen) = &selection.chosen else { continue };
                let candidate = self.store.get::<Candidate>(chosen).await.map_err(Refused::unavailable)?;
                let Some((candidate, _)) = candidate else { continue };
                if unsaid(selection, &candidate, clock.today()).is_empty() {
                    continue;
                }
                match self.perform(&clock, &Request::SelectionWarn { id: selection.id.clone() }, None).await {
                    Ok(_) => told += 1,
                    Err(Refused::Against(_)) => {} // said in this very moment
                    Err(refused) => return Err(refused),
                }
            }
        }
    }
}
