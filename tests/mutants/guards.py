"""The guards of the promises, how each is taken away, and who notices: exact text of the scanner, and tests by name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """`was` stands once in a file of the scanner; `becomes` is the same without the guard."""

    guard: str
    taken: str                            # what is taken away, in words
    file: str                             # below scanner/
    was: str
    becomes: str
    tests: tuple[str, ...]                # of which at least one must fail then, and none otherwise


_PUSHES = "tests/pushes/test_pushes.py::"


def _way(name: str, *, tls: bool = False) -> str:
    return f"{_PUSHES}test_a_file_that_is_pushed_stays_at_the_server[{name}-{'tls' if tls else 'clear'}]"


def _door(name: str) -> str:
    return f"{_PUSHES}test_a_file_server_that_pushes_is_left_as_soon_as_it_is_seen[{name}]"


DIAL, HTTP, WALL = "tests/net/test_dial.py::", "tests/net/test_net_http.py::", "tests/net/test_wall.py::"
WALLED = "tests/cli/test_cli_walled.py::"
_STRANGERS = ("tests/cli/test_cli_strangers.py::"
              "test_a_whole_scan_of_strangers_shows_what_they_say_and_obeys_none_of_it")
EIGHT: tuple[Mutant, ...] = (
    Mutant("verb enum", "any word may be a verb", "net/http.py",
           "if (Verb(self.verb) is Verb.BROWSE) != (self.browse is not None):",
           "if (self.verb == Verb.BROWSE) != (self.browse is not None):",
           (f"{HTTP}test_no_other_verb_host_or_depth_can_be_said[DELETE-h-1]",
            f"{HTTP}test_no_other_verb_host_or_depth_can_be_said[PUT-h-1]")),
    Mutant("header gate", "headers refuse nothing", "net/answer.py",
           "gate = head_gate(response.status, response.headers, most=limits.listing_bytes)", "gate = Gate(None)",
           (_way("an attachment"), _way("a part of all"))),
    Mutant("sniff gate", "whatever comes is a page", "net/answer.py",
           "sniffed = sniff(self._head, loose=self._loose or gate.facts_only)", 'sniffed = type(sniff(b""))("html")',
           (_way("called text/html, a wav"), _way("called text/html"))),
    Mutant("byte budget", "a connection may read without end", "net/stream.py",
           "        if limit > self.left:\n            limit = self.left\n", "",
           (f"{DIAL}test_a_conversation_has_a_budget_that_rows_raise_and_a_new_request_renews",)),
    Mutant("receive buffer", "the kernel's usual one", "net/dial.py",
           "        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.limits.receive_buffer)\n", "",
           (_way("head and body in one write"), _way("called text/html, in lines"))),
    Mutant("scope at the dial", "what is decided is not heeded", "net/dial.py",
           "if not decided.allowed:", "if False:",
           (f"{DIAL}test_an_address_outside_the_scope_is_never_dialled",)),
    Mutant("peer check", "whoever answers will do", "net/wire.py",
           "if not _same(peer, self._where):", "if False:",
           (f"{DIAL}test_a_peer_that_is_not_the_one_dialled_is_left",)),
    Mutant("exclusion", "exclusions are read and forgotten", "targets/rules.py",
           "        if owners:\n", "        if False:\n",
           ("tests/net/test_excluded.py::test_what_is_excluded_is_never_dialled",
            "tests/test_scope.py::test_exclusion_wins_over_the_very_target_and_in_every_notation")),
)
MORE: tuple[Mutant, ...] = (
    Mutant("verb enum", "any path may be asked for", "net/http.py",
           'if not where.startswith("/") or not listing:', 'if not where.startswith("/"):',
           (f"{HTTP}test_nothing_else_can_be_asked_for",)),
    Mutant("sniff gate", "any bytes are text where text is published", "net/gates.py",
           "if (loose and legible(plain)) or _rows(plain):", "if loose or _rows(plain):", (_way("as robots.txt"),)),
    Mutant("byte budget", "a page may be decoded without end", "net/answer.py",
           "if self._budget <= 0 and (decoder is not None or not response.complete):", "if False:",
           (f"{HTTP}test_a_packed_page_ends_at_its_budget_of_what_comes_out",)),
    Mutant("byte budget", "text without rows has no leash", "net/answer.py", "if self._leash < 0:", "if False:",
           (_way("JSON that turns"), _way("text that turns"))),
    Mutant("byte budget", "framing costs nothing", "net/answer.py", "self._stream.left = _FRAMED\n",
           "self._stream.left = 8 * limits.sniff_bytes\n", (_way("called text/html, in trailers"),)),
    Mutant("byte budget", "records of TLS may be empty", "net/tls.py", "if self._sealed > SEALED + self.gulp:",
           "if False:", (_way("in a header, a byte a write", tls=True),)),
    Mutant("byte budget", "a line may be a file", "net/stream.py",
           "if len(data) >= PORTION and not legible(data):", "if False:", (_door("a wav in the greeting of FTP"),
                                                                        _door("in answer to IMAP's first command"))),
    Mutant("sniff gate", "a list over FTP may be a file", "probes/ftp/door.py", "    await _beginning(data)\n", "",
           (_door("as an FTP list, a wav"), _door("as an FTP list, letters"))),
    Mutant("byte budget", "a list over FTP need not name anything", "probes/ftp/door.py",
           "if bare > data.limits.element_bytes:", "if False:", (_door("as an FTP list, lines"),)),
    Mutant("byte budget", "rsync's last words may be long", "probes/rsync/talk.py", "left -= len(said)", "pass",
           (_door("behind a tree of rsync"),)),
    Mutant("sniff gate", "a message of SMB may be anything", "probes/smb/exchange.py",
           "data = await self.stream.read_exactly(min(size, packet.HEADER))\n",
           "data = await self.stream.read_exactly(size)\n", (_door("as a message of SMB"),)),
    Mutant("receive buffer", "what is left is closed in good order", "net/wire.py",
           "            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)\n", "            pass\n",
           (f"{DIAL}test_an_abort_is_a_reset_for_the_other_side",)),
    Mutant("scope at the dial", "an address with a zone may be dialled", "net/dial.py",
           "if address.version == 6 and address.scope_id is not None:", "if False:",
           (f"{DIAL}test_an_address_with_a_zone_is_refused",)),
    Mutant("scope at the dial", "a second connection may go elsewhere", "net/dial.py",
           "if beside is not None and beside.endpoint.address != endpoint.address:", "if False:",
           ("tests/net/test_beside.py",)),
    Mutant("strangers' words", "a terminal is sent them", "cli/console.py", "self._tell(show(text, _LINE))",
           "self._tell(text)", (_STRANGERS,)),
    Mutant("strangers' words", "a page is made of them", "report/page.py", "autoescape=True", "autoescape=False",
           (_STRANGERS,)),
    Mutant("strangers' words", "a cell is one", "report/csv.py",
           """else _FORMULA.sub(r"\\1'\\2", text)""", "else text",
           ("tests/report/test_hostile_writers.py::test_no_cell_is_a_formula_however_the_table_is_parted",)),
    Mutant("outer wall", "ports are not looked at", "net/wall.py",
           "return scope.decide(there, port).allowed or (", "return scope.decide(there).allowed or (",
           (f"{WALL}test_a_port_that_the_scope_does_not_name_is_refused",)),
    Mutant("outer wall", "it knows no second connection", "cli/walled.py", "further=lambda address, port:",
           "further=lambda address, port: False and", (_STRANGERS,)),
    Mutant("outer wall", "any file may be written", "net/wall.py",
           "if not (there in self.files or there == os.devnull or self._beside(there) or _compiled(there)):",
           "if False:",
           (f"{WALL}test_files_elsewhere_are_left_alone",)),
    Mutant("outer wall", "any program may be started", "net/wall.py",
           "if not any(whole[:len(known)] == known for known in self.programs):", "if False:",
           (f"{WALL}test_what_no_scan_does_is_refused",)),
    Mutant("outer wall", "any name may be looked up", "net/wall.py",
           """            self.refuse(f"look up {text[:80]!r}")""", "            pass",
           (f"{WALL}test_what_no_scan_does_is_refused",)),
    Mutant("outer wall", "a scan raises none", "cli/scan.py", "wall = held.enter_context(standing(wall_of(",
           "wall = ((wall_of(", (f"{WALLED}test_a_scan_that_is_gone_on_with_stands_behind_the_wall",)),
    Mutant("outer wall", "the demo raises none", "cli/demo.py", "with closing(state), standing(wall):",
           "with closing(state):", (f"{WALLED}test_the_demo_stands_behind_the_wall_as_well",)),
    Mutant("outer wall", "what was a second connection's port once stays open", "net/dial.py",
           "                del self._further[there]\n", "                self._further[there] = 1\n",
           (f"{WALL}test_a_second_connection_of_a_protocol_passes_while_it_is_made_and_its_port_is_shut_again",)),
)
