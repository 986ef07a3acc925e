"""`python -m entrepost` is the command line."""

from entrepost.cli import main

if __name__ == "__main__":
    main()
