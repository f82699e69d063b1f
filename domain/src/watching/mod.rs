//! Watching 「登録後の確認」: what is asked of a service and looked at once it is registered.
//!
//! What is due, and what is late, is computed from the registration, the scheme's settings and the day.

mod aggregate;
mod alerts;
mod complaint;
mod drift;
mod duty;
mod report;
mod self_check;
mod suppression;

pub use aggregate::{Aggregate, aggregate, cut_offs};
pub use alerts::{AlertFigures, BySeverity, Category, Count, MOST, Severity};
pub use complaint::{Closing, Complaint, ComplaintOutcome, ComplaintRefusal, ComplaintStage, Grievance, Reply};
pub use drift::{Advertised, Effective, MOST_MONTHS, Offer, PriceCheck, PriceFinding, PriceRefusal};
pub use duty::{Duty, Matter, Progress, name_of, period_named};
pub use report::{Contents, Filing, Refusal, Report};
pub use self_check::{CheckFault, CheckedCriterion, OwnFinding};
pub use suppression::{Table, suppress};
