"""Keras models and layers as plain data: their configuration and their weights.

A configuration says which classes are to be made and with which arguments, and Keras makes
whatever it names. So one that comes from a student's process is read first: only Keras's own
layers, initializers and the like may occur, and none that carries code.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np

_MODULES = (
    "keras",
    "keras.activations",
    "keras.constraints",
    "keras.initializers",
    "keras.layers",
    "keras.losses",
    "keras.metrics",
    "keras.models",
    "keras.optimizers",
    "keras.optimizers.schedules",
    "keras.regularizers",
    "keras.src.models.functional",
    "keras.src.models.sequential",
)
#: Classes that run what they are given, or load files.
_CODE = ("Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "Pipeline")
#: What layers that mask leave in a functional model: where is a value, is there any?
_OF_MASKS = (("keras.src.ops.numpy", "NotEqual"), ("keras.src.ops.numpy", "Any"))
_BUILT_IN = ("__tuple__", "__tensor__", "__numpy__", "__keras_tensor__", "__ellipsis__")
_DEPTH = 40


@dataclass(frozen=True)
class Parts:
    """A model or layer that was not made again: its configuration and weights."""

    config: dict[str, Any]
    weights: list[np.ndarray]

    @classmethod
    def from_plain(cls, config: str, weights: list[np.ndarray]) -> Parts:
        """Read what `to_plain` made.

        Raises
        ------
        NotPlain
            If it is something else.
        """
        plain = json.loads(config)
        if not isinstance(plain, dict) or not all(isinstance(w, np.ndarray) for w in weights):
            raise NotPlain("is something else")
        check(plain)
        return cls(plain, weights)

    def structure(self) -> str:
        """The configuration, the same for models made alike: names count up, and seeds differ."""
        names: dict[str, str] = {}
        _collect_names(self.config, names)
        return json.dumps(_without_names(self.config, names), sort_keys=True)


def _collect_names(config: Any, names: dict[str, str]) -> None:
    if isinstance(config, dict):
        is_type = config.keys() == {"name"}  # such as float32
        if isinstance(config.get("name"), str) and not is_type:
            names.setdefault(config["name"], f"#{len(names)}")
        for item in config.values():
            _collect_names(item, names)
    elif isinstance(config, list):
        for item in config:
            _collect_names(item, names)


def _without_names(config: Any, names: dict[str, str]) -> Any:
    if isinstance(config, dict):
        left_out = ("seed", "registered_name", "build_config", "compile_config")
        kept = {key: item for key, item in config.items() if key not in left_out}
        return {key: _without_names(item, names) for key, item in kept.items()}
    if isinstance(config, list):
        return [_without_names(item, names) for item in config]
    return names.get(config, config) if isinstance(config, str) else config


class NotPlain(ValueError):
    """A configuration that names something that may not be made; the text says what."""


def to_plain(value: Any) -> tuple[str, list[np.ndarray]] | None:
    """A model's or a layer's configuration and weights; None for anything else.

    Raises
    ------
    NotPlain
        If the other side could not make it again from these.
    """
    import keras

    if not isinstance(value, keras.Model | keras.layers.Layer):
        return None
    try:
        config = keras.saving.serialize_keras_object(value)
        config.pop("compile_config", None)
        text = json.dumps(config)
    except Exception:
        raise NotPlain("has no configuration that Keras can store") from None
    check(json.loads(text))
    return text, [np.asarray(weight) for weight in value.get_weights()]


def from_plain(config: str, weights: list[np.ndarray]) -> Any:
    """Make a model or a layer again.

    Raises
    ------
    NotPlain
        If the configuration names anything but Keras's own classes.
    """
    from rnncourse import keras

    plain = json.loads(config)
    check(plain)
    made = keras.saving.deserialize_keras_object(plain, safe_mode=True)
    if not isinstance(made, keras.Model | keras.layers.Layer):
        raise NotPlain("is something else")
    if weights:
        made.set_weights(weights)
    return made


def check(config: Any, depth: int = 0) -> None:
    """Refuse a configuration that makes Keras do more than put layers together.

    Raises
    ------
    NotPlain
        If it does.
    """
    if depth > _DEPTH:
        raise NotPlain("is nested too deeply")
    if isinstance(config, list):
        for item in config:
            check(item, depth + 1)
    elif isinstance(config, dict):
        if "class_name" in config:
            _check_class(config)
        if isinstance(config.get("vocabulary"), str):
            raise NotPlain("has its words in a file")
        for item in config.values():
            check(item, depth + 1)


def _check_class(config: dict[str, Any]) -> None:
    import keras

    name, module = config["class_name"], config.get("module")
    if (name in _BUILT_IN and module is None) or (module, name) in _OF_MASKS:
        return
    wanted: type = type
    if name == "function" and module in (None, "builtins"):
        name, module, wanted = config.get("config"), "keras.activations", FunctionType
    if config.get("registered_name") not in (None, name, "function"):
        raise NotPlain(f"holds {name!s:.60}, which is not a class of Keras")
    if module not in _MODULES or name in _CODE or not isinstance(name, str):
        raise NotPlain(f"holds {name!s:.60}, which is not a class of Keras that grading knows")
    public = keras
    for part in module.split(".")[1:]:
        public = getattr(public, part, None) if part != "src" else keras
    found = getattr(public, name, None)
    if name not in ("Functional", "Sequential", "DTypePolicy") and not isinstance(found, wanted):
        raise NotPlain(f"holds {name:.60}, which is not a class of Keras")
