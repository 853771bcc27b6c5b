"""Run the command line with ``python -m zbbulk``."""

from zbbulk.cli.main import main

if __name__ == "__main__":
    main()
