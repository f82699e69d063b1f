//! Small pieces of markup that many pages hold.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use domain::calendar::{Day, Instant};
use domain::reading::day_text;
use domain::text::Language;

/// A `<time>` with the machine's form beside the people's.
#[derive(Clone, Debug)]
pub struct TimeTag {
    machine: String,
    people: String,
}

impl TimeTag {
    /// 「2026年4月1日（令和8年）」
    pub fn day(day: Day, language: Language) -> Self {
        Self { machine: day.to_string(), people: day_text(day).of(language).to_owned() }
    }

    /// 「2026年11月21日 10時49分12秒（日本時間）」
    pub fn moment(at: Instant, language: Language) -> Self {
        let ((year, month, day), (h, m, s)) = (at.day().ymd(), at.time_in_japan());
        let people = match language {
            Language::Ja => format!("{year}年{month}月{day}日 {h}時{m:02}分{s:02}秒（日本時間）"),
            Language::En => format!("{} {h:02}:{m:02}:{s:02} (Japan time)", day_text(at.day()).en),
        };
        Self { machine: at.to_string(), people }
    }
}

impl fmt::Display for TimeTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, r#"<time datetime="{}">{}</time>"#, self.machine, self.people)
    }
}

// Digits and the words of `day_text` only.
impl HtmlSafe for TimeTag {}

/// The outline of an icon: every state has its own, so that it is told apart without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A disc with a tick.
    Tick,
    /// A square with two bars.
    Pause,
    /// An octagon with a cross.
    Cross,
    /// An hourglass.
    Hourglass,
    /// A speech bubble with a question mark.
    Question,
    /// A triangle with an exclamation mark.
    Alert,
    /// A ring with two hands.
    Clock,
    /// A disc with a dash.
    Dash,
    /// A disc with an i.
    Info,
}

/// An icon; it says nothing to those who listen, since words stand beside it.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "parts/icon.html")]
pub struct Icon {
    pub shape: Shape,
}

impl HtmlSafe for Icon {}

/// Beside a notice.
pub const INFO: Icon = Icon { shape: Shape::Info };

/// A state in a word, with its icon and colour.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/badge.html")]
pub struct Badge {
    pub icon: Icon,
    /// The class of its colour.
    pub tone: &'static str,
    pub word: String,
}

impl HtmlSafe for Badge {}

impl Badge {
    /// Something that waits.
    pub fn clock(tone: &'static str, word: &str) -> Self {
        Self { icon: Icon { shape: Shape::Clock }, tone, word: word.to_owned() }
    }
}
