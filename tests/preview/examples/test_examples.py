"""What the makers of the SDKs show as right is accepted, all of it. What they show and their own types refuse is named."""

from __future__ import annotations

import pytest

from scripts.simulation.schema import installed, store
from tests.preview.examples import corpus
from tests.preview.examples.checking import Checking
from tests.preview.examples.chosen import CHOSEN, WRONG

FEWEST = {"aws": 100, "azure-native": 50, "docker": 8, "gcp": 70}


@pytest.fixture(scope="module", autouse=True)
def schemas() -> None:
    """At once, and not inside the time of one program."""
    store.prepare(CHOSEN)


@pytest.mark.parametrize("token", CHOSEN)
def test_the_examples_are_accepted(token: str) -> None:
    programs = corpus.examples(token)
    for index in CHOSEN[token]:
        engine = Checking()
        corpus.run(programs[index], engine)
        assert engine.wrong == [], programs[index]
        assert token in engine.seen, programs[index]


@pytest.mark.parametrize(("token", "index"), WRONG)
def test_an_example_that_is_wrong_is_refused(token: str, index: int) -> None:
    engine = Checking()
    corpus.run(corpus.examples(token)[index], engine)
    assert [wrong for wrong in engine.wrong if wrong.endswith(WRONG[token, index])] == engine.wrong != []


def test_the_corpus_covers_every_cloud() -> None:
    for package, fewest in FEWEST.items():
        assert sum(installed.package_of(token) == package for token in CHOSEN) >= fewest


def test_a_wrong_program_is_seen() -> None:
    """That nothing is refused proves nothing unless a mistake would be."""
    token = "aws:sqs/queue:Queue"
    right = corpus.examples(token)[CHOSEN[token][0]]
    mistake = 'aws.ec2.SecurityGroup("s", ingress=[{"from_porrt": 1, "protocol": "tcp", "to_port": 1}])'
    engine = Checking()
    corpus.run(f"{right}\n{mistake}\n", engine)
    assert [wrong.split(" ", 2)[2] for wrong in engine.wrong] == [
        "ingress[0].from_porrt: is not a known property; did you mean fromPort?",
        "ingress[0].fromPort: is required and missing",
    ]


def test_a_program_that_fails_is_said() -> None:
    with pytest.raises(NameError, match="nowhere"):
        corpus.run("import pulumi\nnowhere()\n", Checking())
