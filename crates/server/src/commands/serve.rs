//! 服务 — `shuyun serve`: opens an existing home.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::Args;

use crate::{
    Fault, entrance,
    home::Home,
    indexing, inquiring, posting,
    serving::{self, Front},
};

/// What can be typed.
#[derive(Args)]
pub struct Options {
    /// 数据目录
    #[arg(long, value_name = "目录")]
    pub home: PathBuf,
    /// 数据库地址，如 `postgres://用户:口令@主机/库`；不写则用数据目录中的 SQLite
    #[arg(long, value_name = "地址")]
    pub database: Option<String>,
    /// 监听地址；不写则为 127.0.0.1:8080
    #[arg(long, value_name = "地址:端口", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// 入口设置
    #[command(flatten)]
    pub entrance: entrance::Options,
    /// 告知怎样送出去
    #[command(flatten)]
    pub posting: posting::Options,
    /// 名单查询
    #[command(flatten)]
    pub inquiring: inquiring::Options,
}

/// Opens and serves.
pub async fn run(options: Options) -> Result<ExitCode, Fault> {
    let home = Home::find(&options.home, options.database.as_deref())?;
    let _kept = home.keep()?;
    let listener = serving::bind(options.listen).await?;
    let (mut office, entrance) = options.entrance.apply(home.open().await?)?;
    options.inquiring.apply(&office)?;
    let post = options.posting.worker(&mut office, entrance.origin.as_ref(), listener.local_addr()?)?;
    let head = office.store.head(store::Log::Control).await?;
    println!("数据目录 {}，{}，办理日志 {} 条", home.path().display(), office.store.engine_name(), head.sha256.size());
    println!("门户：http://{}/", listener.local_addr()?);
    let front = Front { entrance, site: home.site()?, index: indexing::of_home(&home)?, post: Some(post) };
    serving::serve(listener, office, front).await?;
    Ok(ExitCode::SUCCESS)
}
