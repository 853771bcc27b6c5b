"""The jobs: each wires the steps in order and hands one step's product to the next.

No HTTP and no printing here; what a job did comes back as a report. The jobs are
``check_job.check_file``, ``import_job.import_file``, ``resume_job.resume_run`` and
``migrate_job.migrate``.
"""
