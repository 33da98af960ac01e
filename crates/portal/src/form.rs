//! 表单 — a form's fields as the JSON of a request: `minutes.date` nests, `fields[]` lists, `:n` counts, `rows[2].name` tables.

use serde_json::{Map, Value};

/// How many rows a table of a form may have.
const ROWS: usize = 5000;

/// 表单与程序同一请求 — turns the pairs of a form into a JSON object. Unknown shapes become plain
/// members and are refused by whoever reads them.
pub fn to_json(pairs: &[(String, String)]) -> Value {
    let mut whole = Map::new();
    for (name, value) in pairs {
        let (name, number) = match name.strip_suffix(":n") {
            Some(name) => (name, true),
            None => (name.as_str(), false),
        };
        let (name, list) = match name.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let value = match value.trim().parse::<u64>() {
            Ok(count) if number => Value::from(count),
            _ => Value::from(value.as_str()),
        };
        put(&mut whole, name, value, list);
    }
    listed(Value::Object(whole))
}

/// 表格里的行 — members called `#0`, `#1`, … become a list; a row in which nothing was written is none.
fn listed(value: Value) -> Value {
    let Value::Object(members) = value else { return value };
    let row = |name: &String| name.strip_prefix('#').and_then(|number| number.parse::<u32>().ok());
    if members.is_empty() || !members.keys().all(|name| row(name).is_some()) {
        return Value::Object(members.into_iter().map(|(name, value)| (name, listed(value))).collect());
    }
    let mut rows: Vec<(u32, Value)> =
        members.into_iter().filter_map(|(name, value)| Some((row(&name)?, listed(value)))).collect();
    rows.sort_by_key(|(number, _)| *number);
    Value::Array(rows.into_iter().map(|(_, row)| row).filter(|row| !blank(row)).collect())
}

/// Whether nothing was written: choices that are made beforehand say nothing by themselves, so a row counts by its
/// `name`, or by anything where it has none.
fn blank(row: &Value) -> bool {
    let empty = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
    match row {
        Value::Object(members) => members.get("name").map_or_else(|| members.values().all(empty), empty),
        value => empty(value),
    }
}

/// 一个选项，几个字段 — `agreement+entry` with the value `XY-1+ML-1` is two fields, chosen together.
pub fn spread(pairs: &[(String, String)]) -> Vec<(String, String)> {
    let each = |(name, value): &(String, String)| {
        if !name.contains('+') {
            return vec![(name.clone(), value.clone())];
        }
        name.split('+').map(str::to_owned).zip(value.split('+').map(str::to_owned)).collect()
    };
    pairs.iter().flat_map(each).collect()
}

fn put(within: &mut Map<String, Value>, name: &str, value: Value, list: bool) {
    if let Some((head, rest)) = name.split_once('.') {
        let inner = match row(head) {
            Some((table, place)) => row_of(within, table, place),
            None => Some(within.entry(head).or_insert_with(|| Value::Object(Map::new()))),
        };
        if let Some(Value::Object(inner)) = inner {
            put(inner, rest, value, list);
        }
    } else if list {
        let items = within.entry(name).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(items) = items
            && value.as_str().is_none_or(|text| !text.trim().is_empty())
        {
            items.push(value);
        }
    } else {
        within.insert(name.to_owned(), value);
    }
}

/// `rows[2]` is the third row of `rows`.
pub fn row(name: &str) -> Option<(&str, usize)> {
    let (table, place) = name.strip_suffix(']')?.split_once('[')?;
    place.parse().ok().filter(|place| *place < ROWS).map(|place| (table, place))
}

/// A row of a table; those before it that were left out are empty.
fn row_of<'a>(within: &'a mut Map<String, Value>, table: &str, place: usize) -> Option<&'a mut Value> {
    let rows = within.entry(table).or_insert_with(|| Value::Array(Vec::new()));
    let Value::Array(rows) = rows else { return None };
    while rows.len() <= place {
        rows.push(Value::Object(Map::new()));
    }
    rows.get_mut(place)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nested_repeated_and_numeric_fields_find_their_places() {
        let pairs = [
            ("act", "product.propose_price"),
            ("price.fen_per_thousand_rows:n", " 200 "),
            ("price.basis", "准许成本"),
            ("fields[]", "a"),
            ("fields[]", " "),
            ("fields[]", "b"),
            ("act.x", "不成形的字段"),
            ("rows[1].name", "乙"),
            ("rows[99999].name", "太远"),
        ];
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(
            to_json(&pairs),
            json!({ "act": "product.propose_price", "price": { "fen_per_thousand_rows": 200, "basis": "准许成本" }, "fields": ["a", "b"],
                    "rows": [{}, { "name": "乙" }], "rows[99999]": { "name": "太远" } })
        );
    }
}
