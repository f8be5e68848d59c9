"""`python -m reunion`: the command line, also where its script cannot run (a moved checkout)."""

from reunion.cli.main import main

if __name__ == "__main__":
    main()
