//! 社会监督 — suggestions, corrections, appeals and objections of the public, and how they are answered (Articles 25 and 32).
#![doc = include_str!("../../text/measures/32.md")]

use serde::{Deserialize, Serialize};

use crate::{
    Provision, Term, Violation, article, procedure,
    procedure::{Procedure, step},
};

/// 接受社会监督.
const OVERSIGHT: Provision = article(32).paragraph(1);
/// 数据质量、应用情况和效果的反馈.
const QUALITY: Provision = article(25).paragraph(2);

/// 办理程序 — the public writes, the implementing agency accepts and answers; a missed term escalates.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, crate::Role::*, State::*};
    Procedure(&[
        step(Draft,    Submit,  Public,             Received,  OVERSIGHT),
        step(Received, Accept,  ImplementingAgency, Accepted,  OVERSIGHT),
        step(Received, Decline, ImplementingAgency, Declined,  OVERSIGHT),
        step(Accepted, Answer,  ImplementingAgency, Answered,  OVERSIGHT),
        step(Answered, Publish, ImplementingAgency, Published, OVERSIGHT),
    ])
};

words! {
    /// 办理状态.
    pub enum State {
        Draft = "填写",
        Received = "待受理",
        Accepted = "办理中",
        Answered = "已答复",
        Published = "答复已公开",
        Declined = "不予受理",
    }
}

words! {
    /// 行为.
    pub enum Act { Submit = "提交", Accept = "受理", Decline = "不予受理", Answer = "答复", Publish = "公开答复" }
}

impl procedure::State for State {
    fn within(self) -> Option<Term> {
        match self {
            Self::Received => Some(Term::FeedbackAcceptance),
            Self::Accepted => Some(Term::FeedbackAnswer),
            Self::Draft | Self::Answered | Self::Published | Self::Declined => None,
        }
    }
}

words! {
    /// 类别.
    pub enum Kind {
        Suggestion = "意见建议",
        /// About what the catalogue or a product says; a business entity's report of quality comes this way too.
        Correction = "数据纠错",
        Appeal = "权益申诉",
        /// About what has been announced: a plan, a selection, a grant.
        Objection = "公示异议",
    }
}

impl Kind {
    /// 依据.
    pub const fn provision(self) -> Provision {
        match self {
            Self::Correction => QUALITY,
            Self::Suggestion | Self::Appeal | Self::Objection => OVERSIGHT,
        }
    }

    /// 所涉对象的主题 — what it may be about.
    pub const fn subjects(self) -> &'static [&'static str] {
        match self {
            Self::Correction => &["entry", "product"],
            Self::Objection => &["plan", "selection", "agreement"],
            Self::Suggestion | Self::Appeal => &["entry", "plan", "selection", "agreement", "product"],
        }
    }

    /// Whether it has to say what it is about.
    pub const fn is_about_something(self) -> bool {
        matches!(self, Self::Correction | Self::Objection)
    }
}

/// 最长 — how many characters each part may have.
pub const TITLE: usize = 60;
/// 内容、答复的字数.
pub const TEXT: usize = 2000;
/// 联系方式的字数.
pub const CONTACT: usize = 100;

/// 来件有误 — what is wrong with what the public wrote, or with how it is dealt with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 缺项
    #[error("没有填写“{0}”")]
    Missing(&'static str),
    /// 太长
    #[error("“{what}”有{is}个字，最多{most}个字")]
    Long {
        /// 哪一项
        what: &'static str,
        /// 多少字
        is: usize,
        /// 最多多少字
        most: usize,
    },
    /// 没有写明对象
    #[error("{0}应写明针对哪一项，填写它的编号")]
    Unaddressed(Kind),
    /// 对象不存在或者没有公开
    #[error("没有找到已经公开的“{0}”")]
    Unknown(String),
    /// 对象不合类别
    #[error("{kind}不针对“{about}”这一类")]
    Misplaced {
        /// 类别
        kind: Kind,
        /// 对象
        about: String,
    },
    /// 个人信息
    #[error("“{what}”里的“{found}”像是{sort}，公开前应当略去")]
    Personal {
        /// 哪一项
        what: &'static str,
        /// 是什么
        sort: &'static str,
        /// 在哪里，略去中间
        found: String,
    },
    /// 没有同意公开
    #[error("来件人没有同意公开，只能答复本人")]
    Private,
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        match self {
            Self::Unaddressed(kind) | Self::Misplaced { kind, .. } => kind.provision(),
            _ => Provision::PLATFORM,
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::Unaddressed(_) | Self::Unknown(_) | Self::Misplaced { .. } => {
                "编号在目录、产品、授权名录和公示公告的页面上，形如 ML-20250701-7K3M9Q".to_owned()
            }
            Self::Personal { .. } => "请改写后再公开，如写作“某先生”“某号码”".to_owned(),
            Self::Private => "答复已经可以由来件人凭编号和查询码查到".to_owned(),
            Self::Missing(_) | Self::Long { .. } => "请改好后再提交，已填写的内容都还在".to_owned(),
        }
    }
}

/// 清洗 — one kind of line ends, no other control characters, no blanks around.
pub fn clean(text: &str) -> String {
    let unseen = |letter: &char| {
        letter.is_control() && *letter != '\n'
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let lines = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    lines.chars().filter(|letter| !unseen(letter)).collect::<String>().trim().to_owned()
}

/// 字数 — within bounds, or why not.
pub fn measure(what: &'static str, text: &str, most: usize) -> Option<Flaw> {
    let is = text.chars().count();
    (is > most).then_some(Flaw::Long { what, is, most })
}

/// 个人信息 — what looks like a telephone number, an identity number or an address of mail; shown without its middle.
pub fn personal(what: &'static str, text: &str) -> Option<Flaw> {
    let runs = text.split(|letter: char| !letter.is_ascii_alphanumeric() && !"@.-_+".contains(letter));
    runs.filter_map(|run| Some((run, sort(run)?)))
        .map(|(run, sort)| {
            let (first, last): (String, String) =
                (run.chars().take(3).collect(), run.chars().next_back().into_iter().collect());
            Flaw::Personal { what, sort, found: format!("{first}…{last}") }
        })
        .next()
}

fn sort(run: &str) -> Option<&'static str> {
    if run.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')) {
        return Some("电子邮箱");
    }
    let packed: String = run.chars().filter(|letter| *letter != '-').collect();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (body, check) = packed.split_at_checked(17).unwrap_or_default();
    if packed.len() == 18 && digits(body) && (digits(check) || check.eq_ignore_ascii_case("x")) {
        return Some("居民身份号码");
    }
    let mobile = packed.strip_prefix("+86").unwrap_or(&packed);
    let landline = run.strip_prefix('0').and_then(|rest| rest.split_once('-'));
    let landline = landline.is_some_and(|(area, number)| {
        digits(area) && digits(number) && (2..=3).contains(&area.len()) && (7..=8).contains(&number.len())
    });
    let mobile = mobile.len() == 11 && digits(mobile) && mobile.starts_with('1') && !mobile.starts_with("10");
    (mobile || landline).then_some("电话号码")
}

/// 答复、公开、不予受理所说的话 — there, and not too long.
///
/// # Errors
/// The [`Flaw`].
pub fn said(what: &'static str, text: &str) -> Result<String, Flaw> {
    let text = clean(text);
    if text.is_empty() {
        return Err(Flaw::Missing(what));
    }
    measure(what, &text, TEXT).map_or(Ok(text), Err)
}

/// 公开的文字 — one part of what is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// 来件，略去个人信息
    pub question: String,
    /// 答复，略去个人信息
    pub answer: String,
}

impl Published {
    /// 可以公开 — nothing is missing, too long, or looks like somebody's personal data.
    ///
    /// # Errors
    /// Every [`Flaw`] there is.
    pub fn of(question: &str, answer: &str, contact: &str) -> Result<Self, Vec<Flaw>> {
        let mut flaws = Vec::new();
        let mut part = |what: &'static str, text: &str| {
            let text = said(what, text).unwrap_or_else(|flaw| {
                flaws.push(flaw);
                String::new()
            });
            let contact = Some(contact.trim()).filter(|contact| !contact.is_empty() && text.contains(contact));
            let named =
                contact.map(|_| Flaw::Personal { what, sort: "来件人的联系方式", found: "…".to_owned() });
            flaws.extend(named.or_else(|| personal(what, &text)));
            text
        };
        let published = Self { question: part("公开的来件", question), answer: part("公开的答复", answer) };
        if flaws.is_empty() { Ok(published) } else { Err(flaws) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_taken_out_and_lines_stay() {
        assert_eq!(clean("  第一行\r\n第\u{0}二\u{202e}行\u{7}\r第三行\t尾\u{feff} "), "第一行\n第二行\n第三行 尾");
        assert_eq!(clean("\u{0}\u{200b} \n"), "");
    }

    #[test]
    fn what_looks_like_personal_data_is_found_and_numbers_of_files_are_not() {
        let table = [
            ("请回电13800138000谢谢", Some("电话号码")),
            ("电话：028-61880000", Some("电话号码")),
            ("+8613800138000", Some("电话号码")),
            ("身份证510104199001011234。", Some("居民身份号码")),
            ("写到 zhang.san@example.cn 即可", Some("电子邮箱")),
            ("条目 ML-20250701-7K3M9Q 的更新频率", None),
            ("共12345678901234行，10000000000元", None),
            ("依据第三十二条，2025-09-01 起", None),
        ];
        for (text, found) in table {
            let told = personal("公开的来件", text).map(|flaw| match flaw {
                Flaw::Personal { sort, .. } => sort,
                other => panic!("{other}"),
            });
            assert_eq!(told, found, "{text}");
        }
    }

    #[test]
    fn every_flaw_of_what_is_to_be_published_is_told_at_once_without_repeating_the_number() {
        let flaws = Published::of("我住3楼，13800138000", " ", "").unwrap_err();
        let told: Vec<String> = flaws.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["“公开的来件”里的“138…0”像是电话号码，公开前应当略去", "没有填写“公开的答复”"]);
        assert!(Published::of("微信 wx_abc 请联系", "好的", "wx_abc").is_err(), "联系方式原样出现");
        assert!(Published::of("车位数不准", "已更正", "wx_abc").is_ok());
    }

    #[test]
    fn nobody_but_the_public_submits_and_nobody_but_the_agency_answers() {
        use crate::Role;
        assert!(PROCEDURE.step(State::Draft, Act::Submit, Role::Public).is_ok());
        let told = PROCEDURE.step(State::Accepted, Act::Answer, Role::Operator).unwrap_err();
        assert_eq!(told.to_string(), "运营机构不得在“办理中”时答复");
        let told = PROCEDURE.step(State::Received, Act::Answer, Role::ImplementingAgency).unwrap_err();
        assert_eq!(told.to_string(), "实施机构不得在“待受理”时答复", "先受理，再答复");
    }
}
