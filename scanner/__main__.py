"""`python -m scanner` is the same as `earshot`."""

from scanner.cli import main

if __name__ == "__main__":
    main()
