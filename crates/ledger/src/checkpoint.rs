//! 检查点 — what the operator signs: whose log, how many entries, which root (C2SP tlog-checkpoint).

use crate::{Hash, line};

/// 检查点 — one state of one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// 日志标识 — by convention an address without its scheme, and the name of the log's key.
    pub origin: String,
    /// 规模 — how many entries.
    pub size: u64,
    /// 根 — the root over them.
    pub root: Hash,
}

/// 检查点之误 — why a text is no checkpoint of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 缺行
    #[error("检查点应有日志标识、规模和根三行，每行以换行结尾")]
    Lines,
    /// 日志标识
    #[error("检查点的日志标识不得为空，不得含控制字符")]
    Origin,
    /// 规模
    #[error("检查点的规模应为不带前导零的十进制数")]
    Size,
    /// 根
    #[error("检查点的根应为32字节的Base64")]
    Root,
    /// 扩展行
    #[error("检查点不得有扩展行：无人能够审计其内容")]
    Extension,
}

impl Checkpoint {
    /// 正文 — the text to sign.
    ///
    /// An origin with a newline in it gives a text that [`parse`](Self::parse) refuses: it cannot
    /// pass for another checkpoint.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, line::of_hash(&self.root))
    }

    /// 解析 — the checkpoint of an opened note's text; nothing but what `to_text` writes.
    ///
    /// # Errors
    ///
    /// When a line is missing, malformed or too many. Extension lines, which the format permits and
    /// advises against, are refused: our logs write none, and not every signature would cover them.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut lines = text.strip_suffix('\n').ok_or(Fault::Lines)?.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(Fault::Lines);
        };
        if lines.next().is_some() {
            return Err(Fault::Extension);
        }
        if origin.is_empty() || origin.bytes().any(|byte| byte < 0x20) {
            return Err(Fault::Origin);
        }
        let size = line::number(size).ok_or(Fault::Size)?;
        let root = line::hash(root).ok_or(Fault::Root)?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    #[test]
    fn the_example_of_the_specification_reads_and_writes_back() {
        let text = format!("example.com/behind-the-sofa\n20852163\n{ROOT}\n");
        let checkpoint = Checkpoint::parse(&text).unwrap();
        assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/behind-the-sofa", 20_852_163));
        assert_eq!(checkpoint.to_text(), text);
    }

    #[test]
    fn every_other_spelling_is_refused() {
        for (text, fault) in [
            (String::new(), Fault::Lines),
            ("log\n".into(), Fault::Lines),
            (format!("log\n1\n{ROOT}"), Fault::Lines),
            (format!("\n1\n{ROOT}\n"), Fault::Origin),
            (format!("log\r\n1\n{ROOT}\n"), Fault::Origin),
            (format!("log\n01\n{ROOT}\n"), Fault::Size),
            (format!("log\n+1\n{ROOT}\n"), Fault::Size),
            (format!("log\n18446744073709551616\n{ROOT}\n"), Fault::Size),
            ("log\n1\nAAAA\n".into(), Fault::Root),
            (format!("log\n1\n {ROOT}\n"), Fault::Root),
            (format!("log\n1\n{ROOT}\n\n"), Fault::Extension),
            (format!("log\n1\n{ROOT}\nmore\n"), Fault::Extension),
        ] {
            assert_eq!(Checkpoint::parse(&text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn an_origin_cannot_smuggle_in_another_checkpoint() {
        let root = [1; 32];
        let origin = format!("log\n7\n{ROOT}");
        let forged = Checkpoint { origin, size: 1, root }.to_text();
        assert_eq!(Checkpoint::parse(&forged), Err(Fault::Extension));
    }
}
