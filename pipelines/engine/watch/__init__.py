"""What is seen of a run while it goes on: progress and memory, and none of its workers' chatter.

Each runs in a thread beside the pipeline.
"""
