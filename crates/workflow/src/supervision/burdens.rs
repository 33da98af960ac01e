//! 各方的时限 — how much waits for whom in the whole city, counted once for each act and not once for each reader.

use std::sync::Arc;

use store::{Log, list::Burden};

use crate::{Office, Refused};

/// What was counted, for which two days, at which position of the log.
#[derive(Debug)]
pub(crate) struct Counted {
    days: [String; 2],
    position: u64,
    burdens: Arc<Vec<Burden>>,
}

impl Office {
    /// 各方的时限 — for whom how much is overdue before `today`, and due before `soon`.
    pub async fn burdens(&self, today: &str, soon: &str) -> Result<Arc<Vec<Burden>>, Refused> {
        // Whoever comes while somebody counts waits for their result.
        let mut counted = self.burdens.lock().await;
        let position = self.store.head(Log::Control).await.map_err(Refused::unavailable)?.sha256.size();
        match &*counted {
            Some(kept) if kept.position == position && kept.days == [today, soon] => Ok(Arc::clone(&kept.burdens)),
            _ => {
                let burdens = Arc::new(self.store.burdens(today, soon).await.map_err(Refused::unavailable)?);
                let days = [today, soon].map(str::to_owned);
                *counted = Some(Counted { days, position, burdens: Arc::clone(&burdens) });
                Ok(burdens)
            }
        }
    }
}
