//! Pages as a PDF file.

use std::num::NonZeroU16;

use domain::calendar::Instant;
use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::luma;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};

use super::face::Face;
use super::layout::{HEIGHT, Item, LaidOut, Part, WIDTH};
use super::{Attachment, Fault, Paper};

pub(super) fn draw(paper: &Paper, laid_out: &LaidOut, face: &Face) -> Result<Vec<u8>, Fault> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| Fault::Failed(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut leaves: Vec<Vec<Identifier>> = vec![Vec::new(); laid_out.leaves];
    for items in &laid_out.pages {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).expect("A4 is a size");
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for item in items {
            put(&mut surface, item, face, &mut leaves)?;
        }
        surface.finish();
        page.finish();
    }
    document.set_tag_tree(tree(&laid_out.parts, leaves));
    document.set_outline(outline(&laid_out.parts));
    document.set_metadata(
        Metadata::new()
            .title(paper.title.clone())
            .language("ja".to_owned())
            .creator("Otasuketai register".to_owned())
            .creation_date(date(paper.at))
            .document_id(paper.foot.clone()),
    );
    if let Some(attachment) = &paper.attachment {
        document.embed_file(embedded(attachment, paper.at));
    }
    document.finish().map_err(|error| Fault::Failed(error.to_string()))
}

fn put(surface: &mut Surface<'_>, item: &Item, face: &Face, leaves: &mut [Vec<Identifier>]) -> Result<(), Fault> {
    match item {
        Item::Letters { x, y, size, text, leaf } => {
            let glyphs = face.glyphs(text)?;
            let tag = match leaf {
                Some(_) => ContentTag::Span(SpanTag::empty()),
                None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)),
            };
            let identifier = surface.start_tagged(tag);
            surface.draw_glyphs(Point::from_xy(*x, *y), &glyphs, face.font.clone(), text, *size, false);
            surface.end_tagged();
            if let Some(leaf) = leaf {
                leaves[*leaf].push(identifier);
            }
        }
        Item::Rule { x, y, length, is_strong } => {
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
            let mut path = PathBuilder::new();
            path.move_to(*x, *y);
            path.line_to(*x + *length, *y);
            let (grey, width) = if *is_strong { (60, 0.8) } else { (170, 0.4) };
            let stroke = Stroke { paint: luma::Color::new(grey).into(), width, ..Stroke::default() };
            surface.set_stroke(Some(stroke));
            surface.draw_path(&path.finish().expect("a line is a path"));
            surface.set_stroke(None);
            surface.end_tagged();
        }
    }
    Ok(())
}

/// The structure in its reading order.
fn tree(parts: &[Part], mut leaves: Vec<Vec<Identifier>>) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some("ja".to_owned()));
    let mut take = |leaf: &usize| std::mem::take(&mut leaves[*leaf]);
    for part in parts {
        match part {
            Part::Heading { level, text, leaf, .. } => {
                let level = NonZeroU16::new(u16::from(*level)).unwrap_or(NonZeroU16::MIN);
                tree.push(group(TagGroup::new(Tag::Hn(level, Some(text.clone()))), take(leaf)));
            }
            Part::Text { leaf } => tree.push(group(TagGroup::new(Tag::P), take(leaf))),
            Part::Table { caption, heads, rows, begins_with_heads } => {
                let summary = (!caption.is_empty()).then(|| caption.clone());
                let mut table = TagGroup::new(Tag::Table.with_summary(summary));
                if !heads.is_empty() {
                    let mut row = TagGroup::new(Tag::TR);
                    for leaf in heads {
                        row.push(group(TagGroup::new(Tag::TH(TableHeaderScope::Column)), take(leaf)));
                    }
                    let mut head = TagGroup::new(Tag::THead);
                    head.push(row);
                    table.push(head);
                }
                let mut body = TagGroup::new(Tag::TBody);
                for cells in rows {
                    let mut row = TagGroup::new(Tag::TR);
                    for (index, leaf) in cells.iter().enumerate() {
                        let cell = if *begins_with_heads && index == 0 {
                            TagGroup::new(Tag::TH(TableHeaderScope::Row))
                        } else {
                            TagGroup::new(Tag::TD)
                        };
                        row.push(group(cell, take(leaf)));
                    }
                    body.push(row);
                }
                table.push(body);
                tree.push(table);
            }
        }
    }
    tree
}

fn group(mut group: TagGroup, identifiers: Vec<Identifier>) -> TagGroup {
    for identifier in identifiers {
        group.push(identifier);
    }
    group
}

/// The chapters, as a reader's program lists them.
fn outline(parts: &[Part]) -> Outline {
    let mut outline = Outline::new();
    for part in parts {
        if let Part::Heading { level: 1 | 2, text, page, y, .. } = part {
            let place = XyzDestination::new(*page, Point::from_xy(0.0, *y));
            outline.push_child(OutlineNode::new(text.clone(), place));
        }
    }
    outline
}

fn embedded(attachment: &Attachment, at: Instant) -> EmbeddedFile {
    EmbeddedFile {
        path: attachment.name.to_owned(),
        mime_type: MimeType::new(attachment.media),
        description: Some(attachment.description.clone()),
        association_kind: AssociationKind::Source,
        data: attachment.bytes.clone().into(),
        modification_date: Some(date(at)),
        compress: Some(true),
        location: None,
    }
}

/// On a clock in Japan.
pub(super) fn date(at: Instant) -> DateTime {
    let ((year, month, day), (hour, minute, second)) = (at.day().ymd(), at.time_in_japan());
    DateTime::new(u16::try_from(year).unwrap_or_default())
        .month(month)
        .day(day)
        .hour(hour)
        .minute(minute)
        .second(second)
        .utc_offset_hour(9)
        .utc_offset_minute(0)
}
