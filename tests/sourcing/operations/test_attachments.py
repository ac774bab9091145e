"""Files of a need: their content goes when their removal is written, and not before."""

from django.db import transaction

from motrice.sourcing.operations.attachments import attach_file, remove_attachment
from tests.sourcing.factories import MONDAY, World, need_of


def test_the_content_of_a_removed_file_goes_once_that_is_written(place: World, django_capture_on_commit_callbacks):
    file = attach_file(
        need=need_of(place), name="a.txt", content=b"texte", actor=place.contact, is_confidential=False, at=MONDAY
    )
    kept = file.file.storage, file.file.name

    with transaction.atomic():
        remove_attachment(attachment=file, actor=place.contact, at=MONDAY)
        transaction.set_rollback(True)
    still_there = kept[0].exists(kept[1])
    file.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(attachment=file, actor=place.contact, at=MONDAY)

    assert still_there
    assert not kept[0].exists(kept[1])
