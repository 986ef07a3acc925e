"""The descriptions of a file are those of its lines."""

from pathlib import Path

from entrepost.operations.classification import describe_file


def test_each_line_with_a_description_is_described(tmp_path: Path) -> None:
    rows = "item_id,destination,description,quantity,unit_value,currency\na,DE,Mug,1,1.00,EUR\nb,DE,,1,1.00,EUR\n"
    (tmp_path / "lines.csv").write_text(rows)
    assert describe_file(tmp_path / "lines.csv") == [("a", "Mug")]
