//! 公文的一份 — what a paper is, how it is numbered, and the text over which its digest is taken.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use regulation::{Provision, words};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use sm3::Sm3;

use crate::{
    body::{Block, Level},
    text,
};

words! {
    /// 文种 — every paper that the platform writes, in the order of the procedure.
    pub enum Kind {
        EntryPublication = "目录条目发布通知",
        Plan = "实施方案",
        PlanRequest = "提请审议的请示",
        PlanDecision = "审议决定",
        PlanFiling = "实施方案备案报告",
        SelectionNotice = "遴选公告",
        SelectionResult = "遴选结果公告",
        Agreement = "授权运营协议",
        AgreementFiling = "协议备案报告",
        Certificate = "授权证书",
        DemandAcceptance = "数据需求受理通知书",
        DemandPassing = "数据需求审查通过告知书",
        DemandRefusal = "数据需求不予通过告知书",
        Suspension = "暂停提供数据通知书",
        Resumption = "恢复提供数据通知书",
    }
}

impl Kind {
    /// 公开 — everybody may read it (Article 32); the others, whoever may open the file.
    pub const fn public(self) -> bool {
        matches!(self, Self::SelectionNotice | Self::SelectionResult | Self::Certificate)
    }
}

words! {
    /// 稿次 — how far a paper has got; what is not final says so on its face.
    pub enum Form {
        Draft = "草稿",
        ForDeliberation = "送审稿",
        ForSigning = "待签稿",
        Final = "正式",
    }
}

/// 编号 — the file's own number, the kind, and the position in the log of the act that the paper comes from. It is
/// the platform's number: the 文号 of an authority is the authority's to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// 卷宗编号
    pub id: String,
    /// 文种
    pub kind: Kind,
    /// 办理日志中的位置
    pub position: u64,
}

impl Number {
    /// Reads a number as it is printed; wide slashes and spaces, as an input method leaves them, are forgiven.
    pub fn read(typed: &str) -> Option<Self> {
        let narrow = |letter: char| match letter {
            '／' => '/',
            '－' | '—' | '–' => '-',
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
                char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter)
            }
            letter => letter,
        };
        let text: String = typed.chars().filter(|letter| !letter.is_whitespace()).map(narrow).collect();
        let mut parts = text.split('/');
        let (id, kind, position) = (parts.next()?, parts.next()?, parts.next()?);
        let whole = parts.next().is_none() && !id.is_empty() && id.len() <= 64;
        let digits = position.len() <= 19 && position.bytes().all(|byte| byte.is_ascii_digit());
        let position = position.parse().ok().filter(|_| whole && digits)?;
        Some(Self { id: id.to_uppercase(), kind: Kind::named(kind)?, position })
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.id, self.kind, self.position)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// 公文.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// 文种
    pub kind: Kind,
    /// 稿次
    pub form: Form,
    /// 编号
    pub number: Number,
    /// 发文单位
    pub issuer: String,
    /// 标题
    pub title: String,
    /// 主送；没有的为空
    pub addressee: String,
    /// 正文
    pub blocks: Vec<Block>,
    /// 依据
    pub basis: Vec<Provision>,
    /// 落款的单位
    pub signers: Vec<String>,
    /// 落款的日期
    pub date: Date,
    /// 记录的时间 — of the act; it is not part of the content.
    pub recorded: Timestamp,
}

impl Paper {
    /// 正文文本 — the content, one thing on each line, none of which can be taken for another: the digest is over these
    /// bytes, and whoever has them can take it again with any tool.
    pub fn text(&self) -> String {
        let mut lines = vec![
            "数运公文\t1".to_owned(),
            format!("文种\t{}", self.kind),
            format!("稿次\t{}", self.form),
            format!("编号\t{}", self.number),
            format!("发文\t{}", self.issuer),
            format!("标题\t{}", self.title),
            format!("主送\t{}", self.addressee),
        ];
        let joined = |name: &str, cells: &[String]| format!("{name}\t{}", cells.join("\t"));
        for block in &self.blocks {
            match block {
                Block::Paragraph { text } => lines.push(format!("段落\t{text}")),
                Block::Heading { level, text } => {
                    let name = match level {
                        Level::First => "一级",
                        Level::Second => "二级",
                    };
                    lines.push(format!("{name}\t{text}"));
                }
                Block::List { items } => lines.push(joined("列项", items)),
                Block::Table { caption, head, rows } => {
                    lines.push(format!("表名\t{caption}"));
                    lines.push(joined("表头", head));
                    lines.extend(rows.iter().map(|row| joined("表行", row)));
                }
                Block::Gist { provision, text } => lines.push(format!("要旨\t{provision}\t{text}")),
            }
        }
        lines.push(joined("依据", &self.basis.iter().map(Provision::to_string).collect::<Vec<_>>()));
        lines.push(joined("落款", &self.signers));
        lines.push(format!("日期\t{}", text::date(self.date)));
        lines.join("\n") + "\n"
    }

    /// 摘要（SHA-256）
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(self.text()))
    }

    /// 摘要（SM3）
    pub fn sm3(&self) -> String {
        hex::encode(Sm3::digest(self.text()))
    }

    /// Whether this is the digest of exactly this content, in either algorithm.
    pub fn is(&self, digest: &str) -> bool {
        let digest = digest.to_ascii_lowercase();
        digest == self.sha256() || digest == self.sm3()
    }

    /// 文末的说明 — what this sheet is, and where it can be verified.
    pub fn remark(&self) -> String {
        format!(
            "本件由平台依办理日志第{}条记录生成，未盖印章；编号是平台的编号，不是发文单位的文号。凭编号和摘要可以在平台“核验公文”核验。",
            self.number.position
        )
    }

    /// 依据, as a sentence ends with it.
    pub fn grounds(&self) -> String {
        let named: Vec<String> = self.basis.iter().map(Provision::to_string).collect();
        format!("《{}》{}", regulation::Instrument::Measures, named.join("、"))
    }
}
