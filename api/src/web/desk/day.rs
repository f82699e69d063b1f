//! The secretariat's day: what is due, late and waiting.

use poem::web::Data;
use poem::{Request, handler};

use super::case;
use crate::caller::signed_in;
use crate::day;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::day::DayPage;
use crate::web::{Answer, page};

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let (found, settings) = (day::of(registry, visitor).await?, registry.store.settings().await?);
    let names = case::names(registry).await?;
    page(&DayPage::new(desk_frame(registry, visitor), &found, &settings, &names))
}
