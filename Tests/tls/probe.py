"""Asks a running service what TLS it takes, and what it does with handshakes that were damaged on the way.

    probe.py HOST PORT CERTIFICATE KEY [ROUNDS [SEED]]

needs tlslite-ng, whose handshake is written in Python and can be told anything. It ends with 0 when the service takes exactly what
docs/PROTOCOL.md says, answers every damaged handshake with an alert or the connection's end, and still serves afterwards.
"""
import random
import socket
import sys
import time

from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
from tlslite.errors import TLSAbruptCloseError, TLSError, TLSRemoteAlert

SECONDS = 10
ALPN = bytearray(b"chancery/1")


class Probe:
    def __init__(self, host, port, certificate, key):
        self.address = (host, int(port))
        self.chain = X509CertChain()
        self.chain.parsePemList(open(certificate).read())
        self.key = parsePEMKey(open(key).read(), private=True)

    def connect(self, wrap=lambda plain: plain):
        plain = socket.create_connection(self.address, SECONDS)
        plain.settimeout(SECONDS)
        return TLSConnection(wrap(plain))

    def handshake(self, alpn=(ALPN,), identified=True, wrap=lambda plain: plain, **settings):
        """What came of a handshake: the version, suite and first bytes of the service's HELLO, or why it was refused."""
        chosen = HandshakeSettings()
        # This client compresses its certificate without being asked to (RFC 8879), which is an unexpected message.
        chosen.certificate_compression_send = chosen.certificate_compression_receive = []
        for name, value in settings.items():
            setattr(chosen, name, value)
        connection = self.connect(wrap)
        try:
            pair = (self.chain, self.key) if identified else (None, None)
            connection.handshakeClientCert(*pair, settings=chosen, alpn=list(alpn) or None)
            first = connection.read(min=16, max=16)
            # A client of TLS 1.3 is done before the server has looked at its certificate: what tells is whether HELLO comes.
            outcome = f"{connection.getVersionName()} {connection.getCipherName()}, HELLO" if len(first) == 16 and first[4] == 1 else "closed"
        except TLSRemoteAlert as alert:
            outcome = f"alert {alert.description} ({alert})"
        except (TLSAbruptCloseError, ConnectionError):
            outcome = "closed"
        except (TLSError, ValueError) as error:
            outcome = f"{type(error).__name__}: {error}"
        finally:
            connection.sock.close()
        return outcome


class Damage:
    """A socket that spoils what goes out: bytes flipped, cut off, doubled, or noise put in."""

    def __init__(self, plain, source):
        self.plain, self.source = plain, source

    def spoil(self, data):
        data = bytearray(data)
        if not data or self.source.random() < 0.3:
            return bytes(data)
        place = self.source.randrange(len(data))
        kind = self.source.randrange(4)
        if kind == 0:
            for _ in range(self.source.randrange(1, 4)):
                data[self.source.randrange(len(data))] ^= 1 << self.source.randrange(8)
        elif kind == 1:
            del data[place:]
        elif kind == 2:
            data[place:place] = data[:place]
        else:
            data[place:place] = self.source.randbytes(self.source.randrange(1, 40))
        return bytes(data)

    def send(self, data):
        spoiled = self.spoil(data)
        self.plain.sendall(spoiled)
        return len(data)

    def sendall(self, data):
        self.plain.sendall(self.spoil(data))

    def __getattr__(self, name):
        return getattr(self.plain, name)


def expect(what, outcome, condition, failures):
    print(f"{'ok  ' if condition else 'FAIL'} {what}: {outcome}", flush=True)
    if not condition:
        failures.append(what)


def main(host, port, certificate, key, rounds="100", seed="1"):
    probe, failures = Probe(host, port, certificate, key), []
    served = "TLS 1.3"

    def good(outcome):
        return outcome.startswith(served) and outcome.endswith("HELLO")

    for version, name in (((3, 1), "TLS 1.0"), ((3, 2), "TLS 1.1"), ((3, 3), "TLS 1.2")):
        outcome = probe.handshake(minVersion=version, maxVersion=version)
        expect(f"{name} alone", outcome, "alert 70" in outcome, failures)  # protocol_version
    outcome = probe.handshake()
    expect("all that this client can", outcome, good(outcome), failures)
    for cipher in ("aes128gcm", "aes256gcm", "chacha20-poly1305"):
        outcome = probe.handshake(minVersion=(3, 4), cipherNames=[cipher])
        expect(cipher, outcome, good(outcome), failures)
    outcome = probe.handshake(minVersion=(3, 4), cipherNames=["aes128ccm"])
    expect("aes128ccm", outcome, "alert 40" in outcome, failures)  # handshake_failure
    for curve in ("x25519", "secp256r1", "secp384r1", "secp521r1"):
        outcome = probe.handshake(minVersion=(3, 4), eccCurves=[curve], keyShares=[curve])
        expect(curve, outcome, good(outcome), failures)
    outcome = probe.handshake(minVersion=(3, 4), keyShares=[])
    expect("no key share (HelloRetryRequest)", outcome, good(outcome), failures)
    outcome = probe.handshake(alpn=())
    expect("no application protocol", outcome, "alert 120" in outcome, failures)  # no_application_protocol
    outcome = probe.handshake(alpn=(bytearray(b"h2"), bytearray(b"http/1.1")))
    expect("another application protocol", outcome, "alert 120" in outcome, failures)
    outcome = probe.handshake(identified=False)
    expect("no certificate", outcome, "alert 116" in outcome, failures)  # certificate_required

    source, outcomes, slowest = random.Random(int(seed)), {}, 0
    for _ in range(int(rounds)):
        begin = time.monotonic()
        try:
            outcome = probe.handshake(wrap=lambda plain: Damage(plain, source))
        except (TimeoutError, socket.timeout):
            outcome = "waits"
        except Exception as error:  # of this client, over an answer to what it did not send
            outcome = f"this client: {type(error).__name__}"
        slowest = max(slowest, time.monotonic() - begin)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    for outcome, count in sorted(outcomes.items(), key=lambda pair: -pair[1]):
        print(f"     {count:5}  {outcome}")
    expect(f"{rounds} damaged handshakes (seed {seed})", f"the slowest took {slowest:.1f} s", slowest < SECONDS, failures)
    outcome = probe.handshake()
    expect("afterwards", outcome, good(outcome), failures)
    return 1 if failures else 0


if __name__ == "__main__":
    if not 5 <= len(sys.argv) <= 7:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
