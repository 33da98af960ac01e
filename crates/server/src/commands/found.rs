//! 建库 — `shuyun found`: an empty platform, the organisation that keeps it, and invitations for its three keepers.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use regulation::{Level, Nature, Role};
use workflow::{Acting, Office, Request, party};

use crate::{Fault, home::Home, serving};

/// The number of the organisation that keeps the platform.
const KEEPER: &str = "platform-keeper";

/// What can be typed.
#[derive(Args)]
pub struct Options {
    /// 新的数据目录，须是空目录
    #[arg(long, value_name = "目录")]
    pub home: PathBuf,
    /// 数据库地址，如 `postgres://用户:口令@主机/库`；不写则用数据目录中的 SQLite
    #[arg(long, value_name = "地址")]
    pub database: Option<String>,
    /// 建设维护平台的单位的名称
    #[arg(long, value_name = "名称")]
    pub name: String,
    /// 该单位的统一社会信用代码
    #[arg(long, value_name = "代码")]
    pub uscc: String,
    /// 系统管理员的账号和姓名
    #[arg(long, value_name = "账号:姓名")]
    pub system: String,
    /// 安全管理员的账号和姓名
    #[arg(long, value_name = "账号:姓名")]
    pub security: String,
    /// 审计管理员的账号和姓名
    #[arg(long, value_name = "账号:姓名")]
    pub audit: String,
}

/// Founds a platform and tells the links of its keepers' invitations.
pub async fn run(options: Options) -> Result<ExitCode, Fault> {
    let keepers = [
        (Role::SystemAdministrator, named("--system", &options.system)?),
        (Role::SecurityAdministrator, named("--security", &options.security)?),
        (Role::AuditAdministrator, named("--audit", &options.audit)?),
    ];
    let accounts: Vec<&str> = keepers.iter().map(|(_, (account, _))| *account).collect();
    if accounts[0] == accounts[1] || accounts[1] == accounts[2] || accounts[0] == accounts[2] {
        return Err(Fault::Typed("三员分立：系统管理员、安全管理员、审计管理员须是三个人".into()));
    }
    regulation::Uscc::parse(&options.uscc).map_err(|why| Fault::Typed(format!("--uscc {}：{why}", options.uscc)))?;
    let home = Home::create(&options.home, options.database.as_deref())?;
    let _kept = home.keep()?;
    let office = home.open().await?;
    let founder = Acting::founder(serving::now());
    let register = party::organisation::Register {
        id: KEEPER.into(),
        name: options.name.clone(),
        uscc: options.uscc.clone(),
        nature: Nature::Institution,
        level: Level::Municipal,
        region: String::new(),
        roles: Role::KEEPERS.to_vec(),
    };
    office.perform(&founder, &Request::OrganisationRegister(register), None).await?;
    println!("已建立平台：{}（{}）", home.path().display(), office.store.engine_name());
    println!("三份邀请，各交给本人；只显示这一次，7天内有效：");
    for (role, (account, name)) in keepers {
        let token = invite(&office, &founder, role, (account, name)).await?;
        println!("  {role} {name}（{account}）：/invitations/{token}");
    }
    println!("打开门户：shuyun serve --home {}，在门户地址后面接上各自的链接。", home.path().display());
    println!("之后由系统管理员登记单位、邀请各单位的管理员，各单位自己邀请人员。");
    Ok(ExitCode::SUCCESS)
}

async fn invite(office: &Office, founder: &Acting, role: Role, (account, name): (&str, &str)) -> Result<String, Fault> {
    let issue = party::invitation::Issue {
        person: account.into(),
        name: name.into(),
        mail: String::new(),
        org: KEEPER.into(),
        role,
        post: role.name().into(),
    };
    let done = office.perform(founder, &Request::InvitationIssue(issue), None).await?;
    done.secret.ok_or_else(|| Fault::Typed("没有得到邀请".into()))
}

fn named<'a>(option: &str, typed: &'a str) -> Result<(&'a str, &'a str), Fault> {
    let parts = typed.split_once([':', '：']).map(|(account, name)| (account.trim(), name.trim()));
    let parts = parts.filter(|(account, name)| !account.is_empty() && !name.is_empty());
    parts.ok_or_else(|| Fault::Typed(format!("{option} 的内容“{typed}”应写成“账号:姓名”，如 zhang-san:张三")))
}
