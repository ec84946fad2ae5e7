"""Learns anew what the text side ships: `python -m nlp.training [tagger|encoder|votes]`; all with no name.

``tagger`` trains one tagger for each list of `folds.yaml` on the other regions, and the one that ships on
all of them: an epoch over forty regions takes a core a quarter of an hour, so all some six hours on two; what
is done is kept under the folder given with ``--work``, so that a run that was cut short goes on. ``encoder``
fine-tunes the encoder of promises on pairs, then on regions, for each list and for all, in three hours.
``votes`` fits the votes to what these read in the regions that they had not seen, in forty minutes.
"""

from __future__ import annotations

import argparse
import copy
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import torch

from ledger.data_files import read_yaml
from ledger.errors import WrongUse
from nlp.models import learned, regions
from nlp.models.package import package_folder
from nlp.training import export, left_out, manifest, votes
from nlp.training.promises import encoder, fold_encoders, sentences
from nlp.training.promises.decided import decided
from nlp.training.promises.encoder import PairTexts
from nlp.training.promises.region_pairs import region_pairs
from nlp.training.promises.sentences import OwnWords
from nlp.training.tagger import Net, read, tokenizer_of, train

WORK = Path("build/training")
PROCESSES = 2  # taggers trained at once, a core each


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains, and tells how it goes. Exit status 2 where the data is not there."""
    ask = argparse.ArgumentParser(prog="python -m nlp.training", description=__doc__.split("\n\n")[0])
    ask.add_argument("part", nargs="?", choices=("tagger", "encoder", "votes"))
    ask.add_argument("--work", type=Path, default=WORK, help="where finished steps are kept")
    ask.add_argument(
        "--labels",
        type=Path,
        action="append",
        default=[],
        help="what `said export --labels` wrote, to learn too",
    )
    asked = ask.parse_args(arguments)
    try:
        if not regions.FOLDER.is_dir():
            raise WrongUse(
                f"the labelled regions are missing: {regions.FOLDER}; train in a clone of the repository"
            )
        people = decided(asked.labels)
        if asked.part in (None, "tagger"):
            _taggers(asked.work, people.words)
        if asked.part in (None, "encoder"):
            _encoders(asked.work, people.groups)
        if asked.part in (None, "votes"):
            votes.fit_all()
        manifest.write()
    except WrongUse as problem:
        sys.stderr.write(f"error: {problem}\n")
        return 2
    return 0


def _encoders(work: Path, people: Sequence[Sequence[PairTexts]]) -> None:
    """The encoder of promises: from pairs, then for each list further on the regions of the others, and on
    all of them the one that ships."""
    groups = [*encoder.load(), *people]
    work.mkdir(parents=True, exist_ok=True)
    taught = encoder.train(groups, read_yaml(__file__, "folds.yaml")["cycles_encoder"], tell)
    folds = fold_encoders.folds()
    labelled = {name: region_pairs(regions.load(name)) for name in regions.names()}
    for n, without in [
        (len(folds), []),
        *enumerate(folds),
    ]:  # that which ships first: the others lie beside it
        read_here = [group for name, mine in labelled.items() if name not in without for group in mine]
        tell(f"encoder without {', '.join(without)}" if without else "encoder that ships")
        net = encoder.train_further(copy.deepcopy(taught), read_here, groups, tell, n)
        file = work / f"encoder_{n}.onnx" if without else learned.PROMISES
        encoder.export(net, file)
        if without:
            fold_encoders.keep(n, file)


def _taggers(work: Path, people: Sequence[OwnWords]) -> None:
    """The taggers that leave a list out, with what they read, and the one that ships."""
    plan = read_yaml(__file__, "folds.yaml")
    work.mkdir(parents=True, exist_ok=True)
    last = len(plan["folds"]) - 1
    jobs = [_Job(fold, plan["cycles"], work, people, n == last) for n, fold in enumerate(plan["folds"])]
    jobs.append(_Job([], plan["cycles_shipped"], work, people))
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for told in pool.map(_tagger, jobs):
            tell(told)


@dataclass(frozen=True)
class _Job:
    """A tagger to train: the regions that it leaves out, what people decided, and whether it leaves out
    sentences of our own too."""

    without: list[str]
    cycles: list[int]
    work: Path
    people: Sequence[OwnWords] = ()
    some_words: bool = False


def _tagger(job: _Job) -> str:
    """Trains on all regions but some; writes what it reads in those, or the weights where there are none."""
    torch.set_num_threads(1)
    name = "without " + ", ".join(job.without) if job.without else "that ships"
    kept = job.work / f"{manifest.key(job.without, job.cycles, job.people)}.pt"
    if kept.is_file():
        net = Net()
        net.load_state_dict(torch.load(kept, weights_only=True))
    else:
        listed = [a for r in regions.names() if r not in job.without for a in regions.load(r).labels.values()]
        words = sentences.own_words("train")
        listed += [w.labels for w in words if not (job.some_words and w in sentences.left_out(words))]
        listed += [one.labels for one in job.people]
        net = train(listed, job.cycles, tell=lambda text: tell(f"tagger {name}: {text}"))
        torch.save(net.state_dict(), kept)
    net.eval()
    tokenizer = tokenizer_of(package_folder())
    for region in map(regions.load, job.without):
        left_out.write(region.name, [read(net, tokenizer, article["text"]) for article in region.articles])
    if job.some_words:
        words = sentences.left_out(sentences.own_words("train"))
        left_out.write(sentences.NAME, [read(net, tokenizer, word.text) for word in words])
    if not job.without:
        export.export(net, learned.TAGGER)
    return f"tagger {name}: done"


def tell(text: str) -> None:
    """A line of how it goes, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
