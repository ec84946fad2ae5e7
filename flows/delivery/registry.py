"""Every channel that subscriptions.yaml may name, by its key."""

from __future__ import annotations

from flows.delivery.channel import Channel
from flows.delivery.email import Email
from flows.delivery.webhook import Webhook

_ALL: tuple[type[Channel], ...] = (
    Email,
    Webhook,
)
CHANNELS = {channel.key: channel for channel in _ALL}
