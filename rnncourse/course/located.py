"""YAML that remembers its lines, for faults that say where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from rnncourse.course.source import Fault


class Mapping(dict[str, Any]):
    """A mapping of a YAML file: ``line`` is where it begins, ``lines`` where its keys are."""

    line: int = 1
    lines: dict[str, int]

    def __init__(self) -> None:
        super().__init__()
        self.lines = {}


class _Loader(yaml.SafeLoader):
    """Builds `Mapping`s and refuses a key that stands twice in one."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Mapping:
    mapping = Mapping()
    mapping.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in mapping:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key '{key}' stands twice", key_node.start_mark
            )
        mapping.lines[key] = key_node.start_mark.line + 1
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path, shown_as: Path | None = None) -> tuple[Any, list[Fault]]:
    """Read a YAML file.

    Parameters
    ----------
    path
        The file.
    shown_as
        The path that faults show; default: ``path``.

    Returns
    -------
    Its content, every mapping in it a `Mapping` (None if it cannot be read), and the faults.
    """
    shown = shown_as or path
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader), []
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return None, [Fault(shown, line, f"not YAML: {error.problem}", "mend this line")]
    except OSError as error:
        return None, [Fault(shown, 1, f"cannot be read: {error.strerror}", "add the file")]
