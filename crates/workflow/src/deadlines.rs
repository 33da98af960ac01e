//! 时限 — finds what is overdue and escalates it. It passes nothing: there is no deemed approval.

use jiff::Timestamp;
use store::{Row, operation::demand::Demand, record::Record as _};

use crate::{Acting, Office, Refused, Request};

impl Office {
    /// 逾期 — everything whose term ended before today.
    pub async fn overdue(&self, at: Timestamp) -> Result<Vec<Row>, Refused> {
        let today = Acting::clock(at).today();
        self.store.due_before(&today.to_string()).await.map_err(Refused::unavailable)
    }

    /// 督办 — escalates each overdue demand once; returns how many were.
    pub async fn escalate_overdue(&self, at: Timestamp) -> Result<usize, Refused> {
        let mut escalated = 0;
        for row in self.overdue(at).await? {
            if row.subject() != Demand::SUBJECT {
                continue; // filings are shown as overdue to whoever must file
            }
            let demand: Demand = row.read().map_err(Refused::unavailable)?;
            let told = demand.due.as_ref().is_none_or(|due| demand.escalated.iter().any(|day| *day > due.date));
            if !told {
                let request = Request::DemandEscalate { id: demand.id };
                self.perform(&Acting::clock(at), &request, None).await?;
                escalated += 1;
            }
        }
        Ok(escalated)
    }
}
