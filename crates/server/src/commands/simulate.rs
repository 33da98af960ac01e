//! 模拟 — `shuyun simulate blacklists`: a stand-in for the service of the public blacklists, which says so on its face.
//!
//! It speaks the HTTP that the client expects, and answers from the sample city's invented list. The real lists are
//! outside; whoever has access to them puts an adapter with the same two paths in front.

use std::{net::SocketAddr, process::ExitCode, sync::Arc};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Html,
    routing::get,
};
use clap::{Args, Subcommand};
use inquiry::Answer;
use regulation::granting::selection::blacklist::List;
use serde::Deserialize;

use crate::{Fault, serving};

/// What it says of itself in every answer.
const NATURE: &str = "模拟";

/// What can be typed.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    what: What,
}

/// 模拟什么.
#[derive(Subcommand)]
enum What {
    /// 失信被执行人、重大税收违法案件当事人、严重违法失信企业三份名单的查询服务（模拟）
    Blacklists {
        /// 监听地址
        #[arg(long, value_name = "地址:端口", default_value = "127.0.0.1:8090")]
        listen: SocketAddr,
    },
}

/// Serves until it is stopped.
pub async fn run(options: Options) -> Result<ExitCode, Fault> {
    let What::Blacklists { listen } = options.what;
    let listener = serving::bind(listen).await?;
    let address = listener.local_addr()?;
    println!(
        "失信名单查询服务（模拟）：http://{address}/\n在平台这一边：shuyun serve --blacklists http://{address}/ …\n按 Ctrl+C 结束。"
    );
    axum::serve(listener, routes()?).await?;
    Ok(ExitCode::SUCCESS)
}

/// Begins to serve at a free port of this machine, for as long as the program runs; where it is reached.
///
/// # Errors
/// There is no free port, or the list cannot be read.
pub async fn begin() -> Result<String, Fault> {
    let listener = serving::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let (address, routes) = (listener.local_addr()?, routes()?);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(format!("http://{address}/"))
}

#[derive(Deserialize)]
struct File {
    listed: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    list: List,
    name: String,
    said: String,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    name: String,
}

fn routes() -> Result<Router, Fault> {
    let file: File = toml::from_str(include_str!("../../../../sample-city/blacklists.toml"))
        .map_err(|why| Fault::City { file: "blacklists.toml", why: why.to_string() })?;
    Ok(Router::new().route("/", get(page)).route("/lists/{list}", get(ask)).with_state(Arc::new(file.listed)))
}

async fn page(State(listed): State<Arc<Vec<Listed>>>) -> Html<String> {
    let line = |one: &Listed| format!("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", one.list, one.name, one.said);
    let lines: String = listed.iter().map(line).collect();
    Html(format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>失信名单查询（模拟）</title><h1>失信名单查询服务（模拟）</h1><p>这是模拟，只供演示和试验；下面的单位和人员全部虚构。</p><table><tr><th>名单</th><th>名称</th><th>说明</th></tr>{lines}</table></html>"
    ))
}

async fn ask(
    State(listed): State<Arc<Vec<Listed>>>,
    Path(list): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<Answer>, StatusCode> {
    let known = List::coded(&list).ok_or(StatusCode::NOT_FOUND)?;
    if asked.name.trim().is_empty() {
        return Err(StatusCode::BAD_REQUEST);
    }
    let found = listed.iter().find(|one| one.list == known && one.name == asked.name);
    let said = found.map_or_else(|| "未查到（模拟）".to_owned(), |found| found.said.clone());
    Ok(Json(Answer { list, name: asked.name, listed: found.is_some(), said, nature: NATURE.to_owned() }))
}

#[cfg(test)]
mod tests {
    use inquiry::{Client, Question};
    use regulation::granting::selection::blacklist::Subject;

    use super::*;

    #[tokio::test]
    async fn the_simulator_answers_the_client_and_says_that_it_is_one() {
        let base = begin().await.unwrap();
        let client = Client::new(&base).unwrap();
        let ask = |list, name| client.ask(Question { list, subject: Subject::Organisation, name, code: "" });
        let on = ask(List::Defaulters, "青羊湖数据服务有限公司").await.unwrap().answer;
        let off = ask(List::Defaulters, "西岭智数科技有限公司").await.unwrap().answer;
        assert!(on.listed && !off.listed && on.nature == "模拟" && off.said.contains("模拟"));
        assert_eq!(ask(List::Defaulters, " ").await, Err(inquiry::Fault::Status(400)));
        let page = reqwest::get(base).await.unwrap().text().await.unwrap();
        assert!(page.contains("（模拟）"));
    }
}
