//! 服务 — binds the address, serves the doors, lets the clock escalate, and ends when asked.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use portal::{Clock, Door};
use post::Post;
use tokio::net::TcpListener;
use workflow::Office;

use crate::Fault;

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

/// All doors of the platform.
pub fn doors(office: Office, clock: Clock) -> Router {
    portal::routes(Door { office, clock })
}

/// Serves until the program is asked to end; requests under way are finished.
pub async fn serve(listener: TcpListener, office: Office, post: Post) -> Result<(), Fault> {
    let sweeper = tokio::spawn(sweep(office.clone()));
    let carrier = tokio::spawn(carry(post));
    axum::serve(listener, doors(office, wall_clock())).with_graceful_shutdown(asked_to_end()).await?;
    sweeper.abort();
    carrier.abort();
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
