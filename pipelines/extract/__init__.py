"""Text out of HTML, in a child process that a hostile page may kill.

``sandbox.py`` is the way in: ``ExtractionSandbox(settings).extract_many(pages)``; ``engines/`` holds the libraries
that do the work, each behind one pure function.
"""
