"""Rows of the benchmark as standardised fields: what every peer gets, and the same for all of them."""

import gzip
import json
import re
import unicodedata
from pathlib import Path

NICKNAMES = Path(__file__).parents[2] / "crates/contact/src/normalise/data"
SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "junior", "senior"}
TITLES = {"mr", "mrs", "ms", "miss", "dr", "rev", "prof", "sir", "hon", "fr", "rabbi"}
STREET = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
    "place": "pl", "boulevard": "blvd", "circle": "cir", "terrace": "ter", "parkway": "pkwy", "highway": "hwy",
    "square": "sq", "trail": "trl", "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne",
    "northwest": "nw", "southeast": "se", "southwest": "sw", "canyon": "cyn", "cnyn": "cyn", "park": "prk",
    "mount": "mt", "saint": "st", "heights": "hts", "crossing": "xing", "ridge": "rdg", "valley": "vly",
}
LEGAL = {"inc", "incorporated", "llc", "ltd", "corp", "corporation", "co", "company", "the", "and", "of", "lp", "llp"}
WORDS = {"saint": "st", "association": "assn", "foundation": "fdn", "church": "ch", "center": "ctr", "centre": "ctr"}
UNIT = re.compile(r"(?:\b(?:apt|apartment|unit|ste|suite|rm|room|fl|floor)\b|#)\s*#?\s*([a-z0-9-]+)\s*$")
BOX = re.compile(r"\bp\s*o\s*box\s*([a-z0-9-]+)|\bbox\s+([0-9]+)")


def classes():
    """First name to the numbers of its nickname classes; one class a line."""
    table = {}
    for path in sorted(NICKNAMES.glob("nicknames*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            names = line.split()
            for name in names:
                table.setdefault(name, set()).add(names[0])
    return table


CLASSES = classes()


def fold(text):
    """Lower case without accents, punctuation as spaces."""
    if not text:
        return ""
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).lower().replace("'", "")
    return " ".join(re.sub(r"[^a-z0-9#@.+-]", " ", text).split())


def plain(text):
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", fold(text)).split())


def person(row):
    first, middle, last = (plain(row.get(name)) for name in ("firstName", "middleName", "lastName"))
    suffix = plain(row.get("suffix"))
    if not first and not last and (row.get("contactType") or "Household") == "Household":
        words = [word for word in plain(row.get("name")).split() if word not in TITLES]
        if words and words[-1] in SUFFIXES:
            suffix = words.pop()
        if len(words) >= 2:
            first, last, middle = words[0], words[-1], " ".join(words[1:-1])
    words = last.split()
    if len(words) > 1 and words[-1] in SUFFIXES:
        suffix, last = words[-1], " ".join(words[:-1])
    words = first.split()
    if len(words) > 1 and not middle:
        first, middle = words[0], " ".join(words[1:])
    return first, middle, last, suffix.replace("junior", "jr").replace("senior", "sr")


def email(text):
    text = fold(text).replace(" ", "")
    local, at, domain = text.partition("@")
    if not at:
        return None, None
    domain = {"googlemail.com": "gmail.com"}.get(domain, domain)
    local = local.split("+")[0]
    if domain == "gmail.com":
        local = local.replace(".", "")
    return f"{local}@{domain}", local


def phone(text):
    digits = re.sub(r"\D", "", (text or "").split("x")[0])[-10:]
    return digits if len(digits) >= 7 and len(set(digits)) > 1 else None


def address(row):
    line = " ".join(filter(None, (fold(row.get("address1")), fold(row.get("address2"))))).replace(".", "")
    box = BOX.search(line)
    unit = UNIT.search(line)
    if unit:
        line = line[: unit.start()].strip()
    words = re.sub(r"[^a-z0-9 ]", " ", line).split()
    house = words.pop(0) if words and words[0][0].isdigit() else ""
    street = " ".join(STREET.get(word, word) for word in words)
    if box:
        house, street = "", ""
    return house, street, unit and unit.group(1), box and (box.group(1) or box.group(2))


def organization(row):
    if (row.get("contactType") or "") == "Household" or row.get("lastName"):
        return None
    words = [WORDS.get(word, word) for word in plain((row.get("name") or "").replace("&", " and ")).split()]
    return " ".join(word for word in words if word not in LEGAL) or None


def standardised(row):
    first, middle, last, suffix = person(row)
    mailbox, local = email(row.get("email"))
    house, street, unit, box = address(row)
    postal = plain(row.get("postal")).replace(" ", "")[:5]
    nick = sorted(CLASSES.get(first, ())) if first else []
    return {
        "unique_id": row["referenceId"], "first": first or None, "middle": middle or None, "last": last or None,
        "suffix": suffix or None, "nick": nick or None, "email": mailbox, "local": local,
        "phone": phone(row.get("phone")), "house": house or None, "street": street or None, "unit": unit or None,
        "box": box or None, "zip": postal or None, "city": plain(row.get("city")) or None,
        "state": plain(row.get("state"))[:2] or None, "org": organization(row),
    }


def read(folder, name):
    path = Path(folder) / f"{name}.jsonl.gz"
    opened = gzip.open(path, "rt", encoding="utf-8") if path.exists() else open(path.with_suffix(""), encoding="utf-8")
    with opened as lines:
        return [json.loads(line) for line in lines]


def both(folder):
    """Standardised contacts and transactions."""
    return tuple([standardised(row) for row in read(folder, name)] for name in ("contacts", "transactions"))


def write(path, decisions):
    """The best candidate of each transaction: reference id to (contact reference id, score)."""
    with open(path, "w", encoding="utf-8") as out:
        for reference, (contact, score) in decisions.items():
            line = {"referenceId": reference, "decision": "merge", "contactReferenceId": contact, "score": score}
            out.write(json.dumps(line) + "\n")


def best(pairs):
    """Of (transaction, contact, score) the best contact of each transaction, the smaller name of equals."""
    found = {}
    for transaction, contact, score in pairs:
        known = found.get(transaction)
        if known is None or (score, known[0]) > (known[1], contact):
            found[transaction] = (contact, score)
    return found
