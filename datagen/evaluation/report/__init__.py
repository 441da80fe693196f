"""What grades say: `shares` of good summaries with intervals, `differences` of systems on the same items, `agreement`
of graders; `report` puts them together.
"""
