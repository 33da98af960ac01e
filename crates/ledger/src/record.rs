//! 存证凭证 — one entry's place in the log, provable offline and for good (C2SP tlog-proof@v1).

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{Algorithm, Checkpoint, Hash, VerifyingKey, checkpoint, line, note, proof};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// 存证凭证 — what a person downloads and keeps as `*.tlog-proof`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionRecord {
    /// 序号 — the place of the entry, from 0.
    pub index: u64,
    /// 包含证明 — from the entry's sibling up.
    pub proof: Vec<Hash>,
    /// 已签检查点 — the signed note, as it was issued.
    pub checkpoint_note: String,
}

/// 存证凭证之误 — why a text is no record, or a record proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 首行
    #[error("存证凭证应以“{HEADER}”开头")]
    Header,
    /// 附加数据
    #[error("存证凭证的附加数据应为Base64")]
    Extra,
    /// 序号
    #[error("存证凭证缺少序号，或序号不是不带前导零的十进制数")]
    Index,
    /// 证明
    #[error("存证凭证的第{0}个杂凑值应为32字节的Base64")]
    Hash(usize),
    /// 缺检查点
    #[error("存证凭证缺少检查点")]
    NoCheckpoint,
    /// 别的日志
    #[error("存证凭证出自日志“{found}”，不是“{expected}”")]
    Origin {
        /// 应出自
        expected: String,
        /// 实出自
        found: String,
    },
    /// 签名
    #[error(transparent)]
    Note(#[from] note::Fault),
    /// 检查点
    #[error(transparent)]
    Checkpoint(#[from] checkpoint::Fault),
    /// 包含证明
    #[error(transparent)]
    Proof(#[from] proof::Fault),
}

impl InclusionRecord {
    /// 文本 — the record as a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let head = format!("{HEADER}\nindex {}\n", self.index);
        let hashes = self.proof.iter().map(|hash| line::of_hash(hash) + "\n");
        [head].into_iter().chain(hashes).chain(["\n".to_owned(), self.checkpoint_note.clone()]).collect()
    }

    /// 解析 — the record of a file. Nothing is proved yet: [`verify`](Self::verify) does that.
    ///
    /// An `extra` line of another issuer is read over, since no signature covers it.
    ///
    /// # Errors
    ///
    /// When the text does not have the form of a record.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        // Neither a header nor a proof line is empty: the first empty line ends them.
        let (head, checkpoint_note) = text.split_once("\n\n").ok_or(Fault::NoCheckpoint)?;
        if checkpoint_note.is_empty() {
            return Err(Fault::NoCheckpoint);
        }
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(Fault::Header);
        }
        if let Some(extra) = lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            STANDARD.decode(extra).map_err(|_| Fault::Extra)?;
            lines.next();
        }
        let index =
            lines.next().and_then(|line| line.strip_prefix("index ")).and_then(line::number).ok_or(Fault::Index)?;
        let proof = (1..)
            .zip(lines)
            .map(|(number, line)| line::hash(line).ok_or(Fault::Hash(number)))
            .collect::<Result<_, _>>()?;
        Ok(Self { index, proof, checkpoint_note: checkpoint_note.to_owned() })
    }

    /// 核验 — that the log `origin`, under a signature we trust, holds this leaf; gives the state that proves it.
    ///
    /// The origin is asked for because one key may sign several logs, such as the SHA-256 tree and
    /// the SM3 tree over the same entries.
    ///
    /// # Errors
    ///
    /// When no trusted key has signed the checkpoint, it belongs to another log, or the proof does
    /// not lead from this leaf to its root.
    pub fn verify(
        &self,
        algorithm: Algorithm,
        leaf: &Hash,
        origin: &str,
        known: &[VerifyingKey],
    ) -> Result<Checkpoint, Fault> {
        let checkpoint = Checkpoint::parse(note::open(&self.checkpoint_note, known)?)?;
        if checkpoint.origin != origin {
            return Err(Fault::Origin { expected: origin.to_owned(), found: checkpoint.origin });
        }
        proof::verify_inclusion(algorithm, leaf, self.index, checkpoint.size, &self.proof, &checkpoint.root)?;
        Ok(checkpoint)
    }
}
