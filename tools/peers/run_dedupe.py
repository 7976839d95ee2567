"""dedupe on a benchmark folder: `run_dedupe.py FOLDER OUT`. RecordLink on 600 labelled matches and 1,200 others,
all from the even half of the transactions; index predicates off (with them training needs over 20 GB)."""

import random
import sys
import zlib

import dedupe
from dedupe import variables

import features

FIELDS = [
    variables.String("first", has_missing=True), variables.String("last", has_missing=True),
    variables.Exact("suffix", has_missing=True), variables.String("email", has_missing=True),
    variables.String("phone", has_missing=True), variables.String("house", has_missing=True),
    variables.String("street", has_missing=True), variables.Exact("unit", has_missing=True),
    variables.Exact("zip", has_missing=True), variables.Exact("city", has_missing=True),
    variables.String("org", has_missing=True),
]


def records(rows):
    names = [field.field for field in FIELDS]
    return {row["unique_id"]: {name: row[name] for name in names} for row in rows}


def labelled(contacts, transactions, folder):
    chance = random.Random(1)
    truth = [row for row in features.read(folder, "truth") if zlib.crc32(row["referenceId"].encode()) % 2 == 0]
    known = [row for row in truth if row["trueReferenceIds"]]
    chance.shuffle(known)
    match = [(contacts[row["trueReferenceIds"][0]], transactions[row["referenceId"]]) for row in known[:600]]
    by_last = {}
    for name, record in contacts.items():
        by_last.setdefault(record["last"] or record["org"], []).append(name)
    distinct = []
    for row in chance.sample(truth, min(len(truth), 1200)):
        record = transactions[row["referenceId"]]
        near = [name for name in by_last.get(record["last"] or record["org"], ()) if name not in row["trueReferenceIds"]]
        other = chance.choice(near) if near else chance.choice(list(contacts))
        if other not in row["trueReferenceIds"]:
            distinct.append((contacts[other], record))
    return {"match": match, "distinct": distinct}


def main(folder, out):
    random.seed(1)
    contacts, transactions = (records(rows) for rows in features.both(folder))
    linker = dedupe.RecordLink(FIELDS, num_cores=1, in_memory=True)
    linker.prepare_training(contacts, transactions, sample_size=min(15_000, 3 * len(contacts)))
    linker.mark_pairs(labelled(contacts, transactions, folder))
    linker.train(recall=0.95, index_predicates=False)
    pairs = linker.pairs(contacts, transactions)
    scored = linker.score(pairs)
    found = ((transaction, contact, float(score)) for (contact, transaction), score in zip(scored["pairs"], scored["score"]))
    features.write(out, features.best(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
