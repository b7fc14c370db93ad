"""Real products beyond the five that recipes.py varies, as data: how each is started on one tree, and what it shows.

The first word is a program: `npm:NAME` and `pypi:NAME` of the packages in fixtures/servers/, any other of Debian's.
Settings of a product stand in fixtures/servers/ as its `frame`; names between @ signs are filled in by commands.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from recipes import APACHE_MODULES, LISTINGS, TWINS, Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Recipe):
    """One product, started one way."""

    words: tuple[str, ...]
    frame: str = ""                          # @FRAME@ in the words
    bucket: str = ""                         # an object store's, to be filled by asking it
    misprints: tuple[str, ...] = ()          # names that it links wrongly, or never answers
    environment: Mapping[str, str] = field(default_factory=dict)


def _lists(name: str, *words: str, dotfiles: bool = True, misprints: tuple[str, ...] = (),
           frame: str = "", **environment: str) -> Product:
    return Product(name=name, product=name, kind="listing", words=words, dotfiles=dotfiles,
                   misprints=misprints, frame=frame, environment=environment)


def _closed(name: str, *words: str, frame: str = "", **environment: str) -> Product:
    return Product(name=name, product=name, kind="closed", words=words, frame=frame, environment=environment)


_DOOR = ("@ADDRESS@", "@PORT@")
_PYTHON = ("pypi:python", "@FRAME@", "@ROOT@", *_DOOR)
_NODE = ("node", "@FRAME@", "@ROOT@", *_DOOR)
_WEBRICK = ("require 'webrick'; WEBrick::HTTPServer.new(BindAddress: '@ADDRESS@', Port: @PORT@, "
            "DocumentRoot: '@ROOT@', DocumentRootOptions: {FancyIndexing: %s}).start")
_COPYPARTY = ("pypi:copyparty", "-i", "@ADDRESS@", "-p", "@PORT@", "-q", "-j", "1", "--no-thumb", "--no-mtag-ff", "-v")
_HOMES = {"HOME": "@PLACE@", "XDG_CONFIG_HOME": "@PLACE@"}
_UPLOAD = ("pypi:python", "-m", "uploadserver", "--bind", "@ADDRESS@", "--directory", "@ROOT@", "@PORT@")

DEBIAN = (
    _lists("webfs", "webfsd", "-F", "-i", "@ADDRESS@", "-p", "@PORT@", "-r", "@ROOT@"),
    _lists("mini-httpd", "mini_httpd", "-D", "-h", "@ADDRESS@", "-p", "@PORT@", "-d", "@ROOT@"),
    _lists("weborf", "weborf", "-i", "@ADDRESS@", "-p", "@PORT@", "-b", "@ROOT@", dotfiles=False),
    _lists("h2o", "h2o", "-m", "worker", "-c", "@FRAME@", frame="h2o.conf"),
    _lists("rclone", "rclone", "serve", "http", "@ROOT@", "--addr", "@ADDRESS@:@PORT@", "--config", "/dev/null"),
    _lists("webrick", "ruby", "-e", _WEBRICK % "true"),
    _lists("civetweb", "civetweb", "-listening_ports", "@ADDRESS@:@PORT@", "-document_root", "@ROOT@"),
)
PYPI = (
    _lists("wsgidav", "pypi:wsgidav", "--host=@ADDRESS@", "--port=@PORT@", "--root=@ROOT@", "--auth=anonymous",
           "--server=cheroot", "--no-config"),
    _lists("copyparty", *_COPYPARTY, "@ROOT@::r", dotfiles=False, **_HOMES),
    _lists("twisted", "pypi:twist", "web", "--path", "@ROOT@", "--listen", "tcp:@PORT@:interface=@ADDRESS@"),
    _lists("uploadserver", *_UPLOAD),
    _lists("updog", "pypi:updog", "-d", "@ROOT@", "-b", "@ADDRESS@", "-p", "@PORT@"),
    _lists("aiohttp", *_PYTHON, frame="aiohttp_static.py"),
    _lists("sanic", *_PYTHON, frame="sanic_static.py"),
    _lists("django", *_PYTHON, dotfiles=False, frame="django_static.py"),
    _lists("flask-autoindex", *_PYTHON, dotfiles=False, frame="autoindex_flask.py"),
)
NPM = (
    _lists("http-server", "npm:http-server", "@ROOT@", "-a", "@ADDRESS@", "-p", "@PORT@", "-c-1"),
    _lists("serve", "npm:serve", "-l", "tcp://@ADDRESS@:@PORT@", "-L", "-u", "@ROOT@"),
    _lists("serve-index", *_NODE, dotfiles=False, frame="serve-index.js"),
    _lists("live-server", "npm:live-server", "@ROOT@", "--host=@ADDRESS@", "--port=@PORT@", "--no-browser",
           dotfiles=False),
    _lists("local-web-server", "npm:ws", "-d", "@ROOT@", "--hostname", "@ADDRESS@", "-p", "@PORT@", dotfiles=False),
    _lists("ecstatic", "npm:ecstatic", "@ROOT@", "--host", "@ADDRESS@", "--port", "@PORT@"),
    _lists("st", "npm:st", "-H", "@ADDRESS@", "-p", "@PORT@", "-d", "@ROOT@", dotfiles=False,
           misprints=("it's.wav", "empty-folder")),
    _lists("fastify", *_NODE, frame="fastify.js"),
    _lists("hapi", *_NODE, frame="hapi.js"),
)
CLOSED = (
    _closed("webfs-closed", "webfsd", "-F", "-j", "-i", "@ADDRESS@", "-p", "@PORT@", "-r", "@ROOT@"),
    _closed("webrick-closed", "ruby", "-e", _WEBRICK % "false"),
    _closed("busybox", "busybox", "httpd", "-f", "-p", "@ADDRESS@:@PORT@", "-h", "@ROOT@"),
    _closed("php", "php", "-S", "@ADDRESS@:@PORT@", "-t", "@ROOT@"),
    _closed("http-server-closed", "npm:http-server", "@ROOT@", "-d", "false", "-a", "@ADDRESS@", "-p", "@PORT@"),
    _closed("sirv", "npm:sirv", "@ROOT@", "--host", "@ADDRESS@", "--port", "@PORT@"),
    _closed("node-static", "npm:static", "-a", "@ADDRESS@", "-p", "@PORT@", "@ROOT@"),
    _closed("copyparty-login", *_COPYPARTY, "@ROOT@::r,someone", "-a", "someone:fictional", **_HOMES),
    _closed("uploadserver-login", *_UPLOAD, "--basic-auth", "someone:fictional"),
)
OTHER_WAYS = (                               # no page lists: PROPFIND, or asking for the keys of a bucket
    _lists("wsgidav-closed", "pypi:wsgidav", "--config", "@FRAME@", frame="wsgidav.yaml"),
    Recipe(name="apache-dav", product="apache", kind="listing", status=403, settings="Options -Indexes\n  Dav On", top=(
        f"LoadModule dav_module {APACHE_MODULES}/mod_dav.so\nLoadModule dav_fs_module {APACHE_MODULES}/mod_dav_fs.so\n"
        "DavLockDB @PLACE@/locks\n")),
    Product(name="s3rver", product="s3rver", kind="listing", bucket="recordings", words=(
        "npm:s3rver", "-d", "@PLACE@", "-a", "@ADDRESS@", "-p", "@PORT@", "--no-vhost-buckets", "--configure-bucket",
        "recordings"), environment=_HOMES),
)
PRODUCTS: Mapping[str, Recipe] = {one.name: one for one in (*DEBIAN, *PYPI, *NPM, *OTHER_WAYS, *CLOSED)}
VARIED = tuple(recipe.name for recipe in (*LISTINGS, *TWINS) if recipe.name in {
    "nginx-html", "nginx-fancyindex", "apache-fancy", "lighttpd", "caddy", "python", "nginx-app", "nginx-login",
    "apache-closed", "apache-away", "lighttpd-closed", "caddy-login"})
