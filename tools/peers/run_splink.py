"""Splink on a benchmark folder: `run_splink.py FOLDER OUT [--guard]`. No labels."""

import logging
import sys

import pandas as pd
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.internals.duckdb.database_api import DuckDBAPI

import features

BOTH = "{0}_l is not null and {0}_r is not null"


def level(sql, label):
    return cll.CustomLevel(sql, label_for_charts=label)


def comparison(name, null, *levels):
    return cl.CustomComparison(output_column_name=name, comparison_levels=[null, *levels, cll.ElseLevel()])


def tf(column):
    return cll.ExactMatchLevel(column, term_frequency_adjustments=True)


def near(column, least):
    return cll.JaroWinklerLevel(column, least)


def comparisons():
    initial = "(length(first_l) = 1 or length(first_r) = 1) and left(first_l, 1) = left(first_r, 1)"
    no_address = "(street_l is null and box_l is null and zip_l is null) or (street_r is null and box_r is null and zip_r is null)"
    same_street = "house_l = house_r and street_l = street_r"
    suffix = "suffix_l is null and suffix_r is null"
    return [
        comparison("first", cll.NullLevel("first"), tf("first"),
                   level("len(list_intersect(nick_l, nick_r)) > 0", "nickname"), near("first", 0.92),
                   level(initial, "initial"), near("first", 0.80)),
        comparison("last", cll.NullLevel("last"), tf("last"), level("first_l = last_r and last_l = first_r", "swapped"),
                   level("list_contains(string_split(last_l, ' '), last_r) or list_contains(string_split(last_r, ' '), last_l)", "part"),
                   near("last", 0.92), near("last", 0.85)),
        comparison("middle", cll.NullLevel("middle"), level("left(middle_l, 1) = left(middle_r, 1)", "initial")),
        comparison("suffix", level(suffix, "none"), level("suffix_l = suffix_r", "same"),
                   level("suffix_l is null or suffix_r is null", "one side")),
        comparison("email", cll.NullLevel("email"), tf("email"), level("local_l = local_r and length(local_l) > 6", "local"),
                   near("email", 0.95)),
        comparison("phone", cll.NullLevel("phone"), tf("phone"), level("right(phone_l, 7) = right(phone_r, 7)", "local"),
                   cll.DamerauLevenshteinLevel("phone", 1)),
        comparison("address", level(no_address, "none"),
                   level(f"{same_street} and unit_l is not distinct from unit_r and zip_l = zip_r", "all"),
                   level("box_l = box_r and zip_l = zip_r", "box"),
                   level(f"{same_street} and zip_l = zip_r and (unit_l is null or unit_r is null)", "unit missing"),
                   level(f"{same_street} and zip_l = zip_r", "other unit"), level(same_street, "other area"),
                   level("house_l = house_r and jaro_winkler_similarity(street_l, street_r) > 0.88", "fuzzy"),
                   level("zip_l = zip_r", "zip"), level("city_l = city_r", "city"), level("state_l = state_r", "state")),
        comparison("org", cll.NullLevel("org"), tf("org"), near("org", 0.94), near("org", 0.86)),
    ]


def blocks():
    return [
        block_on("email"), block_on("phone"), block_on("local", "last"), block_on("right(phone, 7)", "left(first, 1)"),
        block_on("house", "street", "left(zip, 3)"), block_on("house", "last", "left(zip, 3)"), block_on("last", "first"),
        "l.first = r.last and l.last = r.first", block_on("last", "left(first, 1)", "city"),
        block_on("left(last, 4)", "house", "zip"), block_on("first", "zip", "left(last, 2)"), block_on("box", "zip"),
        block_on("org"), block_on("left(org, 8)", "left(zip, 3)"), block_on("nick[1]", "last", "left(zip, 3)"),
    ]


def guarded(pairs):
    """Without candidates whose first name is wholly different, or whose suffix is another or one-sided."""
    other_first = pairs["gamma_first"] == 0
    other_suffix = pairs["gamma_suffix"].isin([0, 1])
    return pairs[~(other_first | other_suffix)]


def main(folder, out, guard):
    logging.disable(logging.WARNING)
    contacts, transactions = (pd.DataFrame(rows) for rows in features.both(folder))
    api = DuckDBAPI()
    settings = SettingsCreator(link_type="link_only", comparisons=comparisons(), retain_matching_columns=False,
                               blocking_rules_to_generate_predictions=blocks(), retain_intermediate_calculation_columns=True)
    tables = [api.register(contacts, dataset_display_name="a"), api.register(transactions, dataset_display_name="b")]
    linker = Linker(tables, settings, log_level=None)
    strict = [block_on("email", "last"), block_on("phone", "last"), block_on("first", "last", "house", "zip"), block_on("org", "zip")]
    linker.training.estimate_probability_two_random_records_match(strict, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for block in (block_on("email"), block_on("phone"), block_on("last", "first"), block_on("house", "street", "zip")):
        linker.training.estimate_parameters_using_expectation_maximisation(block)
    pairs = linker.inference.predict(threshold_match_weight=-20).as_pandas_dataframe()
    if guard:
        pairs = guarded(pairs)
    from_a = pairs["source_dataset_l"] == "a"
    contact = pairs["unique_id_l"].where(from_a, pairs["unique_id_r"])
    transaction = pairs["unique_id_r"].where(from_a, pairs["unique_id_l"])
    features.write(out, features.best(zip(transaction, contact, pairs["match_weight"])))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "--guard" in sys.argv)
