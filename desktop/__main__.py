"""`ruqsat` and `python -m desktop`: arguments in, exit status out; without a command the window opens."""

import sys


def main() -> int:
    """Run the program with the process's arguments."""
    from desktop import commandline

    return commandline.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
