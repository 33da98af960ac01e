//! 样式与脚本 — our own files and the vendored ones, each under a name that changes with its content.
//!
//! What an address of this kind answers never changes, so browsers keep it for good.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{HeaderMap, Uri, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest as _, Sha256};
use workflow::Refused;

use crate::answer;

/// 一个文件.
pub struct Asset {
    /// 名称的前半
    name: &'static str,
    /// 名称的后半
    ending: &'static str,
    /// 媒体类型
    kind: &'static str,
    /// 内容
    body: &'static str,
}

/// The style sheet: layers in files by subject, one file when served.
const CSS: &str = concat!(
    include_str!("assets/css/tokens.css"),
    include_str!("assets/css/base.css"),
    include_str!("assets/css/frame.css"),
    include_str!("assets/css/text.css"),
    include_str!("assets/css/lists.css"),
    include_str!("assets/css/forms.css"),
    include_str!("assets/css/figures.css"),
    include_str!("assets/css/public.css"),
    include_str!("assets/css/screen.css"),
    include_str!("assets/css/print.css"),
);

const STYLE: Asset = Asset { name: "app", ending: "css", kind: "text/css; charset=utf-8", body: CSS };
const PAPER: Asset =
    Asset { name: "paper", ending: "css", kind: "text/css; charset=utf-8", body: include_str!("assets/css/paper.css") };
const ICON: Asset = Asset { name: "icon", ending: "svg", kind: "image/svg+xml", body: include_str!("assets/icon.svg") };
const CHART: Asset = Asset { name: "chart", ending: "js", kind: SCRIPT, body: include_str!("assets/script/chart.js") };
const PROGRESS: Asset =
    Asset { name: "progress", ending: "js", kind: SCRIPT, body: include_str!("assets/script/progress.js") };
const PASSKEY: Asset =
    Asset { name: "passkey", ending: "js", kind: SCRIPT, body: include_str!("assets/script/passkey.js") };
const ECHARTS: Asset =
    Asset { name: "echarts", ending: "js", kind: SCRIPT, body: include_str!("assets/vendor/echarts.common.min.js") };
const LICENCES: Asset = Asset { name: "licences", ending: "txt", kind: "text/plain; charset=utf-8", body: LICENCE };

const SCRIPT: &str = "text/javascript; charset=utf-8";
const LICENCE: &str = concat!(
    include_str!("assets/vendor/VENDOR.toml"),
    "\n",
    include_str!("assets/vendor/echarts.NOTICE.txt"),
    "\n",
    include_str!("assets/vendor/echarts.LICENSE.txt"),
);

static ALL: LazyLock<Vec<(String, Asset)>> = LazyLock::new(|| {
    let all = [STYLE, PAPER, ICON, CHART, PROGRESS, PASSKEY, ECHARTS, LICENCES];
    all.into_iter().map(|asset| (asset.address(), asset)).collect()
});

impl Asset {
    /// `/assets/app.3f2a1c9d.css`
    fn address(&self) -> String {
        let digest = hex::encode(&Sha256::digest(self.body)[..4]);
        format!("/assets/{}.{digest}.{}", self.name, self.ending)
    }
}

fn address(name: &str) -> &'static str {
    ALL.iter().find(|(_, asset)| asset.name == name).map_or("", |(address, _)| address)
}

/// Where the style sheet is.
pub fn style() -> &'static str {
    address("app")
}

/// Where the style sheet of official papers is.
pub fn paper() -> &'static str {
    address("paper")
}

/// Where the mark in the browser's tab is.
pub fn icon() -> &'static str {
    address("icon")
}

/// Where the script is that draws tables as charts.
pub fn chart() -> &'static str {
    address("chart")
}

/// Where the library is that it draws with; asked for by the script, not by the page.
pub fn echarts() -> &'static str {
    address("echarts")
}

/// Where the script is that shows how far an upload has come.
pub fn progress() -> &'static str {
    address("progress")
}

/// Where the script is that asks a device for its passkey.
pub fn passkey() -> &'static str {
    address("passkey")
}

/// Where the licences of the vendored files are.
pub fn licences() -> &'static str {
    address("licences")
}

/// One of the files, for good; anything else is not there.
pub async fn show(Path(_): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    match ALL.iter().find(|(address, _)| address == uri.path()) {
        Some((_, asset)) => {
            let kept = "public, max-age=31536000, immutable";
            ([(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, kept)], asset.body).into_response()
        }
        None => answer::told(&Refused::Missing { what: "文件", id: uri.path().to_owned() }, &headers, &uri),
    }
}

#[cfg(test)]
mod tests {
    use sha2::Sha512;

    use super::*;

    #[test]
    fn the_vendored_file_is_the_one_that_its_note_names() {
        let note = include_str!("assets/vendor/VENDOR.toml");
        let digest = hex::encode(Sha512::digest(ECHARTS.body));
        assert!(note.contains(&format!("\nsha512 = \"{digest}\"")), "{digest}");
    }

    #[test]
    fn the_style_sheet_stays_small_and_asks_for_nothing() {
        assert!(CSS.len() <= 32 * 1024, "{} 字节", CSS.len());
        assert!(!CSS.contains("url(") && !CSS.contains("@import"));
        assert_eq!(CSS.matches('{').count(), CSS.matches('}').count());
    }

    #[test]
    fn addresses_change_with_the_content() {
        let one = Asset { name: "a", ending: "css", kind: "", body: "x" };
        let other = Asset { body: "y", ..one };
        assert_ne!(one.address(), other.address());
        assert!(style().starts_with("/assets/app.") && style().len() == "/assets/app.01234567.css".len());
    }
}
