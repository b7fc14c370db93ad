"""The services that are told by their first bytes: what these look like, and where that is written down. A table.

Patterns look at the beginning of what was said and no further than they must. The order decides: of two that hold the
first is meant. A row with ports counts on these ports only, as its bytes alone would say too little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

Ports = frozenset[int]


@dataclass(frozen=True, slots=True)
class Row:
    """One service. A group `said` in the pattern is what it says of itself."""

    protocol: str
    name: str                                # in a sentence, such as `a mail server (SMTP)`
    pattern: re.Pattern[bytes]
    source: str                              # where the first bytes are documented
    ports: Ports = frozenset()               # the only ones where it counts; empty: all


def _row(protocol: str, name: str, pattern: bytes, source: str, *ports: int) -> Row:
    return Row(protocol, name, re.compile(pattern, re.DOTALL), source, frozenset(ports))


_LINE = rb"(?P<said>[^\r\n]{0,200})"
_NAMED = rb"(?P<said>[\x20-\x7e]{1,80})"

ROWS: tuple[Row, ...] = (
    # what has a probe of its own
    _row("ssh", "SSH", rb"(?:[^\n]{0,255}\n){0,8}(?P<said>SSH-[12]\.[^\r\n]{0,200})", "RFC 4253 section 4.2"),
    _row("rsync", "an rsync daemon", rb"(?P<said>@RSYNCD: [^\r\n]{0,40})", "rsyncd.conf(5); clientserver.c of rsync"),
    _row("imap", "a mailbox server (IMAP)", rb"\* (?:OK|PREAUTH|BYE)\b" + _LINE, "RFC 9051 section 7.1"),
    _row("pop3", "a mailbox server (POP3)", rb"\+OK(?![^\s])" + _LINE, "RFC 1939 section 3"),
    _row("pop3", "a mailbox server (POP3)", rb"-ERR(?![^\s])" + _LINE, "RFC 1939 section 3", 109, 110, 995),
    # what greets with a number as FTP does
    _row("smtp", "a mail server (SMTP)",
         rb"(?:220-[^\n]{0,200}\n){0,8}(?P<said>(?:220|421|45\d|5[257]\d)[ -][^\r\n]{0,200}\bE?SMTP\b[^\r\n]{0,80})",
         "RFC 5321 section 4.2"),
    _row("smtp", "a mail server (SMTP)", rb"(?P<said>(?:220|421|45\d|5[257]\d)[ -][^\r\n]{0,200})",
         "RFC 5321 section 4.2", 25, 465, 587, 2525),
    _row("lmtp", "a mail server (LMTP)", rb"(?P<said>220[ -][^\r\n]{0,200}\bLMTP\b)", "RFC 2033 section 4"),
    _row("dict", "a dictionary server", rb"(?P<said>220 [^\r\n]{0,200}<[^<>\s]{1,80}>)\s*\Z",
         "RFC 2229 section 3.1", 2628),
    _row("nntp", "a news server (NNTP)", rb"(?P<said>(?:200|201|400|502) [^\r\n]{0,200})", "RFC 3977 section 5.1",
         119, 433, 563),
    _row("nntp", "a news server (NNTP)",
         rb"(?P<said>20[01] [^\r\n]{0,160}(?:\bNNTP|InterNetNews|\bINN\b|posting (?:allowed|ok|prohibited)))",
         "RFC 3977 section 5.1"),
    _row("ftp", "FTP", rb"(?P<said>(?:120|220|421|530)[ -][^\r\n]{0,200})", "RFC 959 section 5.4"),
    _row("ftp", "FTP", rb"(?P<said>[245]\d\d[ -][^\r\n]{0,200}\bFTP\b)", "RFC 959 section 4.2"),
    # live sound and pictures
    _row("icy", "live audio (SHOUTcast or Icecast), no stored file", rb"(?P<said>ICY \d{3}[^\r\n]{0,80})",
         "https://cast.readme.io/docs/icy (ICY status line)"),
    _row("rtsp", "live sound or pictures (RTSP)", rb"(?P<said>RTSP/\d\.\d \d{3}[^\r\n]{0,80})", "RFC 7826 section 8.1"),
    # telephones
    _row("sip", "telephony signalling (SIP)", rb"(?P<said>SIP/2\.0 \d{3}[^\r\n]{0,80})", "RFC 3261 section 7.2"),
    _row("asterisk-manager", "the manager of an Asterisk exchange", rb"(?P<said>Asterisk Call Manager/[\d.]{1,12})",
         "https://docs.asterisk.org/ (AMI, greeting)"),
    _row("freeswitch", "the event socket of a FreeSWITCH", rb"Content-Type: (?:auth/request|text/rude-rejection)\b",
         "https://developer.signalwire.com/freeswitch/ (mod_event_socket)"),
    # databases
    _row("mysql", "a database (MySQL or MariaDB)", rb"..\x00\x00\x0a" + _NAMED + rb"\x00",
         "https://mariadb.com/kb/en/connection/ (initial handshake packet)"),
    _row("mysql", "a database (MySQL or MariaDB)", rb"..\x00\x00\xff..(?:#\w{5})?" + _NAMED,
         "https://mariadb.com/kb/en/err_packet/"),
    _row("mysql", "a database (MySQL, X protocol)", rb"\x05\x00\x00\x00\x0b\x08\x05\x1a\x00",
         "https://dev.mysql.com/doc/dev/mysql-server/latest/page_mysqlx_protocol.html"),
    _row("postgresql", "a database (PostgreSQL)", rb"E(?:\x00\x00..S(?:FATAL|ERROR|PANIC)\x00|FATAL:  )",
         "https://www.postgresql.org/docs/current/protocol-message-formats.html (ErrorResponse)"),
    _row("postgresql", "a database (PostgreSQL)", rb"[NS]\Z",
         "https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL", 5432),
    _row("mssql", "a database (Microsoft SQL Server)", rb"\x04\x01\x00.\x00\x00\x01\x00", "MS-TDS section 2.2.3.1"),
    _row("oracle", "a database (Oracle)",
         rb".{2}\x00\x00[\x04\x0b]\x00\x00\x00.{0,8}(?P<said>\(DESCRIPTION=[^\x00]{0,120})",
         "https://docs.oracle.com/en/database/oracle/oracle-database/19/netag/ (TNS refuse packet)"),
    _row("redis", "a database (Redis)",
         rb"(?P<said>-(?:NOAUTH|DENIED|MISCONF|LOADING|NOPERM|MASTERDOWN|READONLY) [^\r\n]{0,120})",
         "https://redis.io/docs/latest/develop/reference/protocol-spec/ (simple errors)"),
    _row("redis", "a database (Redis)",
         rb"(?P<said>-ERR (?:unknown|wrong number|unbalanced|max number)[^\r\n]{0,120})",
         "https://redis.io/docs/latest/develop/reference/protocol-spec/ (simple errors)"),
    _row("memcached", "a cache (memcached)",
         rb"(?P<said>(?:ERROR|CLIENT_ERROR [^\r\n]{0,80}|SERVER_ERROR [^\r\n]{0,80}))\r\n",
         "https://github.com/memcached/memcached/blob/master/doc/protocol.txt (error strings)"),
    _row("mongodb", "a database (MongoDB)", rb"It looks like you are trying to access MongoDB",
         "https://www.mongodb.com/docs/ (HTTP on the driver's port)"),
    _row("elasticsearch", "a database (Elasticsearch, between nodes)", rb"This is not (?:a|an) HTTP port",
         "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/networking-settings"),
    _row("cassandra", "a database (Cassandra)", rb"[\x81-\x86].{3}\x00.{4}\x00\x00\x00\x0a.." + _NAMED,
         "https://cassandra.apache.org/doc/latest/ (native protocol v4, section 4.2.1: ERROR)"),
    # queues and directories
    _row("amqp", "a message queue (AMQP)", rb"AMQP[\x00-\x03][\x00\x01][\x00-\x09][\x00-\x09]",
         "AMQP 0-9-1 section 4.2.2"),
    _row("mqtt", "a message queue (MQTT)", rb"\x20\x02[\x00\x01][\x00-\x05]\Z", "MQTT 3.1.1 section 3.2"),
    _row("ldap", "a directory (LDAP)", rb"\x30.{1,5}?\x02\x01\x00\x78.{0,120}1\.3\.6\.1\.4\.1\.1466\.20036",
         "RFC 4511 section 4.4.1"),
    # screens and shells
    _row("vnc", "a shared screen (VNC)", rb"(?P<said>RFB \d{3}\.\d{3})\n", "RFC 6143 section 7.1.1"),
    _row("rdp", "a shared screen (RDP)", rb"\x03\x00\x00[\x0b-\x40].\xd0", "MS-RDPBCGR section 2.2.1.2"),
    _row("x11", "a shared screen (X11)", rb"\x00[\x01-\xff](?:\x0b\x00|\x00\x0b)\x00\x00.{2}" + _NAMED,
         "X Window System Protocol, section 8 (Connection Setup)"),
    _row("telnet", "a terminal (Telnet)", rb"(?:\xff[\xfb-\xfe].){1,20}\s{0,20}(?P<said>[\x20-\x7e]{0,80})",
         "RFC 854, RFC 855"),
    # program text and disks
    _row("svn", "program text (Subversion)", rb"\( success \( \d{1,3} \d{1,3} \( ",
         "https://svn.apache.org/repos/asf/subversion/trunk/subversion/libsvn_ra_svn/protocol (greeting)"),
    _row("git", "program text (Git)", rb"[0-9a-f]{4}(?:(?P<said>ERR [^\r\n]{0,120})|[0-9a-f]{40} )",
         "gitprotocol-pack(5)"),
    _row("cvs", "program text (CVS)", rb"(?P<said>cvs \[[a-z ]{1,30} aborted\]: [^\r\n]{0,80})",
         "CVS client/server protocol"),
    _row("nbd", "a disk (NBD)", rb"NBDMAGIC", "https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md"),
    _row("iscsi", "a disk (iSCSI)", rb"[\x23\x3f]\x80.{46}", "RFC 7143 sections 11.13 and 11.17", 860, 3260),
    _row("ndmp", "a backup agent (NDMP)", rb"\x80\x00\x00..{4}.{4}\x00{4}\x00\x00\x05\x02",
         "NDMP version 4, section 3.2 (NDMP_NOTIFY_CONNECTION_STATUS)"),
    # paper
    _row("pjl", "a printer (PJL)", rb"(?P<said>@PJL [^\r\n]{0,80})", "HP Printer Job Language, chapter 8"),
    # talk and news
    _row("irc", "a chat server (IRC)",
         rb"(?P<said>(?::[^ \r\n]{1,100} )?NOTICE (?:AUTH|\*|Auth|[^ \r\n]{1,40}) :[^\r\n]{0,120})",
         "RFC 1459 section 4.4.2"),
    _row("irc", "a chat server (IRC)", rb"(?P<said>(?::[^ \r\n]{1,100} [0-9]{3} |ERROR :)[^\r\n]{0,120})",
         "RFC 2812 section 5"),
    _row("xmpp", "a chat server (XMPP)", rb"(?:<\?xml[^>]{0,80}\?>\s{0,8})?<stream:(?:stream|error)\b",
         "RFC 6120 section 4.2"),
    _row("gopher", "a Gopher server",
         rb"[0-9+gIThis;dMP:<][^\t\r\n]{0,200}\t[^\t\r\n]{0,255}\t[^\t\r\n]{0,255}\t\d{1,5}(?:\t\+)?\r?\n",
         "RFC 1436 section 3.8"),
    _row("managesieve", "mail filters (ManageSieve)", rb"\"IMPLEMENTATION\" \"(?P<said>[^\"\r\n]{0,100})\"",
         "RFC 5804 section 1.7"),
    # small services
    _row("ident", "who owns a connection (ident)",
         rb"\s{0,4}\d{1,5} {0,4}, {0,4}\d{1,5} {0,4}: {0,4}(?:ERROR|USERID) {0,4}:",
         "RFC 1413 section 6"),
    _row("finger", "who is logged in (finger)",
         rb"(?:\s{0,8}Login(?: name)?: \S|Login {1,40}Name|[^\r\n]{0,80}: no such user|"
         rb"No one logged on)", "RFC 1288 section 2.5"),
    _row("daytime", "the time of day (daytime)", rb"(?P<said>[\x20-\x7e]{0,40}\d{1,2}:\d\d:\d\d[\x20-\x7e]{0,40})",
         "RFC 867", 13),
    _row("time", "the time of day (time)", rb".{4}\Z", "RFC 868", 37),
    _row("chargen", "a stream of letters (chargen)", rb"[\x20-\x7e]{70,76}\r\n", "RFC 864", 19),
    _row("zabbix", "monitoring (Zabbix)", rb"ZBXD[\x01-\x07]",
         "https://www.zabbix.com/documentation/current/en/manual/appendix/protocols/header_datalen"),
    _row("jdwp", "a Java program under a debugger (JDWP)", rb"JDWP-Handshake", "Java Debug Wire Protocol (handshake)"),
    _row("ajp", "a web application behind its web server (AJP)", rb"AB\x00.[\x03-\x06\x09]",
         "https://tomcat.apache.org/connectors-doc/ajp/ajpv13a.html (packets from the container)"),
    # last, as a person's eye would: a prompt
    _row("telnet", "a terminal that asks who is there",
         rb"(?:[^\xff]{0,800}?[\r\n])?(?P<said>[^\r\n]{0,80}(?:[Ll]ogin|[Uu]ser(?: ?name)?|[Pp]assword)"
         rb"(?: ?for [^\r\n:]{1,60})? ?: ?)\Z", "RFC 854 (what a terminal shows)"),
)
