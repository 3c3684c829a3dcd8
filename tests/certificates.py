"""Certificates for servers that speak TLS."""

from pathlib import Path

from tests.deploy.tools import run, tool


def make_certificate(folder: Path, name: str) -> Path:
    """A certificate for a host, signed by itself, and its key beside it."""
    certificate = folder / "certificate.pem"
    made = run(
        *(tool("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj"),
        *(f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"),
        *("-keyout", certificate.with_suffix(".key"), "-out", certificate),
    )
    assert made.returncode == 0, made.stdout
    return certificate
