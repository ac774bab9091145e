"""`motrice disclosure verify FILE`: check a sealed file without the database; `chain`: check the house's seals."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motrice.engines.sealing import chain_faults, report, verify_file


class Command(BaseCommand):
    """Prove that a disclosure is what its inventors signed."""

    help = "Check a sealed file of a disclosure (needs no database), or the whole chain of seals of this site."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What to check."""
        acts = parser.add_subparsers(dest="act", required=True)
        verify = acts.add_parser("verify", help="check one sealed file, without the database")
        verify.add_argument("file", type=Path)
        verify.add_argument("--seal", default="", help="the seal that was kept elsewhere, from the mail")
        acts.add_parser("chain", help="check every seal of this site, one after the other")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, say what was found, and end non-zero when something was changed."""
        if options["act"] == "verify":
            self._verify(options["file"], options["seal"])
        else:
            self._chain()

    def _verify(self, path: Path, seal: str) -> None:
        try:
            text = path.read_bytes().decode()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except UnicodeDecodeError:
            text = ""
        proof = verify_file(text, expected=seal)
        self.stdout.write("\n".join(report(proof)))
        if not proof.holds:
            raise CommandError("The file is not what was sealed.")

    def _chain(self) -> None:
        from motrice.inventions.queries import seal_faults, sealed_links

        links = sealed_links()
        faults = [*chain_faults(links), *seal_faults()]
        self.stdout.write(f"{len(links)} seals, the last {links[-1][0] if links else 'none'}")
        if faults:
            raise CommandError("\n".join(faults))
