"""Run by test_kill.py: one ingest for each line on standard input, each in a forked process that may be killed.

The imports are paid once. Every ingest is slowed so that a kill can fall into any of its stages.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ingest.build import ingest
from rag.config import Config
from tests.fakes import FakeModel, HashingEmbedder


class SlowEmbedder(HashingEmbedder):
    """Takes its time over every passage."""

    def embed_passages(self, passages: Sequence[str], progress: Callable[[int], None] | None = None) -> np.ndarray:
        def slowly(done: int) -> None:
            time.sleep(0.02)
            if progress:
                progress(done)

        return super().embed_passages(passages, slowly)


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def serve(config: Config) -> None:
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                ingest(
                    config, lambda stage, done, total: say(f"{stage} {done}/{total}"), model=FakeModel(SlowEmbedder())
                )
            finally:
                os._exit(0)
        say(f"child {child}")
        os.waitpid(child, 0)
        say("over")


if __name__ == "__main__":
    serve(Config(kb_dir=Path(sys.argv[1]), index_dir=Path(sys.argv[2])))
