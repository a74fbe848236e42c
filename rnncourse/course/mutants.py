"""Small wrong variations of an answer: does some test notice each of them?

The mutants are made by cosmic-ray's operators, used as a library on the answer's source.
Which of them, and why:

numbers
    Every number one more and one less: indices, axes, shapes, counts of biases.
binary operators
    Each one for those that a person would confuse it with (``+`` for ``-``, ``/`` for
    ``//``, ``and`` for ``or`` among arrays), not for all eleven others: the exotic ones
    (``h << 2``) fail for their type and tell nothing about the tests.
comparisons
    The boundary (``<`` for ``<=``), the opposite direction, equal for unequal.
unary operators
    A lost minus, ``not`` or ``~``.
truth
    Negated conditions, ``True`` for ``False``, ``and`` for ``or``.
loops
    ``break`` for ``continue``, and a loop that never runs.
exceptions
    An ``except`` clause that does not catch.

Left out: variable replacement and insertion, because they draw random numbers and a mark
for an equivalent mutant must match tomorrow; decorators, because answers have none.

Numerical code goes wrong in ways that cosmic-ray has no operator for, so five are added
through its interface: a keyword argument left out (``axis=``, ``keepdims=``), a statement
left out (an update, a guard, a return), a transpose left out, a call left out around its
argument (``np.tanh``, ``.copy()``), and ``=`` for ``+=`` (a gradient that does not
accumulate). Confused names and swapped arguments are what misconceptions are for.

Skipped are mutants that do not compile, that change the signature, or that differ from
the answer, or from an earlier mutant, only in docstrings, annotations or the text of an
exception.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, ClassVar

import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators import number_replacer
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.operators.provider import OperatorProvider
from parso.python.tree import Name
from parso.python.tree import Operator as Symbol


@dataclass(frozen=True)
class Mutant:
    """One wrong variation of an answer.

    Attributes
    ----------
    operator
        Name of the operator that made it.
    line
        The line of the answer's source that it changes, counted from 1.
    original, mutated
        That line before and after, stripped.
    source
        The whole mutated source.
    """

    operator: str
    line: int
    original: str
    mutated: str
    source: str

    @property
    def key(self) -> str:
        """What an ``equivalent`` mark is compared with."""
        return mark_key(self.mutated)


def mark_key(line: str) -> str:
    """A source line without its white space, so that a mark survives reformatting."""
    return "".join(line.split())


def mutants(source: str) -> list[Mutant]:
    """Make all mutants of an answer, in the order of its lines.

    Parameters
    ----------
    source
        The answer's cell: imports or comments at most, and one function.
    """
    source = source.rstrip() + "\n"  # parso's last statement is complete with its line's end
    tree = get_ast(source)
    nodes = list(ast_nodes(tree))
    seen = {_essence(source)}
    signature = _signature(source)
    found = []
    for name, operator in _operators():
        occurrences = sum(len(list(operator.mutation_positions(node))) for node in nodes)
        for occurrence in range(occurrences):
            mutated = mutate_code(source, operator, occurrence)
            try:
                essence = _essence(mutated)
            except SyntaxError:
                continue
            if essence in seen or _signature(mutated) != signature:
                continue
            seen.add(essence)
            found.append(_mutant(name, source, mutated))
    return sorted(found, key=lambda mutant: mutant.line)


def _mutant(operator: str, source: str, mutated: str) -> Mutant:
    pairs = zip_longest(source.splitlines(), mutated.splitlines(), fillvalue="")
    for number, (before, after) in enumerate(pairs, start=1):
        if before != after:
            return Mutant(operator, number, before.strip(), after.strip(), mutated)
    raise AssertionError("a mutant differs from its answer")


class _Essence(ast.NodeTransformer):
    """Removes what no test of a function's results can tell apart."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if ast.get_docstring(node, clean=False) is not None:
            node.body[0] = ast.Pass()
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            node.exc = node.exc.func
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        node.msg = None
        return self.generic_visit(node)


def _essence(source: str) -> str:
    tree = ast.parse(source)
    compile(source, "<mutant>", "exec")  # 'break' outside a loop parses, but does not compile
    return ast.dump(_Essence().visit(tree))


def _signature(source: str) -> list[str]:
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return [ast.dump(function.args) for function in functions]


# ---- operators ----

_BINARY = {
    "Add": ["Sub", "Mul"],
    "Sub": ["Add"],
    "Mul": ["Add", "Div"],
    "Div": ["Mul", "FloorDiv"],
    "FloorDiv": ["Div", "Mul", "Mod"],
    "Mod": ["FloorDiv"],
    "Pow": ["Mul"],
    "BitAnd": ["BitOr"],
    "BitOr": ["BitAnd"],
    "BitXor": ["BitOr"],
}
_COMPARISON = {
    "Eq": ["NotEq"],
    "NotEq": ["Eq"],
    "Lt": ["LtE", "Gt"],
    "LtE": ["Lt", "GtE"],
    "Gt": ["GtE", "Lt"],
    "GtE": ["Gt", "LtE"],
    "Is": ["IsNot"],
    "IsNot": ["Is"],
}
_FROM_COSMIC_RAY = [
    *(f"ReplaceBinaryOperator_{a}_{b}" for a, others in _BINARY.items() for b in others),
    *(f"ReplaceComparisonOperator_{a}_{b}" for a, others in _COMPARISON.items() for b in others),
    "ReplaceUnaryOperator_Delete_USub",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_Invert",
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ZeroIterationForLoop",
    "ExceptionReplacer",
]


def _operators() -> Iterator[tuple[str, Operator]]:
    provider = OperatorProvider()
    for name in _FROM_COSMIC_RAY:
        yield name, provider[name]()
    for own in (NumberReplacer, ReplaceAugmentedAssignment, DropKeyword, DropCall, DropTranspose):
        yield own.__name__, own()
    # last: where another operator makes the same mutant, its line is easier to read
    yield DropStatement.__name__, DropStatement()


class NumberReplacer(number_replacer.NumberReplacer):
    """cosmic-ray's, with the white space around the number left as it was."""

    def mutate(self, node: Any, index: int) -> Any:
        mutated = super().mutate(node, index)
        mutated.value = mutated.value.strip()
        mutated.prefix = node.prefix
        return mutated


class ReplaceAugmentedAssignment(Operator):
    """Writes ``=`` or the opposite operator for ``+=`` and its like."""

    _OTHERS: ClassVar = {"+=": ["=", "-="], "-=": ["=", "+="], "*=": ["=", "/="], "/=": ["=", "*="]}

    def mutation_positions(self, node: Any) -> Iterable[Any]:
        if isinstance(node, Symbol):
            for _ in self._OTHERS.get(node.value, ()):
                yield (node.start_pos, node.end_pos)

    def mutate(self, node: Any, index: int) -> Any:
        node.value = self._OTHERS[node.value][index]
        return node

    @classmethod
    def examples(cls) -> Iterable[Example]:
        return (Example("x += y", "x = y"), Example("x += y", "x -= y", occurrence=1))


class DropKeyword(Operator):
    """Leaves out a keyword argument of a call."""

    def mutation_positions(self, node: Any) -> Iterable[Any]:
        places = [node.children[index] for index in self._keywords(node)]
        return [(place.start_pos, place.end_pos) for place in places]

    def mutate(self, node: Any, index: int) -> Any:
        place = self._keywords(node)[index]
        del node.children[place]
        for comma in (place, place - 1):  # the one behind it, else the one before
            if comma < len(node.children) and _is(node.children[comma], ","):
                del node.children[comma]
                break
        return node

    @staticmethod
    def _keywords(node: Any) -> list[int]:
        if node.type not in ("arglist", "trailer"):
            return []
        return [index for index, child in enumerate(node.children) if _is_keyword(child)]

    @classmethod
    def examples(cls) -> Iterable[Example]:
        return (
            Example("x.sum(axis=1)", "x.sum()"),
            Example("np.sum(x, axis=1, keepdims=True)", "np.sum(x, keepdims=True)"),
            Example("np.sum(x, axis=1, keepdims=True)", "np.sum(x, axis=1)", occurrence=1),
            Example("f(x, a=1,)", "f(x,)"),
        )


class DropCall(Operator):
    """Puts a call's one argument, or the object of a method without arguments, in its place.

    Conversions are left alone: what they change is the type, which tests need not pin.
    """

    _CONVERSIONS: ClassVar = {"array", "asarray", "stack", "float", "int", "bool", "list", "tuple"}

    def mutation_positions(self, node: Any) -> Iterable[Any]:
        places = [node.children[index] for index in self._calls(node)]
        return [(node.start_pos, place.end_pos) for place in places]

    def mutate(self, node: Any, index: int) -> Any:
        place = self._calls(node)[index]
        argument = _only_argument(node.children[place])
        if argument is None:  # a method: leave out '.name' and '()'
            del node.children[place - 1 : place + 1]
        else:
            prefix = node.get_first_leaf().prefix
            code = argument.get_code(include_prefix=False)
            node.children[: place + 1] = [parso.parse(f"{prefix}({code})")]
        return node

    def _calls(self, node: Any) -> list[int]:
        if node.type not in ("atom_expr", "power") or node.parent.type == "raise_stmt":
            return []
        found = []
        dotted = node.children[0].type == "name"
        for index, child in enumerate(node.children[1:], start=1):
            if child.type != "trailer":
                break
            before = node.children[index - 1]
            if _is(child.children[0], "("):
                named = before.type == "trailer" and _is(before.children[0], ".")
                called = before.children[1] if named else before
                if called.type == "name" and called.value not in self._CONVERSIONS:
                    method = named and len(child.children) == 2
                    if method or (dotted and _only_argument(child) is not None):
                        found.append(index)
            dotted = dotted and _is(child.children[0], ".")
        return found

    @classmethod
    def examples(cls) -> Iterable[Example]:
        return (
            Example("y = np.tanh(x @ W + b)", "y = (x @ W + b)"),
            Example("y = np.sum(x, axis=0) / n", "y = (x) / n"),
            Example("y = x.copy()", "y = x"),
            Example("y = x.mean() ** 2", "y = x ** 2"),
        )


class DropTranspose(Operator):
    """Leaves out a ``.T``."""

    def mutation_positions(self, node: Any) -> Iterable[Any]:
        name = node.children[1] if node.type == "trailer" and _is(node.children[0], ".") else None
        if _is(name, "T") or _is(name, "mT"):
            yield (node.start_pos, node.end_pos)

    def mutate(self, node: Any, index: int) -> None:
        return None

    @classmethod
    def examples(cls) -> Iterable[Example]:
        return (Example("dx = dz @ W.T", "dx = dz @ W"),)


class DropStatement(Operator):
    """Leaves out a statement; the line shows which: ``pass  # h = h + 1``."""

    _KEPT: ClassVar = {
        "pass",
        "break",
        "continue",
        "import",
        "from",
        "global",
        "nonlocal",
        "assert",
    }

    def mutation_positions(self, node: Any) -> Iterable[Any]:
        if node.type == "simple_stmt" and len(node.children) == 2:
            first = node.get_first_leaf()
            if first.type != "string" and first.value not in self._KEPT:
                yield (node.start_pos, node.end_pos)

    def mutate(self, node: Any, index: int) -> Any:
        first = node.get_first_leaf()
        code = " ".join(node.children[0].get_code(include_prefix=False).split())
        node.children[0] = Name(f"pass  # {code}", first.start_pos, first.prefix)
        return node

    @classmethod
    def examples(cls) -> Iterable[Example]:
        return (Example("if x:\n    y = 1\n", "if x:\n    pass  # y = 1\n"),)


def _is(node: Any, symbol: str) -> bool:
    return getattr(node, "value", None) == symbol


def _is_keyword(node: Any) -> bool:
    return node.type == "argument" and _is(node.children[1], "=")


def _only_argument(call: Any) -> Any:
    """The one positional argument of a call's trailer, or None if it has none or more."""
    inside = call.children[1]
    if inside.type == "arglist":
        arguments = [child for child in inside.children if not _is(child, ",")]
    else:
        arguments = [inside] if len(call.children) == 3 else []
    positional = [argument for argument in arguments if not _is_keyword(argument)]
    if len(positional) != 1 or positional[0].type == "argument":  # f(*x), f(a for a in x)
        return None
    return positional[0]
