//! 请求的名称 — what an act is called, what it is about, and which only the program itself may ask.

use super::Request;

impl Request {
    /// 程序自己的行为 — what only the clock or the founding program may ask.
    pub fn is_the_programs(&self) -> bool {
        matches!(
            self,
            Self::PersonRegister(_)
                | Self::MembershipBegin(_)
                | Self::EntryLapse { .. }
                | Self::SelectionWarn { .. }
                | Self::PlanEscalate { .. }
                | Self::AgreementEscalate { .. }
                | Self::DemandEscalate { .. }
                | Self::FeedbackSubmit(_)
                | Self::FeedbackEscalate { .. }
                | Self::FeedbackRecount { .. }
                | Self::CalendarSettle { .. }
                | Self::PlanRecount { .. }
                | Self::AgreementRecount { .. }
                | Self::DemandRecount { .. }
                | Self::NoticeRemind { .. }
                | Self::OutboxSort { .. }
                | Self::OutboxTake { .. }
                | Self::DispatchAttempt { .. }
        )
    }

    /// 行为 — its one name, such as `demand.pass`.
    pub fn name(&self) -> String {
        self.part("act")
    }

    /// 办理对象 — `demand/XQ-…`, or `demand/-` where the act was to begin something.
    pub fn subject(&self) -> String {
        let (name, id) = (self.name(), self.part("id"));
        let subject = name.split_once('.').map_or("", |(subject, _)| subject);
        format!("{subject}/{}", if id.is_empty() { "-" } else { &id })
    }

    fn part(&self, name: &str) -> String {
        let whole = serde_json::to_value(self).unwrap_or_default();
        whole.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    }
}
