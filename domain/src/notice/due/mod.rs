//! Due days 「期限」, reminders of them, and what waits: computed from the state and the day, so none is lost while nothing
//! runs, and calendar, reminders and the secretariat's list say the same.

mod application;
mod kind;
mod registration;
mod waiting;

pub use application::{due_of_application, waiting_of_application};
pub use kind::{WaitsFor, Work};
pub use registration::{due_of_registration, waiting_of_registration};
pub use waiting::{Waiting, due_of_proposal, waiting_of_complaint, waiting_of_fault, waiting_of_proposal};

use super::{Audience, Notice, Place, Topic, Until, Words};
use crate::act::{OrganisationId, Subject};
use crate::calendar::Day;
use crate::reading::day_text;
use crate::text::Text;

/// For how many days after a due day its last reminder is still sent, had nothing run before.
const LATE: i64 = 7;

/// Something that is due on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub work: Work,
    pub subject: Subject,
    /// What is due, within its subject: the same as long as it is the same thing.
    pub what: String,
    pub day: Day,
    /// Since when this day has been known.
    pub since: Day,
    pub audience: Vec<Audience>,
    pub provider: Option<OrganisationId>,
    pub place: Place,
    /// What is due, as a title.
    pub title: Text,
    pub todo: Text,
}

/// A reminder that is due on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// The same for everybody who computes it.
    pub id: String,
    pub notice: Notice,
}

impl Due {
    /// The reminder that stands on `today`: that of the nearest of `days` before the due day which has come. One that
    /// would have been sent before the day was known is none.
    pub fn reminder(&self, days: &[i64], today: Day) -> Option<Reminder> {
        let left = today.days_until(self.day);
        let stage = days.iter().copied().filter(|days| left <= *days).min()?;
        let was_known = self.since < self.day.plus_days(-(stage as i32));
        if left < -LATE || !was_known {
            return None;
        }
        Some(Reminder {
            id: format!("due/{}/{}/{}/{stage}", self.subject, self.what, self.day),
            notice: self.notice(today),
        })
    }

    /// What whoever it waits for is told of it on `today`.
    pub fn notice(&self, today: Day) -> Notice {
        let left = today.days_until(self.day);
        let in_words = day_text(self.day);
        let happened = match left {
            0 => {
                Text::new(format!("期限は今日（{}）です。", in_words.ja), format!("It is due today ({}).", in_words.en))
            }
            1.. => Text::new(
                format!("期限は{}で、あと{left}日です。", in_words.ja),
                format!("It is due on {}, in {left} days.", in_words.en),
            ),
            _ => Text::new(format!("期限の{}を過ぎました。", in_words.ja), format!("It was due on {}.", in_words.en)),
        };
        let title = if left < 0 {
            Text::new(format!("期限を過ぎました：{}", self.title.ja), format!("Overdue: {}", self.title.en))
        } else {
            Text::new(format!("期限が近づいています：{}", self.title.ja), format!("Due soon: {}", self.title.en))
        };
        Notice {
            topic: Topic::Deadline,
            audience: self.audience.clone(),
            words: Words { title, happened, why: None, todo: self.todo.clone(), until: Until::Day(self.day) },
            place: self.place.clone(),
            provider: self.provider.clone(),
        }
    }
}
