//! Builds the application and opens it: in its window, in a browser, or without either.

use crate::args::Args;
use crate::project::Project;
use crate::setup::{self, Purpose};
use crate::shell;
use crate::ui::{self, Profile};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

pub const HELP: &str = "
Sets up, builds, and opens the application with the sample workspace

cargo xtask run [--release] [--headless | --browser] [--workspace FILE]

  --release         optimised
  --headless        no window: imports, collects, prices, proposes and exports, and prints a summary;
                    with the sample; the same happens where there is no display
  --browser         serves the interface on loopback and prints the address
  --workspace FILE  this workspace instead of the sample; not with --headless
";

/// The package and program of the window.
pub const DESKTOP: &str = "omnipricex-desktop";

/// The package and program of the command line.
pub const COMMAND_LINE: &str = "omnipricex";

/// Where the application shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Face {
    Window,
    Browser,
    Headless,
}

/// `cargo xtask run`
pub fn command(arguments: &[String]) -> Result<()> {
    let args = Args::read_without_words(arguments, &["--release", "--headless", "--browser"], &["--workspace"])?;
    let face = chosen_face(&args, has_display())?;
    let workspace =
        args.value("--workspace").map(std::path::absolute).transpose().context("the path of the workspace")?;
    if face == Face::Headless && workspace.is_some() {
        bail!(
            "without a window only the sample is run; on a workspace run `omnipricex --workspace FILE collect`, `price` and \
             `export`, or give it a browser with --browser"
        );
    }
    let project = Project::load()?;
    let is_release = args.has("--release");
    setup::set_up(&project, Purpose::Build)?;
    ui::build(&project, Profile::from_flag(is_release))?;
    build(&project, face, is_release)?;
    if face == Face::Headless && !args.has("--headless") {
        println!("no display: doing the same job without a window");
    }
    start(&project, face, is_release, workspace)
}

fn chosen_face(args: &Args, has_display: bool) -> Result<Face> {
    match (args.has("--headless"), args.has("--browser")) {
        (true, true) => bail!("--headless and --browser exclude each other"),
        (true, false) => Ok(Face::Headless),
        (false, true) => Ok(Face::Browser),
        (false, false) if has_display => Ok(Face::Window),
        (false, false) => Ok(Face::Headless),
    }
}

fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

fn build(project: &Project, face: Face, is_release: bool) -> Result<()> {
    let package = if face == Face::Window { DESKTOP } else { COMMAND_LINE };
    let mut cargo = shell::cargo();
    cargo.current_dir(&project.root).args(["build", "--package", package]);
    if is_release {
        cargo.arg("--release");
    }
    shell::run(with_places(&mut cargo, project, is_release))
}

fn start(project: &Project, face: Face, is_release: bool, workspace: Option<PathBuf>) -> Result<()> {
    let name = if face == Face::Window { DESKTOP } else { COMMAND_LINE };
    let mut program =
        Command::new(project.programs(is_release).join(format!("{name}{}", std::env::consts::EXE_SUFFIX)));
    shell::forget_outer_cargo(&mut program);
    program.args(words(face));
    match workspace {
        Some(path) => program.arg("--workspace").arg(path),
        None if face == Face::Headless => &mut program,
        None => program.arg("--sample"),
    };
    shell::run(with_places(&mut program, project, is_release))
}

/// The subcommand of the program; the headless demo opens the sample by itself.
fn words(face: Face) -> &'static [&'static str] {
    match face {
        Face::Window => &[],
        Face::Browser => &["serve"],
        Face::Headless => &["demo"],
    }
}

/// Tells builds and programs where the interface, the programs and the tools lie, also where the target folder
/// is not the workspace's own.
pub fn with_places<'command>(
    command: &'command mut Command,
    project: &Project,
    is_release: bool,
) -> &'command mut Command {
    let dist = project.ui_dist();
    let config = serde_json::json!({ "build": { "frontendDist": &dist } });
    command.env("OMNIPRICEX_UI_DIST", &dist);
    command.env("OMNIPRICEX_ENGINE_DIST", ui::engine::folder(project));
    command.env("OMNIPRICEX_PROGRAMS", project.programs(is_release));
    command.env("TAURI_CONFIG", config.to_string());
    if let Some(axe) = setup::find_tools(project).axe {
        command.env("OMNIPRICEX_AXE", axe);
    }
    command
}

#[cfg(test)]
mod tests {
    use super::{Face, chosen_face};
    use crate::args::Args;

    fn face(arguments: &[&str], has_display: bool) -> Option<Face> {
        let arguments: Vec<String> = arguments.iter().map(|argument| argument.to_string()).collect();
        let args = Args::read(&arguments, &["--headless", "--browser"], &[]).expect("valid");
        chosen_face(&args, has_display).ok()
    }

    #[test]
    fn a_window_opens_only_where_there_is_a_display() {
        assert_eq!(face(&[], true), Some(Face::Window));
        assert_eq!(face(&[], false), Some(Face::Headless));
        assert_eq!(face(&["--headless"], true), Some(Face::Headless));
        assert_eq!(face(&["--browser"], false), Some(Face::Browser));
        assert_eq!(face(&["--browser", "--headless"], true), None);
    }
}
