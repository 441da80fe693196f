"""llama.cpp in a process of its own: models in one process share what is not safe to share, and can crash all.

`process` starts it and hands it requests; `__main__` is the process.
"""
