"""Stage `mix-report`: requested and read, repeats, cuts, padding and lengths, as a page and as data."""

from dataclasses import dataclass

from pipelines.engine.outputs.files import atomic_output
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Bucket, make_buckets
from pipelines.engine.stage import Globals, Result
from pipelines.engine.watch.progress import ProgressLog
from pipelines.mix.report import build_report
from pipelines.mix.report_page import markdown
from pipelines.mix.setting import LAYOUT, load_plan
from pipelines.mix.stages.base import MixStep
from pipelines.mix.stages.layout import load_layout
from schemas.manifest import ConservationError, Counts, InputFile, OutputFile
from schemas.mix_plan import MixPlan
from schemas.mix_report import MixReport

REPORT, PAGE = "mixture.json", "mixture.md"


@dataclass
class ReportStage(MixStep):
    """Adds up all files."""

    name: str = "mix-report"

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Read what was laid out; memory does not grow with it."""
        setting, plan = self.setting, load_plan(layout)
        buckets = make_buckets(setting.files)
        report = build_report(setting, plan, (load_layout(layout, bucket.name) for bucket in buckets))
        _check(plan, report)
        outputs = (
            _write(layout, REPORT, report.model_dump_json(indent=1) + "\n"),
            _write(layout, PAGE, markdown(report)),
        )
        progress.add(len(buckets), 0, len(buckets))
        counts = Counts(input=len(buckets), kept=len(buckets))
        return Result(InputFile(path=LAYOUT, rows=len(buckets), bytes=0), outputs, counts)


def _check(plan: MixPlan, report: MixReport) -> None:
    """Raise ConservationError unless the files hold what was planned, token by token."""
    for planned, part in zip(plan.parts, report.parts, strict=True):
        for source, found in zip(planned.sources, part.sources, strict=True):
            if (source.tokens, sum(read.documents for read in source.strata)) != (found.tokens, found.documents):
                raise ConservationError(
                    f"{part.name}, {source.source}: {source.tokens} tokens were planned, {found.tokens} are there"
                )


def _write(layout: Layout, name: str, text: str) -> OutputFile:
    with atomic_output(layout.uri(name)) as file:
        file.write(text.encode())
    return OutputFile(path=name, rows=0, bytes=file.bytes, digest=file.hexdigest())
