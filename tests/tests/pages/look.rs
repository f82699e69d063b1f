//! What must be so of every page, whoever looks and however wide the screen is.

use serde_json::Value;

use crate::desk::Desk;

/// Every width a page is looked at: the narrowest phone, a phone, a desk.
const WIDTHS: [(u32, u32); 3] = [(320, 640), (390, 844), (1280, 900)];

/// Runs in the page. Says what is wrong with it, in words.
const FAULTS: &str = "
    const faults = [], root = document.documentElement, all = s => [...document.querySelectorAll(s)];
    const name = e => e.tagName.toLowerCase() + (e.id && '#' + e.id) + (e.className && '.' + e.className) + ' ' + e.textContent.trim().slice(0, 30);
    if (root.scrollWidth > innerWidth) {
        const far = all('body *').filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.scroll') && e.checkVisibility());
        faults.push(`scrolls sideways: ${root.scrollWidth} in ${innerWidth}: ${far.slice(0, 3).map(name)}`);
    }
    if (all('h1').length !== 1) faults.push(`${all('h1').length} h1`);
    if (!document.title.trim()) faults.push('no title');
    const ids = all('[id]').map(e => e.id);
    for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push('twice: #' + id);
    for (const a of all('a')) if (!(a.textContent.trim() || a.getAttribute('aria-label'))) faults.push('a link without words: ' + a.href);
    for (const e of all('[aria-describedby], [aria-labelledby]'))
        for (const id of `${e.getAttribute('aria-describedby') || ''} ${e.getAttribute('aria-labelledby') || ''}`.trim().split(/\\s+/))
            if (!document.getElementById(id)) faults.push(`${name(e)} leans on #${id}`);
    for (const e of all('input:not([type=hidden]), select, textarea'))
        if (!e.labels.length) faults.push('a field without a label: ' + e.name);
    for (const e of all('a[href^=\"#\"]')) if (!document.getElementById(decodeURIComponent(e.hash.slice(1)))) faults.push('leads nowhere: ' + e.hash);
    for (const e of all('p, li, dd, dt, td, th, label, legend, button, summary, a'))
        if (e.checkVisibility() && parseFloat(getComputedStyle(e).fontSize) < 14) faults.push('smaller than 14px: ' + name(e));
    for (const e of all('button, .button, input:not([type=hidden]), select, summary, nav a')) {
        const box = e.getBoundingClientRect();
        if (e.checkVisibility() && !e.closest('[aria-hidden]') && box.height < 24) faults.push(`a target of ${box.height}px: ${name(e)}`);
    }
    const levels = all('h1, h2, h3, h4').filter(e => e.checkVisibility()).map(e => +e.tagName[1]);
    levels.forEach((level, i) => { if (i && level > levels[i - 1] + 1) faults.push(`h${levels[i - 1]} then h${level}`); });
    return faults;";

/// Runs in the page. Everything Tab should reach, in order; of radio buttons the chosen one, or the first.
const STOPS: &str = "
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')]
        .filter(e => e.tabIndex >= 0 && e.checkVisibility())
        .filter(e => {
            const group = e.type === 'radio' ? [...e.form.elements].filter(f => f.name === e.name) : [e];
            return e === (group.find(f => f.checked) || group[0]);
        })
        .map((e, i) => (e.dataset.stop = i, i)).length";

/// Runs in the page after each Tab: which stop this is, and whether one sees that.
const STOP: &str = "
    const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
    const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.height > 0
        && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return [e.dataset.stop === undefined ? -1 : +e.dataset.stop, seen, e.outerHTML.slice(0, 100)]";

/// Looks at the page that is open at every width, goes through it with Tab, and says what is wrong.
pub fn faults(desk: &Desk, language: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lang = desk.browser.run("return document.documentElement.lang");
    if lang != language {
        faults.push(format!("its language is {lang}"));
    }
    for (width, height) in WIDTHS {
        desk.browser.resize(width, height);
        faults.extend(texts(&desk.browser.run(FAULTS)).map(|fault| format!("{width} px: {fault}")));
    }
    faults.extend(by_keyboard(desk));
    faults.extend(desk.browser.complaints());
    let base = desk.at("/");
    let strange = desk.browser.requests().into_iter().filter(|url| !url.starts_with(&base));
    faults.extend(strange.map(|url| format!("asks elsewhere: {url}")));
    faults
}

/// Tab reaches everything once, in the order of the page, and its focus is seen.
fn by_keyboard(desk: &Desk) -> Vec<String> {
    desk.browser.run("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')");
    let stops = desk.browser.run(STOPS).as_i64().expect("a number");
    let mut faults = Vec::new();
    for expected in 0..stops {
        desk.browser.tab();
        let at = desk.browser.run(STOP);
        if at[0] != expected {
            faults.push(format!("Tab {expected} leads to {at}"));
            break;
        }
        if at[1] != true {
            faults.push(format!("focus is not seen: {at}"));
        }
    }
    faults
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().expect("a list").iter().filter_map(Value::as_str)
}
