"""The jobs: each wires the steps in order and hands one step's product to the next.

No HTTP and no printing here; what a job did comes back as a report. ``zbbulk/api/`` lists
the jobs that are called from outside.
"""
