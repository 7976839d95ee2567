//! Where the demo keeps its data: a folder that only a demo made, or a PostgreSQL that was named.

use crate::config::Config;
use anyhow::{Context as _, bail};
use std::fs;
use std::path::Path;

/// Says that a demo made the folder, so that the next one may remove it.
const MARKER: &str = ".tributary-demo";
/// Default folder.
pub const FOLDER: &str = "data/demo";

/// Points the configuration to the demo's database: the PostgreSQL it names, else a fresh SQLite file.
pub fn prepare(config: &mut Config, folder: &Path) -> anyhow::Result<()> {
    if !config.database.url.starts_with("sqlite:") {
        return Ok(());
    }
    empty(folder)?;
    config.database.url = format!("sqlite:{}", folder.join("tributary.db").display());
    Ok(())
}

/// Makes the folder, empty. One that no demo made is left alone.
fn empty(folder: &Path) -> anyhow::Result<()> {
    let told = || format!("cannot prepare the folder {}", folder.display());
    if folder.join(MARKER).is_file() {
        fs::remove_dir_all(folder).with_context(told)?;
    } else if folder.exists() && fs::read_dir(folder).with_context(told)?.next().is_some() {
        bail!("{} holds files that no demo made; name another folder with --data-dir", folder.display());
    }
    fs::create_dir_all(folder).with_context(told)?;
    fs::write(folder.join(MARKER), "made by `tributary demo`, which removes this folder when it runs again\n")
        .with_context(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_folder_of_a_demo_is_emptied() {
        let place = tempfile::tempdir().unwrap();
        let ours = place.path().join("deep/ours");
        empty(&ours).unwrap();
        fs::write(ours.join("tributary.db"), "old").unwrap();
        empty(&ours).unwrap();
        assert!(!ours.join("tributary.db").exists());

        let theirs = place.path().join("theirs");
        fs::create_dir(&theirs).unwrap();
        fs::write(theirs.join("letters.txt"), "dear").unwrap();
        assert!(empty(&theirs).is_err());
        assert!(theirs.join("letters.txt").exists());
    }
}
