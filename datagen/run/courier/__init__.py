"""The courier: a process of its own that asks the teacher and keeps the journal, so that a killed run loses no answer.

`client` starts it and hands it requests; `program` is the process; `messages` is what they say to each other.
"""
