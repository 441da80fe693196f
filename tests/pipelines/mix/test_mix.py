"""From token shards to packed shards: all tokens of what was chosen, as requested, however the work is divided."""

from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.engine.job import RunError
from pipelines.engine.outputs.records import ForeignOutputError
from pipelines.read.files import InputError
from pipelines.tokenize.errors import TokenizerError
from schemas.mix_report import MixReport
from schemas.packed_shard import has_teacher, read_facts
from tests.pipelines.mix.conftest import RECIPE, Mix, outputs, run_mixture
from tests.pipelines.mix.shards import Document, write_shards

END = 2
"""``</s>`` of SentencePiece."""


@pytest.fixture(scope="module")
def once(tmp_path_factory, model, fingerprint, documents) -> Path:
    """The test recipe on three shards, run once for all tests that only look."""
    folder = tmp_path_factory.mktemp("mixture")
    (folder / "mixture.yaml").write_text(RECIPE)
    run_mixture(folder / "mixture.yaml", write_shards(folder / "in", documents, 3, fingerprint), model, folder / "out")
    return folder / "out"


def report(out: Path) -> MixReport:
    return MixReport.model_validate_json((out / "mixture.json").read_text())


def rows(out: Path, part: str) -> list[dict]:
    return [
        row for path in sorted((out / "packed" / part).glob("*.parquet")) for row in pq.read_table(path).to_pylist()
    ]


def readings(out: Path, part: str) -> dict[tuple[str, int], list[int]]:
    """The tokens of each reading of a document, by ``doc_id`` and epoch, put together from its segments."""
    pieces = defaultdict(list)
    for row in rows(out, part):
        for segment in row["segments"]:
            tokens = row["tokens"][segment["start"] : segment["start"] + segment["length"]]
            pieces[segment["doc_id"], segment["epoch"]].append((segment["document_offset"], tokens))
    found = {}
    for reading, parts in pieces.items():
        tokens: list[int] = []
        for offset, more in sorted(parts):
            assert offset == len(tokens), "a piece is missing, or comes twice"
            tokens += more
        found[reading] = tokens
    return found


@pytest.mark.parametrize("part", ["core", "continued", "recovery", "calibration"])
def test_every_document_that_is_read_is_there_whole(once, documents, part):
    by_id = {document.doc_id: document for document in documents}
    found = readings(once, part)
    assert found
    for (doc_id, _), tokens in found.items():
        assert tokens == [*by_id[doc_id].tokens, END]


@pytest.mark.parametrize("part", ["core", "continued"])
def test_the_realised_mixture_is_within_half_a_percent(once, documents, part):
    requested = {
        "core": {"web": 0.6, "code": 0.3, "public": 0.1},
        "continued": {"web/new": 0.5, "code": 0.3, "licensed": 0.2},
    }[part]
    by_id = {document.doc_id: document for document in documents}
    tokens = Counter[str]()
    for (doc_id, _), text in readings(once, part).items():
        document = by_id[doc_id]
        both = f"{document.source}/{document.collection}"
        tokens[both if both in requested else document.source] += len(text)
    budget = {"core": 150_000, "continued": 60_000}[part]
    assert tokens.keys() == requested.keys()
    for source, share in requested.items():
        assert abs(tokens[source] / budget - share) < 0.005
    assert tokens.total() <= budget
    said = next(each for each in report(once).parts if each.name == part)
    assert {source.source: source.tokens for source in said.sources} == tokens


def test_licensed_documents_do_not_reach_the_core(once):
    sources = {segment["source"] for row in rows(once, "core") for segment in row["segments"]}
    assert sources == {"web", "code", "public"}


def test_a_later_stage_reads_on_and_epochs_count_over_stages(once):
    core, continued = readings(once, "core"), readings(once, "continued")
    reads = Counter(doc_id for doc_id, _ in core)
    for doc_id, epoch in sorted(continued, key=lambda reading: reading[1]):
        assert epoch == reads[doc_id]
        reads[doc_id] += 1
    part = report(once).parts[1]
    repeated = [epoch for _, epoch in continued if epoch > 0]
    assert sum(source.repeated_documents for source in part.sources) == len(repeated) > 0


def test_rows_have_the_stage_s_length_and_count_on_from_file_to_file(once):
    for part, length in (("core", 256), ("continued", 512), ("recovery", 256), ("calibration", 128)):
        found = rows(once, part)
        assert [row["index"] for row in found] == list(range(len(found)))
        assert {len(row["tokens"]) for row in found} == {length}
        schema = pq.read_schema(once / "packed" / part / "00000.parquet")
        assert (read_facts(schema).stage, read_facts(schema).sequence_length) == (part, length)
        assert has_teacher(schema) == (part == "continued")


def test_the_smaller_sample_is_part_of_the_larger_and_both_of_the_stage(once, documents):
    chosen = {part: {doc_id for doc_id, _ in readings(once, part)} for part in ("calibration", "recovery", "core")}
    assert chosen["calibration"] < chosen["recovery"] < chosen["core"]
    stage, sample = (next(each for each in report(once).parts if each.name == name) for name in ("core", "recovery"))
    longest = max(len(document.tokens) for document in documents)
    for of_stage, of_sample in zip(stage.sources, sample.sources, strict=True):
        assert abs(of_sample.tokens - 0.05 * of_stage.tokens) <= longest
        assert of_sample.tokens > 0


def test_best_fit_cuts_no_document_that_fits_and_the_report_says_what_the_other_way_would(once):
    core, continued = report(once).parts[:2]
    fit, concatenated = core.packings["best-fit"], core.packings["concatenate"]
    assert fit.cut_though_fitting == 0
    assert concatenated.cut_though_fitting > 100
    pieces = Counter(segment["doc_id"] for row in rows(once, "core") for segment in row["segments"])
    assert sum(count > 1 for count in pieces.values()) == fit.cut
    pieces = Counter(
        (segment["doc_id"], segment["epoch"]) for row in rows(once, "continued") for segment in row["segments"]
    )
    assert sum(count > 1 for count in pieces.values()) == continued.packings["concatenate"].cut


def test_the_shuffle_is_over_the_whole_stage(once, documents):
    """Early and late sequences have the same mixture, and documents of one shard do not stand together."""
    halves = [Counter[str](), Counter[str]()]
    found = rows(once, "core")
    for row in found:
        for segment in row["segments"]:
            halves[2 * row["index"] // len(found)][segment["source"]] += segment["length"]
    for source in ("web", "code", "public"):
        shares = [half[source] / half.total() for half in halves]
        assert abs(shares[0] - shares[1]) < 0.08


@pytest.mark.parametrize(("shards", "workers", "order"), [(1, 1, 1), pytest.param(7, 2, 2, marks=pytest.mark.slow)])
def test_shards_and_workers_and_order_change_no_byte(
    once, mix: Mix, tmp_path, documents, fingerprint, shards, workers, order
):
    pattern = write_shards(tmp_path / "in", documents, shards, fingerprint, order)
    mix(pattern, tmp_path / "out", workers=workers)
    assert outputs(tmp_path / "out") == outputs(once)


def test_another_seed_chooses_and_orders_otherwise(once, mix: Mix, tmp_path, documents, fingerprint):
    pattern = write_shards(tmp_path / "in", documents, 2, fingerprint)
    mix(pattern, tmp_path / "out", "seed=6")
    mine, theirs = (set(readings(out, "calibration")) for out in (once, tmp_path / "out"))
    assert mine != theirs


def test_sources_that_run_out_are_repeated_and_named(mix: Mix, tmp_path, documents, fingerprint):
    pattern = write_shards(tmp_path / "in", documents, 2, fingerprint)
    changes = ["stages.core.mix.public.epochs=2", "stages.core.mix.public.weight=20"]
    manifest, _ = mix(pattern, tmp_path / "out", *changes)
    core = report(tmp_path / "out").parts[0]
    public = core.sources[2]
    assert (public.source, public.ran_out, public.passes) == ("public", True, 2.0)
    assert public.repeated_documents * 2 == public.documents
    assert core.tokens == pytest.approx(150_000, rel=0.001)
    finding = next(each for each in manifest.findings if each.name == "mix.ran_out")
    assert finding.is_warning
    assert "core: public has" in finding.meaning
    epochs = Counter(epoch for _, epoch in readings(tmp_path / "out", "core"))
    assert epochs[1] >= public.repeated_documents
    assert report(tmp_path / "out").unused == ("synthetic/stories",)


def test_a_recipe_that_changes_leaves_no_old_file_behind(mix: Mix, tmp_path, documents, fingerprint):
    pattern, out = write_shards(tmp_path / "in", documents, 2, fingerprint), tmp_path / "out"
    mix(pattern, out)
    stale = out / "packed" / "core" / "00001.parquet"
    stale.write_bytes((out / "packed" / "core" / "00000.parquet").read_bytes())
    mix(pattern, out, "stages.core.sequence_length=128")
    assert not stale.exists()
    assert {len(row["tokens"]) for row in rows(out, "core")} == {128}


def with_more(folder: Path, documents: list[Document], more: list[Document], fingerprint: str) -> str:
    """Token shards of ``documents``, and another with ``more``."""
    write_shards(folder, documents, 1, fingerprint)
    (folder / "000.parquet").rename(folder / "first.parquet")
    return write_shards(folder, more, 1, fingerprint)


def test_a_document_that_stands_in_two_shards_is_read_as_one(once, mix: Mix, tmp_path, documents, fingerprint):
    pattern = with_more(tmp_path / "in", documents, documents[::7], fingerprint)
    manifest, _ = mix(pattern, tmp_path / "out")
    assert outputs(tmp_path / "out") == outputs(once)
    finding = next(each for each in manifest.findings if each.name == "mix.repeated_rows")
    assert (finding.count, finding.is_warning) == (len(documents[::7]), True)


@pytest.mark.parametrize("change", [{"collection": "new"}, {"tokens": [5, 6]}, {"tokens": None}])
def test_one_doc_id_for_two_documents_is_an_error(mix: Mix, tmp_path, documents, fingerprint, change):
    first = documents[0]
    change = {"tokens": first.tokens[::-1]} if change == {"tokens": None} else change
    pattern = with_more(tmp_path / "in", documents, [replace(first, **change)], fingerprint)
    with pytest.raises(RunError, match=r"1 doc_id\(s\) stand twice .*'000' and 'first'|have other tokens"):
        mix(pattern, tmp_path / "out", "stages.core.mix.web.weight=100")


def test_documents_without_tokens_are_skipped_and_counted(mix: Mix, tmp_path, documents, fingerprint):
    empty = [Document("0" * 32, "web", "old", [])]
    pattern = write_shards(tmp_path / "in", [*documents, *empty], 2, fingerprint)
    manifest, _ = mix(pattern, tmp_path / "out")
    assert manifest.counts.skipped["no tokens"] == 1
    assert manifest.counts.input == len(documents) + 1


def test_tokens_of_another_tokenizer_are_refused(mix: Mix, tmp_path, documents):
    pattern = write_shards(tmp_path / "in", documents[:5], 1, "0" * 32)
    with pytest.raises(InputError, match="of another tokenizer"):
        mix(pattern, tmp_path / "out")


def test_a_frame_that_the_tokenizer_does_not_know_is_refused(mix: Mix, tmp_path, documents, fingerprint):
    pattern = write_shards(tmp_path / "in", documents[:5], 1, fingerprint)
    with pytest.raises(TokenizerError, match=r"no token '<eos>'; did you mean <s>\?"):
        mix(pattern, tmp_path / "out", "frame.end='<eos>'")


def test_a_folder_of_another_mixture_is_refused(mix: Mix, tmp_path, documents, fingerprint):
    mix(write_shards(tmp_path / "in", documents, 3, fingerprint), tmp_path / "out")
    other = write_shards(tmp_path / "other", documents, 1, fingerprint)
    with pytest.raises(ForeignOutputError, match="another --out"):
        mix(other, tmp_path / "out")
