"""To follow something by a page: the wish is noted, and a letter asks for it to be confirmed.

Nothing is sent to an address but this one letter until its link is opened and confirmed there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flows.delivery.subscriptions import mailbox
from flows.digest.archive import Letter
from flows.digest.make import address_of
from flows.digest.render.templates import template, wrapped
from flows.digest.wording import clean, words
from ledger.errors import SaidError, WrongUse
from ledger.follows.follow import Follow, Rhythm
from ledger.follows.followers import FollowWish, ask, unsent
from ledger.follows.links import token
from ledger.questions.followed import known_of
from ledger.settings import Settings

_ADDRESS = re.compile(r"[^@\s<>,;\x00-\x20]{1,64}@[^@\s<>,;\x00-\x20]{1,255}")


def follow(settings: Settings, address: str, every: Rhythm, wanted: Sequence[Follow]) -> str:
    """Note that somebody wants to follow something, and send the letter that asks to confirm it.

    Gives a line for whoever asked, the same whether the address is known here or not. Raises WrongUse for an
    address that is none, a name that nothing is known by, and where no letters are sent to followers;
    SaidError when the letter could not be sent.
    """
    name, at, domain = address.rpartition("@")
    address = f"{name}{at}{domain.lower()}"
    if not _ADDRESS.fullmatch(address):
        raise WrongUse(f"“{clean(address, 80)}” is no e-mail address")
    if not wanted:
        raise WrongUse("say what to follow: an official, a body, an area, a topic, a pledge or a search")
    known = known_of(settings, wanted)
    for one in wanted:
        if problem := known.problem(one):
            raise WrongUse(problem)
    way = mailbox(settings, address)
    if way is None:
        raise WrongUse(
            "no letters are sent to people who follow something here: subscriptions.yaml needs an entry"
            " `channel: email` with `to: followers`"
        )
    wish = ask(settings, address, every, wanted)
    if wish.n:
        named = [known.words(one) for one in wanted]
        receipt = way.send(_letter(settings, wish, named), lambda: None)
        if receipt.problem:
            unsent(settings, wish)
            raise SaidError(
                f"the letter to {way.shown} could not be sent ({receipt.problem}): try again later"
            )
    return f"A letter is on its way to {address}: open the link in it, and the following begins."


def _letter(settings: Settings, wish: FollowWish, named: Sequence[str]) -> Letter:
    """The letter that asks to confirm a wish, in the formats of a mail."""
    say = words()["confirming"]
    link = f"{address_of(settings)}/letters/confirm?t={token(settings, 'confirm', str(wish.n))}"
    comes = words()["rhythms"][wish.every]["comes"]
    asked = say["asked"].format(named=clean(", ".join(named), 300), comes=comes)
    parts = {
        "txt": "\n\n".join([*map(wrapped, (asked, say["do"])), link, wrapped(say["else"])]) + "\n",
        "html": template("confirm.jinja", escaped=True).render(asked=asked, say=say, link=link),
    }
    return Letter(f"confirm-{wish.n}", say["subject"], parts)
