//! 服务 — binds the address, serves the doors, lets the clock escalate, and ends when asked.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use portal::{Clock, Door, Entrance, Site};
use post::Post;
use search::Index;
use tokio::net::TcpListener;
use workflow::Office;

use crate::{Fault, indexing};

/// How often the platform looks for what has become overdue.
const SWEEP: Duration = Duration::from_mins(1);

/// How often it looks for notices to be sent.
const LOOK: Duration = Duration::from_secs(1);

/// The wall clock: read here, at the door, and handed on.
pub fn wall_clock() -> Clock {
    Arc::new(now)
}

/// 现在.
#[expect(clippy::disallowed_methods, reason = "this is the door where the clock is read")]
pub fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Binds an address.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, Fault> {
    TcpListener::bind(address).await.map_err(|why| Fault::Busy(address, why))
}

/// All doors of the platform, with an index in memory: for tests, and for whoever keeps no home.
pub fn doors(office: Office, clock: Clock) -> Router {
    doors_of(office, clock, Front::plain())
}

/// The same, where people reach it by an address of its own.
pub fn doors_at(office: Office, clock: Clock, entrance: Entrance) -> Router {
    doors_of(office, clock, Front { entrance, ..Front::plain() })
}

/// 门面 — how people reach the platform, what stands at the foot of its pages, and what finds things there.
pub struct Front {
    /// 入口
    pub entrance: Entrance,
    /// 网站
    pub site: Site,
    /// 检索索引
    pub index: Index,
    /// 送达；没有的不送，告知留在门户里
    pub post: Option<Post>,
}

impl Front {
    /// Reached as it is, with nothing at the foot and an index in memory.
    ///
    /// # Panics
    /// Where there is no memory left for an empty index.
    #[expect(clippy::expect_used, reason = "an index in memory needs nothing that could be missing")]
    pub fn plain() -> Self {
        let index = indexing::in_ram().expect("an index in memory needs nothing that could be missing");
        Self { entrance: Entrance::default(), site: Site::default(), index, post: None }
    }
}

/// All doors of the platform; the index is kept up from now on.
pub fn doors_of(office: Office, clock: Clock, front: Front) -> Router {
    let finder = indexing::follow(office.store.clone(), front.index);
    portal::routes_of(Door { office, clock, entrance: Arc::new(front.entrance), finder }, front.site)
}

/// Serves until the program is asked to end; requests under way are finished.
pub async fn serve(listener: TcpListener, office: Office, mut front: Front) -> Result<(), Fault> {
    let sweeper = tokio::spawn(sweep(office.clone()));
    let carrier = front.post.take().map(|post| tokio::spawn(carry(post)));
    let doors = doors_of(office, wall_clock(), front);
    axum::serve(listener, doors).with_graceful_shutdown(asked_to_end()).await?;
    sweeper.abort();
    if let Some(carrier) = carrier {
        carrier.abort();
    }
    Ok(())
}

/// 时限服务.
async fn sweep(office: Office) {
    let mut ticks = tokio::time::interval(SWEEP);
    loop {
        ticks.tick().await;
        match office.escalate_overdue(now()).await {
            Ok(0) => {}
            Ok(escalated) => eprintln!("督办逾期事项{escalated}件"),
            Err(refused) => eprintln!("督办没有完成：{refused}"),
        }
        if let Err(refused) = office.remind_of_what_is_due(now()).await {
            eprintln!("届满前提醒没有完成：{refused}");
        }
        if let Err(refused) = office.warn_of_what_expired(now()).await {
            eprintln!("到期证明没有查完：{refused}");
        }
        // 统计先算好：打开页面的人不必等第一遍。
        if let Err(refused) = office.figures(now()).await {
            eprintln!("统计没有算完：{refused}");
        }
    }
}

/// 送达.
async fn carry(mut post: Post) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(refused) = post.round().await {
            eprintln!("送达没有完成：{refused}");
        }
    }
}

async fn asked_to_end() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
