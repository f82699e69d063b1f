//! The certificate 「登録証」 of a mark's licence: one page, for the wall and for the files.

use std::num::NonZeroU16;

use domain::calendar::{Day, Instant};
use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::{luma, rgb};
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};

use super::Fault;
use super::draw::date;
use super::face::{Face, NoGlyph};
use super::layout::{HEIGHT, WIDTH};
use super::lines::{lines, width};

const SCHEME: &str = "サイバーセキュリティお助け隊サービス";
const TITLE: &str = "登録証";
const PROVIDERS: &str = "マーク使用許諾（サービス提供事業者）";
const USERS: &str = "マーク使用許諾（利用企業）";
const SAYS_PROVIDER: &str =
    "次のサービスが登録簿に登録され、その提供事業者にマークの使用が許諾されていることを証明します。";
const SAYS_USER: &str = "次の登録されたサービスを利用する企業として、マークの使用が許諾されていることを証明します。";
const NAMES: [&str; 8] = [
    "サービスの名称",
    "提供事業者",
    "登録番号",
    "使用許諾の番号",
    "法人番号",
    "許諾した日",
    "有効期間の末日",
    "確認先",
];
const SCAN: &str = "右のコードを読み取ると、いまの状態がわかります。表示された名称と番号を、この登録証と見比べてください。\
    この紙だけでは、いま有効であることを示しません。完全な安全を保証するものではありません。";
const SAMPLE: &str = "見本（効力はありません）";
const HONORIFIC: &str = " 殿";
const SYMBOL_IS: &str = "QRコード";

/// In print, and never less: 22 mm is what the largest symbol needs.
const SYMBOL_MM: f32 = 26.0;
const MM: f32 = 72.0 / 25.4;
const SIDE: f32 = 76.0;
const MEASURE: f32 = WIDTH - 2.0 * SIDE;

/// What a certificate says.
#[derive(Clone, Debug)]
pub struct Certificate {
    pub is_users: bool,
    pub holder: String,
    pub holder_number: Option<String>,
    pub service: String,
    pub provider: String,
    pub registration: String,
    pub licence: String,
    pub granted_at: Instant,
    pub last_day: Day,
    pub host: String,
    /// Printed over everything where nothing is real.
    pub is_sample: bool,
    pub symbol: Modules,
}

/// A symbol's modules, for print.
#[derive(Clone, Debug)]
pub struct Modules {
    pub side: u32,
    /// Column, row and length of every dark run.
    pub runs: Vec<(u32, u32, u32)>,
}

impl Certificate {
    /// The certificate as a PDF file: PDF/A-3a and PDF/UA-1, the same bytes for the same certificate.
    pub fn print(&self) -> Result<Vec<u8>, Fault> {
        let configuration = ConfigurationBuilder::new()
            .with_archival_validator(Archival::A3_A)
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .map_err(|error| Fault::Failed(format!("{error:?}")))?;
        let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
        let mut page = document.start_page_with(PageSettings::from_wh(WIDTH, HEIGHT).expect("A4 is a size"));
        let mut surface = page.surface();
        let tree = TagTree::new().with_lang(Some("ja".to_owned()));
        let mut pen = Pen { surface: &mut surface, tree, y: 104.0 };
        self.write(&mut pen)?;
        let tree = pen.tree;
        surface.finish();
        page.finish();
        document.set_tag_tree(tree);
        let mut outline = Outline::new();
        outline.push_child(OutlineNode::new(TITLE.to_owned(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
        document.set_outline(outline);
        document.set_metadata(
            Metadata::new()
                .title(format!("{TITLE} {} {}", self.licence, self.holder))
                .language("ja".to_owned())
                .creator("Otasuketai register".to_owned())
                .creation_date(date(self.granted_at))
                .document_id(self.licence.clone()),
        );
        document.finish().map_err(|error| Fault::Failed(error.to_string()))
    }

    fn write(&self, pen: &mut Pen<'_, '_>) -> Result<(), Fault> {
        pen.frame();
        if self.is_sample {
            let drawn = pen.centred(SAMPLE, 12.0, 0.0)?;
            pen.push(TagGroup::new(Tag::P), drawn);
            pen.y += 26.0;
        }
        let scheme = pen.centred(SCHEME, 14.0, 0.0)?;
        pen.push(TagGroup::new(Tag::P), scheme);
        pen.y += 46.0;
        let title = pen.centred(TITLE, 34.0, 0.5)?;
        pen.push(TagGroup::new(Tag::Hn(NonZeroU16::MIN, Some(TITLE.to_owned()))), title);
        pen.y += 26.0;
        let kind = pen.centred(if self.is_users { USERS } else { PROVIDERS }, 11.0, 0.0)?;
        pen.push(TagGroup::new(Tag::P), kind);
        pen.y += 54.0;
        let holder = format!("{}{HONORIFIC}", self.holder);
        let size = match holder.chars().count() {
            ..=44 => 20.0,
            45..=90 => 14.0,
            _ => 10.0,
        };
        let holder = pen.centred_lines(&holder, size)?;
        pen.push(TagGroup::new(Tag::P), holder);
        pen.y += 22.0;
        let says = pen.text(if self.is_users { SAYS_USER } else { SAYS_PROVIDER }, SIDE, MEASURE, 11.0, 19.0)?;
        pen.push(TagGroup::new(Tag::P), says);
        pen.y += 16.0;
        let mut body = TagGroup::new(Tag::TBody);
        let day = |day: Day| {
            let (year, month, day) = day.ymd();
            format!("{year}年{month}月{day}日")
        };
        let facts = [
            Some(self.service.clone()),
            Some(self.provider.clone()),
            Some(self.registration.clone()),
            Some(self.licence.clone()),
            self.holder_number.clone(),
            Some(day(self.granted_at.day())),
            Some(day(self.last_day)),
            Some(self.host.clone()),
        ];
        for (name, fact) in NAMES.into_iter().zip(facts) {
            let Some(fact) = fact else { continue };
            let top = pen.y;
            let name = pen.text(name, SIDE, 100.0, 10.5, 18.0)?;
            pen.y = top;
            let (size, leading) = if fact.chars().count() <= 60 { (10.5, 18.0) } else { (8.0, 11.0) };
            let fact = pen.text(&fact, SIDE + 110.0, MEASURE - 110.0, size, leading)?;
            let mut row = TagGroup::new(Tag::TR);
            row.push(filled(TagGroup::new(Tag::TH(TableHeaderScope::Row)), name));
            row.push(filled(TagGroup::new(Tag::TD), fact));
            body.push(row);
            pen.rule(pen.y - 12.0);
            pen.y += 5.0;
        }
        let mut table = TagGroup::new(Tag::Table.with_summary(Some(TITLE.to_owned())));
        table.push(body);
        pen.tree.push(table);
        // At the foot, however long the names are: what they need is refused where it would run into this.
        let foot = HEIGHT - 96.0 - SYMBOL_MM * MM;
        if pen.y > foot {
            return Err(Fault::Failed("the names leave no room on the page".to_owned()));
        }
        pen.y = foot + 12.0;
        let room = MEASURE - SYMBOL_MM * MM - 40.0;
        let scan = pen.text(SCAN, SIDE, room, 9.5, 16.0)?;
        pen.push(TagGroup::new(Tag::P), scan);
        let alternative = format!("{SYMBOL_IS} {} {}", self.host, self.licence);
        let symbol = pen.symbol(&self.symbol, WIDTH - SIDE - SYMBOL_MM * MM, foot);
        pen.push(TagGroup::new(Tag::Figure(Some(alternative))), vec![symbol]);
        Ok(())
    }
}

struct Pen<'a, 'b> {
    surface: &'a mut Surface<'b>,
    tree: TagTree,
    /// The base line of what comes next.
    y: f32,
}

impl Pen<'_, '_> {
    fn push(&mut self, group: TagGroup, drawn: Vec<Identifier>) {
        self.tree.push(filled(group, drawn));
    }

    /// One line from `x` on; `spacing` ems between letters.
    fn line(&mut self, line: &str, x: f32, size: f32, spacing: f32) -> Result<Identifier, NoGlyph> {
        let face = Face::bundled();
        let mut glyphs = face.glyphs(line)?;
        for glyph in &mut glyphs {
            glyph.x_advance += spacing;
        }
        let identifier = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        self.surface.draw_glyphs(Point::from_xy(x, self.y), &glyphs, face.font.clone(), line, size, false);
        self.surface.end_tagged();
        Ok(identifier)
    }

    fn centred(&mut self, line: &str, size: f32, spacing: f32) -> Result<Vec<Identifier>, NoGlyph> {
        let gaps = line.chars().count().saturating_sub(1) as f32 * spacing;
        let wide = (width(line, Face::bundled())? + gaps) * size;
        Ok(vec![self.line(line, (WIDTH - wide) / 2.0, size, spacing)?])
    }

    fn centred_lines(&mut self, text: &str, size: f32) -> Result<Vec<Identifier>, NoGlyph> {
        let mut drawn = Vec::new();
        for line in lines(text, MEASURE / size, Face::bundled())? {
            drawn.extend(self.centred(line.trim_end(), size, 0.0)?);
            self.y += size * 1.4;
        }
        Ok(drawn)
    }

    fn text(&mut self, text: &str, x: f32, wide: f32, size: f32, leading: f32) -> Result<Vec<Identifier>, NoGlyph> {
        let mut drawn = Vec::new();
        for line in lines(text, wide / size, Face::bundled())? {
            drawn.push(self.line(&line, x, size, 0.0)?);
            self.y += leading;
        }
        Ok(drawn)
    }

    fn artifact(&mut self, stroke: Stroke, path: &Path) {
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(stroke));
        self.surface.draw_path(path);
        self.surface.set_stroke(None);
        self.surface.end_tagged();
    }

    fn rule(&mut self, y: f32) {
        let mut path = PathBuilder::new();
        path.move_to(SIDE, y);
        path.line_to(WIDTH - SIDE, y);
        let stroke = Stroke { paint: luma::Color::new(190).into(), width: 0.4, ..Stroke::default() };
        self.artifact(stroke, &path.finish().expect("a line is a path"));
    }

    /// Two lines around everything.
    fn frame(&mut self) {
        for (inset, width) in [(34.0, 2.4), (40.0, 0.6)] {
            let mut path = PathBuilder::new();
            let rect = Rect::from_ltrb(inset, inset, WIDTH - inset, HEIGHT - inset).expect("smaller than the page");
            path.push_rect(rect);
            let stroke = Stroke { paint: rgb::Color::new(51, 83, 111).into(), width, ..Stroke::default() };
            self.artifact(stroke, &path.finish().expect("a rectangle is a path"));
        }
    }

    fn symbol(&mut self, symbol: &Modules, left: f32, top: f32) -> Identifier {
        let module = SYMBOL_MM * MM / symbol.side as f32;
        // In modules: whole numbers are written, and deflated, in a fraction of the time.
        let mut path = PathBuilder::new();
        for (column, row, length) in &symbol.runs {
            let (x, y, wide) = (*column as f32, *row as f32, *length as f32);
            path.push_rect(Rect::from_xywh(x, y, wide, 1.0).expect("a module has a size"));
        }
        let identifier = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        self.surface.push_transform(&Transform::from_row(module, 0.0, 0.0, module, left, top));
        self.surface.set_fill(Some(Fill { paint: luma::Color::black().into(), ..Fill::default() }));
        self.surface.draw_path(&path.finish().expect("every symbol has dark modules"));
        self.surface.set_fill(None);
        self.surface.pop();
        self.surface.end_tagged();
        identifier
    }
}

fn filled(mut group: TagGroup, drawn: Vec<Identifier>) -> TagGroup {
    for identifier in drawn {
        group.push(identifier);
    }
    group
}
