//! One piece of artwork: an SVG drawing that can be set into another one and can do nothing but be looked at.

use std::fmt::Write;

use resvg::usvg::{self, Rect, roxmltree};
use roxmltree::{Attribute, Document, Node};

use super::assets::AssetFault;

/// What a drawing may consist of. No text (it would need a font), no picture, no script, no other document.
const ELEMENTS: [&str; 19] = [
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "g",
    "line",
    "linearGradient",
    "mask",
    "path",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "style",
    "symbol",
    "title",
    "use",
];
const SVG: &str = "http://www.w3.org/2000/svg";
/// Of its side, on every side.
const CLEAR_PERCENT: f64 = 2.0;

/// A checked drawing with a square viewBox.
#[derive(Clone, Debug)]
pub(super) struct Art {
    /// The root's attributes and namespaces but for its place and size, as source text.
    attributes: String,
    /// What stands between the root's tags.
    inner: String,
}

impl Art {
    pub(super) fn read(svg: &str) -> Result<Self, AssetFault> {
        let document = Document::parse(svg).map_err(|e| AssetFault::NotSvg { line: e.pos().row })?;
        let root = document.root_element();
        for node in root.descendants() {
            check(node)?;
        }
        if !is_square(root.attribute("viewBox").unwrap_or_default()) {
            return Err(AssetFault::NotSquare);
        }
        let tree = usvg::Tree::from_xmltree(&document, &usvg::Options::default());
        let tree = tree.map_err(|_| AssetFault::NotSvg { line: 1 })?;
        let percent = clear_percent(tree.root().abs_stroke_bounding_box(), tree.size());
        if percent < CLEAR_PERCENT - 0.01 {
            return Err(AssetFault::ClearSpace { percent });
        }
        Ok(Self { attributes: attributes(root, svg), inner: inner(root, svg).into() })
    }

    /// SVG that shows the drawing as a square of `side` at (`left`, `top`).
    pub(super) fn placed(&self, left: f64, top: f64, side: f64) -> String {
        let Self { attributes, inner } = self;
        format!("<svg x=\"{left}\" y=\"{top}\" width=\"{side}\" height=\"{side}\"{attributes}>{inner}</svg>\n")
    }
}

fn check(node: Node<'_, '_>) -> Result<(), AssetFault> {
    let forbidden = |what: String| {
        let line = node.document().text_pos_at(node.range().start).row;
        Err(AssetFault::Forbidden { what, line })
    };
    let name = node.tag_name();
    let is_drawing = name.namespace() == Some(SVG) && (ELEMENTS.contains(&name.name()) || is_root(node));
    if node.is_element() && !is_drawing {
        return forbidden(format!("<{}>", name.name()));
    }
    if node.is_pi() {
        return forbidden("a processing instruction".into());
    }
    if name.name() == "style" && !node.text().is_none_or(is_self_contained) {
        return forbidden("a style that reaches outside".into());
    }
    match node.attributes().find(|attribute| !is_harmless(attribute)) {
        Some(attribute) => forbidden(format!("{}=\"{}\"", attribute.name(), attribute.value())),
        None => Ok(()),
    }
}

fn is_root(node: Node<'_, '_>) -> bool {
    node.tag_name().name() == "svg" && node == node.document().root_element()
}

fn is_harmless(attribute: &Attribute<'_, '_>) -> bool {
    match attribute.name() {
        "href" => attribute.value().starts_with('#'),
        name => !name.starts_with("on") && is_self_contained(attribute.value()),
    }
}

/// No style sheet pulled in, no address but that of a part of the same drawing.
fn is_self_contained(css: &str) -> bool {
    let addresses = css.split("url(").skip(1).map(|rest| rest.trim_start_matches([' ', '"', '\'']));
    !css.contains(['@', '\\']) && { addresses }.all(|address| address.starts_with('#'))
}

fn is_square(view_box: &str) -> bool {
    let numbers: Vec<f64> =
        view_box.split([' ', ',']).filter(|word| !word.is_empty()).map_while(|word| word.parse().ok()).collect();
    matches!(numbers[..], [_, _, width, height] if width > 0.0 && width == height)
}

/// The narrowest margin around what is drawn, in hundredths of the drawing's side.
fn clear_percent(drawn: Rect, size: usvg::Size) -> f64 {
    let across = [drawn.left() / size.width(), 1.0 - drawn.right() / size.width()];
    let down = [drawn.top() / size.height(), 1.0 - drawn.bottom() / size.height()];
    across.into_iter().chain(down).fold(f64::INFINITY, |least, margin| least.min(f64::from(margin) * 100.0))
}

fn attributes(root: Node<'_, '_>, svg: &str) -> String {
    let mut kept = String::new();
    for namespace in root.namespaces().filter(|namespace| namespace.uri() != "http://www.w3.org/XML/1998/namespace") {
        let name = namespace.name().map(|prefix| format!(":{prefix}")).unwrap_or_default();
        let uri = namespace.uri().replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        let _infallible = write!(kept, " xmlns{name}=\"{uri}\"");
    }
    let placing = ["x", "y", "width", "height", "version", "role"];
    for attribute in root.attributes().filter(|attribute| !placing.contains(&attribute.name())) {
        kept.push(' ');
        kept += &svg[attribute.range()];
    }
    kept
}

fn inner<'a>(root: Node<'_, '_>, svg: &'a str) -> &'a str {
    match (root.first_child(), root.last_child()) {
        (Some(first), Some(last)) => &svg[first.range().start..last.range().end],
        _ => "",
    }
}
