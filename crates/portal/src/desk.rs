//! 台面 — what a role looks at besides its inbox: the city's terms, its own demands, its catalogue, its ways on.

use std::collections::BTreeMap;

use regulation::{Role, WorkingDays, article};
use store::{
    EVERYBODY,
    list::{Count, Filter, Order, Page},
};
use workflow::Refused;

use crate::{
    Door, case, granting,
    list::{Asked, Left, Line},
    names,
    session::Visitor,
    tasks::Heap,
    watch,
};

/// How many lines of a list stand on the desk.
const FEW: u32 = 10;
/// How many organisations are named there.
const MANY: usize = 20;
/// How near the end of a term is called soon.
pub const SOON: WorkingDays = WorkingDays(2);

/// 台面.
#[derive(Default)]
pub struct Desk {
    /// 有待办的身份
    pub business: bool,
    /// 常去的地方
    pub ways: Vec<Way>,
    /// 说明
    pub notes: Vec<Note>,
    /// 计数
    pub counted: Vec<Heaps>,
    /// 清单
    pub lists: Vec<Lines>,
    /// 各单位
    pub burdens: Vec<Burden>,
}

impl Desk {
    /// With the inbox on it, and nothing beside.
    pub fn of_nothing_else(visitor: &Visitor) -> Self {
        Self { business: has_business(visitor.acting.role), ..Self::default() }
    }
}

/// 去处.
pub struct Way {
    pub name: &'static str,
    pub path: &'static str,
}

/// 说明.
pub struct Note {
    pub name: &'static str,
    pub lines: Vec<String>,
    pub links: Vec<(String, String)>,
}

/// 几堆.
#[expect(clippy::struct_field_names, reason = "heaps are made of heaps")]
pub struct Heaps {
    pub name: &'static str,
    pub heaps: Vec<Heap>,
    pub hint: &'static str,
}

/// 一份清单.
#[expect(clippy::struct_field_names, reason = "lines are made of lines")]
pub struct Lines {
    pub name: &'static str,
    pub lines: Vec<Line>,
    pub all: u64,
    pub none: &'static str,
    pub path: String,
    pub more: &'static str,
}

/// 一方的时限.
pub struct Burden {
    pub org: String,
    pub role: String,
    pub overdue: u64,
    pub soon: u64,
    pub waiting: u64,
    pub path: String,
}

/// 监督 — who watches over the whole city's terms.
pub const fn supervises(role: Role) -> bool {
    matches!(role, Role::ImplementingAgency | Role::Auditor)
}

/// Whether a role has business, so that something can wait for it.
pub const fn has_business(role: Role) -> bool {
    use Role::*;
    matches!(
        role,
        ImplementingAgency
            | DataProvider
            | Operator
            | BusinessEntity
            | MunicipalGovernment
            | MunicipalDepartment
            | DistrictGovernment
            | DistrictDataAuthority
            | MunicipalLeader
            | DistrictLeader
    )
}

/// 读目录 — who reads what the catalogue has published: demands and applications are made from it.
pub const fn reads_catalogue(role: Role) -> bool {
    matches!(role, Role::Operator | Role::MunicipalDepartment | Role::DistrictGovernment | Role::DistrictDataAuthority)
}

/// What lies on this visitor's desk.
pub async fn of(door: &Door, visitor: &Visitor) -> Result<Desk, Refused> {
    let role = visitor.acting.role;
    let mut desk = Desk::of_nothing_else(visitor);
    if supervises(role) {
        the_city(door, visitor, &mut desk).await?;
    }
    let store = &door.office.store;
    let org = &*visitor.acting.org;
    let counts = store.files_counts(org).await.map_err(Refused::Unavailable)?;
    let states = |subject: &'static str, name, hint| by_state(&counts, subject, name, hint);
    match role {
        Role::Operator => {
            desk.ways.push(Way { name: "发起数据需求", path: "/operation/demands/new" });
            desk.lists.push(underway(door, visitor, &counts).await?);
            desk.counted.push(states("product", "本单位的产品和服务", ""));
        }
        Role::DataProvider => {
            desk.ways.push(Way { name: "编制目录条目", path: crate::basics::catalogue::FORM });
            desk.ways.push(Way { name: "挂载供给文件", path: "/supply" });
            let hint = "“待供给”的是本单位审核通过、承诺供给而还没有供给的。";
            desk.counted.push(states("demand", "向本单位提出的数据需求", hint));
            desk.counted.push(states("entry", "本单位的授权运营目录", ""));
        }
        Role::BusinessEntity => {
            desk.counted.push(states("use_agreement", "本单位的数据开发利用协议", ""));
            desk.counted.push(states("credential", "本单位的凭据", ""));
        }
        Role::MunicipalGovernment => desk.counted.push(states("plan", "实施方案", "")),
        Role::MunicipalDepartment | Role::DistrictDataAuthority => {
            desk.ways.push(Way { name: "申请授权", path: granting::application::NEW });
            desk.counted.push(states("application", "本单位的授权申请", ""));
            desk.notes.push(application(role));
        }
        Role::MunicipalLeader | Role::DistrictLeader => {
            desk.counted.push(states("application", "报请审签的授权申请", ""));
        }
        _ => desk.notes.extend(note(role)),
    }
    desk.counted.retain(|heaps| !heaps.heaps.is_empty());
    Ok(desk)
}

/// 全市 — what is overdue and what soon will be, and with whom.
async fn the_city(door: &Door, visitor: &Visitor, desk: &mut Desk) -> Result<(), Refused> {
    let store = &door.office.store;
    let today = visitor.acting.today();
    let soon = door.office.calendar().due(today, SOON).date.tomorrow().unwrap_or(today);
    let overdue = Left::Overdue.within(Filter::default(), today);
    let near = Filter { from: today.to_string(), until: soon.to_string(), ..Filter::default() };
    // Everything under a term waits for somebody: the parts make the whole, and nothing is counted twice.
    let burdens = door.office.burdens(&today.to_string(), &soon.to_string()).await?;
    let (late, soon) = burdens.iter().fold((0, 0), |(late, soon), one| (late + one.overdue, soon + one.soon));
    for (name, filter, all, none, left, more) in [
        ("全市逾期事项", overdue, late, "没有逾期事项。", "overdue", "全部逾期事项"),
        ("全市2个工作日内届满", near, soon, "没有2个工作日内届满的事项。", "", "全市有时限的事项"),
    ] {
        let rows = store.timed("", &filter, Order::Urgent, Page { skip: 0, show: FEW }).await;
        let rows = rows.map_err(Refused::Unavailable)?;
        let mut lines: Vec<Line> = rows.iter().map(|row| Line::of(row, &door.office.calendar(), today)).collect();
        watch::name(door, &mut lines).await?;
        let path = Asked::default().with(watch::PATH, "left", left);
        desk.lists.push(Lines { name, lines, all, none, path, more });
    }
    let mut pressed: Vec<_> = burdens.iter().filter(|burden| burden.overdue + burden.soon > 0).collect();
    pressed.sort_by_key(|burden| std::cmp::Reverse((burden.overdue, burden.soon)));
    for burden in pressed.into_iter().take(MANY) {
        let (role, org) = burden.party.split_once('@').unwrap_or_default();
        desk.burdens.push(Burden {
            org: case::org(door, org).await?,
            role: role.to_owned(),
            overdue: burden.overdue,
            soon: burden.soon,
            waiting: burden.waiting,
            path: Asked::default().with(watch::PATH, "org", &burden.party),
        });
    }
    Ok(())
}

/// 在途 — an operator sees how its own demands are getting on, and with whom they are.
async fn underway(door: &Door, visitor: &Visitor, counts: &[Count]) -> Result<Lines, Refused> {
    let filter = Filter { subject: "demand".into(), underway: true, ..Filter::default() };
    let few = Page { skip: 0, show: FEW };
    let rows = door.office.store.files(&visitor.acting.org, &filter, Order::Urgent, few).await;
    let rows = rows.map_err(Refused::Unavailable)?;
    let today = visitor.acting.today();
    let of_demands = |count: &&Count| count.subject == "demand" && count.underway;
    Ok(Lines {
        name: "本单位在途的数据需求",
        lines: rows.iter().map(|row| Line::of(row, &door.office.calendar(), today)).collect(),
        all: counts.iter().filter(of_demands).map(|count| count.rows).sum(),
        none: "没有在途的数据需求。",
        path: "/files?subject=demand&underway=1&sort=urgent".into(),
        more: "全部在途的数据需求",
    })
}

/// One kind of files by their states.
fn by_state(counts: &[Count], subject: &'static str, name: &'static str, hint: &'static str) -> Heaps {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for count in counts.iter().filter(|count| count.subject == subject) {
        *sums.entry(&count.state).or_default() += count.rows;
    }
    let of = Asked { subject: subject.to_owned(), ..Asked::default() };
    let heap = |(state, rows): (&str, u64)| Heap {
        code: state.to_owned(),
        name: names::state(subject, state),
        rows,
        path: of.with("/files", "state", state),
        tone: "",
        chosen: false,
    };
    Heaps { name, heaps: sums.into_iter().map(heap).collect(), hint }
}

/// What is told to a role that has no business here, or none yet.
fn note(role: Role) -> Option<Note> {
    let link = |label: &str, path: &str| (label.to_owned(), path.to_owned());
    let keeper = |lines: &str, places: &[(&str, &str)]| Note {
        name: "管理",
        lines: vec![lines.to_owned()],
        links: places.iter().map(|(label, path)| link(label, path)).collect(),
    };
    let organisations = ("单位和任职", "/organisations");
    let (people, rules, sessions) = (("人员", "/people"), ("职权规则", "/competence"), ("我的会话", "/sessions"));
    Some(match role {
        Role::DistrictGovernment => application(role),
        Role::Auditor => Note {
            name: "查阅",
            lines: vec!["您可以查阅全部卷宗和办理过程，不能改动任何内容。".to_owned()],
            links: vec![link("全部卷宗", "/files"), link("全市时限", watch::PATH)],
        },
        Role::OrganisationAdministrator => keeper(
            "您为本单位邀请人员、停用和交接任职。办理业务事项请切换到业务身份。",
            &[organisations, rules, sessions],
        ),
        Role::SystemAdministrator => {
            keeper("您登记单位和账号，不能查阅卷宗，也不能办理业务事项。", &[organisations, people, sessions])
        }
        Role::SecurityAdministrator => keeper(
            "您提请修改职权规则，由两人同意后施行；不能查阅卷宗，也不能办理业务事项。",
            &[rules, people, sessions],
        ),
        Role::AuditAdministrator => keeper(
            "您查阅系统管理员和安全管理员办了什么，不能改动任何内容。",
            &[organisations, people, rules, sessions],
        ),
        _ => return None,
    })
}

/// 申请授权 — what Articles 9 and 11 say of it, and where it is done.
fn application(role: Role) -> Note {
    let gist = article(9).gist().unwrap_or_default();
    let paragraph = |name: &str| {
        let own = gist.lines().filter(|line| line.starts_with(name));
        own.map(|line| format!("第九条{line}")).collect::<Vec<_>>()
    };
    let mut lines = match role {
        Role::DistrictGovernment | Role::DistrictDataAuthority => paragraph("第三款"),
        _ => [paragraph("第二款"), paragraph("第三款")].concat(),
    };
    lines.push(format!("论证应当回答的内容（第十一条）：{}", article(11).gist().unwrap_or_default().trim()));
    lines.push(
        match role {
            Role::DistrictGovernment => "论证由本区（市）县公共数据主管部门在平台上编制，本级人民政府主要领导审签；同意之后，实施机构会同贵单位编制方案，到时在这里征求意见。",
            _ => "编制论证之前，可以先查阅授权运营目录和已有的授权，看整体授权是否已经满足需要。",
        }
        .to_owned(),
    );
    let ways = [
        ("授权运营目录", "/files?subject=entry".to_owned()),
        ("授权运营名录", "/grants".to_owned()),
        ("办事指南", format!("/guide/{}", role.code())),
        ("第九条", "/law/9".to_owned()),
        ("第十一条", "/law/11".to_owned()),
    ];
    Note { name: "申请授权", lines, links: ways.map(|(label, path)| (label.to_owned(), path)).into() }
}

/// The list of files that somebody reads of this kind: their organisation's own, or all of them.
pub fn reads(visitor: &Visitor, subject: &str) -> (String, Filter) {
    let role = visitor.acting.role;
    let of = Filter { subject: subject.to_owned(), ..Filter::default() };
    if supervises(role) {
        (EVERYBODY.to_owned(), of)
    } else if subject == "entry" && reads_catalogue(role) {
        // What the catalogue has published: demands and applications are made from it.
        (EVERYBODY.to_owned(), Filter { state: "published".to_owned(), ..of })
    } else {
        (visitor.acting.org.clone(), of)
    }
}
