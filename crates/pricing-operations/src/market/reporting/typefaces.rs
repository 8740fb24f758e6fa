//! A typeface of the system for Chinese, Japanese and Korean letters, which the shipped one lacks.

use std::path::{Path, PathBuf};

/// Where systems keep such typefaces.
const FOLDERS: [&str; 6] = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:\\Windows\\Fonts",
    "/run/host/fonts",
];
/// How their files begin, the best first.
const NAMES: [&str; 12] = [
    "notosanscjk-regular",
    "notosanscjk",
    "sourcehansans",
    "msyh",
    "yugothr",
    "msgothic",
    "malgun",
    "simsun",
    "hiragino",
    "pingfang",
    "droidsansfallback",
    "wqy-",
];
/// Folders below those that are looked into.
const DEEPEST: usize = 4;

/// The bytes of the best one that is there.
pub(super) fn find() -> Option<Vec<u8>> {
    let mut found = Vec::new();
    FOLDERS.iter().for_each(|folder| gather(Path::new(folder), DEEPEST, &mut found));
    found.sort();
    found.into_iter().find_map(|(_, path)| std::fs::read(path).ok())
}

/// Typefaces below a folder by their place in [`NAMES`].
fn gather(folder: &Path, deeper: usize, found: &mut Vec<(usize, PathBuf)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if deeper > 0 {
                gather(&path, deeper - 1, found);
            }
            continue;
        }
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let is_typeface = [".ttf", ".otf", ".ttc"].iter().any(|ending| name.ends_with(ending));
        let place = NAMES.iter().position(|begin| name.starts_with(begin));
        found.extend(place.filter(|_| is_typeface).map(|place| (place, path)));
    }
}

#[cfg(test)]
mod tests {
    use super::{DEEPEST, gather};

    #[test]
    fn typefaces_are_found_by_name_in_folders_below() {
        let folder = tempfile::tempdir().expect("a folder");
        let below = folder.path().join("opentype/noto");
        std::fs::create_dir_all(&below).expect("folders");
        for name in ["NotoSansCJK-Regular.ttc", "DejaVuSans.ttf", "NotoSansCJK.txt"] {
            std::fs::write(below.join(name), b"x").expect("a file");
        }
        let mut found = Vec::new();
        gather(folder.path(), DEEPEST, &mut found);
        assert_eq!(found, [(0, below.join("NotoSansCJK-Regular.ttc"))]);
    }
}
