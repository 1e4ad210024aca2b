"""The scoring rules that the evaluation sets name. Each takes the model's text and the expected answer, and says whether it counts.

exact             the same text, without regard to case, outer spaces and a full stop at the end
within-5-percent  the first number in the text is within 5 % of the expected one
same-things       the same things with the same counts, in any order: "two red stars and a blue heart"
says-unknown      the text says that it does not know or see it, instead of naming something
"""
import re

from .scene import NUMBERS

UNKNOWN = r"\b(don't know|do not know|not sure|can't tell|cannot tell|don't recognize|unknown)\b"


def normalised(text):
    return re.sub(r"\s+", " ", text).strip().rstrip(".").lower()


def things(text):
    """-> sorted [(count, thing in the singular)], or None when a part is not of that form"""
    out = []
    for part in re.split(r", | and ", normalised(text)):
        count, _, thing = part.partition(" ")
        if count in ("a", "an"):
            out.append((1, thing))
        elif count in NUMBERS:
            out.append((NUMBERS.index(count), re.sub(r"(?<=s|x)es$|(?<=ch)es$|s$", "", thing)))
        else:
            return None
    return sorted(out)


def exact(text, answer):
    return normalised(text) == normalised(answer)


def within_5_percent(text, answer):
    number = re.search(r"\d+(\.\d+)?", text)
    return number is not None and abs(float(number[0]) - float(answer)) <= 0.05 * float(answer)


def same_things(text, answer):
    return things(text) is not None and things(text) == things(answer)


def says_unknown(text, answer):
    return re.search(UNKNOWN, normalised(text)) is not None


RULES = {"exact": exact, "within-5-percent": within_5_percent, "same-things": same_things, "says-unknown": says_unknown}
