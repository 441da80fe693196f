"""Models of the engine ``orchard`` for cross-validation: each is trained without a fifth of the sites.

    python -m benchmarks.extraction.folds --out folds --only-measure daniel_v2
    python -m benchmarks.extract --folds folds

Folds, training and files are those of ``orchard train extractor``: a page is then judged by a model that has seen no
page of its site, with everything that the engine does around it.
"""

import argparse
from pathlib import Path

import numpy as np
import xxhash

from pipelines.extract.labelled import LabelledPage
from pipelines.extract.model.model_file import write_model
from pipelines.extract.train.collect import collect
from pipelines.extract.train.confidence import calibrate
from pipelines.extract.train.measure import score_pages
from pipelines.extract.train.request import ExtractorRequest
from pipelines.extract.train.stack import FOLDS, Stack

DATA = Path(__file__).parents[3] / "shared" / "data" / "web"
SEED = 0


def fold_of(labelled: LabelledPage) -> int:
    """The fold of a page: the number of the model that has not seen its site."""
    site = labelled.label.site or labelled.label.key
    return xxhash.xxh3_64_intdigest(site.encode(), seed=SEED) % FOLDS


def model_path(folder: Path, fold: int) -> Path:
    """Where the model for a fold lies."""
    return folder / f"fold-{fold}.npz"


def write_fold_models(request: ExtractorRequest) -> None:
    """Train a model without each fold, into ``request.out``."""
    request.out.mkdir(parents=True, exist_ok=True)
    examples = collect(request, print)
    stack = Stack(examples, request.seed, print)
    scores = score_pages(examples, stack.cross_validate(print)).values()
    confidence = calibrate(
        np.array([expected for _, expected in scores], np.float32),
        np.array([score.f1 for score, _ in scores], np.float32),
    )
    for fold in range(FOLDS):
        print(f"the model without fold {fold}", flush=True)
        write_model(stack.fit(stack.fold != fold).model(confidence), model_path(request.out, fold))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", nargs="+", default=[str(DATA / "web-dev-0*.warc.gz")], help="WARC files or patterns")
    parser.add_argument("--truth", nargs="+", default=[str(DATA / "web-dev-groundtruth.jsonl.gz")])
    parser.add_argument("--index", nargs="*", default=[str(DATA / "web-dev-index.jsonl.gz")])
    parser.add_argument("--only-measure", nargs="*", default=["daniel_v2"], help="sources that are never trained on")
    parser.add_argument("--no-weak", action="store_true", help="only pages whose full text is known")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    request = ExtractorRequest(
        pages=tuple(arguments.pages), truth=tuple(arguments.truth), index=tuple(arguments.index),
        only_measure=tuple(arguments.only_measure), weak=not arguments.no_weak, out=arguments.out, seed=SEED,
    )  # fmt: skip
    write_fold_models(request)


if __name__ == "__main__":
    main()
