"""Models of the engine ``orchard`` for cross-validation: each is trained without a fifth of the sites.

Examples, folds, training and files are those of ``orchard train extractor``: a page is then judged by a model whose
trees, net and word weights have seen no page of its site, with everything that the engine does around it. (The net
learns from what trees said of other pages; those had seen the site, as in the card's own cross-validation.)
"""

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import xxhash

from benchmarks.extraction.contenders import Folds, code_digest
from pipelines.extract.labelled import LabelledPage
from pipelines.extract.model.model_file import write_model
from pipelines.extract.train.collect import collect
from pipelines.extract.train.measure import score_pages
from pipelines.extract.train.request import ExtractorRequest
from pipelines.extract.train.stack import FOLDS, Stack
from pipelines.extract.train.train import calibration
from pipelines.read.files import find_inputs


def fold_of(labelled: LabelledPage, seed: int) -> int:
    """The fold of a page: the number of the model that has not seen its site."""
    site = labelled.label.site or labelled.label.key
    return xxhash.xxh3_64_intdigest(site.encode(), seed=seed) % FOLDS


def fold_version(request: ExtractorRequest) -> str:
    """What the models of a request depend on: code, files and settings."""
    found = find_inputs((*request.pages, *request.truth, *request.index))
    files = [(file.relative_name, file.size, str(file.modified_at), file.etag) for file in found]
    settings = request.model_dump_json(include={"only_measure", "weak", "seed"})
    libraries = [f"{name} {version(name)}" for name in ("autograd", "lightgbm", "numpy")]
    return xxhash.xxh3_64_hexdigest(f"{code_digest()} {libraries} {settings} {files}".encode())


def fold_models(request: ExtractorRequest, report: Callable[[str], None]) -> list[Path]:
    """The files of the models, one a fold, in ``request.out``; trained where one of them is missing."""
    paths = [request.out / f"fold-{fold}.npz" for fold in range(FOLDS)]
    if all(path.is_file() for path in paths):
        return paths
    request.out.mkdir(parents=True, exist_ok=True)
    examples = collect(request, report)
    stack = Stack(examples, request.seed, report)
    scores = score_pages(examples, stack.cross_validate(report))
    confidence = calibration(request, examples, scores)
    for fold, path in enumerate(paths):
        report(f"the model without fold {fold + 1} of {FOLDS}")
        unfinished = path.with_suffix(".tmp")
        write_model(stack.fit(stack.fold != fold).model(confidence), unfinished)
        unfinished.replace(path)
    return paths


def cross_validation(request: ExtractorRequest, report: Callable[[str], None]) -> Folds:
    """The models of a request, trained when they are first asked for; in a folder of their own in ``request.out``."""
    seen = fold_version(request)
    placed = request.model_copy(update={"out": request.out / f"folds-{seen}"})
    return Folds(seen, lambda: fold_models(placed, report), lambda page: fold_of(page, request.seed))
