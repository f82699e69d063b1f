//! People and systems are told: in the inbox, by mail, by webhooks and by calendars; whatever dies meanwhile.

mod bounces;
mod calendar;
mod kills;
mod mailed;
mod stage;
mod webhooks;
