"""The stages of a mixture, in their order: keys, strata, plan, spread, layout, pack, report."""
