"""What in a student's code a person should look at, and what not."""

import textwrap

import nbformat
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rnncourse.grading.suspicion import MAX_CHARACTERS, suspicions


def cell(text):
    return textwrap.dedent(text).strip("\n")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("np.allclose = f", "assigns to np.allclose"),
        ("del np.allclose", "deletes np.allclose"),
        ("np.testing.assert_allclose = f", "assigns to np.testing.assert_allclose"),
        ("checks.close = lambda *a, **k: None", "assigns to checks.close"),
        ("from rnncourse import checks as c\nc.close = f", "assigns to c.close"),
        ("m = np\nm.allclose = f", "assigns to m.allclose"),
        ("setattr(np, 'allclose', f)", "changes np (setattr)"),
        ("delattr(checks, 'close')", "changes checks (delattr)"),
        ("np.__dict__['allclose'] = f", "uses np.__dict__"),
        ("vars(np)['allclose'] = f", "uses vars(np)"),
        ("globals()['checks'] = f", "assigns to a name that is only known"),
        ("checks = Fake()", "gives 'checks' another meaning"),
        ("class checks: pass", "gives 'checks' another meaning"),
        ("np, a = Fake(), 1", "gives 'np' another meaning"),
        ("import builtins", "imports builtins"),
        ("__builtins__['abs'] = f", "uses __builtins__"),
        ("__import__('o' + 's')", "uses __import__"),
        ("sys.modules['numpy'] = x", "uses sys.modules"),
        ("import sys as s\ns.meta_path.insert(0, x)", "uses sys.meta_path"),
        ("from sys import modules", "imports sys.modules"),
        ("import importlib.util", "imports importlib.util"),
        ("sys.settrace(f)", "uses sys.settrace"),
        ("gc.get_objects()", "uses gc.get_objects"),
        ("inspect.currentframe().f_back", "uses f_back"),
        ("sys._getframe(1)", "uses sys._getframe"),
        ("import ctypes", "imports ctypes"),
        ("os.fork()", "uses os.fork"),
        ("from os import fork as f", "imports os.fork"),
        ("os.execv('/bin/sh', [])", "uses os.execv"),
        ("import subprocess", "imports subprocess"),
        ("import socket", "imports socket"),
        ("from urllib.request import urlopen", "imports urllib.request"),
        ("import signal", "imports signal"),
        ("import atexit", "imports atexit"),
        ("threading.Thread(target=f).start()", "uses threading.Thread"),
        ("open('/proc/self/environ')", "reaches outside its folder"),
        ("p = '/etc/' + 'passwd'", "reaches outside its folder"),
        ("open('../bert/x.ipynb')", "reaches outside its folder"),
        ("Path('~/x').read_text()", "reaches outside its folder"),
        ("glob.glob('/*')", "reaches outside its folder"),
        ("os.environ['SECRET']", "uses os.environ"),
        ("print(os.environ)", "uses os.environ"),
        ("dict(os.environ)", "uses os.environ"),
        ("os.getenv('HOME')", "uses os.getenv"),
        ("import nbgrader", "mentions 'nbgrader'"),
        ("# ### BEGIN HIDDEN TESTS", "mentions 'HIDDEN TESTS'"),
        ("### BEGIN SOLUTION", "mentions 'BEGIN SOLUTION'"),
        ("raise checks.CheckFailure('x')", "mentions 'CheckFailure'"),
        ("get_ipython().events.register('post_run_cell', f)", "get_ipython().events"),
        ("get_ipython().user_ns", "get_ipython().user_ns"),
        ("ip = get_ipython()\nip.ast_transformers.append(x)", "get_ipython().ast_transformers"),
        ("import IPython\nIPython.get_ipython().kernel", "get_ipython().kernel"),
        ("%%javascript\nalert(1)", "uses the magic %javascript"),
        ("%%bash\nls", "uses the magic %bash"),
        ("%%writefile numpy.py\nx = 1", "uses the magic %writefile"),
        ("%run other.py", "uses the magic %run"),
        ("!cat gradebook.db", "runs a shell command"),
        ("!pip install x; cat /etc/passwd", "runs a shell command"),
        ("x = !env", "runs a shell command"),
        ("open('numpy.py', 'w').write('x')", "writes a file (open)"),
        ("open(file='x', mode='a')", "writes a file (open)"),
        ("Path('x').open('wb')", "writes a file (open)"),
        ("Path('x').write_text('y')", "writes a file (write_text)"),
        ("np.save('x', y)", "writes a file (save)"),
        ("shutil.rmtree('.')", "uses shutil.rmtree"),
        ("sys.exit(0)", "uses sys.exit"),
        ("exit()", "uses exit"),
        ("os._exit(0)", "uses os._exit"),
        ("raise SystemExit", "raises SystemExit"),
        ("exec('a' + b)", "only known when it runs (exec)"),
        ("eval(''.join(map(chr, [49])))", "only known when it runs (eval)"),
        ("compile(s, 'x', 'exec')", "only known when it runs (compile)"),
        ("exec('import socket')", "imports socket"),
        ("exec(\"exec('import socket')\")", "imports socket"),
        ("base64.b64decode(x)", "uses base64.b64decode"),
        ("import marshal", "imports marshal"),
        ("pickle.loads(x)", "uses pickle.loads"),
        ("().__class__.__base__.__subclasses__()", "uses __subclasses__"),
        ("getattr(x, '__subclasses__')", "uses __subclasses__"),
        ("f.__globals__['np']", "uses __globals__"),
        ("f.__code__ = g.__code__", "uses __code__"),
        ("x.__class__ = Y", "changes the class of an object"),
        ("getattr(os, 'sys' + 'tem')('ls')", "asks os for what is only known"),
        ("class A:\n    def __eq__(self, o):\n        return True", "__eq__ with a fixed answer"),
        ("class A:\n    def __array_function__(self): ...", "changes how NumPy computes"),
        ("class A:\n    def __reduce__(self): ...", "defines __reduce__"),
        ("class A(float): pass", "defines a kind of float"),
        ("class A(np.ndarray): pass", "defines a kind of np.ndarray"),
        ("display(Javascript('x'))", "puts a script into the page"),
        ("HTML('<script>x</script>')", "mentions '<script'"),
        ("%time np.allclose = f", "assigns to np.allclose"),
    ],
)
def test_is_it_seen(source, sentence):
    found = suspicions(source)
    assert any(sentence in line for line in found), found
    assert all(line.startswith("line ") for line in found)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\nnp.allclose = 2", 2),
        ("\n\n%matplotlib inline\nnp.allclose = 2", 4),
        ("%%time\nx = 1\nnp.allclose = 2", 3),
        ("!pip install x\n\nif True:\n    np.allclose = 2", 4),
        ("x = 1\x0c\nnp.allclose = 2", 2),
    ],
)
def test_is_the_line_right(source, line):
    assert suspicions(source) == [f"line {line}: assigns to np.allclose, which belongs to a module"]


ORDINARY = [
    "",
    "%matplotlib inline\n%config InlineBackend.figure_format = 'retina'",
    "%load_ext autoreload\n%autoreload 2",
    "%timeit rnn_step(x, h)",
    "%%time\nfor i in range(10):\n    print(i)",
    "!pip install -q 'tensorflow>=2.18' keras==3.0",
    "%pip install matplotlib",
    "!ls -la",
    "np.set_printoptions?",
    'import os\nos.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"',
    'os.environ.setdefault("KERAS_BACKEND", "tensorflow")',
    "print('RunningInCOLAB', 'google.colab' in str(get_ipython()))",
    """
    import warnings

    import matplotlib.pyplot as plt
    import pandas as pd

    warnings.filterwarnings("ignore")
    np.random.seed(42)
    tf.random.set_seed(42)
    keras.utils.set_random_seed(0)
    plt.rcParams["figure.figsize"] = (8, 4)
    plt.rcParams.update({"font.size": 12})
    plt.style.use("ggplot")
    pd.options.display.max_rows = 20
    np.set_printoptions(precision=3, suppress=True)
    """,
    """
    fig, ax = plt.subplots(figsize=(8, 3))
    ax.plot(np.arange(10), [v**2 for v in range(10)], label="a/b")
    ax.set(xlabel="time", ylabel="h")
    ax.legend()
    plt.savefig("figure.png")
    plt.show()
    """,
    """
    class Cell:
        '''/tmp/x is not used by this cell.'''

        def __init__(self, units):
            self.units = units
            self.W = np.zeros((units, units))

        def __repr__(self):
            return f"{self.__class__.__name__}({self.units})"

        def __eq__(self, other):
            return self.units == other.units

        def __call__(self, x, h):
            return np.tanh(x @ self.W + h)

    class Layer(keras.layers.Layer):
        def call(self, x):
            return super().call(x)
    """,
    """
    try:
        y = rnn_step(x, h)
        assert y.shape == (2, 3), f"got {y.shape}"
    except NotImplementedError as error:
        print("not yet", type(error).__name__)
    except (ValueError, KeyError):
        raise
    """,
    """
    model = keras.Sequential([keras.layers.Input((None, 1)), keras.layers.SimpleRNN(4)])
    model.compile(optimizer="adam", loss="mse")
    model.optimizer.learning_rate = 0.01
    history = model.fit(x, y, epochs=3, verbose=0)
    model.save("model.keras")
    print(history.history["loss"][-1], model.evaluate(x, y))
    """,
    """
    from functools import reduce
    import inspect, time, random, gc, copy, itertools
    from scipy import signal

    start = time.time()
    print(inspect.signature(rnn_step), inspect.getsource(rnn_step))
    gc.collect()
    hidden_test = [random.random() for _ in range(3)]  # hidden states on the test set
    data = {"a/b": 1}
    data["x"] = "/".join(["a", "b"])
    list, sum = [], 0
    exec_time = eval("2 + 2")
    with open("notes.txt") as file:
        text = file.read()
    """,
    "if x:\n",
    "this is no Python at all",
    "def f(x):\n\treturn x\n        return 2",
    "await asyncio.sleep(0)",
]


@pytest.mark.parametrize("source", ORDINARY)
def test_is_ordinary_code_not_suspected(source):
    assert suspicions(cell(source)) == []


def test_is_no_answer_of_ours_suspected(course):
    solutions = [s for chapter in course for s in chapter.solutions.values()]
    answers = [
        answer.source
        for solution in solutions
        for answer in (solution.answer, *solution.also_correct, *solution.misconceptions)
        if solution.hidden is not None
    ]
    assert len(answers) > 50
    assert [suspicions(answer) for answer in answers] == [[]] * len(answers)


def test_is_no_cell_of_a_chapter_suspected(course):
    cells = [c for chapter in course for c in chapter.cells if c.is_code and c.role != "tests"]
    assert [found for c in cells if (found := suspicions(c.source))] == []


@pytest.mark.parametrize(
    "source",
    [
        "-" * 50_000 + "1",
        "a" + ".b" * 50_000,
        "1" + "+1" * 50_000,
        "(" * 50_000,
        "lambda:" * 20_000 + "1",
        "if a: pass\n" + "elif a: pass\n" * 10_000,
        "exec(" * 90 + "'x'" + ")" * 90,
    ],
)
def test_does_deep_code_end_in_a_sentence_at_most(source):
    assert len(suspicions(source)) <= 2


def test_is_a_text_within_a_text_within_a_text_looked_at():
    source = "np.allclose = 1"
    for _ in range(6):
        source = f"exec({source!r})"
    assert suspicions(source) == ["line 1: assigns to np.allclose, which belongs to a module"]


def test_is_a_cell_that_is_too_long_said_to_be_so():
    assert "too many to be looked at" in suspicions("x" * (MAX_CHARACTERS + 1))[0]


def test_are_many_sentences_cut():
    found = suspicions("np.allclose = 1\n" * 500)
    assert len(found) == 21
    assert found[-1] == "and 480 more of this kind"


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=300)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "lambda",
                "exec(",
                "eval('",
                "get_ipython()",
                ".system('x')",
                *"!?='\"\n:\0\\([{)%\ud800\x0c\r",
                "%%time",
                "%time",
                "np.x",
                "1",
                "def",
                "class",
            ]
        ),
        max_size=15,
    ).map(" ".join)
)
@example("%\x1b")
def test_does_any_text_end_in_sentences(source):
    assert all(line.isprintable() for line in suspicions(source))


def test_does_the_text_of_a_released_notebook_raise_no_suspicion(course):
    from rnncourse.course.assemble import Publication, student_notebook
    from rnncourse.course.plain import plain_context

    context, publication = plain_context(course.root), Publication.read(course.root)
    for chapter in course:
        notebook = student_notebook(chapter, context, publication)
        assert isinstance(notebook, nbformat.NotebookNode)
        students = [
            c
            for c in notebook.cells
            if c.cell_type == "code" and not c.metadata.get("nbgrader", {}).get("grade")
        ]
        assert [suspicions(c.source) for c in students] == [[]] * len(students)
