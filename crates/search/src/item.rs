//! 检索对象 — what is put into an index, what is asked of it, and what it answers.

/// 检索对象 — one thing that can be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// 主键 — what a search answers with; putting the same key again replaces the item.
    pub key: String,
    /// 种类
    pub kind: String,
    /// 名称 — found by any part of it, by its sounds and by their initials.
    pub title: String,
    /// 单位 — whose it is; found like the title.
    pub owner: String,
    /// 内容 — found by its words.
    pub body: String,
    /// 编号 — found by any three characters of it or more.
    pub numbers: Vec<String>,
    /// 分面 — name and value; a name may have several values. Only names that the index was opened with are kept.
    pub facets: Vec<(String, String)>,
    /// 所涉 — the keys of what this thing stands on or uses.
    pub about: Vec<String>,
    /// 更新次序 — the larger, the later.
    pub updated: u64,
    /// 可见于 — who may find it; an item without an audience is found by nobody.
    pub audience: Vec<String>,
}

/// 排序.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// 相关 — the best match first; without words to match, as [`Sort::Updated`].
    #[default]
    Relevance,
    /// 更新 — the latest first.
    Updated,
    /// 名称 — by sound.
    Name,
}

/// 检索要求.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// 检索词; empty for everything. What lies beyond the first hundred characters is not read.
    pub text: String,
    /// 种类; empty for every kind.
    pub kinds: Vec<String>,
    /// 谁在找 — items are found whose audience has one of these.
    pub viewer: Vec<String>,
    /// 所涉 — only what is about this key.
    pub about: Option<String>,
    /// 已选分面 — values of one facet are alternatives, facets all hold.
    pub chosen: Vec<(String, Vec<String>)>,
    /// 计数的分面 — each is counted as if nothing of its own were chosen.
    pub counted: Vec<String>,
    /// 排序
    pub sort: Sort,
    /// 跳过
    pub offset: usize,
    /// 至多
    pub limit: usize,
    /// 按种类分组 — so many of each kind, in place of `limit`.
    pub grouped: Option<usize>,
}

/// 检索结果.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// 总数
    pub total: usize,
    /// 主键 — of this page, in order.
    pub keys: Vec<String>,
    /// 分面 — each counted one with its values, the most frequent first.
    pub facets: Vec<(String, Vec<(String, usize)>)>,
    /// 各组 — where groups were asked for, by kind.
    pub groups: Vec<Group>,
}

/// 一组 — what was found of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// 种类
    pub kind: String,
    /// 总数
    pub total: usize,
    /// 主键
    pub keys: Vec<String>,
}
