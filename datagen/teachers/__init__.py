"""Who answers: `teacher` is the protocol, each other file or folder one kind of teacher.

A teacher sends one request and says what came of it; when to send and what to do then is `datagen/flow`'s.
"""
