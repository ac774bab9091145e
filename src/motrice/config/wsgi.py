"""The WSGI entry point."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motrice.config.settings")
# A search multiplies small matrices: the threads of linear algebra cost more than they give, and starve others.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from django.core.wsgi import get_wsgi_application  # after the environment, before which nothing may load numpy

from motrice.config.settled import settle

application = get_wsgi_application()
settle()
