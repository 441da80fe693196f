"""Gates that ask a model: `entailment` an NLI cross-encoder, `judge` a teacher about faithfulness and harm.

`coverage_judge` has a teacher ask about the payload, and answer from the summary; `agreement` has it answer once more.
"""
