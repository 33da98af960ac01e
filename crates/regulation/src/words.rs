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

            /// 代码 — what rows and programs carry.
            pub fn code(self) -> String {
                $crate::snake(match self { $(Self::$word => stringify!($word)),+ })
            }

            /// The value of this code.
            pub fn coded(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.code() == code)
            }

            /// The value of this official name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.name() == name)
            }
        }

        impl $crate::Word for $set {
            fn read(said: &str) -> Option<Self> {
                Self::coded(said).or_else(|| Self::named(said))
            }
        }

        impl std::fmt::Display for $set {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

/// `FormalReview` as `formal_review`, the way serde writes it.
#[doc(hidden)]
pub fn snake(word: &str) -> String {
    let mut code = String::with_capacity(word.len() + 2);
    for (place, letter) in word.chars().enumerate() {
        if letter.is_uppercase() && place > 0 {
            code.push('_');
        }
        code.extend(letter.to_lowercase());
    }
    code
}

/// A word of a form: its code or its official name; nothing where nothing was chosen.
pub(crate) fn chosen<'de, W: Word, D: serde::Deserializer<'de>>(from: D) -> Result<Option<W>, D::Error> {
    use serde::Deserialize as _;
    let Some(said) = Option::<String>::deserialize(from)? else { return Ok(None) };
    let said = said.trim();
    if said.is_empty() {
        return Ok(None);
    }
    W::read(said).map(Some).ok_or_else(|| serde::de::Error::custom(format!("没有“{said}”这个选项")))
}

/// The same, where nothing chosen means what goes without saying.
pub(crate) fn or_usual<'de, W: Word + Default, D: serde::Deserializer<'de>>(from: D) -> Result<W, D::Error> {
    chosen(from).map(Option::unwrap_or_default)
}

/// 用语 — any set of official words.
pub trait Word: Copy {
    /// The word of this code or this official name.
    fn read(said: &str) -> Option<Self>;
}
