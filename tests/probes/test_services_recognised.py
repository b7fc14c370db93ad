"""What speaks, told by its first bytes: what each service says, and the nearest thing that is another or none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.probes.recognised import READ, recognise
from scanner.probes.services import ROWS

SAID = [  # service, port, first bytes
    ("ssh", 22, b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
    ("ssh", 443, b"SSH-1.99-Cisco-1.25\n"),
    ("ssh", 22, b"Authorised users only\r\nSSH-2.0-dropbear_2022.83\r\n"),
    ("rsync", 873, b"@RSYNCD: 31.0 sha512 sha256 md5\n"),
    ("rsync", 80, b"@RSYNCD: 27\n"),
    ("imap", 143, b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Dovecot ready.\r\n"),
    ("imap", 143, b"* PREAUTH IMAP4rev1 server logged in\r\n"),
    ("imap", 10143, b"* BYE Too many connections\r\n"),
    ("pop3", 110, b"+OK Dovecot ready.\r\n"),
    ("pop3", 1110, b"+OK\r\n"),
    ("pop3", 110, b"-ERR too busy\r\n"),
    ("ftp", 21, b"220 (vsFTPd 3.0.3)\r\n"),
    ("ftp", 2121, b"220-Welcome\r\n220-to the store\r\n220 ready\r\n"),
    ("ftp", 21, b"421 Too many users, sorry\r\n"),
    ("ftp", 21, b"530 Sorry, the maximum number of clients are already connected\r\n"),
    ("ftp", 8021, b"500 FTP server shut down\r\n"),
    ("smtp", 25, b"220 mail.example.org ready\r\n"),
    ("smtp", 2500, b"220 mail.example.org ESMTP Postfix (Debian)\r\n"),
    ("smtp", 8025, b"220-mail.example.org\r\n220-no spam here\r\n220 mail.example.org ESMTP Exim\r\n"),
    ("smtp", 587, b"554 5.7.1 you are on a list\r\n"),
    ("lmtp", 24, b"220 mail.example.org Dovecot LMTP ready.\r\n"),
    ("dict", 2628, b"220 dict.example.org dictd 1.12 <auth.mime> <100@dict.example.org>\r\n"),
    ("nntp", 119, b"200 hello, you may post\r\n"),
    ("nntp", 8119, b"201 news.example.org InterNetNews server ready (no posting)\r\n"),
    ("icy", 8000, b"ICY 200 OK\r\nicy-notice1:<BR>\r\nicy-name:Radio\r\n"),
    ("icy", 8000, b"ICY 404 Resource Not Found\r\n"),
    ("rtsp", 554, b"RTSP/1.0 400 Bad Request\r\nCSeq: 0\r\n\r\n"),
    ("sip", 5060, b"SIP/2.0 400 Bad Request\r\n"),
    ("asterisk-manager", 5038, b"Asterisk Call Manager/5.0.4\r\n"),
    ("freeswitch", 8021, b"Content-Type: auth/request\n\n"),
    ("freeswitch", 8021, b"Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n"),
    ("mysql", 3306, b"I\0\0\0\x0a8.0.35-0ubuntu0.22.04.1\0\x08\0\0\0abcdefgh\0"),
    ("mysql", 3307, b"Y\0\0\0\x0a5.5.5-10.11.6-MariaDB-0+deb12u1\0\x20\0\0\0"),
    ("mysql", 3306, b"G\0\0\0\xffj\x04Host '192.0.2.9' is not allowed to connect to this MariaDB server"),
    ("mysql", 33060, b"\x05\0\0\0\x0b\x08\x05\x1a\0"),
    ("postgresql", 5432, b"E\0\0\0\x8cSFATAL\0VFATAL\0C0A000\0Munsupported frontend protocol\0"),
    ("postgresql", 5433, b"EFATAL:  unsupported frontend protocol 21536.21584\n\0"),
    ("postgresql", 5432, b"N"),
    ("mssql", 1433, b"\x04\x01\0\x25\0\0\x01\0\0\0\x15\0\6\1\0\x1b"),
    ("oracle", 1521, b"\0\x59\0\0\x04\0\0\0\"\0\0M(DESCRIPTION=(TMP=)(VSNNUM=186647552)(ERR=1189))"),
    ("redis", 6379, b"-ERR wrong number of arguments for 'get' command\r\n"),
    ("redis", 6379, b"-NOAUTH Authentication required.\r\n"),
    ("redis", 6380, b"-DENIED Redis is running in protected mode because protected mode is enabled\r\n"),
    ("memcached", 11211, b"ERROR\r\nERROR\r\n"),
    ("mongodb", 27017, b"It looks like you are trying to access MongoDB over HTTP on the native driver port.\r\n"),
    ("elasticsearch", 9300, b"This is not an HTTP port"),
    ("cassandra", 9042, b"\x84\0\0\0\0\0\0\0\x2d\0\0\0\x0a\0\x27Invalid or unsupported protocol version (71)"),
    ("amqp", 5672, b"AMQP\0\0\x09\x01"),
    ("mqtt", 1883, b"\x20\x02\0\x05"),
    ("ldap", 389, b"0\x24\x02\x01\0\x78\x1f\x0a\x01\x02\x04\0\x04\0\x8a\x161.3.6.1.4.1.1466.20036"),
    ("vnc", 5900, b"RFB 003.008\n"),
    ("rdp", 3389, b"\x03\0\0\x13\x0e\xd0\0\0\x124\0\x03\0\x08\0\x02\0\0\0"),
    ("x11", 6000, b"\0\x16\x0b\0\0\0\6\0No protocol specified\n\0\0"),
    ("telnet", 23, b"\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x27"),
    ("telnet", 2323, b"\xff\xfb\x01\xff\xfb\x03\r\nrecorder login: "),
    ("telnet", 23, b"Welcome to the exchange\r\n\r\nUsername: "),
    ("telnet", 4444, b"Password for admin:"),
    ("svn", 3690, b"( success ( 2 2 ( ) ( edit-pipeline svndiff1 absent-entries ) ) ) "),
    ("git", 9418, b"0035ERR access denied or repository not exported: /x\n"),
    ("cvs", 2401, b"cvs [pserver aborted]: bad auth protocol start: GET / HTTP/1.1\n"),
    ("nbd", 10809, b"NBDMAGICIHAVEOPT\0\3"),
    ("iscsi", 3260, b"\x3f\x80\x04\0" + bytes(44)),
    ("ndmp", 10000, b"\x80\0\0\x2c\0\0\0\1\x5c\x6a\x91\0\0\0\0\0\0\0\x05\x02\0\0\0\0"),
    ("pjl", 9100, b'@PJL USTATUS DEVICE\r\nCODE=10001\r\nDISPLAY="Ready"\r\n'),
    ("irc", 6667, b":irc.example.org NOTICE AUTH :*** Looking up your hostname...\r\n"),
    ("irc", 6667, b"NOTICE * :*** Looking up your hostname\r\n"),
    ("irc", 6667, b":irc.example.org 451 GET :You have not registered\r\n"),
    ("irc", 6667, b"ERROR :Closing Link: 192.0.2.9 (Throttled)\r\n"),
    ("xmpp", 5222, b"<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams'>"),
    ("gopher", 70, b"3'/ HTTP/1.1' does not exist\t\terror.host\t1\r\n.\r\n"),
    ("gopher", 7070, b"iWelcome\tfake\t(NULL)\t0\r\n1Files\t/files\tgopher.example.org\t70\r\n"),
    ("managesieve", 4190, b'"IMPLEMENTATION" "Dovecot Pigeonhole"\r\n"SIEVE" "fileinto"\r\nOK "ready"\r\n'),
    ("ident", 113, b"0, 0 : ERROR : INVALID-PORT\r\n"),
    ("finger", 79, b"finger: /: no such user.\r\n"),
    ("finger", 79, b"Login: root           \t\t\tName: root\r\n"),
    ("daytime", 13, b"Mon Feb 18 08:00:00 2019\r\n"),
    ("time", 37, b"\xe0\x15\x2a\x80"),
    ("chargen", 19, bytes(range(33, 105)) + b"\r\n"),
    ("zabbix", 10050, b"ZBXD\x01\0\0\0\0\0\0\0\0"),
    ("jdwp", 8000, b"JDWP-Handshake"),
    ("ajp", 8009, b"AB\0\x13\x04\x01\x94"),
]

NEIGHBOURS = [  # what it is taken for, or None; why; port, first bytes
    (None, "nothing was said", 21, b""),
    (None, "HTTP is judged by its own probe", 80, b"HTTP/1.1 200 OK\r\n\r\n"),
    (None, "an old web server that sends the page at once", 80, b"<html><title>SSH-2.0</title>login: </html>"),
    (None, "SSH named in the middle of a sentence", 22, b"use SSH-2.0 instead\r\n"),
    (None, "rsync without its colon", 873, b"@RSYNCD 31\n"),
    (None, "an untagged answer that greets nobody", 143, b"* FLAGS (seen)\r\n"),
    (None, "a word that begins with OK", 110, b"+OKAY then\r\n"),
    ("redis", "an error that is no mailbox's", 6379, b"-ERR unknown command 'GET'\r\n"),
    (None, "an error of nobody known", 9999, b"-ERR no\r\n"),
    ("ftp", "220 alone is FTP's on a port of nobody", 2200, b"220 ready\r\n"),
    (None, "a number that continues", 21, b"2200 ready\r\n"),
    ("ftp", "a dictionary's greeting on another port", 21, b"220 ftp.example.org <1@ftp.example.org>\r\n"),
    (None, "200 without a word of news", 8119, b"200 hello\r\n"),
    (None, "ICY and no number", 8000, b"ICY weather\r\n"),
    (None, "a request is no answer", 554, b"OPTIONS * RTSP/1.0\r\n"),
    (None, "a database of protocol 9", 3306, b"I\0\0\0\x093.23\0"),
    (None, "a single letter elsewhere than at its port", 5000, b"N"),
    (None, "text that begins with E", 5432, b"Error\r\n"),
    (None, "an error that is no cache's", 11211, b"ERRORS are there\r\n"),
    (None, "letters that AMQP begins with", 5672, b"AMQPlite"),
    (None, "a longer answer than MQTT's", 1883, b"\x20\x02\0\x05 and more"),
    (None, "a version that is no number", 5900, b"RFB abc.def\n"),
    (None, "a byte of IAC without a command", 23, b"\xff\x01\x02"),
    ("telnet", "a prompt that begins as finger does", 2323, b"Login: "),
    ("telnet", "the same behind a banner", 23, b"\r\nNVR\r\nLogin: "),
    (None, "a prompt that was answered", 23, b"login: root\r\nwelcome\r\n"),
    (None, "a line with tabs that is no menu", 70, b"iWelcome\tto\tthe file\r\n"),
    (None, "a time on another port", 14, b"Mon Feb 18 08:00:00 2019\r\n"),
    (None, "four bytes on another port", 38, b"\xe0\x15\x2a\x80"),
    (None, "bytes of a sound file", 8000, b"RIFF\x24\x08\0\0WAVEfmt "),
    (None, "a TLS alert: what lies beneath is not known", 8443, b"\x15\x03\x01\0\x02\x02\x46"),
    (None, "settings of HTTP/2: it may list files", 8443, b"\0\0\x12\x04\0\0\0\0\0"),
]


@pytest.mark.parametrize(("protocol", "port", "said"), SAID)
def test_a_service_is_told_by_what_it_says(protocol, port, said):
    found = recognise(said, port)
    assert protocol == (found.protocol if found else None)


@pytest.mark.parametrize(("protocol", "why", "port", "said"), NEIGHBOURS)
def test_its_nearest_neighbour_is_not(protocol, why, port, said):
    found = recognise(said, port)
    assert protocol == (found.protocol if found else None), why


def test_every_service_of_the_table_is_heard_once():
    assert {row.protocol for row in ROWS} == {protocol for protocol, _, _ in SAID}


def test_every_row_says_where_it_is_written_down():
    named = re.compile(r"RFC \d+|https://|MS-|section|\(\d\)|X Window|specification|protocol|Language|Protocol")
    assert [] == [row.source for row in ROWS if not named.search(row.source)]


@pytest.mark.parametrize(
    ("port", "said", "words"),
    [
        (25, b"220 mail.example.org ESMTP Postfix\r\n", "a mail server (SMTP): 220 mail.example.org ESMTP Postfix"),
        (3306, b"I\0\0\0\x0a8.0.35\0\x08\0", "a database (MySQL or MariaDB): 8.0.35"),
        (10809, b"NBDMAGIC", "a disk (NBD)"),
        (110, b"+OK " + b"x" * 500, "a mailbox server (POP3): " + "x" * 100),
    ],
)
def test_its_words_are_few_and_hold_what_it_says_of_itself(port, said, words):
    assert words == recognise(said, port).words


def test_an_echo_is_known_by_what_had_been_sent():
    sent = b"GET /0123456789abcdef/ HTTP/1.1\r\nHost: 192.0.2.7\r\n"
    assert ("echo", None) == (recognise(sent, 7, after=sent).protocol, recognise(sent, 7))


@given(st.binary(max_size=600), st.integers(1, 65535), st.binary(max_size=40))
def test_any_bytes_are_one_service_or_none(said, port, after):
    found = recognise(said, port, after=after)
    assert found is None or (len(found.words) <= 200 and "\n" not in found.protocol)


@given(st.sampled_from(SAID), st.binary(max_size=60), st.integers(0, 40))
def test_bytes_that_break_a_greeting_do_no_harm(row, noise, at):
    protocol, port, said = row
    assert recognise(said[:at] + noise, port) is None or protocol


@pytest.mark.parametrize(
    "piece",
    [b"220-x\r\n", b"x" * 79 + b"\r", b"\xff\xfd\x01", b"Password", b"i\t\t\t", b"\n", b" ", b"SSH", b": ", b"\0"],
)
def test_no_more_than_the_beginning_is_looked_at(piece):
    for port in (21, 25, 119, 5432):
        assert recognise((piece * READ)[:READ], port) == recognise(piece * 300_000, port)
