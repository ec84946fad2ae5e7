"""Signs of an undertaking in the words of one speaker: who would act, how firmly, on what.

Rules over words, no parse: each modal ("will", "would" in reported speech, "going to") is read with the
subject before it and the verb phrase after it. What is promised, planned or hoped for by other verbs is
in nlp/commitments/rule_phrases.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ledger.types import CommitmentType, Span
from nlp.commitments.clauses import Attribution, Sentence, Sign, act_end, opening, subject_before
from nlp.commitments.lexicon import MODAL, speaker_pattern, words
from nlp.commitments.rule_phrases import infinitive, phrases, verbs

_PARTICIPLE = re.compile(r"^be (?:(?:\w+ly|also|now|first|then) )*(?:being )?(?P<verb>[\w-]+)\b")


def signs(parts: list[Sentence], attribution: Attribution) -> list[Sign]:
    """Every sign of an undertaking in the sentences, in order."""
    found: list[Sign] = []
    for at, sentence in enumerate(parts):
        if sentence.words.rstrip(" \"')").endswith("?"):
            continue
        own = [
            *_modals(at, sentence, attribution),
            *verbs(at, sentence, attribution),
            *phrases(at, sentence, attribution),
        ]
        found += [_weighed(sign, sentence, attribution) for sign in own]
    if parts and (sign := infinitive(parts[0], attribution)):
        found.append(sign)
    return found


def _modals(at: int, sentence: Sentence, attribution: Attribution) -> Iterator[Sign]:
    """A sign for each will, would or going to that has a doer and a deed or an outcome."""
    plain = sentence.plain
    lexicon = words()
    for match in MODAL.finditer(plain):
        if (match["would"] or match["shorter"]) and not attribution.reported:
            continue
        if match["going"] and re.match(r"(?:was|were)", match["going"]) and not attribution.reported:
            continue
        subject, before = subject_before(plain, match.start())
        negative = _negative(match)
        rest_start = match.end() + 1
        rest = plain[rest_start:]
        if lead := lexicon.leading.match(rest):
            rest_start += lead.end()
            rest = rest[lead.end() :]
        act = (rest_start, act_end(plain, rest_start))
        if not rest or lexicon.has("refusals", plain[max(0, match.start() - 3) : match.end() + 60]):
            continue
        if doer := speaker_pattern(attribution.role, attribution.reported).search(subject):
            if doer.start() > 0:  # "if you send it in we": the words before the doer are another clause
                before, subject = before + subject[: doer.start()], subject[doer.start() :].strip()
            yield from _own_act(at, sentence, match, subject, before, rest, act, negative)
        else:
            yield from _outcome(at, sentence, subject, before, rest, act, negative, attribution)


def _shown(subject: str) -> str:
    """The last 40 characters or so of a subject, in whole words."""
    return subject if len(subject) <= 40 else subject[-40:].partition(" ")[2] or subject[-40:]


def _negative(match: re.Match[str]) -> bool:
    return (
        any(match[name] for name in ("not", "not2", "not3", "not4")) or re.search("n't", match[0]) is not None
    )


def _own_act(
    at: int,
    sentence: Sentence,
    match: re.Match[str],
    subject: str,
    before: str,
    rest: str,
    act: Span,
    negative: bool,
) -> Iterator[Sign]:
    """ "We will publish the plan": the speaker or the speaker's body does it."""
    lexicon = words()
    if lexicon.has("not_act_phrases", rest) or lexicon.not_acts.match(rest):
        return
    if subject in ("it", "they", "that") and lexicon.has("effects", rest):
        return
    tail = before.rstrip().rpartition(",")[2]
    weight, kind = lexicon.weight("going_to" if match["going"] else "will"), "will"
    if lexicon.has("looking", rest[:40]) and lexicon.found["looking"].match(rest):
        kind, weight = "looking", lexicon.weight("looking")
    if re.search(r"\b(?:whether|if|unless|how|why|who|wonder|until|where|when|once)$", tail.strip()) or (
        tail.strip().endswith("what") and not re.match(r"do (?:\w+ ){0,2}is\b", rest)
    ):
        weight -= 0.5
    elif lexicon.has("opinions", tail):
        weight += lexicon.weight("after_opinion")
    if not re.match(r"(?:i|we)$", subject.split()[-1] if subject else "i"):
        weight -= lexicon.weight("will") - lexicon.weight("body_will")
    if re.match(
        r"be (?!\w+ing\b|there|at\b|out|on\b|in\b|up\b|ready|open|finished|done|present|the first|back)", rest
    ):
        weight -= 0.25
    elif rest.startswith("be ") and not re.match(r"be (?:\w+ly )?\w+ing\b", rest):
        weight -= 0.1
    if negative:
        weight += lexicon.weight("negative_will")
    person = (
        "first person" if re.search(r"(?:^| )(?:i|we|my|our)\b", subject) else f"“{_shown(subject)}” as doer"
    )
    kinds: dict[str, CommitmentType] = {"looking": "intention"}
    yield Sign(
        kind, "negative" if negative else kinds.get(kind, "firm"), at, subject, act, weight,
        f"{person} {'will not' if negative else 'will'} + “{opening(rest)}”",
    )  # fmt: skip


def _outcome(
    at: int,
    sentence: Sentence,
    subject: str,
    before: str,
    rest: str,
    act: Span,
    negative: bool,
    attribution: Attribution,
) -> Iterator[Sign]:
    """ "The wall will be finished by November": nobody is named to do it, or somebody else."""
    lexicon = words()
    full, base = ("not " if negative else "") + rest, 0.0
    effect, done = (
        lexicon.has("effects", full),
        lexicon.has("outcomes", full) or lexicon.has("outcomes", rest),
    )
    participle = _PARTICIPLE.match(rest)
    passive = bool(
        participle
        and re.fullmatch(lexicon.data["passives"], participle["verb"])
        and participle["verb"] not in lexicon.data["not_passives"]
    )
    existence = re.search(r"(?:^|\s)there$", subject) is not None and rest.startswith("be ")
    provided = lexicon.has("instruments", subject) and lexicon.has("provisions", rest) and not negative
    if effect and not passive and not provided and not (existence and sentence.dated):
        return
    if existence and (rest.startswith("be no ") or negative):
        weight, negative = 0.62 if attribution.reported else 0.55, True
    elif passive or done or existence:
        weight = lexicon.weight("outcome_passive" if passive else "outcome")
        if existence and not sentence.dated:
            weight = 0.4 + 0.1 * bool(sentence.measures)
    elif provided:
        weight = lexicon.weight("instrument") + 0.1 * bool(sentence.measures) - 0.1 * (not sentence.measures)
    elif sentence.dated:
        weight = 0.55
    else:
        weight = 0.3
    weight += base
    if sentence.dated and (passive or done or existence) and not rest.startswith("be no "):
        weight = max(weight, lexicon.weight("outcome_dated"))
    elif sentence.measures and weight >= lexicon.weight("outcome"):
        weight = max(weight, lexicon.weight("outcome_measured"))
    if not subject and re.search(r"\b(?:which|who|that)$", before.strip()):
        weight -= 0.25
    elif re.search(r"\b(?:whether|if|unless|when|until|how|what|why|where|once)$", before.strip()):
        weight -= 0.5
    elif lexicon.has("opinions", before.rpartition(",")[2]):
        weight += lexicon.weight("after_opinion")
    if subject in ("you", "he", "she", "they", "people", "that") and not attribution.reported and not passive:
        weight += lexicon.weight("unknown_speaker_third")
    if attribution.role and not passive and speaker_pattern(None, False).search(subject):
        weight -= 0.4  # a body, but not the speaker's
    if lexicon.has("not_doers", subject) and not (negative or attribution.cue):
        weight += lexicon.weight("not_doer")
    if lexicon.commissive_cues.search(attribution.cue) or lexicon.weaker_cues.search(attribution.cue):
        weight += lexicon.weight("commissive_cue_bonus")
    shown = "nobody" if not subject else f"“{_shown(subject)}”"
    yield Sign(
        "outcome", "negative" if negative else "firm", at, subject, act, weight,
        f"{shown} {'will not' if negative else 'will'} + “{opening(rest)}”, "
        f"{'a deed' if passive else 'an outcome'} to be seen",
    )  # fmt: skip


def _weighed(sign: Sign, sentence: Sentence, attribution: Attribution) -> Sign:
    """The type and weight once the whole sentence is seen: refusals, negation, going on."""
    lexicon, plain = words(), sentence.plain
    kind, weight = sign.type, sign.weight
    window = plain[max(0, sign.act[0] - 40) : sign.act[1]]
    tail = plain[max(0, sign.act[0] - 12) : sign.act[0] + 30]
    if kind == "firm" and sign.kind in ("will", "outcome") and lexicon.has("ongoing", tail):
        kind = "ongoing"
    if kind == "negative" and lexicon.has("positive_negatives", window):
        kind = "firm"
    if kind == "negative" and re.match(
        r"(?:rest|stop|give up|let up|let go|let (?:him|her|them|you|it) forget)\b", plain[sign.act[0] :]
    ):
        kind = "ongoing"
    if kind == "firm" and sign.kind == "outcome" and lexicon.has("none_of", sign.subject):
        kind = "firm" if lexicon.has("positive_negatives", window) else "negative"
    if (
        kind == "firm"
        and sign.kind == "outcome"
        and lexicon.has("negatives", window)
        and not lexicon.has("positive_negatives", window)
    ):
        kind = "negative"
    if lexicon.has("refusals", plain[: sign.act[1]]) and sign.kind not in (
        "commissive",
        "will",
        "cue_infinitive",
    ):
        weight += lexicon.weight("refusal")
    return replace(sign, type=kind, weight=weight)
