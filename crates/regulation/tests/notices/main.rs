//! 放假安排通知的检验 — real notices read as printed, flawed ones told every flaw, and no single slip passes unseen.

mod roundtrip;
mod texts;

use jiff::civil::{Date, date};
use regulation::calendar::{Arrangement, Calendar, Days, Festival, Flaw, Import, Reading, Row};
use roundtrip::filled;
use texts::{OF_2023, OF_2024, OF_2025, OF_2026};

/// The day on which the tests read.
const TODAY: Date = date(2026, 11, 23);

fn pasted(content: &str) -> Import {
    Import { content: content.to_owned(), ..Import::default() }
}

/// Everything that is wrong with what was handed in, in words.
fn told(import: &Import) -> Vec<String> {
    let Reading { arrangement, mut flaws, .. } = import.read();
    if !matches!(flaws[..], [Flaw::Nothing | Flaw::Both | Flaw::TooLarge(_) | Flaw::Unreadable(_)]) {
        flaws.extend(arrangement.flaws(TODAY));
    }
    flaws.iter().map(ToString::to_string).collect()
}

/// How a year is counted with what was handed in.
fn days(arrangement: &Arrangement) -> (Vec<Date>, Vec<Date>) {
    let (mut off, mut worked): (Vec<Date>, Vec<Date>) =
        (arrangement.off().map(|(day, _)| day).collect(), arrangement.worked().collect());
    off.sort_unstable();
    worked.sort_unstable();
    (off, worked)
}

#[test]
fn real_notices_say_what_the_files_of_their_years_say() {
    for (year, text, notice, published) in [
        (2024, OF_2024, "国办发明电〔2023〕7号", date(2023, 10, 25)),
        (2025, OF_2025, "国办发明电〔2024〕12号", date(2024, 11, 12)),
        (2026, OF_2026, "国办发明电〔2025〕7号", date(2025, 11, 4)),
    ] {
        assert_eq!(told(&pasted(text)), Vec::<String>::new(), "{year}");
        let Arrangement { festival, .. } = Calendar::built_in().arrangements()[&year].clone();
        let read = pasted(text).read().arrangement;
        assert_eq!((read.year, read.notice.as_str(), read.published), (year, notice, Some(published)));
        let bare = |festival: &Festival| Festival { total: None, ..festival.clone() };
        assert_eq!(read.festival.iter().map(bare).collect::<Vec<_>>(), festival, "{year}");
    }
}

#[test]
fn the_year_2026_is_as_three_sources_have_it() {
    let range = |from: Date, until: Date| Days { first: from, last: until }.iter();
    let off: Vec<Date> = [
        (date(2026, 1, 1), date(2026, 1, 3)),
        (date(2026, 2, 15), date(2026, 2, 23)),
        (date(2026, 4, 4), date(2026, 4, 6)),
        (date(2026, 5, 1), date(2026, 5, 5)),
        (date(2026, 6, 19), date(2026, 6, 21)),
        (date(2026, 9, 25), date(2026, 9, 27)),
        (date(2026, 10, 1), date(2026, 10, 7)),
    ]
    .into_iter()
    .flat_map(|(from, until)| range(from, until))
    .collect();
    let worked = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)].map(|(month, day)| date(2026, month, day));
    assert_eq!(days(&pasted(OF_2026).read().arrangement), (off, worked.to_vec()));
}

#[test]
fn a_notice_may_begin_in_the_december_before() {
    let import = Import {
        year: "2023".into(),
        notice: "国办发明电〔2022〕16号".into(),
        published: "2022-12-08".into(),
        ..pasted(OF_2023)
    };
    assert_eq!(told(&import), Vec::<String>::new());
    let arrangement = import.read().arrangement;
    assert_eq!(days(&arrangement).0[..3], [date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2)]);
    let calendar = Calendar::built_in();
    assert_eq!(calendar.differences(&calendar.with(arrangement)), [], "as the files of 2022 and 2023 have it");
}

#[test]
fn what_is_encouraged_is_told_and_not_counted() {
    let reading = pasted(OF_2024).read();
    assert_eq!(reading.aside, ["鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息"]);
    assert!(!days(&reading.arrangement).0.contains(&date(2024, 2, 9)));
}

#[test]
fn other_widths_spaces_dashes_and_broken_lines_read_the_same() {
    let printed = OF_2026.replace('（', " ( ").replace('）', ") ").replace('至', " — ").replace('：', ":");
    let printed = printed.replace("放假调休，", "放假\n调休，\r\n").replace('〔', "[").replace('〕', "]");
    let printed = printed.replace('1', "１").replace('5', "５");
    let one = |text: &str| (pasted(text).read().arrangement, told(&pasted(text)));
    assert_eq!(one(&printed), one(OF_2026));
    let unnumbered: String = OF_2026
        .lines()
        .map(|line| line.trim_start_matches(|c| "一二三四五六七、".contains(c)))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(one(&unnumbered), one(OF_2026));
}

/// A digit mistyped is told, or stands where no day depends on it. What remains is a make-up Saturday that
/// becomes another Saturday near its holiday: only the second person who compares can see that.
#[test]
fn no_single_digit_can_be_mistyped_unseen_but_a_saturday_for_a_saturday() {
    let right = days(&pasted(OF_2026).read().arrangement);
    let letters: Vec<char> = OF_2026.chars().collect();
    let (mut tried, mut unseen) = (0, Vec::new());
    for place in (0..letters.len()).filter(|place| letters[*place].is_ascii_digit()) {
        for other in ('0'..='9').filter(|other| *other != letters[place]) {
            let mut wrong = letters.clone();
            wrong[place] = other;
            let import = pasted(&wrong.iter().collect::<String>());
            tried += 1;
            let read = days(&import.read().arrangement);
            if told(&import).is_empty() && read != right {
                assert_eq!(read.0, right.0, "{}", import.content);
                unseen.extend(read.1.into_iter().filter(|day| !right.1.contains(day)).map(|day| day.to_string()));
            }
        }
    }
    assert!(tried > 600, "{tried}");
    assert_eq!(unseen, ["2026-10-17"]);
}

#[test]
fn a_flawed_notice_is_told_every_flaw_at_once() {
    let wrong = |from: &str, to: &str| {
        assert!(OF_2026.contains(from), "{from}");
        told(&pasted(&OF_2026.replace(from, to)))
    };
    #[rustfmt::skip] // It is a table; let it look like one.
    let table: [(&str, &str, &[&str]); 15] = [
        ("共9天", "共8天", &["“春节”写明共8天，所列日期是9天"]),
        ("1月4日（周日）", "1月5日（周一）", &["2026年1月5日（周一）本来就是工作日，不能是调休上班的日子"]),
        ("1月4日（周日）", "1月3日（周六）", &["2026年1月3日（周六）既放假又上班"]),
        ("1月4日（周日）", "1月4日（周六）", &["2026年1月4日是周日，不是周六"]),
        ("6月19日（周五）至21日（周日）放假，共3天", "6月19日至6月31日放假", &["没有“6月31日”这一天", "“端午节”没有放假的日子"]),
        ("6月19日（周五）至21日（周日）", "6月21日（周日）至19日（周五）", &["“端午节”的起止前后颠倒：2026年6月21日至2026年6月19日"]),
        ("五、端午节：6月19日（周五）至21日（周日）放假，共3天。\n", "", &["缺少“端午节”"]),
        ("6月19日（周五）至21日（周日）放假，共3天", "另行通知", &["“端午节”没有放假的日子"]),
        ("5月9日（周六）上班", "5月9日（周六）适当安排上班", &["“劳动节”：这一句没有读懂“5月9日（周六）适当安排上班”"]),
        ("5月9日（周六）上班", "2028年5月6日（周六）上班", &["2028年5月6日（周六）上班离“劳动节”的假期超过14天，请核对", "2028年5月6日（周六）不在2026年，也不在上一年的12月"]),
        ("10月1日（周四）至7日（周三）放假调休，共7天", "10月1日（周四）至17日（周六）放假调休", &[
            "“国庆节”自2026年10月1日至2026年10月17日超过10天，请核对", "2026年10月10日（周六）既放假又上班"]),
        ("5月1日（周五）至5日（周二）放假调休，共5天", "5月2日（周六）至5日（周二）放假调休，共4天", &["2026年5月1日是劳动节，应当放假"]),
        ("共3天。\n六", "共3天。6月20日（周六）放假。\n六", &["“端午节”写明共3天，所列日期是4天", "2026年6月20日（周六）的放假写了两次"]),
        ("2025年11月4日", "2026年12月4日", &["印发日期2026年12月4日还没有到"]),
        ("2025年11月4日", "2023年11月4日", &["印发日期是2023年11月4日，而2026年的放假安排应在上一年或者当年印发"]),
    ];
    for (from, to, flaws) in table {
        assert_eq!(wrong(from, to), flaws, "{from} → {to}");
    }
    let several =
        OF_2026.replace("共9天", "共8天").replace("1月4日（周日）", "1月5日（周一）").replace("2025年11月4日", "");
    assert_eq!(
        told(&pasted(&several)),
        [
            "没有写明通知的印发日期",
            "2026年1月5日（周一）本来就是工作日，不能是调休上班的日子",
            "“春节”写明共8天，所列日期是9天"
        ]
    );
}

#[test]
fn a_file_without_content_is_refused_whatever_it_is() {
    let hollow = r#"{ "$schema": "…", "year": 2027, "papers": [], "days": [] }"#;
    #[rustfmt::skip] // It is a table; let it look like one.
    let table: [(&str, &[&str]); 8] = [
        (hollow, &["没有所依据的通知：papers 是空的", "没有写明所依据的通知：请填写文号，没有文号的填写标题", "没有写明通知的印发日期", "没有任何一天放假，这是一份空的安排"]),
        ("", &["没有可读的内容：请粘贴通知全文、上传文件，或者逐项填写"]),
        ("\u{feff}  \n", &["没有可读的内容：请粘贴通知全文、上传文件，或者逐项填写"]),
        ("{", &["内容读不懂：JSON EOF while parsing an object at line 1 column 1"]),
        (r#"{"year": 2027, "papers": ["x"], "days": [{"name": "元旦", "date": "2027-02-30", "isOffDay": true}]}"#,
            &["没有“2027-02-30”这一天", "没有写明所依据的通知：请填写文号，没有文号的填写标题", "没有写明通知的印发日期", "没有任何一天放假，这是一份空的安排"]),
        ("[[festival]]\nname = \"元旦\"\nholiday = []", &["内容读不懂：TOML unknown field `holiday`, expected one of `name`, `off`, `work`, `total`"]),
        ("今年放假安排还没有公布", &["没有写明是哪一年的放假安排", "没有写明是哪一年的放假安排", "没有写明所依据的通知：请填写文号，没有文号的填写标题", "没有写明通知的印发日期", "没有任何一天放假，这是一份空的安排"]),
        ("[[festival]]\nname = \"元旦\"\noff = [\"2027-01-01\"]", &["没有写明是哪一年的放假安排", "没有写明所依据的通知：请填写文号，没有文号的填写标题", "没有写明通知的印发日期",
            "缺少“春节”", "缺少“清明节”", "缺少“劳动节”", "缺少“端午节”", "缺少“中秋节”", "缺少“国庆节”"]),
    ];
    for (content, flaws) in table {
        assert_eq!(told(&pasted(content)), flaws, "{content}");
    }
    assert_eq!(told(&pasted(&"一".repeat(30_000))), ["内容有90000字节，一份放假安排不会超过65536字节"]);
}

#[test]
fn what_is_typed_must_agree_with_what_is_pasted() {
    let import = Import {
        year: "2027".into(),
        notice: "国办发明电〔2026〕9号".into(),
        published: "2026-11-04".into(),
        ..pasted(OF_2026)
    };
    assert_eq!(
        told(&import),
        [
            "年份不一致：填写的是“2027”，内容里是“2026”",
            "文号不一致：填写的是“国办发明电〔2026〕9号”，内容里是“国办发明电〔2025〕7号”",
            "印发日期不一致：填写的是“2026-11-04”，内容里是“2025-11-04”",
        ]
    );
    let import = Import {
        year: "2026年".into(),
        notice: " 国办发明电［2025］7号".into(),
        published: "2025-11-04".into(),
        address: "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm".into(),
        ..pasted(OF_2026)
    };
    assert_eq!(told(&import), Vec::<String>::new());
    assert_eq!(import.read().arrangement.papers.len(), 1);
    let rows = filled(&import.read().arrangement);
    assert_eq!(told(&Import { rows, ..pasted(OF_2026) }), ["既有通知的内容，又逐项填写了节日，请只用一种方式"]);
    assert_eq!(told(&Import { year: "二〇二七".into(), ..pasted(OF_2026) }), ["“二〇二七”不是2020年至2099年间的年份"]);
}

#[test]
fn a_form_with_impossible_entries_names_each_of_them() {
    let row = Row {
        name: "元旦".into(),
        first: "2027-01-01".into(),
        last: "2027-01-32".into(),
        total: "三".into(),
        work: "2027-01-03、下周六".into(),
    };
    let offered = Row { name: "春节".into(), ..Row::default() };
    let import =
        Import { year: "2027".into(), rows: [("0".into(), row), ("1".into(), offered)].into(), ..Import::default() };
    let told = told(&import);
    assert_eq!(told[..3], ["没有“2027-01-32”这一天", "“元旦”：这一句没有读懂“三”", "没有“下周六”这一天"]);
    assert!(told.contains(&"缺少“春节”".to_owned()), "{told:?}");
}

#[test]
fn an_edition_counts_anew_what_the_one_before_counted() {
    let before = Calendar::built_in();
    let arrangement = pasted(&OF_2026.replace("2026", "2027").replace("2025", "2026")).read().arrangement;
    let rows = filled(&pasted(OF_2026).read().arrangement);
    assert_eq!(rows.len(), 7);
    assert_eq!(arrangement.year, 2027);
    // New Year's Day of 2027, as a drill: 1 January (a Friday) off, the Saturday after it worked.
    let drill = "一、元旦：1月1日（周五）放假1天。1月2日（周六）上班。";
    let drill = Import { year: "2027".into(), ..pasted(drill) }.read();
    assert_eq!(drill.flaws, []);
    let after = before.with(drill.arrangement);
    assert_eq!((after.edition(), after.version()), (2, "国务院2020–2027（第2版）"));
    let changes: Vec<_> = before.differences(&after).iter().map(|change| (change.day, change.counts())).collect();
    assert_eq!(changes, [(date(2027, 1, 1), true), (date(2027, 1, 2), true)]);
    let due = before.due(date(2026, 12, 29), regulation::WorkingDays(5));
    assert_eq!((due.date, due.provisional, due.calendar.as_str()), (date(2027, 1, 5), true, "国务院2020–2026"));
    let again = after.recount(&due).unwrap();
    assert_eq!((again.date, again.provisional, again.calendar.as_str()), (date(2027, 1, 5), false, after.version()));
    assert!(!again.agrees(&due), "the same day, but no longer provisional");
    assert_eq!(
        before.recount(&again),
        Some(due.clone()),
        "a term's date is reproducible from the calendar that it names"
    );
    let old = regulation::Due { from: None, term: None, calendar: String::new(), ..due };
    assert_eq!(after.recount(&old), None);
    // A program of a later year brings arrangements along; the edition keeps what was approved.
    let kept = Calendar::edition_of(2, [(2025, after.arrangements()[&2027].clone())].into());
    assert_eq!((kept.version(), kept.knows(2026)), ("国务院2025（第2版）", false));
    let kept = kept.and_built_in();
    assert_eq!((kept.version(), kept.knows(2026)), ("国务院2020–2026（第2版）", true));
    assert_eq!(kept.arrangements()[&2025], after.arrangements()[&2027]);
}
