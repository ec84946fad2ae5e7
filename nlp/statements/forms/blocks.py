"""Block quotations without marks behind a line that introduces them: "Cllr Lee, the leader, said:".

The house style of government releases. Where a block ends is told by what follows: another attribution, a
heading, a list, a quotation, the notes, or paragraphs that do not sound like anybody's own words.
"""

from __future__ import annotations

from itertools import islice, takewhile

from nlp.statements.forms.voice import form_words, is_spoken, label_of, names_person, sounds_spoken
from nlp.statements.model import Page
from nlp.text.paragraphs import Para

_LEAST_TOKENS = 4  # of a block's first paragraph
_LONGEST_TAIL = 7  # words between the cue and the colon: "told the committee on Monday:"
_FINITE = ("VBD", "VBZ", "VBP", "MD")


def block_behind(page: Page, number: int, cue_end: int | None) -> list[Para]:
    """The paragraphs from ``number`` on that the one before introduces; [] where it introduces none.

    ``cue_end``: the character after its cue. A lead-in whose cue has words of its own behind it, or that has
    none, must name an occasion, or be followed by the first person.
    """
    if laid := _laid_behind(page, number):
        return laid
    lead = page.paras[number - 1]
    sure = _ends_in_cue(page, lead, cue_end)
    block: list[Para] = []
    between: Para | None = None  # one paragraph may be plain where the next sounds spoken again
    for para in page.paras[number:]:
        if para.furniture and block:
            continue
        label = label_of(page, para)
        if not is_spoken(page, para) or (label and names_person(page, label.span("label"))):
            break
        if not block:
            if len(page.tokens(para.start, para.end)) < _LEAST_TOKENS:
                break
            if not sure and not sounds_spoken(page, para):
                break
            block.append(para)
        elif sounds_spoken(page, para):
            block += [between, para] if between else [para]
            between = None
        elif between is not None or _reports(page, para):
            break
        elif page.text[para.start : para.end].split()[0].strip(",") in form_words("openers"):
            block.append(para)
        else:
            between = para
    return block


def _laid_behind(page: Page, number: int) -> list[Para]:
    """The run of quotations that the page's layout shows at a paragraph."""
    report = (para for para in islice(page.paras, number, None) if not para.furniture)
    return list(takewhile(lambda para: para.kind == "quote", report))


def _ends_in_cue(page: Page, lead: Para, cue_end: int | None) -> bool:
    """True where only an addressee or an occasion stands between a cue and the colon."""
    if cue_end is None:
        return False
    tail = [t for t in page.tokens(cue_end, lead.end - 1) if not t.is_space]
    return len(tail) <= _LONGEST_TAIL and not any(t.tag_ in _FINITE for t in tail)


def _reports(page: Page, para: Para) -> bool:
    """True for a paragraph in which somebody is reported: it has a cue with a clause and a subject."""
    return any(
        page.is_cue(token)
        and page.lemma(token) not in page.lexicon.quote_only
        and {"ccomp", "nsubj"} <= {child.dep_ for child in token.children}
        for token in page.tokens(para.start, para.end)
    )
