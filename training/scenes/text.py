"""Text: a word, a number, a random string, or two to three words."""
from .. import material
from ..scene import CHARACTERS, SIDE


def add_line(s, text, font, size, x, y):
    advance, ascent, _ = material.advances(font)
    ink = material.ink_centers(font)
    s.lines.append((x, y, text, font, size))
    after_space = False
    for c in text:
        if c != " ":
            s.chars.append((x + ink[c] * size, y + (ascent - 0.3) * size, c.lower(), after_space))
        after_space = c == " "
        x += advance[c] * size


def add_block(r, s, lines, box, smallest=17, largest=44):
    """Lines of text at a random size and place inside box; False if they do not fit."""
    x0, y0, x1, y1 = box
    font = r.choice(material.fonts(s.split))
    advance, ascent, descent = material.advances(font)
    width = max(sum(advance[c] for c in line) for line in lines)
    most = int(min((x1 - x0) / width, (y1 - y0) / ((ascent + descent) * len(lines)), largest))
    if most < smallest:
        return False
    size = r.randint(smallest, most) if r.random() < 0.5 else r.randint(max(smallest, int(most * 0.7)), most)
    w, h = width * size, (ascent + descent) * size * len(lines)
    x, y = r.uniform(x0, x1 - w), r.uniform(y0, y1 - h)
    align = r.choice((0, 0, 0.5))
    for line in lines:
        add_line(s, line, font, size, x + align * (w - sum(advance[c] for c in line) * size), y)
        y += (ascent + descent) * size
    return True


def cased(r, word):
    return r.choice((word, word, word.capitalize(), word.upper()))


def random_string(r):
    return "".join(r.choice(CHARACTERS) for _ in range(r.randint(2, 7)))


def number(r):
    return "".join(r.choice("0123456789") for _ in range(r.choice((1, 2, 2, 3, 3, 4, 5, 6))))


def a_word(r, split, shortest=3):
    """Half of the words are drawn from the whole list, half from its more frequent third."""
    words = material.words(split)
    while True:
        word = r.choice(words if r.random() < 0.5 else words[: len(words) // 3])
        if len(word) >= shortest:
            return cased(r, word)


def token(r, split):
    u = r.random()
    return a_word(r, split, 2) if u < 0.6 else number(r) if u < 0.78 else cased(r, random_string(r))


def arranged(r, words):
    """Words on one line, or on as many lines as there are words, or something between."""
    u = r.random()
    if u < 0.5:
        return [" ".join(words)], 14
    if u < 0.75 or len(words) == 2:
        return words, 17
    return ([" ".join(words[:2]), words[2]] if r.random() < 0.5 else [words[0], " ".join(words[1:])]), 15


def text_scene(r, s, mode=None):
    mode = mode or r.choices(("word", "words", "digits", "string"), (42, 26, 22, 10))[0]
    for _ in range(60):
        smallest = 17
        if mode == "words":
            lines, smallest = arranged(r, [a_word(r, s.split, 2 if s.split == "train" else 3) for _ in range(r.choice((2, 2, 3)))])
        elif mode == "word":
            lines = [a_word(r, s.split, 2 if s.split == "train" else 3)]
        else:
            lines = [number(r) if mode == "digits" else cased(r, random_string(r))]
        if add_block(r, s, lines, (3, 2, SIDE - 3, SIDE - 2), smallest):
            break
    else:
        return text_scene(r, s, "digits")
    text = " ".join(lines).lower()
    words = text.split()
    s.ask("read_" + mode, text, True, "read")
    if mode in ("word", "digits"):
        s.ask("read_" + mode, text, True)
    if len(words) == 1 and mode != "digits":
        s.ask("letter", words[0][0], True, "letter_first")
        s.ask("letter", words[0][-1], True, "letter_last")
    if len(words) > 1:
        s.ask("one_of_words", words[0], True, "word_first")
        s.ask("one_of_words", words[-1], True, "word_last")
        if r.random() < 0.5:
            s.ask("one_of_words", words[1], True, "word_second")
    if r.random() < 0.4:
        s.ask("describe_text", f'the {"number" if mode == "digits" else "text"} "{text}"', True, "describe")
