//! 阅至 — somebody has read their mailbox up to a place: one position for each person and mailbox.

use regulation::Provision;
use store::{
    Log,
    notice::{Notice, Reading, mailbox},
};

use crate::{Acting, File, Office, Recorded, Refused};

/// What is counted at most: nobody tells ninety-nine from more.
pub const MOST: u32 = 100;

/// 阅至 — never backwards, and never beyond what has been recorded.
pub(crate) async fn advance(mut file: File<'_>, up_to: i64) -> Result<Recorded, Refused> {
    let head = file.office.store.head(Log::Control).await.map_err(Refused::unavailable)?;
    let last = i64::try_from(head.sha256.size()).unwrap_or(i64::MAX) - 1;
    let id = Reading::number(&file.acting.person, &mailbox(file.acting.role, &file.acting.org));
    let before = file.find::<Reading>(&id).await?.map_or(-1, |reading| reading.up_to);
    let reading = Reading { id, person: file.acting.person.clone(), up_to: up_to.min(last).max(before) };
    file.write(&reading)?;
    file.record("advance", &reading, "已阅", Provision::PLATFORM, &reading.up_to)
}

/// The position up to which this person has read the mailbox of the role they act in; −1 for nothing.
pub async fn reached(office: &Office, acting: &Acting) -> Result<i64, Refused> {
    let id = Reading::number(&acting.person, &mailbox(acting.role, &acting.org));
    let reading = office.store.get::<Reading>(&id).await.map_err(Refused::unavailable)?;
    Ok(reading.map_or(-1, |(reading, _)| reading.up_to))
}

/// 未读 — how many notices there are beyond, counted up to [`MOST`].
pub async fn unread(office: &Office, acting: &Acting) -> Result<u64, Refused> {
    let reached = reached(office, acting).await?;
    let mailbox = mailbox(acting.role, &acting.org);
    office.store.count_after::<Notice>(&mailbox, reached, MOST).await.map_err(Refused::unavailable)
}
