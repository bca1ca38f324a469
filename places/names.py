"""Names of places as people write them, folded to what is looked up: "Kec. Bluto", "kec bluto" and "BLUTO" are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from places.models import Place

K = Place.Kind
# Words for kinds of places, in full and as operators shorten them.
KINDS: dict[str, Place.Kind] = {
    **dict.fromkeys(("kec", "kecamatan"), K.KECAMATAN),
    **dict.fromkeys(("ds", "desa", "kel", "kelurahan"), K.DESA),
    **dict.fromkeys(("p", "pl", "pulau", "pulo"), K.ISLAND),
    **dict.fromkeys(("rs", "rsu", "rsud", "rsi", "rsia", "rumahsakit"), K.HOSPITAL),
    **dict.fromkeys(("pkm", "pusk", "puskes", "puskesmas"), K.PUSKESMAS),
    **dict.fromkeys(("plb", "pelabuhan", "dermaga", "tambatan"), K.HARBOUR),
    **dict.fromkeys(("jl", "jln", "jalan"), K.ROAD),
}
# Words that stand before the name of a road, an estate or a hamlet: they tell more than the desa does.
STREETS = frozenset({
    "jl", "jln", "jalan", "gg", "gang", "lorong", "lrg", "perum", "perumahan", "komplek", "kompleks", "kompl", "dusun",
    "dsn", "dukuh", "lingkungan", "lingk", "kampung", "kp", "kmp",
})  # fmt: skip
# Words that stand before a number of a house.
NUMBERS = frozenset(
    {"no", "nmr", "nomor", "nomer", "rt", "rw", "rtrw", "blok", "blk", "kav", "kavling", "lantai", "lt"}
)
_IN_FULL = {
    "psr": "pasar",
    "mesjid": "masjid",
    "msjd": "masjid",
    "ponpes": "pondok pesantren",
    "pp": "pondok pesantren",
    "pesantren": "pondok pesantren",
    "alun2": "alun alun",
    "bdr": "bandara",
    "trmnl": "terminal",
    "univ": "universitas",
    "brt": "barat",
    "tmr": "timur",
    "slt": "selatan",
    "utr": "utara",
    "tgh": "tengah",
    "goa": "gua",
}
# Words that place something beside something else, or name what every place here lies in.
NOISE = frozenset({
    "di", "dkt", "dekat", "deket", "dekatnya", "sekitar", "sktr", "sebelah", "sblh", "depan", "dpn", "depannya",
    "belakang", "blkg", "samping", "smpg", "seberang", "sbrg", "arah", "daerah", "wilayah", "wil", "lokasi", "posisi",
    "kab", "kabupaten", "prov", "provinsi", "propinsi", "jatim", "madura", "dan", "the", "near", "ke", "dari",
    "pas", "pak", "bpk", "bapak", "bu", "yang", "tepatnya", "persis", "area", "kawasan", "antara",
    "perbatasan", "indonesia",
})  # fmt: skip
# Words that only say what a thing is: a name is known by its other words.
GENERIC = frozenset({
    "pasar", "masjid", "pantai", "terminal", "universitas", "bandara", "bandar", "udara", "pondok", "pesantren", "pt",
    "puskesmas", "pkm", "rs", "rsu", "rsud", "rsi", "rsia", "rumahsakit", "pelabuhan", "dermaga", "tambatan",
    "perikanan", "kantor", "bus", "pulau", "tukoh", "wisata", "gua", "dr", "h", "hj", "kh", "moh", "kota", "kecamatan",
    "jalan", "jl", "raya", "desa", "makam", "kampus",
})  # fmt: skip
# Names of people that roads everywhere bear: one alone is a road before it is what else has that name.
ROAD_NAMES = frozenset({
    "trunojoyo", "wiraraja", "diponegoro", "sudirman", "yani", "ahmad", "achmad", "gajah", "mada", "hasanuddin",
    "imam", "bonjol", "kartini", "pahlawan", "merdeka", "pemuda", "veteran", "agus", "salim", "cokroaminoto",
    "soekarno", "hatta", "hos", "dewantara", "wahid", "hasyim", "mansyur", "dahlan", "urip", "sumoharjo", "slamet",
    "riyadi", "gatot", "subroto", "supratman", "halim", "perdana", "kusuma", "pangeran", "arya", "adirasa",
})  # fmt: skip
# Words of everyday language that differ from a name by a letter or two, or begin one: they are no misspelt names.
EVERYDAY = frozenset({
    "ayam", "bales", "bambu", "bangkai", "bangku", "banjir", "barang", "batas", "batu", "beban", "belok", "bengkel",
    "benteng", "bulan", "buruh", "cabai", "cabang", "dapur", "dengan", "galang", "gardu", "gayung", "gedung", "gilang",
    "giling", "gudang", "gunung", "hilang", "hutan", "jalan", "jalur", "jatuh", "jembatan", "kaca", "kambing", "kanan",
    "karang", "karung", "kasur", "kebun", "kebon", "kecil", "kelas", "kembang", "keranjang", "kiri", "kolam", "kolom",
    "kunyit", "kurang", "langgar", "langsung", "lanjut", "lapang", "lapangan", "lemari", "lentera", "lorong", "malam",
    "mandi", "mobil", "motor", "nelayan", "orang", "padang", "pagar", "pandan", "parang", "pasar", "pasir", "patah",
    "pisang", "pohon", "pondok", "racun", "ranjang", "rawan", "rumah", "salah", "santri", "sarang", "sawah", "sedang",
    "sekolah", "selang", "sendiri", "senter", "sentul", "simpang", "sungai", "talang", "taman", "tambak", "tambang",
    "tanah", "tanaman", "tangga", "tembok", "terang", "tiang", "tinggi", "toko", "tolong", "tulang", "warung",
})  # fmt: skip
_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc`\u00b4]")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_DOUBLED = re.compile(r"^([a-z]{3,})2$")  # "guluk2": the word twice
_TWICE = re.compile(r"([a-z])\1+")


def name_key(name: str) -> str:
    """A name as it is looked up, without the word for its kind; the whole of it where that is all there is."""
    words = split_words(name)
    return " ".join([word for word in words if word not in KINDS and word not in NOISE] or words)


def haystack(names: Iterable[str]) -> str:
    """The words under which a place is found: its names first, then the areas that it lies in; each word once."""
    return " ".join(dict.fromkeys(word for name in names for word in name_key(name).split()))


def fold(text: str) -> str:
    """Lower case without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).lower()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def split_words(text: str) -> list[str]:
    """The words of a text, folded, abbreviations in full."""
    plain = re.sub(r"\brumah sakit\b", "rumahsakit", fold(text))
    words: list[str] = []
    for word in _NOT_A_WORD.split(plain):
        if not word:
            continue
        doubled = _DOUBLED.match(word)
        words += (_IN_FULL.get(word) or (f"{doubled[1]} {doubled[1]}" if doubled else word)).split()
    return words


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """A word without what is spelt in several ways: double letters, the h behind a consonant or at the end."""
    word = _TWICE.sub(r"\1", word)
    word = re.sub(r"(?<=[bdgjktlr])h", "", word).removesuffix("h")
    return word.replace("oe", "u").replace("dj", "j").replace("tj", "c").replace("y", "i").replace("q", "k")


@lru_cache(maxsize=50_000)
def alike(typed: str, word: str, *, last: bool = False) -> tuple[float, bool]:
    """How well a typed word meets a word of a name, 0 to 1, and whether it can be relied on without any other word.

    last: it may still be being typed.
    """
    if typed == word:
        return 1.0, True
    if len(typed) < 3 or len(word) < 3 or typed.isdigit() or word.isdigit():
        return 0.0, False
    if sound(typed) == sound(word):
        return 0.97, len(typed) > 3
    if typed in EVERYDAY:
        return (0.75, False) if word.startswith(typed) else (0.0, False)
    share = len(typed) / len(word)
    best, sure = 0.0, False
    if word.startswith(typed):
        best, sure = (0.8 + 0.15 * share, share >= 0.7 and len(typed) > 3) if last else (0.7 + 0.1 * share, False)
    longest = max(len(typed), len(word))
    steps = OSA.distance(typed, word, score_cutoff=3)
    same_start = typed[0] == word[0]
    if steps == 1 and longest >= 5:
        written = (0.92 if same_start else 0.82, same_start and longest >= 8)
    elif steps == 1 and longest == 4:
        written = (0.74, False)
    elif steps == 2 and longest >= 8:
        written = (0.86 if same_start else 0.76, same_start and longest >= 10)
    elif (steps == 2 and longest >= 6) or (steps == 3 and longest >= 10):
        written = (0.71, False)
    else:
        written = (0.0, False)
    return max((best, sure), written)
