"""The WSGI application. Importing it fails, with the reason, where the site could not serve a car."""

import os

from django.core.wsgi import get_wsgi_application

from carsite.checks import require_healthy_deployment
from ml.serving.runtime import load

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsite.settings")

application = get_wsgi_application()
require_healthy_deployment()
load()
