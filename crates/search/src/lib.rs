//! 检索 — finds things by their names, in Chinese words, pinyin and initials; knows nothing of who may see them.
