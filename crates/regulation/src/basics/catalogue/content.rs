//! 目录条目的内容 — what an entry says of a resource, in the words of the compiling guides for resource catalogues.
//!
//! The names of the core items are those of 政务信息资源目录编制指南; what the Measures need beyond them stands
//! beside: from which duty the data arose, how it is graded, and what each field may give away.

use serde::{Deserialize, Deserializer, Serialize};

use crate::basics::{
    grading::{Grade, Grading},
    sector::Sector,
};

words! {
    /// 信息资源格式 — the form in which the data is held.
    pub enum Format { Table = "库表", File = "文件", Interface = "接口", Queue = "消息队列" }
}

words! {
    /// 更新周期 — the cycle that the provider promises; keeping it can be checked.
    pub enum Cycle {
        RealTime = "实时",
        Hourly = "每小时",
        Daily = "每日",
        Weekly = "每周",
        Monthly = "每月",
        Quarterly = "每季度",
        HalfYearly = "每半年",
        Yearly = "每年",
        Irregular = "不定期",
    }
}

impl Cycle {
    /// 最长间隔 — after how many days at most the next data is due; nothing where no cycle is promised.
    pub const fn longest_days(self) -> Option<u16> {
        match self {
            Self::RealTime | Self::Hourly | Self::Daily => Some(1),
            Self::Weekly => Some(7),
            Self::Monthly => Some(31),
            Self::Quarterly => Some(92),
            Self::HalfYearly => Some(184),
            Self::Yearly => Some(366),
            Self::Irregular => None,
        }
    }
}

words! {
    /// 数据类型.
    pub enum DataType {
        Text = "字符型",
        Integer = "整数型",
        Decimal = "数值型",
        Date = "日期型",
        Time = "日期时间型",
        Boolean = "布尔型",
        Binary = "二进制",
    }
}

words! {
    /// 个人信息类别 — none, ordinary, or one of the sensitive ones that 个人信息保护法第二十八条 names.
    pub enum Personal {
        None = "不涉及",
        General = "一般个人信息",
        Biometric = "生物识别",
        Religion = "宗教信仰",
        Identity = "特定身份",
        Health = "医疗健康",
        Account = "金融账户",
        Whereabouts = "行踪轨迹",
        Minor = "不满十四周岁未成年人",
    }
}

impl Personal {
    /// 涉及个人信息 — such a field leaves only masked.
    pub const fn any(self) -> bool {
        !matches!(self, Self::None)
    }

    /// 敏感个人信息.
    pub const fn sensitive(self) -> bool {
        !matches!(self, Self::None | Self::General)
    }
}

words! {
    /// 拟脱敏方式 — what the provider means to be done to a field before it leaves in a product.
    pub enum Masking { None = "不脱敏", Remove = "不提供", Cover = "遮盖", Hash = "散列", Generalise = "泛化" }
}

macro_rules! usual {
    ($($set:ident: $word:ident;)+) => {$(
        impl Default for $set {
            fn default() -> Self {
                Self::$word
            }
        }
    )+};
}

usual! {
    Format: Table;
    DataType: Text;
    Personal: None;
    Masking: None;
}

/// 获取方式 — where the provider has the data from. Shared data cannot be offered without the consent of who shared it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// 本单位产生
    #[default]
    Own,
    /// 政务数据共享获得
    Shared {
        /// 共享数据提供单位
        from: String,
        /// 同意书文号
        consent: String,
    },
}

/// 信息项 — one field of a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// 信息项代码 — the column it is found under.
    #[serde(default)]
    pub code: String,
    /// 信息项名称
    #[serde(default)]
    pub name: String,
    /// 数据类型
    #[serde(default, deserialize_with = "crate::words::or_usual")]
    pub kind: DataType,
    /// 个人信息类别
    #[serde(default, deserialize_with = "personal")]
    pub personal: Personal,
    /// 是否涉及商业秘密
    #[serde(default, deserialize_with = "ticked")]
    pub secret: bool,
    /// 准标识符 — says little alone, and who it is together with others.
    #[serde(default, deserialize_with = "ticked")]
    pub quasi: bool,
    /// 拟脱敏方式
    #[serde(default, deserialize_with = "crate::words::or_usual")]
    pub masking: Masking,
}

impl Field {
    /// 敏感 — whether it must not leave as it is.
    pub const fn delicate(&self) -> bool {
        self.personal.sensitive() || self.secret
    }
}

/// 目录条目 — what is to be published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// 信息资源名称
    #[serde(default)]
    pub name: String,
    /// 信息资源摘要
    #[serde(default)]
    pub summary: String,
    /// 来源职责或服务 — from which duty or public service it arose (第三条第一项).
    #[serde(default)]
    pub source_duty: String,
    /// 信息资源提供方代码 — the provider's unified social credit code, put there by the platform.
    #[serde(default)]
    pub provider_code: String,
    /// 信息资源格式
    #[serde(default, deserialize_with = "crate::words::or_usual")]
    pub format: Format,
    /// 所属领域
    #[serde(default, deserialize_with = "crate::words::chosen")]
    pub sector: Option<Sector>,
    /// 更新周期
    #[serde(default, deserialize_with = "crate::words::chosen")]
    pub refresh: Option<Cycle>,
    /// 分类分级 — the answers; the grade is derived from them.
    #[serde(default)]
    pub grading: Grading,
    /// 获取方式
    #[serde(default, deserialize_with = "origin")]
    pub origin: Origin,
    /// 已在市公共数据开放平台开放（第二十三条第二款）
    #[serde(default, deserialize_with = "ticked")]
    pub open: bool,
    /// 数据量
    #[serde(default)]
    pub volume: String,
    /// 时间范围
    #[serde(default)]
    pub time_span: String,
    /// 空间范围
    #[serde(default)]
    pub area: String,
    /// 信息项
    #[serde(default)]
    pub fields: Vec<Field>,
}

impl Content {
    /// 数据级别 — as the answers give it; nothing as long as one is lacking.
    pub fn grade(&self) -> Option<Grade> {
        self.grading.grade()
    }

    /// 数据级别的名称.
    pub fn grade_name(&self) -> &'static str {
        self.grade().map_or("未定级", Grade::name)
    }

    /// 更新周期的名称.
    pub fn refresh_name(&self) -> &'static str {
        self.refresh.map_or("未填", Cycle::name)
    }

    /// 所属领域的名称.
    pub fn sector_name(&self) -> &'static str {
        self.sector.map_or("未填", Sector::name)
    }

    /// 整理 — without blanks around what was typed, and without rows in which nothing was typed.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        let texts = [
            &mut self.name,
            &mut self.summary,
            &mut self.source_duty,
            &mut self.volume,
            &mut self.time_span,
            &mut self.area,
        ];
        let shared = match &mut self.origin {
            Origin::Shared { from, consent } => vec![from, consent],
            Origin::Own => Vec::new(),
        };
        let of_fields = self.fields.iter_mut().flat_map(|field| [&mut field.code, &mut field.name]);
        let reasons = self.grading.0.values_mut().map(|answer| &mut answer.reason);
        for text in texts.into_iter().chain(shared).chain(of_fields).chain(reasons) {
            *text = text.trim().replace("\r\n", "\n");
        }
        self.fields.retain(|field| !(field.code.is_empty() && field.name.is_empty()));
        self
    }
}

/// Yes or no, as a program or a form says it.
fn ticked<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Said {
        Plainly(bool),
        InWords(String),
    }
    match Said::deserialize(from)? {
        Said::Plainly(yes) => Ok(yes),
        Said::InWords(word) => match word.trim() {
            "true" | "on" | "是" => Ok(true),
            "" | "false" | "否" => Ok(false),
            other => Err(serde::de::Error::custom(format!("“{other}”既不是“是”也不是“否”"))),
        },
    }
}

/// Where the data is from: as records and programs say it, or as a form does, whose every field is always sent.
fn origin<'de, D: Deserializer<'de>>(from: D) -> Result<Origin, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Said {
        Plainly(Origin),
        InAForm {
            kind: String,
            #[serde(default)]
            from: String,
            #[serde(default)]
            consent: String,
        },
    }
    match Said::deserialize(from)? {
        Said::Plainly(origin) => Ok(origin),
        Said::InAForm { kind, from, consent } => match kind.as_str() {
            "shared" => Ok(Origin::Shared { from, consent }),
            "" | "own" => Ok(Origin::Own),
            other => Err(serde::de::Error::custom(format!("没有“{other}”这种获取方式"))),
        },
    }
}

/// The category of personal information; an older record only says whether there is any.
fn personal<'de, D: Deserializer<'de>>(from: D) -> Result<Personal, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Said {
        Whether(bool),
        Which(String),
    }
    match Said::deserialize(from)? {
        Said::Whether(any) => Ok(if any { Personal::General } else { Personal::None }),
        Said::Which(word) if word.trim().is_empty() => Ok(Personal::None),
        Said::Which(word) => crate::Word::read(word.trim())
            .ok_or_else(|| serde::de::Error::custom(format!("没有“{word}”这个个人信息类别"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_an_older_record_or_of_a_form_is_read_with_its_usual_words() {
        let content: Content = serde_json::from_str(
            r#"{"name":" 泊位 ","refresh":"每日","sector":"","origin":"own","open":"on","grading":{},
                "fields":[{"code":"a","name":"甲","personal":true},{"code":"b","name":"乙","personal":"health","masking":"遮盖"},{"code":" ","name":""}]}"#,
        )
        .unwrap();
        let content = content.tidied();
        assert_eq!((content.name.as_str(), content.refresh, content.sector), ("泊位", Some(Cycle::Daily), None));
        assert!(content.open && content.grade().is_none());
        let kinds: Vec<_> = content.fields.iter().map(|field| (field.personal, field.masking)).collect();
        assert_eq!(kinds, [(Personal::General, Masking::None), (Personal::Health, Masking::Cover)]);
        let typed = |kind: &str| {
            let origin = format!(r#"{{"origin":{{"kind":"{kind}","from":"省厅","consent":""}}}}"#);
            serde_json::from_str::<Content>(&origin).map(|content| content.origin)
        };
        assert_eq!(typed("own").unwrap(), Origin::Own);
        assert_eq!(typed("shared").unwrap(), Origin::Shared { from: "省厅".into(), consent: String::new() });
        assert!(typed("bought").is_err());
        let told = serde_json::from_str::<Content>(r#"{"name":"甲","refresh":"常常"}"#).unwrap_err();
        assert!(told.to_string().contains("没有“常常”这个选项"), "{told}");
    }
}
