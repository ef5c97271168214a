"""ASGI server entry: pages over HTTP, live notices over WebSocket."""

from __future__ import annotations

import os
import warnings

from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
http = get_asgi_application()

# The apps above must be ready before anything that touches models is imported.
from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from config.front import Front  # noqa: E402
from notifications import sweeper  # noqa: E402
from notifications.routing import websocket_urlpatterns  # noqa: E402

# WhiteNoise reads its files synchronously, also under ASGI: true, known and harmless for files of this size.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

application = ProtocolTypeRouter(
    {
        "http": Front(http),
        # A page of another site could otherwise open the socket with the reader's cookie.
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    },
)

if settings.NOTICE_MAIL_THREAD:
    sweeper.start()
