//! 一件数据需求 — the platform's main line, step by step, on working days that end today.

mod line;
mod selecting;

use std::path::Path;

use jiff::{Timestamp, ToSpan, civil::Date, tz::Offset};
use lake::{Condition, Mask, Op, Recipe, Take};
use regulation::{
    basics::catalogue::{Field, Screen},
    granting::{agreement::Period, plan, scope::Scope},
    operation::demand::Purpose,
};
use serde_json::json;
use store::{
    granting::Minutes,
    operation::{demand::Demand, supply::Supply},
};
use workflow::{Acting, Done, Office, Request, basics, competence, granting, operation, party};

use self::line::{Line, described, query};
use crate::{Fault, city::City, commands::simulate, home};

/// 核价由负责人办 — the rule that the demonstration leaves to be agreed to.
const PRICES_BY_THE_HEAD: &str = r#"
@id("核价由负责人办")
@basis("第二十四条第一款")
@rule("价格由实施机构负责人核定")
forbid (
  principal,
  action == Action::"product.approve_price",
  resource
) unless { principal.post == "负责人" };
"#;

/// 走一遍 — what the walk needs.
pub struct Walk<'a> {
    office: &'a Office,
    city: City,
    file: &'a Path,
    named: bool,
    today: Date,
    now: Timestamp,
    steps: u64,
    minute: i64,
    password: String,
}

/// 走完之后 — what the command goes on with.
pub struct Walked {
    /// 步数
    pub steps: u64,
    /// 供给的行数
    pub rows_supplied: u64,
    /// 凭据
    pub token: String,
    /// 取数的地址
    pub query: String,
    /// 演示口令
    pub password: String,
    /// 演示账号：账号、单位、身份、岗位
    pub accounts: Vec<(String, String, &'static str, String)>,
}

impl<'a> Walk<'a> {
    /// A walk that ends at `now`.
    pub fn new(office: &'a Office, city: City, file: &'a Path, named: bool, now: Timestamp) -> Self {
        let today = Offset::constant(8).to_datetime(now).date();
        Self { office, city, file, named, today, now, steps: 0, minute: 0, password: demo_password() }
    }

    /// The same walk, with a password that is known beforehand.
    #[must_use]
    pub fn with_password(self, password: &str) -> Self {
        Self { password: password.to_owned(), ..self }
    }

    /// Carries one demand through every step, and leaves two more on the way.
    pub async fn go(mut self) -> Result<Walked, Fault> {
        if self.office.blacklists().is_none() {
            self.office.inquire_at(Some(inquiry::Client::new(&simulate::begin().await?)?));
        }
        let password = self.found().await?;
        let line = self.line().await?;
        let entry = self.catalogue(&line).await?;
        let agreement = self.grant(&entry, &line).await?;
        let demand = self.demand(&agreement, &entry, &line).await?;
        let rows_supplied = self.supply(&demand).await?;
        let product = self.product(&demand, &line).await?;
        self.left_open(&agreement, &entry, &line).await?;
        let token = self.use_agreement(&product).await?;
        let query = query(&product, line.filter.as_ref());
        Ok(Walked { steps: self.steps, rows_supplied, token, query, password, accounts: self.accounts() })
    }

    /// 建城 — organisations and people.
    async fn found(&mut self) -> Result<String, Fault> {
        let password = self.password.clone();
        let founder = Acting::founder(self.at(44));
        for organisation in self.city.organisations.clone() {
            let crate::city::Organisation { id, name, uscc, nature, level, roles } = organisation;
            let (uscc, region) = (uscc.to_string(), String::new());
            let register = party::organisation::Register { id, name, uscc, nature, level, region, roles };
            self.office.perform(&founder, &Request::OrganisationRegister(register), None).await?;
        }
        for person in self.city.people.clone() {
            let crate::city::Person { id, name, mail, org, role, post } = person;
            let password = party::password::hash(self.office, &password).await;
            let register = party::person::Register { id, name, mail, org, role, post, password };
            self.office.perform(&founder, &Request::PersonRegister(register), None).await?;
        }
        for held in self.city.memberships.clone() {
            let crate::city::Membership { person, org, role, post } = held;
            let begin = party::membership::Begin { person, org, role, post };
            self.office.perform(&founder, &Request::MembershipBegin(begin), None).await?;
        }
        self.tell(
            44,
            "建库程序",
            "登记单位和人员",
            &format!("单位{}家、人员{}名", self.city.organisations.len(), self.city.people.len()),
            "平台规则",
        );
        Ok(password)
    }

    /// The city's own table, or what a survey finds in the named file.
    async fn line(&self) -> Result<Line, Fault> {
        let survey = lake::survey(self.file, &self.office.channel.progress()).await?;
        let content = if self.named { described(self.file, &survey) } else { self.city.entry.clone() };
        let masked = content.fields.iter().find(|field| field.personal.any()).map(|field| field.code.clone());
        let masked = masked.or_else(|| {
            survey.columns.iter().rev().find(|column| column.kind == lake::Kind::Text).map(|column| column.name.clone())
        });
        let masked = masked.or_else(|| survey.columns.last().map(|column| column.name.clone()));
        let mask = |name: &String| (Some(name) == masked.as_ref()).then_some(Mask::KeepEnds { left: 1, right: 1 });
        let take = |field: &Field| Take { column: field.code.clone(), mask: mask(&field.code) };
        let recipe = Recipe { columns: content.fields.iter().map(take).collect(), filter: Vec::new() };
        // A filter that leaves something: the first integer column, from its first row's neighbourhood up.
        let integer = survey
            .columns
            .iter()
            .find(|column| column.kind == lake::Kind::Integer && Some(&column.name) != masked.as_ref());
        let filter = integer.map(|column| Condition { column: column.name.clone(), op: Op::Ge, value: json!(100) });
        let (name, summary) = if self.named {
            (format!("{}查询接口", content.name), format!("按条件分页查询{}的全部信息项，一项已脱敏。", content.name))
        } else {
            (self.city.product.name.clone(), self.city.product.summary.clone())
        };
        Ok(Line { content, recipe, filter, name, summary })
    }

    async fn catalogue(&mut self, line: &Line) -> Result<String, Fault> {
        let compile = Request::EntryCompile(basics::catalogue::Compile { content: line.content.clone(), draft: None });
        let id = self.step(42, "jiaotong", "编制授权运营目录", &compile).await?.id;
        self.step(42, "jiaotong", "目录条目提交审查", &Request::EntrySubmit { id: id.clone() }).await?;
        let opinions = Screen::ALL.iter().map(|screen| (*screen, self.city.opinion.clone())).collect();
        self.step(42, "jiaoshen", "目录条目审查（四项）", &Request::EntryScreen { id: id.clone(), opinions }).await?;
        self.step(42, "jiaoshen", "目录条目报送核验", &Request::EntryForward { id: id.clone() }).await?;
        self.step(41, "shiban", "目录条目核验发布", &Request::EntryPublish { id: id.clone() }).await?;
        Ok(id)
    }

    /// 整体授权 — plan adopted and filed, operator selected, agreement signed and filed.
    async fn grant(&mut self, entry: &str, line: &Line) -> Result<String, Fault> {
        let fields = line.content.fields.iter().map(|field| field.code.clone()).collect();
        let scope = Scope([(entry.to_owned(), fields)].into());
        let content = plan::Content { scope: scope.clone(), ..self.city.plan.clone() };
        let draft = granting::plan::Draft { application: None, content };
        let plan = self.step(40, "shiban", "编制实施方案", &Request::PlanDraft(draft)).await?.id;
        self.step(40, "shiban", "实施方案报请审议", &Request::PlanSubmit { id: plan.clone() }).await?;
        let minutes = self.minutes(38, "市人民政府常务会议", "第27次", 11);
        self.step(38, "zhengban", "实施方案审议通过", &Request::PlanAdopt { id: plan.clone(), minutes }).await?;
        let number = "川数备方案（模拟）001号".to_owned();
        self.step(36, "shiban", "实施方案报省备案（模拟）", &Request::PlanFile { id: plan.clone(), number }).await?;
        let selection = self.select(&plan).await?;
        let from = self.day(15);
        let until = from.saturating_add(5.years()).saturating_sub(1.day());
        let draft = granting::agreement::Draft {
            selection,
            title: "锦川市公共数据资源整体授权运营协议".into(),
            scope,
            clauses: self.city.agreement.clone(),
            period: Period { from, until },
        };
        let id = self.step(16, "shiban", "拟订授权运营协议", &Request::AgreementDraft(draft)).await?.id;
        self.step(16, "shiban", "授权运营协议提交审议", &Request::AgreementSubmit { id: id.clone() }).await?;
        let minutes = self.minutes(16, "市数据局党组会议", "2025年第15次", 7);
        self.step(16, "fuze", "授权运营协议审议通过", &Request::AgreementAdopt { id: id.clone(), minutes }).await?;
        self.step(15, "yunzong", "签订授权运营协议", &Request::AgreementSign { id: id.clone() }).await?;
        self.step(15, "fuze", "签订授权运营协议", &Request::AgreementSign { id: id.clone() }).await?;
        let number = "川数备协议（模拟）001号".to_owned();
        self.step(15, "shiban", "授权运营协议报省备案（模拟）", &Request::AgreementFile { id: id.clone(), number })
            .await?;
        Ok(id)
    }

    /// 会议记录 — of a meeting that everybody but one attended, and all of them agreed.
    fn minutes(&self, ago: usize, meeting: &str, session: &str, members: u32) -> Minutes {
        Minutes {
            meeting: meeting.into(),
            session: session.into(),
            date: self.day(ago),
            members,
            present: members - 1,
            favour: members - 1,
            against: 0,
            abstained: 0,
            digest: "审议同意，按程序办理。".into(),
        }
    }

    async fn demand(&mut self, agreement: &str, entry: &str, line: &Line) -> Result<String, Fault> {
        let request = self.submission(agreement, entry, line, self.city.demand.scenario.clone());
        let id = self.step(14, "yunying", "提交数据需求", &request).await?.id;
        self.step(12, "shiban", "形式审查通过", &Request::DemandPass { id: id.clone() }).await?;
        self.step(9, "jiaotong", "提供单位审核通过", &Request::DemandPass { id: id.clone() }).await?;
        Ok(id)
    }

    fn submission(&self, agreement: &str, entry: &str, line: &Line, scenario: String) -> Request {
        let purpose = if self.named { Purpose::PublicWelfare } else { self.city.demand.purpose };
        Request::DemandSubmit(operation::demand::Submission {
            agreement: agreement.to_owned(),
            entry: entry.to_owned(),
            fields: line.content.fields.iter().map(|field| field.code.clone()).collect(),
            purpose,
            scenario,
            necessity: self.city.demand.necessity.clone(),
            reasons: std::collections::BTreeMap::new(),
            follows: None,
            draft: None,
        })
    }

    /// 供给 — hung on the simulated platform with its manifest, taken over, checked on arrival.
    async fn supply(&mut self, demand: &str) -> Result<u64, Fault> {
        let batch = format!("PC-{}-01", self.day(7).strftime("%Y%m%d"));
        let named = self.file.file_name().filter(|_| self.named);
        let name = named.map_or_else(|| "parking.csv".into(), |name| name.to_string_lossy().into_owned());
        let hung = self.office.channel.hang(&batch, "transport-bureau", &name, self.file, None).await?;
        self.tell(
            7,
            "锦川市交通运输局（公共数据提供单位）",
            "挂载到市一体化政务大数据平台（模拟）",
            &format!("批次{batch}，{}行", hung.manifest.rows),
            "第二十二条",
        );
        let request = Request::DemandSupply { id: demand.to_owned(), batch };
        self.step(7, "jiaotong", "数据供给", &request).await?;
        let demand = store::record::key::<Demand>(demand);
        let supplies = self.office.store.children::<Supply>(&demand).await?;
        Ok(supplies.iter().map(|supply| supply.rows).sum())
    }

    async fn product(&mut self, demand: &str, line: &Line) -> Result<String, Fault> {
        let build = operation::product::Build {
            demand: demand.to_owned(),
            name: line.name.clone(),
            summary: line.summary.clone(),
            recipe: line.recipe.clone(),
        };
        let id = self.step(5, "yunying", "加工产品（一项脱敏）", &Request::ProductBuild(build)).await?.id;
        let mut price = self.city.price.clone();
        if self.named {
            price.fen_per_thousand_rows = 0;
        }
        self.step(4, "yunying", "报价", &Request::ProductProposePrice { id: id.clone(), price }).await?;
        self.step(3, "fuze", "核定价格", &Request::ProductApprovePrice { id: id.clone() }).await?;
        self.step(2, "yunzong", "产品上架", &Request::ProductPublish { id: id.clone() }).await?;
        Ok(id)
    }

    /// 两件在办的需求 — so that a newcomer finds something to decide.
    async fn left_open(&mut self, agreement: &str, entry: &str, line: &Line) -> Result<(), Fault> {
        let request = self.submission(agreement, entry, line, "商业网点选址评估：按区、按时段比较停车供需".into());
        let id = self.step(2, "yunying", "提交数据需求（留待办理）", &request).await?.id;
        self.step(1, "shiban", "形式审查通过", &Request::DemandPass { id }).await?;
        let request = self.submission(agreement, entry, line, "夜间经济街区停车引导".into());
        self.step(1, "yunying", "提交数据需求（留待办理）", &request).await?;
        self.rule_proposed().await
    }

    /// 一份在提请的职权规则 — a real wish of a city: prices are approved by whoever is in charge.
    async fn rule_proposed(&mut self) -> Result<(), Fault> {
        let mut files = self.office.competence().files.clone();
        let separation = files.entry("separation".to_owned()).or_default();
        separation.push_str(PRICES_BY_THE_HEAD);
        let reason = "价格关系收费，改由实施机构负责人核定，经办不再核定".to_owned();
        let proposal = competence::Proposal { id: String::new(), files, reason };
        self.step(1, "anquan", "提请修改职权规则（留待办理）", &Request::PoliciesPropose(proposal)).await?;
        Ok(())
    }

    async fn use_agreement(&mut self, product: &str) -> Result<String, Fault> {
        let from = self.day(1);
        let offer = operation::use_agreement::Offer {
            product: product.to_owned(),
            entity: "rongchuang".into(),
            clauses: self.city.use_agreement.clone(),
            period: Period { from, until: from.saturating_add(1.year()).saturating_sub(1.day()) },
        };
        let id = self.step(1, "yunzong", "提出数据开发利用协议", &Request::UseAgreementOffer(offer)).await?.id;
        self.step(0, "rongchuang", "签订数据开发利用协议", &Request::UseAgreementSign { id: id.clone() }).await?;
        let taken = self.step(0, "rongchuang", "领取凭据", &Request::CredentialTake { use_agreement: id }).await?;
        taken.secret.ok_or_else(|| Fault::Call("没有得到凭据".into()))
    }

    /// Performs one act as this person, so many working days ago, and tells it in one line.
    async fn step(&mut self, ago: usize, login: &str, act: &str, request: &Request) -> Result<Done, Fault> {
        let person = self.person(login)?;
        let done = self.quietly(ago, login, request).await?;
        let org = self.city.organisations.iter().find(|org| org.id == person.org).map_or("", |org| org.name.as_str());
        let due = done.due.as_ref().map(|due| format!("，{due}届满")).unwrap_or_default();
        let who = format!("{org}（{}）", person.role);
        self.tell(ago, &who, act, &format!("{} {}{due}", done.state, done.id), &done.basis);
        Ok(done)
    }

    /// Performs one act as this person, and leaves it to be told with others.
    async fn quietly(&mut self, ago: usize, login: &str, request: &Request) -> Result<Done, Fault> {
        let crate::city::Person { id, org, role, post, .. } = self.person(login)?;
        let acting = Acting { person: id, org, role, post, at: self.at(ago) };
        Ok(self.office.perform(&acting, request, None).await?)
    }

    fn person(&self, login: &str) -> Result<crate::city::Person, Fault> {
        let person = self.city.people.iter().find(|person| person.id == login).cloned();
        person.ok_or_else(|| Fault::City { file: "city.toml", why: format!("没有人员“{login}”") })
    }

    fn tell(&mut self, ago: usize, who: &str, act: &str, outcome: &str, basis: &str) {
        self.steps += 1;
        println!("{}  {who}  {act} → {outcome}（{basis}）", self.day(ago));
    }

    /// The day so many working days before today.
    fn day(&self, ago: usize) -> Date {
        let mut day = self.today;
        let mut left = ago;
        while left > 0 {
            day = day.saturating_sub(1.day());
            if self.office.calendar().is_working_day(day) {
                left -= 1;
            }
        }
        day
    }

    /// A moment on that day, each later than the last, never later than now.
    fn at(&mut self, ago: usize) -> Timestamp {
        self.minute += 1;
        let nine = self.day(ago).at(9, 0, 0, 0).checked_add(self.minute.minutes());
        let at = nine.ok().and_then(|local| Offset::constant(8).to_timestamp(local).ok());
        at.unwrap_or(self.now).min(self.now)
    }

    fn accounts(&self) -> Vec<(String, String, &'static str, String)> {
        let org = |id: &str| {
            self.city.organisations.iter().find(|org| org.id == id).map_or_else(String::new, |org| org.name.clone())
        };
        self.city
            .people
            .iter()
            .map(|person| (person.id.clone(), org(&person.org), person.role.name(), person.post.clone()))
            .collect()
    }
}

/// A password that can be read aloud, new for every demonstration.
fn demo_password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let random: [u8; 10] = home::random();
    random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}
