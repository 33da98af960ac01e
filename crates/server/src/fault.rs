//! 不能继续 — what keeps a command from going on, as one sentence for whoever typed it.

use std::{net::SocketAddr, path::PathBuf};

use workflow::Refused;

/// 不能继续.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// 不是数据目录
    #[error("“{}”不是数运的数据目录：没有 home.toml。请核对路径；要新建示例城市请用 shuyun demo --home 目录", .0.display())]
    UnknownHome(PathBuf),
    /// 目录不空
    #[error("“{}”不是空目录，只能在空目录里新建。请换一个目录，或者用 shuyun serve --home 打开已有的", .0.display())]
    NotEmpty(PathBuf),
    /// 已被占用
    #[error("数据目录“{}”已由另一个 shuyun 打开。请用那一个，或者先结束它", .0.display())]
    InUse(PathBuf),
    /// 版本过新
    #[error("数据目录“{}”由更新版本的程序建立（格式{found}，本程序只认到{known}），请升级程序后再打开", .home.display())]
    NewerHome {
        /// 目录
        home: PathBuf,
        /// 目录的格式
        found: u32,
        /// 本程序的格式
        known: u32,
    },
    /// 版本过旧
    #[error("数据目录“{}”由更早的程序建立（格式{found}，本程序从{known}起），本程序不能打开；请用建立它的程序", .home.display())]
    OlderHome {
        /// 目录
        home: PathBuf,
        /// 目录的格式
        found: u32,
        /// 本程序的格式
        known: u32,
    },
    /// 命令行的内容不对
    #[error("{0}")]
    Typed(String),
    /// 目录损坏
    #[error("数据目录“{}”不完整：{why}", .home.display())]
    Damaged {
        /// 目录
        home: PathBuf,
        /// 为什么
        why: String,
    },
    /// 端口被占用
    #[error("不能在 {0} 上监听：{1}。请换一个地址，例如 --listen 127.0.0.1:8090")]
    Busy(SocketAddr, std::io::Error),
    /// 检索索引
    #[error("{0}。可以结束程序、删去数据目录中的 index 文件夹再启动，它会重建")]
    Index(#[from] search::Fault),
    /// 名单查询
    #[error("{0}。请用 --blacklists 写明完整的地址，如 https://主机/路径/")]
    Inquiry(#[from] inquiry::Fault),
    /// 没有这个文件
    #[error("不能读“{}”：{why}", .path.display())]
    NoFile {
        /// 文件
        path: PathBuf,
        /// 为什么
        why: String,
    },
    /// 磁盘等
    #[error("读写数据目录失败：{0}。请检查磁盘空间和权限；已确认的记录不受影响")]
    Disk(#[from] std::io::Error),
    /// 存储
    #[error("{0}")]
    Store(#[from] store::Fault),
    /// 数据湖
    #[error("{0}")]
    Lake(#[from] lake::Fault),
    /// 办理
    #[error("{0}")]
    Refused(#[from] Refused),
    /// 示例城市
    #[error("示例城市的文件“{file}”读不懂：{why}")]
    City {
        /// 文件
        file: &'static str,
        /// 为什么
        why: String,
    },
    /// 入口设置
    #[error("{0}")]
    Entrance(String),
    /// 发信的设置缺一半
    #[error("发信须同时写明服务器（--smtp 或者环境变量 SHUYUN_SMTP）和发件人（--mail-from），现在缺少 {0}")]
    HalfAMail(&'static str),
    /// 发信的设置不能用
    #[error("{0}")]
    Mail(#[from] post::Unusable),
    /// 取数
    #[error("取数没有成功：{0}")]
    Call(String),
}
