//! A new edition is one new file: cargo has to look at the folder, not only at the files it knew.

#[allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
fn main() {
    println!("cargo::rerun-if-changed=editions");
}
