"""YAML that remembers its lines, for faults that say where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from rnncourse.course.source import CourseError, Fault
from rnncourse.files import read_text


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
    if not path.is_file():
        return None, [Fault(shown, 1, "there is no such file", "add it")]
    try:
        return yaml.load(read_text(path), Loader=_Loader), []
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return None, [Fault(shown, line, f"not YAML: {error.problem}", "mend this line")]
    except yaml.YAMLError as error:
        return None, [Fault(shown, 1, f"not YAML: {error}".splitlines()[0], "mend the file")]


def read_config(root: Path) -> dict[str, Any]:
    """Read the settings of the Jupyter Book, ``_config.yml``.

    Raises
    ------
    CourseError
        If it is not YAML, or it or one of its sections is not a mapping.
    """
    shown = Path("_config.yml")
    config, faults = read_yaml(root / shown, shown)
    if faults:
        raise CourseError(faults)
    config = {} if config is None else config
    sections = {"the file": config}
    if isinstance(config, dict):
        sections |= {name: config.get(name) or {} for name in ("html", "repository", "sphinx")}
    for name, section in sections.items():
        if not isinstance(section, dict):
            raise CourseError([Fault(shown, 1, f"{name} is not a mapping", "write key: value")])
    return {**config, **{name: section for name, section in sections.items() if name in config}}
