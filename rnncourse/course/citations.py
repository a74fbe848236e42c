"""How a source is named: "Elman, 1990", in the text, in the list and in student notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.labels import BaseLabelStyle

#: The name of the list's style in ``bibtex_default_style``.
STYLE_NAME = "course"


def authors(entry: Entry) -> str:
    """The last names of a source's authors, or editors: "Bai et al." from three on."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [
        " ".join(str(part) for part in (*person.rich_prelast_names, *person.rich_last_names))
        for person in people
    ]
    if not names:
        return str(entry.rich_fields.get("title", entry.key))
    return " and ".join(names) if len(names) <= 2 else f"{names[0]} et al."


def year(entry: Entry) -> str:
    """The year of a source, or "n.d." for no date."""
    return str(entry.fields.get("year", "n.d."))


class AuthorYearLabels(BaseLabelStyle):
    """Labels such as "Elman, 1990"; a second source of that name and year gets a "b"."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        seen: dict[str, int] = {}
        for entry in sorted_entries:
            label = f"{authors(entry)}, {year(entry)}"
            seen[label] = seen.get(label, 0) + 1
            yield (
                label if seen[label] == 1 else label + "abcdefghijklmnopqrstuvwxyz"[seen[label] - 1]
            )


class CourseStyle(PlainStyle):
    """pybtex's plain style with author and year as the label."""

    default_label_style = AuthorYearLabels


def register() -> None:
    """Make the style known to pybtex under its name."""
    register_plugin("pybtex.style.formatting", STYLE_NAME, CourseStyle)
