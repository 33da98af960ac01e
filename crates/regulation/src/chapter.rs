//! 章 — the six chapters of the Measures, and which articles stand in which.

use std::ops::RangeInclusive;

words! {
    /// 章.
    pub enum Chapter {
        General = "总则",
        Basics = "基本要求",
        Granting = "授权程序",
        Operation = "运营实施",
        Supervision = "安全与监督",
        Closing = "附则",
    }
}

impl Chapter {
    /// 第几章 — from 1.
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|chapter| *chapter == self).map_or(0, |place| place + 1)
    }

    /// 各条.
    pub const fn articles(self) -> RangeInclusive<u16> {
        match self {
            Self::General => 1..=4,
            Self::Basics => 5..=8,
            Self::Granting => 9..=17,
            Self::Operation => 18..=27,
            Self::Supervision => 28..=35,
            Self::Closing => 36..=37,
        }
    }

    /// 第三章 授权程序.
    pub fn heading(self) -> String {
        let number = ["一", "二", "三", "四", "五", "六"].get(self.number().wrapping_sub(1)).unwrap_or(&"");
        format!("第{number}章 {self}")
    }

    /// The chapter in which an article stands.
    pub fn of(article: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|chapter| chapter.articles().contains(&article))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chapters_follow_each_other_and_leave_no_article_out() {
        let articles: Vec<u16> = Chapter::ALL.iter().flat_map(|chapter| chapter.articles()).collect();
        assert_eq!(articles, (1..=37).collect::<Vec<_>>());
        assert_eq!(Chapter::of(23).map(Chapter::heading).as_deref(), Some("第四章 运营实施"));
        assert_eq!(Chapter::of(38), None);
    }
}
