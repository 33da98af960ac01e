//! 条、款、项 — where in which instrument something is written.

use std::fmt;

use serde::{Serialize, Serializer};

/// 依据 — one provision: an article, or one paragraph or item of it.
///
/// ```
/// # use regulation::article;
/// assert_eq!(article(23).paragraph(1).to_string(), "第二十三条第一款");
/// assert!(article(23).gist().unwrap().contains("5个工作日"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Provision {
    instrument: Instrument,
    article: u16,
    paragraph: u8,
    item: u8,
}

words! {
    /// 法规文件 — the instruments the platform answers to.
    pub enum Instrument {
        Measures = "成都市公共数据资源授权运营管理办法（征求意见稿）",
        Specification = "公共数据资源授权运营实施规范（试行）",
        RegistrationMeasures = "公共数据资源登记管理暂行办法",
        CivilCode = "中华人民共和国民法典",
        TenderLaw = "中华人民共和国招标投标法",
        TenderRegulation = "中华人民共和国招标投标法实施条例",
        Platform = "平台规则",
    }
}

/// 违反规定 — what was broken, in words for the party concerned, and where it is written.
///
/// A refusal without a citation does not compile: every violation answers [`Self::provision`].
pub trait Violation: std::error::Error {
    /// 依据 — the provision this violates.
    fn provision(&self) -> Provision;

    /// 怎么办 — what the party can do now.
    fn advice(&self) -> String {
        "请按依据条款补正后重新办理".to_owned()
    }

    /// 填写项 — the item of the request that it speaks of, such as `minutes.meeting`; empty where it is none.
    fn field(&self) -> &'static str {
        ""
    }

    /// Whether the wrong party acted, the wrong moment was chosen, or the content falls short.
    fn kind(&self) -> Kind {
        Kind::Content
    }
}

/// What sort of violation it is; the doors answer each sort differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 行为人不对 — another party may do this.
    Role,
    /// 时机不对 — not in this state.
    State,
    /// 内容不合规定 — what was submitted falls short.
    Content,
    /// 外部系统没有办成 — another system, on which this depends, did not answer as it should.
    Outside,
}

/// 本办法第几条 — the whole article of the Measures.
pub const fn article(number: u16) -> Provision {
    Instrument::Measures.article(number)
}

impl Instrument {
    /// 第几条 — the whole article.
    pub const fn article(self, number: u16) -> Provision {
        Provision { instrument: self, article: number, paragraph: 0, item: 0 }
    }
}

impl Provision {
    /// 平台规则 — our own rule, which is not the text of any instrument and is shown so.
    pub const PLATFORM: Self = Instrument::Platform.article(0);

    /// 第几款.
    #[must_use]
    pub const fn paragraph(self, number: u8) -> Self {
        Self { paragraph: number, ..self }
    }

    /// 第几项.
    #[must_use]
    pub const fn item(self, number: u8) -> Self {
        Self { item: number, ..self }
    }

    /// Reads a provision as [`fmt::Display`] writes it: 第二十三条第一款, 平台规则.
    pub fn read(text: &str) -> Option<Self> {
        if text == Instrument::Platform.name() {
            return Some(Self::PLATFORM);
        }
        let (instrument, rest) = match text.strip_prefix('《') {
            Some(rest) => rest.split_once('》').and_then(|(name, rest)| Some((Instrument::named(name)?, rest)))?,
            None => (Instrument::Measures, text),
        };
        let part = |rest: &mut &str, unit: char| {
            let (words, after) = rest.strip_prefix('第')?.split_once(unit)?;
            let number = (1..10_000).find(|number| chinese(*number) == words)?;
            *rest = after;
            Some(number)
        };
        let mut rest = rest;
        let article = part(&mut rest, '条')?;
        let paragraph = part(&mut rest, '款').unwrap_or(0);
        let item = part(&mut rest, '项').unwrap_or(0);
        let read = Self { instrument, article, paragraph: paragraph.try_into().ok()?, item: item.try_into().ok()? };
        let known = instrument != Instrument::Measures || GIST.len() >= usize::from(article);
        (rest.is_empty() && known).then_some(read)
    }

    /// The number of the article, where it is one of the Measures.
    pub fn measures_article(self) -> Option<u16> {
        (self.instrument == Instrument::Measures).then_some(self.article)
    }

    /// 各款 — the paragraphs of the whole article with their gists; an undivided article is its own only part.
    pub fn parts(self) -> Vec<(Self, &'static str)> {
        let Some(gist) = self.gist() else { return Vec::new() };
        let part = |line: &'static str| {
            let (number, rest) = line.strip_prefix('第')?.split_once("款：")?;
            let number = (1..=u8::MAX).find(|candidate| chinese((*candidate).into()) == number)?;
            Some((self.paragraph(number), rest.trim()))
        };
        let parts: Vec<_> = gist.lines().filter_map(part).collect();
        if parts.is_empty() { vec![(self, gist)] } else { parts }
    }

    /// 要旨 — the gist of the whole article, where it is one of the Measures.
    pub fn gist(self) -> Option<&'static str> {
        let place = usize::from(self.measures_article()?).checked_sub(1)?;
        GIST.get(place).map(|text| text.trim())
    }
}

impl fmt::Display for Provision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.instrument {
            Instrument::Measures => {}
            Instrument::Platform => return f.write_str(self.instrument.name()),
            other => write!(f, "《{other}》")?,
        }
        write!(f, "第{}条", chinese(self.article))?;
        if self.paragraph > 0 {
            write!(f, "第{}款", chinese(self.paragraph.into()))?;
        }
        if self.item > 0 {
            write!(f, "第{}项", chinese(self.item.into()))?;
        }
        Ok(())
    }
}

impl Serialize for Provision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A number below ten thousand as statutes write it: 二十三, 一百零二, 二百零一.
pub fn chinese(number: u16) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    const UNITS: [(u16, &str); 4] = [(1000, "千"), (100, "百"), (10, "十"), (1, "")];
    let mut words = String::new();
    let mut gap = false;
    for (size, unit) in UNITS {
        let digit = number / size % 10;
        if digit == 0 {
            gap = !words.is_empty();
            continue;
        }
        if gap {
            words.push('零');
            gap = false;
        }
        if !(digit == 1 && size == 10 && words.is_empty()) {
            words.push_str(DIGITS[usize::from(digit)]);
        }
        words.push_str(unit);
    }
    words
}

macro_rules! gists {
    ($($number:literal)*) => { [$(include_str!(concat!("../text/measures/", $number, ".md"))),*] };
}

const GIST: [&str; 37] = gists!(
    "01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "11" "12" "13" "14" "15" "16" "17" "18" "19"
    "20" "21" "22" "23" "24" "25" "26" "27" "28" "29" "30" "31" "32" "33" "34" "35" "36" "37"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_statutes_write_them() {
        let told = [1, 10, 11, 20, 23, 37, 100, 102, 110, 201, 203, 1260].map(chinese);
        assert_eq!(
            told,
            [
                "一",
                "十",
                "十一",
                "二十",
                "二十三",
                "三十七",
                "一百",
                "一百零二",
                "一百一十",
                "二百零一",
                "二百零三",
                "一千二百六十"
            ]
        );
    }

    #[test]
    fn other_instruments_are_named_and_the_measures_are_not() {
        assert_eq!(article(10).item(5).to_string(), "第十条第五项");
        assert_eq!(Instrument::CivilCode.article(203).to_string(), "《中华人民共和国民法典》第二百零三条");
        assert_eq!(Provision::PLATFORM.to_string(), "平台规则");
    }

    #[test]
    fn what_is_written_is_read_back_and_nothing_else_is() {
        let written = [
            article(23).paragraph(1),
            article(10).item(5),
            article(37),
            Provision::PLATFORM,
            Instrument::CivilCode.article(203),
        ];
        for provision in written {
            assert_eq!(Provision::read(&provision.to_string()), Some(provision), "{provision}");
        }
        for text in ["", "第二十三", "第二十三条第一", "第三十八条", "第〇条", "《某法》第一条", "第一条等"]
        {
            assert_eq!(Provision::read(text), None, "{text}");
        }
    }

    #[test]
    fn an_article_falls_into_its_paragraphs_each_with_its_gist() {
        let parts = article(12).parts();
        assert_eq!(
            parts.iter().map(|(part, _)| part.to_string()).collect::<Vec<_>>(),
            ["第十二条第一款", "第十二条第二款", "第十二条第三款"]
        );
        assert!(parts[2].1.contains("最小范围"));
        assert_eq!(article(22).parts(), [(article(22), article(22).gist().unwrap())]);
        assert!((1..=37).all(|number| article(number).parts().iter().all(|(_, gist)| !gist.is_empty())));
        assert!(Provision::PLATFORM.parts().is_empty());
    }

    #[test]
    fn every_article_has_a_gist_and_a_foreign_one_has_none() {
        assert!((1..=37).all(|number| article(number).gist().is_some_and(|gist| gist.len() > 20)));
        assert_eq!(article(38).gist(), None);
        assert_eq!(Instrument::CivilCode.article(1).gist(), None);
    }
}
