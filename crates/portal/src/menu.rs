//! 导航 — where the header, the side and the site map lead, in one table.

use regulation::Role;

/// 一个去处.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// 地址
    pub path: &'static str,
    /// 名称
    pub name: &'static str,
    /// 栏目，与页框的 `section` 相同的为当前
    pub section: &'static str,
}

/// 一组去处.
#[derive(Clone, Debug)]
pub struct Group {
    /// 名称
    pub name: &'static str,
    /// 去处
    pub links: Vec<Link>,
}

const fn link(path: &'static str, name: &'static str, section: &'static str) -> Link {
    Link { path, name, section }
}

/// 公众的去处.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PUBLIC: &[Link] = &[
    link("/",         "首页",         "home"),
    link("/catalogue", "目录",        "catalogue"),
    link("/grants",   "授权运营名录", "grants"),
    link("/products", "产品和服务",   "products"),
    link("/calendar", "工作日历",     "calendar"),
    link("/announcements", "公示公告", "announcements"),
    link("/statistics", "统计",       "statistics"),
    link("/law",      "制度",         "law"),
    link("/feedback", "意见反馈",     "feedback"),
    link("/guide",    "办事指南",     "guide"),
    link("/competence", "职权规则",   "competence"),
];

/// 各方的去处：哪一组，去哪里，谁去；没有列身份的，谁都去.
#[rustfmt::skip] // It is a table; let it look like one.
const WORK: &[(&str, Link, &[Role])] = &[
    ("办理", link("/tasks",                  "工作台",       "tasks"),  &[]),
    ("办理", link("/files",                  "卷宗",         "files"),  &[]),
    ("办理", link("/notices",                "告知",         "notices"), &[]),
    ("办理", link("/activity",               "本单位动态",   "activity"), &[]),
    ("办理", link("/operation/demands/new",  "发起数据需求", "demand"), &[Role::Operator]),
    ("办理", link("/granting/applications/new", "申请授权",  "application"), &[
        Role::MunicipalDepartment, Role::DistrictDataAuthority,
    ]),
    ("办理", link("/granting/plans/new",     "编制整体授权方案", "plan"), &[Role::ImplementingAgency]),
    ("办理", link("/basics/catalogue/new",   "编制目录条目", "entry"), &[Role::DataProvider]),
    ("办理", link("/selections",             "遴选公告",     "selections"), &[Role::Operator, Role::ImplementingAgency]),
    ("办理", link("/supply",                 "挂载供给文件", "supply"), &[Role::DataProvider]),
    ("名册", link("/organisations",          "单位",         "organisations"), &[]),
    ("名册", link("/people",                 "人员",         "people"), &[
        Role::SystemAdministrator, Role::SecurityAdministrator, Role::AuditAdministrator, Role::Auditor,
    ]),
    ("账号", link("/capacities",             "我的任职",     "capacities"), &[]),
    ("账号", link("/notices/settings",       "告知的去处",   "notice_settings"), &[]),
    ("账号", link("/sessions",               "我的会话",     "sessions"), &[]),
    ("账号", link("/passkeys",               "通行密钥",     "passkeys"), &[]),
    ("账号", link("/password",               "更换口令",     "password"), &[]),
];

/// The places of somebody's work, group by group.
pub fn work(role: Role) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (name, link, _) in WORK.iter().filter(|(_, _, roles)| roles.is_empty() || roles.contains(&role)) {
        match groups.iter_mut().find(|group| group.name == *name) {
            Some(group) => group.links.push(*link),
            None => groups.push(Group { name, links: vec![*link] }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_led_to_their_own_work_and_nobody_elses() {
        let places =
            |role| work(role).into_iter().flat_map(|group| group.links).map(|link| link.path).collect::<Vec<_>>();
        assert!(places(Role::Operator).contains(&"/operation/demands/new"));
        assert!(!places(Role::Operator).contains(&"/supply"));
        assert!(places(Role::DataProvider).contains(&"/supply"));
        assert!(places(Role::Auditor).contains(&"/tasks"));
    }
}
