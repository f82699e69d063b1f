//! Who may do what, for everybody to read.

use poem::web::Data;
use poem::{Request, handler};

use crate::web::session::{Shared, public_frame};
use crate::web::view::authority::AuthorityPage;
use crate::web::{Answer, page};

#[handler]
pub(crate) fn show(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    page(&AuthorityPage { frame: public_frame(registry, request) })
}
