"""Proxies in front: whose word on who asks, and from where, is believed."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from corpus.errors import UserError


class Proxies:
    """``addresses`` are addresses or networks, such as ``10.0.0.0/8``; raises ``UserError`` for any other text."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._networks: list[IPv4Network | IPv6Network] = []
        for text in addresses:
            try:
                self._networks.append(ip_network(text, strict=False))
            except ValueError as error:
                raise UserError(f"trusted_proxies: {text} is no address or network such as 10.0.0.0/8") from error

    def trusted(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)

    def origin(self, peer: str, forwarded: str) -> str:
        """The address that a request came from: of the chain in ``X-Forwarded-For``, the last that is no trusted proxy.

        What an untrusted ``peer`` says of itself is not believed.
        """
        address = peer
        for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if not self.trusted(address):
                break
            try:
                address = str(ip_address(hop))
            except ValueError:
                break
        return address
