//! 样例数据 — the sample city's parking hours, the same five hundred rows every time.

use std::fmt::Write as _;

use crate::generate::Page;

/// 表头 — as the transport bureau writes it.
const HEADER: &str = "停车场编号,停车场名称,行政区,时段,总泊位,空余泊位,平均停放分钟,登记手机号";

/// Every car park tells this many hours, from 2025-08-25 00:00 on.
const HOURS: u32 = 50;

/// How full it is at each hour of the day, in hundredths.
type Day = [u32; 24];

/// 停车场 — number, name, district, bays, how its day goes, how long people stay in minutes.
type CarPark = (u32, &'static str, &'static str, u32, &'static Day, u32);

#[rustfmt::skip] // They are tables; let them look like tables.
const OFFICE:  Day = [ 8,  7,  7,  6,  6,  7, 12, 34, 68, 88, 94, 95, 90, 91, 94, 93, 88, 72, 46, 28, 20, 15, 12, 10];
#[rustfmt::skip]
const MALL:    Day = [ 6,  4,  3,  3,  3,  3,  5,  8, 15, 26, 44, 62, 74, 72, 66, 64, 66, 74, 86, 92, 88, 66, 34, 14];
#[rustfmt::skip]
const HOME:    Day = [92, 93, 94, 94, 94, 92, 84, 62, 44, 36, 34, 35, 40, 38, 36, 36, 40, 52, 66, 76, 82, 86, 89, 91];
#[rustfmt::skip]
const CLINIC:  Day = [18, 16, 15, 15, 15, 17, 28, 62, 92, 97, 98, 94, 82, 84, 92, 90, 80, 60, 44, 38, 34, 28, 24, 20];
#[rustfmt::skip]
const STATION: Day = [30, 24, 20, 18, 22, 34, 52, 66, 74, 78, 80, 82, 80, 80, 82, 84, 86, 88, 84, 76, 66, 56, 46, 36];

#[rustfmt::skip]
const CAR_PARKS: [CarPark; 10] = [
    ( 1, "锦川市政务服务中心地下停车场", "临江区", 420, &OFFICE,   96),
    ( 2, "临江路公共停车场",             "临江区", 180, &MALL,     74),
    ( 3, "望江里商业广场停车楼",         "临江区", 860, &MALL,    118),
    ( 4, "锦川南站东广场停车场",         "云岭区", 640, &STATION, 152),
    ( 5, "云岭软件园一号停车场",         "云岭区", 510, &OFFICE,  231),
    ( 6, "市第二人民医院停车楼",         "云岭区", 380, &CLINIC,   88),
    ( 7, "安澜体育公园停车场",           "安澜区", 300, &MALL,    103),
    ( 8, "青石桥街道社区停车场",         "安澜区", 120, &HOME,    402),
    ( 9, "安澜客运站停车场",             "安澜区", 260, &STATION, 127),
    (10, "青杨县城北换乘停车场",         "青杨县", 350, &OFFICE,  318),
];

/// 停车场泊位小时数据 — `sample-city/parking.csv`.
pub fn page() -> Page {
    let mut text = format!("{HEADER}\n");
    for hour in 0..HOURS {
        for park in &CAR_PARKS {
            line(&mut text, park, hour);
        }
    }
    Page { path: "sample-city/parking.csv".into(), text }
}

fn line(text: &mut String, (number, name, district, bays, day, stay): &CarPark, hour: u32) {
    let (date, clock) = (25 + hour / 24, hour % 24);
    let usual = day[clock as usize % 24];
    let full = (usual + spread(*number, hour, 1) % 9).saturating_sub(4).min(100);
    let taken = bays * full / 100;
    let tenths = stay * 10 * (85 + spread(*number, hour, 2) % 31) / 100;
    // In the small hours often nobody leaves, and then there is no average.
    let nobody_left = clock < 5 && spread(*number, hour, 3).is_multiple_of(3);
    let minutes = if nobody_left { String::new() } else { format!("{}.{}", tenths / 10, tenths % 10) };
    let _ = writeln!(
        text,
        "JC-P{number:03},{name},{district},2025-08-{date:02} {clock:02}:00,{bays},{},{minutes},1990000{:04}",
        bays - taken,
        1000 + number * 137,
    );
}

/// Scatters three numbers; any fixed scatter would do.
const fn spread(number: u32, hour: u32, salt: u32) -> u32 {
    let mut mixed = number.wrapping_mul(0x9E37_79B1) ^ hour.wrapping_mul(0x85EB_CA77) ^ salt.wrapping_mul(0xC2B2_AE3D);
    mixed ^= mixed >> 15;
    mixed = mixed.wrapping_mul(0x2C1B_3C6D);
    mixed ^= mixed >> 12;
    mixed % 1000
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use regulation::{
        Level, Nature, Role, Terms, Uscc,
        basics::{catalogue::Content, mode::Mode},
        granting::{agreement, plan, selection},
        operation::{demand, pricing::Price, redevelopment::check_licensee, use_agreement},
    };
    use serde::{Deserialize, de::DeserializeOwned};

    use super::*;
    use crate::house::House;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct City {
        organisation: Vec<Organisation>,
        person: Vec<Person>,
        membership: Vec<Membership>,
    }

    /// 又一任职.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Membership {
        person: String,
        org: String,
        role: Role,
        post: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Organisation {
        id: String,
        name: String,
        uscc: Uscc,
        nature: Nature,
        level: Level,
        roles: Vec<Role>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Person {
        id: String,
        name: String,
        org: String,
        role: Role,
        post: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Selection {
        method: selection::Method,
        notice: String,
        how: String,
        asked: String,
        criteria: String,
        evaluators: String,
        representative: String,
        offer: String,
        scores: Vec<Vec<u16>>,
        evidence: selection::qualification::Proof,
        others: Vec<Other>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Other {
        name: String,
        uscc: Uscc,
        representative: String,
        #[serde(default)]
        lacks: Option<selection::Condition>,
        scores: Vec<Vec<u16>>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Demand {
        purpose: demand::Purpose,
        scenario: String,
        necessity: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Product {
        name: String,
        summary: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Agreement {
        clauses: agreement::Clauses,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct UseAgreement {
        clauses: BTreeMap<use_agreement::Clause, String>,
    }

    fn read<T: DeserializeOwned>(name: &str) -> T {
        let path = format!("sample-city/{name}.toml");
        let text = House::open().unwrap().text(&path).unwrap();
        toml::from_str(&text).unwrap_or_else(|why| panic!("{path}：{why}"))
    }

    #[test]
    fn the_committed_table_is_the_generated_one_and_has_five_hundred_rows() {
        let Page { path, text } = page();
        let kept = House::open().unwrap().text(&path);
        assert!(kept.as_deref() == Some(&text), "{path} 已过时。请运行 cargo run -p xtask -- sample");
        assert_eq!(text.lines().count(), 501);
        assert!(text.lines().all(|line| line.split(',').count() == 8));
    }

    #[test]
    fn some_averages_are_missing_and_no_car_park_is_fuller_than_full() {
        let text = page().text;
        let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
        let missing = rows.iter().filter(|row| row[6].is_empty()).count();
        assert!((20..150).contains(&missing), "{missing}");
        for row in rows {
            let (bays, free): (u32, u32) = (row[4].parse().unwrap(), row[5].parse().unwrap());
            assert!(free <= bays, "{row:?}");
            assert!(row[7].starts_with("1990000") && row[7].len() == 11, "{row:?}");
        }
    }

    #[test]
    fn everybody_in_the_city_is_who_they_say() {
        let city: City = read("city");
        let mut codes: Vec<&str> = city.organisation.iter().map(|one| one.uscc.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), city.organisation.len());
        for Organisation { id, name, uscc, nature, level, roles } in &city.organisation {
            assert!(!name.is_empty() && id.is_ascii(), "{id}");
            assert_eq!(uscc.region(), "510199", "{name}");
            assert_eq!(
                *level == Level::None,
                *nature == Nature::LegalPerson,
                "{name}：企业不分层级，机关事业单位有层级"
            );
            if roles.contains(&Role::Operator) {
                nature.check_operator().unwrap();
            }
            if roles.contains(&Role::BusinessEntity) {
                nature.check_business_entity().unwrap();
            }
        }
        for Person { id, name, org, role, post } in &city.person {
            let employer = city.organisation.iter().find(|one| one.id == *org);
            assert!(employer.is_some_and(|one| one.roles.contains(role)), "{id}");
            assert!(!name.is_empty() && !post.is_empty(), "{id}");
            assert!(id.bytes().all(|byte| byte.is_ascii_lowercase()), "{id}");
            assert_eq!(city.person.iter().filter(|other| other.id == *id).count(), 1, "{id}");
        }
        for Membership { person, org, role, post } in &city.membership {
            let employer = city.organisation.iter().find(|one| one.id == *org);
            let has = |one: &Organisation| one.roles.contains(role) || *role == Role::OrganisationAdministrator;
            assert!(employer.is_some_and(has) && !post.is_empty(), "{person}@{org}");
            let first = city.person.iter().find(|one| one.id == *person);
            assert!(first.is_some_and(|first| first.role.goes_with(*role)), "三员分立：{person}");
        }
        // Whoever submits may not adopt: the implementing agency needs two.
        let held = || {
            let further = city.membership.iter().map(|held| held.role);
            city.person.iter().map(|person| person.role).chain(further)
        };
        let staffed = |role| held().filter(|one| *one == role).count();
        assert!(staffed(Role::ImplementingAgency) >= 2);
        let parties: Vec<Role> = Role::ALL.iter().copied().filter(|role| !role.is_the_program()).collect();
        assert!(parties.iter().all(|role| staffed(*role) > 0), "每一种身份都要有人");
        let holder = |role| city.organisation.iter().find(|one| one.roles.contains(&role)).unwrap();
        let (operator, entity) = (holder(Role::Operator), holder(Role::BusinessEntity));
        check_licensee(&regulation::basics::mode::Mode::Whole, &operator.uscc, &entity.uscc).unwrap();
    }

    #[test]
    fn the_entry_names_exactly_the_columns_of_the_table() {
        let entry: Content = read("entry");
        assert_eq!(entry.flaws(), []);
        let codes: Vec<&str> = entry.fields.iter().map(|field| field.code.as_str()).collect();
        assert_eq!(codes, HEADER.split(',').collect::<Vec<_>>());
        // Nothing but letters: what the lake makes of such a header is the header.
        assert!(codes.iter().all(|code| code.chars().all(char::is_alphanumeric)));
        let personal: Vec<&str> =
            entry.fields.iter().filter(|field| field.personal.any()).map(|field| field.code.as_str()).collect();
        assert_eq!(personal, ["登记手机号"]);
    }

    #[test]
    fn plan_selection_and_agreement_lack_nothing() {
        let plan: plan::Content = read("plan");
        assert_eq!(plan.flaws(&Mode::Whole), []);
        the_selection_lacks_nothing();
        let Agreement { clauses } = read("agreement");
        assert_eq!(clauses.flaws(), []);
        let disclosure = &clauses.0[&agreement::Clause::Disclosure];
        assert!(disclosure.contains("不得") && disclosure.contains("再开发"));
    }

    fn the_selection_lacks_nothing() {
        use selection::evaluation::{Scores, criteria, evaluators, flaws};
        let Selection { method, notice, how, asked, evidence, scores, others, .. } = read("selection");
        let Selection { criteria: announced, evaluators: named, representative, offer, .. } = read("selection");
        let (today, terms) = ("2025-09-01".parse().unwrap(), Terms::in_force_on("2025-09-01".parse().unwrap()));
        let deadline = Some(method.earliest_deadline(today, &terms));
        let told = selection::Announced { method, notice: &notice, how: &how, asked: &asked, deadline, invitees: &[] };
        assert_eq!(told.flaws(today, &terms), []);
        let announced = criteria(&announced).unwrap();
        let count = evaluators(&named, method, &[], &terms).unwrap().len();
        let lacking = selection::qualification::flaws(&Mode::Whole, &evidence, today);
        let undated =
            |flaw: &selection::qualification::Flaw| matches!(flaw, selection::qualification::Flaw::Undated(_));
        assert!(lacking.len() == 6 && lacking.iter().all(undated), "只差有效期，由演示定：{lacking:?}");
        assert!(others.len() + 1 >= usize::from(method.fewest(&terms)));
        let all = others.iter().map(|other| (&other.scores, other.lacks)).chain([(&scores, None)]);
        for (scores, lacks) in all {
            assert_eq!(scores.len(), if lacks.is_some() { 0 } else { count });
            for points in scores {
                let scores: Scores = (1..).map(|place: usize| place.to_string()).zip(points.iter().copied()).collect();
                assert_eq!(flaws(&announced, &scores), []);
            }
        }
        let people =
            others.iter().map(|other| (other.name.as_str(), other.uscc.as_str(), other.representative.as_str()));
        assert!(
            people
                .chain([("甲", representative.as_str(), offer.as_str())])
                .all(|(one, two, three)| !one.is_empty() && !two.is_empty() && !three.is_empty())
        );
    }

    #[test]
    fn demand_product_price_and_use_agreement_lack_nothing() {
        let Demand { purpose, scenario, necessity } = read("demand");
        assert!(!scenario.trim().is_empty() && !necessity.trim().is_empty());
        let Product { name, summary } = read("product");
        assert!(!name.trim().is_empty() && !summary.trim().is_empty());
        let price: Price = read("pricing");
        assert_eq!(price.check(purpose), Ok(()));
        let UseAgreement { clauses } = read("use_agreement");
        assert_eq!(use_agreement::flaws(&clauses), []);
    }
}
