"""Numbers written in words or digits, read as values: "nine hundred and forty", "1,000", "4.9"."""

from __future__ import annotations

import re

_UNITS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = [
    *(
        "zeroth",
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
    ),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth", "twentieth"),
]
SMALL: dict[str, int] = {
    **{word: value for value, word in enumerate(_UNITS)},
    **{word: 20 + 10 * place for place, word in enumerate(_TENS)},
}
SCALES: dict[str, int] = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}

_SMALL = "|".join(sorted(SMALL, key=len, reverse=True))
_SCALE = "|".join((*SCALES, "dozen"))
WORDS = (
    rf"(?:(?:an?|{_SMALL})(?=[ -](?:{_SCALE})\b)|{_SMALL}|hundred(?= and\b))"
    rf"(?:(?:-| (?:and )?)(?:{_SMALL}|{_SCALE})){{0,8}}"
)
DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d+)?"
ORDINAL = (
    r"\d{1,2}(?:st|nd|rd|th)|(?:twenty|thirty)-(?:"
    + "|".join(_ORDINALS[1:10])
    + ")|thirtieth|"
    + "|".join(sorted(_ORDINALS[1:], key=len, reverse=True))
)


def read_words(text: str) -> float | None:
    """Value of a number in words, "three hundred and twelve" → 312; None when it is not one."""
    total = current = 0
    seen = False
    for word in re.split(r"[ -]+", text.strip().lower()):
        if word in ("and", ""):
            continue
        if word in ("a", "an"):
            current += 1
        elif word in SMALL:
            current += SMALL[word]
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word == "dozen":
            current = max(current, 1) * 12
        elif word in SCALES:
            total += max(current, 1) * SCALES[word]
            current = 0
        else:
            return None
        seen = True
    return float(total + current) if seen else None


def read_number(text: str) -> float | None:
    """Value of a number in digits (thousands commas allowed) or in words; None when it is neither."""
    if re.fullmatch(DIGITS, text):
        return float(text.replace(",", ""))
    return read_words(text)


def read_ordinal(text: str) -> int | None:
    """ "27th" and "twenty-seventh" → 27; None when it is not an ordinal up to the thirty-ninth."""
    word = text.strip().lower()
    if match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word):
        return int(match[1])
    if word == "thirtieth":
        return 30
    tens, _, unit = word.rpartition("-")
    if unit not in _ORDINALS or (tens and tens not in ("twenty", "thirty")):
        return None
    return _ORDINALS.index(unit) + (SMALL[tens] if tens else 0)
