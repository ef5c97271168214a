"""Sockets of the app."""

from __future__ import annotations

from django.urls import path

from notifications.consumers import NoticeConsumer

websocket_urlpatterns = [path("ws/notices/", NoticeConsumer.as_asgi())]
