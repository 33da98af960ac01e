//! 告知 — why somebody is told of a case, and how far that has got (Articles 23 and 26).

words! {
    /// 事由 — why somebody is told.
    pub enum Reason {
        /// The case now waits for whoever is told: their term has begun.
        Yours = "待您办理",
        /// The case has moved on, and whoever is told takes part in it.
        Progress = "有进展",
        /// The term of whoever is told ends soon.
        Soon = "即将届满",
        /// The term has passed, and that is said aloud; nothing is passed by time.
        Overdue = "逾期督办",
        /// What a selected operator proved does not hold any more; nothing is decided by it.
        Expired = "证明到期",
    }
}

words! {
    /// 送达的状态 — how far one notice has got by one channel.
    pub enum Stage {
        /// Not sent yet, or to be sent again.
        Waiting = "待送",
        /// Taken up by a server, which answers for it until its time is over.
        Sending = "送出中",
        /// The other side has taken it.
        Delivered = "已送达",
        /// Given up: tried as often as is promised, or the other side wants no more.
        Failed = "未送达",
    }
}

impl Stage {
    /// Whether it is still to be sent.
    pub const fn goes_on(self) -> bool {
        matches!(self, Self::Waiting | Self::Sending)
    }
}
