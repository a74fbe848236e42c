"""What a gradebook holds, whatever database it is in, without the ids that nbgrader draws."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, create_engine, select

#: Tables whose rows others refer to by drawn ids, the referred ones first.
_NAMED = (
    *("assignment", "notebook", "base_cell", "source_cell"),
    *("submitted_assignment", "submitted_notebook"),
)


def rows_of(url: str) -> dict[str, list[str]]:
    """All rows of all tables, sorted, with what an id stands for in the id's place."""
    engine = create_engine(url)
    metadata = MetaData()
    metadata.reflect(engine)
    labels: dict[Any, Any] = {}
    content = {}
    with engine.connect() as connection:
        tables = [*_NAMED, *sorted(set(metadata.tables) - set(_NAMED))]
        for name in tables:
            rows = []
            for row in connection.execute(select(metadata.tables[name])).mappings():
                drawn = row["id"] if name not in ("student", "course", "alembic_version") else None
                values = {
                    column: labels.get(value, value)
                    for column, value in row.items()
                    if column != "id" or value != drawn or value in labels
                }
                if name in _NAMED:
                    labels[drawn] = tuple(values.values())
                rows.append(repr(values))
            content[name] = sorted(rows)
    engine.dispose()
    return content
