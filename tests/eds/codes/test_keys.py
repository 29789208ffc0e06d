"""The department's key in a file and on a token; the trust list as a file for outsiders."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import CellType

import pytest
from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from desktop.eds import tokens, tokens_pkcs11, trust_files
from desktop.eds.codes import keys as code_keys
from desktop.eds.codes import token_keys, trust
from desktop.eds.codes.making import CodeSigner
from desktop.eds.codes.reading import CodeReason, read_code
from desktop.eds.codes.trust import CodeCertificate, CodeTrust, described, issued_by_itself, split, trust_list
from desktop.eds.pin import Pin
from desktop.errors import NotAllowed, Unavailable
from tests.eds.codes.samples import FACTS, OFFICE, VALID_FROM
from tests.eds.people import PASSWORD, Keys
from tests.token_place import MODULE, PIN, Place, token_place

BIN = "150540004327"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with token_place(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def keystore(tmp_path: Path) -> Path:
    key, certificate = code_keys.make(name=OFFICE, bin=BIN, valid_from=VALID_FROM)
    path = tmp_path / "codes" / "kzl1.p12"
    code_keys.write_keystore(path, PASSWORD, key, certificate)
    return path


def test_a_key_in_a_file_is_opened_by_its_password_and_is_its_owners_alone(keystore: Path) -> None:
    signer = code_keys.open_keystore(keystore, PASSWORD)
    assert read_code(signer.sign(FACTS), CodeTrust([signer.certificate])).valid
    assert keystore.stat().st_mode & 0o077 == 0
    assert issued_by_itself(signer.certificate)
    signer.close()
    with pytest.raises(Unavailable, match="code-key-closed"):
        signer.sign(FACTS)
    with pytest.raises(NotAllowed, match="keystore-wrong-password"):
        code_keys.open_keystore(keystore, "wrong")
    key, certificate = code_keys.make(name=OFFICE, bin=BIN, valid_from=VALID_FROM)
    with pytest.raises(Unavailable, match="keystore-unwritable"):
        code_keys.write_keystore(keystore, PASSWORD, key, certificate)  # the old key is still there
    assert code_keys.open_keystore(keystore, PASSWORD).certificate == signer.certificate


def test_a_persons_key_makes_no_codes(keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / "head.p12"
    keys.head.write_pkcs12(path, PASSWORD)
    with pytest.raises(NotAllowed, match="code-certificate-unfit"):
        code_keys.open_keystore(path, PASSWORD)


def test_a_key_is_born_on_a_token_and_signs_there(place: Place) -> None:
    place.add(None, "department")
    (seen,) = tokens.list_tokens(MODULE)
    made = token_keys.make_on_token(MODULE, seen.serial, PIN, name=OFFICE, bin=BIN, valid_from=VALID_FROM)
    assert issued_by_itself(made)
    assert (made.bin, made.owner) == (BIN, OFFICE)
    signer = code_keys.open_token(MODULE, seen.serial, PIN)
    assert signer.certificate == made
    assert read_code(signer.sign(FACTS), CodeTrust([made])).valid
    assert read_code(signer.sign(FACTS), CodeTrust([made])).valid
    with pytest.raises(NotAllowed, match="token-no-certificate"):
        code_keys.open_token(MODULE, seen.serial, PIN, "0" * 64)
    with pytest.raises(NotAllowed, match="token-pin-wrong"):
        code_keys.open_token(MODULE, seen.serial, "00000000")
    with pytest.raises(NotAllowed, match="token-pin-wrong"):
        token_keys.make_on_token(MODULE, seen.serial, "00000000", name=OFFICE, bin=BIN, valid_from=VALID_FROM)
    with pytest.raises(Unavailable, match="token-missing"):
        token_keys.make_on_token(MODULE, "another", PIN, name=OFFICE, bin=BIN, valid_from=VALID_FROM)


def test_the_heads_key_and_the_departments_share_a_token(place: Place, keys: Keys) -> None:
    place.add(keys.head, "both")
    (seen,) = tokens.list_tokens(MODULE)
    made = token_keys.make_on_token(MODULE, seen.serial, PIN, name=OFFICE, bin=BIN, valid_from=VALID_FROM)
    signer = code_keys.open_token(MODULE, seen.serial, PIN)
    assert signer.certificate == made
    with tokens.open_pkcs11(MODULE, token=seen.serial, pin=PIN) as head:
        assert head.info.may_sign  # no session of ours is left open
    assert read_code(signer.sign(FACTS), CodeTrust([made])).valid


def test_the_pin_of_a_token_is_held_as_bytes_and_overwritten(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the key is open one Pin is all there is of it; closing, or the first refusal, overwrites it."""
    place.add(None, "department")
    (seen,) = tokens.list_tokens(MODULE)
    typed = Pin(PIN)
    token_keys.make_on_token(MODULE, seen.serial, typed, name=OFFICE, bin=BIN, valid_from=VALID_FROM)
    assert typed
    signer = code_keys.open_token(MODULE, seen.serial, typed)
    held = typed.encode()
    assert signer.sign(FACTS)
    assert bytes(held) == PIN.encode(), "each code opens the token with a copy that is wiped"
    assert PIN not in [one for one in _reached(signer) if isinstance(one, str)]
    signer.close()
    assert not typed
    assert bytes(held) == b""
    with pytest.raises(Unavailable, match="code-key-closed"):
        signer.sign(FACTS)
    again = Pin(PIN)
    signer = code_keys.open_token(MODULE, seen.serial, again)

    def refuse(*_: object) -> None:
        raise NotAllowed("token-pin-locked")

    with monkeypatch.context() as here:
        here.setattr(tokens_pkcs11, "_check_tries", refuse)
        with pytest.raises(NotAllowed, match="token-pin-locked"):
            signer.sign(FACTS)
    assert not again
    with pytest.raises(Unavailable, match="code-key-closed"):
        signer.sign(FACTS)
    wrong = Pin("00000000")
    with pytest.raises(NotAllowed, match="token-pin-wrong"):
        code_keys.open_token(MODULE, seen.serial, wrong)
    assert not wrong


def _reached(start: object) -> list[object]:
    """Return what is reached from an object's own state and closures."""
    found: list[object] = [start]
    for one in found:
        inner = [*getattr(one, "__dict__", {}).values(), *(getattr(one, "__closure__", None) or ())]
        if isinstance(one, CellType):
            inner.append(one.cell_contents)
        if hasattr(one, "__self__"):
            inner.append(one.__self__)
        found += [item for item in inner if not any(item is known for known in found)]
    return found


def test_a_token_that_was_pulled_out_is_told_and_asked_again(place: Place) -> None:
    place.add(None, "department")
    (seen,) = tokens.list_tokens(MODULE)
    made = token_keys.make_on_token(MODULE, seen.serial, PIN, name=OFFICE, bin=BIN, valid_from=VALID_FROM)
    signer = code_keys.open_token(MODULE, seen.serial, PIN)
    place.pull_out()
    with pytest.raises(Unavailable):
        signer.sign(FACTS)
    place.put_back()
    assert read_code(signer.sign(FACTS), CodeTrust([made])).valid


def test_the_trust_list_holds_old_keys_too_and_roots_stay_roots(keys: Keys) -> None:
    old_key, old = code_keys.make(name="Ескі", bin=BIN, valid_from=datetime(2020, 1, 1, tzinfo=UTC))
    _, new = code_keys.make(name=OFFICE, bin=BIN, valid_from=VALID_FROM)
    file = trust_list([old, new], made_at=VALID_FROM)
    assert OFFICE in file
    assert old.kid.hex() in file
    assert "PRIVATE" not in file
    roots, known = split([file, keys.authority.root_pem.encode(), new.der])
    assert [x509.load_pem_x509_certificate(root.encode()) for root in roots] == [keys.authority.root]
    assert known.of(old.kid) == (old,)
    assert known.of(new.kid) == (new,)
    day = datetime(2021, 5, 5, tzinfo=UTC).date()
    code = CodeSigner(old, code_keys.software(old_key)).sign(replace(FACTS, dated=day))
    assert read_code(code, known).valid
    assert read_code(code, split([new.pem])[1]).reason is CodeReason.KEY_UNKNOWN


@pytest.mark.parametrize(
    "wrong", [b"nothing", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_what_is_no_certificate_is_refused(wrong: bytes) -> None:
    with pytest.raises(NotAllowed, match="certificate-unreadable"):
        split([wrong])
    with pytest.raises(NotAllowed, match="trust-list-too-large"):
        split([b" " * (trust.LIMIT + 1)])
    with pytest.raises(NotAllowed, match="certificate-unreadable"):
        described(wrong)


def ec_certificate(*usages: str) -> CodeCertificate:
    """A certificate somebody else gave for a P-256 key, as of an employee; it names a department all the same."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{BIN}")]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA")]))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_FROM + timedelta(days=900))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    if usages:
        told = [x509.ObjectIdentifier(one) for one in usages]
        made = made.add_extension(x509.ExtendedKeyUsage(told), critical=False)
    signed = made.sign(ec.generate_private_key(ec.SECP256R1()), SHA256())
    return described(signed.public_bytes(Encoding.DER))


@pytest.mark.parametrize(
    "usages", [(), ("1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.2.5"), (trust.MARK, "1.3.6.1.5.5.7.3.4")]
)
def test_a_certificate_that_is_not_marked_makes_no_codes(usages: tuple[str, ...], tmp_path: Path) -> None:
    """An employee's own P-256 certificate lies in the folder: his codes are nobody's, nor is he an anchor."""
    stranger = ec_certificate(*usages)
    for form in (stranger.pem, stranger.der):
        others, known = split([form])
        assert (len(others), list(known)) == (1, [])
    (tmp_path / "employee.pem").write_text(stranger.pem, encoding="ascii")
    given = trust_files.read([tmp_path])
    assert (bool(given.codes), given.roots, given.others) == (False, (), (stranger.der,))


def test_a_key_made_before_the_mark_works_by_the_database_and_by_its_trust_list(tmp_path: Path) -> None:
    old, (_, new) = ec_certificate(), code_keys.make(name=OFFICE, bin=BIN, valid_from=VALID_FROM)
    assert [one.marked for one in (old, new)] == [False, True]
    assert trust.of_office([old.pem, new.pem]) == (old, new)
    given = trust_files.sorted_out([], [], [old.pem])
    assert given.codes.of(old.kid) == (old,)
    (tmp_path / "codes.pem").write_text(trust_list([old, new], made_at=VALID_FROM), encoding="utf-8")
    given = trust_files.read([tmp_path / "codes.pem"])
    assert (list(given.codes), given.roots, given.others) == ([new, old], (), ())


def test_a_self_signed_certificate_that_is_no_authoritys_ends_no_chain(tmp_path: Path, keys: Keys) -> None:
    """As keys of codes were made before: in a folder of trust such a one is neither a key of codes nor a root."""
    made = keys_before_the_mark()
    (tmp_path / "old.pem").write_text(made.pem, encoding="ascii")
    given = trust_files.read([tmp_path])
    assert (list(given.codes), given.roots) == ([], ())


def keys_before_the_mark() -> CodeCertificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "KZL1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 7, VALID_FROM, VALID_FROM + timedelta(days=900))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    return described(made.public_bytes(Encoding.DER))


def test_what_is_called_a_key_of_codes_and_is_none_is_unreadable(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "wrong.pem"
    path.write_bytes(pem.armor(trust.UNMARKED, keys.authority.root.public_bytes(Encoding.DER)))
    with pytest.raises(Unavailable, match="trust-unreadable"):
        trust_files.read([path])
