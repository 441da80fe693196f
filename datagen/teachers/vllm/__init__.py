"""A vLLM server that Orchard starts: `teacher` asks it, `server` starts, watches and restarts it.

`machine` shares one among the processes of a worker machine.
`keeper` is the small program between the two that ends the server whatever happens; `orphans` ends what was left.
"""
