//! E-mail addresses: syntax, the rules by which providers hold two spellings to be one mailbox,
//! placeholders, role mailboxes.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Normal form of an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailForm {
    /// Lower case, provider rules applied (dots and +tag of Gmail, googlemail.com), +tag of others kept: equal means the same mailbox.
    pub canonical: String,
    /// `canonical` without any +tag: equal means very likely the same mailbox.
    pub untagged: String,
    /// Local part of `untagged`.
    pub local: String,
    /// Domain of `canonical`.
    pub domain: String,
    /// Whether the local part names a role (`info`, `office`, …) rather than a person.
    pub role: bool,
}

/// Longest address of RFC 5321, with room for a display name before it.
const MAX_RAW_BYTES: usize = 1024;
const MAX_LOCAL_BYTES: usize = 64;
const MAX_DOMAIN_BYTES: usize = 253;

/// Local parts that stand for a role, marks and final digits left out.
const ROLES: &[&str] = &[
    "info",
    "information",
    "office",
    "mail",
    "email",
    "contact",
    "contactus",
    "admin",
    "administrator",
    "administration",
    "hello",
    "donate",
    "donation",
    "donations",
    "donor",
    "donors",
    "giving",
    "gifts",
    "development",
    "finance",
    "accounting",
    "accounts",
    "accountspayable",
    "accountsreceivable",
    "ap",
    "ar",
    "billing",
    "bookkeeper",
    "bookkeeping",
    "treasurer",
    "secretary",
    "president",
    "director",
    "executivedirector",
    "board",
    "membership",
    "members",
    "support",
    "help",
    "helpdesk",
    "service",
    "customerservice",
    "sales",
    "marketing",
    "media",
    "press",
    "news",
    "newsletter",
    "events",
    "volunteer",
    "volunteers",
    "staff",
    "team",
    "hr",
    "jobs",
    "legal",
    "purchasing",
    "orders",
    "reception",
    "frontdesk",
    "church",
    "parish",
    "pastor",
    "rector",
    "school",
    "club",
    "foundation",
    "grants",
    "webmaster",
    "postmaster",
    "hostmaster",
    "abuse",
    "security",
    "general",
    "enquiries",
    "inquiries",
    "enquiry",
    "inquiry",
    "hq",
];

/// Local parts that say that there is no address, whatever the domain.
const NO_MAILBOX: &[&str] = &[
    "none",
    "noemail",
    "noemailaddress",
    "noemailprovided",
    "noemailgiven",
    "noemailonfile",
    "nomail",
    "noaddress",
    "notprovided",
    "notgiven",
    "notavailable",
    "donotemail",
    "noreply",
    "donotreply",
    "unknown",
    "unknownemail",
    "null",
    "nobody",
    "noone",
    "refused",
    "declined",
    "placeholder",
];

/// Domains that stand for no address.
const NO_DOMAIN: &[&str] = &[
    "none.com",
    "none.org",
    "none.net",
    "noemail.com",
    "noemail.org",
    "noemail.net",
    "nomail.com",
    "noaddress.com",
    "notprovided.com",
    "nowhere.com",
    "fake.com",
];

/// Local parts that stand for no address when the domain says the same (`test@test.com`).
const FILLERS: &[&str] =
    &["test", "na", "email", "fake", "asdf", "abc", "anonymous", "donor", "example", "user", "name"];

/// Normal form of an e-mail address.
///
/// Takes a display name (`Bob <b@x.org>`), `mailto:`, spaces at either end and round `@`. None when
/// the text is no address, several addresses, or a placeholder such as `none@none.com`. The rules of
/// Gmail: <https://support.google.com/mail/answer/7436150>.
#[must_use]
pub fn email(raw: &str) -> Option<EmailForm> {
    let address = bare(raw)?;
    let (local, domain) = split(&address)?;
    if is_placeholder(local, domain) {
        return None;
    }
    if matches!(domain, "gmail.com" | "googlemail.com") {
        return gmail(local);
    }
    let untagged_local = without_tag(local);
    Some(EmailForm {
        canonical: format!("{local}@{domain}"),
        untagged: format!("{untagged_local}@{domain}"),
        local: untagged_local.to_owned(),
        domain: domain.to_owned(),
        role: is_role(untagged_local),
    })
}

/// Whether the text has the shape of one e-mail address. A placeholder has it too: it is no reason to
/// refuse a submission, only no evidence.
#[must_use]
pub fn is_email(raw: &str) -> bool {
    bare(raw).is_some_and(|address| split(&address).is_some())
}

/// The address alone in lower case: no display name, no scheme, no spaces at the ends or round `@`.
fn bare(raw: &str) -> Option<String> {
    if raw.len() > MAX_RAW_BYTES {
        return None;
    }
    let plain: Cow<'_, str> =
        if raw.is_ascii() { raw.into() } else { raw.nfkc().filter(|c| !is_invisible(*c)).collect() };
    let inner = match plain.rsplit_once('<') {
        Some((_, rest)) => rest.split_once('>')?.0,
        None => &plain,
    };
    let lower = inner.to_lowercase();
    let text = trim_marks(&lower);
    let text = trim_marks(text.strip_prefix("mailto:").unwrap_or(text));
    let (local, domain) = text.rsplit_once('@')?;
    Some(format!("{}@{}", unquoted(local.trim()), domain.trim().trim_end_matches('.')))
}

/// Zero-width characters that copying from web pages leaves behind.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn trim_marks(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '[' | ']' | '<' | '>'))
}

/// A quoted local part means the same as the bare one when it needs no quotes.
fn unquoted(local: &str) -> &str {
    local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(local)
}

/// Local part and domain, when both follow the syntax of RFC 5321 (letters beyond ASCII allowed).
fn split(address: &str) -> Option<(&str, &str)> {
    let (local, domain) = address.split_once('@')?;
    (is_local(local) && is_domain(domain)).then_some((local, domain))
}

fn is_local(local: &str) -> bool {
    local.len() <= MAX_LOCAL_BYTES
        && local.split('.').all(|atom| {
            !atom.is_empty() && atom.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c))
        })
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || is_mark(c))
    };
    let top = domain.rsplit_once('.').map_or("", |(_, top)| top);
    domain.len() <= MAX_DOMAIN_BYTES
        && top.chars().nth(1).is_some()
        && !top.bytes().all(|b| b.is_ascii_digit())
        && domain.split('.').all(is_label)
}

/// Combining marks belong to letters of internationalized domains.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Everything before the first `+`, unless nothing stands there.
fn without_tag(local: &str) -> &str {
    match local.split_once('+') {
        Some((name, _)) if !name.is_empty() => name,
        _ => local,
    }
}

/// Dots and tags do not tell Gmail mailboxes apart, nor do the two domains.
fn gmail(local: &str) -> Option<EmailForm> {
    let name = local.split('+').next().unwrap_or_default().replace('.', "");
    if name.is_empty() {
        return None;
    }
    let canonical = format!("{name}@gmail.com");
    Some(EmailForm {
        untagged: canonical.clone(),
        role: is_role(&name),
        local: name,
        domain: "gmail.com".to_owned(),
        canonical,
    })
}

/// The local part without marks, tag and final digits, for the look-up in the lists.
fn letters(local: &str) -> String {
    let name = without_tag(local).trim_end_matches(|c: char| c.is_ascii_digit());
    name.chars().filter(|c| !matches!(c, '.' | '-' | '_' | '/')).collect()
}

fn is_role(local: &str) -> bool {
    ROLES.contains(&letters(local).as_str())
}

fn is_placeholder(local: &str, domain: &str) -> bool {
    let name = letters(local);
    let site = domain.split('.').next().unwrap_or_default();
    let one_letter = || name.chars().next().is_some_and(|first| name.chars().all(|c| c == first));
    NO_MAILBOX.contains(&name.as_str())
        || NO_DOMAIN.contains(&domain)
        || (name == site && (FILLERS.contains(&site) || one_letter()))
}
