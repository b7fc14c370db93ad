"""How each real server is started, as data: one line a way of printing a listing, one a way of not printing it.

A recipe is a product's frame (`fixtures/servers/`) with settings; commands.py fills it in, servers.py starts it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NGINX_MODULES = Path("/usr/lib/nginx/modules")
APACHE_MODULES = Path("/usr/lib/apache2/modules")
ELSEWHERE = "https://192.0.2.10"             # where the redirecting twins send people: nobody is there
HOST = "files.example.org"                   # the name by which nginx-by-name is open
USER, PASSWORD = "someone", "fictional"
# bcrypt of the password, in the base64 that Caddy wants (`caddy hash-password`)
_BCRYPT = base64.b64encode(b"$2a$14$PX6w4UqR9tDgb7dIaMPDNubN6T.CHr2IeN1wWkSALPUEGh3YbvSJq").decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One way to start one product."""

    name: str
    product: str                             # nginx, apache, lighttpd, caddy, python
    kind: str                                # listing, closed, login, app, away, soft-404, or a name of its own
    status: int = 200                        # the answer to GET /
    settings: str = ""                       # stands in the frame
    top: str = ""                            # stands before it
    below: str = ""                          # stands after it
    tls: bool = False
    needs: Path | None = None                # a module that is packaged apart
    zone: str = "UTC"                        # the server's time zone
    dotfiles: bool = True                    # whether the listing shows them
    sizes: str = "exact"                     # exact, rounded, none
    grain: int | None = 60                   # seconds: how exact times are; None: not shown


_BASIC = 'AuthType Basic\n  AuthName "Recordings"\n  AuthUserFile "@PLACE@/hashed"'
_FANCY = "Options +Indexes\n  IndexOptions FancyIndexing"
_ICONS = """
  AddIconByType (SND,/icons/sound2.gif) audio/*
  AddIcon /icons/folder.gif ^^DIRECTORY^^
  AddIcon /icons/blank.gif ^^BLANKICON^^
  AddIcon /icons/back.gif ..
  DefaultIcon /icons/unknown.gif"""            # as Debian's own configuration has them
_LISTS = 'dir-listing.activate = "enable"\n'

LISTINGS = (
    Recipe(name="nginx-html", product="nginx", kind="listing", dotfiles=False, settings="autoindex on;"),
    Recipe(name="nginx-json", product="nginx", kind="listing", dotfiles=False, grain=1,
           settings="autoindex on; autoindex_format json;"),
    Recipe(name="nginx-local", product="nginx", kind="listing", dotfiles=False, sizes="rounded",
           zone="Europe/Stockholm", settings=(
               "charset utf-8; autoindex on; autoindex_exact_size off; autoindex_localtime on;")),
    Recipe(name="nginx-tls", product="nginx", kind="listing", dotfiles=False, tls=True, settings=(
        "ssl_certificate @PLACE@/cert.pem; ssl_certificate_key @PLACE@/key.pem; autoindex on;")),
    Recipe(name="nginx-fancyindex", product="nginx", kind="listing", dotfiles=False, settings="fancyindex on;",
           top=f"load_module {NGINX_MODULES}/ngx_http_fancyindex_module.so;",
           needs=NGINX_MODULES / "ngx_http_fancyindex_module.so"),
    Recipe(name="apache-plain", product="apache", kind="listing", sizes="rounded",
           settings="Options +Indexes"),
    Recipe(name="apache-fancy", product="apache", kind="listing", sizes="rounded",
           settings=f"{_FANCY} VersionSort HTMLTable NameWidth=* DescriptionWidth=* Charset=UTF-8{_ICONS}"),
    Recipe(name="apache-pre", product="apache", kind="listing", sizes="rounded", settings=_FANCY),
    Recipe(name="apache-old-dates", product="apache", kind="listing", sizes="rounded", settings=(
        f"{_FANCY} HTMLTable NameWidth=* UseOldDateFormat TrackModified\n  IndexOrderDefault Descending Date")),
    Recipe(name="lighttpd", product="lighttpd", kind="listing", dotfiles=False, sizes="rounded", grain=1,
           settings=_LISTS),
    Recipe(name="caddy", product="caddy", kind="listing", grain=1, settings="file_server browse"),
    Recipe(name="python", product="python", kind="listing", sizes="none", grain=None),
)

TWINS = (
    Recipe(name="nginx-closed", product="nginx", kind="closed", status=403),
    Recipe(name="nginx-login", product="nginx", kind="login", status=401, settings=(
        'autoindex on; auth_basic "Recordings"; auth_basic_user_file @PLACE@/hashed;')),
    Recipe(name="nginx-app", product="nginx", kind="app", settings="location / { try_files $uri /index.html; }"),
    Recipe(name="nginx-away", product="nginx", kind="away", status=301,
           settings=f"return 301 {ELSEWHERE}$request_uri;"),
    Recipe(name="nginx-soft-404", product="nginx", kind="soft-404", settings="error_page 403 404 =200 /index.html;"),
    Recipe(name="apache-closed", product="apache", kind="closed", status=403, settings="Options -Indexes"),
    Recipe(name="apache-login", product="apache", kind="login", status=401, settings=f"{_FANCY}\n  {_BASIC}"),
    Recipe(name="apache-app", product="apache", kind="app", settings="FallbackResource /index.html"),
    Recipe(name="apache-away", product="apache", kind="away", status=301, below=f"Redirect permanent / {ELSEWHERE}/"),
    Recipe(name="lighttpd-closed", product="lighttpd", kind="closed", status=403),
    Recipe(name="lighttpd-login", product="lighttpd", kind="login", status=401, top=', "mod_auth", "mod_authn_file"',
           settings=_LISTS + 'auth.backend = "plain"\nauth.backend.plain.userfile = "@PLACE@/plain"\n'
           'auth.require = ( "" => ( "method" => "basic", "realm" => "Recordings", "require" => "valid-user" ) )\n'),
    Recipe(name="lighttpd-app", product="lighttpd", kind="app", top=', "mod_rewrite"',
           settings='url.rewrite-if-not-file = ( "" => "/index.html" )\n'),
    Recipe(name="lighttpd-away", product="lighttpd", kind="away", status=301, top=', "mod_redirect"',
           settings=f'url.redirect = ( "^(.*)" => "{ELSEWHERE}$1" )\n'),
    Recipe(name="caddy-closed", product="caddy", kind="closed", status=404, settings="file_server"),
    Recipe(name="caddy-login", product="caddy", kind="login", status=401,
           settings=f"basicauth {{\n\t\t{USER} {_BCRYPT}\n\t}}\n\tfile_server browse"),
    Recipe(name="caddy-app", product="caddy", kind="app", settings="try_files {path} /index.html\n\tfile_server"),
    Recipe(name="caddy-away", product="caddy", kind="away", status=301, settings=f"redir {ELSEWHERE}{{uri}} 301"),
)

OTHERS = (
    Recipe(name="nginx-subfolder", product="nginx", kind="subfolder", status=403, dotfiles=False,
           settings="location /recordings/ { autoindex on; }"),
    Recipe(name="nginx-by-name", product="nginx", kind="by-name", status=403, dotfiles=False, below=(
        f'server {{ listen @ADDRESS@:@PORT@; server_name {HOST}; root "@ROOT@"; autoindex on; }}')),
    Recipe(name="nginx-429", product="nginx", kind="slow-down", dotfiles=False,
           below="limit_req_zone $binary_remote_addr zone=few:1m rate=5r/s;",
           settings="autoindex on; limit_req zone=few burst=3 nodelay; limit_req_status 429;"),
    Recipe(name="apache-hidden", product="apache", kind="hidden", sizes="rounded", settings=f"{_FANCY} HTMLTable",
           below=f'<Directory "@ROOT@/monitor">\n  {_BASIC}\n  Require valid-user\n</Directory>'),
)

_APACHE_DAV = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"
                      for name in ("dav", "dav_fs", "dav_lock")) + 'DavLockDB "@PLACE@/locks"\n'
_NGINX_DAV = "dav_methods PUT DELETE MKCOL COPY MOVE; dav_ext_methods PROPFIND OPTIONS;"
_DAV_EXT = NGINX_MODULES / "ngx_http_dav_ext_module.so"

DAV = (                                      # their pages are refused; kind says whether WebDAV is as well
    Recipe(name="apache-dav", product="apache", kind="dav", status=403, top=_APACHE_DAV,
           settings="Dav On\n  Options -Indexes"),
    Recipe(name="apache-dav-below", product="apache", kind="dav-below", top=_APACHE_DAV, settings="Options -Indexes",
           below='<Directory "@ROOT@/dav">\n  Dav On\n</Directory>'),
    Recipe(name="apache-dav-partly", product="apache", kind="dav-partly", top=_APACHE_DAV,
           settings=f"Dav On\n  {_FANCY}", below='<Directory "@ROOT@/numbers">\n  Options -Indexes\n</Directory>'),
    Recipe(name="apache-dav-login", product="apache", kind="login", status=401, top=_APACHE_DAV,
           settings=f"Dav On\n  {_BASIC}"),
    Recipe(name="nginx-dav", product="nginx", kind="dav", status=403, dotfiles=False, settings=_NGINX_DAV,
           top=f"load_module {_DAV_EXT};", needs=_DAV_EXT),
    Recipe(name="lighttpd-dav", product="lighttpd", kind="dav", status=403, top=', "mod_webdav"',
           needs=Path("/usr/lib/lighttpd/mod_webdav.so"),
           settings='webdav.activate = "enable"\nwebdav.is-readonly = "enable"\n'),
    Recipe(name="rclone-dav", product="rclone", kind="dav", settings="webdav"),
)

RECIPES: Mapping[str, Recipe] = {recipe.name: recipe for recipe in (*LISTINGS, *TWINS, *OTHERS, *DAV)}
PAGES = ("home", "article", "downloads", "login")        # with a start page every listing server shows that instead
