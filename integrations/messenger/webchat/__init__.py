"""The chat on the shop's own website: `frames` that clients send, and `adapter`, the log and the port to the bot."""

from integrations.messenger.webchat.adapter import NOTIFICATIONS, Known, Logged, Opened, WebChat, forget
from integrations.messenger.webchat.frames import BadFrame, ClientFrame, Json, read_frame, read_json

__all__ = [
    "NOTIFICATIONS",
    "BadFrame",
    "ClientFrame",
    "Json",
    "Known",
    "Logged",
    "Opened",
    "WebChat",
    "forget",
    "read_frame",
    "read_json",
]
