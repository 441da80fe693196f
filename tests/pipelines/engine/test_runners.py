import sys

from apache_beam.internal import pickler

from pipelines.engine.runners import pipeline_options
from pipelines.web.chain import web_stages
from schemas.recipe.load import load_recipe


def test_locally_one_worker_is_this_process_and_more_are_processes():
    assert pipeline_options("local", 1, ()).get_all_options()["direct_running_mode"] == "in_memory"
    several = pipeline_options("local", 3, ()).get_all_options()
    assert (several["direct_running_mode"], several["direct_num_workers"]) == (
        "forked" if sys.platform == "linux" else "multi_processing",
        3,
    )


def test_a_remote_runner_gets_its_own_options():
    options = pipeline_options("DataflowRunner", 4, ("--project=p", "--region=europe-west1")).get_all_options()
    assert (options["runner"], options["project"], options["region"]) == ("DataflowRunner", "p", "europe-west1")


def test_stages_travel_to_workers_without_what_they_open():
    for stage in web_stages(load_recipe("fineweb")):
        copy = pickler.loads(pickler.dumps(stage))
        assert (copy.name, copy.fingerprint) == (stage.name, stage.fingerprint)
        assert len(pickler.dumps(stage)) < 50_000
