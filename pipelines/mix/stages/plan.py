"""Stage `mix-plan`: what each stage and sample reads of each stratum."""

from dataclasses import dataclass

from filters.mixture.plan import plan_mixture
from pipelines.engine.outputs.files import atomic_output
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.watch.progress import ProgressLog
from pipelines.mix.rings import Rings
from pipelines.mix.setting import PLAN, STRATA
from pipelines.mix.stages.base import MixStep
from schemas.manifest import Counts, Finding, InputFile, OutputFile
from schemas.mix_plan import MixPlan


@dataclass
class PlanStage(MixStep):
    """Decides once; whatever comes after follows it."""

    name: str = "mix-plan"

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Add up all strata; memory: two parts of the rings, and 16 bytes for each part and stratum."""
        setting = self.setting
        rings = Rings(layout, setting.key_buckets).strata()
        plan = plan_mixture(setting.mixture, rings, {part.name: part.most_files for part in setting.parts})
        with atomic_output(layout.uri(PLAN)) as file:
            file.write(plan.model_dump_json(indent=1).encode())
        documents = sum(int(ring.documents.sum()) for ring in rings.values())
        progress.add(documents, 0, documents)
        return Result(
            InputFile(path=STRATA, rows=documents, bytes=0),
            (OutputFile(path=PLAN, rows=0, bytes=file.bytes, digest=file.hexdigest()),),
            Counts(input=documents, kept=documents),
            _findings(plan),
        )


def _findings(plan: MixPlan) -> tuple[Finding, ...]:
    short = [
        f"{part.name}: {source.source} has {source.most:,.0f} of {source.requested:,.0f} tokens"
        for part in plan.parts
        if part.sample_of is None
        for source in part.sources
        if source.ran_out
    ]
    return (
        Finding.of(
            "mix.ran_out",
            len(short),
            "sources of stages have too little, even when read as often as allowed; the others of the stage give more. "
            f"{'; '.join(short)}. Get more, lower the weight or the budget, or raise `epochs`",
            short,
            is_warning=True,
        ),
        Finding.of(
            "mix.unused", len(plan.unused), f"collections are in no stage: {', '.join(plan.unused)}", plan.unused
        ),
    )
