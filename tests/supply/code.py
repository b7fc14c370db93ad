"""What turns data into code, found in the syntax of a Python file: readers of objects, evaluation, plug-ins, shells."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

READERS = frozenset({"cloudpickle", "dbm", "dill", "jsonpickle", "marshal", "multiprocessing", "pickle", "pickletools",
                     "plistlib", "ruamel", "shelve", "strictyaml", "xmlrpc", "yaml"})
"""Modules that make objects of bytes, of which some run code while they do."""
LOADERS = frozenset({"_ctypes", "cffi", "code", "codeop", "ctypes", "imp", "pkg_resources", "pkgutil", "pluggy",
                     "runpy", "site", "stevedore", "zipimport"})
"""Modules that find or run other code."""
IMPORTLIB = frozenset({"importlib.metadata", "importlib.metadata.PackageNotFoundError", "importlib.metadata.version",
                       "importlib.util", "importlib.util.find_spec"})
"""What may be had of importlib: it says whether a package is there, and runs none."""
BUILTINS = frozenset({"__import__", "breakpoint", "compile", "eval", "exec", "globals", "input"})
METHODS = frozenset({"enable_load_extension", "entry_points", "from_string", "getoutput", "getstatusoutput",
                     "import_module", "load_extension", "module_from_spec", "spec_from_file_location"})
"""Methods and functions by which strings become programs, templates or libraries."""
_OF_OS = re.compile(r"system|popen|exec[lv]\w*|(posix_)?spawn\w*|fork\w*|startfile|dlopen")


def suspicious(text: str) -> list[str]:
    """What in a file's text would run what somebody else wrote, as `line: what`."""
    found = ((node, what) for node in ast.walk(ast.parse(text)) for what in _said(node))
    return [f"{getattr(node, 'lineno', 0)}: {what}" for node, what in found]


def starts_programs(text: str) -> bool:
    """Whether a file's code, not its words, knows how to start another program."""
    return any(isinstance(node, ast.Name | ast.Attribute | ast.alias) and "subprocess" in ast.dump(node)
               for node in ast.walk(ast.parse(text)))


def _said(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from filter(_runs, (alias.name for alias in names))
        case ast.ImportFrom(module="os", names=names):
            yield from (alias.name for alias in names if _OF_OS.fullmatch(alias.name))
        case ast.ImportFrom(module=str(module), names=names):
            yield from filter(_runs, {module, *(f"{module}.{alias.name}" for alias in names)})
        case ast.Name(id=name) if name in BUILTINS:
            yield name
        case ast.Attribute(value=ast.Name(id="os"), attr=name) if _OF_OS.fullmatch(name):
            yield f"os.{name}"
        case ast.Attribute(attr=name) if name in METHODS or name == "create_subprocess_shell":
            yield name
        case ast.keyword(arg="shell"):
            yield "shell="
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=name), *_]):
            yield from {name} & (BUILTINS | METHODS)


def _runs(module: str) -> bool:
    top = module.split(".")[0]
    return top in READERS | LOADERS or (top == "importlib" and module not in IMPORTLIB)
