//! Passwords: what is acceptable, and their Argon2id hashes (RFC 9106) with the parameters that OWASP's
//! password storage sheet gives as its least: 19 MiB, two passes, one lane.

use crate::EngineError;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use std::sync::{Mutex, OnceLock, PoisonError};
use tributary_contact::issue::{Issue, IssueCode};

/// Least length in characters, as OWASP ASVS 5.0 6.2.1 and NIST SP 800-63B-4 suggest for single factors.
const LEAST: usize = 12;
/// Longest length in bytes, so that nobody has us hash megabytes.
const LONGEST: usize = 256;
/// Letters of made passwords: none that are read for another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Computes password hashes, one at a time: a flood of sign-ins costs one core and 19 MiB, not all of them.
#[derive(Default)]
pub(super) struct Passwords {
    turn: Mutex<()>,
    /// A hash of nothing anybody knows, checked when there is no user, so that both take the same time.
    nobody: OnceLock<String>,
}

impl Passwords {
    /// The hash of a password as a PHC string, with a salt of its own.
    pub(super) fn hash(&self, password: &str) -> Result<String, EngineError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let hash: PasswordHash = Argon2::default()
            .hash_password(password.as_bytes())
            .map_err(|error| EngineError::internal(error.to_string()))?;
        Ok(hash.to_string())
    }

    /// Whether a password is the one that was hashed. Without a hash it takes as long to say no.
    pub(super) fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, EngineError> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        let Some(hash) = hash else {
            self.check(password, &self.nobodys()?)?;
            return Ok(false);
        };
        self.check(password, hash)
    }

    fn check(&self, password: &str, hash: &str) -> Result<bool, EngineError> {
        let hash = PasswordHash::new(hash).map_err(|error| EngineError::internal(error.to_string()))?;
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    }

    fn nobodys(&self) -> Result<String, EngineError> {
        if let Some(hash) = self.nobody.get() {
            return Ok(hash.clone());
        }
        let hash = self.hash(&made()?)?;
        Ok(self.nobody.get_or_init(|| hash).clone())
    }
}

/// A random password of 20 letters and digits (100 bits), in groups that are easy to type.
pub(super) fn made() -> Result<String, EngineError> {
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).map_err(|_| EngineError::internal("the operating system gave no random bytes"))?;
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).copied().map(char::from);
    let groups: Vec<String> = bytes.chunks(5).map(|group| group.iter().filter_map(letter).collect()).collect();
    Ok(groups.join("-"))
}

/// What is wrong with a new password of the user with this e-mail address.
pub(super) fn issues(password: &str, email: &str) -> Vec<Issue> {
    let issue = |code, message: &str| vec![Issue::new("password", code, message)];
    if password.chars().count() < LEAST {
        return issue(IssueCode::InvalidValue, "A password has at least 12 characters.");
    }
    if password.len() > LONGEST {
        return issue(IssueCode::TooLong, "A password has at most 256 bytes.");
    }
    let name = email.split('@').next().unwrap_or_default();
    let guessed = [email, name].iter().any(|known| password.eq_ignore_ascii_case(known));
    if guessed || password.chars().collect::<std::collections::BTreeSet<_>>().len() < 4 {
        return issue(IssueCode::InvalidValue, "This password is too easy to guess.");
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_and_no_other_is() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse battery").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse battery", Some(&hash)).unwrap());
        assert!(!passwords.verify("correct horse batterz", Some(&hash)).unwrap());
        assert!(!passwords.verify("correct horse battery", None).unwrap());
        assert!(!passwords.verify(&"x".repeat(LONGEST + 1), Some(&hash)).unwrap());
    }

    #[test]
    fn two_hashes_of_one_password_differ() {
        let passwords = Passwords::default();
        assert_ne!(passwords.hash("correct horse battery").unwrap(), passwords.hash("correct horse battery").unwrap());
    }

    #[test]
    fn a_made_password_is_acceptable_and_never_the_same() {
        let (one, two) = (made().unwrap(), made().unwrap());
        assert_eq!(one.len(), 23);
        assert_ne!(one, two);
        assert_eq!(issues(&one, "ada@example.org"), []);
    }

    #[test]
    fn short_long_and_guessable_passwords_are_refused() {
        for bad in ["elevenchars", "aaaaaaaaaaaaaaaa", "ADA.BYRON.KING@example.org", &"é".repeat(200)] {
            assert_eq!(issues(bad, "ada.byron.king@example.org").len(), 1, "{bad}");
        }
        assert_eq!(issues("пароль-на-кухне", "ada@example.org"), []);
    }
}
