"""Files of everyday work whose digits look like people and are none: orders, barcodes, serials, builds, pictures.

Each function writes the names of one whole folder, as running numbers only show in a folder. Check digits are those
that the issuers publish: GS1, ISBN, bank references, tax numbers of companies. `ORDINARY` is the one list.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate

from tests.digits.persons import luhn, mod11
from tests.digits.scene import Scene, stamp

Folder = Callable[[Scene], list[str]]


def counted(digits: int, step: int, *, begin: str = "", before: str = "", after: str = ".pdf") -> Folder:
    """Numbers that run upwards by at most `step`, of so many digits, beginning so."""
    def names(scene: Scene) -> list[str]:
        rng, rest = scene.rng, digits - len(begin)
        first = rng.randrange(10 ** (rest - 1), 9 * 10 ** (rest - 1)) if not begin else rng.randrange(10 ** (rest - 1))
        runs = accumulate((rng.randint(1, step) for _ in scene.moments), initial=first)
        return [f"{before}{begin}{n:0{rest}d}{after}" for n in list(runs)[1:]]
    return names


def drawn(form: str) -> Folder:
    """Names with random parts: `#` any digit, `^` any but nought, `@` a hexadecimal figure."""
    def one(scene: Scene) -> str:
        draw = {"#": "0123456789", "^": "123456789", "@": "0123456789abcdef"}
        return "".join(scene.rng.choice(draw.get(letter, letter)) for letter in form)
    return lambda scene: [one(scene) for _ in scene.moments]


def dated(form: str) -> Folder:
    """Names with the time in them, and random parts as `drawn` has them."""
    def names(scene: Scene) -> list[str]:
        rest = drawn(form)(Scene(scene.rng, scene.region, scene.moments))
        return [stamp(moment, name) for moment, name in zip(scene.moments, rest, strict=True)]
    return names


def reference(scene: Scene) -> list[str]:
    """Payment references: a running invoice number and its Luhn digit, ten digits in all."""
    first = scene.rng.randrange(10 ** 8, 9 * 10 ** 8)
    return [f"faktura_{n}{luhn(str(n))}.pdf" for n in range(first, first + len(scene.moments))]


def reference_dated(scene: Scene) -> list[str]:
    """Payment references that begin with year and month, twelve digits, Luhn digit last."""
    heads = [stamp(moment, "%Y%m") + f"{i:05d}" for i, moment in enumerate(scene.moments, scene.rng.randrange(9_000))]
    return [f"{head}{luhn(head)}.pdf" for head in heads]


def companies_swedish(scene: Scene) -> list[str]:
    """Companies' numbers: the third digit is two or more, so that none is a day of birth."""
    heads = [f"556{scene.rng.randrange(200, 1000)}{scene.digits(3)}" for _ in scene.moments]
    return [f"{head[:6]}-{head[6:]}{luhn(head)}_arsredovisning.pdf" for head in heads]


def companies_danish(scene: Scene) -> list[str]:
    """Companies' numbers of eight digits, sum of eleven."""
    def one() -> str:
        while True:
            seven = [*map(int, f"{scene.rng.randrange(1_000_000, 10_000_000)}")]
            last = -sum(map(int.__mul__, (2, 7, 6, 5, 4, 3, 2), seven)) % 11
            if last < 10:
                return "".join(map(str, [*seven, last]))
    return [f"{one()}_aarsrapport.pdf" for _ in scene.moments]


def companies_norwegian(scene: Scene) -> list[str]:
    """Companies' numbers of nine digits, sum of eleven, beginning with 8 or 9."""
    def one() -> str:
        while True:
            eight = [*map(int, f"{scene.rng.randrange(81_000_000, 99_999_999)}")]
            last = -sum(map(int.__mul__, (3, 2, 7, 6, 5, 4, 3, 2), eight)) % 11
            if last < 10:
                return "".join(map(str, [*eight, last]))
    return [f"{one()}.pdf" for _ in scene.moments]


def barcode(begin: str, digits: int) -> Folder:
    """GS1's numbers: of thirteen digits on goods, of eight on small ones, of eighteen on electricity meters."""
    def one(scene: Scene) -> str:
        head = begin + scene.digits(digits - 1 - len(begin))
        total = sum(int(d) * (3 - 2 * (i % 2)) for i, d in enumerate(reversed(head)))
        return f"{head}{-total % 10}.jpg"
    return lambda scene: [one(scene) for _ in scene.moments]


PUBLISHERS = ("014", "0330", "0571", "0198", "0521", "0679", "0701", "0713", "0747", "0385", "0553", "0241")


def isbn10(scene: Scene) -> list[str]:
    """Books of English publishers by their ten-digit number; one in eleven ends with an X."""
    heads = [p + scene.digits(9 - len(p)) for p in scene.rng.choices(PUBLISHERS, k=len(scene.moments))]
    return [f"{head}{'0123456789X'[mod11(head)]}.epub" for head in heads]


def devices(scene: Scene) -> list[str]:
    """Logs by a device's own number: fifteen digits, Luhn digit last."""
    heads = [f"35{scene.digits(12)}" for _ in scene.moments]
    return [f"{head}{luhn(head)}.log" for head in heads]


def provisioning(scene: Scene) -> list[str]:
    """Telephones' settings by hardware address; a maker's addresses begin alike, some are digits only."""
    tail = ["".join(scene.rng.choices("0123456789" * 3 + "abcdef", k=6)) for _ in scene.moments]
    return [f"001565{t}.cfg" for t in tail]


def places(scene: Scene) -> list[str]:
    """Pictures by where they were taken."""
    return [f"{scene.rng.uniform(54, 70):.6f}_{scene.rng.uniform(4, 31):.6f}.jpg" for _ in scene.moments]


def tiles(scene: Scene) -> list[str]:
    """A map's tiles."""
    return [f"14_{8_900 + i // 20}_{4_800 + i % 20}.png" for i in range(len(scene.moments))]


def prompts(scene: Scene) -> list[str]:
    """Spoken digits of an exchange."""
    return [f"{i}.gsm" for i in range(len(scene.moments))]


def addresses(scene: Scene) -> list[str]:
    """Settings by IPv4 address, with the day."""
    return [f"192.0.2.{i % 254 + 1}_{stamp(moment, '%Y%m%d')}.cfg" for i, moment in enumerate(scene.moments)]


ORDINARY: dict[str, Folder] = {
    "orders-07": counted(10, 3, begin="07"), "orders-070": counted(10, 1, begin="070"),
    "orders-08": counted(10, 5, begin="08"), "orders-8": counted(8, 1),
    "orders-8-gaps": counted(8, 7, before="order_"), "orders-9": counted(9, 4), "orders-10": counted(10, 1),
    "orders-10-us": counted(10, 6, begin="2025"), "orders-11": counted(11, 9),
    "orders-11-44": counted(12, 2, begin="447"), "orders-46": counted(11, 3, begin="467"),
    "orders-6": counted(6, 2, before="ticket-"), "customers-8": drawn("^#######.pdf"),
    "customers-9": drawn("^########.pdf"), "customers-10": drawn("^#########.pdf"),
    "customers-11": drawn("^##########.pdf"), "customers-12": drawn("kund_^###########.xml"),
    "customers-7": drawn("k^######.pdf"), "reference": reference, "reference-dated": reference_dated,
    "companies-se": companies_swedish, "companies-dk": companies_danish, "companies-no": companies_norwegian,
    "ean-73": barcode("73", 13), "ean-57": barcode("57", 13), "ean-50": barcode("50", 13),
    "ean-460": barcode("460", 13), "ean-8": barcode("", 8), "upc-12": barcode("0", 12),
    "meters": barcode("735999", 18), "isbn-13": barcode("978", 13), "isbn-10": isbn10, "imei": devices,
    "mac": provisioning, "places": places, "tiles": tiles, "prompts": prompts, "addresses": addresses,
    "invoices": dated("INV-%Y-######.pdf"), "invoices-running": counted(9, 1, begin="2019", before="F"),
    "invoices-dated": dated("%Y%m%d-####.pdf"), "receipts": dated("kvitto_%y%m%d-####.pdf"),
    "receipts-dk": dated("bon %d%m%y-####.pdf"), "track-s10": drawn("RR#########SE.pdf"),
    "track-dhl": drawn("^#########.pdf"), "track-ups": drawn("1Z@@@@@@^#########.pdf"),
    "track-fedex": drawn("7###########.pdf"), "track-postnord": drawn("00370#################.pdf"),
    "track-gls": drawn("^##########.xml"), "photo": dated("IMG_%Y%m%d_%H%M%S.jpg"),
    "photo-pixel": dated("PXL_%Y%m%d_%H%M%S###.jpg"), "photo-wa": dated("IMG-%Y%m%d-WA00##.jpg"),
    "photo-dsc": counted(5, 1, before="DSC0", after=".JPG"),
    "photo-fb": drawn("########_10##############_###########_n.jpg"), "snowflake": drawn("10^################.jpg"),
    "screenshot": dated("Screenshot_%Y-%m-%d-%H-%M-%S-###.png"),
    "hash-md5": drawn("@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@.bin"), "hash-sha1": drawn("@" * 40 + ".pack"),
    "hash-8": drawn("@@@@@@@@.js"), "uuid": drawn("@@@@@@@@-@@@@-4@@@-8@@@-@@@@@@@@@@@@.jpg"),
    "build": dated("app-1.2.3-build%Y%m%d.##.apk"), "deb": drawn("linux-image-5.1#.0-#^-amd64_5.1#.1##-^_amd64.deb"),
    "wheel": drawn("example-^.#.^#-cp311-cp311-linux_x86_64.whl"),
    "nightly": dated("example-%Y-%m-%d-%H-%M-%S-central.tar.bz2"), "log-day": dated("access.log-%Y%m%d.gz"),
    "log-second": dated("app.log.%Y%m%d%H%M%S"), "backup": dated("db_backup_%Y%m%d_%H%M.sql.gz"),
    "backup-12": dated("backup-%Y%m%d%H%M.tar"), "backup-vm": dated("vzdump-qemu-1##-%Y_%m_%d-%H_%M_%S.vma.zst"),
    "podcast": counted(3, 1, before="ep_", after=".mp3"), "camera-serial": drawn("DS2CD2###F-^########_1.jpg"),
    "pid": drawn("core.python.####.^#####.lz4"), "bank-file": dated("BGMAX_%y%m%d_^#######.txt"),
    "fax-running": counted(9, 1, begin="0000", before="fax", after=".tif"),
    "version": drawn("firmware_10.^.##.####.bin"),
}
