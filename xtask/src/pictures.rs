//! Takes the pictures of the documentation.

use crate::project::Project;
use crate::run;
use crate::setup::{self, Purpose};
use crate::shell;
use crate::ui::{self, Profile};
use anyhow::Result;
use std::process::Command;

pub const HELP: &str = "
Takes the documentation's pictures anew, in the real window; two of them in a browser

cargo xtask pictures [FOLDER] [--only BEGINNING]

  FOLDER            instead of docs/screenshots
  --only BEGINNING  only those whose name begins so

Look at them before they are committed.
";

/// `cargo xtask pictures`
pub fn command(arguments: &[String]) -> Result<()> {
    let project = Project::load()?;
    setup::set_up(&project, Purpose::Test)?;
    ui::build(&project, Profile::Dev)?;
    let mut build = shell::cargo();
    build.current_dir(&project.root).args(["build", "--workspace", "--bins"]);
    run::with_places(&mut build, &project, false);
    shell::run(&mut build)?;
    let mut pictures = Command::new(project.programs(false).join(format!("pictures{}", std::env::consts::EXE_SUFFIX)));
    run::with_places(&mut pictures, &project, false);
    shell::forget_outer_cargo(&mut pictures);
    shell::run(pictures.current_dir(&project.root).args(arguments))
}
