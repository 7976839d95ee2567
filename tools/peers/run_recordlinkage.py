"""recordlinkage on a benchmark folder: `run_recordlinkage.py FOLDER OUT`. Logistic regression on similarities,
learnt from the labels of the even half of the transactions, which score.py --sweep takes for training too."""

import sys
import zlib

import numpy as np
import pandas as pd
import recordlinkage
from sklearn.linear_model import LogisticRegression

import features

KEYS = [
    ["email"], ["phone"], ["house", "street", "zip3"], ["house", "last", "zip3"], ["last", "first"],
    ["last", "initial", "city"], ["first", "zip"], ["box", "zip"], ["org"], ["nick1", "last", "zip3"], ["local", "last"],
]


def frame(rows):
    table = pd.DataFrame(rows).set_index("unique_id")
    table["zip3"] = table["zip"].str[:3]
    table["initial"] = table["first"].str[:1]
    table["nick1"] = table["nick"].map(lambda names: names[0] if isinstance(names, list) else None)
    table["phone7"] = table["phone"].str[-7:]
    return table.drop(columns="nick").replace({np.nan: None})


def candidates(contacts, transactions):
    """Pairs under the keys; a blank value makes no key."""
    pairs = pd.MultiIndex.from_arrays([[], []])
    for key in KEYS:
        left, right = (table[key].dropna().reset_index() for table in (contacts, transactions))
        met = left.merge(right, on=key)
        pairs = pairs.union(pd.MultiIndex.from_frame(met[["unique_id_x", "unique_id_y"]]))
    return pairs.set_names(["contact", "transaction"])


def similarities(pairs, contacts, transactions):
    compare = recordlinkage.Compare()
    for column in ("first", "last", "street", "org"):
        compare.string(column, column, method="jarowinkler", missing_value=np.nan, label=column)
    for column in ("email", "phone", "house"):
        compare.string(column, column, method="damerau_levenshtein", missing_value=np.nan, label=column)
    for column in ("local", "phone7", "unit", "box", "zip", "city", "state", "suffix", "nick1", "initial", "middle"):
        compare.exact(column, column, missing_value=np.nan, label=f"{column}_same")
    compare.exact("first", "last", missing_value=np.nan, label="swapped")
    found = compare.compute(pairs, contacts, transactions)
    missing = found.isna().astype(float).add_suffix("_missing")
    exact = (found[["first", "last", "email", "phone", "org"]] == 1.0).astype(float).add_suffix("_exact")
    return pd.concat([found.fillna(0.0), missing, exact], axis=1)


def main(folder, out):
    contacts, transactions = (frame(rows) for rows in features.both(folder))
    truth = {row["referenceId"]: set(row["trueReferenceIds"]) for row in features.read(folder, "truth")}
    pairs = candidates(contacts, transactions)
    vectors = similarities(pairs, contacts, transactions)
    named = list(pairs)
    known = np.array([zlib.crc32(transaction.encode()) % 2 == 0 for _, transaction in named])
    right = np.array([contact in truth.get(transaction, ()) for contact, transaction in named])
    model = LogisticRegression(max_iter=1000).fit(vectors[known], right[known])
    scores = model.decision_function(vectors)
    features.write(out, features.best((transaction, contact, float(score)) for (contact, transaction), score in zip(named, scores)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
