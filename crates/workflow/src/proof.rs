//! 存证 — the signed roots of both logs, and for each event a certificate that it stands under one.

use ledger::{Algorithm, Checkpoint, InclusionRecord};
use store::{Fault, Log};

use crate::{Office, Refused};

impl Office {
    /// 树根 — the log's root at its present size, as a signed note.
    pub async fn checkpoint(&self, log: Log) -> Result<String, Refused> {
        let head = self.store.head(log).await.map_err(Refused::unavailable)?;
        self.sign(log, head.sha256.size(), head.sha256.root())
    }

    /// 存证凭证 — proves offline that the event at `position` stands under a signed root.
    pub async fn certificate(&self, log: Log, position: u64) -> Result<String, Refused> {
        let head = self.store.head(log).await.map_err(Refused::unavailable)?;
        let size = head.sha256.size();
        let leaves = self.store.leaf_hashes(log, size).await.map_err(Refused::unavailable)?;
        let proof = ledger::proof::inclusion(Algorithm::Sha256, &leaves, position, size)
            .map_err(|_| Refused::Missing { what: "日志事件", id: position.to_string() })?;
        let checkpoint_note = self.sign(log, size, ledger::proof::root_of(Algorithm::Sha256, &leaves))?;
        Ok(InclusionRecord { index: position, proof, checkpoint_note }.to_text())
    }

    fn sign(&self, log: Log, size: u64, root: ledger::Hash) -> Result<String, Refused> {
        let origin = format!("{}/{}", self.signer.verifying_key().name(), log.name());
        let text = Checkpoint { origin, size, root }.to_text();
        self.signer
            .sign(&text)
            .map_err(|why| Refused::unavailable(Fault::Corrupt { what: "树根".into(), why: why.to_string() }))
    }
}
