"""SQLite looks rows up by the index that is there for it, from the first row on."""

from __future__ import annotations

from pathlib import Path

from entrepost.store.connect import connect
from entrepost.store.statistics import guide_planner, guided_tables, list_statistics
from tests.operations.shop import store_in


def test_what_is_looked_up_in_an_account_is_found_by_its_index(tmp_path: Path) -> None:
    store_in(tmp_path).close()
    connection = connect(tmp_path / "shop.db", reading=True)
    scanned = []
    for table in guided_tables():
        for index in table.indexes:
            tenant, *columns = (each.name for each in index.columns)
            if tenant != "tenant":
                continue
            column = columns[0]
            wanted = "json_extract(wanted.value, '$[{}]')"
            sql = (
                f"EXPLAIN QUERY PLAN SELECT t.* FROM json_each('[]') AS wanted CROSS JOIN {table.name} AS t "
                f'ON t.{tenant} = {wanted.format(0)} AND t."{column}" = {wanted.format(1)}'
            )
            plan = str(connection.exec_driver_sql(sql).fetchall()[-1][-1])
            if f"(tenant=? AND {column}=?" not in plan:
                scanned.append((table.name, column, plan))
    connection.close()
    assert scanned == []


def test_what_a_file_was_told_is_not_told_again(tmp_path: Path) -> None:
    store_in(tmp_path).close()
    connection = connect(tmp_path / "shop.db")
    before = connection.connection.driver_connection.total_changes  # type: ignore[union-attr]
    guide_planner(connection)
    assert connection.connection.driver_connection.total_changes == before  # type: ignore[union-attr]
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    guide_planner(connection)
    told = connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1").fetchall()
    assert sorted(map(tuple, told)) == sorted(list_statistics())
    connection.close()
