"""Do Keras models travel between a submission and the judge, and never any code?"""

from __future__ import annotations

import base64
import json
import marshal
from typing import Any

import pytest

from rnncourse.grading.engine import keras_wire
from rnncourse.grading.running import run_notebook
from rnncourse.grading.task import Code, Limits, Run, Task

pytestmark = pytest.mark.xdist_group("engine")

MB = 1_000_000

SETUP = "import numpy as np\nfrom rnncourse import keras\nfrom rnncourse import checks\n"


def run(*cells: str | tuple[str, str], **limits: Any) -> Run:
    """Run student's cells (texts) and tests (a name and a text)."""
    codes = [Code(0, SETUP, "setup"), Code(1, SETUP, "student")]
    for number, cell in enumerate(cells, 2):
        if isinstance(cell, tuple):
            codes.append(Code(number, cell[1], "tests", cell[0]))
        else:
            codes.append(Code(number, cell, "student"))
    return run_notebook(Task(tuple(codes)), Limits(**limits))


def shares(run: Run) -> dict[str, float]:
    assert run.ended == "finished", run.message
    return {name: result.share for name, result in run.results.items()}


MODELS = {
    "sequential": "keras.Sequential([keras.layers.Input((4, 3)), keras.layers.GRU(2)])",
    "functional": (
        "(lambda i: keras.Model(i, keras.layers.Dense(2)(keras.layers.LSTM(3)(i))))"
        "(keras.Input((4, 3)))"
    ),
    "masked": (
        "(lambda i: keras.Model(i, keras.layers.LSTM(3)(keras.layers.Masking(0.0)(i))))"
        "(keras.Input((4, 3)))"
    ),
    "bidirectional": (
        "keras.Sequential([keras.layers.Input((4, 3)), keras.layers.Bidirectional("
        "keras.layers.LSTM(2, return_sequences=True), merge_mode='sum'),"
        "keras.layers.TimeDistributed(keras.layers.Dense(1, 'sigmoid'))])"
    ),
    "stateful": (
        "keras.Sequential([keras.layers.Input(batch_shape=(2, 4, 3)),"
        "keras.layers.SimpleRNN(2, stateful=True)])"
    ),
    "nested": (
        "keras.Sequential([keras.layers.Input((4, 3)), keras.Sequential(["
        "keras.layers.Masking(0.0), keras.layers.GRU(2)]), keras.layers.Dense(1)])"
    ),
    "compiled": (
        "(lambda m: (m.compile('adam', 'mse'), m)[1])(keras.Sequential(["
        "keras.layers.Input((4, 3)), keras.layers.LSTM(2, kernel_regularizer='l2')]))"
    ),
    "trained": (
        "(lambda m: (m.compile('sgd', 'mse'), m.fit(np.ones((4, 4, 3)), np.ones((4, 2)),"
        "verbose=0), m)[2])(keras.Sequential([keras.layers.Input((4, 3)), keras.layers.GRU(2)]))"
    ),
}


def test_does_a_model_of_every_kind_give_the_same_on_both_sides() -> None:
    cells: list[str | tuple[str, str]] = []
    for name, source in MODELS.items():
        cells.append(
            f"made_{name} = {source}\ndef {name}(x):\n    if x is None: return made_{name}"
        )
        cells[-1] += f"\n    return made_{name}.predict(x, verbose=0)"  # type: ignore[operator]
        test = (
            f"x = np.random.default_rng(1).normal(size=(2, 4, 3))\nwanted = {name}(x)\n"
            f"model = {name}(None)\nassert isinstance(model, keras.Model)\n"
            "checks.close(model.predict(x, verbose=0), wanted)"
        )
        cells.append((name, test))
    assert shares(run(*cells)) == dict.fromkeys(MODELS, 1.0)


def test_does_the_mask_of_an_embedding_travel_in_a_functional_model() -> None:
    made = (
        "def masked():\n    ids = keras.Input((None,))\n"
        "    known = keras.layers.Embedding(9, 3, mask_zero=True)(ids)\n"
        "    return keras.Model(ids, keras.layers.LSTM(4)(known))"
    )
    test = (
        "model = masked()\nids = np.array([[1, 2, 0, 0]])\n"
        "checks.close(model.predict(ids, verbose=0), model.predict(ids[:, :2], verbose=0))"
    )
    assert shares(run(made, ("masked", test))) == {"masked": 1.0}


def test_do_layers_and_changed_weights_travel() -> None:
    result = run(
        "def layer(): return keras.layers.LSTM(3, return_sequences=True)",
        (
            "layer",
            "made = layer()\nassert made.units == 3 and made.return_sequences and not made.built",
        ),
        "def built():\n    d = keras.layers.Dense(2)\n    d.build((None, 3))\n    return [d]",
        ("built", "assert built()[0].get_weights()[0].shape == (3, 2)"),
        "def ones(model):\n    model.set_weights([np.ones_like(w) for w in model.get_weights()])",
        (
            "ones",
            "m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])\n"
            "ones(m)\nassert all((w == 1).all() for w in m.get_weights())",
        ),
        "def count(model): return model.count_params(), [type(v).__name__ for v in model.layers]",
        (
            "count",
            "m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])\n"
            "assert count(m) == (3, ['Dense'])",
        ),
        "def tensor(x): return keras.ops.tanh(x)",
        ("tensor", "checks.close(tensor(np.zeros((2, 3), 'float32')), np.zeros((2, 3)))"),
    )
    assert shares(result) == dict.fromkeys(("layer", "built", "ones", "count", "tensor"), 1.0)


def test_does_a_layer_of_ones_own_or_with_code_fail_only_its_exercise() -> None:
    result = run(
        "class Mine(keras.layers.Layer):\n    def call(self, x): return x\n"
        "def own(): return keras.Sequential([Mine()])",
        ("own", "own().layers[0]"),
        "def code(): return keras.Sequential([keras.layers.Lambda(lambda x: x)])",
        ("code", "code().layers[0]"),
        "class Model(keras.Model):\n    def __init__(self, n):\n        super().__init__()\n"
        "def sub(): return Model(3)",
        ("sub", "sub().layers"),
        "def fine(): return keras.layers.Dense(1)",
        ("fine", "assert fine().units == 1"),
    )
    assert shares(result) == {"own": 0, "code": 0, "sub": 0, "fine": 1}


# hostile configurations


def of(name: str, module: Any, config: Any = None, **more: Any) -> dict[str, Any]:
    config = {} if config is None else config
    return {"class_name": name, "module": module, "config": config, "registered_name": None, **more}


def sequential(*layers: Any, **more: Any) -> dict[str, Any]:
    return of("Sequential", "keras", {"name": "s", "layers": list(layers)}, **more)


def deep(times: int) -> Any:
    config: Any = []
    for _ in range(times):
        config = [config]
    return config


MARK = "/tmp/keras-ran-code"
CODE = base64.b64encode(marshal.dumps(compile(f"open({MARK!r}, 'w')", "x", "exec"))).decode()
LAMBDA = {"class_name": "__lambda__", "config": {"value": [CODE, None, None]}}
FUNCTION = {"class_name": "function", "module": "os", "config": "system", "registered_name": "x"}

HOSTILE: dict[str, Any] = {
    # CVE-2024-3660: byte code in a Lambda layer
    "lambda layer": sequential(of("Lambda", "keras.layers", {"function": LAMBDA})),
    "lambda": sequential(of("Dense", "keras.layers", {"units": 1, "activation": LAMBDA})),
    "lambda by its old name": sequential({"class_name": "Lambda", "config": {"function": CODE}}),
    "lambda by its place": of("Lambda", "keras.src.layers.core.lambda_layer", {"function": LAMBDA}),
    "lambda registered": of("Dense", "keras.layers", {"units": 1}, registered_name="keras>Lambda"),
    "lambda in a wrapper": of(
        "TimeDistributed",
        "keras.layers",
        {"layer": of("Lambda", "keras.layers", {"function": LAMBDA})},
    ),
    # CVE-2025-1550: any function of any module
    "function": of("Dense", "keras.layers", {"units": 1, "activation": FUNCTION}),
    "function of builtins": of(
        "Dense",
        "keras.layers",
        {"activation": {**FUNCTION, "module": "builtins", "config": "exec"}},
    ),
    "class of os": of("system", "os", {"command": f"touch {MARK}"}),
    "class of builtins": of("exec", "builtins"),
    "class of subprocess": of("Popen", "subprocess", {"args": ["touch", MARK]}),
    "module only": of("x", "antigravity"),
    # CVE-2025-8747, CVE-2025-9906: functions of Keras's own
    "get_file": of("get_file", "keras.utils", {"fname": "x", "origin": "http://192.0.2.1"}),
    "load_model": of("load_model", "keras.models", {"filepath": "/tmp/x.keras"}),
    "unsafe": of("enable_unsafe_deserialization", "keras.config"),
    "unsafe function": of(
        "Dense",
        "keras.layers",
        {
            "activation": {
                **FUNCTION,
                "module": "keras.config",
                "config": "enable_unsafe_deserialization",
            }
        },
    ),
    "activation by another door": of(
        "Dense",
        "keras.layers",
        {"activation": {"class_name": "function", "module": None, "config": "__loader__"}},
    ),
    # CVE-2025-49655, CVE-2025-12058: layers that load files
    "torch": of("TorchModuleWrapper", "keras.layers", {"module": CODE}),
    "saved model": of("TFSMLayer", "keras.layers", {"filepath": "/tmp/x"}),
    "words": of("StringLookup", "keras.layers", {"vocabulary": "/proc/self/environ"}),
    "words inside": sequential(of("TextVectorization", "keras.layers", {"vocabulary": "/etc/x"})),
    "numbers": of("IntegerLookup", "keras.layers", {"vocabulary": "gs://x/y"}),
    "type": {"class_name": "__typespec__", "spec_name": "system", "module": "os", "config": []},
    "loss": sequential(compile_config={"loss": FUNCTION}),
    "built with": sequential(build_config={"input_shape": of("system", "os")}),
    # shapes that are none
    "deep": deep(300),
    "deep layers": sequential(deep(60)),
    "number": 5,
    "nothing": None,
    "list": [],
    "no class": {"config": {}},
    "class is a number": of(5, "keras.layers"),  # type: ignore[arg-type]
    "class is a list": of(["Dense"], "keras.layers"),  # type: ignore[arg-type]
    "module is a number": of("Dense", 5),
    "not a layer": of("Adam", "keras.optimizers"),
    "module with dots": of("Dense", "keras.layers.__class__.__init__.__globals__"),
    "wrong number": of("Dense", "keras.layers", {"units": -1}),
    "wrong kind": of("Dense", "keras.layers", {"units": "many"}),
    "gigantic": of(
        "Dense", "keras.layers", {"units": 2**40}, build_config={"input_shape": [None, 2**40]}
    ),
    "large": of(
        "Dense", "keras.layers", {"units": 40_000}, build_config={"input_shape": [None, 40_000]}
    ),
    "cycle": of(
        "Functional",
        "keras.src.models.functional",
        {
            "name": "f",
            "layers": [
                {
                    **of("Dense", "keras.layers", {"units": 1, "name": "a"}),
                    "name": "a",
                    "inbound_nodes": [
                        {
                            "args": [
                                of(
                                    "__keras_tensor__",
                                    None,
                                    {
                                        "shape": [None, 1],
                                        "dtype": "float32",
                                        "keras_history": ["a", 0, 0],
                                    },
                                )
                            ],
                            "kwargs": {},
                        }
                    ],
                }
            ],
            "input_layers": [["a", 0, 0]],
            "output_layers": [["a", 0, 0]],
        },
    ),
}

#: Hands a configuration to the judge as if it were a model's.
FORGED = """
import gc, json, msgpack
from rnncourse.grading.engine import keras_wire
HOSTILE = json.loads({text!r})
class Model(keras.layers.Dense):
    pass
real = keras_wire.to_plain
def forged(value):
    return (value.text, []) if isinstance(value, Model) else real(value)
keras_wire.to_plain = forged
def hostile(name):
    made = Model(1)
    made.text = json.dumps(HOSTILE[name])
    return made
def weights(name):
    keras_wire.to_plain = lambda value: (real(keras.layers.Dense(1))[0], eval(name))
    return keras.layers.Dense(1)
def fine(): 
    keras_wire.to_plain = real
    return keras.layers.Dense(1)
"""


@pytest.mark.parametrize("name", [n for n in HOSTILE if n not in ("large", "gigantic", "cycle")])
def test_is_a_hostile_configuration_refused_before_keras_reads_it(name: str) -> None:
    allowed = ("number", "nothing", "list", "no class", "not a layer", "wrong number", "wrong kind")
    if name in allowed:
        keras_wire.check(HOSTILE[name])  # harmless to read; what comes of it is no layer
    else:
        with pytest.raises(keras_wire.NotPlain):
            keras_wire.check(HOSTILE[name])


def test_does_a_hostile_configuration_run_nothing_and_fail_only_its_exercise() -> None:
    names = list(HOSTILE)
    cell = FORGED.format(text=json.dumps(HOSTILE))
    collected = "came = {}\n" + "".join(
        f"try:\n    hostile({name!r}); came[{name!r}] = 'made'\n"
        f"except Exception as error: came[{name!r}] = type(error).__name__\n"
        for name in names
    )
    collected += f"import os\nassert not os.path.exists({MARK!r})\n"
    collected += "assert set(came.values()) == {'TypeError'}, str(came)"
    result = run(
        cell,
        ("hostile", collected),
        ("fine", "assert fine().units == 1"),
        cell_seconds=120,
        memory_bytes=1000 * MB,
        value_bytes=10 * MB,
    )
    assert shares(result) == {"hostile": 1, "fine": 1}, result.results


def test_do_wrong_weights_fail_only_their_exercise() -> None:
    cell = FORGED.format(text="{}")
    wrong = ["[np.ones(3)]", "7", "['a']", "[np.array([None])]", "{'a': 1}"]
    test = "".join(
        f"try:\n    weights({source!r})\nexcept TypeError: pass\nelse: assert False, {source!r}\n"
        for source in wrong
    )
    result = run(cell, ("weights", test), ("fine", "assert fine().units == 1"))
    assert shares(result) == {"weights": 1, "fine": 1}, result.results


def test_does_keras_train_in_a_fork_with_its_own_random_numbers() -> None:
    source = (
        "m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(3)])\n"
        "def first(): return float(m.get_weights()[0][0, 0])"
    )
    see = ("first", "raise AssertionError(str(first()))")
    assert len({run(source, see).results["first"].message for _ in range(2)}) == 2


def test_is_memory_of_many_forks_of_keras_counted_in_time() -> None:
    source = """
import os, time
for _ in range(60):
    if os.fork() == 0:
        time.sleep(0.5)
        kept = [b"x" * 1_000_000 for _ in range(20)]
        time.sleep(60)
time.sleep(20)
"""
    result = run("", source, memory_bytes=600 * MB, cell_seconds=25)
    assert result.ended == "killed"
    assert result.memory_bytes < 2500 * MB
    assert result.seconds < 25
