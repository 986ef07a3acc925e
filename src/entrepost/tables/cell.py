"""What can be wrong with a cell of a table, whoever reads it."""

from __future__ import annotations

from entrepost.base.findings import finding_code

CELL_MISSING = finding_code("cell_missing", "A cell that must be filled is empty.")
CELL_MALFORMED = finding_code("cell_malformed", "A cell does not have the form of its column.")
CELL_OUT_OF_RANGE = finding_code("cell_out_of_range", "A figure lies outside what its column allows.")
COUNTRY_UNKNOWN = finding_code("country_unknown", "A country is not a code of ISO 3166-1 alpha-2.")
CURRENCY_UNKNOWN = finding_code("currency_unknown", "A currency is not a code of ISO 4217.")
AMOUNT_MALFORMED = finding_code("amount_malformed", "An amount is not a number, or is negative.")
AMOUNT_DECIMALS = finding_code("amount_decimals", "An amount has more decimals than its currency.")
ROW_REPEATED = finding_code(
    "row_repeated", "A row equals the row before it, and the file numbers no lines: it is a line of its own."
)

NUL = "\0"
"""The one character that no text of a database may hold."""
