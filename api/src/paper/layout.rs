//! Blocks on A4 pages: where each line of letters and each rule stands. Lengths are points, from the upper left corner.

use super::face::{Face, NoGlyph};
use super::lines::{lines, width};
use super::{Block, Cell, Paper, Table};

pub(super) const WIDTH: f32 = 595.276;
pub(super) const HEIGHT: f32 = 841.89;
const SIDE: f32 = 51.0;
const TOP: f32 = 68.0;
const BOTTOM: f32 = HEIGHT - 62.0;
const MEASURE: f32 = WIDTH - 2.0 * SIDE;
/// Around what stands in a table.
const PAD: f32 = 4.0;

/// How letters are set: size, and from line to line.
#[derive(Clone, Copy)]
struct Type {
    size: f32,
    leading: f32,
}

const TITLE: Type = Type { size: 17.0, leading: 25.0 };
const CHAPTER: Type = Type { size: 13.0, leading: 20.0 };
const SECTION: Type = Type { size: 10.5, leading: 17.0 };
const BODY: Type = Type { size: 9.5, leading: 15.5 };
const SMALL: Type = Type { size: 8.0, leading: 12.5 };
const RUNNING: f32 = 7.0;

/// Letters or a rule on a page.
pub(super) enum Item {
    /// Letters from `x` on the base line `y`. `leaf`: the part of the document that they belong to; none for what
    /// stands on every page.
    Letters {
        x: f32,
        y: f32,
        size: f32,
        text: String,
        leaf: Option<usize>,
    },
    Rule {
        x: f32,
        y: f32,
        length: f32,
        is_strong: bool,
    },
}

/// The document's structure, for those who do not see it; numbers are leaves.
pub(super) enum Part {
    Heading { level: u8, text: String, leaf: usize, page: usize, y: f32 },
    Text { leaf: usize },
    Table { caption: String, heads: Vec<usize>, rows: Vec<Vec<usize>>, begins_with_heads: bool },
}

/// Everything, laid out.
#[derive(Default)]
pub(super) struct LaidOut {
    pub(super) pages: Vec<Vec<Item>>,
    pub(super) parts: Vec<Part>,
    pub(super) leaves: usize,
}

pub(super) fn lay_out(paper: &Paper, face: &Face) -> Result<LaidOut, NoGlyph> {
    let mut pen = Pen { out: LaidOut { pages: vec![Vec::new()], ..LaidOut::default() }, y: TOP, face };
    pen.heading(1, &paper.title)?;
    for block in &paper.blocks {
        match block {
            Block::Heading { level, text } => pen.heading(*level, text)?,
            Block::Text(text) => pen.text(text)?,
            Block::Facts(facts) => pen.facts(facts)?,
            Block::Table(table) => pen.table(table)?,
        }
    }
    let Pen { mut out, .. } = pen;
    let count = out.pages.len();
    for (index, page) in out.pages.iter_mut().enumerate() {
        let number = format!("{} / {count} ページ", index + 1);
        let right = WIDTH - SIDE - width(&number, face)? * RUNNING;
        let running = |x, y, text: &str| Item::Letters { x, y, size: RUNNING, text: text.to_owned(), leaf: None };
        page.push(running(SIDE, 40.0, &paper.head));
        page.push(Item::Rule { x: SIDE, y: 46.0, length: MEASURE, is_strong: false });
        page.push(Item::Rule { x: SIDE, y: HEIGHT - 46.0, length: MEASURE, is_strong: false });
        page.push(running(SIDE, HEIGHT - 35.0, &paper.foot));
        page.push(running(right, HEIGHT - 35.0, &number));
    }
    Ok(out)
}

struct Pen<'a> {
    out: LaidOut,
    y: f32,
    face: &'a Face,
}

/// The lines of a cell, and which leaf they are.
struct Set {
    x: f32,
    lines: Vec<String>,
    leaf: usize,
}

impl Pen<'_> {
    fn leaf(&mut self) -> usize {
        self.out.leaves += 1;
        self.out.leaves - 1
    }

    fn new_page(&mut self) {
        self.out.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Is there room for so much more on this page?
    fn has_room(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    fn put(&mut self, item: Item) {
        self.out.pages.last_mut().expect("there is always a page").push(item);
    }

    fn rule(&mut self, is_strong: bool) {
        self.put(Item::Rule { x: SIDE, y: self.y, length: MEASURE, is_strong });
    }

    /// Some lines, one below the other, on as many pages as they need.
    fn set(&mut self, text: &str, face: Type, leaf: usize) -> Result<(), NoGlyph> {
        for line in lines(text, MEASURE / face.size, self.face)? {
            if !self.has_room(face.leading) {
                self.new_page();
            }
            self.letters(SIDE, face, line, leaf);
            self.y += face.leading;
        }
        Ok(())
    }

    /// One line at the pen's height.
    fn letters(&mut self, x: f32, face: Type, text: String, leaf: usize) {
        // The base line: letters stand in the middle of their line.
        let y = self.y + (face.leading - face.size) / 2.0 + face.size * 0.86;
        if !text.is_empty() {
            self.put(Item::Letters { x, y, size: face.size, text, leaf: Some(leaf) });
        }
    }

    fn heading(&mut self, level: u8, text: &str) -> Result<(), NoGlyph> {
        let (face, before) = match level {
            1 => (TITLE, 0.0),
            2 => (CHAPTER, 14.0),
            _ => (SECTION, 8.0),
        };
        if self.y > TOP {
            self.y += before;
        }
        // Not alone at the foot of a page.
        if !self.has_room(face.leading + 60.0) {
            self.new_page();
        }
        let leaf = self.leaf();
        let (page, y) = (self.out.pages.len() - 1, self.y);
        self.set(text, face, leaf)?;
        if level <= 2 {
            self.y += 2.0;
            self.rule(true);
            self.y += 5.0;
        }
        self.out.parts.push(Part::Heading { level, text: text.to_owned(), leaf, page, y });
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), NoGlyph> {
        let leaf = self.leaf();
        self.set(text, BODY, leaf)?;
        self.y += 5.0;
        self.out.parts.push(Part::Text { leaf });
        Ok(())
    }

    /// Names on the left, what they are of on the right.
    fn facts(&mut self, facts: &[(String, String)]) -> Result<(), NoGlyph> {
        if facts.is_empty() {
            return Ok(());
        }
        let shares = [3, 10];
        let mut rows = Vec::with_capacity(facts.len());
        for (name, what) in facts {
            let cells = [Cell::from(name.as_str()), Cell::from(what.as_str())];
            rows.push(self.row(&cells, &shares, BODY, None)?);
        }
        self.y += 6.0;
        self.out.parts.push(Part::Table { caption: String::new(), heads: Vec::new(), rows, begins_with_heads: true });
        Ok(())
    }

    fn table(&mut self, table: &Table) -> Result<(), NoGlyph> {
        let shares: Vec<u8> = table.heads.iter().map(|head| head.share).collect();
        let heads: Vec<Cell> = table.heads.iter().map(|head| Cell::from(head.text)).collect();
        if !self.has_room(60.0) {
            self.new_page();
        }
        self.rule(false);
        let first = self.row(&heads, &shares, SMALL, None)?;
        let mut rows = Vec::with_capacity(table.rows.len());
        for cells in &table.rows {
            rows.push(self.row(cells, &shares, SMALL, Some(&heads))?);
        }
        self.y += 8.0;
        let caption = table.caption.clone();
        self.out.parts.push(Part::Table { caption, heads: first, rows, begins_with_heads: false });
        Ok(())
    }

    /// A row, split over pages where it must be; `heads` stand above what goes on. The cells' leaves.
    fn row(
        &mut self,
        cells: &[Cell],
        shares: &[u8],
        face: Type,
        heads: Option<&[Cell]>,
    ) -> Result<Vec<usize>, NoGlyph> {
        let sets = self.sets(cells, shares, face)?;
        let leaves = sets.iter().map(|set| set.leaf).collect();
        let deepest = sets.iter().map(|set| set.lines.len()).max().unwrap_or_default();
        let mut done = 0;
        while done < deepest {
            let room = ((BOTTOM - self.y - 2.0 * PAD) / face.leading).floor().max(0.0) as usize;
            let rest = deepest - done;
            // A short row stays whole; of a long one at least three lines stay together.
            if room < rest.min(if rest <= 6 { 6 } else { 3 }) && self.y > TOP + 40.0 {
                self.new_page();
                if let Some(heads) = heads {
                    self.heads_again(heads, shares)?;
                }
                continue;
            }
            let now = rest.min(room.max(1));
            let top = self.y + PAD;
            // Cell by cell: programs that read no structure read in this order.
            for set in &sets {
                self.y = top;
                for line in set.lines.iter().skip(done).take(now) {
                    self.letters(set.x, face, line.clone(), set.leaf);
                    self.y += face.leading;
                }
            }
            self.y = top + now as f32 * face.leading + PAD;
            self.rule(false);
            done += now;
        }
        Ok(leaves)
    }

    /// The heads of a table that goes on: for the eye only, the structure has them once.
    fn heads_again(&mut self, heads: &[Cell], shares: &[u8]) -> Result<(), NoGlyph> {
        self.rule(true);
        self.y += PAD;
        let leaves = self.out.leaves;
        for set in self.sets(heads, shares, SMALL)? {
            let y = self.y + (SMALL.leading - SMALL.size) / 2.0 + SMALL.size * 0.86;
            let text = set.lines.into_iter().next().unwrap_or_default();
            self.put(Item::Letters { x: set.x, y, size: SMALL.size, text, leaf: None });
        }
        self.out.leaves = leaves;
        self.y += SMALL.leading + PAD;
        self.rule(false);
        Ok(())
    }

    fn sets(&mut self, cells: &[Cell], shares: &[u8], face: Type) -> Result<Vec<Set>, NoGlyph> {
        let all: f32 = shares.iter().map(|share| f32::from(*share)).sum();
        let mut x = SIDE;
        let mut sets = Vec::with_capacity(cells.len());
        for (cell, share) in cells.iter().zip(shares) {
            let wide = MEASURE * f32::from(*share) / all;
            let lines = lines(&cell.text, (wide - 2.0 * PAD) / face.size, self.face)?;
            sets.push(Set { x: x + PAD, lines, leaf: self.leaf() });
            x += wide;
        }
        Ok(sets)
    }
}
