//! 通知全文 — reads the State Council's notice as it is printed: “一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。”
//!
//! Every sentence of a festival is understood to its last character or told as not understood; a
//! weekday that does not fit its date is told too, for then the year or the day is wrong.

use jiff::civil::{Date, Weekday};

use super::{Arrangement, Days, Festival, Flaw, arrangement::FESTIVALS};

/// 读到的.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub arrangement: Arrangement,
    pub flaws: Vec<Flaw>,
    pub aside: Vec<String>,
}

/// What may stand between the dates without meaning anything to the calendar.
const FILLERS: [&str; 12] =
    ["与周末连休", "不调休", "调休", "其中", "正常", "照常", "休息", "共", "和", "及", ",", "、"];

/// Chinese digits, for “共三天”.
const DIGITS: &str = "零一二三四五六七八九十";

/// Reads a notice. `year` is the year it is of, where the text itself does not say so.
pub(super) fn read(text: &str, year: Option<i16>) -> Found {
    let text: Vec<char> = even(text).chars().collect();
    let items = items(&text);
    let whole = flat(&text);
    let head = flat(&text[..items.first().map_or(text.len(), |item| item.at)]);
    let mut found = Found::default();
    found.arrangement.year = titled_year(&head).unwrap_or(0);
    found.arrangement.notice = number(&whole).unwrap_or_default();
    found.arrangement.published = issued(&whole);
    let Some(year) = Some(found.arrangement.year).filter(|year| *year != 0).or(year) else {
        found.flaws.push(Flaw::NoYear);
        return found;
    };
    for (place, item) in items.iter().enumerate() {
        let end = items.get(place + 1).map_or(text.len(), |next| next.at);
        let festival = found.festival(&item.name, &flat(&text[item.body..end]), year);
        found.arrangement.festival.push(festival);
    }
    found
}

/// The same text in one width and without spaces: what people paste comes from web pages and printed copies.
pub(super) fn even(text: &str) -> String {
    let even = |letter: char| match letter {
        '０'..='９' => char::from_u32(u32::from(letter) - u32::from('０') + u32::from('0')).unwrap_or(letter),
        '（' => '(',
        '）' => ')',
        '：' => ':',
        '，' => ',',
        '；' => ';',
        '．' => '.',
        '[' | '【' | '［' | '﹝' => '〔',
        ']' | '】' | '］' | '﹞' => '〕',
        '-' | '－' | '—' | '–' | '～' | '~' | '到' => '至',
        '\r' => '\n',
        other => other,
    };
    let kept =
        |letter: &char| *letter == '\n' || !(letter.is_whitespace() || ('\u{200b}'..='\u{200f}').contains(letter));
    text.chars().map(even).filter(kept).collect()
}

/// As it was printed: what is told to people has its own punctuation.
fn printed(sentence: &str) -> String {
    sentence.replace(',', "，").replace('(', "（").replace(')', "）")
}

fn flat(text: &[char]) -> String {
    text.iter().filter(|letter| **letter != '\n').collect()
}

/// 一条 — where it begins, where its sentences begin, and what it is called.
struct Item {
    at: usize,
    body: usize,
    name: String,
}

/// The items of the notice: “一、元旦：” at the beginning of a line or after a full stop.
fn items(text: &[char]) -> Vec<Item> {
    let begins = |at: usize| text[at] != '\n' && (at == 0 || matches!(text[at - 1], '\n' | '。' | ':'));
    (0..text.len()).filter(|at| begins(*at)).filter_map(|at| item(text, at)).collect()
}

fn item(text: &[char], at: usize) -> Option<Item> {
    let numeral = |letter: &char| DIGITS.contains(*letter) || letter.is_ascii_digit();
    let ordinal = text[at..].iter().take(4).take_while(|letter| numeral(letter)).count();
    let numbered = ordinal > 0 && matches!(text.get(at + ordinal), Some('、' | '.'));
    let from = if numbered { at + ordinal + 1 } else { at };
    let length = text[from..].iter().take(25).position(|letter| *letter == ':')?;
    let name: String = flat(&text[from..from + length]);
    let words = |name: &str| !name.is_empty() && name.chars().all(|letter| letter >= '一' || letter == '、');
    let known = name.split(['、', '和']).all(|part| FESTIVALS.iter().any(|(known, ..)| *known == part));
    let named = if numbered { words(&name) } else { known };
    named.then(|| Item { at, body: from + length + 1, name })
}

/// “关于2026年部分节假日安排的通知”, “现将2026年元旦……通知如下”.
fn titled_year(head: &str) -> Option<i16> {
    let years = head.match_indices('年').filter_map(|(place, _)| {
        let (before, after) = (&head[..place], &head[place + '年'.len_utf8()..]);
        let digits: String = before.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        let titled = ["部分节假日", "节假日", "元旦", "放假", "国务院"].iter().any(|word| after.starts_with(word));
        digits.parse().ok().filter(|_| titled)
    });
    years.into_iter().next()
}

/// 国办发明电〔2025〕7号
fn number(text: &str) -> Option<String> {
    text.match_indices("国办").find_map(|(place, _)| {
        let rest = &text[place..];
        let end = rest.find('号')? + '号'.len_utf8();
        let number = &rest[..end];
        (number.chars().count() <= 20 && number.contains('〔')).then(|| number.to_owned())
    })
}

/// The day under the name of the General Office.
fn issued(text: &str) -> Option<Date> {
    text.rmatch_indices("国务院办公厅").find_map(|(place, name)| {
        let mut scan = Scan { rest: &text[place + name.len()..], year: 0, month: 0 };
        match scan.date() {
            Some(Ok(day)) => Some(day),
            _ => None,
        }
    })
}

impl Found {
    /// One festival's sentences.
    fn festival(&mut self, name: &str, body: &str, year: i16) -> Festival {
        let mut festival = Festival { name: name.to_owned(), ..Festival::default() };
        for sentence in body.split(['。', ';', '!', '！']).filter(|sentence| !sentence.is_empty()) {
            let dated = sentence.contains(|letter: char| letter.is_ascii_digit());
            let arranges = ["放假", "上班", "调休"].iter().any(|word| sentence.contains(word));
            if ["鼓励", "建议", "倡导"].iter().any(|word| sentence.contains(word)) || (arranges && !dated) {
                self.aside.push(printed(sentence));
                continue;
            }
            let concerns = arranges || (dated && sentence.contains('日') && !sentence.contains("国务院办公厅"));
            if concerns && !self.sentence(&mut festival, sentence, year) {
                self.flaws.push(Flaw::Unread(name.to_owned(), printed(sentence)));
            }
        }
        festival
    }

    /// Takes in one sentence; false where it is not wholly understood.
    fn sentence(&mut self, festival: &mut Festival, sentence: &str, year: i16) -> bool {
        let mut scan = Scan { rest: sentence, year, month: 0 };
        let mut pending: Vec<Option<Days>> = Vec::new();
        let mut ranging = false;
        let mut arranged = false;
        while !scan.rest.is_empty() {
            if let Some(total) = scan.total() {
                festival.total = Some(total);
            } else if let Some(read) = scan.date() {
                let day = read.map_err(|text| self.flaws.push(Flaw::NoSuchDay(text))).ok();
                let Some(told) = scan.bracket() else { return false };
                if let (Some(day), Some(told)) = (day, told)
                    && day.weekday() != told
                {
                    self.flaws.push(Flaw::WrongWeekday(day, told));
                }
                match (ranging, pending.last_mut()) {
                    (false, _) => pending.push(day.map(|day| Days { first: day, last: day })),
                    (true, Some(days)) => *days = days.zip(day).map(|(days, last)| Days { last, ..days }),
                    (true, None) => return false,
                }
                ranging = false;
            } else if scan.word("至") {
                ranging = true;
            } else if scan.word("放假") {
                arranged |= !pending.is_empty();
                festival.off.extend(pending.drain(..).flatten());
            } else if scan.word("上班") {
                arranged |= !pending.is_empty();
                festival.work.extend(pending.drain(..).flatten().flat_map(Days::iter));
            } else if !FILLERS.iter().any(|filler| scan.word(filler)) {
                return false;
            }
        }
        arranged && pending.is_empty() && !ranging
    }
}

/// 逐字读 — what is left of a sentence, and the year and month that a bare day belongs to.
struct Scan<'a> {
    rest: &'a str,
    year: i16,
    month: i8,
}

impl Scan<'_> {
    fn word(&mut self, word: &str) -> bool {
        match self.rest.strip_prefix(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// “3天”, “三天”.
    fn total(&mut self) -> Option<u16> {
        let (number, rest) = self.rest.split_once('天')?;
        let chinese = |number: &str| {
            let place = DIGITS.chars().position(|digit| number.chars().eq([digit]))?;
            u16::try_from(place).ok()
        };
        let total = number.parse().ok().or_else(|| chinese(number))?;
        self.rest = rest;
        Some(total)
    }

    /// “2022年12月31日”, “1月3日”, “3日”; the text itself where there is no such day.
    fn date(&mut self) -> Option<Result<Date, String>> {
        let (mut rest, mut year, mut month) = (self.rest, self.year, self.month);
        loop {
            let digits = rest.find(|letter: char| !letter.is_ascii_digit()).filter(|length| *length > 0)?;
            let (number, after) = rest.split_at(digits);
            let (unit, after) = after.split_at(after.chars().next().map_or(0, char::len_utf8));
            match unit {
                "年" => year = number.parse().unwrap_or(0),
                "月" => month = number.parse().unwrap_or(0),
                "日" => {
                    let text = self.rest[..self.rest.len() - after.len()].to_owned();
                    let day = number.parse().ok().and_then(|day| Date::new(year, month, day).ok());
                    (self.rest, self.year, self.month) = (after, year, month);
                    return Some(day.ok_or(text));
                }
                _ => return None,
            }
            rest = after;
        }
    }

    /// “(农历除夕、周二)”: the weekday in it, if any. Nothing at all where the bracket holds something else.
    #[expect(clippy::option_option, reason = "a bracket not understood, a bracket without a weekday, a weekday")]
    fn bracket(&mut self) -> Option<Option<Weekday>> {
        const NAMES: [(char, Weekday); 8] = [
            ('一', Weekday::Monday),
            ('二', Weekday::Tuesday),
            ('三', Weekday::Wednesday),
            ('四', Weekday::Thursday),
            ('五', Weekday::Friday),
            ('六', Weekday::Saturday),
            ('日', Weekday::Sunday),
            ('天', Weekday::Sunday),
        ];
        let Some(inner) = self.rest.strip_prefix('(') else { return Some(None) };
        let (inner, rest) = inner.split_once(')')?;
        self.rest = rest;
        let mut told = None;
        for part in inner.split(['、', ',']) {
            let day = part.strip_prefix("星期").or_else(|| part.strip_prefix('周'));
            match day {
                Some(day) => told = Some(NAMES.iter().find(|(name, _)| day.chars().eq([*name]))?.1),
                None if part.contains(|letter: char| letter.is_ascii_digit()) => return None,
                None => {} // 农历除夕
            }
        }
        Some(told)
    }
}
