//! 目录条目缺陷 — everything that keeps an entry from being offered, told at once (Articles 3, 5 and 8).

use std::collections::HashSet;

use super::{Content, Field, KEEPING, Masking, Origin};
use crate::{
    Provision, Violation, article,
    basics::grading::{self, Degree, Grade, Object},
};

/// 信息项至多 — more than this is several resources.
pub const MOST_FIELDS: usize = 1000;
/// 名称至多几个字.
pub const LONGEST_NAME: usize = 100;
/// 成段的文字至多几个字.
pub const LONGEST_TEXT: usize = 2000;

/// 目录条目缺陷.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 缺项
    #[error("目录条目缺少“{0}”")]
    Missing(&'static str),
    /// 没有来源职责
    #[error("未说明数据因何种职责或者公共服务产生")]
    Sourceless,
    /// 没有定级
    #[error("分类分级：“{0}”没有填写{1}")]
    Ungraded(Object, &'static str),
    /// 核心数据
    #[error("按所填的影响定为核心数据，不得纳入授权运营范围")]
    Core,
    /// 低估
    #[error("信息项“{1}”涉及{2}，而“{0}”填的是无影响，两处矛盾")]
    Understated(Object, String, &'static str),
    /// 未取得同意
    #[error("共享获得的数据用于授权运营，应取得“{0}”的同意书")]
    WithoutConsent(String),
    /// 信息项不全
    #[error("第{0}个信息项缺少{1}")]
    Incomplete(usize, &'static str),
    /// 信息项重复
    #[error("信息项“{0}”重复")]
    Repeated(String),
    /// 未拟脱敏
    #[error("信息项“{0}”涉及{1}，没有选定脱敏方式")]
    Unmasked(String, &'static str),
    /// 太长
    #[error("“{0}”有{1}个字，最多{2}个字")]
    Long(&'static str, usize, usize),
    /// 太多信息项
    #[error("信息项有{0}个，一个条目最多{1}个")]
    Many(usize, usize),
    /// 不可见的字符
    #[error("“{0}”里有看不见的控制字符（{1}）")]
    Control(&'static str, String),
    /// 形似的字符
    #[error("“{0}”里的“{1}”（{2}）形似别的字，查找和比对会落空")]
    Disguised(&'static str, char, String),
}

impl Content {
    /// Everything the entry still lacks, so that its author can mend it in one go.
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = self.unkeepable();
        for (name, text) in [("信息资源名称", &self.name), ("信息资源摘要", &self.summary)] {
            if text.trim().is_empty() {
                flaws.push(Flaw::Missing(name));
            }
        }
        if self.source_duty.trim().is_empty() {
            flaws.push(Flaw::Sourceless);
        }
        if self.sector.is_none() {
            flaws.push(Flaw::Missing("所属领域"));
        }
        if self.refresh.is_none() {
            flaws.push(Flaw::Missing("更新周期"));
        }
        flaws.extend(self.grading.lacking().map(|(object, what)| Flaw::Ungraded(object, what)));
        if self.grade() == Some(Grade::Core) {
            flaws.push(Flaw::Core);
        }
        if let Origin::Shared { from, consent } = &self.origin {
            if from.trim().is_empty() {
                flaws.push(Flaw::Missing("共享数据提供单位"));
            }
            if consent.trim().is_empty() {
                flaws.push(Flaw::WithoutConsent(from.clone()));
            }
        }
        flaws.extend(self.flaws_of_fields());
        flaws
    }

    /// 容不下的 — what no record should hold, not even a draft.
    pub fn unkeepable(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let names = [
            ("信息资源名称", &self.name),
            ("数据量", &self.volume),
            ("时间范围", &self.time_span),
            ("空间范围", &self.area),
        ];
        let texts = [("信息资源摘要", &self.summary), ("来源职责", &self.source_duty)];
        let shared = match &self.origin {
            Origin::Shared { from, consent } => vec![("共享数据提供单位", from), ("同意书文号", consent)],
            Origin::Own => Vec::new(),
        };
        let fields = || self.fields.iter();
        let of_fields =
            fields().map(|field| ("信息项代码", &field.code)).chain(fields().map(|field| ("信息项名称", &field.name)));
        for (name, text) in names.into_iter().chain(shared).chain(of_fields) {
            flaws.extend(unreadable(name, text, LONGEST_NAME));
        }
        let reasons = self.grading.0.values().map(|answer| ("定级的理由", &answer.reason));
        for (name, text) in texts.into_iter().chain(reasons) {
            flaws.extend(unreadable(name, text, LONGEST_TEXT));
        }
        if self.fields.len() > MOST_FIELDS {
            flaws.push(Flaw::Many(self.fields.len(), MOST_FIELDS));
        }
        flaws
    }

    fn flaws_of_fields(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        if self.fields.is_empty() {
            flaws.push(Flaw::Missing("信息项"));
        }
        let mut known = HashSet::new();
        for (place, field) in self.fields.iter().enumerate() {
            for (what, text) in [("代码", &field.code), ("名称", &field.name)] {
                if text.trim().is_empty() {
                    flaws.push(Flaw::Incomplete(place + 1, what));
                }
            }
            // Two columns that differ only in their case are one to half the databases there are.
            let code = field.code.trim().to_lowercase();
            if !code.is_empty() && !known.insert(code) {
                flaws.push(Flaw::Repeated(field.code.clone()));
            }
            if field.delicate() && field.masking == Masking::None {
                flaws.push(Flaw::Unmasked(called(field), why(field)));
            }
        }
        let harmless = |object| self.grading.degree(object) == Some(Degree::None);
        let understated = [
            (Object::PersonalRights, self.fields.iter().find(|field| field.personal.any())),
            (Object::OrganisationRights, self.fields.iter().find(|field| field.secret)),
        ];
        for (object, field) in understated {
            if let Some(field) = field.filter(|_| harmless(object)) {
                let of = if object == Object::PersonalRights { "个人信息" } else { "商业秘密" };
                flaws.push(Flaw::Understated(object, called(field), of));
            }
        }
        flaws
    }
}

/// What a field is called: its name, or its code while it has none.
fn called(field: &Field) -> String {
    if field.name.is_empty() { field.code.clone() } else { field.name.clone() }
}

const fn why(field: &Field) -> &'static str {
    if field.personal.sensitive() { "敏感个人信息" } else { "商业秘密" }
}

/// What makes a text unfit to be kept, searched and compared.
fn unreadable(name: &'static str, text: &str, longest: usize) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let length = text.chars().count();
    if length > longest {
        flaws.push(Flaw::Long(name, length, longest));
    }
    let point = |letter: char| format!("U+{:04X}", u32::from(letter));
    if let Some(letter) = text.chars().find(|letter| invisible(*letter)) {
        flaws.push(Flaw::Control(name, point(letter)));
    }
    if let Some(letter) = text.chars().find(|letter| disguised(*letter)) {
        flaws.push(Flaw::Disguised(name, letter, point(letter)));
    }
    flaws
}

/// What cannot be seen on a page, other than the end of a line.
fn invisible(letter: char) -> bool {
    let soft = matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    soft || (letter.is_control() && letter != '\n')
}

/// What looks like a Latin letter, a digit or a Han character and is another: Cyrillic and Greek doubles, full-width
/// letters and digits, radicals and compatibility ideographs.
const fn disguised(letter: char) -> bool {
    matches!(
        letter,
        'а' | 'е' | 'о' | 'р' | 'с' | 'у' | 'х' | 'і' | 'ј' | 'ѕ' | 'А' | 'В' | 'Е' | 'К' | 'М' | 'Н' | 'О' | 'Р' | 'С' | 'Т' | 'Х' // Cyrillic
        | 'ο' | 'Α' | 'Β' | 'Ε' | 'Ζ' | 'Η' | 'Ι' | 'Κ' | 'Μ' | 'Ν' | 'Ο' | 'Ρ' | 'Τ' | 'Υ' | 'Χ' // Greek
        | '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}'
        | '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}'
    )
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        match self {
            Self::Missing(_) | Self::Incomplete(..) | Self::Repeated(_) => KEEPING,
            Self::Sourceless => article(3).item(1),
            Self::Ungraded(..) | Self::Core | Self::Understated(..) | Self::Unmasked(..) => grading::BASIS,
            Self::WithoutConsent(_) => article(5).paragraph(2),
            Self::Long(..) | Self::Many(..) | Self::Control(..) | Self::Disguised(..) => Provision::PLATFORM,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::Missing(what) | Self::Long(what, ..) | Self::Control(what, _) | Self::Disguised(what, ..) => {
                place(what)
            }
            Self::Sourceless => "content.source_duty",
            Self::Ungraded(object, _) | Self::Understated(object, ..) => question(*object),
            Self::Core => "content.grading",
            Self::WithoutConsent(_) => "content.origin.consent",
            Self::Incomplete(..) | Self::Repeated(_) | Self::Unmasked(..) | Self::Many(..) => "content.fields",
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::Core => "请核对各项影响程度；确属核心数据的，不得编入授权运营目录",
            Self::Understated(..) => "请重新判断影响程度，或者更正信息项的标注",
            Self::Unmasked(..) => "请为它选一种脱敏方式，或者选“不提供”",
            Self::Many(..) => "请按主题分成几个条目",
            Self::Disguised(..) => "请用键盘重新输入这个字",
            Self::Control(..) => "请删去后重新输入",
            _ => "请补正后再提交",
        }
        .to_owned()
    }
}

/// The place on the form of what goes by this name.
fn place(what: &str) -> &'static str {
    match what {
        "信息资源名称" => "content.name",
        "信息资源摘要" => "content.summary",
        "来源职责" => "content.source_duty",
        "所属领域" => "content.sector",
        "更新周期" => "content.refresh",
        "数据量" => "content.volume",
        "时间范围" => "content.time_span",
        "空间范围" => "content.area",
        "共享数据提供单位" => "content.origin.from",
        "同意书文号" => "content.origin.consent",
        "定级的理由" => "content.grading",
        _ => "content.fields",
    }
}

/// The place on the form of a question of the grading.
const fn question(object: Object) -> &'static str {
    match object {
        Object::NationalSecurity => "content.grading.national_security",
        Object::Economy => "content.grading.economy",
        Object::SocialOrder => "content.grading.social_order",
        Object::PublicInterest => "content.grading.public_interest",
        Object::OrganisationRights => "content.grading.organisation_rights",
        Object::PersonalRights => "content.grading.personal_rights",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basics::{
        catalogue::{Cycle, Personal},
        grading::Grading,
        sector::Sector,
    };

    fn sound() -> Content {
        Content {
            name: "空气质量小时值".into(),
            summary: "各监测站点的小时浓度".into(),
            source_duty: "环境监测职责".into(),
            sector: Some(Sector::Environment),
            refresh: Some(Cycle::Hourly),
            grading: Grading::alike(Degree::None, "公开发布的监测值"),
            fields: vec![Field { code: "pm25".into(), name: "细颗粒物".into(), ..Field::default() }],
            ..Content::default()
        }
    }

    fn told(content: &Content) -> Vec<String> {
        content.flaws().iter().map(|flaw| format!("{flaw}（{}）", flaw.provision())).collect()
    }

    #[test]
    fn every_gap_of_an_entry_is_told_at_once_with_its_citation() {
        assert_eq!(told(&sound()), Vec::<String>::new());
        let mut content = sound();
        content.summary = " ".into();
        content.source_duty = String::new();
        content.refresh = None;
        content.grading.0.remove(&Object::Economy);
        content.origin = Origin::Shared { from: "省生态环境厅".into(), consent: String::new() };
        content.fields = vec![
            Field { code: "pm25".into(), name: "细颗粒物".into(), ..Field::default() },
            Field { code: "PM25".into(), name: String::new(), ..Field::default() },
        ];
        assert_eq!(
            told(&content),
            [
                "目录条目缺少“信息资源摘要”（第八条第四款）",
                "未说明数据因何种职责或者公共服务产生（第三条第一项）",
                "目录条目缺少“更新周期”（第八条第四款）",
                "分类分级：“经济运行”没有填写影响程度（第五条第一款）",
                "共享获得的数据用于授权运营，应取得“省生态环境厅”的同意书（第五条第二款）",
                "第2个信息项缺少名称（第八条第四款）",
                "信息项“PM25”重复（第八条第四款）",
            ]
        );
    }

    #[test]
    fn what_contradicts_itself_is_told() {
        let mut content = sound();
        let field = |code: &str, personal, secret| Field {
            code: code.into(),
            name: code.into(),
            personal,
            secret,
            ..Field::default()
        };
        content.fields = vec![field("病种", Personal::Health, false), field("报价", Personal::None, true)];
        assert_eq!(
            told(&content),
            [
                "信息项“病种”涉及敏感个人信息，没有选定脱敏方式（第五条第一款）",
                "信息项“报价”涉及商业秘密，没有选定脱敏方式（第五条第一款）",
                "信息项“病种”涉及个人信息，而“个人权益”填的是无影响，两处矛盾（第五条第一款）",
                "信息项“报价”涉及商业秘密，而“组织权益”填的是无影响，两处矛盾（第五条第一款）",
            ]
        );
        content = sound();
        content.grading = Grading::alike(Degree::Grave, "牵一发而动全身");
        assert_eq!(told(&content), ["按所填的影响定为核心数据，不得纳入授权运营范围（第五条第一款）"]);
    }

    #[test]
    fn what_cannot_be_seen_compared_or_held_is_told() {
        let mut content = sound();
        content.name = "а\u{200b}".into(); // a Cyrillic letter, and a space without width
        content.area = "市".repeat(101);
        content.fields = vec![Field { code: "列".into(), name: "列".into(), ..Field::default() }; 1001];
        let flaws = content.unkeepable();
        assert_eq!(
            flaws.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "“信息资源名称”里有看不见的控制字符（U+200B）",
                "“信息资源名称”里的“а”（U+0430）形似别的字，查找和比对会落空",
                "“空间范围”有101个字，最多100个字",
                "信息项有1001个，一个条目最多1000个",
            ]
        );
        assert_eq!(flaws[0].field(), "content.name");
    }
}
