"""What ``import zbbulk`` gives, and what the command line calls: a function for each command.

Nothing is printed and nobody is asked: *agreed* is called with what is about to happen, and
without one it happens. Files and mappings may be given as text or as Path, a mapping also by the
name of one that ships. What goes wrong as a whole is raised, a ZbbulkError with code, place and
fix; what is wrong with rows is in the report and in the result file. Several jobs may run at
once in threads. Each module loads the jobs that it calls and no others.
"""
