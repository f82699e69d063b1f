//! Days as people type them, in the Western and the Japanese calendar.

use super::{as_read, in_both_languages, narrowed_text};
use crate::calendar::Day;
use crate::text::Text;

/// An era 「元号」 that has days after 1970, newest first. 明治 and 大正 ended before any day of the scheme.
struct Era {
    name: &'static str,
    square: char,
    letter: char,
    english: &'static str,
    /// The first day, as an order of the cabinet fixed it (令和: 平成31年政令第143号; 平成: 昭和64年政令第1号).
    from: (i32, u8, u8),
}

const ERAS: [Era; 3] = [
    Era { name: "令和", square: '㋿', letter: 'R', english: "Reiwa", from: (2019, 5, 1) },
    Era { name: "平成", square: '㍻', letter: 'H', english: "Heisei", from: (1989, 1, 8) },
    Era { name: "昭和", square: '㍼', letter: 'S', english: "Showa", from: (1926, 12, 25) },
];

/// Why a day cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayError {
    /// Nothing was typed.
    Empty,
    /// Not year, month and day in any form that is read.
    Form { read: String },
    /// The calendar has no such day (30 February, month 13, or a year outside 1970–9998).
    NoSuchDay { read: String, year: i32, month: u32, day: u32 },
    /// The day is not in the era that was named: 令和1年4月30日 was 平成31年.
    NotInEra { read: String, era: &'static str },
}

/// A day from `2026-04-01`, `2026/4/1`, `2026年4月1日`, `令和8年4月1日`, `令和元年5月1日`, `R8.4.1`, `㋿8年4月1日`,
/// in full or half width.
pub fn read_day(typed: &str) -> Result<Day, DayError> {
    let narrow: String = narrowed_text(typed).chars().filter(|c| *c != ' ').collect();
    if narrow.is_empty() {
        return Err(DayError::Empty);
    }
    let read = || as_read(typed);
    let (era, rest) = split_era(&narrow);
    let (year, month, day) = year_month_day(rest, era.is_some()).ok_or_else(|| DayError::Form { read: read() })?;
    let year = i32::try_from(year).unwrap_or(i32::MAX);
    let western = era.map_or(year, |era| era.from.0.saturating_add(year) - 1);
    let found = match (u8::try_from(month), u8::try_from(day)) {
        (Ok(month), Ok(day)) => Day::from_ymd(western, month, day),
        _ => None,
    };
    let found = found.ok_or_else(|| DayError::NoSuchDay { read: read(), year: western, month, day })?;
    match era {
        Some(era) if year == 0 || !era.holds(found) => Err(DayError::NotInEra { read: read(), era: era.name }),
        _ => Ok(found),
    }
}

/// The day as people read it: 「2026年4月1日（令和8年）」 and "1 April 2026".
pub fn day_text(day: Day) -> Text {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (year, month, day_of_month) = day.ymd();
    let era = ERAS.iter().find(|era| era.holds(day)).map_or_else(String::new, |era| {
        let year_of_era = year - era.from.0 + 1;
        if year_of_era == 1 {
            format!("（{}元年）", era.name)
        } else {
            format!("（{}{year_of_era}年）", era.name)
        }
    });
    let english_month = MONTHS[usize::from(month) - 1];
    Text::new(format!("{year}年{month}月{day_of_month}日{era}"), format!("{day_of_month} {english_month} {year}"))
}

impl Era {
    /// Is `day` in this era: from its first day to the day before the next one's?
    fn holds(&self, day: Day) -> bool {
        let newest_begun = ERAS.iter().find(|era| era.from <= day.ymd());
        newest_begun.is_some_and(|era| era.letter == self.letter)
    }
}

fn split_era(text: &str) -> (Option<&'static Era>, &str) {
    for era in &ERAS {
        let upper = text.strip_prefix(era.name).or_else(|| text.strip_prefix(era.square));
        let letters = || text.strip_prefix(era.letter).or_else(|| text.strip_prefix(era.letter.to_ascii_lowercase()));
        let spelt = || text.get(..era.english.len()).filter(|head| head.eq_ignore_ascii_case(era.english));
        if let Some(rest) = upper.or_else(|| spelt().map(|head| &text[head.len()..])).or_else(letters) {
            return (Some(era), rest);
        }
    }
    (None, text)
}

/// The three numbers of `8年4月1日`, `8.4.1`, `8/4/1` or `8-4-1`; the same separator twice, and a year of four digits
/// where no era was named.
fn year_month_day(text: &str, in_era: bool) -> Option<(u32, u32, u32)> {
    let (year, rest, ends_in_day) = match text.split_once('年') {
        Some((year, rest)) => (year, rest.split_once('月')?, true),
        None => {
            let separator = text.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
            let (year, rest) = text.split_once(separator)?;
            (year, rest.split_once(separator)?, false)
        }
    };
    let (month, day) = rest;
    let day = if ends_in_day { day.strip_suffix('日')? } else { day };
    let year_number = if in_era && year == "元" { Some(1) } else { number(year, 4) };
    (in_era || year.len() == 4).then_some(())?;
    Some((year_number?, number(month, 2)?, number(day, 2)?))
}

fn number(text: &str, most_digits: usize) -> Option<u32> {
    let is_number = (1..=most_digits).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

impl DayError {
    fn statement(&self) -> Text {
        match self {
            Self::Empty => Text::new("日付を入力してください。", "Enter a day."),
            Self::Form { read } => Text::new(
                format!(
                    "「{read}」は日付として読めません。「2026年4月1日」「令和8年4月1日」「2026-04-01」のように入力してください。"
                ),
                format!("\"{read}\" cannot be read as a day. Enter it like 2026-04-01."),
            ),
            Self::NoSuchDay { read, year, month, day } => Text::new(
                format!("「{read}」（{year}年{month}月{day}日）という日はありません。年・月・日を確かめてください。"),
                format!(
                    "\"{read}\" ({year}-{month:02}-{day:02}) is no day of the calendar. Check year, month and day."
                ),
            ),
            Self::NotInEra { read, era } => Text::new(
                format!("「{read}」は{era}の期間にありません。西暦で入力してください。"),
                format!("\"{read}\" is not within the era {era}. Enter the year of the Western calendar."),
            ),
        }
    }
}
in_both_languages!(DayError);

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn days_are_read_as_they_are_typed() {
        for (typed, expected) in [
            ("2026-04-01", "2026-04-01"),
            ("2026年4月1日", "2026-04-01"),
            ("２０２６年４月１日", "2026-04-01"),
            ("2026 年 4 月 1 日", "2026-04-01"),
            ("2026/4/1", "2026-04-01"),
            ("2026.04.01", "2026-04-01"),
            ("２０２６－０４－０１", "2026-04-01"),
            ("令和8年4月1日", "2026-04-01"),
            ("令和８年４月１日", "2026-04-01"),
            ("㋿8年4月1日", "2026-04-01"),
            ("R8.4.1", "2026-04-01"),
            ("Ｒ８．４．１", "2026-04-01"),
            ("r8/4/1", "2026-04-01"),
            ("R08-04-01", "2026-04-01"),
            ("Reiwa 8.4.1", "2026-04-01"),
            ("令和元年5月1日", "2019-05-01"),
            ("令和1年5月1日", "2019-05-01"),
            ("平成31年4月30日", "2019-04-30"),
            ("H31.4.30", "2019-04-30"),
            ("平成元年1月8日", "1989-01-08"),
            ("昭和64年1月7日", "1989-01-07"),
            ("S45.1.1", "1970-01-01"),
            ("2024-02-29", "2024-02-29"),
        ] {
            assert_eq!(read_day(typed), Ok(day(expected)), "{typed}");
        }
    }

    #[test]
    fn what_is_no_day_is_refused_with_its_words() {
        let form = |read: &str| DayError::Form { read: read.to_owned() };
        let none = |read: &str, year, month, day| DayError::NoSuchDay { read: read.to_owned(), year, month, day };
        let era = |read: &str, era| DayError::NotInEra { read: read.to_owned(), era };
        for (typed, error) in [
            (" 　", DayError::Empty),
            ("昨日", form("昨日")),
            ("8年4月1日", form("8年4月1日")), // no era and no four digits: not guessed
            ("26-04-01", form("26-04-01")),
            ("2026-4/1", form("2026-4/1")),
            ("2026年4月", form("2026年4月")),
            ("元年5月1日", form("元年5月1日")),
            ("20260401", form("20260401")),
            ("2026-04-01T00:00", form("2026-04-01T00:00")),
            ("2026-02-29", none("2026-02-29", 2026, 2, 29)),
            ("令和8年2月29日", none("令和8年2月29日", 2026, 2, 29)),
            ("2026-13-01", none("2026-13-01", 2026, 13, 1)),
            ("1969-12-31", none("1969-12-31", 1969, 12, 31)),
            ("令和元年4月30日", era("令和元年4月30日", "令和")),
            ("平成31年5月1日", era("平成31年5月1日", "平成")),
            ("昭和64年1月8日", era("昭和64年1月8日", "昭和")),
            ("令和0年12月31日", era("令和0年12月31日", "令和")),
        ] {
            assert_eq!(read_day(typed), Err(error), "{typed}");
        }
    }

    #[test]
    fn days_are_shown_with_their_era() {
        for (shown, ja, en) in [
            ("2026-04-01", "2026年4月1日（令和8年）", "1 April 2026"),
            ("2019-05-01", "2019年5月1日（令和元年）", "1 May 2019"),
            ("2019-04-30", "2019年4月30日（平成31年）", "30 April 2019"),
            ("1989-01-08", "1989年1月8日（平成元年）", "8 January 1989"),
            ("1989-01-07", "1989年1月7日（昭和64年）", "7 January 1989"),
        ] {
            assert_eq!(day_text(day(shown)), Text::new(ja, en));
        }
    }

    /// What is shown without its era, and with it, reads back as the same day.
    #[test]
    fn every_day_shown_is_read_back() {
        let mut shown = day("2018-12-25");
        while shown < day("2020-03-05") {
            let ja = day_text(shown).ja;
            let (western, era) = ja.split_once('（').expect("the era stands in brackets");
            let in_era = format!("{}{}", era.trim_end_matches('）'), western.split_once('年').expect("年").1);
            assert_eq!((read_day(western), read_day(&in_era)), (Ok(shown), Ok(shown)), "{ja}");
            shown = shown.next();
        }
    }
}
