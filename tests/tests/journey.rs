//! From a declaration to a mark, on both databases.

use tests::{Case, Database, Register, declaration};

tests::on_both!(the_whole_path);

fn the_whole_path(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    case.license_provider(&registration);
    case.license_user(&registration, "見本工業株式会社");
    server.end();
    register.assert_whole();
}
