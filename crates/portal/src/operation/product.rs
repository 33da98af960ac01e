//! 公共数据产品和服务 — what its page says to the parties.

use regulation::{
    article,
    operation::{
        pricing,
        product::{Act, PROCEDURE},
    },
};
use store::operation::{demand::Demand, product::Product};
use workflow::{Acting, Refused};

use crate::{
    Door,
    case::{Action, Facts, Input, above, open, org},
    frame::count,
};

pub async fn facts(door: &Door, product: &Product, acting: Option<&Acting>) -> Result<Facts, Refused> {
    Ok(Facts {
        title: product.name.clone(),
        state: product.state.to_string(),
        lines: vec![
            ("运营机构", org(door, &product.operator).await?),
            ("简介", product.summary.clone()),
            ("用途类别", product.purpose.to_string()),
            ("行数", count(product.rows)),
            (
                "输出项",
                product
                    .columns
                    .iter()
                    .map(|column| format!("{}（{}）", column.name, column.kind))
                    .collect::<Vec<_>>()
                    .join("\n"),
            ),
            ("价格", price(product)),
        ],
        notice: None,
        due: None,
        clock: "",
        basis: article(25),
        actions: open(door, &PROCEDURE, product.state, product, acting, |act| match act {
            Act::Build => Action::new("product.build", vec![]),
            Act::ProposePrice => Action::new(
                "product.propose_price",
                vec![
                    Input::new(
                        "price.fen_per_thousand_rows:n",
                        "每千行收费（分）",
                        "number",
                        if pricing::free(product.purpose) {
                            "用于公共治理、公益事业的免费提供，填0"
                        } else {
                            ""
                        },
                    )
                    .filled("0"),
                    Input::new("price.basis", "定价说明", "area", "准许成本和合理收益的测算，或者政府指导价文号"),
                ],
            ),
            Act::ApprovePrice => Action::new("product.approve_price", vec![]),
            Act::ReturnPrice => {
                Action::new("product.return_price", vec![Input::new("reason", "退回理由", "area", "")]).risky()
            }
            Act::Publish => Action::new("product.publish", vec![]),
            Act::Withdraw => Action::new(
                "product.withdraw",
                vec![Input::new("reason", "下架理由", "area", "下架后凭据立即不能取数")],
            )
            .risky(),
        }),
        parent: above::<Demand>(&product.demand),
    })
}

/// 免费，或者每千行几元几分.
pub fn price(product: &Product) -> String {
    match &product.price {
        None => "尚未定价".to_owned(),
        Some(price) if price.fen_per_thousand_rows == 0 => "免费".to_owned(),
        Some(price) => {
            let (yuan, fen) = (price.fen_per_thousand_rows / 100, price.fen_per_thousand_rows % 100);
            format!("每千行 {yuan}.{fen:02} 元（{}）", price.basis.trim_end_matches('。'))
        }
    }
}
