"""Keys made for the tests, and the files in which their platforms would hand them out."""

import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.connectors.contract.suite import MARKER


@cache
def rsa_pair() -> tuple[str, str]:
    """(private, public) in PEM."""
    return _pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))


@cache
def ec_pair() -> tuple[str, str]:
    """(private, public) in PEM, on the curve that ES256 signs with."""
    return _pem(ec.generate_private_key(ec.SECP256R1()))


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> tuple[str, str]:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private.decode(), key.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    ).decode()


def service_account(**changes: Any) -> str:
    """The JSON of a service account's key."""
    account = {
        "type": "service_account",
        "project_id": "bakery",
        "private_key_id": "0123",
        "private_key": rsa_pair()[0],
        "client_email": "listener@bakery.iam.gserviceaccount.com",
        "token_uri": "http://192.0.2.1/never-asked",
    }
    return json.dumps({**account, **changes})


def user(**changes: Any) -> str:
    """The JSON of an authorised user, its secrets marked to be looked for."""
    known = {
        "type": "authorized_user",
        "client_id": "1.apps.googleusercontent.com",
        "client_secret": f"{MARKER}-client",
        "refresh_token": f"{MARKER}-refresh",
    }
    return json.dumps({**known, **changes})
