//! 面纱 — masks as functions of the engine.
//!
//! A mask carries a key's *id*; the key itself is looked up inside, so no plan, log or error can
//! show it.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array, Int64Array, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, ident,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::mask::Keys;

/// What a mask does to each value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Work {
    KeepEnds(usize, usize),
    /// The step's bits, so that the work can be compared.
    Round(u64),
    Hash(String, Keys),
}

/// 面纱 — a mask as a function of the engine.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Veil {
    work: Work,
    output: DataType,
    signature: Signature,
}

/// The column seen through a mask.
pub(crate) fn veil(work: Work, output: DataType, column: &str) -> Expr {
    let signature = Signature::any(1, Volatility::Immutable);
    ScalarUDF::from(Veil { work, output, signature }).call(vec![ident(column)])
}

impl ScalarUDFImpl for Veil {
    fn name(&self) -> &str {
        match self.work {
            Work::KeepEnds(..) => "mask_keep_ends",
            Work::Round(_) => "mask_round",
            Work::Hash(..) => "mask_hash",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.output.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [value] = &args.args[..] else { return exec_err!("a mask takes one column") };
        let values = value.to_array(args.number_rows)?;
        let masked: ArrayRef = match &self.work {
            Work::KeepEnds(left, right) => {
                let kept = |text: &str| keep_ends(text, *left, *right);
                Arc::new(texts(&values, kept)?)
            }
            Work::Hash(id, keys) => {
                let Some(key) = keys.get(id) else { return exec_err!("no such masking key") };
                let Ok(keyed) = Hmac::<Sha256>::new_from_slice(key) else {
                    return exec_err!("an unusable masking key");
                };
                let digest = |text: &str| {
                    let mut mac = keyed.clone();
                    mac.update(text.as_bytes());
                    hex::encode(mac.finalize().into_bytes())
                };
                Arc::new(texts(&values, digest)?)
            }
            Work::Round(bits) => round(&values, f64::from_bits(*bits)),
        };
        Ok(ColumnarValue::Array(masked))
    }
}

/// Each value as text, changed.
fn texts(values: &ArrayRef, change: impl Fn(&str) -> String) -> Result<StringArray> {
    let values = cast(values, &DataType::Utf8)?;
    Ok(values.as_string::<i32>().iter().map(|text| text.map(&change)).collect())
}

fn keep_ends(text: &str, left: usize, right: usize) -> String {
    let length = text.chars().count();
    let hidden = match length.checked_sub(left.saturating_add(right)) {
        None | Some(0) => 0..length,
        Some(between) => left..left + between,
    };
    let star = |(place, letter)| if hidden.contains(&place) { '*' } else { letter };
    text.chars().enumerate().map(star).collect()
}

fn round(values: &ArrayRef, step: f64) -> ArrayRef {
    if let Some(integers) = values.as_primitive_opt::<Int64Type>() {
        #[expect(clippy::cast_possible_truncation, reason = "kind_of lets only whole steps by")]
        let step = step as i128;
        let nearest = |value: i64| {
            let value = i128::from(value);
            let half = value.signum() * (step / 2 + step % 2);
            // Halves go away from zero; an odd step has none.
            let shifted = if step % 2 == 0 { value + half } else { value + half - value.signum() };
            i64::try_from(shifted / step * step).ok()
        };
        return Arc::new(integers.iter().map(|value| nearest(value?)).collect::<Int64Array>());
    }
    let decimals = values.as_primitive::<Float64Type>();
    let parts = (1.0 / step).round();
    let fraction = step < 1.0 && (parts * step - 1.0).abs() < 1e-12;
    let nearest = |value: f64| {
        // A step like 0.1 is not exact; its reciprocal is, and leaves no dust.
        let value = if fraction { (value * parts).round() / parts } else { (value / step).round() * step };
        value.is_finite().then_some(value + 0.0)
    };
    Arc::new(decimals.iter().map(|value| nearest(value?)).collect::<Float64Array>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_kept_and_short_values_are_not() {
        let table = [
            ("13800001234", 3, 4, "138****1234"),
            ("张三丰", 1, 0, "张**"),
            ("张", 1, 0, "*"),
            ("1234", 2, 2, "****"),
            ("", 1, 1, ""),
            ("abc", usize::MAX, 1, "***"),
        ];
        for (text, left, right, masked) in table {
            assert_eq!(keep_ends(text, left, right), masked);
        }
    }

    #[test]
    fn numbers_go_to_the_nearest_multiple() {
        let integers: ArrayRef = Arc::new(Int64Array::from(vec![0, 4, 5, 14, 15, -4, -5, -15, i64::MAX]));
        let rounded = round(&integers, 10.0);
        let expected = [0, 0, 10, 10, 20, 0, -10, -20].map(Some);
        let rounded: Vec<_> = rounded.as_primitive::<Int64Type>().iter().collect();
        assert_eq!(rounded[..8], expected);
        assert_eq!(rounded[8], None, "what does not fit is removed, not wrong");
        let odd: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 4, 5, -2, -1]));
        let rounded = round(&odd, 3.0);
        let rounded: Vec<_> = rounded.as_primitive::<Int64Type>().values().to_vec();
        assert_eq!(rounded, [0, 3, 3, 6, -3, 0]);
        let decimals: ArrayRef = Arc::new(Float64Array::from(vec![0.26, 0.34, -0.04, 12.5]));
        let tenths = round(&decimals, 0.1);
        assert_eq!(tenths.as_primitive::<Float64Type>().values()[..], [0.3, 0.3, 0.0, 12.5]);
        let fives = round(&decimals, 5.0);
        assert_eq!(fives.as_primitive::<Float64Type>().values()[..], [0.0, 0.0, 0.0, 15.0]);
    }
}
