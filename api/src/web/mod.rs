//! The page face: server-rendered HTML for people. Every task works without JavaScript.

mod account;
mod alert_statistics;
mod answer;
mod bulk;
mod certificates;
mod complaints;
mod credential;
pub(crate) mod csv;
mod desk;
mod editions;
mod files;
mod inbox;
mod keys;
mod offline;
mod pictures;
mod register;
mod round;
mod scheme;
mod session;
mod statistics;
mod valid_on;
mod verify_many;
pub mod view;
mod webhooks;
mod what_if;

use askama::Template;
use domain::authority::Power;
use domain::text::Language;
use poem::http::header;
use poem::{Request, Response, Route};

use crate::gate::{Declared, Guarded, Rule};
use crate::problem::Problem;
use crate::proposals;
use view::frame::Frame;
use view::problem::ProblemPage;

/// What a page handler answers.
type Answer = Result<Response, Problem>;

/// Every route of this face with its rule, added to those of the other.
pub fn routes(routes: Route) -> Route {
    declared().onto(routes)
}

/// Every route of this face with its rule.
pub fn rules() -> Vec<Declared> {
    declared().declared().to_vec()
}

fn declared() -> Guarded {
    use Power as P;
    use Rule::{Entrance, Needs, Public, Session};
    let pages = Guarded::default()
        .get("/static/:file", Public, files::show)
        .get("/robots.txt", Public, files::robots)
        .get("/", Public, register::home)
        .get("/en", Public, register::home)
        .get("/en/", Public, register::home)
        .get("/register", Public, register::list)
        .get("/en/register", Public, register::list)
        .get("/register/:number", Public, register::show)
        .get("/en/register/:number", Public, register::show)
        .get("/verify", Public, answer::form)
        .post("/verify", Public, answer::typed)
        .get("/en/verify", Public, answer::form)
        .post("/en/verify", Public, answer::typed)
        .get("/verify/many", Public, verify_many::form)
        .post("/verify/many", Public, verify_many::ask)
        .get("/en/verify/many", Public, verify_many::form)
        .post("/en/verify/many", Public, verify_many::ask)
        .get("/offline", Public, offline::show)
        .get("/en/offline", Public, offline::show)
        .get("/offline/:file", Public, offline::file)
        .get("/alert-statistics", Public, alert_statistics::show)
        .get("/en/alert-statistics", Public, alert_statistics::show)
        .get("/alert-statistics.csv", Public, alert_statistics::export)
        .get("/valid-on", Public, valid_on::form)
        .post("/valid-on", Public, valid_on::ask)
        .get("/en/valid-on", Public, valid_on::form)
        .post("/en/valid-on", Public, valid_on::ask)
        .get("/keys", Public, keys::list)
        .get("/en/keys", Public, keys::list)
        .get("/keys/:id", Needs(&[P::ChangeKey]), keys::show)
        .post("/keys/:id/activation", Needs(&[P::ChangeKey]), keys::activate)
        .post("/keys/:id/compromise", Needs(&[P::ChangeKey]), keys::distrust)
        .get("/editions", Public, editions::list)
        .get("/en/editions", Public, editions::list)
        .get("/editions/new", Needs(&[P::PublishEdition]), editions::new)
        .post("/editions/new", Needs(&[P::PublishEdition]), editions::propose)
        .get("/editions/:id/decisions", Needs(&[P::StopDecisions]), editions::decisions)
        .post("/editions/:id/stop", Needs(&[P::StopDecisions]), editions::stop)
        .post("/editions/:id/resume", Needs(&[P::PublishEdition]), editions::resume)
        .get("/editions/:id/affected.csv", Needs(proposals::READ_EDITIONS), what_if::of_correction)
        .get("/applications", Needs(&[P::SubmitApplication]), desk::provider::list)
        .get("/applications/new", Needs(&[P::SubmitApplication]), desk::drafts::new)
        .post("/drafts", Needs(&[P::SubmitApplication]), desk::drafts::begin)
        .get("/drafts/:id/:step", Needs(&[P::SubmitApplication]), desk::drafts::show)
        .post_with_files("/drafts/:id/:step", Needs(&[P::SubmitApplication]), desk::drafts::save)
        .post("/drafts/:id/declaration", Needs(&[P::SubmitApplication]), desk::drafts::paste)
        .post("/drafts/:id/submission", Needs(&[P::SubmitApplication]), desk::drafts::submit)
        .post("/drafts/:id/deletion", Needs(&[P::SubmitApplication]), desk::drafts::delete)
        .get("/applications/:id", Needs(&[P::ReadApplication]), desk::provider::show)
        .post("/applications/:id/withdraw", Needs(&[P::WithdrawApplication]), desk::provider::withdraw)
        .post_with_files(
            "/applications/:id/questions/:question/answer",
            Needs(&[P::AnswerQuestion]),
            desk::questions::answer,
        )
        .post("/applications/:id/registration", Needs(&[P::Register]), desk::secretariat::register)
        .get("/applications/:id/decision", Needs(&[P::ReadApplication]), desk::ruling::show)
        .post_with_files(
            "/applications/:id/conditions/:number/report",
            Needs(&[P::ReportCondition]),
            desk::ruling::report,
        )
        .post("/applications/:id/conditions/:number/reply", Needs(&[P::ReplyToReport]), desk::ruling::reply)
        .post_with_files("/applications/:id/objection", Needs(&[P::MakeObjection]), desk::ruling::object)
        .post("/applications/:id/objection/finding", Needs(&[P::DecideObjection]), desk::ruling::find)
        .get("/conditions", Needs(CONDITIONS), desk::ruling::list)
        .get("/evidence/:digest", Needs(&[P::ReadApplication]), desk::provider::save_file)
        .get("/intake", Needs(INTAKE), desk::secretariat::list)
        .get("/intake/:id", Needs(INTAKE), desk::secretariat::show)
        .post("/intake/:id/accept", Needs(&[P::Accept]), desk::secretariat::accept)
        .post("/intake/:id/return", Needs(&[P::SendBack]), desk::secretariat::send_back)
        .get("/examinations", Needs(&[P::Judge]), desk::examiner::list)
        .get("/examinations/:id", Needs(&[P::Judge]), desk::examiner::show)
        .post("/examinations/:id/judgements", Needs(&[P::Judge]), desk::examiner::judge)
        .post("/examinations/:id/reconciliation", Needs(&[P::Judge]), desk::examiner::reconcile)
        .post("/examinations/:id/working-papers", Needs(&[P::Judge]), desk::examiner::keep)
        .post("/examinations/:id/recommendation", Needs(&[P::Recommend]), desk::examiner::recommend)
        .get("/examinations/:id/interest", Needs(&[P::DeclareInterest]), desk::interests::show)
        .post("/examinations/:id/interest", Needs(&[P::DeclareInterest]), desk::interests::declare)
        .post("/intake/:id/replacement", Needs(&[P::ReplaceExaminer]), desk::secretariat::replace)
        .post("/intake/:id/waiver", Needs(&[P::WaiveConflict]), desk::secretariat::waive)
        .post("/examinations/:id/questions", Needs(&[P::AskApplicant]), desk::questions::ask)
        .post("/examinations/:id/questions/:question/extension", Needs(&[P::SettleQuestion]), desk::questions::extend)
        .post("/examinations/:id/questions/:question/closing", Needs(&[P::SettleQuestion]), desk::questions::close)
        .post(
            "/intake/:id/questions/:question/extension",
            Needs(&[P::SettleQuestion]),
            desk::questions::extend_at_intake,
        )
        .post("/intake/:id/questions/:question/closing", Needs(&[P::SettleQuestion]), desk::questions::close_at_intake)
        .get("/applications/:id/record", Needs(&[P::ReadApplication]), desk::record::show)
        .get("/inbox", Session, inbox::list)
        .post("/inbox/read", Session, inbox::read_all)
        .get("/inbox/settings", Session, inbox::settings)
        .post("/inbox/settings", Session, inbox::choose)
        .post("/inbox/settings/address", Session, inbox::try_address)
        .post("/inbox/calendar", Session, inbox::make_calendar)
        .post("/inbox/calendar/end", Session, inbox::end_calendar)
        .get("/inbox/:id", Session, inbox::show)
        .get("/calendar/:secret", Public, inbox::calendar)
        .get("/unsubscribe/:id", Public, inbox::unsubscribing)
        .post("/unsubscribe/:id", Public, inbox::unsubscribe)
        .get("/webhooks", Needs(&[P::ReadWebhooks]), webhooks::list)
        .post("/webhooks", Needs(&[P::ChangeWebhooks]), webhooks::add)
        .get("/webhooks/:id", Needs(&[P::ReadWebhooks]), webhooks::show)
        .post("/webhooks/:id/test", Needs(&[P::SendToWebhooks]), webhooks::test)
        .post("/webhooks/:id/end", Needs(&[P::ChangeWebhooks]), webhooks::end)
        .post("/webhooks/:id/deliveries/:delivery/replay", Needs(&[P::SendToWebhooks]), webhooks::replay)
        .get("/statistics", Needs(&[P::ReadStatistics]), statistics::show)
        .get("/statistics.csv", Needs(&[P::ReadStatistics]), statistics::export)
        .get("/day", Needs(crate::day::READ), desk::day::show)
        .get("/round", Needs(crate::day::READ), round::show)
        .get("/round.txt", Needs(crate::day::READ), round::text)
        .get("/round.csv", Needs(crate::day::READ), round::table)
        .get("/bulk", Needs(crate::bulk::MAY), bulk::show)
        .post("/bulk", Needs(crate::bulk::MAY), bulk::perform)
        .get("/scheme", Public, scheme::show)
        .get("/en/scheme", Public, scheme::show)
        .get("/scheme/:setting", Needs(&[P::ChangeSettings]), scheme::ask)
        .post("/scheme/:setting", Needs(&[P::ChangeSettings]), scheme::propose)
        .get("/decisions", Needs(&[P::Decide]), desk::decision::list)
        .get("/decisions/:id", Needs(&[P::Decide]), desk::decision::show)
        .post("/decisions/:id", Needs(&[P::Decide]), desk::decision::propose)
        .get("/proposals", Needs(proposals::READ), desk::proposals::list)
        .get("/proposals/:id", Needs(proposals::READ), desk::proposals::show)
        .get("/proposals/:id/what-if.csv", Needs(proposals::READ_EDITIONS), what_if::of_proposal)
        .post("/proposals/:id/confirm", Needs(proposals::SECOND), desk::proposals::confirm)
        .post("/proposals/:id/drop", Needs(proposals::SECOND), desk::proposals::drop_it)
        .post("/register/:number/licences", Needs(&[P::GrantToUser, P::GrantToProvider]), desk::licences::grant)
        .get("/complaint", Entrance, complaints::blank)
        .post("/complaint", Entrance, complaints::complain)
        .get("/en/complaint", Entrance, complaints::blank)
        .post("/en/complaint", Entrance, complaints::complain)
        .get("/complaint/progress", Entrance, complaints::follow_form)
        .post("/complaint/progress", Entrance, complaints::follow)
        .get("/en/complaint/progress", Entrance, complaints::follow_form)
        .post("/en/complaint/progress", Entrance, complaints::follow)
        .post("/complaint/erasure", Entrance, complaints::erase)
        .post("/en/complaint/erasure", Entrance, complaints::erase)
        .get("/complaints", Needs(&[P::ReadComplaints]), desk::complaints::list)
        .get("/complaints/:id", Needs(&[P::ReadComplaints]), desk::complaints::show)
        .post("/complaints/:id/acknowledgement", Needs(&[P::HandleComplaint]), desk::complaints::acknowledge)
        .post("/complaints/:id/assignment", Needs(&[P::HandleComplaint]), desk::complaints::assign)
        .post("/complaints/:id/replies", Needs(&[P::HandleComplaint]), desk::complaints::reply)
        .post("/complaints/:id/closing", Needs(&[P::HandleComplaint]), desk::complaints::close)
        .post("/complaints/:id/erasure", Needs(&[P::HandleComplaint]), desk::complaints::erase)
        .get("/watching", Needs(&[P::ReadWatching]), desk::watching::list)
        .get("/register/:number/watching", Needs(&[P::ReadWatching]), desk::watching::show)
        .get("/register/:number/alerts/:period", Needs(&[P::ReadWatching]), desk::watching::alerts)
        .post("/register/:number/alerts/:period", Needs(&[P::FileReport]), desk::watching::file_report)
        .get("/register/:number/alerts/:period/csv", Needs(&[P::ReadWatching]), desk::watching::template)
        .post("/register/:number/alerts/:period/csv", Needs(&[P::FileReport]), desk::watching::file_csv)
        .get("/register/:number/self_check/:period", Needs(&[P::ReadWatching]), desk::watching::self_check)
        .post("/register/:number/self_check/:period", Needs(&[P::FileReport]), desk::watching::file_check)
        .post("/register/:number/price-checks", Needs(&[P::CheckPrice]), desk::watching::check_price)
        .get("/measures", Needs(&[P::ReadMeasures]), desk::measures::list)
        .get("/register/:number/measures", Needs(&[P::ReadMeasures]), desk::measures::show)
        .post("/register/:number/measures/:measure", Needs(&[P::TakeMeasure]), desk::measures::take)
        .post_with_files(
            "/register/:number/measures/:measure/corrections/:correction/report",
            Needs(&[P::ReportCorrection]),
            desk::measures::report,
        )
        .post(
            "/register/:number/measures/:measure/corrections/:correction/answer",
            Needs(&[P::AnswerCorrection]),
            desk::measures::answer,
        )
        .post_with_files(
            "/register/:number/measures/:measure/objection",
            Needs(&[P::ObjectToMeasure]),
            desk::measures::object,
        )
        .post("/register/:number/measures/:measure/finding", Needs(&[P::HearMeasure]), desk::measures::find)
        .post("/register/:number/statements/:proposal", Needs(&[P::StateSide]), desk::measures::state)
        .post("/register/:number/discontinuation", Needs(&[P::Discontinue]), desk::measures::discontinue)
        .get("/register/:number/succession", Needs(&[P::Succeed]), desk::succession::show)
        .post("/register/:number/succession", Needs(&[P::Succeed]), desk::succession::propose)
        .get("/register/:number/imports", Needs(&[P::ReadLicences]), desk::imports::list)
        .post_with_files("/register/:number/imports", Needs(&[P::GrantToUser]), desk::imports::begin)
        .get("/register/:number/imports/template.csv", Needs(&[P::ReadLicences]), desk::imports::template)
        .get("/imports/:id", Needs(&[P::ReadLicences]), desk::imports::show)
        .get("/imports/:id/faults.csv", Needs(&[P::ReadLicences]), desk::imports::faults_file)
        .post("/licences/:id/end", Needs(&[P::EndUsersLicence, P::EndProvidersLicence]), desk::licences::end)
        .get("/licences/:id/credential.json", Public, credential::show)
        .get("/licences/:id/:file", Public, pictures::show);
    account::declare(pages)
        // Last: whatever stands alone behind the host is a mark's code.
        .get("/:code", Public, answer::show)
        .get("/en/:code", Public, answer::show)
}

/// The secretariat's desk, which an auditor reads.
const INTAKE: &[Power] = &[Power::Accept, Power::ReadTrail];

/// Conditions that are open: an applicant's own, and all of them for whoever replies to reports or audits.
const CONDITIONS: &[Power] = &[Power::ReportCondition, Power::ReplyToReport, Power::ReadTrail];

/// The language of a page is its address's.
fn language(request: &Request) -> Language {
    let path = request.uri().path();
    if path == "/en" || path.starts_with("/en/") { Language::En } else { Language::Ja }
}

/// A written page.
fn page(page: &impl Template) -> Answer {
    let html = page.render().map_err(|error| Problem::internal(&error))?;
    Ok(Response::builder()
        .content_type("text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "private, no-cache")
        .body(html))
}

/// On to another page: 303, so that a reload does not post again.
fn to(path: &str) -> Response {
    Response::builder().status(poem::http::StatusCode::SEE_OTHER).header(header::LOCATION, path).finish()
}

/// The page for a problem.
pub fn problem_page(problem: &Problem, language: Language, is_demo: bool) -> Response {
    // It says nothing of where it was met: that path may be a mark's code.
    let frame = Frame { language, path: None, viewer: None, is_demo, form_token: None };
    page(&ProblemPage::new(frame, problem)).unwrap_or_else(|problem| {
        Response::builder().content_type("text/plain; charset=utf-8").body(problem.title.of(language).to_owned())
    })
}
