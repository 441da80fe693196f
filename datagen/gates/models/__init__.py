"""Gates that ask a model: `entailment` an NLI cross-encoder, `judge` a teacher."""
