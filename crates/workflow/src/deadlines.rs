//! 时限 — finds what is overdue and escalates it. It passes nothing: there is no deemed approval.

use jiff::{Timestamp, civil::Date};
use regulation::{Due, Provision, article};
use store::{
    Row,
    basics::catalogue::Entry,
    granting::{agreement::Agreement, plan::Plan},
    list::Place,
    operation::demand::Demand,
    record::Record,
    supervision::feedback::Feedback,
};

use crate::{Acting, File, Office, Recorded, Refused, Request};

/// How many overdue cases are held at a time.
const PAGE: u32 = 200;

/// 有期限的卷宗 — what runs against a term, and remembers when missing it was said aloud.
pub(crate) trait Timed: Record {
    /// What it is called.
    const NAME: &'static str;
    /// Where the Measures set the term.
    const BASIS: Provision;
    /// The days on which it was escalated.
    fn escalated(&mut self) -> &mut Vec<Date>;
    /// The term that runs.
    fn term(&mut self) -> &mut Option<Due>;
}

macro_rules! timed {
    ($($record:ty: $name:literal, $basis:expr;)+) => {$(
        impl Timed for $record {
            const NAME: &'static str = $name;
            const BASIS: Provision = $basis;
            fn escalated(&mut self) -> &mut Vec<Date> {
                &mut self.escalated
            }
            fn term(&mut self) -> &mut Option<Due> {
                &mut self.due
            }
        }
    )+};
}

timed! {
    Plan: "实施方案", article(13);
    Agreement: "授权运营协议", article(16);
    Demand: "数据需求", article(23).paragraph(1);
    Feedback: "社会监督来件", Provision::PLATFORM;
}

/// 督办 — the term has passed: it is said aloud, and nothing else changes.
pub(crate) async fn escalate<R: Timed>(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    file.entitled(&format!("{}.escalate", R::SUBJECT), "督办逾期事项")?;
    let mut record: R = file.read(R::NAME, id).await?;
    let today = file.today();
    let Some(due) = missed(&mut record, today) else {
        return Err(NotOverdue(R::BASIS).into());
    };
    // A new edition of the calendar may give it longer, and the clock not yet have counted this case anew.
    let again = record.term().as_ref().and_then(|due| file.calendar().recount(due));
    if again.is_some_and(|again| again.date >= today) {
        return Err(NotOverdue(R::BASIS).into());
    }
    record.escalated().push(today);
    file.write(&record)?;
    file.record("escalate", &record, record.state(), R::BASIS, &due)
}

/// The term that was missed and has not been escalated yet.
fn missed<R: Timed>(record: &mut R, today: Date) -> Option<Date> {
    let due = record.due().filter(|due| *due < today)?;
    let told = record.escalated().iter().any(|day| *day > due);
    (!told).then_some(due)
}

/// 没有逾期 — nothing to escalate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("本件没有逾期，或者已经督办")]
struct NotOverdue(Provision);

impl regulation::Violation for NotOverdue {
    fn provision(&self) -> Provision {
        self.0
    }
    fn kind(&self) -> regulation::Kind {
        regulation::Kind::State
    }
}

impl Office {
    /// 督办 — escalates each overdue case once; returns how many were. However many there are, a page of them
    /// is held at a time; what is escalated keeps its place, so that none is passed over.
    pub async fn escalate_overdue(&self, at: Timestamp) -> Result<usize, Refused> {
        let recounted = self.recount(at).await; // what has more time by a new calendar is not overdue
        let clock = Acting::clock(at);
        let today = clock.today().to_string();
        let (mut place, mut escalated) = (Place::default(), 0);
        loop {
            let rows = self.store.overdue_after(&today, &place, PAGE).await.map_err(Refused::unavailable)?;
            let Some(last) = rows.last() else { return recounted.map(|_| escalated) };
            place = (last.due.clone(), last.since, last.key.clone());
            for row in &rows {
                escalated += usize::from(self.escalate(&clock, row).await?);
            }
        }
    }

    /// Escalates one of them, if that has not been done.
    async fn escalate(&self, clock: &Acting, row: &Row) -> Result<bool, Refused> {
        let id = row.id().to_owned();
        let request = match row.subject() {
            Entry::SUBJECT => Request::EntryLapse { id },
            Plan::SUBJECT if waits::<Plan>(row, clock)? => Request::PlanEscalate { id },
            Agreement::SUBJECT if waits::<Agreement>(row, clock)? => Request::AgreementEscalate { id },
            Demand::SUBJECT if waits::<Demand>(row, clock)? => Request::DemandEscalate { id },
            Feedback::SUBJECT if waits::<Feedback>(row, clock)? => Request::FeedbackEscalate { id },
            _ => return Ok(false),
        };
        let escalates = !matches!(request, Request::EntryLapse { .. });
        match self.perform(clock, &request, None).await {
            Ok(_) => Ok(escalates),
            Err(Refused::Against(_)) => Ok(false), // done in this very moment; the others are still overdue
            Err(refused) => Err(refused),
        }
    }
}

fn waits<R: Timed>(row: &Row, clock: &Acting) -> Result<bool, Refused> {
    let mut record: R = row.read().map_err(Refused::unavailable)?;
    Ok(missed(&mut record, clock.today()).is_some())
}
