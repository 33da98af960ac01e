//! 暂停使用、终止保障 — how an entry in force goes out of use (Articles 8 and 26).

use std::collections::BTreeSet;

use jiff::civil::Date;
use regulation::{
    Provision, Term, article,
    basics::catalogue::{Act, Fault, Notice, PROCEDURE, State, Suspension},
};
use store::{basics::catalogue::Entry, granting::agreement::Agreement};

use super::WHAT;
use crate::{File, Recorded, Refused};

/// How many agreements are looked through at a time.
const PAGE: u32 = 200;

/// 暂停使用 — the gate lets nothing of it through from the next request on, and nothing new is built on it.
pub async fn suspend(mut file: File<'_>, id: &str, grounds: &str) -> Result<Recorded, Refused> {
    let mut entry: Entry = file.read(WHAT, id).await?;
    let step = file.step(&PROCEDURE, (entry.state, Act::Suspend), &entry)?;
    if grounds.trim().is_empty() {
        return Err(Fault::Unreasoned.into());
    }
    entry.state = step.to;
    entry.suspension =
        Some(Suspension { by: file.acting.role, since: file.today(), grounds: grounds.trim().to_owned() });
    file.write(&entry)?;
    file.record("suspend", &entry, entry.state.name(), step.basis, &serde_json::json!({ "told": grounds.trim() }))
}

/// 恢复使用.
pub async fn resume(mut file: File<'_>, id: &str, grounds: &str) -> Result<Recorded, Refused> {
    let mut entry: Entry = file.read(WHAT, id).await?;
    let step = file.step(&PROCEDURE, (entry.state, Act::Resume), &entry)?;
    if grounds.trim().is_empty() {
        return Err(Fault::Unreasoned.into());
    }
    entry.state = step.to;
    entry.suspension = None;
    file.write(&entry)?;
    file.record("resume", &entry, entry.state.name(), step.basis, &serde_json::json!({ "told": grounds.trim() }))
}

/// 公告终止 — with its basis, at least ten working days ahead; every operator whose grant includes it is told.
pub async fn announce(mut file: File<'_>, id: &str, grounds: &str, last_day: Date) -> Result<Recorded, Refused> {
    let mut entry: Entry = file.read(WHAT, id).await?;
    let step = file.step(&PROCEDURE, (entry.state, Act::Announce), &entry)?;
    let length = file.terms().length(Term::CessationNotice);
    let notice = Notice {
        by: file.acting.role,
        announced: file.today(),
        grounds: grounds.trim().to_owned(),
        term: file.calendar().due(file.today(), length),
        last_day,
        operators: operators(&file, id).await?,
    };
    if let Err(faults) = notice.check() {
        Refused::if_any(&faults)?;
    }
    entry.state = step.to;
    entry.ending = Some(notice);
    file.write(&entry)?;
    let told = serde_json::json!({ "told": format!("{}；最后一日{last_day}", grounds.trim()) });
    file.record("announce", &entry, entry.state.name(), step.basis, &told)
}

/// The operators whose grants include the entry.
async fn operators(file: &File<'_>, entry: &str) -> Result<Vec<String>, Refused> {
    let mut found = BTreeSet::new();
    let mut after = String::new();
    loop {
        let agreements: Vec<Agreement> = file.office.store.list(&after, PAGE).await.map_err(Refused::unavailable)?;
        let Some(last) = agreements.last() else { return Ok(found.into_iter().collect()) };
        after = store::record::key::<Agreement>(&last.id);
        let theirs = agreements.iter().filter(|one| one.state.active() && one.scope.0.contains_key(entry));
        found.extend(theirs.map(|agreement| agreement.operator.clone()));
    }
}

/// 撤回终止公告 — by whoever gave it.
pub async fn call_off(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut entry: Entry = file.read(WHAT, id).await?;
    let step = file.step(&PROCEDURE, (entry.state, Act::CallOff), &entry)?;
    if let Some(ending) = entry.ending.as_ref().filter(|ending| ending.by != file.acting.role) {
        return Err(Fault::NotTheirs(ending.by).into());
    }
    entry.state = step.to;
    entry.ending = None;
    file.write(&entry)?;
    file.record("call_off", &entry, entry.state.name(), step.basis, &id)
}

/// 终止保障 — after the last day, by either side.
pub async fn end(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let entry: Entry = file.read(WHAT, id).await?;
    let step = file.step(&PROCEDURE, (entry.state, Act::End), &entry)?;
    over(file, entry, "end", step.basis)
}

/// 期满 — the clock finds the last day past: what was announced has come, nothing is decided.
pub async fn lapse(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    file.entitled("entry.lapse", "记下终止保障")?;
    let entry: Entry = file.read(WHAT, id).await?;
    if entry.state != State::Ending {
        return Err(Fault::OutOfUse(entry.id, entry.state).into());
    }
    over(file, entry, "lapse", article(26).paragraph(2))
}

fn over(mut file: File<'_>, mut entry: Entry, act: &str, basis: Provision) -> Result<Recorded, Refused> {
    let last_day = entry.ending.as_ref().map(|ending| ending.last_day);
    if let Some(last_day) = last_day.filter(|last_day| file.today() <= *last_day) {
        return Err(Fault::Early(last_day).into());
    }
    entry.state = State::Ended;
    entry.next = None; // nothing is left to revise
    file.write(&entry)?;
    file.record(act, &entry, entry.state.name(), basis, &last_day)
}
