//! What Cargo knows about the workspace: its folders, its packages and their dependencies.

use crate::shell;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::PathBuf;

/// The workspace on disk.
#[derive(Debug)]
pub struct Project {
    /// The folder of the root manifest.
    pub root: PathBuf,
    /// Cargo's target folder, `CARGO_TARGET_DIR` respected.
    pub target: PathBuf,
    /// The members of the workspace.
    pub packages: Vec<Package>,
}

/// One member of the workspace.
#[derive(Debug, Clone)]
pub struct Package {
    /// The package's name.
    pub name: String,
    /// The folder of its manifest.
    pub folder: PathBuf,
    /// What its manifest asks for.
    pub dependencies: Vec<Dependency>,
}

/// One line of a manifest's dependency tables.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// The package's own name, not the name it is renamed to.
    pub name: String,
    /// The table it stands in.
    pub kind: DependencyKind,
    /// Whether it is a folder of this workspace and not a published package.
    pub is_local: bool,
}

/// The table of a manifest in which a dependency stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DependencyKind {
    /// `[dependencies]`
    Normal,
    /// `[dev-dependencies]`
    Dev,
    /// `[build-dependencies]`
    Build,
}

impl Project {
    /// Asks Cargo about the workspace that this program belongs to.
    pub fn load() -> Result<Project> {
        // What Cargo says at run time first: clones that share a target directory share this program as well.
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().expect("xtask lies in the workspace");
        let text = shell::output(shell::cargo().current_dir(root).args([
            "metadata",
            "--format-version=1",
            "--no-deps",
            "--quiet",
        ]))
        .context("reading the workspace with `cargo metadata`")?;
        let metadata: Value = serde_json::from_str(&text).context("reading what `cargo metadata` printed")?;
        Project::from_metadata(&metadata)
    }

    /// Reads the document that `cargo metadata` prints.
    pub fn from_metadata(metadata: &Value) -> Result<Project> {
        let packages = metadata["packages"].as_array().context("`packages` is missing")?;
        Ok(Project {
            root: PathBuf::from(text(metadata, "workspace_root")?),
            target: PathBuf::from(text(metadata, "target_directory")?),
            packages: packages.iter().map(package).collect::<Result<_>>()?,
        })
    }

    /// The member of this name, if there is one.
    pub fn find_package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }

    /// The package itself and all members that it needs, directly or through others, to be compiled.
    pub fn with_local_dependencies(&self, name: &str) -> Vec<&Package> {
        let mut found: Vec<&Package> = self.find_package(name).into_iter().collect();
        let mut next = 0;
        while next < found.len() {
            for dependency in &found[next].dependencies {
                let wanted = dependency.is_local && dependency.kind != DependencyKind::Dev;
                let package = self.find_package(&dependency.name).filter(|_| wanted);
                if let Some(package) = package.filter(|package| found.iter().all(|known| known.name != package.name)) {
                    found.push(package);
                }
            }
            next += 1;
        }
        found
    }

    /// The folder with the built programs of a profile.
    pub fn programs(&self, release: bool) -> PathBuf {
        self.target.join(if release { "release" } else { "debug" })
    }

    /// The folder that holds the interface as the hosts serve it.
    pub fn ui_dist(&self) -> PathBuf {
        self.target.join("ui-dist")
    }
}

fn package(value: &Value) -> Result<Package> {
    let manifest = PathBuf::from(text(value, "manifest_path")?);
    let dependencies = value["dependencies"].as_array().context("`dependencies` is missing")?;
    Ok(Package {
        name: text(value, "name")?,
        folder: manifest.parent().context("a manifest lies in a folder")?.to_owned(),
        dependencies: dependencies.iter().map(dependency).collect::<Result<_>>()?,
    })
}

fn dependency(value: &Value) -> Result<Dependency> {
    let kind = match value["kind"].as_str() {
        Some("dev") => DependencyKind::Dev,
        Some("build") => DependencyKind::Build,
        _ => DependencyKind::Normal,
    };
    Ok(Dependency { name: text(value, "name")?, kind, is_local: value["path"].is_string() })
}

fn text(value: &Value, key: &str) -> Result<String> {
    Ok(value[key].as_str().with_context(|| format!("`{key}` is missing"))?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{DependencyKind, Project};
    use serde_json::json;

    fn project() -> Project {
        let package = |name: &str, dependencies: serde_json::Value| json!({ "name": name, "manifest_path": format!("/w/{name}/Cargo.toml"), "dependencies": dependencies });
        Project::from_metadata(&json!({
            "workspace_root": "/w", "target_directory": "/t",
            "packages": [
                package("top", json!([{ "name": "middle", "kind": null, "path": "/w/middle" },
                                      { "name": "only-tests", "kind": "dev", "path": "/w/only-tests" }])),
                package("middle", json!([{ "name": "base", "kind": null, "path": "/w/base" }, { "name": "serde", "kind": null }])),
                package("base", json!([])),
                package("only-tests", json!([])),
            ],
        }))
        .expect("valid metadata")
    }

    #[test]
    fn dependencies_are_followed_through_others_but_not_through_tests() {
        let names: Vec<_> =
            project().with_local_dependencies("top").iter().map(|package| package.name.clone()).collect();
        assert_eq!(names, ["top", "middle", "base"]);
    }

    #[test]
    fn tables_and_origin_of_a_dependency_are_kept() {
        let project = project();
        let top = project.find_package("top").expect("known");
        assert_eq!(top.dependencies[1].kind, DependencyKind::Dev);
        let middle = project.find_package("middle").expect("known");
        assert!(middle.dependencies[0].is_local && !middle.dependencies[1].is_local);
    }
}
