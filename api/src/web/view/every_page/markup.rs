//! Just enough reading of HTML to check our own.

/// A tag with its attributes, unescaped only as far as the checks need.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) is_end: bool,
    pub(super) attributes: Vec<(String, String)>,
}

impl Tag {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

const VOID: [&str; 6] = ["meta", "link", "input", "br", "hr", "img"];

/// Every tag in order; wrong when a tag is not closed where it must be.
pub(super) fn read(html: &str) -> Result<Vec<Tag>, String> {
    let (mut tags, mut open) = (Vec::new(), Vec::new());
    let mut rest = html.strip_prefix("<!DOCTYPE html>").ok_or("no doctype")?;
    while let Some((_, after)) = rest.split_once('<') {
        let (inside, following) = split_at_end(after).ok_or_else(|| format!("an open tag: {after:.60}"))?;
        rest = following;
        let tag = parse(inside);
        let closes_itself = inside.ends_with('/') || VOID.contains(&tag.name.as_str());
        match (tag.is_end, closes_itself) {
            (false, false) => open.push(tag.name.clone()),
            (true, _) if open.pop().as_ref() != Some(&tag.name) => {
                return Err(format!("</{}> closes something else", tag.name));
            }
            _ => {}
        }
        tags.push(tag);
    }
    if open.is_empty() { Ok(tags) } else { Err(format!("never closed: {open:?}")) }
}

/// The words in the first element of this name, without tags.
pub(super) fn words(html: &str, name: &str) -> Option<String> {
    let after = html.split_once(&format!("<{name}"))?.1;
    let inside = after.split_once('>')?.1.split_once(&format!("</{name}>"))?.0;
    let mut words = String::new();
    for piece in inside.split('<') {
        words.push_str(if words.is_empty() && !inside.starts_with('<') {
            piece
        } else {
            piece.split_once('>').map_or(piece, |(_, text)| text)
        });
    }
    Some(words)
}

/// The tag up to its `>`, which may stand inside quotes, and what follows.
fn split_at_end(text: &str) -> Option<(&str, &str)> {
    let mut is_quoted = false;
    for (index, c) in text.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            '>' if !is_quoted => return Some((&text[..index], &text[index + 1..])),
            _ => {}
        }
    }
    None
}

fn parse(inside: &str) -> Tag {
    let is_end = inside.starts_with('/');
    let inside = inside.trim_matches('/');
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        if end == 0 {
            break;
        }
        let (attribute, after) = rest.split_at(end);
        let value = after.strip_prefix("=\"").and_then(|quoted| quoted.split_once('"'));
        let (value, after) = value.unwrap_or(("", after));
        attributes.push((attribute.to_owned(), value.to_owned()));
        rest = after;
    }
    Tag { name: name.to_owned(), is_end, attributes }
}
