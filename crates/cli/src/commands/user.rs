//! `tributary user`: people who sign in to the console. A made password is shown once.

use super::Context;
use crate::args::Tenant;
use crate::output::list_table;
use crate::{parse, views};
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use std::io::BufRead;
use tributary_contact::UserId;
use tributary_engine::{Engine, NewUser, User};
use tributary_store::Role;

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Create a user; a password is made and shown this once, unless you give one
    #[command(after_help = "\
Roles: a viewer sees everything, a reviewer decides the bucket and starts batches, an admin manages
subscriptions and users too.
Example:
  tributary user create --organization 1 --email ada@example.org --name 'Ada Byron' --role reviewer")]
    Create {
        #[command(flatten)]
        tenant: Tenant,
        /// E-mail address they sign in with
        #[arg(long)]
        email: String,
        /// Name for people; the e-mail address when left out
        #[arg(long, default_value = "")]
        name: String,
        /// What they may do: viewer, reviewer or admin
        #[arg(long, value_parser = parse::role)]
        role: Role,
        /// Where the password comes from
        #[arg(long, value_name = "WHERE", default_value = "generated")]
        password_from: PasswordFrom,
    },
    /// List users, disabled ones too
    List {
        #[command(flatten)]
        tenant: Tenant,
    },
    /// Give a user another role
    Role {
        #[command(flatten)]
        whom: Whom,
        /// What they may do from now on
        #[arg(value_parser = parse::role)]
        role: Role,
    },
    /// Keep a user from signing in, and end their sessions at once
    Disable(Whom),
    /// Let a disabled user sign in again
    Enable(Whom),
    /// Set a user's password for them, and end their sessions
    Password {
        #[command(flatten)]
        whom: Whom,
        /// Where the password comes from
        #[arg(long, value_name = "WHERE", default_value = "generated")]
        password_from: PasswordFrom,
    },
    /// Take away the second factor of a user who lost it
    SecondFactor {
        #[command(flatten)]
        whom: Whom,
        /// Confirms that it is to be removed
        #[arg(long, required = true)]
        remove: bool,
    },
}

/// Which user a command is about.
#[derive(Debug, Clone, Copy, Args)]
pub struct Whom {
    #[command(flatten)]
    tenant: Tenant,
    /// User, by id (see `tributary user list`)
    id: i64,
}

impl Whom {
    const fn id(self) -> UserId {
        UserId(self.id)
    }
}

/// Where a password comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PasswordFrom {
    /// Made at random and shown once
    Generated,
    /// Typed at the terminal, twice
    Prompt,
    /// The first line of standard input
    Stdin,
}

impl PasswordFrom {
    fn read(self) -> anyhow::Result<Option<String>> {
        match self {
            Self::Generated => Ok(None),
            Self::Prompt => typed().map(Some),
            Self::Stdin => {
                let mut line = String::new();
                std::io::stdin().lock().read_line(&mut line).context("no password on standard input")?;
                Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
            }
        }
    }
}

fn typed() -> anyhow::Result<String> {
    let first = rpassword::prompt_password("Password: ").context("no terminal to ask for the password")?;
    let second = rpassword::prompt_password("The same again: ")?;
    anyhow::ensure!(first == second, "the two passwords differ");
    Ok(first)
}

/// Runs the command.
pub fn run(command: UserCommand, context: &Context) -> anyhow::Result<()> {
    let engine = context.engine()?;
    match command {
        UserCommand::Create { tenant, email, name, role, password_from } => {
            let new = NewUser { email, name, role, password: password_from.read()? };
            let (user, made) = engine.create_user(tenant.id(), new)?;
            let told = format!("User {} ({}) may sign in as {}.", user.id, user.email, user.role.as_str());
            tell_with_password(context, views::user(&user), made, told)
        }
        UserCommand::List { tenant } => list(&engine, tenant, context),
        UserCommand::Role { whom, role } => {
            tell(context, &engine.set_role(whom.tenant.id(), whom.id(), role)?, &format!("is {} now", role.as_str()))
        }
        UserCommand::Disable(whom) => {
            tell(context, &engine.set_disabled(whom.tenant.id(), whom.id(), true)?, "is disabled")
        }
        UserCommand::Enable(whom) => {
            tell(context, &engine.set_disabled(whom.tenant.id(), whom.id(), false)?, "is enabled")
        }
        UserCommand::Password { whom, password_from } => {
            let given = password_from.read()?;
            let made = engine.set_password(whom.tenant.id(), whom.id(), given.as_deref())?;
            let told = format!("The password of user {} is changed.", whom.id);
            tell_with_password(context, json!({"id": whom.id, "changed": true}), made, told)
        }
        UserCommand::SecondFactor { whom, .. } => {
            tell(context, &engine.remove_second_factor(whom.tenant.id(), whom.id())?, "has no second factor now")
        }
    }
}

fn list(engine: &Engine, tenant: Tenant, context: &Context) -> anyhow::Result<()> {
    engine.organization(tenant.id())?;
    let list: Vec<_> = engine.users(tenant.id())?.iter().map(views::user).collect();
    let total = list.len();
    let columns = [
        ("id", "id"),
        ("email", "email"),
        ("name", "name"),
        ("role", "role"),
        ("last sign-in", "lastSignInAtUtc"),
        ("disabled", "disabledAtUtc"),
    ];
    context.output.print(&json!({"list": list, "total": total}), |result| list_table(result, &columns))?;
    Ok(())
}

fn tell(context: &Context, user: &User, what: &str) -> anyhow::Result<()> {
    let text = format!("User {} ({}) {what}.", user.id, user.email);
    context.output.print(&views::user(user), |_| text)?;
    Ok(())
}

/// Prints a result, with the password when one was made.
fn tell_with_password(context: &Context, value: Value, made: Option<String>, told: String) -> anyhow::Result<()> {
    match made {
        None => context.output.print(&value, |_| told)?,
        Some(password) => {
            let text = format!("{told}\nPassword, shown this once:\n{password}");
            context.output.print(&views::with(value, "password", json!(password)), |_| text)?;
        }
    }
    Ok(())
}
