//! Which database a URL names. Decided by the scheme alone: a bare path or a host name is an error,
//! never a new SQLite file of that name.

use std::path::{Path, PathBuf};
use tributary_store::{StoreError, StoreResult};

/// A database named by a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL URL.
    Postgres(String),
}

impl Target {
    /// Reads `sqlite:path`, `sqlite://path`, `postgres://…` or `postgresql://…`.
    pub(crate) fn parse(url: &str) -> StoreResult<Self> {
        let (scheme, rest) =
            url.split_once(':').ok_or_else(|| refused("the URL must begin with sqlite: or postgres://"))?;
        match scheme.to_ascii_lowercase().as_str() {
            "sqlite" => sqlite_path(rest).map(Self::Sqlite),
            "postgres" | "postgresql" if rest.starts_with("//") => Ok(Self::Postgres(format!("postgres:{rest}"))),
            "postgres" | "postgresql" => Err(refused("a PostgreSQL URL begins with postgres://")),
            _ => Err(refused("the scheme is neither sqlite nor postgres")),
        }
    }
}

fn sqlite_path(rest: &str) -> StoreResult<PathBuf> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() || path.ends_with('/') {
        return Err(refused("the URL names no SQLite file"));
    }
    if path.starts_with(':') || path.starts_with("file:") || path.contains('?') {
        return Err(refused("a SQLite URL is a plain path, without parameters and not in memory"));
    }
    Ok(PathBuf::from(path))
}

/// The file of the holding ledger beside a main file: `x.db` has `x-held.db`.
pub(crate) fn ledger_path(main: &Path) -> PathBuf {
    let mut name = main.file_stem().unwrap_or_default().to_owned();
    name.push("-held");
    if let Some(extension) = main.extension() {
        name.push(".");
        name.push(extension);
    }
    main.with_file_name(name)
}

/// The URL itself is never repeated: it may hold a password.
fn refused(why: &str) -> StoreError {
    StoreError::Url(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides() {
        assert_eq!(Target::parse("sqlite:data/x.db").unwrap(), Target::Sqlite("data/x.db".into()));
        assert_eq!(Target::parse("sqlite://data/x.db").unwrap(), Target::Sqlite("data/x.db".into()));
        assert_eq!(Target::parse("sqlite:///srv/x.db").unwrap(), Target::Sqlite("/srv/x.db".into()));
        assert_eq!(Target::parse("postgresql://h/d").unwrap(), Target::Postgres("postgres://h/d".into()));
    }

    #[test]
    fn anything_else_is_refused() {
        for url in [
            "",
            "x.db",
            "/srv/x.db",
            "host=h dbname=d",
            "sqlite:",
            "sqlite://",
            "sqlite:dir/",
            "sqlite::memory:",
            "sqlite:file:x",
            "sqlite:x?mode=ro",
            "postgres:h/d",
            "mysql://h/d",
            "localhost:5432",
        ] {
            assert!(matches!(Target::parse(url), Err(StoreError::Url(_))), "{url}");
        }
    }

    #[test]
    fn the_ledger_lies_beside_the_main_file() {
        assert_eq!(ledger_path(Path::new("data/x.db")), Path::new("data/x-held.db"));
        assert_eq!(ledger_path(Path::new("/srv/x")), Path::new("/srv/x-held"));
    }
}
