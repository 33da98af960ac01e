//! 社会监督来件 — the acts by which the public writes and the implementing agency answers (Articles 25 and 32).
//!
//! Whoever writes is the public and nobody in particular: the door acts in that capacity, and what is
//! recorded does not say who it was. They come back with the number and a code that only they have.

use regulation::{
    Kind as Sort, Provision, Role, Violation,
    supervision::feedback::{Act, CONTACT, Flaw, Kind, PROCEDURE, Published, State, TEXT, TITLE, clean, measure, said},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{
    basics::catalogue::Entry,
    granting::{agreement::Agreement, plan::Plan, selection::Selection},
    operation::product::Product,
    party::Organisation,
    supervision::feedback::{Feedback, Intake},
};

use super::announcements;
use crate::{Acting, File, Notice, Office, Recorded, Refused, office::hex};

/// How many are taken in an hour, all together; what comes from one address is limited before it arrives here.
pub const MOST_IN_AN_HOUR: u32 = 120;
const HOUR: i64 = 3600;

/// 来件 — as the public writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// 类别
    pub kind: Kind,
    /// 针对的编号，如 `XY-20250808-7K3M9Q`
    #[serde(default)]
    pub about: String,
    /// 标题
    #[serde(default)]
    pub title: String,
    /// 内容
    #[serde(default)]
    pub text: String,
    /// 联系方式
    #[serde(default)]
    pub contact: String,
    /// 同意公开
    #[serde(default)]
    pub open: bool,
    /// 查询码的摘要 — not part of what was said: the same words are the same request, whoever holds which code.
    #[serde(skip)]
    pub code_sha256: String,
}

impl Submission {
    /// Without what cannot be seen, and without blanks around.
    #[must_use]
    pub fn cleaned(self) -> Self {
        let line = |text: &str| clean(text).replace('\n', " ");
        Self {
            about: line(&self.about),
            title: line(&self.title),
            text: clean(&self.text),
            contact: line(&self.contact),
            ..self
        }
    }

    /// 缺陷 — everything that is wrong with it, as far as it can be told without looking anything up.
    pub fn flaws(&self) -> Vec<Flaw> {
        let given = [("标题", &self.title), ("内容", &self.text)];
        let missing = given.iter().filter(|(_, text)| text.is_empty()).map(|(what, _)| Flaw::Missing(what));
        let bounded = [
            ("标题", &self.title, TITLE),
            ("内容", &self.text, TEXT),
            ("联系方式", &self.contact, CONTACT),
            ("针对哪一项", &self.about, TITLE),
        ];
        let long = bounded.into_iter().filter_map(|(what, text, most)| measure(what, text, most));
        let lost = (self.kind.is_about_something() && self.about.is_empty()).then_some(Flaw::Unaddressed(self.kind));
        missing.chain(long).chain(lost).collect()
    }

    /// 请求编号 — the same words have the same number: sent twice, they are one.
    pub fn number(&self) -> String {
        hex(&Sha256::digest(serde_json::to_vec(self).unwrap_or_default()))
    }
}

/// 查询码 — made of what a page gave whoever wrote, so that a double click shows the same one.
pub fn code(seed: &str) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digest = Sha256::digest(format!("查询码/{seed}"));
    let letters: Vec<u8> = digest.iter().take(16).map(|byte| DIGITS[usize::from(byte % 32)]).collect();
    letters.chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect::<Vec<_>>().join("-")
}

/// The digest under which a code is kept; how it is spaced and cased does not matter.
pub fn code_digest(code: &str) -> String {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    hex(&Sha256::digest(letters.to_ascii_uppercase()))
}

/// 提交.
pub async fn submit(mut file: File<'_>, ask: &Submission) -> Result<Recorded, Refused> {
    file.entitled("feedback.submit", "提交意见、纠错、申诉和异议")?;
    let ask = ask.clone().cleaned();
    let about = check(&mut file, &ask).await?;
    room(&mut file).await?;
    let mut feedback = Feedback {
        id: file.number("LJ"),
        agency: agency(file.office).await?,
        kind: ask.kind,
        about,
        title: ask.title.clone(),
        text: ask.text.clone(),
        contact: ask.contact.clone(),
        open: ask.open,
        code_sha256: ask.code_sha256.clone(),
        state: State::Draft,
        received: file.today(),
        answer: String::new(),
        published: None,
        due: None,
        escalated: Vec::new(),
    };
    let step = file.step(&PROCEDURE, (feedback.state, Act::Submit), &feedback)?;
    feedback.state = step.to;
    feedback.due = file.due(feedback.state);
    file.write(&feedback)?;
    // What was written stands in the row; the event repeats none of it.
    file.record("submit", &feedback, feedback.state.name(), ask.kind.provision(), &ask.kind)
}

/// 核对 — whether it could be submitted; asked at the door first, so that what strangers mistype is not recorded.
pub async fn fitting(office: &Office, ask: &Submission, at: jiff::Timestamp) -> Result<(), Refused> {
    let acting = Acting::public(at);
    check(&mut File::open(office, &acting), ask).await.map(|_| ())
}

/// Everything that is wrong with it; otherwise the key of what it is about, empty for nothing.
async fn check(file: &mut File<'_>, ask: &Submission) -> Result<String, Refused> {
    Refused::if_any(&ask.flaws())?;
    if ask.about.is_empty() { Ok(String::new()) } else { addressed(file, ask).await }
}

/// Counts one more in this hour, or refuses until the next.
async fn room(file: &mut File<'_>) -> Result<(), Refused> {
    let hour = file.acting.at.as_second().div_euclid(HOUR);
    let so_far: Option<Intake> = file.find(Intake::ID).await?;
    let received = so_far.filter(|intake| intake.hour == hour).map_or(0, |intake| intake.received);
    if received >= MOST_IN_AN_HOUR {
        let left = jiff::SignedDuration::from_secs((hour + 1) * HOUR - file.acting.at.as_second());
        return Err(Refused::Slow(Notice::of(&Full), left));
    }
    file.write(&Intake { hour, received: received + 1 })
}

/// 所针对的 — the key of what it is about, if that is public and of a kind that fits.
async fn addressed(file: &mut File<'_>, ask: &Submission) -> Result<String, Refused> {
    let number = ask.about.to_ascii_uppercase();
    let subject = match number.split('-').next().unwrap_or_default() {
        "ML" => public::<Entry>(file, &number, |entry| announcements::entry_is_public(entry.state)).await?,
        "FA" => public::<Plan>(file, &number, |plan| announcements::plan_is_public(plan.state)).await?,
        "LX" => public::<Selection>(file, &number, |_| true).await?,
        "XY" => public::<Agreement>(file, &number, |grant| announcements::agreement_is_public(grant.state)).await?,
        "CP" => public::<Product>(file, &number, |product| announcements::product_is_public(product.state)).await?,
        _ => None,
    };
    match subject {
        None => Err(Flaw::Unknown(ask.about.clone()).into()),
        Some(subject) if ask.kind.subjects().contains(&subject) => Ok(format!("{subject}/{number}")),
        Some(_) => Err(Flaw::Misplaced { kind: ask.kind, about: ask.about.clone() }.into()),
    }
}

async fn public<R: store::Record>(
    file: &mut File<'_>,
    id: &str,
    shown: impl Fn(&R) -> bool,
) -> Result<Option<&'static str>, Refused> {
    Ok(file.find::<R>(id).await?.filter(shown).map(|_| R::SUBJECT))
}

/// The one implementing agency of the city.
async fn agency(office: &Office) -> Result<String, Refused> {
    let all: Vec<Organisation> = office.store.list("", 1000).await.map_err(Refused::unavailable)?;
    let found = all.into_iter().find(|organisation| organisation.roles.contains(&Role::ImplementingAgency));
    found.map(|agency| agency.id).ok_or(Refused::Missing { what: "实施机构", id: String::new() })
}

/// 受理.
pub async fn accept(file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    advance(file, id, Act::Accept, |_| Ok(())).await
}

/// 不予受理 — with the reason, which whoever wrote can read.
pub async fn decline(file: File<'_>, id: &str, reason: &str) -> Result<Recorded, Refused> {
    advance(file, id, Act::Decline, |feedback| {
        feedback.answer = said("不予受理的理由", reason)?;
        Ok(())
    })
    .await
}

/// 答复.
pub async fn answer(file: File<'_>, id: &str, text: &str) -> Result<Recorded, Refused> {
    advance(file, id, Act::Answer, |feedback| {
        feedback.answer = said("答复", text)?;
        Ok(())
    })
    .await
}

/// 公开答复 — in words from which personal data have been left out, if whoever wrote has agreed.
pub async fn publish(file: File<'_>, id: &str, question: &str, answer: &str) -> Result<Recorded, Refused> {
    advance(file, id, Act::Publish, |feedback| {
        if !feedback.open {
            return Err(Flaw::Private.into());
        }
        match Published::of(question, answer, &feedback.contact) {
            Ok(published) => feedback.published = Some(published),
            Err(flaws) => Refused::if_any(&flaws)?,
        }
        Ok(())
    })
    .await
}

async fn advance(
    mut file: File<'_>,
    id: &str,
    act: Act,
    change: impl FnOnce(&mut Feedback) -> Result<(), Refused>,
) -> Result<Recorded, Refused> {
    let mut feedback: Feedback = file.read("来件", id).await?;
    let step = file.step(&PROCEDURE, (feedback.state, act), &feedback)?;
    change(&mut feedback)?;
    feedback.state = step.to;
    feedback.due = file.due(feedback.state);
    file.write(&feedback)?;
    file.record(&act.code(), &feedback, feedback.state.name(), step.basis, &id)
}

/// 查询 — the file of whoever has both its number and its code. One answer for a wrong number and a wrong code.
pub async fn look_up(office: &Office, number: &str, code: &str) -> Result<Option<Feedback>, Refused> {
    let number = clean(number).to_ascii_uppercase();
    let found = office.store.get::<Feedback>(&number).await.map_err(Refused::unavailable)?;
    let digest = code_digest(code);
    Ok(found.map(|(feedback, _)| feedback).filter(|feedback| same(&feedback.code_sha256, &digest)))
}

/// Compared in one go, whatever differs.
fn same(kept: &str, given: &str) -> bool {
    let different = kept.bytes().zip(given.bytes()).fold(0, |different, (one, other)| different | (one ^ other));
    kept.len() == given.len() && different == 0
}

impl Acting {
    /// 社会公众 — whoever writes in without signing in.
    pub fn public(at: jiff::Timestamp) -> Self {
        Self { person: "public".into(), org: "public".into(), role: Role::Public, post: String::new(), at }
    }
}

/// 来件过多.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("一小时内收到的来件已经很多，暂时不再接收")]
struct Full;

impl Violation for Full {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }
    fn advice(&self) -> String {
        "请保留已填写的内容，过一小时再提交；急事请直接与市数据局联系".to_owned()
    }
    fn kind(&self) -> Sort {
        Sort::State
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed_and_differs_with_its_page() {
        let told = code("k-1");
        assert_eq!((told.len(), told.split('-').count()), (19, 4), "{told}");
        assert_eq!(code_digest(&told), code_digest(&format!(" {} ", told.to_lowercase().replace('-', " "))));
        assert_ne!(code("k-1"), code("k-2"));
        assert!(same("ab", "ab") && !same("ab", "ac") && !same("ab", "a") && !same("", "a"));
    }

    #[test]
    fn the_same_words_have_one_number_whatever_the_code_and_the_blanks() {
        let said = |text: &str, code: &str| {
            let (kind, text, code_sha256) = (Kind::Suggestion, text.to_owned(), code.to_owned());
            let (about, title, contact) = (String::new(), "标题".to_owned(), String::new());
            Submission { kind, about, title, text, contact, open: false, code_sha256 }.cleaned().number()
        };
        assert_eq!(said("车位数不准", "a"), said(" 车位数不准\r\n", "b"));
        assert_ne!(said("车位数不准", "a"), said("车位数不准。", "a"));
    }
}
