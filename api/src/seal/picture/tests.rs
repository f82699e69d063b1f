use std::fs;

use super::super::qr::tests::{assert_uniform_modules, link, phys};
use super::super::scan::scan_png;
use super::*;

const ID: &str = "04HMASW9";
const MINI_LINK: &str = "https://otasuketai.example/04HMASW9";

fn mark(kind: Kind, link: &str) -> Mark<'_> {
    Mark { kind, language: Language::Japanese, tone: Tone::Light, link, licence_id: ID, symbol_mm: 10.0 }
}

fn built_in() -> MarkAssets {
    MarkAssets::load(None).unwrap()
}

#[test]
fn both_kinds_read_back_at_300_and_600_dpi_on_the_pixel_grid() {
    let assets = built_in();
    for (kind, link, least_mm) in
        [(Kind::Full, link(30), 20.0), (Kind::Full, link(60), 22.0), (Kind::Mini, MINI_LINK.into(), 10.0)]
    {
        let mark = mark(kind, &link);
        let symbol = if kind == Kind::Full { Symbol::full(&link) } else { Symbol::mini(&link) }.unwrap();
        for (dpi, per_metre) in [(300, 11811), (600, 23622)] {
            let picture = assets.png(&mark, dpi).unwrap();
            assert!(picture.symbol_mm >= least_mm, "{}", picture.symbol_mm);
            assert_eq!(phys(&picture.png), Some((per_metre, per_metre)));
            let left = CLEAR_SPACE + symbol.side() + GAP;
            assert_uniform_modules(&picture.png, &symbol, picture.pixels_per_module, (left, CLEAR_SPACE));
            assert_eq!(scan_png(&picture.png), Ok(vec![link.clone()]));
            assert_eq!(assets.png(&mark, dpi).unwrap(), picture, "the same mark is the same picture");
        }
    }
}

/// In every language and on every ground, as pixels and as the shapes that a page is made of.
#[test]
fn every_look_reads_back_and_is_the_same_each_time() {
    let assets = built_in();
    let mut seen = std::collections::BTreeSet::new();
    for (kind, link) in [(Kind::Full, link(30)), (Kind::Mini, MINI_LINK.to_owned())] {
        for (language, tone) in [
            (Language::Japanese, Tone::Light),
            (Language::Japanese, Tone::Dark),
            (Language::English, Tone::Light),
            (Language::English, Tone::Dark),
        ] {
            let mark = Mark { language, tone, ..mark(kind, &link) };
            let png = assets.png(&mark, 300).unwrap().png;
            assert_eq!(scan_png(&png), Ok(vec![link.clone()]), "{mark:?}");
            let svg = assets.svg(&mark).unwrap();
            let tree = usvg::Tree::from_str(&svg, &usvg::Options::default()).unwrap();
            let scale = 300.0 / 96.0;
            let size = tree.size();
            let mut map = Pixmap::new((size.width() * scale) as u32, (size.height() * scale) as u32).unwrap();
            resvg::render(&tree, Transform::from_scale(scale, scale), &mut map.as_mut());
            let rows: Vec<u8> = map.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
            let drawn = png::encode(Ink::Colour, map.width(), map.height(), 300, &rows);
            assert_eq!(scan_png(&drawn), Ok(vec![link.clone()]), "{mark:?}");
            let pdf = assets.pdf(&mark).unwrap();
            assert!(pdf.starts_with(b"%PDF-") && assets.pdf(&mark).unwrap() == pdf, "{mark:?}");
            let corner = image::load_from_memory(&png).unwrap().into_rgb8().get_pixel(0, 0).0;
            assert_eq!(corner, if tone == Tone::Dark { [0x14, 0x22, 0x2f] } else { [255; 3] });
            seen.insert(png);
        }
    }
    assert_eq!(seen.len(), 8, "eight looks");
}

/// Without a drawing made for it, a dark ground gets the drawing on white; never the placeholder's beside the owner's.
#[test]
fn variants_are_the_owners_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let svg = |colour: &str| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' fill='{colour}' viewBox='0 0 60 60'>\
             <rect x='10' y='10' width='40' height='40'/></svg>"
        )
    };
    let put = |name: &str, colour: &str| fs::write(folder.path().join(name), svg(colour)).unwrap();
    let link = link(30);
    let drawn = |language, tone| {
        let assets = MarkAssets::load(Some(folder.path())).unwrap();
        assets.svg(&Mark { language, tone, ..mark(Kind::Full, &link) }).unwrap()
    };
    put("full-dark.svg", "#0f0");
    let alone = MarkAssets::load(Some(folder.path())).unwrap_err();
    assert_eq!(alone.fault, AssetFault::NoBase { base: "full.svg" });
    fs::remove_file(folder.path().join("full-dark.svg")).unwrap();
    put("full.svg", "#f00");
    let dark = drawn(Language::English, Tone::Dark);
    assert!(dark.contains("'#f00'") && dark.contains("M6 6h53v53h-53z"), "on white: {dark}");
    put("full-dark.svg", "#0f0");
    put("full-en.svg", "#00f");
    assert!(drawn(Language::English, Tone::Light).contains("'#00f'"));
    assert!(drawn(Language::Japanese, Tone::Light).contains("'#f00'"));
    let dark = drawn(Language::English, Tone::Dark);
    assert!(dark.contains("'#0f0'") && !dark.contains("M6 6h53v53h-53z"), "{dark}");
}

#[test]
fn the_vector_picture_is_in_millimetres_and_draws_artwork_letters_and_symbol() {
    let link = link(30);
    let svg = built_in().svg(&mark(Kind::Full, &link)).unwrap();
    // 120 modules of 20 mm / 53.
    assert!(svg.contains("width=\"45.2830mm\""), "{svg}");
    assert!(svg.contains("<title>otasuketai.example 04HMASW9</title>"), "{svg}");
    let tree = usvg::Tree::from_str(&svg, &usvg::Options::default()).unwrap();
    assert!((tree.size().width() / 96.0 * 25.4 - 45.283).abs() < 0.001);
    let mut map = Pixmap::new(tree.size().width() as u32, tree.size().height() as u32).unwrap();
    resvg::render(&tree, Transform::identity(), &mut map.as_mut());
    assert!(map.pixels().iter().all(|pixel| pixel.alpha() == 255), "white ground, whatever it is laid on");
    assert!(!svg.contains("<text") && !svg.contains("href"));
    assert!(svg.len() < 48_000, "{}", svg.len());
}

#[test]
fn a_size_below_the_least_is_raised_and_a_large_mini_mark_refused() {
    let (assets, full) = (built_in(), link(60));
    let at = |kind, link, symbol_mm| assets.png(&Mark { symbol_mm, ..mark(kind, link) }, 1200).map(|p| p.symbol_mm);
    assert!((22.0..23.0).contains(&at(Kind::Full, &full, 5.0).unwrap()));
    assert!((30.0..31.0).contains(&at(Kind::Full, &full, 30.0).unwrap()));
    assert!((10.0..10.5).contains(&at(Kind::Mini, MINI_LINK, 1.0).unwrap()));
    assert!((19.0..20.0).contains(&at(Kind::Mini, MINI_LINK, 19.0).unwrap()));
    assert_eq!(at(Kind::Mini, MINI_LINK, 20.0), Err(PictureError::NotMini { symbol_mm: 20.0 }));
}

#[test]
fn what_cannot_be_set_in_letters_is_refused() {
    let assets = built_in();
    let refused = |link: &str| assets.svg(&mark(Kind::Mini, link)).unwrap_err();
    assert_eq!(refused("https://愛知.example/1"), PictureError::NoGlyph { letter: '愛' });
    assert_eq!(refused("https://a_b.example/1"), PictureError::NoGlyph { letter: '_' });
    assert_eq!(refused("otasuketai.example/1"), PictureError::NoHost);
    assert_eq!(refused("https:///1"), PictureError::NoHost);
    assert_eq!(refused(&"m".repeat(43)), PictureError::Symbol(QrError::TooLong { bytes: 43 }));
    let host = format!("{}.example", "a".repeat(100));
    let digits = "1".repeat(200);
    let long = assets.svg(&mark(Kind::Full, &format!("https://{host}/{digits}"))).unwrap_err();
    assert!(matches!(long, PictureError::LineTooLong { em_mm, .. } if em_mm < LEAST_EM_MM), "{long}");
}

#[test]
fn a_dropped_in_drawing_replaces_the_placeholder() {
    let folder = tempfile::tempdir().unwrap();
    let red = "<svg xmlns='http://www.w3.org/2000/svg' fill='#f00' width='9mm' height='9mm' viewBox='10 10 50 50'>\
               <!-- by its owner --><rect x='20' y='20' width='30' height='30'/></svg>";
    fs::write(folder.path().join("full.svg"), red).unwrap();
    fs::write(folder.path().join("README.md"), "how to").unwrap();
    let assets = MarkAssets::load(Some(folder.path())).unwrap();
    let link = link(30);
    let picture = assets.png(&mark(Kind::Full, &link), 300).unwrap();
    let pixels = image::load_from_memory(&picture.png).unwrap().into_rgb8();
    // The middle of the artwork is red, its edge is not: the drawing was put into its place by its viewBox.
    assert_eq!(pixels.get_pixel(30 * 5, 30 * 5).0, [255, 0, 0]);
    assert_eq!(pixels.get_pixel(6 * 5, 6 * 5).0, [255; 3]);
    assert_eq!(scan_png(&picture.png), Ok(vec![link.clone()]));
    let mini = mark(Kind::Mini, MINI_LINK);
    assert_eq!(assets.png(&mini, 300).unwrap(), built_in().png(&mini, 300).unwrap());
}

fn svg(root: &str, inner: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" {root}>\n{inner}</svg>"
    )
}

const SQUARE: &str = "viewBox=\"0 0 100 100\"";
const INSIDE: &str = "<rect x=\"2\" y=\"2\" width=\"96\" height=\"96\"/>";

fn fault(name: &str, content: &str) -> AssetFault {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, content).unwrap();
    let error = MarkAssets::load(Some(folder.path())).unwrap_err();
    assert_eq!(error.file, file, "the error names the file");
    assert!(error.to_string().contains(name));
    error.fault
}

#[test]
fn a_drawing_must_be_square_and_keep_its_edge_clear() {
    for root in
        ["", "viewBox=\"0 0 100 101\"", "viewBox=\"0 0 0 0\"", "viewBox=\"0 0 100\"", "width=\"9\" height=\"9\""]
    {
        assert_eq!(fault("mini.svg", &svg(root, INSIDE)), AssetFault::NotSquare, "{root}");
    }
    let edge = |inner| match fault("full.svg", &svg(SQUARE, inner)) {
        AssetFault::ClearSpace { percent } => percent,
        other => panic!("{other:?}"),
    };
    assert!((edge("<rect x=\"1\" y=\"5\" width=\"90\" height=\"90\"/>") - 1.0).abs() < 0.01);
    assert!((edge("<rect x=\"5\" y=\"5\" width=\"90\" height=\"97\"/>") + 2.0).abs() < 0.01);
    // A stroke counts as drawn: 2 clear, less half of its width.
    assert!((edge(&format!("<g stroke=\"#000\" stroke-width=\"1\">{INSIDE}</g>")) - 1.5).abs() < 0.01);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("full.svg"), svg(SQUARE, INSIDE)).unwrap();
    assert!(MarkAssets::load(Some(folder.path())).is_ok());
}

#[test]
fn a_drawing_can_only_be_looked_at() {
    for (inner, expected) in [
        ("<script>alert(1)</script>", "<script>"),
        ("<text x=\"9\" y=\"9\">mark</text>", "<text>"),
        ("<image href=\"x.png\"/>", "<image>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<svg/>", "<svg>"),
        ("<g onclick=\"f()\"/>", "onclick=\"f()\""),
        ("<use href=\"https://elsewhere.example/#a\"/>", "href=\"https://elsewhere.example/#a\""),
        ("<use xlink:href=\"other.svg#a\"/>", "href=\"other.svg#a\""),
        ("<rect fill=\"url(https://elsewhere.example/#a)\"/>", "fill=\"url(https://elsewhere.example/#a)\""),
        ("<rect style=\"fill:url( 'other.svg#a')\"/>", "style=\"fill:url( 'other.svg#a')\""),
        ("<style>@import 'x.css';</style>", "a style that reaches outside"),
        ("<other xmlns=\"urn:x\"/>", "<other>"),
    ] {
        let what = expected.to_owned();
        assert_eq!(fault("full.svg", &svg(SQUARE, inner)), AssetFault::Forbidden { what, line: 2 }, "{inner}");
    }
    let harmless = "<defs><linearGradient id=\"a\"><stop/></linearGradient></defs><style>.b{fill:url(#a)}</style>\
                    <g id=\"c\"><path class=\"b\" d=\"M5 5h9v9z\"/></g><use xlink:href=\"#c\" x=\"9\"/>";
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("full.svg"), svg(SQUARE, harmless)).unwrap();
    let assets = MarkAssets::load(Some(folder.path())).unwrap();
    assert!(assets.png(&mark(Kind::Full, &link(30)), 300).is_ok());
}

#[test]
fn damaged_files_and_strange_names_are_refused_by_name() {
    assert_eq!(fault("full.svg", "<svg"), AssetFault::NotSvg { line: 1 });
    assert_eq!(fault("full.svg", "<!DOCTYPE svg [<!ENTITY a 'b'>]>\n<svg>&a;</svg>"), AssetFault::NotSvg { line: 1 });
    assert_eq!(fault("mini.svg", &" ".repeat(1024 * 1024 + 1)), AssetFault::TooLarge { bytes: 1024 * 1024 + 1 });
    assert_eq!(fault("ful.svg", ""), AssetFault::UnknownName);
    assert_eq!(fault("letters.json", "{}"), AssetFault::NotLetters { line: 1 });
    let glyphs = |d: &str| format!("{{\"units_per_em\":1000,\"glyphs\":{{\"読\":{{\"advance\":1,\"d\":\"{d}\"}}}}}}");
    assert_eq!(fault("letters.json", &glyphs("M0 0z")), AssetFault::NoGlyph { letter: 'み' });
    assert_eq!(fault("letters.json", &glyphs("'/><script>")), AssetFault::NotLetters { line: 1 });
    let missing = MarkAssets::load(Some(std::path::Path::new("no-such-folder"))).unwrap_err();
    assert_eq!(missing.fault, AssetFault::Unreadable(std::io::ErrorKind::NotFound));
}
