"""Read a student's code for what an honest answer has no need of.

For the instructor's eyes only: it changes no mark and it stops nothing. The sandbox and the
judge do that; this says where to look when they have had something to do. It is a look at the
text, so what is hidden well enough is not seen, and what is seen may be innocent.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator

#: A longer text is not looked at; an honest cell is below 10 kB.
MAX_CHARACTERS = 200_000

#: So many sentences are enough to make a person look.
MAX_SENTENCES = 20


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# names that stand for these modules in every cell, as the set-up imports them
_USUAL = {
    "np": "numpy",
    "plt": "matplotlib.pyplot",
    "tf": "tensorflow",
    "keras": "keras",
    "rnncourse": "rnncourse",
    "checks": "rnncourse.checks",
}
# assigned to by honest code: settings
_SETTINGS = frozenset({"rcParams", "options", "style", "formatter", "colors"})

_IMPORTS = {
    "subprocess": "starts other programs",
    "pty": "starts other programs",
    "ctypes": "reaches into the memory of Python",
    "cffi": "reaches into the memory of Python",
    "mmap": "reaches into the memory of Python",
    "socket": "asks for the network",
    "requests": "asks for the network",
    "urllib": "asks for the network",
    "http": "asks for the network",
    "ftplib": "asks for the network",
    "smtplib": "asks for the network",
    "aiohttp": "asks for the network",
    "httpx": "asks for the network",
    "zmq": "asks for the network",
    "signal": "changes what happens at the end of a time limit",
    "atexit": "leaves something to do for later",
    "faulthandler": "changes what happens at the end of a time limit",
    "resource": "looks at or changes the limits of the run",
    "marshal": "hides code",
    "builtins": "reaches for Python's own functions",
    "psutil": "looks at other processes",
    "pwd": "looks at the machine",
    "getpass": "looks at the machine",
    "ipykernel": "reaches for the kernel that runs it",
    "jupyter_client": "reaches for the kernel that runs it",
    "nbformat": "reads or writes notebooks",
    "nbclient": "reads or writes notebooks",
    "nbgrader": "uses the program that marks",
}
# `from scipy import signal` is not meant: the whole dotted name counts
_MEMBERS = {
    **dict.fromkeys(
        ("sys.modules", "sys.meta_path", "sys.path_hooks", "sys.path_importer_cache"),
        "changes what an import gives",
    ),
    **dict.fromkeys(
        ("importlib.machinery", "importlib.abc", "importlib.util", "importlib.reload"),
        "changes what an import gives",
    ),
    **dict.fromkeys(
        ("sys.settrace", "sys.setprofile", "sys.addaudithook", "threading.settrace"),
        "watches other code while it runs",
    ),
    **dict.fromkeys(
        (
            "sys._getframe",
            "sys._current_frames",
            "inspect.currentframe",
            "inspect.stack",
            "inspect.trace",
            "inspect.getouterframes",
            "inspect.getinnerframes",
            "gc.get_objects",
            "gc.get_referrers",
            "gc.get_referents",
            "tracemalloc.start",
        ),
        "looks at the variables of other code",
    ),
    **dict.fromkeys(
        ("sys.exit", "os._exit", "os.abort", "os.kill", "os.killpg"), "ends the program"
    ),
    **dict.fromkeys(("os.fork", "os.forkpty", "os.setsid"), "starts a process that may stay"),
    **dict.fromkeys(
        ("os.system", "os.popen", "os.posix_spawn", "os.startfile"), "starts other programs"
    ),
    **dict.fromkeys(
        ("threading.Thread", "threading.Timer", "_thread.start_new_thread"),
        "starts a thread that may go on while tests run",
    ),
    **dict.fromkeys(
        ("multiprocessing.Process", "multiprocessing.Pool"), "starts a process that may stay"
    ),
    **dict.fromkeys(("os.environ", "os.getenv", "os.environb"), "reads the environment"),
    **dict.fromkeys(
        ("os.chmod", "os.chown", "os.link", "os.symlink", "os.mkfifo", "os.mknod", "os.chroot"),
        "changes files",
    ),
    **dict.fromkeys(
        ("os.remove", "os.unlink", "os.rename", "os.replace", "os.rmdir", "os.truncate"),
        "changes files",
    ),
    **dict.fromkeys(
        ("shutil.rmtree", "shutil.copy", "shutil.copytree", "shutil.move", "shutil.copyfile"),
        "changes files",
    ),
    **dict.fromkeys(
        (
            "pickle.load",
            "pickle.loads",
            "dill.loads",
            "cloudpickle.loads",
            "base64.b64decode",
            "base64.b32decode",
            "base64.b85decode",
            "base64.a85decode",
            "codecs.decode",
            "zlib.decompress",
            "types.CodeType",
            "types.FunctionType",
        ),
        "hides code",
    ),
    "sys.__stdout__": "writes past what the cell prints",
    "sys.__stderr__": "writes past what the cell prints",
    "os.dup2": "writes past what the cell prints",
}
_STARTS = ("os.exec", "os.spawn")

_ATTRIBUTES = {
    **dict.fromkeys(
        ("f_back", "f_globals", "f_locals", "f_builtins", "tb_frame", "gi_frame", "cr_frame"),
        "looks at the variables of other code",
    ),
    **dict.fromkeys(
        ("__subclasses__", "__mro__", "__bases__", "__base__"), "climbs through Python's classes"
    ),
    **dict.fromkeys(
        ("__globals__", "__builtins__", "__closure__", "__loader__", "__spec__"),
        "reaches into functions or modules",
    ),
    **dict.fromkeys(("__code__", "co_code", "co_consts"), "reaches into the code of functions"),
}
# what an object uses to lie in a comparison, or to act when it is looked at or thrown away
_METHODS = {
    **dict.fromkeys(
        ("__array_function__", "__array_ufunc__", "__array_priority__", "__array_interface__"),
        "changes how NumPy computes with it",
    ),
    **dict.fromkeys(
        ("__reduce__", "__reduce_ex__", "__setstate__", "__del__"),
        "acts when copied or freed",
    ),
    **dict.fromkeys(
        ("__instancecheck__", "__subclasscheck__", "__getattribute__"),
        "pretends to be of another type",
    ),
}
_COMPARISONS = _words("__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __bool__")
_PLAIN = _words("int float complex bool str bytes list tuple dict set")
_PLAIN_BASES = _PLAIN | {"ndarray", "AssertionError", "BaseException"}

_WRITERS = frozenset({"write_text", "write_bytes", "tofile", "savetxt", "savez", "memmap"})
_OPENERS = _words(
    "open Path PurePath listdir scandir walk glob iglob rglob load loadtxt genfromtxt "
    "fromfile read_csv read_text read_bytes exists isfile isdir stat chdir access "
    "run_path"
)
_SECRET_PLACE = re.compile(r"/(proc|etc|sys|dev|root|home|var|usr|tmp|run|srv|mnt|opt)(/|$)")
_HARMLESS_VARIABLE = re.compile(r"(TF|KERAS|CUDA|XLA|OMP|MKL|OPENBLAS|NUMEXPR|PYTHONHASHSEED|MPL)")
_WORDS = re.compile(
    r"(?i:nbgrader|gradebook|autograd(?:er?|ing)\b|rnncourse[./]grading|\.rnncourse\b|<script)"
    # in capitals: an RNN's hidden states on test data are another thing
    r"|(?:BEGIN|END) SOLUTION|HIDDEN TESTS?|CheckFailure|_hidden_"
)

_HARMLESS_SHELL = re.compile(
    r"(?:(?:python3?|\{sys\.executable\}) -m )?pip3? [^;|&`$]*$|(?:ls|pwd|nvidia-smi)\b[^;|&`$<>]*$"
)
_CODE_MAGICS = frozenset({"time", "timeit", "capture", "prun", "memit"})
_HARMLESS_MAGICS = _CODE_MAGICS | _words(
    "matplotlib pip conda ls pwd who whos who_ls config precision autoreload load_ext "
    "reload_ext tensorboard pinfo pinfo2 psearch pdoc psource lsmagic xmode pylab "
    "doctest_mode history hist markdown latex debug pdb html svg mprun lprun reset "
    "reset_selective"
)
_SHELL_METHODS = frozenset({"system", "getoutput"})
_MAGIC_METHODS = frozenset({"run_line_magic", "run_cell_magic", "magic"})

_Found = Iterator[tuple[int, str]]
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def suspicions(source: str) -> list[str]:
    """Say what in a cell of a student's a person should look at.

    Parameters
    ----------
    source
        The text of a code cell, with IPython's magics and shell escapes. It is never run.

    Returns
    -------
    Sentences such as ``line 3: assigns to np.allclose``, by line, each once; empty for most.
    Code that Python cannot read gives what its words alone show.
    """
    if len(source) > MAX_CHARACTERS:
        return [f"line 1: the cell has {len(source)} characters, too many to be looked at"]
    found = {*_in_words(source), *_in_code(source, 0)}
    sentences = [f"line {line}: {_printable(sentence)}" for line, sentence in sorted(found)]
    if len(sentences) > MAX_SENTENCES:
        left = len(sentences) - MAX_SENTENCES
        sentences[MAX_SENTENCES:] = [f"and {left} more of this kind"]
    return sentences


def _printable(sentence: str) -> str:
    """A sentence that does nothing to a terminal, whatever words of the student's it holds."""
    return "".join(c if c.isprintable() else "\ufffd" for c in sentence)


def _in_words(source: str) -> _Found:
    for match in _WORDS.finditer(source):
        yield source.count("\n", 0, match.start()) + 1, f"mentions '{match.group()}'"


def _in_code(source: str, offset: int) -> _Found:
    """What the syntax tree shows; ``offset`` lines come before the source."""
    try:
        tree = _parse(source)
    except SyntaxError:
        return
    except (RecursionError, MemoryError):
        yield 1 + offset, "is nested too deeply to be looked at"
        return
    except ValueError as error:
        yield 1 + offset, f"cannot be looked at ({str(error).splitlines()[0]})"
        return
    nodes = list(ast.walk(tree))
    look = _Look(nodes, offset)
    for node in nodes:
        line = getattr(node, "lineno", 1) + offset
        for method in _LOOKS.get(type(node), ()):
            for sentence in method(look, node):
                yield line, sentence
    yield from look.nested


def _parse(source: str) -> ast.Module:
    from IPython.core.inputtransformer2 import TransformerManager

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # most cells are plain Python, and IPython's transformer is slow and fragile
            return ast.parse(source)
        except SyntaxError:
            pass
        # IPython drops empty lines at the start
        stripped = source.lstrip("\n")
        try:
            plain = TransformerManager().transform_cell(stripped)
        except (SyntaxError, RecursionError, MemoryError, ValueError):
            raise
        except Exception as error:
            raise SyntaxError(str(error)) from None
        return ast.parse("\n" * (len(source) - len(stripped)) + plain)


class _Look:
    """What is known of a cell's names, and what is wrong with each kind of node."""

    def __init__(self, nodes: list[ast.AST], offset: int) -> None:
        self.nested: list[tuple[int, str]] = []
        self._offset = offset
        self._modules = dict(_USUAL)
        self._prose: set[int] = set()
        self._shells: set[str] = set()
        self._settled: set[int] = set()
        for node in nodes:
            if isinstance(node, ast.Import):
                for name in node.names:
                    bound = name.asname or name.name.split(".")[0]
                    self._modules[bound] = name.name if name.asname else bound
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for name in node.names:
                    self._modules[name.asname or name.name] = f"{node.module}.{name.name}"
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                self._prose.add(id(node.value))
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                # another name for a module, or for IPython
                if isinstance(node.value, ast.Name) and node.value.id in self._modules:
                    self._modules[node.targets[0].id] = self._modules[node.value.id]
                elif self.is_ipython(node.value):
                    self._shells.add(node.targets[0].id)
        for node in nodes:
            self._settle(node)

    def name(self, node: ast.AST) -> str:
        """The full dotted name, such as ``numpy.random.seed``; empty if it is none."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        # `sys` and `os` are at hand wherever some cell imported them
        parts.append(self._modules.get(node.id, node.id))
        return ".".join(reversed(parts))

    def is_module(self, node: ast.AST) -> bool:
        """Tell whether an expression is something imported, or a part of it."""
        while isinstance(node, ast.Attribute):
            if node.attr in _SETTINGS:
                return False
            node = node.value
        return isinstance(node, ast.Name) and node.id in {*self._modules, "sys", "os", "builtins"}

    def imports(self, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif node.module and not node.level:
            names = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
        else:
            return
        for name in names:
            why = _IMPORTS.get(name.split(".")[0]) or _MEMBERS.get(name)
            if why is not None:
                yield f"imports {name}, which {why}"
                return

    def attributes(self, node: ast.Attribute) -> Iterator[str]:
        if node.attr in _ATTRIBUTES:
            yield f"uses {node.attr}: {_ATTRIBUTES[node.attr]}"
        if isinstance(node.ctx, (ast.Store, ast.Del)):
            if self.is_module(node.value) and node.attr not in _SETTINGS:
                verb = "assigns to" if isinstance(node.ctx, ast.Store) else "deletes"
                yield f"{verb} {_brief(node)}, which belongs to a module"
            if node.attr == "__class__":
                yield "changes the class of an object"
        if self.is_ipython(node.value) and node.attr not in _MAGIC_METHODS | _SHELL_METHODS:
            yield f"reaches into IPython (get_ipython().{node.attr})"
        if node.attr in ("__dict__",) and self.is_module(node.value):
            yield f"uses {_brief(node)}: reaches into functions or modules"

    def members(self, node: ast.Attribute | ast.Name) -> Iterator[str]:
        full = self.name(node)
        why = _MEMBERS.get(full)
        if why is None and full.startswith(_STARTS):
            why = "starts other programs"
        if why is not None and id(node) not in self._settled:
            yield f"uses {full}: {why}"

    def _settle(self, node: ast.AST) -> None:
        """Settings of TensorFlow and its kind in the environment are honest."""
        where: ast.AST | None = None
        key: ast.AST | None = None
        if isinstance(node, ast.Subscript):
            where, key = node.value, node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            where, key = node.func.value, node.args[0] if node.args else None
        if where is not None and _HARMLESS_VARIABLE.match(_text(key)):
            self._settled.add(id(where))

    def is_ipython(self, node: ast.AST) -> bool:
        """Tell whether an expression is IPython's shell."""
        if isinstance(node, ast.Call):
            return self.name(node.func).rpartition(".")[2] == "get_ipython"
        return isinstance(node, ast.Name) and node.id in self._shells

    def subscripts(self, node: ast.Subscript) -> Iterator[str]:
        called = node.value.func if isinstance(node.value, ast.Call) else None
        is_names = isinstance(called, ast.Name) and called.id in ("globals", "locals", "vars")
        if is_names and isinstance(node.ctx, (ast.Store, ast.Del)):
            yield "assigns to a name that is only known when it runs"

    def rebinds(self, node: ast.Name) -> Iterator[str]:
        if isinstance(node.ctx, (ast.Store, ast.Del)) and node.id in ("checks", "rnncourse", "np"):
            yield f"gives '{node.id}' another meaning"
        if node.id in ("__builtins__", "__import__", "__loader__"):
            yield f"uses {node.id}: reaches for Python's own functions"
        if node.id in ("exit", "quit") and isinstance(node.ctx, ast.Load):
            yield f"uses {node.id}: ends the program"

    def definitions(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ) -> Iterator[str]:
        if node.name in ("checks", "rnncourse", "np"):
            yield f"gives '{node.name}' another meaning"
        if node.name in _METHODS:
            yield f"defines {node.name}: an object that {_METHODS[node.name]}"
        if node.name in _COMPARISONS and isinstance(node, ast.FunctionDef):
            last = node.body[-1]
            if isinstance(last, ast.Return) and isinstance(last.value, ast.Constant):
                yield f"defines {node.name} with a fixed answer"
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                if self.name(base).rpartition(".")[2] in _PLAIN_BASES:
                    yield f"defines a kind of {_brief(base)}"

    def calls(self, node: ast.Call) -> Iterator[str]:
        called = node.func
        short = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        first = node.args[0] if node.args else None
        if isinstance(called, ast.Name):
            yield from self._builtin_call(node, called.id, first)
        elif self.name(called) in ("builtins.exec", "builtins.eval", "builtins.compile"):
            yield f"runs text as code ({short})"
        if short in ("import_module", "run_path", "run_module") and not _is_text(first):
            yield f"imports what is only known when it runs ({short})"
        if short in _WRITERS or self.name(called) in ("numpy.save", "numpy.savez_compressed"):
            yield f"writes a file ({short})"
        if short == "open" and _writes(node):
            yield "writes a file (open)"
        if short in _OPENERS and _is_text(first) and _leaves_folder(_text(first)):
            yield f"reaches outside its folder ({_text(first)!r:.60})"
        if short in ("Javascript", "HTML") and first is not None:
            text = _text(first).lower()
            if short == "Javascript" or any(sign in text for sign in ("<iframe", "javascript:")):
                yield f"puts a script into the page ({short})"
        if isinstance(called, ast.Attribute) and self.is_ipython(called.value):
            yield from self._ipython_call(node, called.attr)

    def _builtin_call(self, node: ast.Call, name: str, first: ast.expr | None) -> Iterator[str]:
        if name in ("exec", "eval", "compile"):
            if _is_text(first):
                self.nested += _in_code(_text(first), node.lineno - 1 + self._offset)
            else:
                yield f"runs text as code that is only known when it runs ({name})"
        elif name in ("setattr", "delattr") and first is not None and self.is_module(first):
            yield f"changes {_brief(first)} ({name}), which is a module"
        elif name == "vars" and first is not None and self.is_module(first):
            yield f"uses vars({_brief(first)}): reaches into functions or modules"
        elif name == "getattr" and len(node.args) > 1:
            wanted = node.args[1]
            if _is_text(wanted) and _text(wanted) in _ATTRIBUTES:
                yield f"uses {_text(wanted)}: {_ATTRIBUTES[_text(wanted)]}"
            hidden = first is not None and self.name(first) in ("builtins", "os", "sys")
            if hidden and not _is_text(wanted):
                yield f"asks {_brief(first)} for what is only known when it runs"

    def _ipython_call(self, node: ast.Call, method: str) -> Iterator[str]:
        words = [_text(argument) for argument in node.args]
        if method in _SHELL_METHODS:
            command = words[0].strip() if words else ""
            if not _HARMLESS_SHELL.match(command):
                yield f"runs a shell command ({command!r:.60})"
        elif method in _MAGIC_METHODS and words:
            name = words[0].split(" ")[0]
            if name not in _HARMLESS_MAGICS:
                yield f"uses the magic %{name}"
            elif len(words) > 2:
                # the body of a cell magic begins on the next line
                if name in _CODE_MAGICS:
                    self.nested += _in_code(words[2], node.lineno + self._offset)
            elif name in ("time", "timeit", "prun") and len(words) > 1:
                self.nested += _in_code(words[1], node.lineno - 1 + self._offset)

    def constants(self, node: ast.Constant) -> Iterator[str]:
        if id(node) in self._prose or not isinstance(node.value, str):
            return
        if _SECRET_PLACE.match(node.value) and "\n" not in node.value:
            yield f"reaches outside its folder ({node.value!r:.60})"
        elif node.value in _ATTRIBUTES:
            yield f"mentions {node.value}: {_ATTRIBUTES[node.value]}"

    def raises(self, node: ast.Raise) -> Iterator[str]:
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        if isinstance(raised, ast.Name) and raised.id in ("SystemExit", "KeyboardInterrupt"):
            yield f"raises {raised.id}: ends the program"


_LOOKS: dict[type, tuple[Callable[..., Iterator[str]], ...]] = {
    ast.Import: (_Look.imports,),
    ast.ImportFrom: (_Look.imports,),
    ast.Attribute: (_Look.attributes, _Look.members),
    ast.Name: (_Look.members, _Look.rebinds),
    ast.Subscript: (_Look.subscripts,),
    ast.FunctionDef: (_Look.definitions,),
    ast.AsyncFunctionDef: (_Look.definitions,),
    ast.ClassDef: (_Look.definitions,),
    ast.Call: (_Look.calls,),
    ast.Constant: (_Look.constants,),
    ast.Raise: (_Look.raises,),
}


def _is_text(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _text(node: ast.AST | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _writes(node: ast.Call) -> bool:
    """Tell whether a call of open() asks for writing."""
    keywords = [keyword.value for keyword in node.keywords if keyword.arg == "mode"]
    # open(file, mode) and path.open(mode)
    positional = node.args[1:2] if isinstance(node.func, ast.Name) else node.args[:2]
    modes = [_text(mode) for mode in (*positional, *keywords)]
    return any(re.fullmatch(r"[rwabtx+]{1,4}", m) and set(m) & set("wax+") for m in modes)


def _leaves_folder(path: str) -> bool:
    return path.startswith(("/", "~")) or ".." in re.split(r"[/\\]", path)


def _brief(node: ast.AST | None) -> str:
    """A dotted name as it stands in the source."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "...")
    return ".".join(reversed(parts))
