//! Tells whether files changed since the last build, by their times of modification.

use anyhow::{Context, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file whose time says when the last build was done, and whose text says how.
#[derive(Debug)]
pub struct Stamp {
    path: PathBuf,
    text: String,
}

impl Stamp {
    /// The stamp at this path for builds of this kind; a build of another kind does not count.
    pub fn new(path: PathBuf, text: String) -> Stamp {
        Stamp { path, text }
    }

    /// Whether a build of this kind was done after everything in these files and folders.
    pub fn is_newer_than(&self, inputs: &[PathBuf]) -> bool {
        let is_same_kind = fs::read_to_string(&self.path).is_ok_and(|text| text == self.text);
        let stamped = modified(&self.path);
        is_same_kind && stamped.is_some() && inputs.iter().filter_map(|input| newest(input)).max() < stamped
    }

    /// Records that a build was done. Its time is when it began, so that what was edited meanwhile counts as new.
    pub fn write(&self, began: SystemTime) -> Result<()> {
        let written = fs::write(&self.path, &self.text).and_then(|()| File::options().append(true).open(&self.path));
        written.and_then(|file| file.set_modified(began)).with_context(|| format!("writing {}", self.path.display()))
    }
}

/// What a folder holds, in the order of names.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut paths = read
        .map(|entry| Ok(entry.with_context(|| format!("reading {}", folder.display()))?.path()))
        .collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// All files below a folder with this ending, in the order of their paths.
pub fn files_below(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            files.extend(files_below(&path, extension)?);
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    Ok(files)
}

/// The newest time below a path. Folders count, because removing a file changes only its folder.
fn newest(path: &Path) -> Option<SystemTime> {
    let own = modified(path);
    if !path.is_dir() {
        return own;
    }
    let below = entries(path).unwrap_or_default();
    below.iter().filter_map(|entry| newest(entry)).chain(own).max()
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::Stamp;
    use std::fs::{self, File};
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    fn set_age(path: &Path, seconds: u64) {
        let time = SystemTime::now() - Duration::from_secs(seconds);
        File::open(path).and_then(|file| file.set_modified(time)).expect("a time can be set");
    }

    #[test]
    fn a_changed_file_and_another_kind_of_build_are_noticed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let inputs = [folder.path().join("inputs")];
        let file = inputs[0].join("file");
        fs::create_dir(&inputs[0]).expect("created");
        fs::write(&file, "text").expect("written");
        let stamp = Stamp::new(folder.path().join("stamp"), "dev".to_owned());
        assert!(!stamp.is_newer_than(&inputs));
        stamp.write(SystemTime::now()).expect("written");
        set_age(&inputs[0], 20);
        set_age(&file, 20);
        assert!(stamp.is_newer_than(&inputs));
        assert!(!Stamp::new(folder.path().join("stamp"), "release".to_owned()).is_newer_than(&inputs));
        set_age(&folder.path().join("stamp"), 30);
        assert!(!stamp.is_newer_than(&inputs));
    }
}
