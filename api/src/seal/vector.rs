//! Drawings as PDF: an SVG of shapes, put down as shapes, so that a printer draws edges and not pixels.

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Transform};
use krilla::mask::{Mask, MaskType};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{
    Fill, FillRule, LineCap, LineJoin, LinearGradient, Paint, RadialGradient, SpreadMethod, Stop, Stroke, StrokeDash,
};
use krilla::surface::Surface;
use krilla::tagging::{ContentTag, SpanTag, Tag, TagGroup, TagTree};
use krilla::{Document, SerializeSettings};
use resvg::usvg::{self, tiny_skia_path};

/// A point is 1/72 inch, and usvg counts 96 to the inch.
const POINTS: f32 = 0.75;

/// The drawing as the only thing on a page of its size, tagged as a figure that is called `title`. The same drawing
/// gives the same bytes.
pub fn pdf(svg: &str, title: &str, language: &str) -> Result<Vec<u8>, String> {
    let tree = usvg::Tree::from_str(svg, &usvg::Options::default()).map_err(|error| error.to_string())?;
    let (width, height) = (tree.size().width() * POINTS, tree.size().height() * POINTS);
    let mut document = Document::new_with(SerializeSettings::default());
    let mut page = document.start_page_with(PageSettings::from_wh(width, height).ok_or("a page without a size")?);
    let mut surface = page.surface();
    let identifier = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
    surface.push_transform(&Transform::from_scale(POINTS, POINTS));
    group(&mut surface, tree.root());
    surface.pop();
    surface.end_tagged();
    surface.finish();
    page.finish();
    let mut figure = TagGroup::new(Tag::Figure(Some(title.to_owned())));
    figure.push(identifier);
    let mut tags = TagTree::new().with_lang(Some(language.to_owned()));
    tags.push(figure);
    document.set_tag_tree(tags);
    document.set_metadata(Metadata::new().title(title.to_owned()).language(language.to_owned()));
    document.finish().map_err(|error| error.to_string())
}

/// Draws what a group of shapes shows.
pub(crate) fn group(surface: &mut Surface<'_>, group: &usvg::Group) {
    surface.push_transform(&transform(group.transform()));
    let mut pushed = 1;
    if let Some(clip) = group.clip_path() {
        pushed += clipped(surface, clip);
    }
    if let Some(mask) = group.mask() {
        pushed += masked(surface, mask);
    }
    if group.opacity().get() < 1.0 {
        surface.push_opacity(part(group.opacity().get()));
        surface.push_isolated();
        pushed += 2;
    }
    for child in group.children() {
        match child {
            usvg::Node::Group(inner) => self::group(surface, inner),
            usvg::Node::Path(path) => shape(surface, path),
            // No artwork with these is loaded.
            usvg::Node::Image(_) | usvg::Node::Text(_) => {}
        }
    }
    for _ in 0..pushed {
        surface.pop();
    }
}

fn clipped(surface: &mut Surface<'_>, clip: &usvg::ClipPath) -> usize {
    let mut builder = surface.stream_builder();
    let mut inner = builder.surface();
    let mut pushed = clip.clip_path().map_or(0, |outer| clipped(&mut inner, outer));
    inner.push_transform(&transform(clip.transform()));
    pushed += 1;
    group(&mut inner, clip.root());
    for _ in 0..pushed {
        inner.pop();
    }
    inner.finish();
    let stream = builder.finish();
    surface.push_mask(Mask::new(stream, MaskType::Alpha));
    1
}

fn masked(surface: &mut Surface<'_>, mask: &usvg::Mask) -> usize {
    let mut builder = surface.stream_builder();
    let mut inner = builder.surface();
    let mut pushed = mask.mask().map_or(0, |outer| masked(&mut inner, outer));
    let area = mask.rect();
    let mut path = PathBuilder::new();
    path.move_to(area.left(), area.top());
    path.line_to(area.right(), area.top());
    path.line_to(area.right(), area.bottom());
    path.line_to(area.left(), area.bottom());
    path.close();
    if let Some(path) = path.finish() {
        inner.push_clip_path(&path, &FillRule::NonZero);
        pushed += 1;
    }
    group(&mut inner, mask.root());
    for _ in 0..pushed {
        inner.pop();
    }
    inner.finish();
    let stream = builder.finish();
    let kind = match mask.kind() {
        usvg::MaskType::Luminance => MaskType::Luminosity,
        usvg::MaskType::Alpha => MaskType::Alpha,
    };
    surface.push_mask(Mask::new(stream, kind));
    1
}

fn shape(surface: &mut Surface<'_>, path: &usvg::Path) {
    let Some(outline) = outline(path.data()).filter(|_| path.is_visible()) else { return };
    let fill = path.fill().and_then(|fill| {
        let rule = match fill.rule() {
            usvg::FillRule::NonZero => FillRule::NonZero,
            usvg::FillRule::EvenOdd => FillRule::EvenOdd,
        };
        Some(Fill { paint: paint(fill.paint())?, opacity: part(fill.opacity().get()), rule })
    });
    let stroke = path.stroke().and_then(stroke);
    let passes = match path.paint_order() {
        usvg::PaintOrder::FillAndStroke => [(fill, None), (None, stroke)],
        usvg::PaintOrder::StrokeAndFill => [(None, stroke), (fill, None)],
    };
    for (fill, stroke) in passes {
        // Without either, krilla would fill with black.
        if fill.is_some() || stroke.is_some() {
            surface.set_fill(fill);
            surface.set_stroke(stroke);
            surface.draw_path(&outline);
        }
    }
    surface.set_fill(None);
    surface.set_stroke(None);
}

fn stroke(stroke: &usvg::Stroke) -> Option<Stroke> {
    Some(Stroke {
        paint: paint(stroke.paint())?,
        width: stroke.width().get(),
        miter_limit: stroke.miterlimit().get(),
        line_cap: match stroke.linecap() {
            usvg::LineCap::Butt => LineCap::Butt,
            usvg::LineCap::Round => LineCap::Round,
            usvg::LineCap::Square => LineCap::Square,
        },
        line_join: match stroke.linejoin() {
            usvg::LineJoin::Miter | usvg::LineJoin::MiterClip => LineJoin::Miter,
            usvg::LineJoin::Round => LineJoin::Round,
            usvg::LineJoin::Bevel => LineJoin::Bevel,
        },
        opacity: part(stroke.opacity().get()),
        dash: stroke.dasharray().map(|array| StrokeDash { array: array.to_vec(), offset: stroke.dashoffset() }),
    })
}

/// None for a pattern: no artwork with one is loaded.
fn paint(paint: &usvg::Paint) -> Option<Paint> {
    Some(match paint {
        usvg::Paint::Color(colour) => rgb::Color::new(colour.red, colour.green, colour.blue).into(),
        usvg::Paint::LinearGradient(from) => LinearGradient {
            x1: from.x1(),
            y1: from.y1(),
            x2: from.x2(),
            y2: from.y2(),
            transform: transform(from.transform()),
            spread_method: spread(from.spread_method()),
            stops: from.stops().iter().map(stop).collect(),
            anti_alias: false,
        }
        .into(),
        usvg::Paint::RadialGradient(from) => RadialGradient {
            cx: from.cx(),
            cy: from.cy(),
            cr: from.r().get(),
            fx: from.fx(),
            fy: from.fy(),
            fr: 0.0,
            transform: transform(from.transform()),
            spread_method: spread(from.spread_method()),
            stops: from.stops().iter().map(stop).collect(),
            anti_alias: false,
        }
        .into(),
        usvg::Paint::Pattern(_) => return None,
    })
}

fn stop(stop: &usvg::Stop) -> Stop {
    Stop {
        offset: part(stop.offset().get()),
        color: rgb::Color::new(stop.color().red, stop.color().green, stop.color().blue).into(),
        opacity: part(stop.opacity().get()),
    }
}

fn spread(method: usvg::SpreadMethod) -> SpreadMethod {
    match method {
        usvg::SpreadMethod::Pad => SpreadMethod::Pad,
        usvg::SpreadMethod::Reflect => SpreadMethod::Reflect,
        usvg::SpreadMethod::Repeat => SpreadMethod::Repeat,
    }
}

fn part(of_one: f32) -> NormalizedF32 {
    NormalizedF32::new(of_one).unwrap_or(NormalizedF32::ONE)
}

fn transform(from: usvg::Transform) -> Transform {
    Transform::from_row(from.sx, from.ky, from.kx, from.sy, from.tx, from.ty)
}

fn outline(path: &tiny_skia_path::Path) -> Option<Path> {
    use tiny_skia_path::PathSegment;
    let mut outline = PathBuilder::new();
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(to) => outline.move_to(to.x, to.y),
            PathSegment::LineTo(to) => outline.line_to(to.x, to.y),
            PathSegment::QuadTo(one, to) => outline.quad_to(one.x, one.y, to.x, to.y),
            PathSegment::CubicTo(one, two, to) => outline.cubic_to(one.x, one.y, two.x, two.y, to.x, to.y),
            PathSegment::Close => outline.close(),
        }
    }
    outline.finish()
}
