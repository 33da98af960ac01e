//! 标签 — one vocabulary of states: which tone a word has is said here and nowhere else.

use askama::Template;

use crate::frame::remaining;

/// 语气 — never by colour alone: each has its icon, and the word itself carries the meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tone {
    /// 未开始，或者已了结
    #[default]
    Neutral,
    /// 正在办理
    Info,
    /// 正常、已完成
    Ok,
    /// 等着办，须留意
    Warn,
    /// 不予通过、暂停、逾期
    Danger,
}

use Tone::{Danger, Info, Neutral, Ok, Warn};

/// 状态词表 — every word that a file's state can be, and its tone.
#[rustfmt::skip] // It is a table; let it look like one.
const STATES: &[(Tone, &[&str])] = &[
    (Neutral, &["草拟", "编制中", "论证编制中", "已组织实施", "拟订中", "立项", "已终止", "已终止保障", "已撤回参选", "填写异议",
                "已谢绝", "已下架", "已结束", "已被取代", "已撤回"]),
    (Info,    &["核验中", "单位合规审查", "待市领导审签", "待区县领导审签", "征求会同单位意见", "市政府审议", "实施机构审议",
                "待运营机构签订", "待实施机构签订", "待经营主体签订", "已公告", "评审中", "候选人公示", "待资格审查",
                "形式审查", "提供单位审核", "已加工", "价格审核", "已定价", "公示中", "待同意", "待复核"]),
    (Warn,    &["待供给", "公告终止", "已审签同意", "已审议通过", "履行中（待备案）", "待补正", "暂定", "模拟", "待备案", "异议待答复"]),
    (Ok,      &["已发布", "已备案", "已选定", "履行中", "已供给", "已入库", "已上架", "有效", "在用", "已完成", "施行中", "已生效",
                "资格审查合格", "异议已答复"]),
    (Danger,  &["不予通过", "不予同意", "不予办理", "暂停使用", "暂停提供数据", "暂停提供数据（待备案）", "已吊销", "停用", "已逾期",
                "未获同意", "资格审查不合格"]),
];

impl Tone {
    /// The tone of a state's word; a word that the table does not know is neutral.
    pub fn of(state: &str) -> Self {
        STATES.iter().find(|(_, words)| words.contains(&state)).map_or(Neutral, |(tone, _)| *tone)
    }

    /// The tone of so many working days left.
    pub const fn of_remaining(days: i64) -> Self {
        match days {
            ..0 => Danger,
            0..=2 => Warn,
            _ => Ok,
        }
    }

    /// The class in the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Neutral => "",
            Info => "info",
            Ok => "ok",
            Warn => "warn",
            Danger => "danger",
        }
    }

    /// The strokes of the icon, in a box of sixteen.
    const fn strokes(self) -> &'static str {
        match self {
            Neutral => "M3 8h10",
            Info => "M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12M8 5v3l2 2",
            Ok => "M3 8.5l3.2 3.2L13 5",
            Warn => "M8 2.5 14.5 13.5h-13zM8 7v3M8 11.8v.1",
            Danger => "M5.3 2h5.4L14 5.3v5.4L10.7 14H5.3L2 10.7V5.3zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4",
        }
    }
}

/// 标签.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "components/tag.html")]
pub struct Tag {
    /// 文字
    pub text: String,
    /// 语气
    pub tone: Tone,
}

component!(Tag);

impl Tag {
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }

    /// The tag of a file's state.
    pub fn state(state: impl Into<String>) -> Self {
        let text = state.into();
        Self { tone: Tone::of(&text), text }
    }

    /// The tag of a remainder of working days.
    pub fn remaining(days: Option<i64>) -> Self {
        match days {
            Some(days) => Self::new(remaining(days), Tone::of_remaining(days)),
            None => Self::new("无法定时限", Neutral),
        }
    }
}

#[cfg(test)]
mod tests {
    use regulation::{basics::catalogue, granting, operation};

    use super::*;

    #[test]
    fn every_state_of_every_subject_is_in_the_vocabulary_exactly_once() {
        let words = || STATES.iter().flat_map(|(_, words)| words.iter().copied());
        let mut lost = Vec::new();
        macro_rules! all {
            ($($state:ty),+) => { $(for state in <$state>::ALL {
                if words().filter(|word| *word == state.name()).count() != 1 { lost.push(state.name()) }
            })+ };
        }
        all!(
            catalogue::State,
            granting::application::State,
            granting::plan::State,
            granting::selection::State,
            granting::selection::candidate::State,
            granting::selection::complaint::State,
            granting::agreement::State,
            operation::demand::State,
            operation::product::State,
            operation::use_agreement::State,
            operation::credential::State
        );
        assert_eq!(lost, Vec::<&str>::new());
        let mut twice: Vec<&str> = words().collect();
        twice.sort_unstable();
        let all = twice.len();
        twice.dedup();
        assert_eq!(twice.len(), all, "一个词只在一处");
    }

    #[test]
    fn what_stands_in_a_tag_is_text() {
        let tag = Tag::new("<b>&", Danger).to_string();
        assert!(tag.contains("&#60;b&#62;&#38;") && !tag.contains("<b>"), "{tag}");
    }
}
