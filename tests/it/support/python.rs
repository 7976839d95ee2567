//! Programs from PyPI, each in an environment of its own beside the build, so that it is made once.

use super::skipped;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The Python of the environment of this name, with these requirements. None, and a printed line, where it cannot be
/// made; then it fails instead where TRIBUTARY_REQUIRE_PYTHON=1 says that it must.
pub fn environment(name: &str, requirements: &Path) -> Option<PathBuf> {
    match make(name, requirements) {
        Ok(python) => Some(python),
        Err(why) => {
            let required = std::env::var("TRIBUTARY_REQUIRE_PYTHON").is_ok_and(|value| value == "1");
            assert!(!required, "TRIBUTARY_REQUIRE_PYTHON=1, but {why}");
            skipped(name, &why);
            None
        }
    }
}

fn make(name: &str, requirements: &Path) -> Result<PathBuf, String> {
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(3).expect("the test runs in target/PROFILE/deps");
    let environment = target.join(format!("python-{name}"));
    let python = environment.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(requirements);
    run(&mut pip)?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), String> {
    let done = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    let told = String::from_utf8_lossy(&done.stderr);
    if done.status.success() { Ok(()) } else { Err(format!("{command:?} failed: {told}")) }
}
