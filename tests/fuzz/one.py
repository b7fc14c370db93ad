"""One target under atheris: `python -m tests.fuzz.one MODULE TARGET PACKAGES [libFuzzer's options and folders]`.

A process of its own, which imports no more than the module of the target, and instruments no more than the packages of
the product that it is about: both take seconds.
"""

from __future__ import annotations

import sys
from importlib import import_module

import atheris


def main() -> None:
    """Run until libFuzzer ends the process."""
    module, name, packages = (sys.argv.pop(1) for _ in range(3))
    with atheris.instrument_imports(include=packages.split(","), enable_loader_override=False):
        targets = import_module(module).TARGETS
    target = next(target for target in targets if target.name == name)
    atheris.Setup(sys.argv, target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
