//! 血缘 — from the catalogue to whoever uses the product: laid out in columns on the server, drawn as SVG, told as a list.

use askama::Template;

/// The columns, from left to right.
pub const COLUMNS: [&str; 5] = ["目录条目", "数据需求", "供给", "产品", "开发利用协议"];

/// More than this are not drawn one by one.
const MOST: usize = 60;
/// How many below one are drawn then.
const FEW: usize = 5;

const WIDTH: usize = 186;
const HEIGHT: usize = 54;
const ACROSS: usize = WIDTH + 44;
const DOWN: usize = HEIGHT + 16;
const TOP: usize = 30;

/// 一节，以及由它而来的各节.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// 第几列
    pub column: usize,
    /// 标题
    pub title: String,
    /// 编号或者状态
    pub note: String,
    /// 去处；不能查阅的为空
    pub path: String,
    /// 正是所看的这一节
    pub here: bool,
    /// 没有逐一画出的
    pub more: bool,
    /// 由它而来的
    pub below: Vec<Node>,
}

/// 一节所在的地方.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    x: usize,
    y: usize,
    node: Node,
}

/// 血缘图.
#[derive(Clone, Debug, Template)]
#[template(path = "components/lineage.html")]
pub struct Lineage {
    roots: Vec<Node>,
    places: Vec<Place>,
    edges: Vec<String>,
    rows: usize,
}

component!(Lineage);

impl Node {
    fn count(&self) -> usize {
        1 + self.below.iter().map(Self::count).sum::<usize>()
    }

    /// Keeps a few below each, and says how many more there are.
    fn pruned(mut self) -> Self {
        let (mut kept, mut over) = (Vec::new(), Vec::<(usize, usize)>::new());
        for node in self.below {
            let alike = kept.iter().filter(|known: &&Self| known.column == node.column).count();
            if alike < FEW || node.here {
                kept.push(node.pruned());
            } else {
                match over.iter_mut().find(|(column, _)| *column == node.column) {
                    Some((_, count)) => *count += 1,
                    None => over.push((node.column, 1)),
                }
            }
        }
        let more = |(column, count): (usize, usize)| Self {
            column,
            title: format!("另有 {count} 件"),
            more: true,
            ..Self::default()
        };
        kept.extend(over.into_iter().map(more));
        self.below = kept;
        self
    }
}

impl Lineage {
    /// Lays out what comes from each root.
    pub fn of(roots: Vec<Node>) -> Self {
        let count: usize = roots.iter().map(Node::count).sum();
        let roots: Vec<Node> = if count > MOST { roots.into_iter().map(Node::pruned).collect() } else { roots };
        let mut drawn = Self { roots: roots.clone(), places: Vec::new(), edges: Vec::new(), rows: 0 };
        let mut row = 0;
        for root in &roots {
            row += drawn.place(root, row).1;
        }
        drawn.rows = row;
        drawn
    }

    /// Puts a node beside the rows that what comes from it takes; tells its middle and how many rows.
    fn place(&mut self, node: &Node, from: usize) -> (usize, usize) {
        // A supply and the products made from it stand beside each other, not below.
        let mut reached = vec![from; COLUMNS.len()];
        let mut middles = Vec::new();
        for below in &node.below {
            let (middle, rows) = self.place(below, reached[below.column]);
            reached[below.column] += rows;
            middles.push((below.column, middle));
        }
        let rows = reached.iter().max().map_or(1, |row| (row - from).max(1));
        let y = TOP + from * DOWN + (rows - 1) * DOWN / 2;
        let middle = y + HEIGHT / 2;
        let supplies: Vec<usize> =
            middles.iter().filter(|(column, _)| *column == 2).map(|(_, middle)| *middle).collect();
        for (column, to) in middles {
            if column == 3 && node.column == 1 && !supplies.is_empty() {
                for supply in &supplies {
                    self.edge(2, *supply, 3, to);
                }
            } else {
                self.edge(node.column, middle, column, to);
            }
        }
        self.places.push(Place { x: node.column * ACROSS + 1, y, node: node.clone() });
        (middle, rows)
    }

    fn edge(&mut self, column: usize, from: usize, to_column: usize, to: usize) {
        let (left, right) = (column * ACROSS + WIDTH + 1, to_column * ACROSS + 1);
        let turn = usize::midpoint(left, right);
        self.edges.push(format!("M{left} {from}C{turn} {from} {turn} {to} {right} {to}"));
    }

    fn told(&self) -> Told<'_> {
        Told { nodes: &self.roots }
    }

    fn width() -> usize {
        (COLUMNS.len() - 1) * ACROSS + WIDTH + 2
    }

    fn height(&self) -> usize {
        TOP + self.rows * DOWN
    }

    fn heads() -> Vec<(usize, &'static str)> {
        COLUMNS.iter().enumerate().map(|(place, name)| (place * ACROSS + 1, *name)).collect()
    }
}

/// 清单 — the same, told one below the other.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "components/lineage_list.html")]
struct Told<'a> {
    nodes: &'a [Node],
}

impl askama::filters::HtmlSafe for Told<'_> {}

impl Node {
    /// What comes from it, told.
    fn told(&self) -> Told<'_> {
        Told { nodes: &self.below }
    }

    /// As much of the title as fits.
    fn short(&self) -> String {
        let cut = |text: &str| text.chars().take(11).collect::<String>();
        if self.title.chars().count() > 12 { format!("{}…", cut(&self.title)) } else { self.title.clone() }
    }

    fn name(&self) -> &'static str {
        COLUMNS.get(self.column).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(column: usize, below: Vec<Node>) -> Node {
        Node { column, title: "名".into(), below, ..Node::default() }
    }

    #[test]
    fn products_stand_beside_the_supplies_they_are_made_from() {
        let uses = vec![node(4, vec![]), node(4, vec![])];
        let demand = node(1, vec![node(2, vec![]), node(3, uses)]);
        let lineage = Lineage::of(vec![node(0, vec![demand])]);
        assert_eq!((lineage.places.len(), lineage.rows, lineage.edges.len()), (6, 2, 5));
        let x = |column: usize| lineage.places.iter().find(|place| place.node.column == column).map(|place| place.x);
        assert!(x(2) < x(3));
    }

    #[test]
    fn what_is_too_much_to_draw_is_counted() {
        let uses = (0..100).map(|_| node(4, vec![])).collect();
        let lineage = Lineage::of(vec![node(0, vec![node(1, vec![node(3, uses)])])]);
        assert_eq!(lineage.places.len(), 3 + FEW + 1);
        assert!(lineage.to_string().contains("另有 95 件"));
    }
}
