//! 用语 — an enum whose every value has its official Chinese name.
//!
//! The name is what people read, the snake-case code is what rows and programs carry; both come
//! from one line, so that a state can never be shown by one word and stored by another.

/// Declares a set of official words.
#[macro_export]
macro_rules! words {
    ($(#[$about:meta])* pub enum $set:ident { $($(#[$doc:meta])* $word:ident = $name:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $set {
            $($(#[$doc])* #[doc = $name] $word),+
        }

        impl $set {
            /// 全部 — every value, in the order of the text.
            pub const ALL: &'static [Self] = &[$(Self::$word),+];

            /// 名称 — the official name, as pages and records show it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$word => $name),+ }
            }

            /// The value of this official name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.name() == name)
            }
        }

        impl std::fmt::Display for $set {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
