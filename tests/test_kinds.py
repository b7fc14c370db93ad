"""Kinds of files as whole trees show them: the ordinary ranks low, what concerns people is seen in six languages."""

from __future__ import annotations

import pytest

from scanner.signature import load

KNOWLEDGE = load()
CLASSES = KNOWLEDGE.score.dpc.classes

ORDINARY = [
    ("/debian/pool/main/f/foo/", [
        "foo_1.2-3_amd64.deb", "foo_1.2-3.dsc", "foo_1.2.orig.tar.gz", "foo_1.2.orig.tar.gz.asc",
        "foo_1.2-3.debian.tar.xz", "foo_1.2-3.diff.gz",
    ]),
    ("/debian/dists/stable/main/binary-amd64/", [
        "Packages", "Packages.gz", "Packages.xz", "Release", "InRelease", "Release.gpg", "Contents-amd64.gz",
        "Translation-sv.bz2", "Components-amd64.yml.gz", "ls-lR.gz",
    ]),
    ("/debian/dists/stable/main/by-hash/SHA256/", [
        "0a" * 32,
    ]),
    ("/fedora/os/repodata/", [
        "repomd.xml", "repomd.xml.asc", "0a" * 32 + "-primary.xml.gz", "0a" * 32 + "-filelists.sqlite.bz2",
        "comps.xml",
    ]),
    ("/archlinux/core/os/x86_64/", [
        "core.db", "core.db.tar.gz", "core.files", "foo-1.2-1-x86_64.pkg.tar.zst", "extra.db.sig",
    ]),
    ("/cloud/images/", [
        "debian-12-genericcloud-amd64.qcow2", "noble-server-cloudimg-amd64.ova", "SHA512SUMS", "boot.wim",
        "debian-12.5.0-amd64-netinst.iso", "debian-12.5.0-amd64-netinst.iso.torrent",
    ]),
    ("/simple/foo/", [
        "foo-1.2-py3-none-any.whl", "foo-1.2-py3-none-any.whl.metadata", "foo-1.2.tar.gz", "foo-1.2.tar.gz.asc",
        "foo-1.2.zip", "foo_export-1.2.tar.gz", "backup-tool-1.2.tar.gz",
    ]),
    ("/npm/foo/-/", [
        "foo-1.2.3.tgz", "foo-1.2.3-beta.1.tgz", "package.json", "index.d.ts", "main.ts", "app.module.ts",
    ]),
    ("/maven2/org/example/foo/1.2/", [
        "foo-1.2.jar", "foo-1.2.pom", "foo-1.2.jar.asc", "foo-1.2.pom.sha1", "foo-1.2-sources.jar.md5",
        "maven-metadata.xml", "maven-metadata.xml.sha256", "foo-1.2.module", "foo-1.2.module.asc",
    ]),
    ("/releases/", [
        "node_exporter-1.7.0.linux-amd64.tar.gz", "mysqldump-tool-2.0.1.zip", "SHA256SUMS", "SHA256SUMS.asc",
        "KEYS", "CHANGES.txt", "tool-1.2.exe", "tool-1.2.dmg", "tool-1.2.msi", "firmware-1.2.bin",
        "openwrt-sysupgrade.bin",
    ]),
    ("/docs/latest/", [
        "index.html", "searchindex.js", "objects.inv", "style.css", "logo.svg", "genindex.html", "intro.md",
        "intro.rst.txt", "how-to-restore-files.html", "password-policy.html", "journal.html", "patient.html",
        "interface.h", "robots.txt", "sitemap.xml",
    ]),
    ("/assets/gallery/", [
        "IMG_0001.jpg", "DSC_0042.jpg", "passat.jpg", "compass.png", "hero@2x.png", "thumbs.png", "intro.woff2",
        "a.webp",
    ]),
    ("/podcasts/havet/", [
        "2019-02-18 Om havet.mp3", "Avsnitt 12 - Om havet.mp3", "episode-13.mp3", "om-havet.m4a",
    ]),
    ("/podcast/sea/", [
        "s01e02-the-deep.mp3", "The Sea Episode 7.mp3", "feed.xml", "cover.jpg",
    ]),
    ("/Audiobooks/Testsson - Havet/", [
        "Kapitel 01.mp3", "Kapitel 02.mp3", "01 - Havet.m4b", "cover.jpg",
    ]),
    ("/share/Testsson/Sommarregn/", [
        "01 - Sommarregn.mp3", "02 - Havet.flac", "03. Regn.ogg", "folder.jpg", "album.m3u", "album.cue",
    ]),
    ("/var/lib/asterisk/sounds/sv/", [
        "vm-goodbye.gsm", "queue-thankyou.wav", "conf-onlyperson.ulaw", "agent-pass.gsm", "beep.wav",
    ]),
    ("/var/lib/asterisk/sounds/sv/digits/", [
        "1.gsm", "20.gsm", "oh.gsm", "hundred.wav", "day-1.gsm",
    ]),
    ("/asterisk/moh/", [
        "macroform-cold_day.wav", "reno_project-system.wav", "manolo_camp-morning_coffee.wav",
    ]),
    ("/prompts/", [
        "Välkommen.wav", "ring-senare.wav", "meny1.wav",
    ]),
    ("/maps/", [
        "sweden-latest.osm.pbf", "kommuner.geojson", "roads.shp", "roads.shx", "N59E018.hgt", "tiles.mbtiles",
    ]),
    ("/", [
        ".DS_Store", "desktop.ini", "Thumbs.db", "._brev.docx",
    ]),
]


@pytest.mark.parametrize(("path", "names"), ORDINARY, ids=[path for path, _ in ORDINARY])
def test_the_ordinary_concerns_nobody(path: str, names: list[str]) -> None:
    found = {name: KNOWLEDGE.kind_of(name, path) for name in names}
    assert {} == {name: kind for name, kind in found.items() if CLASSES[kind] > 0}


CONCERNING = [
    ("/", "mail", ["arkiv.pst", "brev.eml", "info.mbox", "1550478612.M20046P2137.mail.example.org,S=4542:2,RS"]),
    ("/vmail/example.org/tolvan/", "mail", ["INBOX", "Sent", "dovecot-uidlist"]),
    ("/", "health", ["remiss.hl7", "bild.dcm", "DICOMDIR", "Patient.ndjson", "patienter.xlsx", "pasienter.csv",
                     "potilastiedot.ods", "Patientenliste.xlsx", "läkarintyg_2019.pdf", "lakarintyg_2019.pdf",
                     "epikrise.docx", "sairauskertomus.pdf", "Arztbrief Tolvan.pdf", "lab_results.pdf"]),
    ("/DICOM/PA000000/ST000000/SE000000/", "health", ["IM000000", "IM000001"]),
    ("/", "export", ["kundregister_export.csv", "udtræk-2019.xlsx", "uttrekk.csv", "poiminta.xlsx", "users.json",
                     "medlemmar.csv", "jäsenrekisteri.csv", "Mitglieder.xlsx", "adresslista.xls", "customer-list.csv"]),
    ("/", "accounting", ["bokslut.sie", "lönelista.xlsx", "løn-2019.csv", "palkkalista.xlsx", "Gehalt.pdf",
                         "BGMAX_0218.txt", "SAF-T Financial_2019.xml", "payroll-02.csv", "invoice-17.pdf"]),
    ("/", "calendar", ["tidbok.ics", "kontakter.vcf", "personal.ldif"]),
    ("/", "database", ["prod.sql.gz", "kunder.sqlite3", "arenden.bak", "dump.rdb", "app.dump"]),
    ("/", "machine-backup", ["server01.vhdx", "jobb.vbk", "sda1.ext4-ptcl-img.gz.aa", "vzdump-qemu-100.vma.zst"]),
    ("/borg/server01/data/0/", "machine-backup", ["1", "1742"]),
    ("/", "archive", ["backup_2019.zip", "www.tar.gz", "db-export.7z", "säkerhetskopia.rar", "home.tgz"]),
    ("/", "phone-backup", ["msgstore.db.crypt14", "sms-20190218083012.xml", "tolvan.ab", "Manifest.db"]),
    ("/", "key", ["id_rsa", "server.key", "tolvan.kdbx", "tolvan.pfx", ".htpasswd", "wallet.dat"]),
    ("/", "secret", [".env", "wp-config.php", "terraform.tfstate", "sip.conf", "appsettings.Production.json"]),
    ("/tolvan/.aws/", "secret", ["credentials", "config"]),
    ("/.git/objects/0a/", "source", ["0a" * 19]),
    ("/", "identity", ["pass_tolvan.jpg", "körkort.png", "korkort.png", "kørekort.pdf", "førerkort.jpg",
                       "ajokortti.jpg", "Führerschein.pdf", "ausweis.png", "passport.heic", "selfie1.jpg"]),
    ("/", "surveillance", ["MDalarm_20190218_083012.mkv", "Motion_20190218.mp4", "snap_20190218.jpg"]),
    ("/recordings/2019-02-18/08/port/", "surveillance", ["08.12.mp4"]),
    ("/", "fax", ["fax0001.tif", "scan0001.pdf", "SKM_C287.pdf"]),
    ("/fax/inbox/", "fax", ["a.tiff"]),
    ("/", "social-legal", ["orosanmälan.pdf", "orosanmalan.pdf", "förhör 3.docx", "afhøring.pdf", "avhør.docx",
                           "lastensuojelu_2.pdf", "Vernehmung.pdf", "witness statement.pdf"]),
    ("/", "log", ["access.log", "Master.csv", "cdr.csv", "cdr-2019.csv", "queue_log", "full.1", "sip.log"]),
    ("/", "chat", ["_chat.txt", "meeting_saved_chat.txt", "WhatsApp Chat with Tolvan.txt"]),
    ("/ChatExport_2019-02-18/", "chat", ["result.json"]),
    ("/", "ransom", ["HOW_TO_DECRYPT.txt", "!!!READ_ME.txt", "_readme.txt"]),
    ("/", "ransomed", ["bokslut.xlsx.deadbolt", "samtal.wav.encrypted"]),
    ("/", "encrypted", ["samtal.wav.gpg", "arkiv.zip.enc", "brev.p7m", "brev.asc"]),
    ("/", "web-shell", ["c99.php", "cmd.aspx"]),
    ("/", "synced", ["desktop.ini", ".DS_Store"]),
    ("/asterisk/monitor/", "audio", ["1550478612.raw", "samtal.gsm", "samtal.sln48"]),
]


@pytest.mark.parametrize(("path", "kind", "name"), [(p, k, n) for p, k, names in CONCERNING for n in names])
def test_what_concerns_people_has_its_kind(path: str, kind: str, name: str) -> None:
    assert kind == KNOWLEDGE.kind_of(name, path)


FRIENDS = [
    ("passat.jpg", "identity"), ("password.png", "identity"), ("compass.pdf", "identity"), ("pasta.jpg", "identity"),
    ("passepartout.png", "identity"), ("kycklinggryta.jpg", "identity"), ("long.csv", "accounting"),
    ("london.xlsx", "accounting"), ("patience.csv", "health"), ("impatient.txt", "health"), ("users.html", "export"),
    ("exporter.txt", "export"), ("lvmcache.pdf", "social-legal"), ("whistleblower-policy.pdf", "social-legal"),
    ("id_rsa.pub", "key"), ("cacert.pem", "key"), ("ca-bundle.pem", "key"), ("dhparams.pem", "key"),
    ("fullchain.pem", "key"), ("server.crt", "key"), ("README.txt", "ransom"), ("notes!.txt", "ransom"),
    ("catalog.csv", "log"), ("debug.html", "log"), ("chat.js", "chat"), ("index.html.bak", "database"),
    ("base64.ts", "video"), ("P1000123.raw", "audio"), ("IM000000", "health"), ("result.json", "chat"),
    ("1550478612.123.wav", "mail"), ("slowmotion.mp4", "surveillance"), ("scanner.pdf", "fax"),
    ("12 - samtal med Tolvan.mp3", "music"), ("0701740605.mp3", "music"), ("20190218 083012.mp3", "music"),
    ("agent-tolvan-20190218.wav", "prompt"),
]


@pytest.mark.parametrize(("name", "kind"), FRIENDS)
def test_a_false_friend_is_of_another_kind(name: str, kind: str) -> None:
    assert kind != KNOWLEDGE.kind_of(name)


@pytest.mark.parametrize("path", ["/moh/", "/music/", "/podcasts/", "/sounds/sv/"])
@pytest.mark.parametrize("name", ["0701740605.wav", "20190218-083012_2025550123-all.wav", "1550478612.123.wav"])
def test_a_call_stays_a_call_among_music(path: str, name: str) -> None:
    assert KNOWLEDGE.kind_of(name, path) == "audio"
