"""Which addresses only this machine can reach. Pure."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def asks_loopback(header: str) -> bool:
    """Whether a request's Host header (``127.0.0.1:8001``, ``[::1]:8001``) names this machine."""
    try:
        return is_loopback(urlsplit(f"//{header}").hostname or "")
    except ValueError:
        return False
