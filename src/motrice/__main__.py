"""The `motrice` command: forwards to Django's management, and answers `--version` without a configuration."""

import os
import sys

from motrice import __version__


def main() -> None:
    """Run one management command, as `motrice COMMAND …`."""
    if sys.argv[1:] in (["--version"], ["version"]):
        print(__version__)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motrice.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
