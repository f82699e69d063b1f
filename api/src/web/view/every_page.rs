//! What holds for every page, checked on every sample.

mod markup;

use std::collections::{BTreeMap, BTreeSet};

use domain::text::Language;

use super::samples::{HOSTILE, Sample, TOO_LATE, all};
use markup::{Tag, read, words};

const DESK: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/desk.css"));
const STYLESHEET: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/site.css"));
const ICON: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/icon.svg"));
const TOKENS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/design-tokens/tokens.css"));

/// Runs `check` on every sample and says which pages fail.
fn on_every_page(check: impl Fn(&Sample, &[Tag]) -> Vec<String>) {
    let mut failures = Vec::new();
    for sample in all() {
        let tags = read(&sample.html).unwrap_or_else(|wrong| panic!("{}: {wrong}", sample.name));
        let found = check(&sample, &tags);
        failures.extend(found.into_iter().map(|wrong| format!("{} ({:?}): {wrong}", sample.name, sample.language)));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn named<'a>(tags: &'a [Tag], name: &'a str) -> impl Iterator<Item = &'a Tag> {
    tags.iter().filter(move |tag| tag.name == name && !tag.is_end)
}

#[test]
fn language_title_and_one_heading() {
    on_every_page(|sample, tags| {
        let mut wrong = Vec::new();
        let lang = if sample.language == Language::Ja { "ja" } else { "en" };
        if named(tags, "html").next().and_then(|html| html.get("lang")) != Some(lang) {
            wrong.push(format!("html lang is not {lang}"));
        }
        // What a template holds is not shown beside the rest.
        let shown = tags.split(|tag| tag.name == "template").next().unwrap_or_default();
        if named(shown, "h1").count() != 1 {
            wrong.push("not exactly one h1".to_owned());
        }
        let title = words(&sample.html, "title").unwrap_or_default();
        let begins = title.starts_with("エラー：") || title.starts_with("Error: ");
        if begins != sample.is_refused || title.starts_with(' ') {
            wrong.push(format!("title: {title}"));
        }
        wrong
    });
}

#[test]
fn nothing_inline_and_nothing_from_elsewhere() {
    on_every_page(|_, tags| {
        let mut wrong = Vec::new();
        for tag in tags.iter().filter(|tag| !tag.is_end) {
            let is_file = |src: &str| ["/static/", "/offline/"].iter().any(|folder| src.starts_with(folder));
            let is_ours = tag.name == "script" && tag.get("src").is_some_and(is_file);
            if matches!(tag.name.as_str(), "script" | "style" | "iframe" | "object" | "base") && !is_ours {
                wrong.push(format!("<{}>", tag.name));
            }
            for (name, value) in &tag.attributes {
                let is_kept = value.starts_with(['/', '#', '?'])
                    || name == "src" && value.starts_with("data:image/svg+xml;base64,")
                    // An authenticator app of this device; nobody else is asked.
                    || name == "href" && value.starts_with("otpauth:");
                let leaves = matches!(name.as_str(), "href" | "src" | "action") && !is_kept;
                if name == "style" || name.starts_with("on") || leaves || value.starts_with("//") {
                    wrong.push(format!("<{} {name}=\"{value}\">", tag.name));
                }
            }
        }
        wrong
    });
}

#[test]
fn hostile_names_are_escaped_and_no_template_is_left_over() {
    on_every_page(|sample, _| {
        let leftovers = [HOSTILE, "alert(\"", "{{", "}}", "{%", "%}", "{#", "&amp;lt;", "None", "Some("];
        leftovers.iter().filter(|text| sample.html.contains(**text)).map(|text| format!("holds {text}")).collect()
    });
    let held = all().iter().filter(|sample| sample.html.contains("&#60;script&#62;")).count();
    assert!(held > 15, "hostile names were on {held} pages");
}

#[test]
fn ids_are_unique_and_what_is_pointed_at_is_there() {
    on_every_page(|_, tags| {
        let mut wrong = Vec::new();
        let mut ids = BTreeSet::new();
        for id in tags.iter().filter_map(|tag| tag.get("id")) {
            if !ids.insert(id) {
                wrong.push(format!("id {id} twice"));
            }
        }
        for tag in tags {
            let lists = ["for", "aria-describedby", "aria-labelledby"].iter().filter_map(|name| tag.get(name));
            let anchor = tag.get("href").and_then(|href| href.strip_prefix('#'));
            for id in lists.flat_map(str::split_whitespace).chain(anchor) {
                if !ids.contains(id) {
                    wrong.push(format!("<{}> points at {id}", tag.name));
                }
            }
        }
        wrong
    });
}

#[test]
fn every_control_has_a_label_and_every_group_a_legend() {
    on_every_page(|_, tags| {
        let labelled: BTreeSet<&str> = named(tags, "label").filter_map(|label| label.get("for")).collect();
        let mut wrong = Vec::new();
        for (index, tag) in tags.iter().enumerate().filter(|(_, tag)| !tag.is_end) {
            let is_control =
                matches!(tag.name.as_str(), "input" | "select" | "textarea") && tag.get("type") != Some("hidden");
            if is_control && !tag.get("id").is_some_and(|id| labelled.contains(id)) {
                wrong.push(format!("no label: {:?}", tag.attributes));
            }
            if tag.name == "fieldset" && tags.get(index + 1).is_none_or(|next| next.name != "legend") {
                wrong.push("a fieldset without legend".to_owned());
            }
            if tag.name == "th" && tag.get("scope").is_none() {
                wrong.push("a th without scope".to_owned());
            }
            if tag.get("disabled").is_some() {
                wrong.push(format!("disabled <{}>", tag.name));
            }
        }
        wrong
    });
}

/// Whoever is signed in can sign out from where they are.
#[test]
fn signing_out_is_on_every_page_of_somebody_signed_in() {
    const BEFORE: [&str; 12] = [
        "/sign-in",
        "/en/sign-in",
        "/invitation/",
        "/verify",
        "/en/verify",
        "/verify/many",
        "/en/verify/many",
        "/unsubscribe/",
        "/valid-on",
        "/en/valid-on",
        "/complaint",
        "/en/complaint",
    ];
    let mut count = 0;
    for sample in all() {
        let tags = read(&sample.html).expect("read before");
        let actions: Vec<&str> = named(&tags, "form").filter_map(|form| form.get("action")).collect();
        let is_known = named(&tags, "a").any(|link| link.get("href") == Some("/account"));
        let acts = actions.iter().any(|action| !BEFORE.iter().any(|before| action.starts_with(before)));
        let posts = named(&tags, "form").any(|form| form.get("method") == Some("post"));
        if is_known || acts && posts {
            count += 1;
            assert!(actions.contains(&"/sign-out"), "{} ({:?}): no way to sign out", sample.name, sample.language);
        }
    }
    assert!(count > 40, "{count} pages");
}

/// A password is not seen by whoever looks on, and a password manager knows which is which; nothing forbids pasting.
#[test]
fn passwords_are_hidden_and_can_be_filled_in() {
    let mut seen = BTreeSet::new();
    for sample in all() {
        let tags = read(&sample.html).expect("read before");
        for input in named(&tags, "input") {
            let name = input.get("name").unwrap_or_default();
            let filled = input.get("autocomplete").unwrap_or_default();
            let expected = match (name, sample.name.as_str()) {
                ("old", _) | ("password", "sign-in" | "sign-in-wrong") => "current-password",
                ("password" | "again", _) => "new-password",
                _ => {
                    assert!(!filled.ends_with("-password"), "{}: {name} is a password", sample.name);
                    continue;
                }
            };
            assert_eq!((input.get("type"), filled), (Some("password"), expected), "{}: {name}", sample.name);
            seen.insert(format!("{name} {expected}"));
        }
    }
    let all_kinds =
        ["again new-password", "old current-password", "password current-password", "password new-password"];
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), all_kinds);
    for script in [include_str!("../../../static/passkey.js"), include_str!("../../../static/session.js")] {
        for word in ["paste", "clipboard", "keydown", "keypress", "beforeinput"] {
            assert!(!script.contains(word), "the script listens for {word}");
        }
    }
}

/// Does this path lead to what has no versions, or to what can be done once only?
fn is_without_state(action: &str) -> bool {
    const PATHS: [&str; 16] = [
        "/sign-in",
        "/en/sign-in",
        "/sign-out",
        "/verify",
        "/en/verify",
        "/verify/many",
        "/en/verify/many",
        "/valid-on",
        "/en/valid-on",
        "/complaint/progress",
        "/en/complaint/progress",
        "/complaint/erasure",
        "/en/complaint/erasure",
        "/organisations",
        "/drafts",
        "/webhooks",
    ];
    const FOLDERS: [&str; 7] =
        ["/sign-in/", "/en/sign-in/", "/invitation/", "/account/", "/inbox/", "/unsubscribe/", "/webhooks/"];
    let is_once = action.starts_with("/proposals/") && action.ends_with("/confirm")
        || action.starts_with("/api-keys/") && action.ends_with("/end")
        || action.starts_with("/complaints/") && action.ends_with("/erasure");
    is_once || PATHS.contains(&action) || FOLDERS.iter().any(|folder| action.starts_with(folder))
}

/// Required or not stands in words beside every question of a form that changes something, and the form says which
/// version it was made from.
#[test]
fn forms_say_what_is_required_and_what_they_change() {
    on_every_page(|sample, _| {
        let mut wrong = Vec::new();
        for form in sample.html.split("<form ").skip(1).filter(|form| form.starts_with("method=\"post\"")) {
            let form = form.split("</form>").next().unwrap_or_default();
            for (opening, named_by) in [("<div class=\"field", "label"), ("<fieldset class=\"field", "legend")] {
                for field in form.split(opening).skip(1) {
                    let label = words(field, named_by).unwrap_or_default();
                    if !["※必須", "※任意", "(required)", "(optional)"].iter().any(|need| label.contains(need)) {
                        wrong.push(format!("not said whether required: {label}"));
                    }
                }
            }
            let action = form.split("action=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
            let is_told = form.contains("name=\"version\"") || form.contains("name=\"key\"");
            if !is_told && !is_without_state(action) {
                wrong.push(format!("no version: {}", form.lines().next().unwrap_or_default()));
            }
        }
        wrong
    });
}

/// An error is announced by its control, and the summary leads to it.
#[test]
fn errors_are_tied_to_their_fields() {
    on_every_page(|sample, tags| {
        let mut wrong = Vec::new();
        // A status says itself when it changes.
        let is_error = |tag: &&Tag| tag.get("class") == Some("error") && tag.get("role") != Some("status");
        for error in tags.iter().filter(is_error) {
            let id = error.get("id").unwrap_or_default();
            let describes =
                |tag: &&Tag| tag.get("aria-describedby").is_some_and(|ids| ids.split(' ').any(|one| one == id));
            if !tags.iter().any(|tag| describes(&tag)) {
                wrong.push(format!("error {id} describes nothing"));
            }
            if !sample.html.contains(&format!("id=\"{id}\">＊")) {
                wrong.push(format!("error {id} does not begin with ＊"));
            }
        }
        wrong
    });
}

/// Whoever was second is told so above everything else, and what they typed is there to be copied.
#[test]
fn a_form_that_came_too_late_says_so_and_keeps_what_was_typed() {
    let late: Vec<Sample> = all().into_iter().filter(|sample| sample.name.contains("-late-")).collect();
    assert_eq!(late.len(), 2 * 2 + 9);
    for Sample { name, html, .. } in late {
        let (_, summary) = html.split_once("role=\"alert\"").unwrap_or_else(|| panic!("{name} has no summary"));
        assert!(summary.contains(TOO_LATE), "{name} does not say why");
        let (_, kept) = summary.split_once("id=\"leftover\"").unwrap_or_else(|| panic!("{name} keeps nothing"));
        let (kept, _) = kept.split_once("</section>").unwrap();
        assert!(kept.contains("&#60;script&#62;"), "{name} keeps not what was typed: {kept}");
    }
}

/// A day that cannot be read is told of at the head of the page, in the reader's language.
#[test]
fn a_wrong_day_is_told_above_everything_else() {
    for (language, words) in [(Language::Ja, "この日付はありません。"), (Language::En, "There is no such day.")]
    {
        let is_it = |sample: &Sample| sample.name == "registration-day-wrong" && sample.language == language;
        let sample = all().into_iter().find(is_it).expect("a sample");
        let (_, summary) = sample.html.split_once("role=\"alert\"").expect("a summary");
        assert!(summary.contains(&format!("<a href=\"#year\">{words}</a>")), "{words}");
    }
}

/// A licence's own form says what is wrong with ending it, and stands open.
#[test]
fn a_refused_end_stands_at_its_licence() {
    for sample in all().iter().filter(|sample| sample.name == "registration-end-wrong") {
        let (_, open) = sample.html.split_once("<details open>").expect("the form is unfolded");
        let (form, _) = open.split_once("</details>").unwrap();
        assert!(form.contains("/licences/QR5T9Z2M/end") && form.contains(TOO_LATE), "{form}");
        assert!(sample.html.contains("href=\"#f-end-QR5T9Z2M-reason\""), "the summary leads to it");
    }
}

/// An auditor reads the secretariat's page, and is offered nothing that would be refused.
#[test]
fn only_the_secretariat_is_offered_its_forms() {
    for (name, is_offered) in
        [("intake", true), ("intake-passed", true), ("intake-auditor", false), ("intake-passed-auditor", false)]
    {
        let sample = all().into_iter().find(|sample| sample.name == name).expect("a sample");
        let forms = sample.html.matches("name=\"version\"").count();
        assert_eq!(forms > 0, is_offered, "{name} offers {forms} forms");
    }
}

/// Six answers, and no two look, sound or print alike.
#[test]
fn the_six_answers_differ_in_words_icon_and_colour() {
    for language in [Language::Ja, Language::En] {
        let samples = all();
        let page = |name: &str| samples.iter().find(|s| s.language == language && s.name == name).expect("a sample");
        let six = ["valid", "suspended", "revoked", "ended", "unknown", "not-ours"];
        let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for name in six {
            let html = &page(&format!("answer-{name}")).html;
            let tags = read(html).unwrap();
            let tone =
                tags.iter().find_map(|tag| tag.get("class")?.strip_prefix("answer ").map(str::to_owned)).unwrap();
            let icon = tags.iter().find(|tag| tag.name == "path").and_then(|path| path.get("d")).unwrap().to_owned();
            seen.entry("words").or_default().insert(words(html, "h1").unwrap());
            seen.entry("colour").or_default().insert(tone);
            seen.entry("icon").or_default().insert(icon);
        }
        assert!(seen.values().all(|kinds| kinds.len() == six.len()), "{seen:?}");
    }
}

/// Somebody standing in a shop with a phone: the answer is one page, one stylesheet and one icon.
#[test]
fn an_answer_weighs_little() {
    for sample in all().iter().filter(|sample| sample.name.starts_with("answer")) {
        let weight = sample.html.len() + STYLESHEET.len() + ICON.len();
        assert!(weight <= 30 * 1024, "{} weighs {weight} bytes", sample.name);
        let tags = read(&sample.html).unwrap();
        let fetched = named(&tags, "link").filter(|link| link.get("rel") != Some("alternate")).count();
        assert_eq!((fetched, named(&tags, "img").count()), (2, 0), "{}", sample.name);
    }
}

#[test]
fn the_stylesheet_takes_its_values_from_the_design_tokens() {
    let tokens: BTreeMap<&str, &str> =
        TOKENS.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": ")).collect();
    let uses = STYLESHEET.lines().filter_map(|line| {
        let (declaration, comment) = line.trim().strip_prefix("--")?.split_once("/* ")?;
        Some((declaration.split_once(": ")?.1.trim(), comment.trim_end_matches(" */")))
    });
    let uses: Vec<_> = uses.collect();
    assert!(uses.len() > 15);
    for (value, token) in uses {
        assert_eq!(tokens.get(token), Some(&value), "{token}");
    }
    assert!(STYLESHEET.len() <= 12 * 1024, "{} bytes", STYLESHEET.len());
    // Pages behind the sign-in load a second one.
    assert!(DESK.len() <= 6 * 1024, "{} bytes", DESK.len());
}

/// Writes every sample into the folder that `PAGES` names, for looking at in a browser.
#[test]
fn write_the_samples_for_looking_at() {
    let Some(folder) = std::env::var_os("PAGES").map(std::path::PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).unwrap();
    for sample in all() {
        let lang = if sample.language == Language::Ja { "ja" } else { "en" };
        std::fs::write(folder.join(format!("{}.{lang}.html", sample.name)), &sample.html).unwrap();
    }
}
