//! The embedded migrations, and which of them belong to which database.

use diesel::backend::Backend;
use diesel::migration::{Migration, MigrationSource, Result as MigrationResult};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tributary_store::StoreError;

/// SQLite's, for both of its files.
pub(crate) const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
/// PostgreSQL's.
pub(crate) const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Which of the tables a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of them.
    Whole,
    /// All but the ledger's.
    Main,
    /// The holding ledger's.
    Ledger,
}

impl Part {
    /// A migration is the ledger's when its name after the number begins with `ledger`.
    fn holds(self, name: &str) -> bool {
        let of_ledger = name.split_once('_').is_some_and(|(_, words)| words.starts_with("ledger"));
        match self {
            Self::Whole => true,
            Self::Main => !of_ledger,
            Self::Ledger => of_ledger,
        }
    }
}

/// The migrations of one part.
pub(crate) struct Selected(pub(crate) EmbeddedMigrations, pub(crate) Part);

impl<DB: Backend> MigrationSource<DB> for Selected {
    fn migrations(&self) -> MigrationResult<Vec<Box<dyn Migration<DB>>>> {
        let all: Vec<Box<dyn Migration<DB>>> = MigrationSource::<DB>::migrations(&self.0)?;
        Ok(all.into_iter().filter(|migration| self.1.holds(&migration.name().to_string())).collect())
    }
}

/// Names of all migrations of one part.
pub(crate) fn names<DB: Backend>(source: &Selected) -> MigrationResult<Vec<String>> {
    let all: Vec<Box<dyn Migration<DB>>> = source.migrations()?;
    Ok(sorted(&all))
}

/// Names of the migrations that are not applied yet.
pub(crate) fn pending<DB: Backend>(
    conn: &mut impl MigrationHarness<DB>,
    source: Selected,
) -> MigrationResult<Vec<String>> {
    Ok(sorted(&conn.pending_migrations(source)?))
}

/// Applies what is pending, and hands the names back. The caller keeps other processes out.
pub(crate) fn apply<DB: Backend>(
    conn: &mut impl MigrationHarness<DB>,
    source: Selected,
) -> MigrationResult<Vec<String>> {
    let pending = conn.pending_migrations(source)?;
    let names = sorted(&pending);
    conn.run_migrations(&pending)?;
    Ok(names)
}

/// Takes back every applied migration, newest first, and hands the names back.
pub(crate) fn revert<DB: Backend>(
    conn: &mut impl MigrationHarness<DB>,
    source: Selected,
) -> MigrationResult<Vec<String>> {
    let reverted = conn.revert_all_migrations(source)?;
    Ok(reverted.iter().map(ToString::to_string).collect())
}

fn sorted<DB: Backend>(migrations: &[Box<dyn Migration<DB>>]) -> Vec<String> {
    let mut names: Vec<_> = migrations.iter().map(|migration| migration.name().to_string()).collect();
    names.sort_unstable();
    names
}

/// The error of a migration that failed.
pub(crate) fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Migration(error.to_string())
}

/// The error of a schema that is not up to date.
pub(crate) fn outdated(pending: &[String]) -> StoreError {
    StoreError::Migration(format!("not applied yet: {}; run `tributary migrate`", pending.join(", ")))
}
