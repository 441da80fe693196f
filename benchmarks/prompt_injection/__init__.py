"""The detector of prompt injection: what it is fitted on, requests between people, dresses of a leaked canary."""
