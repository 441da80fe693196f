"""The detector of prompt injection: `training` is what it is fitted on (`made_up`, `bipia`, `languages`), `fit` how,
`measured` what it is measured on, `dress` how a canary may leak.
"""
