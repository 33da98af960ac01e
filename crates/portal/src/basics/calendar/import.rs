//! 录入放假安排 — pasted, uploaded or filled in; refused with every flaw, and with what was understood.

use askama::Template;
use axum::{
    extract::{Multipart, Query, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use regulation::calendar::{Arrangement, Festival, Import, Row as Line};
use serde::Deserialize;
use store::basics::calendar::Proposal;
use workflow::{Refused, Request, competence::Subject};

use crate::{
    Door, acts, answer, case, form,
    frame::{Frame, Trouble, date},
    names,
    session::{self, Visitor},
    sign_in,
};

/// How many festivals can be filled in: those of every year, and one more.
const ROWS: usize = 8;

#[derive(Template)]
#[template(path = "basics/calendar/import.html")]
struct Form {
    frame: Frame,
    id: String,
    may: bool,
    typed: Import,
    rows: Vec<(usize, Line)>,
    read: Vec<(String, String)>,
    trouble: Trouble,
    key: String,
}

/// 录入页的问.
#[derive(Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    id: String,
}

/// 录入页 — empty, or with what is to be revised.
pub async fn show(State(door): State<Door>, Query(which): Query<Which>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(form(&door, which.id, None, &headers, Trouble::default()).await, &headers, &uri)
}

/// The form again, with what had been typed and what of it was understood.
pub async fn again(
    door: &Door,
    pairs: &[(String, String)],
    headers: &HeaderMap,
    uri: &Uri,
    trouble: Trouble,
) -> Response {
    let id = pairs.iter().find(|(name, _)| name == "id").map(|(_, id)| id.clone()).unwrap_or_default();
    let typed = serde_json::from_value(form::to_json(pairs)).unwrap_or_default();
    answer::faced(form(door, id, Some(typed), headers, trouble).await, headers, uri)
}

async fn form(door: &Door, id: String, typed: Option<Import>, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("录入放假安排需要先登录").into());
    };
    let read = typed.as_ref().map(|typed| understood(&typed.read().arrangement)).unwrap_or_default();
    let typed = match typed {
        Some(typed) => typed,
        None if id.is_empty() => Import::default(),
        None => case::seen::<Proposal>(door, "提请的放假安排", &id, &visitor).await?.import,
    };
    let names = ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节", ""];
    let row = |place: usize| {
        let offered = Line { name: names[place].to_owned(), ..Line::default() };
        (place, typed.rows.get(&place.to_string()).cloned().unwrap_or(offered))
    };
    let title = if id.is_empty() { "录入放假安排" } else { "修改放假安排" };
    Ok(answer::page(&Form {
        frame: Frame::new(title, "calendar", Some(&visitor)),
        may: may(door, &visitor),
        rows: (0..ROWS).map(row).collect(),
        key: case::key(door),
        id,
        typed,
        read,
        trouble,
    }))
}

/// Whether this visitor may propose an arrangement.
pub fn may(door: &Door, visitor: &Visitor) -> bool {
    let ruling = door.office.competence().rule(
        &visitor.acting,
        "calendar.propose",
        &Subject::begun_by(&visitor.acting, "calendar"),
    );
    ruling.allowed
}

/// What was understood, festival by festival, for whoever looks for the slip.
fn understood(arrangement: &Arrangement) -> Vec<(String, String)> {
    let days = |days: Vec<String>, what: &str| {
        if days.is_empty() { format!("没有{what}的日子") } else { format!("{}{what}", days.join("、")) }
    };
    let festival = |festival: &Festival| {
        let off = festival.off.iter().map(|days| {
            if days.first == days.last {
                date(days.first)
            } else {
                format!("{}至{}", date(days.first), date(days.last))
            }
        });
        let work: Vec<String> = festival.work.iter().map(|day| date(*day)).collect();
        let work = if work.is_empty() { String::new() } else { format!("；{}", days(work, "上班")) };
        (festival.name.clone(), format!("{}{work}", days(off.collect(), "放假")))
    };
    arrangement.festival.iter().map(festival).collect()
}

/// 上传 — the same request as a program's, from a form that may carry a file.
pub async fn upload(State(door): State<Door>, headers: HeaderMap, uri: Uri, form: Multipart) -> Response {
    if !session::same_site(&headers) {
        return answer::told(&session::unknown("这一请求来自别的网站，没有办理"), &headers, &uri);
    }
    let mut fields = match fields(form).await {
        Ok(fields) => fields,
        Err(refused) => return answer::told(&refused, &headers, &uri),
    };
    let revises = fields.iter().any(|(name, value)| name == "id" && !value.is_empty());
    fields.retain(|(name, value)| name != "id" || !value.is_empty());
    let act = if revises { "calendar.revise" } else { "calendar.propose" };
    fields.insert(0, ("act".to_owned(), act.to_owned()));
    let visitor = match session::visitor(&door, &headers).await {
        Ok(Some(visitor)) => visitor,
        Ok(None) => {
            let written = fields.iter().filter(|(_, value)| !value.trim().is_empty());
            let typed = form_urlencoded::Serializer::new(String::new()).extend_pairs(written).finish();
            return sign_in::again(&door, &session::unknown("录入放假安排需要先登录"), &typed);
        }
        Err(refused) => return answer::told(&refused, &headers, &uri),
    };
    let key = fields.iter().find(|(name, key)| name == "_key" && !key.is_empty()).map(|(_, key)| key.clone());
    let fields: Vec<(String, String)> = fields.into_iter().filter(|(name, _)| !name.starts_with('_')).collect();
    let refused = match serde_json::from_value::<Request>(form::to_json(&fields)) {
        Ok(request) => match acts::carry_out(&door, &visitor, &request, key.as_deref(), None).await {
            Ok(done) => return Redirect::to(&names::path(&done.subject, &done.id)).into_response(),
            Err(refused) => refused,
        },
        Err(_) => Refused::Question("表单没有填写完整".to_owned()),
    };
    let trouble = Trouble { notice: Some(answer::notice(&refused)), typed: Vec::new() };
    let mut response = again(&door, &fields, &headers, &uri, trouble).await;
    *response.status_mut() = answer::status(&refused);
    response
}

/// The fields of the form; a file's text stands in the place of what could have been pasted.
async fn fields(mut form: Multipart) -> Result<Vec<(String, String)>, Refused> {
    let broken = |why: &dyn std::fmt::Display| Refused::Question(format!("上传没有完成：{why}"));
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(|why| broken(&why))? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|why| broken(&why))?;
        let told = if name == "file" { "文件" } else { "表单" };
        let Ok(text) = String::from_utf8(bytes.to_vec()) else {
            return Err(Refused::Question(format!("{told}不是 UTF-8 编码，请另存为 UTF-8 后再上传")));
        };
        match name.as_str() {
            "file" if text.trim().is_empty() => {} // none was chosen
            "file" => file = Some(text),
            _ => fields.push((name, text)),
        }
    }
    let pasted = fields.iter_mut().find(|(name, _)| name == "content");
    match (file, pasted) {
        (Some(_), Some((_, pasted))) if !pasted.trim().is_empty() => {
            Err(Refused::Question("既粘贴了内容又选择了文件，请只用一种方式".to_owned()))
        }
        (Some(text), Some((_, pasted))) => {
            *pasted = text;
            Ok(fields)
        }
        (Some(text), None) => {
            fields.push(("content".to_owned(), text));
            Ok(fields)
        }
        (None, _) => Ok(fields),
    }
}
