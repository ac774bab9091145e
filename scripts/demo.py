"""A site to try: fill its database once, then run the web server, the worker and the clock until Ctrl-C.

Started by `make demo` (invented people and companies) and `make real` (the public files of MOTRICE_SHARED_DATA).
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sysconfig.get_path("scripts"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motrice.config.settings")
os.environ["MOTRICE_DEMO"] = "1"


def free_port(wanted: int) -> int:
    """The port asked for, or the next one that nothing listens on."""
    for port in range(wanted, min(wanted + 100, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SystemExit(f"No port from {wanted} on is free: name one with PORT=…")


def motrice(*arguments: str) -> None:
    """Run one command of Motrice in this process, which has loaded it; stop here when it fails, and say why."""
    from django.core.management import CommandError, call_command

    print(f"· motrice {' '.join(arguments)}", flush=True)
    try:
        call_command(*arguments)
    except CommandError as error:
        raise SystemExit(str(error)) from error


def fill(options: argparse.Namespace) -> None:
    """Make the tables, the catalogue, the world (when there is none yet, or half of one) and the search index."""
    import django

    django.setup()
    folder("static")  # the web server looks for it, though it has nothing to serve from there
    motrice("migrate", "--verbosity", "0")
    motrice("catalogue", "sync")
    from motrice.core import search_index
    from motrice.demo.real import is_made
    from motrice.directory.models import Organisation

    is_new = not (is_made() if options.real else Organisation.objects.exists())
    if is_new and options.real:
        motrice("real-world", "--folder", str(data_folder()), "--verbosity", "0")
    elif is_new:
        motrice("demo-world", "--size", options.size, "--seed", str(options.seed), "--verbosity", "0")
    motrice("search-index", "follow" if search_index.is_built() and not is_new else "rebuild")


def data_folder() -> Path:
    """Where the public files are."""
    folder = Path(os.environ.get("MOTRICE_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "rnsr").is_dir():
        raise SystemExit(f"The public files are not in {folder}: set MOTRICE_SHARED_DATA to their folder.")
    return folder


def sign_ins() -> list[str]:
    """One account for each role, as a person reads it."""
    from django.utils import timezone, translation

    from motrice.accounts.models import RoleAssignment

    translation.activate("en")
    shown: dict[str, str] = {}
    roles = RoleAssignment.objects.current(timezone.localdate()).filter(user__is_active=True, user__is_system=False)
    for role in roles.select_related("user").order_by("kind", "user__pk"):
        shown.setdefault(role.kind, f"  {role.get_kind_display():34} {role.user.email}")
    return list(shown.values())


def serve(port: int) -> int:
    """Run the web server, the worker and the clock; when one ends or Ctrl-C comes, end all."""
    address = f"http://127.0.0.1:{port}"
    os.environ["MOTRICE_SITE_URL"] = address
    web = [BIN / "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    threads = min(8, 2 * (os.cpu_count() or 1) + 1)  # more, and the server warns at each start
    web += ["--log-level", "warning", "--blocking-threads", str(threads), "motrice.config.wsgi:application"]
    worker, clock = [BIN / "motrice", "db_worker"], [BIN / "motrice", "clock", "--every", "15"]
    kept = folder("log")
    # What the worker and the clock say of each job would push the sign-ins off the screen.
    logs = [(kept / name).open("ab") for name in ("worker.log", "clock.log")]
    children = [started(web), *(started(*pair) for pair in zip((worker, clock), logs, strict=True))]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        wait_until_open(port, children[0])
        print("\nSign-ins, one for each role:", *sign_ins(), sep="\n")
        print_password()
        print(f"\nMotrice is at {address} (Ctrl-C stops it)")
        print(f"What its worker and its clock say is in {shown(kept)}{mails()}.\n", flush=True)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        print("The web server, the worker or the clock ended by itself.", file=sys.stderr)
        for log in logs:
            print(f"The last words in {log.name}:", *last_words(log.name), sep="\n  ", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopping")
        return 0
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()


def started(command: list[Path | str], log: IO[bytes] | None = None) -> subprocess.Popen:
    """A process in a group of its own: Ctrl-C reaches this script alone, which then ends them in order."""
    return subprocess.Popen(command, start_new_session=True, stdout=log, stderr=log and subprocess.STDOUT)


def folder(name: str) -> Path:
    """A folder beside the database."""
    from django.conf import settings

    path = settings.VAR / name
    path.mkdir(exist_ok=True)
    return path


def mails() -> str:
    """Where mails are, unless MOTRICE_EMAIL_URL sends them on their way."""
    from django.conf import settings

    is_folder = settings.EMAIL_BACKEND == "motrice.demo.mails.FolderBackend"
    return f", its mails are files in {shown(Path(settings.EMAIL_FILE_PATH))}" if is_folder else ""


def shown(path: Path) -> str:
    """A path as short as it may be told."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def last_words(path: str, lines: int = 10) -> list[str]:
    """The end of a file of words."""
    return Path(path).read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]


def print_password() -> None:
    """The password of every invented account."""
    from motrice.demo import PASSWORD

    print(f"The password of all of them: {PASSWORD}")


def wait_until_open(port: int, web: subprocess.Popen) -> None:
    """Wait until the web server listens."""
    while web.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("The web server did not start: see above.")


def main() -> int:
    """Fill, then serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["small", "network"], default="small")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--fill-only", action="store_true", help="prepare the database and stop")
    options = parser.parse_args()
    if options.real:
        os.environ.setdefault("MOTRICE_VAR", str(ROOT / "var" / "real"))
        data_folder()
    fill(options)
    return 0 if options.fill_only else serve(free_port(options.port))


if __name__ == "__main__":
    sys.exit(main())
