//! The offline page in a real browser: it keeps what it needs, answers with the network cut, and sends no mark anywhere.

use std::fs;
use std::path::Path;

use image::imageops::{FilterType, overlay, resize};
use image::{GrayImage, ImageFormat, Luma};
use serde_json::{Value, json};
use tests::{Browser, Demonstration, Tap};

/// The answer that the page shows: the name of its template, and the holder.
pub const SHOWN: &str = "
    const shown = document.querySelector('[data-part=answer] h2')?.textContent;
    const template = [...document.querySelectorAll('template[data-answer]')]
        .find(template => template.content.querySelector('h2').textContent === shown
            && document.querySelector('[data-part=answer]').textContent.includes(template.content.querySelector('.told > p:not(.who)').textContent));
    return [template?.dataset.answer ?? '', document.querySelector('[data-part=answer] .who')?.textContent ?? ''];";

/// Opens the page and waits until it has what it keeps.
pub fn open(browser: &Browser, page: &str) {
    browser.open(page);
    browser.wait_until("return document.documentElement.dataset.ready === 'yes'");
    browser.wait_until(
        "return navigator.serviceWorker.getRegistrations()
            .then(all => all.length === 2 && all.every(one => one.active?.state === 'activated'))",
    );
}

/// Pastes a link; the answer's name and the holder.
#[track_caller]
pub fn check(browser: &Browser, link: &str) -> Value {
    browser.run("document.querySelector('[data-part=answer]').replaceChildren()");
    browser.type_into(&browser.find("//textarea"), link);
    browser.click("//button[@data-part='check']");
    browser.wait_until("return document.querySelector('[data-part=answer] h2') !== null");
    browser.run(SHOWN)
}

fn port(base: &str) -> u16 {
    base.rsplit(':').next().and_then(|port| port.parse().ok()).expect("an address ends with its port")
}

#[test]
fn it_answers_with_the_network_cut_and_sends_no_mark_anywhere() {
    let demo = Demonstration::start();
    let marks = demo.marks();
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let picture = folder.path().join("mark.png");
    let png = demo.client().get(&marks[0].png).send().body;
    fs::write(&picture, &png).expect("the folder is ours");
    let film = folder.path().join("film.y4m");
    fs::write(&film, film_of(&png)).expect("the folder is ours");

    let tap = Tap::on(port(demo.client().base()));
    let browser = Browser::with_camera(&film);
    let page = format!("{}/offline", tap.base());
    open(&browser, &page);
    assert!(tap.said().contains("GET /status/bundle "), "it fetched what it needs:\n{}", tap.said());
    // It installs: Chromium finds nothing amiss.
    let amiss = browser.installability();
    assert_eq!(amiss, json!([]), "{amiss}");
    let valid = |holder: &str| json!(["valid", holder]);
    assert_eq!(check(&browser, &marks[1].link), valid(&marks[1].holder), "with the network, too");

    tap.cut();
    drop(demo);
    for (path, language) in [("/offline", "ja"), ("/en/offline", "en")] {
        browser.open(&format!("{}{path}", tap.base()));
        browser.wait_until("return document.documentElement.dataset.ready === 'yes'");
        assert_eq!(browser.run("return document.documentElement.lang"), language);
        for mark in &marks {
            assert_eq!(check(&browser, &mark.link), valid(&mark.holder), "{path}");
        }
        let forged = altered(&marks[0].link);
        assert_eq!(check(&browser, &forged), json!(["not_ours altered", ""]), "{path}");
        let words = browser.words();
        assert!(!words.contains(&marks[0].holder), "nothing of a forged code is repeated: {words}");
        assert_eq!(check(&browser, &marks[0].licence), json!(["unknown mini_mark", ""]), "{path}");
    }
    let read = |how: &str| {
        browser.wait_until("return document.querySelector('[data-part=answer] h2') !== null");
        assert_eq!(browser.run(SHOWN), valid(&marks[0].holder), "{how}");
        browser.run("document.querySelector('[data-part=answer]').replaceChildren()");
    };
    browser.run("document.querySelector('[data-part=answer]').replaceChildren()");
    browser.choose_file(&browser.find("//input[@type='file']"), &picture);
    read("a picture");
    browser.click("//button[@data-part='start']");
    read("the camera");
    assert_eq!(browser.run("return document.querySelector('video').srcObject.active"), false, "the camera is off");
    let digits = marks[0].link.rsplit('/').next().expect("a last part");
    browser.open(&format!("{}/offline#{digits}", tap.base()));
    read("a fragment");
    assert_eq!(browser.run("return location.href"), page, "the fragment does not stay in the address");

    let said = tap.said();
    assert!(said.len() > 1_000, "the wire remembers");
    for mark in &marks {
        let digits = mark.link.rsplit('/').next().expect("a last part");
        let parts = (0..digits.len() - 16).step_by(16).map(|at| &digits[at..at + 16]);
        assert!(parts.chain([&*mark.licence]).all(|part| !said.contains(part)), "a request carries a mark");
    }
    assert_eq!(kept_texts(&browser, digits), json!([]), "nor is one kept");
}

/// Where in what the page keeps on the device the digits stand.
fn kept_texts(browser: &Browser, digits: &str) -> Value {
    let script = "
        const found = [];
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
                const text = request.url + await (await cache.match(request)).text();
                if (text.includes('DIGITS')) found.push(request.url);
            }
        }
        if (JSON.stringify({ ...localStorage, ...sessionStorage }).includes('DIGITS')) found.push('storage');
        return found;";
    browser.run(&format!("return (async () => {{ {} }})()", script.replace("DIGITS", &digits[..16])))
}

/// The link with its last digit changed: in the signature.
fn altered(link: &str) -> String {
    let mut link = link.to_owned();
    let last = link.pop().expect("a digit");
    link.push(if last == '1' { '2' } else { '1' });
    link
}

/// A film of one frame, the picture in the middle of a grey table.
fn film_of(png: &[u8]) -> Vec<u8> {
    const SIZE: (u32, u32) = (1280, 960);
    let picture = image::load_from_memory_with_format(png, ImageFormat::Png).expect("a PNG").into_luma8();
    let scale = f64::from(SIZE.1 - 60) / f64::from(picture.height().max(picture.width()));
    let scaled = |side: u32| (f64::from(side) * scale) as u32;
    let picture = resize(&picture, scaled(picture.width()), scaled(picture.height()), FilterType::Triangle);
    let mut frame = GrayImage::from_pixel(SIZE.0, SIZE.1, Luma([150]));
    overlay(&mut frame, &picture, i64::from(SIZE.0 - picture.width()) / 2, 30);
    let mut film = format!("YUV4MPEG2 W{} H{} F10:1 Ip A1:1 C420jpeg\n", SIZE.0, SIZE.1).into_bytes();
    for _ in 0..2 {
        film.extend_from_slice(b"FRAME\n");
        film.extend_from_slice(frame.as_raw());
        film.extend(std::iter::repeat_n(128u8, (SIZE.0 * SIZE.1 / 2) as usize));
    }
    film
}

/// The published vectors, by the page's own modules.
#[test]
fn the_published_vectors_have_their_answers_in_a_browser() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/examples/mark/vectors.json");
    let vectors: Value = serde_json::from_str(&fs::read_to_string(file).expect("it is published")).expect("JSON");
    let demo = Demonstration::start();
    let browser = Browser::start(true);
    browser.open(&format!("{}/offline", demo.client().base()));
    let script = format!(
        "return (async () => {{
            const vectors = {vectors};
            const [{{ read }}, {{ answer }}] = await Promise.all([import('/offline/knowledge.js'), import('/offline/answer.js')]);
            const answers = [];
            for (const {{ name, link, list, now }} of vectors.cases) {{
                const known = await read(vectors.jwks, {{ lists: list ? [vectors.lists[list].jwt] : [] }});
                const found = await answer(link, known, Date.parse(now) / 1000);
                answers.push([name, found.answer, found.why]);
            }}
            return answers;
        }})()"
    );
    let expected: Vec<Value> = vectors["cases"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|case| json!([case["name"], case["answer"], case["why"]]))
        .collect();
    assert_eq!(browser.run(&script), json!(expected));
}
