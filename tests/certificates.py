"""An authority of its own and what it signs, for servers and operators that know one another by certificates."""

from __future__ import annotations

import datetime
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Authority:
    """Signs certificates, and writes them with their keys into a folder."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        self.certificate = self._write(name, self._made(self._name, self._key, is_authority=True), self._key)

    def issue(self, name: str, subject: str = "", addresses: tuple[str, ...] = ()) -> tuple[Path, Path]:
        """A certificate for a subject at these addresses, and its key: `NAME.pem` and `NAME.key`."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._made(_named(subject or name), key, addresses)
        return self._write(name, made, key), self.folder / f"{name}.key"

    def _made(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, at: tuple[str, ...] = (), is_authority: bool = False
    ) -> x509.Certificate:
        now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
        made = x509.CertificateBuilder(self._name, subject, key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - day).not_valid_after(now + day)
        made = made.add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        if at:
            names = [x509.IPAddress(ip_address(each)) for each in at]
            made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return made.sign(self._key, hashes.SHA256())

    def _write(self, name: str, made: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (self.folder / f"{name}.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
        (self.folder / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
        return self.folder / f"{name}.pem"


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
