//! 演示 — `shuyun demo`: a sample city in an empty home, one demand carried to delivered rows, then the portal.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use lake::Progress;
use serde_json::{Value, json};
use store::Log;
use workflow::Office;

use crate::{
    Fault,
    city::{City, PARKING},
    commands::walk::{Walk, Walked},
    entrance,
    home::Home,
    indexing, inquiring, posting,
    serving::{self, Front},
};

/// What can be typed.
#[derive(Args)]
pub struct Options {
    /// 建示例城市的空目录；不写则用新的临时目录
    #[arg(long, value_name = "目录")]
    pub home: Option<PathBuf>,
    /// 以这个 CSV 文件作为供给的数据；不写则用示例城市的停车场泊位数据
    #[arg(long, value_name = "文件")]
    pub csv: Option<PathBuf>,
    /// 监听地址；不写则为 127.0.0.1:8080
    #[arg(long, value_name = "地址:端口")]
    pub listen: Option<SocketAddr>,
    /// 数据库地址，如 `postgres://用户:口令@主机/库`；不写则用数据目录中的 SQLite
    #[arg(long, value_name = "地址")]
    pub database: Option<String>,
    /// 走完即止：自己经 HTTP 取一次数，最后一行输出 JSON
    #[arg(long)]
    pub once: bool,
    /// 入口设置
    #[command(flatten)]
    pub entrance: entrance::Options,
    /// 告知怎样送出去
    #[command(flatten)]
    pub posting: posting::Options,
    /// 名单查询；不写则用随演示启动的模拟
    #[command(flatten)]
    pub inquiring: inquiring::Options,
}

/// Builds the city, walks the line, then serves or calls.
pub async fn run(options: Options) -> Result<ExitCode, Fault> {
    // A temporary home ends with the program; one that was named stays.
    let temporary =
        if options.home.is_none() { Some(tempfile::Builder::new().prefix("shuyun-").tempdir()?) } else { None };
    let folder = match (&options.home, &temporary) {
        (Some(home), _) => home.clone(),
        (None, Some(temporary)) => temporary.path().join("home"),
        (None, None) => PathBuf::from("home"),
    };
    let file = supplied_file(&options)?;
    // The port is tried before anything is built, so that a busy one costs nobody a minute.
    let default = SocketAddr::from(([127, 0, 0, 1], if options.once { 0 } else { 8080 }));
    let listener = serving::bind(options.listen.unwrap_or(default)).await?;
    let address = listener.local_addr()?;
    let home = Home::create(&folder, options.database.as_deref())?;
    let _kept = home.keep()?;
    let (mut office, entrance) = options.entrance.apply(home.open().await?)?;
    options.inquiring.apply(&office)?;
    office.channel = office.channel.clone().watched(progress());
    let post = options.posting.worker(&mut office, entrance.origin.as_ref(), address)?;
    println!("示例城市：{}（{}）", home.path().display(), office.store.engine_name());
    let walked = Walk::new(&office, City::read()?, file.path(), options.csv.is_some(), serving::now()).go().await?;
    if options.once {
        let front = Front { entrance, site: home.site()?, index: indexing::of_home(&home)?, post: Some(post) };
        let serving = tokio::spawn(serving::serve(listener, office.clone(), front));
        let delivered = call(address, &walked).await?;
        println!("{}", summary(&office, &walked, delivered).await?);
        serving.abort();
    } else {
        tell(address, &walked, home.path());
        let front = Front { entrance, site: home.site()?, index: indexing::of_home(&home)?, post: Some(post) };
        serving::serve(listener, office, front).await?;
    }
    Ok(ExitCode::SUCCESS)
}

/// 供给的文件 — what was named, or the city's own table written to disk.
enum Supplied {
    Named(PathBuf),
    Own(tempfile::NamedTempFile),
}

impl Supplied {
    fn path(&self) -> &Path {
        match self {
            Self::Named(path) => path,
            Self::Own(file) => file.path(),
        }
    }
}

fn supplied_file(options: &Options) -> Result<Supplied, Fault> {
    let Some(path) = &options.csv else {
        let file = tempfile::Builder::new().prefix("parking-").suffix(".csv").tempfile()?;
        std::fs::write(file.path(), PARKING)?;
        return Ok(Supplied::Own(file));
    };
    match std::fs::metadata(path) {
        Ok(about) if about.is_file() => Ok(Supplied::Named(path.clone())),
        Ok(_) => Err(Fault::NoFile { path: path.clone(), why: "不是文件".into() }),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => {
            Err(Fault::NoFile { path: path.clone(), why: "没有这个文件".into() })
        }
        Err(why) => Err(Fault::NoFile { path: path.clone(), why: why.to_string() }),
    }
}

/// A bar while data moves; on a terminal only, so that logs stay readable.
fn progress() -> Arc<dyn Fn(Progress) + Send + Sync> {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("           {msg} [{bar:32}] {bytes}/{total_bytes} {elapsed}") {
        bar.set_style(style.progress_chars("━╸ "));
    }
    Arc::new(move |progress: Progress| {
        bar.set_length(progress.total);
        bar.set_message(progress.stage);
        bar.set_position(progress.done);
        if progress.done >= progress.total {
            bar.finish_and_clear();
            bar.reset();
        }
    })
}

/// 取数 — over HTTP, as a business entity's program does.
async fn call(address: SocketAddr, walked: &Walked) -> Result<u64, Fault> {
    let told = |why: reqwest::Error| Fault::Call(why.to_string());
    let client = reqwest::Client::builder().no_proxy().build().map_err(told)?;
    let url = format!("http://{address}{}", walked.query);
    let response = client.get(url).bearer_auth(&walked.token).send().await.map_err(told)?;
    let status = response.status();
    let body: Value = response.json().await.map_err(told)?;
    if !status.is_success() {
        return Err(Fault::Call(body.to_string()));
    }
    let rows = body.get("rows").and_then(Value::as_array).map_or(0, Vec::len);
    let position = body.pointer("/record/position").and_then(Value::as_u64).unwrap_or_default();
    println!("取数        GET {} → {rows} 行，存取记录第 {position} 号（第二十五条第一款）", walked.query);
    Ok(u64::try_from(rows).unwrap_or(0))
}

async fn summary(office: &Office, walked: &Walked, delivered: u64) -> Result<Value, Fault> {
    let control = office.store.head(Log::Control).await?;
    let access = office.store.head(Log::Access).await?;
    Ok(json!({
        "steps": walked.steps,
        "rows_supplied": walked.rows_supplied,
        "rows_delivered": delivered,
        "access_records": access.sha256.size(),
        "control_size": control.sha256.size(),
        "control_root": hex::encode(control.sha256.root()),
        "access_size": access.sha256.size(),
        "access_root": hex::encode(access.sha256.root()),
    }))
}

fn tell(address: SocketAddr, walked: &Walked, home: &Path) {
    println!("\n门户：http://{address}/");
    println!("演示账号（口令都是 {}）：", walked.password);
    for (login, org, role, post) in &walked.accounts {
        println!("  {login:<12}{org}（{role}，{post}）");
    }
    println!("取数：\n  curl -H 'Authorization: Bearer {}' 'http://{address}{}'", walked.token, walked.query);
    println!("重放核对：shuyun replay --home {}", home.display());
    println!("按 Ctrl+C 结束。");
}
