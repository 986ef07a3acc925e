"""From content lines and items to the whole numbers that the rules take: the columns' door of `checking.facts`.

What is asked of a text is asked once for each different text, by the very functions that one item is asked with.
What the reader of the lines told already (a cell that cannot be read, a country or currency that there is not) is
unknown here, and not told again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import polars as pl

from entrepost.codes.s10 import mail_class_of
from entrepost.customs.checking import facts, rules
from entrepost.customs.checking.params import CheckParams
from entrepost.customs.checking.words import list_likeness
from entrepost.customs.declared import CLASSES, FORMS
from entrepost.reference.advance_data import FIELDS, find_due, regime_of

LAST_INSTANT = 10**7


def line_facts(lines: pl.DataFrame, params: CheckParams) -> pl.DataFrame:
    """The lines with what the rules that are asked of a line take."""
    described = pl.col("description").str.strip_chars().fill_null("")
    found = lines.with_columns(
        description=described,
        quantity=pl.col("quantity").fill_null(rules.UNKNOWN),
        value_minor=pl.col("value_minor").fill_null(rules.UNKNOWN),
        is_documents=(pl.col("nature") == "documents").fill_null(False).cast(pl.Int64),
        hs_code=pl.col("hs_code").fill_null(""),
        origin_known=pl.lit(rules.UNKNOWN, pl.Int64),
        description_given=(described != "").cast(pl.Int64),
        likeness_least=pl.lit(params.likeness_least, pl.Int64),
    )
    found = with_each(found, ["hs_code"], "hs_digits", facts.hs_digits)
    found = with_each(found, ["hs_code"], "hs_known", params.hs_known)
    found = with_each(found, ["currency"], "minor_units", lambda code: facts.minor_units(code or ""))
    words = found.get_column("description").unique()
    likeness = pl.DataFrame({"description": words, "likeness": list_likeness(words.to_list())})
    return found.join(likeness.cast({"likeness": pl.Int64}), on="description", how="left", maintain_order="left")


def item_facts(lines: pl.DataFrame, items: pl.DataFrame, params: CheckParams) -> pl.DataFrame:
    """A row for each item with what the rules that are asked of an item take, and its `lane` and `regime`."""
    found = _sum_up(lines).join(items, on="item_id", how="left", maintain_order="left")
    found = _with_limits(_with_words(found, params), params)
    found = _with_times(found, params)
    return found.with_columns(
        _given(found.columns).alias("given"),
        reuse_months=pl.lit(params.reuse_months, pl.Int64),
        weight_g=pl.col("weight_g").fill_null(0),
    )


def with_each(frame: pl.DataFrame, keys: Sequence[str], name: str, ask: Callable[..., int]) -> pl.DataFrame:
    """A column of what a function says of other columns, asked once for each that is different."""
    different = frame.select(keys).unique()
    answers = pl.Series(name, [ask(*row) for row in different.iter_rows()], dtype=pl.Int64)
    table = different.with_columns(answers)
    return frame.join(table, on=list(keys), how="left", nulls_equal=True, maintain_order="left")


def _sum_up(lines: pl.DataFrame) -> pl.DataFrame:
    """What the lines of an item come to; a sum of which a part is not known is not."""

    def total(name: str) -> pl.Expr:
        whole = pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).otherwise(rules.UNKNOWN)
        return whole.cast(pl.Int64).alias(name)

    first = ("destination", "currency", "nature", "seller_scheme_number", "row")
    every = {name: pl.col(name).is_not_null().all() for name in ("description", "quantity", "hs_code")}
    return lines.group_by("item_id", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("lines"),
        total("net_weight_g"),
        total("value_minor"),
        *(pl.col(name).first() for name in first),
        *(given.alias(f"has_{name}") for name, given in every.items()),
        pl.col("value_minor").is_not_null().all().alias("has_unit_value"),
        pl.col("sound").all(),
    )


def _with_words(items: pl.DataFrame, params: CheckParams) -> pl.DataFrame:
    """Classes, forms, natures and countries as numbers; lane and regime as texts."""
    issuer = pl.col("item_id").str.replace_all(" ", "").str.to_uppercase().str.extract(facts.ISSUED.pattern)
    classes, forms = ({word: at for at, word in enumerate(words) if word} for words in (CLASSES, FORMS))
    found = items.with_columns(issuer.alias("issuer"), indicator=pl.col("item_id").str.slice(0, 2).str.to_uppercase())
    by_indicator = {text: mail_class_of(text) for text in found.get_column("indicator").unique() if _is_indicator(text)}
    told = pl.col("indicator").replace_strict(by_indicator, default="", return_dtype=pl.String)
    mail_class = pl.coalesce("mail_class", pl.when(pl.col("issuer").is_not_null()).then(told))
    found = found.with_columns(
        mail_class=mail_class.replace_strict(classes, default=0, return_dtype=pl.Int64),
        form=pl.col("form").replace_strict(forms, default=0, return_dtype=pl.Int64),
        is_documents=(pl.col("nature") == "documents").fill_null(False).cast(pl.Int64),
        is_gift=(pl.col("nature") == "gift").fill_null(False).cast(pl.Int64),
        is_registered=pl.col("seller_scheme_number").is_not_null().cast(pl.Int64),
        currency_known=pl.lit(rules.UNKNOWN, pl.Int64),
        lane=pl.concat_str(
            pl.coalesce("office", "issuer", pl.lit("?")), pl.lit(">"), pl.col("destination").fill_null("?")
        ),
        sender=pl.col("sender_country"),
    )
    regimes = {code: regime_of(code, params.day) for code in found.get_column("destination").unique().drop_nulls()}
    found = found.with_columns(regime=pl.col("destination").replace_strict(regimes, default="", return_dtype=pl.String))
    found = with_each(found, ["issuer"], "issuer_country", lambda code: facts.country_number(code or ""))
    return with_each(
        found.drop("sender_country"), ["sender"], "sender_country", lambda code: facts.country_number(code or "")
    )


def _is_indicator(text: str | None) -> bool:
    return bool(text) and len(text or "") == 2 and (text or "").isascii() and (text or "").isalpha()


def _with_limits(items: pl.DataFrame, params: CheckParams) -> pl.DataFrame:
    """Limits in each item's currency, and what its destination wants."""
    known = params.rates.find

    def cn22(currency: str | None) -> int:
        return params.cn22_most_minor(currency) if currency and known(currency, params.day) else rules.UNKNOWN

    def gift(destination: str | None, currency: str | None) -> int:
        return params.gift_most_minor(destination, currency) if destination and currency else rules.UNKNOWN

    found = with_each(items, ["currency"], "cn22_most_minor", cn22)
    found = with_each(found, ["destination", "currency"], "gift_most_minor", gift)
    return with_each(
        found,
        ["destination", "nature"],
        "required",
        lambda country, nature: params.required(country or "", nature or ""),
    )


def _with_times(items: pl.DataFrame, params: CheckParams) -> pl.DataFrame:
    """When data are due, by how much they came before, and how long ago the identifier was used."""
    found = items.with_columns(mode=pl.col("mode").fill_null(params.mode))
    pairs = found.select("regime", "mode").unique()
    due = [find_due(regime, mode, params.day) for regime, mode in pairs.iter_rows()]
    rows = pairs.with_columns(
        pl.Series("before", [each.before if each else None for each in due], dtype=pl.String),
        pl.Series("ahead", [timedelta(hours=each.hours if each else 0) for each in due], dtype=pl.Duration("us")),
    )
    found = found.join(rows, on=["regime", "mode"], how="left", maintain_order="left")
    moment = (
        pl.when(pl.col("before") == "loading").then("loads_at").when(pl.col("before") == "arrival").then("arrives_at")
    )
    early = ((moment - pl.col("ahead") - pl.col("lodged_at")).dt.total_minutes()).clip(-LAST_INSTANT, LAST_INSTANT)
    found = found.with_columns(minutes_early=early.fill_null(0), is_timed=early.is_not_null().cast(pl.Int64))
    return _with_uses(found, params)


def _with_uses(items: pl.DataFrame, params: CheckParams) -> pl.DataFrame:
    if not params.used:
        return items.with_columns(months_since_used=pl.lit(rules.UNKNOWN, pl.Int64))
    used = pl.DataFrame({"item_id": list(params.used), "used_on": list(params.used.values())})
    found = items.join(used, on="item_id", how="left", maintain_order="left")
    found = found.with_columns(posted_on=pl.col("posted_at").dt.date().fill_null(params.day))
    return with_each(found, ["used_on", "posted_on"], "months_since_used", facts.months_between)


def _given(columns: Sequence[str]) -> pl.Expr:
    """The mask of the fields that are given."""
    mask = pl.lit(0, pl.Int64)
    for place, name in enumerate(FIELDS):
        if f"has_{name}" in columns:
            there = pl.col(f"has_{name}")
        elif name == "weight_g":
            there = pl.col(name).fill_null(0) > 0
        elif name == "sender_country":
            there = pl.col("sender").is_not_null()
        else:
            there = pl.col(name).is_not_null()
        mask = mask + there.cast(pl.Int64) * (1 << place)
    return mask
