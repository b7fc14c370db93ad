"""A recipe turned into a command line and a configuration in a folder of its own. Starts no server.

Raises LookupError where a program or a module is not installed.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from installed import MODULES, program
from products import Product
from recipes import APACHE_MODULES, PASSWORD, USER, Recipe

FRAMES = Path(__file__).resolve().parents[2] / "fixtures" / "servers"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one server stands: its own folder, its door, the tree that it serves."""

    folder: Path
    address: str
    port: int
    root: Path


@dataclass(frozen=True, slots=True)
class Command:
    """What is to be run."""

    words: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def command(recipe: Recipe, place: Place) -> Command:
    """Write the configuration into the place's folder and say what to run. Raises LookupError where a program lacks."""
    if recipe.needs is not None and not recipe.needs.exists():
        raise LookupError(f"{recipe.needs.name} is not installed")
    environment = {"TZ": recipe.zone}
    make = _of_product if isinstance(recipe, Product) else _COMMANDS[recipe.product]
    words, more = make(recipe, place)
    return Command(words, environment | more)


def _fill(frame: str, place: Place, **values: str) -> Path:
    """A frame with its blanks filled, in the place's folder. Settings may name blanks themselves."""
    written = place.folder / frame
    written.write_text(_filled((FRAMES / frame).read_text(), place, **values))
    return written


def _filled(text: str, place: Place, **values: str) -> str:
    known = {"PLACE": str(place.folder), "ADDRESS": place.address, "PORT": str(place.port), "ROOT": str(place.root)}
    for name, value in {**values, **known}.items():
        text = text.replace(f"@{name}@", value)
    if left := re.search(r"@[A-Z]+@", text):
        raise ValueError(f"nothing given for {left[0]}: {text[:60]}")
    return text


def _as_www_data() -> bool:
    """Whether to give rights away: the products refuse to serve as root, or should not."""
    return os.geteuid() == 0


def _passwords(place: Place) -> None:
    digest = base64.b64encode(hashlib.sha1(PASSWORD.encode(), usedforsecurity=False).digest()).decode()
    (place.folder / "hashed").write_text(f"{USER}:{{SHA}}{digest}\n")
    (place.folder / "plain").write_text(f"{USER}:{PASSWORD}\n")


def _certificate(place: Place) -> None:
    asked = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=pbx.example.org -keyout key.pem -out cert.pem"
    subprocess.run([program("openssl"), *asked.split()], cwd=place.folder, check=True, capture_output=True)


def _nginx(recipe: Recipe, place: Place) -> tuple[tuple[str, ...], dict[str, str]]:
    binary = program("nginx")
    _passwords(place)
    if recipe.tls:
        _certificate(place)
    top = f"user www-data;\n{recipe.top}" if _as_www_data() else recipe.top
    listen = " ssl" if recipe.tls else ""
    config = _fill("nginx.conf", place, TOP=top, SETTINGS=recipe.settings, LISTEN=listen, BELOW=recipe.below)
    return (binary, "-c", str(config), "-e", str(place.folder / "error.log")), {}


def _apache(recipe: Recipe, place: Place) -> tuple[tuple[str, ...], dict[str, str]]:
    binary = program("apache2")
    _passwords(place)
    modules = ("mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "mime", "dir",
               "autoindex", "alias")
    top = "".join(f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so\n" for name in modules)
    top += "TypesConfig /dev/null\n" + ("User www-data\nGroup www-data\n" if _as_www_data() else "")
    who = "valid-user" if recipe.kind == "login" else "all granted"
    config = _fill("apache.conf", place, TOP=top + recipe.top, WHO=who, SETTINGS=recipe.settings, BELOW=recipe.below)
    return (binary, "-f", str(config), "-DFOREGROUND"), {}


def _lighttpd(recipe: Recipe, place: Place) -> tuple[tuple[str, ...], dict[str, str]]:
    binary = program("lighttpd")
    _passwords(place)
    top = 'server.username = "www-data"\nserver.groupname = "www-data"' if _as_www_data() else ""
    config = _fill("lighttpd.conf", place, TOP=top, MODULES=recipe.top, SETTINGS=recipe.settings)
    return (binary, "-D", "-f", str(config)), {}


def _caddy(recipe: Recipe, place: Place) -> tuple[tuple[str, ...], dict[str, str]]:
    binary = program("caddy")
    config = _fill("Caddyfile", place, SETTINGS=recipe.settings)
    homes = {name: str(place.folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    return (binary, "run", "--adapter", "caddyfile", "--config", str(config)), homes


def _python(_recipe: Recipe, place: Place) -> tuple[tuple[str, ...], dict[str, str]]:
    return (sys.executable, "-m", "http.server", "--bind", place.address, "--directory", str(place.root),
            str(place.port)), {}


def _rclone(recipe: Recipe, place: Place) -> tuple[tuple[str, ...], dict[str, str]]:
    """The settings are what it serves as."""
    return ((program("rclone"), "serve", recipe.settings, str(place.root), "--addr", f"{place.address}:{place.port}",
             "--config", str(place.folder / "rclone.conf")), {"HOME": str(place.folder)})


def _of_product(product: Product, place: Place) -> tuple[tuple[str, ...], dict[str, str]]:
    first, *rest = product.words
    values = {}
    if product.frame:
        values["FRAME"] = str(_fill(product.frame, place, TOP="user: www-data" if _as_www_data() else ""))
    words = (program(first), *(_filled(word, place, **values) for word in rest))
    environment = {name: _filled(value, place) for name, value in product.environment.items()}
    return words, {"NODE_PATH": str(MODULES), **environment}


_COMMANDS: Mapping[str, Callable[[Recipe, Place], tuple[tuple[str, ...], dict[str, str]]]] = {
    "nginx": _nginx, "apache": _apache, "lighttpd": _lighttpd, "caddy": _caddy, "python": _python,
    "rclone": _rclone,
}
